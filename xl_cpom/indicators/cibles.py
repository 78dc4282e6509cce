"""Targets: the trajectory over the contract, the gap in points, the word that sums it up.

They are functions in cells too, so they are trees like the indicators and have their Excel text.
Gaps are taken between the figures a reader sees: both rates rounded to one decimal of a percent,
half away from zero, then subtracted.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import cast

from xl_cpom.light_dataclass import dataclass, field

from .computation_method import Methode, MethodRule, settle
from .expressions import (
    Choose,
    If,
    NotApplicable,
    Number,
    OrDefault,
    Param,
    Ref,
    Rounded,
    Scalar,
    Text,
    add,
    multiply,
    subtract,
)
from .inputs import Input, compute_inputs, sort_inputs
from .model import Parameters
from .parameters import current_parameters
from .whole_formulas import excel_formula


@dataclass(frozen=True, eq=False)
class TargetFunction:
    """A function of scalars that is not an indicator. `if_empty`: its word when a datum is blank."""  # noqa: E501

    code: str
    libelle: str
    inputs: tuple[Input, ...]
    methode: Methode
    explication: str
    if_empty: str | None = None
    by_key: Mapping[str, Input] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {i.key: i for i in self.inputs})

    def _rule(self, presents: Mapping[str, object], parametres: Parameters | None) -> MethodRule:
        known = current_parameters() if parametres is None else parametres
        return settle(self.methode, frozenset(presents), known)

    def compute(
        self, data: Mapping[str, object], parametres: Parameters | None = None
    ) -> float | str | None:
        """The value; None stands for sans objet.

        Raises InvalidInputError (a ValueError) on a text where a number is needed.
        """
        _, scalars = sort_inputs(self.code, self.by_key, data)
        rule = self._rule(scalars, parametres)
        registers = compute_inputs(rule, self.by_key, {}, scalars)
        found = cast("float | str | None", registers[rule.plan[3]])
        return self.if_empty if found is None else found

    def excel_formula(self, refs: Mapping[str, str], parametres: Parameters | None = None) -> str:
        """Plain Excel formula without its "=", from the reference of each input given."""
        return excel_formula(
            self._rule(refs, parametres), self.by_key, refs, "value", if_empty=self.if_empty
        )


def _scalar(key: str, libelle: str, unite: str, exemple: str, *, optional: bool = False) -> Input:
    return Input(key, libelle, "scalar", "nombre", unite, exemple, optional)


REALISE = _scalar("realise", "Taux réalisé", "ratio", "0,667")
CIBLE_ANNEE = _scalar("cible", "Cible de l'année", "ratio", "0,6")
DECIMALES = Param("decimales_taux")


def _points(key: str) -> Scalar:
    return Rounded(multiply(Ref(key), Number(100.0)), DECIMALES)


_RANK = add(subtract(Ref("annee"), Ref("annee_n1")), Number(1.0))
_ECART = Rounded(subtract(_points("realise"), _points("cible")), DECIMALES)

CIBLE = TargetFunction(
    "CIBLE",
    "Cible de l'année",
    (
        _scalar("annee", "Année civile", "année", "2028"),
        _scalar("annee_n1", "Première année du contrat", "année", "2026"),
        _scalar("finale", "Cible de fin de CPOM", "ratio", "1", optional=True),
    ),
    Methode(
        If(
            _RANK,
            "<",
            Number(1.0),
            NotApplicable(),
            multiply(
                Choose(_RANK, Param("trajectoire_cible")),
                OrDefault("finale", Number(Param("cible_finale"))),
            ),
        ),
        None,
    ),
    "Cible de l'année\u00a0: 20, 40, 60, 80 puis 100\u202f% de la cible finale de N1 à N5, et "
    "au-delà en cas de prorogation. Sans objet avant N1.",
)

ECART = TargetFunction(
    "ECART",
    "Écart à la cible, en points",
    (REALISE, CIBLE_ANNEE),
    Methode(_ECART, None),
    "Taux réalisé moins cible, en points, entre les deux taux arrondis à 0,1\u202f%. Négatif si la "
    "cible n'est pas atteinte.",
)

ATTEINTE = TargetFunction(
    "ATTEINTE",
    "Atteinte de la cible",
    (
        REALISE,
        CIBLE_ANNEE,
        _scalar("seuil", "Écart toléré", "points", "10", optional=True),
    ),
    Methode(
        If(
            _ECART,
            ">=",
            Number(0.0),
            Text("Atteint"),
            If(
                add(_ECART, OrDefault("seuil", Number(Param("seuil_atteinte_partielle")))),
                ">=",
                Number(0.0),
                Text("Partiellement atteint"),
                Text("Non atteint"),
            ),
        ),
        None,
    ),
    "Atteint si le taux arrondi vaut au moins la cible, Partiellement atteint s'il en est à "
    "10\u00a0points au plus, Non atteint sinon, Sans objet si le taux ou la cible manque.",
    if_empty="Sans objet",
)

TARGET_FUNCTIONS: Mapping[str, TargetFunction] = MappingProxyType(
    {f.code: f for f in (CIBLE, ECART, ATTEINTE)}
)


def cible(
    annee: object, annee_n1: object, finale: object = None, parametres: Parameters | None = None
) -> float | None:
    """Target of a civil year, ratio; None before the contract."""
    data = {"annee": annee, "annee_n1": annee_n1, "finale": finale}
    return cast("float | None", CIBLE.compute(data, parametres))


def trajectoire(module: str, parametres: Parameters | None = None) -> tuple[float, ...]:
    """Targets proposed for a module from N1 to N5, ratios: its own, or the common ones."""
    known = current_parameters() if parametres is None else parametres
    own = cast(Mapping[str, tuple[float, ...]], known["trajectoires_par_module"])
    return tuple(own.get(module) or cast(tuple[float, ...], known["trajectoire_cible"]))


def ecart(
    realise: object, cible_annee: object, parametres: Parameters | None = None
) -> float | None:
    """Achieved rate minus target, in points."""
    data = {"realise": realise, "cible": cible_annee}
    return cast("float | None", ECART.compute(data, parametres))


def atteinte(
    realise: object,
    cible_annee: object,
    seuil: object = None,
    parametres: Parameters | None = None,
) -> str:
    """Atteint, Partiellement atteint, Non atteint or Sans objet."""
    data = {"realise": realise, "cible": cible_annee, "seuil": seuil}
    return cast(str, ATTEINTE.compute(data, parametres))
