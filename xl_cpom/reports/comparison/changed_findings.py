"""Which finding of one file is which finding of the other: by rule and by record.

A finding keeps its name through moved rows: it is known by its code and by the records and columns
of its cells. Where no cell tells, the value it read does. Both files are at hand here; a campaign
(`batch.since_last_run`) has only kept the reports of its last run, and counts by key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence

from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.comparison.matching import MatchedPair
from xl_cpom.reports.comparison.model import TrackedFinding
from xl_cpom.typography import fold
from xl_cpom.validators.model import Finding
from xl_cpom.workbook.interpretation.interpret import Retour
from xl_cpom.workbook.reader import parse_cell
from xl_cpom.workbook.records import Table

FindingPlace = tuple[Hashable, str]
"""(record, column): the record is the number of its pair, « entête » for a header."""

HEADER = "entête"


@dataclass(frozen=True, slots=True)
class _FindingTrace:
    """A finding and what tells it from another."""

    finding: Finding
    sheet: str
    places: frozenset[FindingPlace]

    @property
    def records(self) -> frozenset[Hashable]:
        return frozenset(record for record, _ in self.places)


def follow_findings(
    avant: Sequence[Finding],
    apres: Sequence[Finding],
    retours: tuple[Retour, Retour],
    pairs: Mapping[str, Sequence[MatchedPair]],
) -> tuple[TrackedFinding, ...]:
    """Every finding of both files, followed; in the order of the second, then what is gone."""
    left = _traces(avant, retours[0], pairs, 0)
    right = _traces(apres, retours[1], pairs, 1)
    found: dict[int, _FindingTrace] = {}
    for key in (_by_message, _by_cells, _by_records, _by_value):
        _match(left, right, found, key)
    _match_overlapping(left, right, found)
    gone = {id(trace) for trace in found.values()}
    return (
        *(
            TrackedFinding(found[id(t)].finding if id(t) in found else None, t.finding)
            for t in right
        ),
        *(TrackedFinding(trace.finding, None) for trace in left if id(trace) not in gone),
    )


def _traces(
    findings: Sequence[Finding],
    retour: Retour,
    pairs: Mapping[str, Sequence[MatchedPair]],
    side: int,
) -> list[_FindingTrace]:
    tables = {table.name: table for table in retour.classeur.tables.values()}
    numbers = {
        key: {row.number: rank for rank, pair in enumerate(found) if (row := pair[side])}
        for key, found in pairs.items()
    }
    traces = []
    for finding in findings:
        table = tables.get(finding.sheet)
        if table is None:
            traces.append(_FindingTrace(finding, fold(finding.sheet), frozenset()))
        else:
            key = table.sheet.key
            places = _places(finding, table, numbers.get(key, {}))
            traces.append(_FindingTrace(finding, key, places))
    return traces


def _places(finding: Finding, table: Table, ranks: Mapping[int, int]) -> frozenset[FindingPlace]:
    columns = {col: key for key, col in table.columns.items()}
    labels = {address: key for key, address in table.anchors.items()}
    found: set[FindingPlace] = set()
    for address in finding.cells:
        place = parse_cell(address)
        if address in labels:
            found.add((0, labels[address]))
        elif place is not None and place[0] in ranks and not labels:
            found.add((ranks[place[0]], columns.get(place[1], "")))
        elif place is not None and place[0] == table.header_row and place[1] in columns:
            found.add((HEADER, columns[place[1]]))
    return frozenset(found)


def _by_message(trace: _FindingTrace) -> Hashable:
    finding = trace.finding
    return (finding.code, trace.sheet, trace.places, finding.message)


def _by_cells(trace: _FindingTrace) -> Hashable:
    return (trace.finding.code, trace.sheet, trace.places) if trace.places else None


def _by_records(trace: _FindingTrace) -> Hashable:
    return (trace.finding.code, trace.sheet, trace.records) if trace.places else None


def _by_value(trace: _FindingTrace) -> Hashable:
    finding = trace.finding
    return None if trace.places else (finding.code, trace.sheet, fold(finding.value))


def _match(
    left: Sequence[_FindingTrace],
    right: Sequence[_FindingTrace],
    found: dict[int, _FindingTrace],
    key: Callable[[_FindingTrace], Hashable],
) -> None:
    """Pair what is still free and has the same key; `found`: id of the new one -> the old one."""
    used = {id(trace) for trace in found.values()}
    free: dict[Hashable, list[_FindingTrace]] = defaultdict(list)
    for trace in left:
        if id(trace) not in used and key(trace) is not None:
            free[key(trace)].append(trace)
    for trace in right:
        if id(trace) not in found and key(trace) is not None and free.get(key(trace)):
            found[id(trace)] = free[key(trace)].pop(0)


def _match_overlapping(
    left: Sequence[_FindingTrace], right: Sequence[_FindingTrace], found: dict[int, _FindingTrace]
) -> None:
    """One finding over many cells stays the same when some of them were mended."""
    used = {id(trace) for trace in found.values()}
    free: dict[tuple[str, str], list[_FindingTrace]] = defaultdict(list)
    for trace in left:
        if id(trace) not in used and trace.places:
            free[trace.finding.code, trace.sheet].append(trace)
    for trace in right:
        if id(trace) in found:
            continue
        candidates = free[trace.finding.code, trace.sheet]
        best = max(candidates, key=lambda one: len(one.places & trace.places), default=None)
        if best is not None and best.places & trace.places:
            candidates.remove(best)
            found[id(trace)] = best
