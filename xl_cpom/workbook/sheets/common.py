"""Columns and formulas that several sheets share, written once."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xl_cpom.workbook.lifetime import Lifetime
from xl_cpom.workbook.model import Column, Formula, Kind
from xl_cpom.workbook.records import NON_LU

if TYPE_CHECKING:
    from xl_cpom.workbook.records import Classeur, Row

COMMENT = Column(
    "commentaire",
    "Commentaire ou justification",
    Kind.TEXT,
    "Précision utile à l'ARS. Un avertissement justifié ici reste une simple réserve.",
    synonyms=("Commentaire", "Commentaires", "Justification", "Observations"),
    width=32,
    lasts=Lifetime.YEAR,
)
"""What is said of a row for one year: it justifies nothing the year after."""

LASTING_COMMENT = replace(COMMENT, lasts=Lifetime.STATUS)
"""What is said of a row for as long as the contract lasts: an arrêté, an avenant, a commission."""


def finess_et(
    help_text: str,
    *,
    width: float = 13,
    refers_to: str | None = "etablissements",
    lasts: Lifetime = Lifetime.FACT,
) -> Column:
    """The column that says which ESMS a row is about."""
    return Column(
        "finess_et",
        "FINESS ET",
        Kind.FINESS,
        help_text,
        required=True,
        refers_to=refers_to,
        synonyms=("N° FINESS ET", "FINESS géographique", "FINESS établissement", "FINESS"),
        width=width,
        lasts=lasts,
    )


def finess_et_concernes() -> Column:
    """The column that says which ESMS a row is about, when it may be several or all of them."""
    return Column(
        "finess_et",
        "FINESS ET concernés",
        Kind.FINESS_LIST,
        "Numéros FINESS des ESMS concernés, séparés par « ; ». Vide : tous les ESMS du secteur.",
        refers_to="etablissements",
        synonyms=("FINESS ET", "ET concernés", "Établissements concernés"),
        width=22,
    )


SECTEUR_DE_L_ET = (
    'IFERROR(INDEX({etablissements.secteur},MATCH({finess_et},{etablissements.finess_et},0)),"")'
)
"""Excel: secteur of the ESMS named on the row, "" when it is not listed."""


def perimetre(decides: str, compute: Any, asked: str, decided: str = "") -> Column:
    """The column that says which indicator counts the row (« TRANSFO/PA »), or nothing.

    decides: the formula that gives it; the ESMS of the row must also be in the contract when it
    falls due (`asked`, a formula of `workbook.presence`). decided: what gave it before version
    2026.2, when that was something else.
    """
    keys = tuple(dict.fromkeys(re.findall(r"\{(\w+)\}", decides)))
    return Column(
        "perimetre",
        "Périmètre",
        Kind.TEXT,
        "Calculé : l'indicateur et le secteur pour lesquels la ligne compte l'année suivie. "
        "Vide : la ligne ne compte pas.",
        formula=Formula(
            f'IF({asked},{decides},"")',
            compute,
            reads=keys,
            before=(("2026.2", decided or decides),),
        ),
        technical=True,
        width=11,
    )


def code_perimetre(module: str, secteur: Any) -> Any:
    """« TRANSFO/PA », None when the secteur is not known, NON_LU when it could not be read."""
    if secteur is NON_LU:
        return NON_LU
    return f"{module}/{secteur}" if secteur in ("PA", "PH") else None


def latest_entry(annee: Any, classeur: Classeur) -> bool:
    """True when a row dated `annee` already counts in the year followed (empty: it counts)."""
    suivie = classeur.annee_suivie
    return not annee or suivie is None or annee <= suivie


def secteur_de_l_et(row: Row, classeur: Classeur) -> Any:
    """Secteur of the ESMS named on the row (None: not listed, NON_LU: could not be read)."""
    return classeur.secteur(row.finess_et)
