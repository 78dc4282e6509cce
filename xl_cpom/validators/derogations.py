"""Dérogations: anomalies that the ARS accepts, one by one, for a reason and until a day.

A finding that a dérogation lifts keeps its place in every report, with the text of the dérogation,
and no longer counts in the verdict. The file is TOML, or the CSV that the ARS keeps in Excel:

    code;finess;cellule;enregistrement;motif;accordee_par;jusqu_au
    IDE-004;210781456;;;Antenne hors région;DT 21;31/12/2028
    SUI-003;210099008;;A3;Chantier retardé par les fouilles;DA, C. Martin;30/06/2028
    MOD-008;;Plan d'actions!E7;;Même intitulé voulu;DA, C. Martin;31/12/2027

`finess` is an EJ (the whole return) or an ET (what is about it); `cellule` is feuille!cellule;
`enregistrement` is how the report calls the row (« l'action A3 ») or its number (« A3 »). The term
is judged at the date of the control. What it lifts is found by the words the ARS wrote, never by
likeness, unlike the changes that `reports.comparison` shows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import date_text as date_francaise
from xl_cpom.typography import fold, listing, plural, typeset
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.model import Finding, Outcome, Status
from xl_cpom.validators.wording import finding_of_notice, identite
from xl_cpom.workbook.interpretation.notices import Notice
from xl_cpom.workbook.records import Classeur, Row


@dataclass(frozen=True, slots=True)
class Derogation:
    """One dérogation. where: its place in the file; sheet, cell: "" when not about a cell."""

    where: str
    code: str
    motif: str
    granted_by: str
    until: dt.date
    finess: str = ""
    sheet: str = ""
    cell: str = ""
    record: str = ""

    @property
    def text(self) -> str:
        """What the reports show beside the finding it lifts."""
        until = date_francaise(self.until)
        return typeset(f"{self.motif} (accordée par {self.granted_by}, jusqu'au {until})")

    @property
    def target(self) -> str:
        """What it is about, in words."""
        cell = f"{self.sheet}!{self.cell}" if self.cell else ""
        return ", ".join(text for text in (self.finess, cell, self.record) if text)


@dataclass(frozen=True)
class Derogations:
    """The dérogations of a file."""

    file: str = ""
    digest: str = ""
    entries: tuple[Derogation, ...] = ()


NO_DEROGATION = Derogations()
"""No dérogation at all."""


@dataclass(frozen=True)
class DerogationSummary:
    """The findings with their dérogations, what is said of these, and one line for the reports."""

    findings: tuple[Finding, ...]
    outcomes: tuple[Outcome, ...]
    summary: str


def apply_derogations(
    derogations: Derogations,
    findings: Sequence[Finding],
    outcomes: Sequence[Outcome],
    classeur: Classeur,
    date: dt.date | None,
) -> DerogationSummary:
    """Lift what the dérogations in force lift; say which have expired and which lift nothing.

    date: the date of the control; without it no dérogation is known to be in force.
    """
    lifted: dict[int, Derogation] = {}
    said: list[Notice] = []
    applied = 0
    places = [_place(finding, classeur) for finding in findings]
    checked = {o.code for o in outcomes if o.status is not Status.NON_CONTROLEE}
    concerned = [d for d in derogations.entries if _concerne(d, classeur)]
    for derogation in concerned:
        matching = [rank for rank, place in enumerate(places) if place.is_concerned(derogation)]
        if date is not None and derogation.until >= date:
            applied += bool(matching)
            for rank in matching:
                lifted.setdefault(rank, derogation)
            if not matching and derogation.finess and derogation.code in checked:
                said.append(_notice("DER-002", derogation, None, date))
        elif matching:
            code = "DER-003" if date is None else "DER-001"
            said.append(_notice(code, derogation, findings[matching[0]], date))
    told = [finding_of_notice(RULES[n.code], n) for n in said if n.code in checked]
    kept = [
        replace(finding, waiver=lifted[rank].text) if rank in lifted else finding
        for rank, finding in enumerate(findings)
    ]
    return DerogationSummary(
        (*kept, *told),
        tuple(_statut(outcome, {finding.code for finding in told}) for outcome in outcomes),
        _resume(derogations, concerned, applied, date),
    )


def accepted(
    derogations: Derogations, classeur: Classeur, date: dt.date | None
) -> Callable[[Finding], bool]:
    """Is a finding one of those that the dérogations lift at this date?"""
    in_force = [
        d
        for d in derogations.entries
        if date is not None and d.until >= date and _concerne(d, classeur)
    ]

    def lifted(finding: Finding) -> bool:
        if all(d.code != finding.code for d in in_force):
            return False
        place = _place(finding, classeur)
        return any(place.is_concerned(d) for d in in_force)

    return lifted


def lever(
    derogations: Derogations, findings: Sequence[Finding], finess_ej: str, date: dt.date | None
) -> list[Finding]:
    """Lift findings across returns: all that is known of their place is in them."""
    kept = []
    for finding in findings:
        place = DerogationPlace(
            finding,
            frozenset({finess_ej}),
            frozenset({fold(finding.sheet)}),
            frozenset({fold(finding.record)}),
        )
        found = next(
            (
                d
                for d in derogations.entries
                if date is not None and d.until >= date and place.is_concerned(d)
            ),
            None,
        )
        kept.append(finding if found is None else replace(finding, waiver=found.text))
    return kept


def _statut(outcome: Outcome, told: set[str]) -> Outcome:
    return Outcome(outcome.code, Status.EN_ANOMALIE) if outcome.code in told else outcome


def _resume(
    derogations: Derogations, concerned: Sequence[Derogation], applied: int, date: dt.date | None
) -> str:
    expired = sum(date is not None and d.until < date for d in concerned)
    parts = [f"{plural(applied, 'dérogation')} appliquée{'s' * (applied > 1)}"]
    if expired:
        parts.append(f"{expired} expirée{'s' * (expired > 1)}")
    if (rest := len(derogations.entries) - applied - expired) > 0:
        parts.append(f"{rest} sans objet ici")
    return typeset(f"{derogations.file} : {listing(parts)}")


def _notice(
    code: str, derogation: Derogation, finding: Finding | None, date: dt.date | None
) -> Notice:
    values = {
        "regle": derogation.code,
        "par": derogation.granted_by,
        "terme": date_francaise(derogation.until),
        "jour": "" if date is None else date_francaise(date),
        "ou": derogation.target,
    }
    if finding is None:
        return Notice(code, "", values=values)
    return Notice(code, finding.sheet, finding.cells, values=values)


# --- what a dérogation is about ------------------------------------------------------------------


def _concerne(derogation: Derogation, classeur: Classeur) -> bool:
    """Is the dérogation for this organisme, one of its ESMS, or anybody?"""
    if not derogation.finess or derogation.finess == classeur.identification.finess_ej:
        return True
    return any(derogation.finess == row.finess_et for row in classeur["etablissements"])


@dataclass(frozen=True, slots=True)
class DerogationPlace:
    """Where a finding stands: numbers, sheets and records in the words of a dérogation, folded."""

    finding: Finding
    finess: frozenset[str]
    sheets: frozenset[str]
    records: frozenset[str]

    def is_concerned(self, derogation: Derogation) -> bool:
        """Is the finding the one that a dérogation speaks of?"""
        finding = self.finding
        if finding.code != derogation.code:
            return False
        # a record that is no longer in the workbook has no row: its name still holds its number
        if derogation.finess not in self.finess and derogation.finess not in finding.record:
            return False
        if derogation.cell and (
            derogation.cell not in finding.cells or fold(derogation.sheet) not in self.sheets
        ):
            return False
        wanted = fold(derogation.record)
        return not wanted or wanted in self.records


def _place(finding: Finding, classeur: Classeur) -> DerogationPlace:
    table = next((t for t in classeur.tables.values() if t.name == finding.sheet), None)
    rows = [] if table is None else table.rows_of(finding.cells)
    numbers = {number for row in rows for number in numeros(row)}
    ej = classeur.identification.finess_ej
    names = {finding.sheet} if table is None else {finding.sheet, table.sheet.name}
    records = {finding.record, *(identite(row) for row in rows)}
    if table is not None:
        records.add(finding.record.removeprefix(table.sheet.record))
    return DerogationPlace(
        finding,
        frozenset(numbers | ({ej} if ej else set())),
        frozenset(map(fold, names)),
        frozenset(fold(text) for text in records if text.strip()),
    )


def numeros(row: Row) -> Iterator[str]:
    """FINESS numbers that a row is about."""
    values: Mapping[str, object] = row.values
    for key in ("finess_et", "entite"):
        value = values.get(key)
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple | list | frozenset):
            yield from value
