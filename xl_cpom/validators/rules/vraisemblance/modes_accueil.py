"""VRA: the activity by mode of reception, and the occupation of an EHPAD. Never blocking."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xl_cpom.indicators import arrondi
from xl_cpom.typography import listing, number_text, rate_text
from xl_cpom.validators.declaration import rule, table_rule, workbook_rule
from xl_cpom.validators.facts.groups import duplicates, grouper
from xl_cpom.validators.facts.modes import by_mode, en_ehpad
from xl_cpom.validators.facts.thresholds import out_of_bounds, usuel
from xl_cpom.validators.model import AVERTISSEMENT, INFORMATION, Fault, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Casf, RuleSource, Template
from xl_cpom.validators.rules.vraisemblance.chiffres_lus import count_read
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import ACTIVITE, ACTIVITE_MODES
from xl_cpom.workbook.sheets.activite_modes import PERMANENT

_HELIOS = RuleSource("Hélios (ANAP, ATIH, CNSA) : valeurs atypiques, annexe 9 de l'ERRD", "trouvé")
_ET, _OTHER = "210780581", "250000015"
_EHPAD = {"etablissements": [{"finess_et": _ET, "categorie": "500", "secteur": "PA"}]}
_IME = {"etablissements": [{"finess_et": _ET, "categorie": "183", "secteur": "PH"}]}
_DAY = "accueil de jour"


def _mode(journees: float | None, mode: str = PERMANENT, **values: Any) -> dict[str, Any]:
    return {
        "finess_et": _ET,
        "exercice": 2027,
        "mode_accueil": mode,
        "capacite_financee": 10.0,
        "jours_ouverture": 100.0,
        "journees_realisees": journees,
        **values,
    }


def _ensemble(journees: float, **values: Any) -> dict[str, Any]:
    return {
        "finess_et": _ET,
        "exercice": 2027,
        "capacite_financee": 10.0,
        "jours_ouverture": 100.0,
        "journees_realisees": journees,
        **values,
    }


@table_rule(
    "VRA-042",
    AVERTISSEMENT,
    on=ACTIVITE_MODES,
    columns=("taux_occupation", "journees_realisees", "finess_et", "exercice", "mode_accueil"),
    title="Taux d'occupation inhabituel d'un mode d'accueil",
    message="le taux d'occupation de l'établissement {finess_et} pour {exercice} "
    "({mode_accueil}) est de {taux_occupation}, hors des valeurs usuelles ({usuel})",
    fix="Vérifiez « Journées réalisées », les absences, la capacité et « Jours d'ouverture dans "
    "l'année » ; si la valeur est exacte, expliquez-la dans « Commentaire ou justification ».",
    expected="{usuel}",
    source=_HELIOS,
    ok=[
        [{**_mode(1200.0), "@": _EHPAD}],
        [{**_mode(0.0, "internat"), "@": _IME}],
        [_mode(1200.0, absences_72h=0.0)],
        [{"finess_et": _ET}],
    ],
    ko=[
        [{**_mode(1201.0), "@": _EHPAD}],
        [{**_mode(1201.0, "internat"), "@": _IME}],
        [{**_mode(1200.0, absences_72h=1.0), "@": _EHPAD}],
    ],
)
def occupation_du_mode(lignes: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Le taux d'occupation de chaque mode d'accueil reste dans les valeurs usuelles.

    Chaque mode a sa capacité et ses jours d'ouverture : un accueil de jour ouvre 250 jours, un
    hébergement 365. Une valeur atypique est à vérifier ; elle peut être exacte.
    """
    for row in lignes:
        name = "OCCUPATION_EHPAD" if en_ehpad(row, context) else "OCCUPATION"
        seuil = context.referentiel.seuils[name]
        if count_read(row.taux_occupation) and out_of_bounds(row.taux_occupation, seuil):
            yield fault(row, columns=("taux_occupation", "journees_realisees"), usuel=usuel(seuil))


def _landmark(row: Row, key: str, context: RuleContext) -> bool | Fault:
    landmark = context.referentiel.seuils["OCCUPATION_EHPAD"].repere
    if landmark is None or not count_read(row[key]) or arrondi(row[key], 3) >= landmark:
        return True
    return fault(columns=(key,), repere=rate_text(landmark, 0))


_R314_160 = Casf("R. 314-160")


