"""The first sheet: whose workbook it is, how to fill it, what the colours mean, what is left."""

from __future__ import annotations

from typing import Any

from xl_cpom.typography import typeset
from xl_cpom.version import __version__
from xl_cpom.workbook.control_page import CONTROL_PAGE
from xl_cpom.workbook.filled_share import sheet_fill, total_rate
from xl_cpom.workbook.formulas.variants import Variante, expand_calls
from xl_cpom.workbook.records import Classeur
from xl_cpom.workbook.sheets import VERSION_GABARIT
from xl_cpom.workbook.template import sheet_page
from xl_cpom.workbook.template.cell_writing import write_formula
from xl_cpom.workbook.template.completeness import etat
from xl_cpom.workbook.template.looks import (
    COMPUTED,
    HEADER_OPTIONAL,
    LINK,
    MISSING,
    MUTED,
    NAVY,
    RULE,
    STATES,
    WHITE,
)
from xl_cpom.workbook.template.measure import height, lines
from xl_cpom.workbook.template.tables import TemplateContext

STEPS = (
    "Remplissez « Identification », puis « Établissements » : les autres feuilles s'y réfèrent.",
    "Dans « Modules », indiquez les modules à la carte que le contrat active.",
    "Saisissez une ligne par action, point de fragilité, système, critère, mesure ou exercice. "
    "Les cases jaunes sont obligatoires ; les cases grises se calculent seules.",
    "Dans « Indicateurs », saisissez les cibles et reportez le taux calculé dans « Réalisé » de "
    "l'année suivie.",
)

BY_PAGE = (
    f"Contrôlez le classeur : ouvrez « {CONTROL_PAGE} », que l'ARS vous a remis ou indiqué, et "
    "déposez-l'y, sans rien installer. Corrigez ce qui est signalé, puis envoyez-le à l'ARS en "
    ".xlsx."
)
BY_ADD_IN = (
    "Contrôlez le classeur : onglet « CPOM » du ruban, bouton « Vérifier ». Corrigez ce qui est "
    "signalé, puis envoyez-le à l'ARS en .xlsx."
)
"""The last step, by what the workstation has: the page, or the add-in when it answers."""

NOTES = (
    "Collez toujours sans la mise en forme (collage spécial, valeurs) : les menus et les contrôles "
    "restent en place.",
    "Les feuilles sont protégées sans mot de passe. S'il manque des lignes : Révision > Ôter la "
    "protection de la feuille, puis tirez le coin du tableau vers le bas.",
    "Laissez vide ce que vous ne savez pas : 0 veut dire zéro. Un taux sans objet reste vide : "
    "sa colonne « Atteinte » le dit.",
)

WHOLE_PERCENT = "0\\ %"

FORMER = (
    "5. Contrôlez le classeur : ouvrez « controle-cpom.html » et déposez-l'y, sans rien installer "
    "; ou « Vérifier » du complément. Corrigez ce qui est signalé, puis envoyez-le à l'ARS en "
    ".xlsx.",
    "• Laissez vide ce que vous ne savez pas : 0 veut dire zéro. « Sans objet » s'affiche #N/A.",
)
"""What earlier workbooks say here and this one says otherwise: not what a gestionnaire wrote."""

_WIDTHS = (2.0, 24.0, 66.0, 9.0, 13.0, 17.0, 10.0)


def write_home(context: TemplateContext, tab: Any, classeur: Classeur) -> None:
    """Write the first sheet on a blank tab."""
    for index, width in enumerate(_WIDTHS):
        tab.set_column(index, index, width)
    row = _identity(context, tab, classeur)
    row = _steps(context, tab, row + 1)
    row = _states(context, tab, row + 1, classeur)
    row = _legend(context, tab, row + 1)
    _version(context, tab, row + 1)
    tab.hide_gridlines(2)
    tab.set_tab_color(NAVY)
    sheet_page.protect(tab)
    sheet_page.print_setup(tab, context.organisme, context.referentiel.libelle, landscape=False)
    tab.fit_to_pages(1, 1)


