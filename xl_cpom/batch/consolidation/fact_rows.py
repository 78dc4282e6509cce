"""The rows of the tidy tables, drawn from a campaign one return at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from xl_cpom.batch.answer import RowsBySheet
from xl_cpom.batch.campagne import CampaignResult
from xl_cpom.batch.consolidation.counted_facts import CountedFacts
from xl_cpom.batch.consolidation.tables import (
    ANOMALIES,
    INDICATEURS,
    ORGANISMES,
    RETOURS,
    SHEET_NAMES,
    TOTAUX,
    TableSpec,
    Valeur,
    naming_column,
    sheet_columns,
)
from xl_cpom.batch.consolidation.totals import totaux
from xl_cpom.batch.situation import Situation, where_most_places
from xl_cpom.identifiants import finess_valide
from xl_cpom.reports.grouping import cell_ranges
from xl_cpom.validators.fingerprints import fingerprints
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Finding
from xl_cpom.validators.retours import Campagne, Rendu
from xl_cpom.workbook.sheets import SHEETS

FlatRow = Sequence[Valeur]


def all_rows(
    result: CampaignResult, situations: Sequence[Situation], facts: CountedFacts | None = None
) -> Iterator[tuple[TableSpec, FlatRow]]:
    """(table, row) of the whole campaign, in one pass; rows of one table come in its order.

    facts: counts filled in on the way (see `counted_facts`).
    """
    if facts is None:
        facts = counted_facts(result, situations)
    for situation in situations:
        yield ORGANISMES, _organisme(situation)
    by_ej = {s.finess_ej: s.departement for s in situations}
    for row in _retours(result, by_ej):
        yield RETOURS, row
    indicators = list(indicateurs(result))
    for row in totaux(indicators):
        yield TOTAUX, row
    for row in indicators:
        yield INDICATEURS, row
    for row in _anomalies(result, by_ej):
        yield ANOMALIES, row
    for table, row in _lines(result):
        facts.see(table, row)
        yield table, row
    yield from facts.rows()


def counted_facts(result: CampaignResult, situations: Sequence[Situation]) -> CountedFacts:
    """The counts, still empty, that `all_rows` fills in."""
    places = {
        et.finess_et: et.departement for r in result.campagne.counted for et in r.etablissements
    }
    by_ej = {s.finess_ej: s.departement for s in situations}
    return CountedFacts(result.campagne.annee, places, by_ej)


def _lines(result: CampaignResult) -> Iterator[tuple[TableSpec, FlatRow]]:
    """The rows of the sheets; those that the parts of a return repeat come once."""
    shared = {
        r.file for group in result.campagne.by_organisme.values() if len(group) > 1 for r in group
    }
    seen: dict[str, set[str]] = {}
    for rendu, these_rows in result.rows():
        rows = _sheets(rendu, these_rows)
        if rendu.file not in shared:
            yield from rows
            continue
        known = seen.setdefault(rendu.finess_ej or "", set())
        yield from _once(rows, known)


def _once(
    rows: Iterator[tuple[TableSpec, FlatRow]], known: set[str]
) -> Iterator[tuple[TableSpec, FlatRow]]:
    """The rows of a part of a return that the parts before have not said (the file aside)."""
    fresh: set[str] = set()
    for table, row in rows:
        said = repr((table.name, [v for c, v in zip(table.columns, row, strict=True)
                                 if c.key not in ("fichier", "rang")]))  # fmt: skip
        if said not in known:
            fresh.add(said)
            yield table, row
    known |= fresh


def _organisme(s: Situation) -> FlatRow:
    secteurs = list(s.etablissements.values())
    natures = list(s.natures.values())
    return (
        s.finess_ej, s.name, s.departement, s.state.value, s.expected, s.state.received, s.off_list,
        s.nature, s.blocking, s.warnings, len(secteurs), secteurs.count("PA"),
        secteurs.count("PH"),
        natures.count("Principal"), natures.count("Secondaire"), s.places,
        s.type_contrat, s.contact, s.courriel, s.telephone, " ; ".join(s.files),
    )  # fmt: skip


def _retours(result: CampaignResult, departements: Mapping[str, str]) -> Iterator[FlatRow]:
    campagne = result.campagne
    kept = {rendu.file for rendu in campagne.counted}
    for rendu, report in zip(campagne.rendus, result.reports, strict=True):
        ecart = campagne.discarded.get(rendu.file)
        motif = None if rendu.file in kept else "illisible"
        if ecart is not None:
            motif = ecart.text
        yield (
            *_whose(rendu, campagne), rendu.file,
            departements.get(rendu.finess_ej or "", ""), report.verdict.value,
            rendu.file in kept, motif, rendu.nature,
            " ; ".join(r.file for r in campagne.replaced.get(rendu.file, ())),
            rendu.motif, report.count(BLOQUANT), report.count(AVERTISSEMENT),
            len(rendu.etablissements), rendu.gabarit, rendu.cycle, rendu.date_arrete, rendu.sha256,
        )  # fmt: skip


def _whose(rendu: Rendu, campagne: Campagne) -> tuple[int | None, str | None, str | None]:
    """Year, FINESS EJ and name of a file; a file that cannot be read has those of the campaign."""
    attendu = campagne.attendus.get(rendu.finess_ej or "")
    name = rendu.raison_sociale or (attendu.raison_sociale if attendu else "")
    return rendu.annee or campagne.annee, rendu.finess_ej, name or None


def indicateurs(result: CampaignResult) -> Iterator[FlatRow]:
    """The rows of the table of indicators: returns that count, recomputed values only.

    The département is that where the organisme has most of its places in the secteur.
    """
    reports = {report.file: report for report in result.reports}
    for rendu in result.campagne.counted:
        report = reports[rendu.file]
        for i in report.indicateurs:
            mine = [et for et in rendu.etablissements if et.secteur == i.secteur]
            where = where_most_places(mine) or where_most_places(rendu.etablissements)
            targets = [*i.cibles, *[None] * 5][:5]
            yield (
                i.annee, rendu.finess_ej, rendu.raison_sociale or None, rendu.file,
                where or rendu.departement, report.verdict.value, i.module, i.secteur, i.code,
                i.numerateur, i.denominateur, i.taux, i.cible, i.state, *targets,
            )  # fmt: skip


def _anomalies(result: CampaignResult, departements: Mapping[str, str]) -> Iterator[FlatRow]:
    campagne = result.campagne
    kept = {rendu.file for rendu in campagne.counted}
    for rendu, report in zip(campagne.rendus, result.reports, strict=True):
        where = departements.get(rendu.finess_ej or "", "")
        head = (*_whose(rendu, campagne), rendu.file, where)
        names = fingerprints(report.findings)
        for finding, name in zip(report.findings, names, strict=True):
            yield (*head, rendu.file in kept, *_anomalie(finding, name))
    for constat in result.report.constats:
        if not constat.file:
            where = departements.get(constat.finess_ej, "")
            head = (campagne.annee, constat.finess_ej, constat.raison_sociale or None, "", where)
            (name,) = fingerprints([constat.finding])
            yield (*head, False, *_anomalie(constat.finding, name))


def _anomalie(f: Finding, name: str) -> FlatRow:
    return (
        f.severity.value, f.code, name, f.sheet, " ".join(cell_ranges(f.cells)), f.value,
        f.expected, f.message, f.fix, f.waiver,
    )  # fmt: skip


def _sheets(rendu: Rendu, lignes: RowsBySheet) -> Iterator[tuple[TableSpec, FlatRow]]:
    """The lines of a return: one row per ESMS that a line is about, one when it is about none."""
    for key, table in SHEET_NAMES.items():
        own, keyed = _places(key)
        for rank, row in enumerate(lignes.get(key, ()), 1):
            head = (rendu.annee, rendu.finess_ej)
            tail = (rendu.raison_sociale or None, rendu.file, rank, *(row[at] for at in own))
            if keyed is None:
                yield table, (*head, *tail)
                continue
            for et in _concerned(row[keyed], rendu) or (None,):
                yield table, (*head, et, *tail)


def _concerned(value: Any, rendu: Rendu) -> Sequence[str]:
    """FINESS ET that a cell names: never the number of the organisme itself."""
    if not isinstance(value, str):
        return ()
    named = dict.fromkeys(part.strip() for part in value.split(";"))
    return [n for n in named if finess_valide(n) and n != rendu.finess_ej]


@cache
def _places(key: str) -> tuple[tuple[int, ...], int | None]:
    """Place in a row of the columns of the table, and of the one that names the ESMS."""
    names = [column.key for column in SHEETS[key].columns]
    own = tuple(names.index(column.key) for column in sheet_columns(key))
    naming = naming_column(key)
    return own, None if naming is None else names.index(naming)
