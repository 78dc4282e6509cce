"""VRA: the rates of the sheet « Activité et ressources » against the usual values. Never blocking.

One rule per indicator, generated from the table below: the indicator says how the rate is
computed, the référentiel which values are atypical. The codes are written here because a code is
never reused, whatever the order of the indicators. How the figures agree is judged in
`chiffres_lus` and `concordance`. The rate of CAF belongs to the family DIF.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from xl_cpom.indicators import INDICATORS, Indicator
from xl_cpom.light_dataclass import dataclass
from xl_cpom.referentiel import Categorie, Referentiel, Seuil
from xl_cpom.validators.declaration import table_rule
from xl_cpom.validators.facts.modes import by_mode
from xl_cpom.validators.facts.thresholds import out_of_bounds, usuel
from xl_cpom.validators.model import AVERTISSEMENT, Fault, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import RuleSource
from xl_cpom.validators.rules.vraisemblance.chiffres_lus import count_read, negative_montants
from xl_cpom.workbook.records import NON_LU, Row
from xl_cpom.workbook.sheets import ACTIVITE

_HELIOS = RuleSource("Hélios (ANAP, ATIH, CNSA) : valeurs atypiques", "trouvé")
_UNCCAS = RuleSource("UNCCAS, éléments d'analyse financière des ESSMS", "trouvé")
_CREATION = RuleSource("Une personne en dérogation fait partie de l'effectif", "inféré")
_ET = "210780581"
_ROW = {"finess_et": _ET, "exercice": 2027}
_EHPAD = {"etablissements": [{"finess_et": _ET, "categorie": "500", "secteur": "PA"}]}
_IME = {"etablissements": [{"finess_et": _ET, "categorie": "183", "secteur": "PH"}]}
_MODES = {"activite_modes": [{**_ROW, "mode_accueil": "internat"}]}

Discarded = Callable[[Row, RuleContext], bool]


def colonne(code: str) -> str:
    """Key of the calculated column of an indicator on the sheet."""
    return f"taux_{code.lower()}"


def _jamais(row: Row, context: RuleContext) -> bool:
    return False


def _categorie(row: Row, context: RuleContext) -> Categorie | None:
    et = context.classeur.etablissements.get(row.finess_et)
    return context.referentiel.categories.get(et.categorie) if et is not None else None


def _outside_ehpad(row: Row, context: RuleContext) -> bool:
    categorie = _categorie(row, context)
    return categorie is None or categorie.sigle != "EHPAD" or by_mode(row, context)


def _computed_ehpad(row: Row, context: RuleContext) -> bool:
    """The rate of the EHPAD, absences included, may already say it."""
    categorie = _categorie(row, context)
    peut_etre = categorie is None or categorie.sigle == "EHPAD"
    if by_mode(row, context):
        return True  # one capacity for all modes would give a false rate: VRA-042
    return peut_etre and row[colonne("OCCUPATION_EHPAD")] is not None


def _already_said(row: Row, context: RuleContext, *codes: str) -> bool:
    """Is one of these rates atypical, or unread (another finding then says why)?"""
    for code in codes:
        seuil, value = seuil_de(INDICATORS[code], context.referentiel), row[colonne(code)]
        if value is NON_LU:
            return True
        if seuil is not None and count_read(value) and out_of_bounds(value, seuil):
            return True
    return False


def _occupation_atypique(row: Row, context: RuleContext) -> bool:
    """Too many days: the occupation rate says it."""
    return _already_said(row, context, "OCCUPATION")


_MOTIFS = tuple(code for code in INDICATORS if code.startswith("ABSENTEISME_"))


def _motif_atypique(row: Row, context: RuleContext) -> bool:
    """One reason of absence is already atypical: the total follows from it."""
    return _already_said(row, context, *_MOTIFS)


@dataclass(frozen=True)
class Controle:
    """One threshold: the code of the rule, what to verify, its examples (boundaries included).

    title: what the fault is called, when the name of the rate is too long for a heading. ecarte:
    lines of which another rule already says the same fault.
    """

    code: str
    indicateur: str
    ask: str
    ok: Sequence[Any]
    ko: Sequence[Any]
    discarded: Discarded = _jamais
    source: RuleSource = _HELIOS
    title: str = ""


def _row(**values: Any) -> list[dict[str, Any]]:
    return [{**_ROW, **values}]


def _journees(nombre: float, **values: Any) -> list[dict[str, Any]]:
    return _row(capacite_financee=10.0, jours_ouverture=100.0, journees_realisees=nombre, **values)


def _motif(key: str, days: float) -> list[dict[str, Any]]:
    return _row(etp_realises=10.0, **{key: days})


def _absences(days: float, **autres: float) -> list[dict[str, Any]]:
    """Six reasons of absence of the same length, for 100 ETP (36 500 days)."""
    keys = [entry.key for entry in INDICATORS["ABSENTEISME"].inputs][:-1]
    return _row(etp_realises=100.0, **{**dict.fromkeys(keys, days), **autres})


def _du_motif(code: str, indicateur: str, titre: str = "") -> Controle:
    entry = INDICATORS[indicateur].inputs[0]
    return Controle(
        code,
        indicateur,
        f"« {entry.libelle} » et « ETP réalisés au 31 décembre »",
        ok=[_motif(entry.key, 0), _motif(entry.key, 728), _row(etp_realises=10.0)],
        ko=[_motif(entry.key, 730), _motif(entry.key, 4200)],
        title=titre,
    )


CONTROLES: tuple[Controle, ...] = (
    Controle(
        "VRA-001",
        "REALISATION_ACTIVITE",
        "« Journées réalisées » et « Journées financées »",
        ok=[
            _row(journees_realisees=1200.0, journees_financees=1000.0),
            _row(journees_realisees=0.0, journees_financees=1000.0),
            _journees(2000.0, journees_financees=1000.0),  # VRA-004
            _row(journees_realisees=1200.0),
        ],
        ko=[
            _row(journees_realisees=1201.0, journees_financees=1000.0),
            _journees(1200.0, journees_financees=900.0),
        ],
        discarded=_occupation_atypique,
    ),
    Controle(
        "VRA-002",
        "REALISATION_ACTES",
        "« Séances ou actes réalisés » et « Séances ou actes financés »",
        ok=[_row(actes_realises=1200.0, actes_finances=1000.0), _row(actes_realises=1.0)],
        ko=[_row(actes_realises=1201.0, actes_finances=1000.0)],
    ),
    Controle(
        "VRA-003",
        "OCCUPATION_EHPAD",
        "« Journées réalisées », les absences, la capacité et « Jours d'ouverture dans l'année »",
        ok=[
            _journees(1100.0, absences_72h=100.0, **{"@": _EHPAD}),
            _journees(1100.0, absences_72h=900.0, **{"@": _IME}),
            _journees(1300.0, **{"@": _EHPAD}),
            _journees(1300.0, absences_72h=0.0, **{"@": {**_EHPAD, **_MODES}}),
        ],
        ko=[_journees(1100.0, absences_72h=101.0, **{"@": _EHPAD})],
        discarded=_outside_ehpad,
    ),
    Controle(
        "VRA-004",
        "OCCUPATION",
        "« Journées réalisées », la capacité et « Jours d'ouverture dans l'année »",
        ok=[
            _journees(1200.0),
            _journees(0.0),
            _journees(1300.0, absences_72h=0.0, **{"@": _EHPAD}),  # VRA-003
            _journees(1300.0, **{"@": {**_IME, **_MODES}}),  # VRA-042
        ],
        ko=[
            _journees(1201.0),
            _journees(1201.0, absences_72h=0.0, **{"@": _IME}),
            _journees(1300.0, **{"@": _EHPAD}),
        ],
        discarded=_computed_ehpad,
    ),
    Controle(
        "VRA-005",
        "ABSENTEISME",
        "les jours d'absence par motif et « ETP réalisés au 31 décembre »",
        ok=[
            _absences(2430.0),
            _absences(0.0),
            _absences(2430.0, jours_abs_longue=7300.0),
            _row(etp_realises=100.0, jours_abs_courte=7000.0),
        ],
        ko=[_absences(2434.0), _absences(7000.0)],
        discarded=_motif_atypique,
    ),
    _du_motif("VRA-006", "ABSENTEISME_COURTE"),
    _du_motif("VRA-007", "ABSENTEISME_MOYENNE"),
    _du_motif("VRA-008", "ABSENTEISME_LONGUE"),
    _du_motif("VRA-009", "ABSENTEISME_MATERNITE"),
    _du_motif(
        "VRA-010",
        "ABSENTEISME_AT_MP",
        titre="Absentéisme inhabituel, accident ou maladie du travail",
    ),
    _du_motif("VRA-011", "ABSENTEISME_CONGES_SPECIAUX"),
    Controle(
        "VRA-012",
        "ROTATION_PERSONNEL",
        "les recrutements, les départs et l'effectif réel N-1",
        ok=[
            _row(recrutements=60.0, departs=40.0, effectif_reel_n1=100.0),
            _row(recrutements=0.0, departs=0.0, effectif_reel_n1=100.0),
            _row(recrutements=60.0, effectif_reel_n1=100.0),
        ],
        ko=[_row(recrutements=60.0, departs=41.0, effectif_reel_n1=100.0)],
    ),
    Controle(
        "VRA-013",
        "ETP_VACANTS",
        "« ETP budgétés au 31 décembre » et « ETP réalisés au 31 décembre »",
        ok=[
            _row(etp_budgetes=100.0, etp_realises=80.0),
            _row(etp_budgetes=100.0, etp_realises=100.0),
            _row(etp_realises=100.0),
        ],
        ko=[
            _row(etp_budgetes=100.0, etp_realises=79.9),
            _row(etp_budgetes=100.0, etp_realises=100.1),
        ],
    ),
    Controle(
        "VRA-014",
        "PRESTATIONS_EXTERNES",
        "les prestations externes, les dépenses de personnel et la sous-traitance",
        ok=[
            _row(prestations_externes=200.0, depenses_personnel=900.0, sous_traitance=100.0),
            _row(prestations_externes=-1.0, depenses_personnel=900.0, sous_traitance=0.0),
        ],
        ko=[_row(prestations_externes=201.0, depenses_personnel=900.0, sous_traitance=100.0)],
    ),
    Controle(
        "VRA-015",
        "VETUSTE_CONSTRUCTION",
        "les amortissements et les immobilisations brutes des constructions",
        ok=[
            _row(amortissements_constructions=800.0, immobilisations_constructions=1000.0),
            _row(amortissements_constructions=0.0, immobilisations_constructions=1000.0),
            _row(amortissements_constructions=-1.0, immobilisations_constructions=1000.0),
        ],
        ko=[_row(amortissements_constructions=801.0, immobilisations_constructions=1000.0)],
    ),
    Controle(
        "VRA-016",
        "ENDETTEMENT",
        "les emprunts et « Financements stables du FRI »",
        ok=[
            _row(emprunts=499.0, financements_stables=1000.0),
            _row(emprunts=1.0),
            _row(emprunts=-600.0, financements_stables=-1000.0),
        ],
        ko=[_row(emprunts=500.0, financements_stables=1000.0)],
        source=_UNCCAS,
    ),
    Controle(
        "VRA-017",
        "DEROGATION",
        "les personnes en dérogation et « Personnes dans l'effectif au 31 décembre »",
        ok=[_row(personnes_derogation=10.0, effectif_31_12=10.0)],
        ko=[_row(personnes_derogation=11.0, effectif_31_12=10.0)],
        source=_CREATION,
    ),
)
"""Every threshold that is controlled."""


def seuil_de(indicateur: Indicator, referentiel: Referentiel) -> Seuil | None:
    """Usual values of an indicator: its threshold of the référentiel, else its possible values."""
    if indicateur.seuil is not None:
        return referentiel.seuils.get(indicateur.seuil)
    bas, haut = indicateur.bounds
    return Seuil(
        indicateur.code,
        indicateur.libelle,
        bas,
        haut,
        False,
        None,
        indicateur.source,
        indicateur.certitude,
    )


def _declarer(controle: Controle) -> None:
    indicateur = INDICATORS[controle.indicateur]
    inputs = tuple(entry.key for entry in indicateur.inputs)
    value = colonne(indicateur.code)

    def negative(row: Row, context: RuleContext) -> bool:
        """VRA-029 says it."""
        return bool(negative_montants(row, inputs))

    ecarts: tuple[Discarded, ...] = (controle.discarded, negative)

    def verifier(lignes: list[Row], context: RuleContext) -> Iterator[Fault]:
        seuil = seuil_de(indicateur, context.referentiel)
        if seuil is None:
            return
        for row in lignes:
            if not count_read(row[value]) or not out_of_bounds(row[value], seuil):
                continue
            if not any(discarded(row, context) for discarded in ecarts):
                yield fault(row, columns=(value, *inputs), usuel=usuel(seuil))

    libelle = indicateur.libelle
    comma = "," if "," in libelle else ""
    name = f"le {libelle[0].lower()}{libelle[1:]}{comma}"
    verifier.__doc__ = (
        f"{name[0].upper()}{name[1:]} reste dans les valeurs usuelles.\n\n"
        f"{indicateur.explication} Une valeur atypique est à vérifier ; elle peut être exacte, et "
        "n'empêche jamais le retour d'être recevable."
    )
    table_rule(
        controle.code,
        AVERTISSEMENT,
        on=ACTIVITE,
        columns=(value, *inputs, "finess_et", "exercice"),
        title=controle.title or f"{libelle}{comma} inhabituel",
        message=f"{name} de l'établissement {{finess_et}} pour {{exercice}} est de {{valeur}}, hors "  # noqa: E501
        "des valeurs usuelles ({usuel})",
        fix=f"Vérifiez {controle.ask} ; si la valeur est exacte, expliquez-la dans "
        "« Commentaire ou justification ».",
        expected="{usuel}",
        source=controle.source,
        ok=controle.ok,
        ko=controle.ko,
    )(verifier)


for _controle in CONTROLES:
    _declarer(_controle)
