"""The plain formulas of the help pages are formulas: another program reads them in French."""

from __future__ import annotations

import re

import pytest

from tools.pages_fonctions import function_pages
from xl_cpom.functions import FUNCTIONS

BLOC = re.compile(r"^```text\n(=.+)\n```$", re.MULTILINE)


def test_every_page_gives_a_plain_formula_a_french_spreadsheet_reads() -> None:
    ironcalc = pytest.importorskip("ironcalc", reason="IronCalc absent : formules non relues")
    pages = {path: text for path, text in function_pages() if "CPOM_" in path}
    assert len(pages) == len(FUNCTIONS)
    model = ironcalc.create("pages", "fr", "Europe/Paris", "fr")
    written = []
    for path, text in pages.items():
        found = BLOC.findall(text.partition("## Sans complément")[2])
        assert found, path
        for formula in found:
            if "{" in formula:
                continue  # IronCalc does not read its own array constants in French
            written.append((path, formula))
            model.set_user_input(0, 100 + len(written), 20, formula)
    model.evaluate()
    refused = [
        (path, formula)
        for rank, (path, formula) in enumerate(written, start=1)
        if model.get_cell_value(0, 100 + rank, 20) in ("#ERROR!", "#NOM?", "#NAME?", "#N/IMPL!")
        and "nomenclature_" not in formula  # names of the standard workbook
    ]
    assert refused == []
    assert len(written) > len(FUNCTIONS)