@rule(
    "VRA-043",
    INFORMATION,
    on=ACTIVITE_MODES,
    columns=("taux_occupation", "mode_accueil", "finess_et"),
    requires=("VRA-042", "VRA-045"),
    title="Hébergement permanent sous le seuil de modulation",
    message="l'hébergement permanent de l'établissement {finess_et} est occupé à {taux_occupation} "
    "en {exercice}, sous le seuil de {repere}",
    fix="Rien à corriger si les journées sont exactes : les financements peuvent être modulés.",
    expected="au moins {repere}",
    source=_R314_160,
    ok=[
        {**_mode(950.0), "@": _EHPAD},
        {**_mode(949.6), "@": _EHPAD},
        {**_mode(100.0, _DAY), "@": _EHPAD},
        {**_mode(100.0), "@": _IME},
        _mode(100.0),
        {"finess_et": _ET, "mode_accueil": PERMANENT, "@": _EHPAD},
    ],
    ko=[{**_mode(949.0), "@": _EHPAD}, {**_mode(100.0, absences_72h=0.0), "@": _EHPAD}],
)
def hebergement_permanent_occupe(row: Row, context: RuleContext) -> bool | Fault | None:
    """Sous 95 % d'occupation de l'hébergement permanent, les financements d'un EHPAD sont modulés.

    Les absences de moins de 72 heures comptent comme des journées réalisées. L'hébergement
    temporaire et l'accueil de jour n'y entrent pas.
    """
    if row.mode_accueil != PERMANENT or not en_ehpad(row, context):
        return None
    return _landmark(row, "taux_occupation", context)


@rule(
    "VRA-044",
    INFORMATION,
    on=ACTIVITE,
    columns=("taux_occupation_ehpad", "finess_et", "exercice"),
    title="EHPAD occupé sous le seuil de modulation",
    message="l'établissement {finess_et} est occupé à {taux_occupation_ehpad} en {exercice}, sous "
    "le seuil de {repere}",
    fix="Rien à corriger si les journées sont exactes : les financements peuvent être modulés.",
    expected="au moins {repere}",
    source=_R314_160,
    ok=[
        {**_ensemble(950.0, absences_72h=0.0), "@": _EHPAD},
        {**_ensemble(900.0, absences_72h=50.0), "@": _EHPAD},
        {**_ensemble(100.0), "@": _EHPAD},
        {**_ensemble(100.0, absences_72h=0.0), "@": _IME},
        {**_ensemble(100.0, absences_72h=0.0), "@": {**_EHPAD, "activite_modes": [_mode(950.0)]}},
    ],
    ko=[
        {**_ensemble(949.0, absences_72h=0.0), "@": _EHPAD},
        _ensemble(
            949.0,
            absences_72h=0.0,
            **{"@": {**_EHPAD, "activite_modes": [_mode(950.0, exercice=2026)]}},
        ),
    ],
)
def ehpad_occupe(row: Row, context: RuleContext) -> bool | Fault | None:
    """Sous 95 % d'occupation de l'hébergement permanent, les financements d'un EHPAD sont modulés.

    Un EHPAD qui a aussi un hébergement temporaire ou un accueil de jour se rend par mode : sa ligne
    d'ensemble n'est alors pas jugée.
    """
    if not en_ehpad(row, context) or by_mode(row, context):
        return None
    return _landmark(row, "taux_occupation_ehpad", context)


@table_rule(
    "VRA-045",
    AVERTISSEMENT,
    on=ACTIVITE_MODES,
    columns=("exercice", "finess_et", "mode_accueil"),
    title="Mode d'accueil saisi plusieurs fois",
    message="l'établissement {finess_et} a {nombre} lignes « {mode_accueil} » pour {exercice}",
    fix="Ne gardez qu'une ligne par établissement, exercice et mode d'accueil.",
    expected="une seule ligne",
    source=Template("Classeur standard « CPOM socle » : une ligne par mode d'accueil"),
    ok=[[_mode(1.0), _mode(1.0, _DAY), _mode(1.0, exercice=2026), _mode(1.0, finess_et=_OTHER)]],
    ko=[[_mode(1.0), _mode(1.0, _DAY), _mode(2.0)]],
)
def mode_unique(lignes: list[Row]) -> Iterator[Fault]:
    """Un mode d'accueil n'a qu'une ligne par établissement et par exercice."""
    for group in duplicates(lignes, "finess_et", "exercice", "mode_accueil"):
        yield fault(*group, columns=("mode_accueil",), nombre=len(group))


