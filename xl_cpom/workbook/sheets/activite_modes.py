"""Sheet « Activité par mode »: the activity of the ESMS whose modes of reception differ.

Permanent, temporary and day reception have their own places and opening days: one capacity for all
would give a false rate. The sheet is for those; the others have « Activité et ressources » only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_cpom.indicators import INDICATORS
from xl_cpom.workbook.lifetime import Lifetime
from xl_cpom.workbook.model import Column, Formula, Kind, Layout, Sheet
from xl_cpom.workbook.sheets.common import COMMENT, finess_et

if TYPE_CHECKING:
    from xl_cpom.workbook.records import Classeur, Row

PERMANENT = "hébergement permanent"


def _counted(row: Row, classeur: Classeur) -> float | None:
    if row.journees_realisees is None:
        return None
    return float(row.journees_realisees + (row.absences_72h or 0))


def _value(code: str, row: Row, classeur: Classeur, **said: float | None) -> float | None:
    indicator = INDICATORS[code]
    data = {entry.key: said.get(entry.key, row[entry.key]) for entry in indicator.inputs}
    return indicator.compute(data, parametres=classeur.parameters).value


def _occupation(row: Row, classeur: Classeur) -> float | None:
    return _value("OCCUPATION", row, classeur, journees_realisees=_counted(row, classeur))


def _realisation(row: Row, classeur: Classeur) -> float | None:
    return _value("REALISATION_ACTIVITE", row, classeur)


def _call(code: str, **instead: str) -> str:
    keys = (entry.key for entry in INDICATORS[code].inputs)
    arguments = ",".join(f"{{{instead.get(key, key)}}}" for key in keys)
    return f'IF({{finess_et}}="","",_xlfn.IFNA(CPOM_{code}({arguments}),""))'


ACTIVITE_MODES = Sheet(
    key="activite_modes",
    name="Activité par mode",
    table="tActiviteModes",
    layout=Layout.TABLE,
    record="la ligne",
    identity=("finess_et", "exercice", "mode_accueil"),
    exercise="exercice",
    capacity=60,
    occasional=True,
    synonyms=("Activité par mode d'accueil",),
    purpose="L'activité des ESMS qui ont plusieurs modes d'accueil : une ligne par mode.",
    guide="CASF, art. R. 314-160 et R. 314-43-2 ; ERRD, annexe 9",
    since="2026.2",
    columns=(
        finess_et("Numéro FINESS de l'ESMS."),
        Column("exercice", "Exercice", Kind.ANNEE, "Exercice des données (exemple : 2026).",
               required=True, minimum=2010, maximum="date_maximale", width=10, lasts=Lifetime.FACT),
        Column("mode_accueil", "Mode d'accueil", Kind.LISTING,
               "Hébergement permanent, temporaire ou accueil de jour ; internat, semi-internat ou "
               "externat.", required=True, list_name="mode_accueil", synonyms=("Mode",), width=22,
               lasts=Lifetime.FACT),
        Column("capacite_financee", "Capacité autorisée et financée", Kind.NUMBER,
               "Places autorisées et financées de ce mode.", required=True, minimum=0,
               unit="places", width=14, lasts=Lifetime.YEAR),
        Column("jours_ouverture", "Jours d'ouverture dans l'année", Kind.NUMBER,
               "Jours d'ouverture de ce mode (exemple : 365 ; 250 en accueil de jour).",
               required=True, minimum=0, maximum=366, unit="jours", width=14, lasts=Lifetime.YEAR),
        Column("journees_realisees", "Journées réalisées", Kind.NUMBER,
               "Journées réalisées dans ce mode.", required=True, minimum=0, unit="journées",
               width=14, lasts=Lifetime.YEAR),
        Column("journees_financees", "Journées financées", Kind.NUMBER,
               "Journées financées dans ce mode, si elles sont connues.", minimum=0,
               unit="journées", width=14, lasts=Lifetime.YEAR),
        Column("absences_72h", "Journées d'absence de moins de 72 heures", Kind.NUMBER,
               "EHPAD seulement : les absences de moins de 72 heures valent des journées "
               "réalisées. 0 s'il n'y en a pas.", minimum=0, unit="journées", width=16,
               lasts=Lifetime.YEAR),
        Column("journees_retenues", "Journées retenues", Kind.NUMBER,
               "Calculé : journées réalisées et absences de moins de 72 heures.",
               formula=Formula(
                   'IF({journees_realisees}="","",{journees_realisees}+N({absences_72h}))',
                   _counted), unit="journées", width=12),
        Column("taux_occupation", "Taux d'occupation", Kind.RATIO,
               "Calculé : journées retenues rapportées à la capacité × jours d'ouverture.",
               formula=Formula(
                   _call("OCCUPATION", journees_realisees="journees_retenues"), _occupation),
               width=12),
        Column("taux_realisation_activite", "Taux de réalisation de l'activité", Kind.RATIO,
               "Calculé : journées réalisées rapportées aux journées financées.",
               formula=Formula(
                   _call("REALISATION_ACTIVITE"), _realisation),
               width=14),
        COMMENT,
    ),
)  # fmt: skip
