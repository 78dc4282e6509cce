"""The comparison in a terminal: who, what it says in one sentence, then the details."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from xl_cpom.reports.comparison.comparison_words import (
    ABSENT,
    TITLES,
    annee,
    cited,
    ecart,
    resume,
    side,
)
from xl_cpom.reports.comparison.model import (
    ChangedRow,
    Comparison,
    Nature,
    ReadValue,
    TrackedFinding,
    grouped,
)
from xl_cpom.reports.grouping import enumerate_cells
from xl_cpom.reports.harmless import ligne
from xl_cpom.reports.severity_looks import SEVERITY_LOOKS
from xl_cpom.reports.words import VERDICTS, bilan, how_many
from xl_cpom.typography import typeset
from xl_cpom.validators.model import Report

SHOWN = 40
"""Cells or records listed before they are only counted; JSON and HTML give them all."""


def render(comparaison: Comparison, largeur: int = 80) -> str:
    """The text of the comparison, wrapped at `largeur` characters."""
    lines: list[str] = []
    for text in _texts(comparaison):
        indent = " " * (len(text) - len(text.lstrip(" ")))
        lines += textwrap.wrap(
            text, max(largeur, 40), subsequent_indent=f"{indent}  ", break_long_words=False,
            break_on_hyphens=False, replace_whitespace=False,
        ) or [""]  # fmt: skip
    return "\n".join(lines) + "\n"


def _texts(comparaison: Comparison) -> Iterator[str]:
    yield TITLES[comparaison.nature]
    who = comparaison.after.raison_sociale or "organisme non renseigné"
    yield f"  Organisme  {ligne(who)} ({ligne(comparaison.after.finess_ej or 'FINESS EJ non lu')})"
    yield _side("Avant", comparaison.before)
    yield _side("Après", comparaison.after)
    yield from (f"  ! {text}" for text in comparaison.remarks)
    yield ""
    yield resume(comparaison)
    if comparaison.nature is Nature.CORRECTIONS:
        yield from _findings("✔ Corrigées", comparaison.fixed)
        yield from _findings("✖ Nouvelles", comparaison.new)
        yield from _findings("● Restantes", comparaison.remaining)
        yield from _structure(comparaison)
        yield from _cells(comparaison)
        yield from _rows(comparaison.rows)
    yield from _indicators(comparaison)
    yield ""
    mark = VERDICTS[comparaison.after.verdict]
    yield typeset(f"{mark.symbol} {mark.word} : {bilan(comparaison.after)}.")


def _side(word: str, report: Report) -> str:
    mark = VERDICTS[report.verdict]
    text = f"  {word:<9}  {ligne(report.file)} ({annee(report)}) – {mark.symbol} {mark.word}"
    return typeset(f"{text} : {bilan(report)}")


def _findings(title: str, constats: Sequence[TrackedFinding]) -> Iterator[str]:
    if not constats:
        return
    yield ""
    yield typeset(f"{title} : {len(constats)}")
    for finding, cells in grouped(constats):
        mark = SEVERITY_LOOKS[finding.severity]
        where = ", ".join(part for part in (finding.sheet, enumerate_cells(cells)) if part)
        head = f"  {mark.symbol} {finding.code}"
        text = f"{head} – {ligne(where)} : " if where else f"{head} : "
        yield typeset(text) + ligne(finding.message)


def _structure(comparaison: Comparison) -> Iterator[str]:
    if not comparaison.structure:
        return
    yield ""
    yield typeset("Feuilles et colonnes :")
    for one in comparaison.structure:
        what = f"colonne « {one.column} », feuille" if one.column else "feuille"
        yield typeset(f"  {what} « {one.sheet} » : {one.way}")


def _cells(comparaison: Comparison) -> Iterator[str]:
    shown = comparaison.cells[:SHOWN]
    for (sheet, record), cells in groupby(shown, key=lambda c: (c.sheet, c.record)):
        yield ""
        yield typeset(f"« {ligne(sheet)} », {ligne(record)} :")
        for cell in cells:
            place = cell.before.cell
            if cell.after.cell != place:
                place = f"{place} puis {cell.after.cell}"
            change = f"{_cite(cell.before)} → {_cite(cell.after)}"
            yield typeset(f"  {cell.column} ({place}) : ") + change
    yield from _rest(len(comparaison.cells) - len(shown), "cellule", "cellules")


def _cite(reading: ReadValue) -> str:
    return cited(replace(reading, value=ligne(reading.value)))


def _rows(lignes: Sequence[ChangedRow]) -> Iterator[str]:
    if not lignes:
        return
    yield ""
    yield typeset("Lignes ajoutées ou retirées :")
    for one in lignes[:SHOWN]:
        text = f"  {one.way} : « {ligne(one.sheet)} », {ligne(one.record)}"
        yield typeset(f"{text} (ligne {one.row})")
    yield from _rest(len(lignes) - SHOWN, "ligne", "lignes")


def _rest(count: int, singular: str, plural: str) -> Iterator[str]:
    if count > 0:
        other = how_many(count, f"autre {singular}", f"autres {plural}")
        yield typeset(f"  … et {other} (les formats json et html les donnent toutes)")


def _indicators(comparaison: Comparison) -> Iterator[str]:
    """Every indicator of an evolution; of two versions, those that moved."""
    everything = comparaison.nature is Nature.EVOLUTION
    rows = []
    for one in comparaison.indicateurs:
        before, after = side(one.before), side(one.after)
        if everything or before != after:
            rows.append(
                (one.module, one.secteur, before["taux"], after["taux"], ecart(one) or ABSENT,
                 before["fraction"], after["fraction"], after["cible"], after["atteinte"])
            )  # fmt: skip
    if not comparaison.indicateurs:
        return
    yield ""
    yield "Indicateurs" if rows else "Indicateurs inchangés."
    yield from _table(rows)


def _table(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """One line per indicator; two lines each, so that it fits a narrow terminal."""
    for module, secteur, before, after, gap, old, new, target, reached in rows:
        yield typeset(f"  {module} {secteur} : {before} → {after} ({gap})")
        yield typeset(f"    {old} → {new} ; cible {target} ; {reached}")