@workbook_rule(
    "VRA-046",
    AVERTISSEMENT,
    on=ACTIVITE_MODES,
    sheets=(ACTIVITE,),
    columns=("capacite_financee", "journees_realisees"),
    requires=("VRA-028", "VRA-045"),
    title="Modes d'accueil qui ne font pas l'ensemble",
    message="pour {exercice}, les modes d'accueil de l'établissement {finess_et} font {ecarts}",
    fix="Complétez les modes d'accueil, ou corrigez la ligne de « Activité et ressources ».",
    expected="la somme des modes égale à l'ensemble",
    source=_HELIOS,
    ok=[
        {
            "activite": [_ensemble(900.0, capacite_financee=20.0)],
            "activite_modes": [_mode(500.0), _mode(400.0, _DAY)],
        },
        {
            "activite": [_ensemble(900.4, capacite_financee=None)],
            "activite_modes": [_mode(500.0), _mode(400.0, _DAY)],
        },
        {"activite_modes": [_mode(500.0)]},
        {"activite": [_ensemble(5.0)], "activite_modes": [_mode(500.0, exercice=2026)]},
        {"activite": [_ensemble(5.0)], "activite_modes": [_mode(500.0, finess_et=_OTHER)]},
        {
            "activite": [_ensemble(900.0)],
            "activite_modes": [
                _mode(500.0),
                _mode(400.0, _DAY, journees_realisees=None, capacite_financee=None),
            ],
        },
        {"activite": [_ensemble(900.0), _ensemble(800.0)], "activite_modes": [_mode(500.0)]},
        {
            "activite": [_ensemble(900.0)],
            "activite_modes": [_mode(500.0), _mode(400.0, _DAY, exercice=None)],
        },
        {
            "activite": [_ensemble(900.0)],
            "activite_modes": [_mode(500.0), _mode(400.0, _DAY, finess_et=None)],
        },
        {
            "activite": [_ensemble(900.0), _ensemble(5.0, exercice=None)],
            "activite_modes": [_mode(500.0)],
        },
        {
            "activite": [_ensemble(900.0), _ensemble(5.0, finess_et=None)],
            "activite_modes": [_mode(500.0)],
        },
    ],
    ko=[
        {
            "activite": [_ensemble(901.0, capacite_financee=20.0)],
            "activite_modes": [_mode(500.0), _mode(400.0, _DAY)],
        },
        {
            "activite": [_ensemble(900.0, capacite_financee=25.0)],
            "activite_modes": [_mode(500.0), _mode(400.0, _DAY)],
        },
    ],
)
def modes_et_ensemble(context: RuleContext) -> Iterator[Fault]:
    """Les places et les journées des modes d'accueil font celles de l'établissement.

    Rien n'est comparé quand une donnée manque.
    """
    rows = context.classeur["activite_modes"].rows
    if not all(row.finess_et and row.exercice for row in rows):
        return  # a line that does not say of what it is may be a mode of any
    others = context.classeur["activite"].rows
    if not all(row.finess_et and row.exercice for row in others):
        return
    whole = grouper(others, "finess_et", "exercice")
    for key, modes in grouper(rows, "finess_et", "exercice").items():
        found = whole.get(key, [])
        if len(found) != 1:
            continue
        ecarts, columns = [], []
        for column, unit in (("capacite_financee", "places"), ("journees_realisees", "journées")):
            values, total = [row[column] for row in modes], found[0][column]
            if not all(count_read(value) for value in (*values, total)):
                continue
            if round(sum(values) - total):
                columns.append(column)
                ecarts.append(f"{number_text(sum(values))} {unit}, et non {number_text(total)}")
        if ecarts:
            yield fault(*modes, columns=tuple(columns), ecarts=listing(ecarts))


@rule(
    "VRA-047",
    AVERTISSEMENT,
    on=ACTIVITE_MODES,
    columns=("mode_accueil", "finess_et"),
    title="Mode d'accueil étranger à la catégorie de l'ESMS",
    message="l'établissement {finess_et} n'accueille pas en « {mode_accueil} », d'après sa "
    "catégorie",
    fix="Corrigez « Mode d'accueil » ou « FINESS ET ».",
    expected="un mode d'accueil de sa catégorie",
    source=RuleSource("ERRD, annexe 9 : modes d'accueil par catégorie", "inféré"),
    ok=[
        {**_mode(1.0), "@": _EHPAD},
        {**_mode(1.0, "internat"), "@": _IME},
        {**_mode(1.0, _DAY), "@": _IME},
        _mode(1.0, "internat"),
        {"finess_et": _ET, "@": _EHPAD},
    ],
    ko=[{**_mode(1.0, mode), "@": _EHPAD} for mode in ("internat", "semi-internat", "externat")],
)
def mode_de_la_categorie(row: Row, context: RuleContext) -> bool | None:
    """Internat, semi-internat et externat sont des modes du handicap."""
    if not en_ehpad(row, context) or row.mode_accueil is None:
        return None
    return row.mode_accueil not in ("internat", "semi-internat", "externat")
