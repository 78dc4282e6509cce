"""The report in a terminal: header, findings by sheet, indicators, rules not checked, verdict.

Lines are wrapped here, never on an insecable blank; colours come only when the caller says that a
terminal is there.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from xl_cpom.referentiel import load_referentiel
from xl_cpom.reports.console_tables import indicator_table, uncomputed
from xl_cpom.reports.grouping import (
    CLASSEUR,
    MessageGroup,
    RuleGroup,
    SheetGroup,
    enumerate_cells,
    group_findings,
)
from xl_cpom.reports.harmless import ligne
from xl_cpom.reports.ready_to_send import TITLE, last_checks
from xl_cpom.reports.render_context import DEFAULT_OPTIONS, RenderOptions
from xl_cpom.reports.severity_looks import SEVERITY_LOOKS
from xl_cpom.reports.terminal import TerminalText
from xl_cpom.reports.words import (
    VERDICTS,
    bilan,
    count,
    how_many,
    non_abouties,
    options,
    suite,
    verdict_sentence,
)
from xl_cpom.typography import NBSP, typeset
from xl_cpom.validators.model import Severity, Verdict

if TYPE_CHECKING:
    from xl_cpom.validators.model import Report

CODES_SHOWN = 12
MINIMAL_WIDTH = 40


def render(reports: Sequence[Report], context: RenderOptions = DEFAULT_OPTIONS) -> str:
    """The text of the report: details for one workbook, one line each for several."""
    width = max(context.width, MINIMAL_WIDTH)
    lines = _detail(reports[0], context, width) if len(reports) == 1 else _synthese(reports, width)
    return "".join(line.rendu(color=context.color) + "\n" for line in lines)


def _detail(report: Report, context: RenderOptions, width: int) -> Iterator[TerminalText]:
    yield from _header(report, width)
    for sheet in group_findings(report):
        yield from _sheet(sheet, context, width)
    if report.indicateurs:
        yield TerminalText()
        yield TerminalText("Indicateurs", style="bold underline")
        modules = (context.referentiel or load_referentiel()).modules
        yield from indicator_table(report.indicateurs, modules, width)
        for sentence in uncomputed(report.indicateurs, modules):
            yield from _rows_of(sentence, width, first="  ", rest="    ")
    yield from _unchecked(report, width)
    yield from _verdict(report, width)


def _header(report: Report, width: int) -> Iterator[TerminalText]:
    yield from _rows_of(ligne(report.file), width, style="bold")
    parts = [
        ("Organisme", ligne(report.raison_sociale or "non renseigné")),
        ("FINESS EJ", ligne(report.finess_ej or "non renseigné")),
        ("Gabarit", ligne(report.gabarit or "inconnu")),
        ("Année suivie", str(report.annee) if report.annee else ""),
        ("Référentiel", ligne(report.referentiel)),
    ]
    for label, value in parts:
        if value:
            yield from _rows_of(value, width, first=f"  {label:<13} ", rest=" " * 16)
    for name, value in options(report):
        text = typeset(f"{name} : {ligne(value)}")
        yield from _rows_of(text, width, first="  ", rest="    ")
    for limit in report.limits:
        yield from _rows_of(
            typeset(f"Limite atteinte : {ligne(limit)}"), width, first="  ! ", rest="    "
        )


def _sheet(feuille: SheetGroup, context: RenderOptions, width: int) -> Iterator[TerminalText]:
    counts = [(feuille.count(severity), severity) for severity in Severity]
    text = ", ".join(count(this_count, severity) for this_count, severity in counts if this_count)
    yield TerminalText()
    title = feuille.name if feuille.name == CLASSEUR else f"Feuille «\u00a0{feuille.name}\u00a0»"
    for line in _rows_of(f"{title} — {text or 'dérogations seulement'}", width):
        line.stylize("bold underline")
        yield line
    for group in feuille.groups:
        yield TerminalText()
        yield from _group(group, context, width)


def _group(group: RuleGroup, context: RenderOptions, width: int) -> Iterator[TerminalText]:
    mark = SEVERITY_LOOKS[group.severity]
    lifted = " (levé par dérogation)" if group.lifted else ""
    rule = context.rules.get(group.code)
    head = f"{mark.symbol} {mark.word} {group.code}{lifted}"
    if rule is not None:
        head += f" — {ligne(rule.title.rstrip('.'))}"
    colour = "dim" if group.lifted else f"bold {mark.color}"
    yield from _rows_of(head, width, first="  ", rest="    ", style=colour)
    cap = len(group.messages) if context.cap is None else context.cap
    shown = group.messages if len(group.messages) <= cap + 1 else group.messages[:cap]
    common = group.correction
    for fault in shown:
        yield from _fault(fault, width, correction=common is None)
    hidden = group.messages[len(shown) :]
    if hidden:
        yield from _rows_of(_rest(hidden), width, first="    ", rest="      ")
    if common:
        yield from _cure(common, width)


def _fault(fault: MessageGroup, width: int, *, correction: bool) -> Iterator[TerminalText]:
    cells = enumerate_cells(fault.cells)
    first = f"    {cells} : " if cells else "    "
    yield from _rows_of(typeset(first) + fault.message, width, rest="      ")
    if fault.untold:
        text = typeset(f"Attendu : {' ; '.join(fault.untold)}")
        yield from _rows_of(text, width, first="      ", rest="      ")
    if fault.derogation is not None:
        text = typeset(f"Dérogation : {fault.derogation}")
        yield from _rows_of(text, width, first="      ", rest="      ")
    if fault.justification is not None:
        text = typeset(f"Justification : {fault.justification}")
        yield from _rows_of(text, width, first="      ", rest="      ")
    if correction and fault.correction:
        yield from _cure(fault.correction, width)


def _cure(text: str, width: int) -> Iterator[TerminalText]:
    text = typeset("Comment corriger : ") + text
    yield from _rows_of(text, width, first="    ", rest="      ", style="green")


def _rest(hidden: Sequence[MessageGroup]) -> str:
    cells = tuple(dict.fromkeys(cell for fault in hidden for cell in fault.cells))
    count = sum(fault.count for fault in hidden)
    text = f"… et {how_many(count, 'autre anomalie', 'autres anomalies')} de la même règle"
    return typeset(f"{text} : {enumerate_cells(cells)}" if cells else text)


def _unchecked(report: Report, width: int) -> Iterator[TerminalText]:
    reasons = non_abouties(report)
    if not reasons:
        return
    yield TerminalText()
    yield TerminalText("Règles qui n'ont pas pu être contrôlées", style="bold underline")
    for word, why, codes in reasons:
        shown = ", ".join(codes[:CODES_SHOWN])
        left = len(codes) - CODES_SHOWN
        if left > 0:
            shown += f" et {how_many(left, 'autre règle', 'autres règles')}"
        agreed = f"{word}s" if len(codes) > 1 and word.endswith("ée") else word
        said = f"{shown} — {agreed}{NBSP}: {ligne(why)}"
        yield from _rows_of(said, width, first="  ", rest="    ")


def _verdict(report: Report, width: int) -> Iterator[TerminalText]:
    mark = VERDICTS[report.verdict]
    yield TerminalText()
    yield TerminalText("─" * width, style=mark.color)
    text = f"{mark.symbol} {verdict_sentence(report)}"
    yield from _rows_of(text, width, rest="  ", style=f"bold {mark.color}")
    yield from _rows_of(suite(report), width, first="  ", rest="  ")
    checks = last_checks(report)
    if checks:
        yield TerminalText()
        yield TerminalText(TITLE, style="bold")
    for check in checks:
        yield from _rows_of(f"{check.symbol} {check.text}", width, first="  ", rest="    ")


def _synthese(reports: Sequence[Report], width: int) -> Iterator[TerminalText]:
    for report in reports:
        mark = VERDICTS[report.verdict]
        who = ligne(report.raison_sociale or "organisme non renseigné")
        text = typeset(
            f"{mark.symbol} {mark.word} — {ligne(report.file)} — {who} : {bilan(report)}"
        )
        lines = list(_rows_of(text, width, rest="    "))
        lines[0].stylize(mark.color, 0, len(mark.symbol) + 1 + len(mark.word))
        yield from lines
    yield TerminalText()
    yield TerminalText(
        how_many(len(reports), "classeur contrôlé", "classeurs contrôlés"), style="bold"
    )
    for verdict in Verdict:
        count = sum(report.verdict is verdict for report in reports)
        if count:
            mark = VERDICTS[verdict]
            yield TerminalText(f"  {mark.symbol} {mark.word}\u00a0: {count}", style=mark.color)


def _rows_of(
    text: str, width: int, *, first: str = "", rest: str = "", style: str = ""
) -> Iterator[TerminalText]:
    """Wrap a text on its plain blanks only; a word longer than the screen is left whole."""
    wrapped = textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
        drop_whitespace=True,
    )
    for line in wrapped or [first.rstrip()]:
        yield TerminalText(line, style=style)
