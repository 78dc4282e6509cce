"""Will Excel open what we write? Each output is checked by openxml-audit and by our own list.

openxml-audit knows the schemas of ECMA-376 and of Microsoft's extensions; `excel_repairs` knows
what
schemas do not say. Two alarms of the former are none: the option that shows #N/A as a gap of a
chart (`dispNaAsBlank`), which Excel writes itself, and the advice against texts kept in their cells
(`t="inlineStr"`, ECMA-376 part 1, § 18.18.11), which Excel opens and saves its own way.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.atelier import WORKBOOKS
from tests.delivery.excel_repairs import triggers
from tests.reports.annotate.rich_workbook import anomalie, rich
from xl_cpom.cli import cli
from xl_cpom.reports.annotate import annotate
from xl_cpom.workbook.formulas.variants import Variante

FAUSSES_ALARMES = ("dispNaAsBlank", "inline-string cell")


def launch(*arguments: object) -> None:
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    assert done.exit_code in (0, 1), done.output


def gabarit(folder: Path) -> list[Path]:
    paths = []
    for variante in Variante:
        paths.append(folder / f"gabarit_{variante.value}.xlsx")
        launch("gabarit", "-o", paths[-1], "--variante", variante.value)
    return paths


def examples(folder: Path) -> list[Path]:
    return sorted(WORKBOOKS.glob("*.xlsx"))


def copies(folder: Path) -> list[Path]:
    for name in ("exemple_fautif.xlsx", "exemple_valide.xlsx"):
        launch("annoter", WORKBOOKS / name, "-o", folder)
    return sorted(folder.glob("*.xlsx"))


def rich_copy(folder: Path) -> list[Path]:
    path = folder / "riche.xlsx"
    annotate(rich(), [anomalie("Plan d'actions", "C6")], path)
    return [path]


def rapport(folder: Path) -> list[Path]:
    path = folder / "rapport.xlsx"
    launch("valider", WORKBOOKS / "exemple_fautif.xlsx", "--format", "xlsx", "-o", path)
    return [path]


def versement(folder: Path) -> list[Path]:
    path = folder / "verse.xlsx"
    launch("transvaser", WORKBOOKS / "exemple_fautif.xlsx", "-o", path)
    return [path]


def consolidation(folder: Path) -> list[Path]:
    returns, out = folder / "retours", folder / "consolidation"
    returns.mkdir()
    for name in ("exemple_fautif.xlsx", "exemple_valide.xlsx"):
        (returns / name).write_bytes((WORKBOOKS / name).read_bytes())
    launch("valider", returns, "--consolidation", out)
    found = sorted(out.rglob("*.xlsx"))
    assert found
    return found


OUTPUTS = (gabarit, examples, copies, rich_copy, rapport, versement, consolidation)


@pytest.mark.parametrize("output", OUTPUTS, ids=lambda f: f.__name__)
def test_excel_would_open_it(output, tmp_path: Path, record_property) -> None:  # type: ignore[no-untyped-def]
    from openxml_audit import OpenXmlValidator

    paths = output(tmp_path)
    assert paths
    for path in paths:
        assert triggers(path) == [], path.name
        found = [str(error) for error in OpenXmlValidator().validate(str(path)).errors]
        true = [text for text in found if not any(one in text for one in FAUSSES_ALARMES)]
        assert true == [], path.name
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
