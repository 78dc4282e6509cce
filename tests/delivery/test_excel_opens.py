"""Will Excel open what we write? Each output is checked by openxml-audit and by our own list."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.ampleur import une_sur
from tests.atelier import WORKBOOKS
from tests.delivery.excel_repairs import triggers
from tools.fiabilite.opening import OUTPUTS, Output, check_opening, models

LONG = {"prepared", "lots", "filled_from_returns", "versement"}
"""What other outputs are made of again."""


@pytest.mark.parametrize(
    "output",
    [pytest.param(o, marks=[pytest.mark.long] if o.__name__ in LONG else []) for o in OUTPUTS],
    ids=lambda f: f.__name__,
)
def test_excel_would_open_it(output: Output, tmp_path: Path, record_property) -> None:  # type: ignore[no-untyped-def]
    paths = output(tmp_path)
    assert paths or output is models
    audited = une_sur(3, paths)  # seconds each
    for path in paths:
        errors = check_opening(path).errors if path in audited else ()
        assert (errors, triggers(path)) == ((), []), path.name
    record_property("cas", len(paths))


def test_the_list_finds_what_makes_excel_repair(tmp_path: Path) -> None:
    """A list that finds nothing anywhere would prove nothing."""
    path = tmp_path / "abime.xlsx"
    with zipfile.ZipFile(WORKBOOKS / "exemple_valide.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    book = parts["xl/workbook.xml"]
    parts["xl/workbook.xml"] = book.replace(b'name="Modules"', b'name="accueil"').replace(
        b'windowWidth="', b'windowWidth="9'
    )
    table = parts["xl/tables/table2.xml"]
    parts["xl/tables/table2.xml"] = table.replace(b' id="2"', b' id="1"', 1)
    parts["xl/orphelin.bin"] = b""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    found = triggers(path)
    for word in ("onglet accueil", "fenêtre", "id de tableau 1", "partie sans type"):
        assert any(word in text for text in found), (word, found)
