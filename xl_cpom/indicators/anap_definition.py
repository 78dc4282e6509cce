"""How an activity or resources indicator is declared: scalars in, one establishment, one exercise.

Numerators and denominators as displayed to the agents of the ARS by the Hélios application
(« Mode de calcul »), except where the source says otherwise. Every input is needed: a blank is
unknown, not zero.
"""

from __future__ import annotations

from .anap_inputs import INPUTS
from .computation_method import Methode
from .expressions import Arith, Number, Param, Ref, Scalar, multiply
from .model import Indicator, Unite

HELIOS = "Hélios (ANAP, ATIH, CNSA), «\u00a0Mode de calcul\u00a0»"
CASF = "CASF, article R. 314-43-2"
UNCCAS = "UNCCAS, éléments d'analyse financière des ESSMS"
USAGE = "Tableau de bord de la performance, formule d'usage à confirmer"


def define(
    code: str,
    *,
    libelle: str,
    numerator: Scalar,
    denominator: Scalar | None,
    numerateur_libelle: str,
    denominateur_libelle: str | None,
    explication: str,
    unite: Unite = "ratio",
    bornes: tuple[float | None, float | None] = (0.0, None),
    source: str = HELIOS,
    certitude: str = "trouvé",
    seuil: str | None = None,
    tolerance: float = 0.0,
) -> Indicator:
    """An indicator whose inputs are the scalars its trees read; …_libelle says each in words."""
    keys = inputs_read(numerator) | (inputs_read(denominator) if denominator is not None else {})
    return Indicator(
        code=code,
        libelle=libelle,
        module=None,
        unite=unite,
        inputs=tuple(INPUTS[key] for key in keys),
        methodes={"UNIQUE": Methode(numerator, denominator)},
        bounds=bornes,
        source=source,
        certitude=certitude,
        explication=explication,
        numerateur_libelle=numerateur_libelle,
        denominateur_libelle=denominateur_libelle,
        seuil=seuil,
        tolerance_unite=tolerance,
    )


def inputs_read(node: Scalar) -> dict[str, None]:
    """Keys of the scalars a tree reads, in order of appearance."""
    match node:
        case Ref(this_key):
            return {this_key: None}
        case Arith(_, termes):
            return {key: None for t in termes for key in inputs_read(t)}
    return {}


R = Ref
JOURNEES_THEORIQUES = multiply(R("capacite_financee"), R("jours_ouverture"))
ETP_DAYS = multiply(R("etp_realises"), Number(Param("jours_annee")))