def _identity(context: TemplateContext, tab: Any, classeur: Classeur) -> int:
    band = {"bg_color": NAVY, "font_color": WHITE, "valign": "vcenter"}
    title = context.styles(bold=True, font_size=18, **band)
    line = context.styles(font_size=12, **band)
    fill = context.styles(**band)
    for row, points in enumerate((34, 22, 22)):
        tab.set_row(row, points)
        for col in range(len(_WIDTHS)):
            tab.write_blank(row, col, None, fill)
    tab.write_string(0, 1, context.referentiel.libelle, title)
    fiche = classeur.identification
    write_formula(
        tab, 1, 1, 'IF(LEN(id_raison_sociale)=0,"Organisme gestionnaire à renseigner",'
        'id_raison_sociale&IF(LEN(id_finess_ej)=0,""," – FINESS EJ "&id_finess_ej))', line,
        _organisme(fiche.raison_sociale, fiche.finess_ej),
    )  # fmt: skip
    suivie, civile = fiche.annee_suivie, classeur.annee_suivie
    write_formula(
        tab, 2, 1, 'IF(LEN(id_annee_suivie)=0,"Année suivie à renseigner",'
        '"Année suivie : "&TRIM(LEFT(id_annee_suivie,2))&" ("&id_annee_civile_suivie&")")', line,
        f"Année suivie : {suivie} ({civile})" if suivie else "Année suivie à renseigner",
    )  # fmt: skip
    return 3


def _organisme(name: str | None, finess: str | None) -> str:
    if not name:
        return "Organisme gestionnaire à renseigner"
    return f"{name} – FINESS EJ {finess}" if finess else name


def _heading(context: TemplateContext, tab: Any, row: int, text: str) -> int:
    look = context.styles(bold=True, font_size=12, font_color=NAVY, bottom=2, bottom_color=NAVY)
    tab.set_row(row, 22)
    for col in range(1, len(_WIDTHS)):
        tab.write_blank(row, col, None, look)
    tab.write_string(row, 1, text, look)
    return row + 1


def _steps(context: TemplateContext, tab: Any, row: int) -> int:
    row = _heading(context, tab, row, "Mode d'emploi")
    text = context.styles(text_wrap=True, valign="vcenter")
    note = context.styles(text_wrap=True, valign="vcenter", font_color=MUTED, italic=True)
    for rank, step in enumerate(STEPS, start=1):
        _paragraph(tab, row, typeset(f"{rank}. {step}"), text)
        row += 1
    _last_step(context, tab, row, text)
    row += 1
    for line in NOTES:
        _paragraph(tab, row, typeset(f"• {line}"), note)
        row += 1
    return row


def _last_step(context: TemplateContext, tab: Any, row: int, look: Any) -> None:
    """The control, told by what is really there: a formula asks whether the add-in answers."""
    page = BY_PAGE.replace(CONTROL_PAGE, context.control_page)
    by_page, by_add_in = (typeset(f"{len(STEPS) + 1}. {text}") for text in (page, BY_ADD_IN))
    if context.variante not in (Variante.MIXTE, Variante.XLWINGS):
        _paragraph(tab, row, by_page, look)
        return
    _paragraph(tab, row, "", look)
    shown = by_page if context.variante is Variante.MIXTE else by_add_in
    text = f'IF(ISERROR(CPOM_VERSION()),"{by_page}","{by_add_in}")'
    write_formula(tab, row, 1, text, look, shown)
    tab.set_row(row, height(lines(by_page, sum(_WIDTHS[1:])), 5))


def _paragraph(tab: Any, row: int, text: str, look: Any) -> None:
    """A text over the whole width."""
    tab.merge_range(row, 1, row, len(_WIDTHS) - 1, text, look)
    tab.set_row(row, height(lines(text, sum(_WIDTHS[1:])), 5))


