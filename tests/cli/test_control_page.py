"""`--page-controle`: Accueil names the page, the lots and the server hand it over."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.atelier import WORKBOOKS
from xl_cpom.batch.bundle_folder import carry_page
from xl_cpom.batch.bundles import EMAIL
from xl_cpom.batch.planned_workbook import PlannedWorkbook
from xl_cpom.batch.programmation import Programme
from xl_cpom.cli import main
from xl_cpom.server.application import make_application
from xl_cpom.server.settings import ServerSettings
from xl_cpom.workbook.control_page import CONTROL_PAGE
from xl_cpom.workbook.reader import read_workbook
from xl_cpom.workbook.transfer import transfer

ADDRESS = "https://ars.exemple.fr/cpom/"


def launched(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    with pytest.raises(SystemExit) as end:
        main([*map(str, arguments)])
    return int(end.value.code or 0), capsys.readouterr().err


def test_the_first_sheet_gives_the_address_and_none_of_it_is_lost_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "vierge.xlsx"
    code, _ = launched(capsys, "gabarit", "-o", path, "--page-controle", ADDRESS)
    assert code == 0
    texts = [str(c.value) for c in read_workbook(path).sheets[0].cells.values()]
    assert [f"«\u00a0{ADDRESS}\u00a0»" in text for text in texts].count(True) == 1
    assert not any(CONTROL_PAGE in text for text in texts)
    assert transfer(path, tmp_path / "neuf.xlsx").not_taken == ()


@pytest.mark.parametrize("given", ["ftp://x", "https://x y", "page", "a\u0000b.html"])
def test_what_is_no_page_is_refused(
    given: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = launched(capsys, "gabarit", "-o", tmp_path / "v.xlsx", "--page-controle", given)
    assert code == 2 and "https://…" in said and not (tmp_path / "v.xlsx").exists()


def test_another_address_is_another_workbook_to_prepare() -> None:
    programme = Programme("210099008")
    known, other = (
        PlannedWorkbook(programme, "a.xlsx", {}, control_page=page)
        for page in (CONTROL_PAGE, ADDRESS)
    )
    assert known.digest == PlannedWorkbook(programme, "a.xlsx", {}).digest != other.digest


def test_each_bundle_carries_it_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, lots = tmp_path / "page.html", tmp_path / "lots"
    page.write_bytes(b"<!DOCTYPE html>1")
    for name in ("a", "b"):
        (lots / name).mkdir(parents=True)
        (lots / name / EMAIL).touch()
    (lots / "autre").mkdir()
    for content in (page.read_bytes(), b"<!DOCTYPE html>2"):
        page.write_bytes(content)
        carry_page(page, lots)
        found = sorted(lots.rglob(CONTROL_PAGE))
        assert [path.parent.name for path in found] == ["a", "b"]
        assert [path.read_bytes() for path in found] == [content, content]
    alone, said = launched(
        capsys, "valider", WORKBOOKS / "exemple_valide.xlsx", "--page-controle", page
    )
    assert alone == 2 and "--lots" in said


def test_the_server_hands_it_over_when_it_has_it(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(b"<!DOCTYPE html>")
    with_it = TestClient(make_application(ServerSettings(control_page=page)), "http://127.0.0.1")
    assert f'href="/{CONTROL_PAGE}"' in with_it.get("/").text
    answer = with_it.get(f"/{CONTROL_PAGE}")
    assert answer.content == page.read_bytes()
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{CONTROL_PAGE}"'
    without = TestClient(make_application(), "http://127.0.0.1")
    assert CONTROL_PAGE not in without.get("/").text
    assert without.get(f"/{CONTROL_PAGE}").status_code == 404
