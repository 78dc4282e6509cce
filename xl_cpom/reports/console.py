"""The report in a terminal: header, findings by sheet, indicators, rules not checked, verdict.

Lines are wrapped here and not by rich, which would break a line on an insecable blank; rich only
brings the colours, and only when the caller says that a terminal is there.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from xl_cpom.reports.console_tables import tableau_indicateurs
from xl_cpom.reports.contexte import CONTEXTE, Contexte
from xl_cpom.reports.mots import (
    GRAVITES,
    VERDICTS,
    bilan,
    combien,
    compter,
    non_abouties,
    options,
    phrase_verdict,
    suite,
)
from xl_cpom.reports.neutre import ligne
from xl_cpom.reports.regroupement import CLASSEUR, Faute, Feuille, Groupe, enumerer, regrouper
from xl_cpom.typographie import INSECABLE, typographie
from xl_cpom.validators.model import Severity, Verdict

if TYPE_CHECKING:
    from xl_cpom.validators.model import Report

CODES_MONTRES = 12
LARGEUR_MINIMALE = 40


def render(reports: Sequence[Report], contexte: Contexte = CONTEXTE) -> str:
    """The text of the report: details for one workbook, one line each for several."""
    width = max(contexte.largeur, LARGEUR_MINIMALE)
    lines = _detail(reports[0], contexte, width) if len(reports) == 1 else _synthese(reports, width)
    out = io.StringIO()
    console = Console(
        file=out,
        width=10_000,
        force_terminal=contexte.couleur,
        color_system="standard" if contexte.couleur else None,
        no_color=not contexte.couleur,
        highlight=False,
        legacy_windows=False,
    )
    for line in lines:
        console.print(line, soft_wrap=True)
    return out.getvalue()


def _detail(report: Report, contexte: Contexte, width: int) -> Iterator[Text]:
    yield from _entete(report, width)
    for feuille in regrouper(report):
        yield from _feuille(feuille, contexte, width)
    if report.indicateurs:
        yield Text()
        yield Text("Indicateurs", style="bold underline")
        yield from tableau_indicateurs(report.indicateurs, width)
    yield from _non_controlees(report, width)
    yield from _verdict(report, width)


def _entete(report: Report, width: int) -> Iterator[Text]:
    yield from _lignes(ligne(report.fichier), width, style="bold")
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
        text = typographie(f"{name} : {ligne(value)}")
        yield from _lignes(text, width, first="  ", rest="    ")
    for limite in report.limites:
        yield from _lignes(
            typographie(f"Limite atteinte : {ligne(limite)}"), width, first="  ! ", rest="    "
        )


def _feuille(feuille: Feuille, contexte: Contexte, width: int) -> Iterator[Text]:
    counts = [(feuille.compte(severity), severity) for severity in Severity]
    text = ", ".join(compter(count, severity) for count, severity in counts if count)
    yield Text()
    title = feuille.nom if feuille.nom == CLASSEUR else f"Feuille «\u00a0{feuille.nom}\u00a0»"
    for line in _lignes(f"{title} — {text or 'dérogations seulement'}", width):
        line.stylize("bold underline")
        yield line
    for groupe in feuille.groupes:
        yield Text()
        yield from _groupe(groupe, contexte, width)


def _groupe(groupe: Groupe, contexte: Contexte, width: int) -> Iterator[Text]:
    mark = GRAVITES[groupe.gravite]
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


def _faute(faute: Faute, width: int, *, correction: bool) -> Iterator[Text]:
    cells = enumerer(faute.cellules)
    first = f"    {cells} : " if cells else "    "
    yield from _lignes(typographie(first) + faute.message, width, rest="      ")
    if faute.derogation is not None:
        text = typographie(f"Dérogation : {faute.derogation}")
        yield from _lignes(text, width, first="      ", rest="      ")
    if faute.justification is not None:
        text = typographie(f"Justification : {faute.justification}")
        yield from _lignes(text, width, first="      ", rest="      ")
    if correction and faute.correction:
        yield from _cure(faute.correction, width)


def _cure(text: str, width: int) -> Iterator[Text]:
    text = typographie("Comment corriger : ") + text
    yield from _lignes(text, width, first="    ", rest="      ", style="green")


def _reste(hidden: Sequence[Faute]) -> str:
    cells = tuple(dict.fromkeys(cell for faute in hidden for cell in faute.cellules))
    count = sum(faute.nombre for faute in hidden)
    text = f"… et {combien(count, 'autre anomalie', 'autres anomalies')} de la même règle"
    return typographie(f"{text} : {enumerer(cells)}" if cells else text)


def _non_controlees(report: Report, width: int) -> Iterator[Text]:
    reasons = non_abouties(report)
    if not reasons:
        return
    yield Text()
    yield Text("Règles qui n'ont pas pu être contrôlées", style="bold underline")
    for word, why, codes in reasons:
        shown = ", ".join(codes[:CODES_MONTRES])
        left = len(codes) - CODES_MONTRES
        if left > 0:
            shown += f" et {combien(left, 'autre règle', 'autres règles')}"
        said = f"{shown} — {word}{INSECABLE}: {ligne(why)}"
        yield from _lignes(said, width, first="  ", rest="    ")


def _verdict(report: Report, width: int) -> Iterator[Text]:
    mark = VERDICTS[report.verdict]
    yield Text()
    yield Text("─" * width, style=mark.couleur)
    text = f"{mark.symbole} {phrase_verdict(report)}"
    yield from _lignes(text, width, rest="  ", style=f"bold {mark.couleur}")
    yield from _lignes(suite(report), width, first="  ", rest="  ")


def _synthese(reports: Sequence[Report], width: int) -> Iterator[Text]:
    for report in reports:
        mark = VERDICTS[report.verdict]
        who = ligne(report.raison_sociale or "organisme non renseigné")
        text = typographie(
            f"{mark.symbole} {mark.mot} — {ligne(report.fichier)} — {who} : {bilan(report)}"
        )
        lines = list(_lignes(text, width, rest="    "))
        lines[0].stylize(mark.couleur, 0, len(mark.symbole) + 1 + len(mark.mot))
        yield from lines
    yield Text()
    yield Text(combien(len(reports), "classeur contrôlé", "classeurs contrôlés"), style="bold")
    for verdict in Verdict:
        count = sum(report.verdict is verdict for report in reports)
        if count:
            mark = VERDICTS[verdict]
            yield Text(f"  {mark.symbole} {mark.mot}\u00a0: {count}", style=mark.couleur)


def _lignes(
    text: str, width: int, *, first: str = "", rest: str = "", style: str = ""
) -> Iterator[Text]:
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
        yield Text(line, style=style)
