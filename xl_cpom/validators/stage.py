"""Period N: a contract being prepared is judged as a diagnostic, not as a year of follow-up.

No rule of a follow-up year is asked, nor the cells that only a signed contract can fill. The rules
of the diagnostic (CTR) say what is missing; the verdict then has words of its own.

At the other end, nothing more is asked of an ESMS that has left the contract.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xl_cpom.validators.model import PERIOD_N
from xl_cpom.workbook.interpretation.notices import Notice
from xl_cpom.workbook.presence import still_asked
from xl_cpom.workbook.register import REGISTER_SINCE

if TYPE_CHECKING:
    from xl_cpom.validators.model import Fault, Rule
    from xl_cpom.workbook.records import Classeur

FAMILIES = frozenset({"SUI", "IND", "EVO", "SI", "VRA", "DIF", "INS"})
"""Families that follow a signed contract."""
RULES_OF_FOLLOW_UP = frozenset(
    {
        "MOD-001", "MOD-015", "MOD-029", "MOD-031", "MOD-034",
        "HAS-006", "HAS-010", "HAS-013", "HAS-017", "HAS-018", "HAS-019",
    }
)  # fmt: skip
"""Rules of the other families that ask for a plan which is being written."""

BLANKS = frozenset({"FMT-015", "MOD-005", "DIF-001"})
"""Codes of a compulsory cell left empty, where the family is not set aside as a whole."""
DRAFTS = frozenset({"actions", "fragilites", "si", "has", "mesures", "difficulte", "activite"})
"""Sheets where a line may be unfinished during period N."""
OF_THE_CONTRACT = frozenset(
    {
        "date_effet", "date_echeance", "autorites", "type_contrat", "date_arrete",
        "referent_si", "referent_si_courriel", "referent_si_nomme",
    }
)  # fmt: skip
"""Cells of the fiche that only a signed contract can fill (the référents have their own rule)."""


def negotiating(classeur: Classeur) -> bool:
    """Is the contract of this workbook being prepared (period N)?

    A return on a template without the sheets of the diagnostic is judged as it was.
    """
    year = classeur.identification.values["annee_suivie"]
    return bool(year == "N" and classeur.offers(REGISTER_SINCE))


def set_aside(rule: Rule, classeur: Classeur) -> str | None:
    """Why a rule of a follow-up year is not asked of a contract being prepared; None otherwise."""
    follows = rule.family in FAMILIES or rule.code in RULES_OF_FOLLOW_UP
    return PERIOD_N if follows and negotiating(classeur) else None


def asked_now(notices: Sequence[Notice], classeur: Classeur) -> Sequence[Notice]:
    """The remarks of the reading, but for the cells that period N leaves empty."""
    if not negotiating(classeur):
        return notices
    later: set[tuple[str, str]] = set()
    for key, table in classeur.tables.items():
        for row in table.rows if key in DRAFTS else ():
            later |= {(table.name, row.cell(column) or "") for column in table.sheet.by_key}
    fiche = classeur.tables["identification"]
    later |= {(fiche.name, fiche.anchors[key]) for key in OF_THE_CONTRACT & fiche.anchors.keys()}
    return [
        notice
        for notice in notices
        if notice.code not in BLANKS or (notice.sheet, *notice.cells[:1]) not in later
    ]


def of_present_esms(rule: Rule, faults: Sequence[Fault], classeur: Classeur) -> Sequence[Fault]:
    """The faults, but for those of a rule that asks nothing more of an ESMS that has left."""
    if not rule.while_present:
        return faults
    return [
        fault
        for fault in faults
        if not fault.rows or any(still_asked(row, classeur) for row in fault.rows)
    ]
