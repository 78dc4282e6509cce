"""The report in a terminal: header, findings by sheet, indicators, rules not checked, verdict.

Lines are wrapped here, never on an insecable blank; colours come only when the caller says that a
terminal is there.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

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
from xl_cpom.reports.render_context import DEFAULT_OPTIONS, RenderOptions
from xl_cpom.reports.terminal import TerminalText
from xl_cpom.reports.words import (
    SEVERITY_LOOKS,
    VERDICTS,
    bilan,
    compter,
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


def render(reports: Sequence[Report], contexte: RenderOptions = DEFAULT_OPTIONS) -> str:
    """The text of the report: details for one workbook, one line each for several."""
    width = max(contexte.largeur, MINIMAL_WIDTH)
    lines = _detail(reports[0], contexte, width) if len(reports) == 1 else _synthese(reports, width)
    return "".join(line.rendu(couleur=contexte.couleur) + "\n" for line in lines)


def _detail(report: Report, contexte: RenderOptions, width: int) -> Iterator[TerminalText]:
    yield from _entete(report, width)
    for feuille in group_findings(report):
        yield from _feuille(feuille, contexte, width)
    if report.indicateurs:
        yield TerminalText()
        yield TerminalText("Indicateurs", style="bold underline")
        yield from indicator_table(report.indicateurs, width)
        for sentence in uncomputed(report.indicateurs):
            yield from _lignes(sentence, width, first="  ", rest="    ")
    yield from _unchecked(report, width)
    yield from _verdict(report, width)


def _entete(report: Report, width: int) -> Iterator[TerminalText]:
    yield from _lignes(ligne(report.file), width, style="bold")
    parts = [
        ("Organisme", ligne(report.raison_sociale or "non renseigné")),
        ("FINESS EJ", ligne(report.finess_ej or "non renseigné")),
        ("Gabarit", ligne(report.gabarit or "inconnu")),
        ("Année suivie", str(report.annee) if report.annee else ""),
        ("Référentiel", ligne(report.referentiel)),
    ]
    for label, value in parts:
        if value:
            yield from _lignes(value, width, first=f"  {label:<13} ", rest=" " * 16)
    for name, value in options(report):
        text = typeset(f"{name} : {ligne(value)}")
        yield from _lignes(text, width, first="  ", rest="    ")
    for limite in report.limits:
        yield from _lignes(
            typeset(f"Limite atteinte : {ligne(limite)}"), width, first="  ! ", rest="    "
        )


def _feuille(feuille: SheetGroup, contexte: RenderOptions, width: int) -> Iterator[TerminalText]:
    counts = [(feuille.compte(severity), severity) for severity in Severity]
    text = ", ".join(compter(count, severity) for count, severity in counts if count)
    yield TerminalText()
    title = feuille.nom if feuille.nom == CLASSEUR else f"Feuille «\u00a0{feuille.nom}\u00a0»"
    for line in _lignes(f"{title} — {text or 'dérogations seulement'}", width):
        line.stylize("bold underline")
        yield line
    for groupe in feuille.groupes:
        yield TerminalText()
        yield from _groupe(groupe, contexte, width)


def _groupe(groupe: RuleGroup, contexte: RenderOptions, width: int) -> Iterator[TerminalText]:
    mark = SEVERITY_LOOKS[groupe.gravite]
    lifted = " (levé par dérogation)" if groupe.leve else ""
    rule = contexte.regles.get(groupe.code)
    head = f"{mark.symbole} {mark.mot} {groupe.code}{lifted}"
    if rule is not None:
        head += f" — {ligne(rule.title.rstrip('.'))}"
    colour = "dim" if groupe.leve else f"bold {mark.couleur}"
    yield from _lignes(head, width, first="  ", rest="    ", style=colour)
    cap = len(groupe.fautes) if contexte.plafond is None else contexte.plafond
    shown = groupe.fautes if len(groupe.fautes) <= cap + 1 else groupe.fautes[:cap]
    common = groupe.correction
    for faute in shown:
        yield from _faute(faute, width, correction=common is None)
    hidden = groupe.fautes[len(shown) :]
    if hidden:
        yield from _lignes(_reste(hidden), width, first="    ", rest="      ")
    if common:
        yield from _cure(common, width)


def _faute(faute: MessageGroup, width: int, *, correction: bool) -> Iterator[TerminalText]:
    cells = enumerate_cells(faute.cellules)
    first = f"    {cells} : " if cells else "    "
    yield from _lignes(typeset(first) + faute.message, width, rest="      ")
    if faute.derogation is not None:
        text = typeset(f"Dérogation : {faute.derogation}")
        yield from _lignes(text, width, first="      ", rest="      ")
    if faute.justification is not None:
        text = typeset(f"Justification : {faute.justification}")
        yield from _lignes(text, width, first="      ", rest="      ")
    if correction and faute.correction:
        yield from _cure(faute.correction, width)


def _cure(text: str, width: int) -> Iterator[TerminalText]:
    text = typeset("Comment corriger : ") + text
    yield from _lignes(text, width, first="    ", rest="      ", style="green")


def _reste(hidden: Sequence[MessageGroup]) -> str:
    cells = tuple(dict.fromkeys(cell for faute in hidden for cell in faute.cellules))
    count = sum(faute.nombre for faute in hidden)
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
        said = f"{shown} — {word}{NBSP}: {ligne(why)}"
        yield from _lignes(said, width, first="  ", rest="    ")


def _verdict(report: Report, width: int) -> Iterator[TerminalText]:
    mark = VERDICTS[report.verdict]
    yield TerminalText()
    yield TerminalText("─" * width, style=mark.couleur)
    text = f"{mark.symbole} {verdict_sentence(report)}"
    yield from _lignes(text, width, rest="  ", style=f"bold {mark.couleur}")
    yield from _lignes(suite(report), width, first="  ", rest="  ")


def _synthese(reports: Sequence[Report], width: int) -> Iterator[TerminalText]:
    for report in reports:
        mark = VERDICTS[report.verdict]
        who = ligne(report.raison_sociale or "organisme non renseigné")
        text = typeset(
            f"{mark.symbole} {mark.mot} — {ligne(report.file)} — {who} : {bilan(report)}"
        )
        lines = list(_lignes(text, width, rest="    "))
        lines[0].stylize(mark.couleur, 0, len(mark.symbole) + 1 + len(mark.mot))
        yield from lines
    yield TerminalText()
    yield TerminalText(
        how_many(len(reports), "classeur contrôlé", "classeurs contrôlés"), style="bold"
    )
    for verdict in Verdict:
        count = sum(report.verdict is verdict for report in reports)
        if count:
            mark = VERDICTS[verdict]
            yield TerminalText(f"  {mark.symbole} {mark.mot}\u00a0: {count}", style=mark.couleur)


def _lignes(
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