def _states(context: TemplateContext, tab: Any, row: int, classeur: Classeur) -> int:
    row = _heading(context, tab, row, "Où en est le classeur")
    ruled: dict[str, Any] = {"bottom": 1, "bottom_color": RULE, "valign": "vcenter"}
    head = context.styles(bold=True, bg_color=HEADER_OPTIONAL, text_wrap=True, **ruled)
    for col, text in enumerate(
        ("Feuille", "Ce qu'on y met", "Lignes", "Obligatoires vides", "État", "Rempli"), start=1
    ):
        tab.write_string(row, col, text, head)
    tab.set_row(row, 28)
    first = row + 1
    expected: list[str] = []
    filled: list[str] = []
    fills = []
    for row, sheet in enumerate(context.sheets.values(), start=first):
        tab.write_url(
            row, 1, f"internal:'{sheet.name.replace(chr(39), chr(39) * 2)}'!A1",
            context.styles(**ruled, font_color=LINK, underline=1), sheet.name,
            f"Ouvrir la feuille « {sheet.name} »",
        )  # fmt: skip
        purpose = typeset(sheet.purpose)
        tab.write_string(row, 2, purpose, context.styles(**ruled, text_wrap=True))
        tab.set_row(row, max(18, height(lines(purpose, _WIDTHS[2]), 5)))
        counts = etat(sheet, classeur, (f"D{row + 1}", f"E{row + 1}", f"F{row + 1}"))
        figure = context.styles(align="center", num_format="0", **ruled)
        write_formula(tab, row, 3, counts.rows[0], figure, counts.rows[1])
        write_formula(tab, row, 4, counts.empty[0], figure, counts.empty[1])
        write_formula(tab, row, 5, counts.state[0], context.styles(**ruled), counts.state[1])
        share = context.styles(align="center", num_format=WHOLE_PERCENT, **ruled)
        write_formula(tab, row, 6, counts.share[0], share, counts.share[1])
        expected.append(counts.expected)
        filled.append(counts.filled)
        fills.append(sheet_fill(sheet, classeur))
    for symbol, ink, fill in (STATES["fait"], ("○", "#6B4300", MISSING), STATES["hors compte"]):
        tab.conditional_format(first, 5, row, 5, {
            "type": "text", "criteria": "begins with", "value": symbol,
            "format": context.styles.difference(font_color=ink, bg_color=fill),
        })  # fmt: skip
    _whole(context, tab, row + 1, (filled, expected), total_rate(fills))
    return row + 2


def _whole(
    context: TemplateContext,
    tab: Any,
    row: int,
    terms: tuple[list[str], list[str]],
    rate: float | None,
) -> None:
    """How much of the whole workbook is filled."""
    look: dict[str, Any] = {"bold": True, "valign": "vcenter", "bottom": 1, "bottom_color": RULE}
    tab.set_row(row, 20)
    tab.write_string(row, 1, "Tout le classeur", context.styles(**look))
    said = typeset("Part des cases obligatoires qui sont remplies : 100 % avant l'envoi.")
    tab.write_string(row, 2, said, context.styles(**look))
    for col in (3, 4, 5):
        tab.write_blank(row, col, None, context.styles(**look))
    filled, expected = ("+".join(one for one in part if one != "0") for part in terms)
    share = context.styles(align="center", num_format=WHOLE_PERCENT, **look)
    write_formula(tab, row, 6, f"({filled})/({expected})", share, 0 if rate is None else rate)


def _legend(context: TemplateContext, tab: Any, row: int) -> int:
    row = _heading(context, tab, row, "Légende")
    box: dict[str, Any] = {"border": 1, "border_color": RULE, "align": "center"}
    lines = (
        ("à saisir", WHITE, "", "Case blanche : à saisir (en-tête foncé : obligatoire)."),
        ("obligatoire, vide", MISSING, "", "Case jaune : obligatoire et encore vide."),
        ("calculé", COMPUTED, "", "Case grise : fixe ou calculée, ne s'écrit pas."),
        ("✓ Réalisée", STATES["fait"][2], STATES["fait"][1], "Réalisé, résolu, levé, atteint."),
        ("◐ En cours", STATES["en cours"][2], STATES["en cours"][1],
         "En cours, en attente de levée, partiellement atteint."),
        ("↷ Reportée", STATES["reporté"][2], STATES["reporté"][1], "Reporté : à justifier."),
        ("✗ Non levée", STATES["refusé"][2], STATES["refusé"][1], "Non levé, non atteint."),
        ("– Sans objet", STATES["hors compte"][2], STATES["hors compte"][1],
         "Abandonné, annulé ou sans objet : ne compte pas dans le taux."),
    )  # fmt: skip
    for sample, fill, ink, meaning in lines:
        look = {**box, "bg_color": fill, **({"font_color": ink} if ink else {})}
        tab.write_string(row, 1, sample, context.styles(**look))
        tab.write_string(row, 2, typeset(meaning), context.styles(indent=1))
        row += 1
    return row


def _version(context: TemplateContext, tab: Any, row: int) -> None:
    small = context.styles(font_size=9, font_color=MUTED, align="left")
    tab.write_string(
        row,
        1,
        typeset(f"Modèle {VERSION_GABARIT} – référentiel {context.referentiel.id}"),
        small,
    )
    tab.write_string(row + 1, 1, typeset("Version du complément :"), small)
    text = 'IFERROR(CPOM_VERSION(),"non installé")'
    if context.variante is not Variante.MIXTE:  # there, the plain formula would say it is installed
        text = expand_calls(text, context.variante)
    dynamic = context.dynamic(text)
    said = "non installé" if context.variante is Variante.MIXTE else __version__
    write_formula(tab, row + 1, 2, text, small, said, dynamic=dynamic)
