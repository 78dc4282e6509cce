"""Write the standard workbook: blank, pre-filled or filled, in one of its three variants."""

from __future__ import annotations

import datetime as dt
import io
import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from xlsxwriter import Workbook

from xl_cpom.files.atomic import atomic_write
from xl_cpom.workbook.building import ContentBySheet
from xl_cpom.workbook.control_page import CONTROL_PAGE
from xl_cpom.workbook.formulas.variants import Variante, define_lambdas
from xl_cpom.workbook.mark import template_mark, write_mark
from xl_cpom.workbook.model import Layout, Sheet
from xl_cpom.workbook.reader.collector import collector_paused
from xl_cpom.workbook.records import Classeur
from xl_cpom.workbook.sheets import SHEETS, VERSION_GABARIT
from xl_cpom.workbook.tabs import AIDE, CONTROLES, HOME
from xl_cpom.workbook.template import accueil, action_help, controles
from xl_cpom.workbook.template.cell_writing import TemplateSheet
from xl_cpom.workbook.template.chart import write_chart
from xl_cpom.workbook.template.content import Locks, SheetContent, build
from xl_cpom.workbook.template.fiche import define_names, write_fiche
from xl_cpom.workbook.template.lists_sheet import ListsSheet, write_lists
from xl_cpom.workbook.template.looks import FONT, TemplateStyles
from xl_cpom.workbook.template.tables import TemplateContext, define_own_numbers, write_table
from xl_cpom.workbook.template.unanswered import mark_unanswered

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

CREATED = dt.datetime(2026, 1, 1)
"""Fixed date of creation: the same inputs give the same bytes."""

CALC_ID = 191029
"""Calculation engine of Excel 2019 and later: no recalculation when the workbook is opened."""

Finition = Callable[[Any, Mapping[str, Any], Mapping[str, SheetContent]], None]
"""Last touch: (workbook, tab by sheet key, content by sheet key)."""


def write_template(
    path: str | os.PathLike[str],
    referentiel: Referentiel,
    *,
    contenu: ContentBySheet | None = None,
    annee_n1: int | None = None,
    variante: Variante = Variante.MIXTE,
    sheets: Mapping[str, Sheet] = SHEETS,
    offsets: Mapping[str, int] | None = None,
    locks: Locks | None = None,
    finition: Finition | None = None,
    control_page: str = CONTROL_PAGE,
) -> None:
    """Write the standard workbook at `path`, whole or not at all.

    contenu: values by sheet, see `ContentBySheet`; annee_n1: first year of the contract (the
    référentiel's by default); sheets, offsets and finition serve the faulty example, which needs
    renamed headers, shifted rows and merged cells. locks: entries that are settled. control_page:
    address or file of the page that controls, for « Accueil ». Raises WriteError when the target
    cannot be written, ValueError on content for an unknown sheet or column.
    """
    filled = _with_first_year(contenu or {}, annee_n1 or referentiel.annee_n1)
    contents, classeur = build(referentiel, sheets, filled, offsets, locks)
    made = io.BytesIO()  # XlsxWriter would leave a file half written open on a full disk
    workbook = Workbook(made, _options())
    with collector_paused():
        _write(workbook, referentiel, contents, classeur, variante, sheets, finition, control_page)
        workbook.close()
    with atomic_write(path) as temporary:
        temporary.write_bytes(made.getvalue())


def _options() -> dict[str, Any]:
    """Options of XlsxWriter, which writes into them: each workbook has its own."""
    default = {"font_name": FONT, "font_size": 10, "font_scheme": False}
    return {"in_memory": True, "default_format_properties": default}


def _with_first_year(contenu: ContentBySheet, annee_n1: int) -> ContentBySheet:
    fiche = (contenu.get("identification") or ({},))[0]
    return {**contenu, "identification": ({"annee_n1": annee_n1, **fiche},)}


def _write(
    workbook: Any,
    referentiel: Referentiel,
    contents: Mapping[str, SheetContent],
    classeur: Classeur,
    variante: Variante,
    sheets: Mapping[str, Sheet],
    finition: Finition | None,
    control_page: str,
) -> None:
    workbook.worksheet_class = TemplateSheet
    workbook.calc_on_load = False
    workbook.calc_id = CALC_ID
    organisme = str(contents["identification"].written[0].get("raison_sociale") or "")
    workbook.set_properties({
        "title": referentiel.libelle, "subject": f"Classeur standard {VERSION_GABARIT}",
        "author": "CPOM socle", "company": organisme, "created": CREATED,
    })  # fmt: skip
    workbook.set_size(1600, 933)  # pixels: 24,000 by 14,000 twips once written
    styles = TemplateStyles(workbook)
    context = TemplateContext(
        workbook, styles, referentiel, sheets, variante, organisme, control_page
    )
    first = workbook.add_worksheet(HOME)
    tabs = {key: workbook.add_worksheet(sheet.name) for key, sheet in sheets.items()}
    last = workbook.add_worksheet(CONTROLES)
    this_help = workbook.add_worksheet(AIDE)
    lists = ListsSheet(workbook, styles)
    write_lists(lists, sheets, referentiel)
    if variante is Variante.LAMBDA:
        define_lambdas(workbook)
    define_names(workbook, contents["identification"].place)
    define_own_numbers(workbook, contents["etablissements"].place)
    accueil.write_home(context, first, classeur)
    mark_unanswered(context, tabs["indicateurs"], contents)
    for key, sheet in sheets.items():
        write = write_fiche if sheet.layout is Layout.FICHE else write_table
        write(context, tabs[key], contents[key])
    write_chart(context, tabs["indicateurs"], contents["indicateurs"], lists, classeur)
    controles.write_controles(context, last)
    action_help.write_help(context, this_help)
    write_mark(workbook, template_mark(referentiel, variante))
    if finition is not None:
        finition(workbook, tabs, contents)
    first.activate()
