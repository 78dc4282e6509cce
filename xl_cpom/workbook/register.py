"""The register of avenants: what changed the contract, and whether it explains what a rule sees.

Rules look an avenant up here instead of searching comments for the word. A return made before the
register existed (`Classeur.offers`) has none, and keeps the ways of its version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from xl_cpom.typography import fold
from xl_cpom.workbook.interpretation.coercion.codes import bare_reference
from xl_cpom.workbook.presence import left
from xl_cpom.workbook.records import NON_LU

if TYPE_CHECKING:
    from xl_cpom.workbook.records import Classeur, Row

REGISTER_SINCE = "2026.2"
"""Version of the template that brought the register."""

PERIMETRE, MODULE, CIBLE, ACTION, PROROGATION = (
    "périmètre", "module activé ou retiré", "cible", "action retirée", "prorogation",
)  # fmt: skip
"""What an avenant may be about (list « objet_avenant »)."""

_SEPARATOR = re.compile(r"[;,\n]|\bet\b")
_SECTEUR = re.compile(r"\bp[ah]\b")
_CITED = re.compile(r"\bavenants?\s*(?:n\s*[°o]\.?|numero)?\s*([a-z]{0,3}\d[\w/-]*)")


def rows_numbered(classeur: Classeur, number: Any) -> list[Row]:
    """The rows of the register under a number, however it is typed (« avenant n° 2 », « 2 »)."""
    wanted = avenant_number(number)
    if not wanted:
        return []
    return [row for row in classeur.tables["avenants"] if avenant_number(row.numero) == wanted]


def avenant_number(text: Any) -> str:
    """What tells an avenant from another; "" when nothing was read."""
    if not isinstance(text, str):
        return ""
    folded = fold(text).removeprefix("l'").removeprefix("avenant").strip()
    return bare_reference(folded)


def cited_numbers(text: Any) -> tuple[str, ...]:
    """The numbers of the avenants that a free text names (« Avenant n° 2 du 01/07/2027 »)."""
    return tuple(_CITED.findall(fold(text))) if isinstance(text, str) else ()


def explained_by(classeur: Classeur, objet: str, *subjects: Any) -> bool:
    """Does an avenant of this object concern one of these: a FINESS, a module, an action, a code?

    An avenant that could not be read may be the one. subjects: none for an avenant that concerns
    the whole contract (a prorogation).
    """
    asked = [s for s in subjects if isinstance(s, str)]
    wanted = {bare_reference(s) for s in asked}
    table = classeur["avenants"]
    if not table.present:
        return True  # what was not read accuses nobody
    for row in table:
        about = row.objet in (objet, NON_LU)
        unread = NON_LU in (row.objet, row.concerne)
        if about and (not subjects or unread or wanted & set(_concerned(row))):
            return True
        if about and _named(row, asked, classeur):
            return True
    return False


def _named(row: Row, subjects: Sequence[str], classeur: Classeur) -> bool:
    """Does the row say the name of a module among the subjects, and not of its other secteur?

    The messages name modules: « « Prévention » (PA) » is what one then writes for PREVENTION/PA.
    """
    said = fold(row.concerne) if isinstance(row.concerne, str) else ""
    modules = classeur.referentiel.modules
    secteurs = {secteur for subject in subjects if (secteur := subject.partition("/")[2])}
    cited = {secteur.upper() for secteur in _SECTEUR.findall(said)}
    named = any(
        code in modules and fold(modules[code].libelle) in said
        for subject in subjects
        if (code := subject.partition("/")[0])
    )
    return named and (not secteurs or not cited or bool(secteurs & cited))


def _concerned(row: Row) -> Iterator[str]:
    if isinstance(row.concerne, str):
        for part in _SEPARATOR.split(fold(row.concerne)):
            yield bare_reference(part)


def departed(classeur: Classeur, number: Any) -> bool:
    """Did this ESMS leave the contract: by its own row, or by an avenant that concerns it?"""
    esms = classeur.etablissements.get(number)
    gone = esms is not None and (left(esms) is not None or esms.sorti_le is NON_LU)
    return gone or explained_by(classeur, PERIMETRE, number)


def absence_explained(classeur: Classeur, row: Row) -> bool:
    """Does the return say why a record of last year is no longer there?

    An action taken out by an avenant; a row about ESMS that have all left the contract.
    """
    key, values = row.table.sheet.key, row.values
    if key == "actions" and explained_by(classeur, ACTION, values["numero"]):
        return True
    numbers = values.get("finess_et") or values.get("entite")
    if not numbers:
        return False
    several = numbers if isinstance(numbers, tuple) else (numbers,)
    return all(departed(classeur, number) for number in several)
