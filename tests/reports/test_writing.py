"""Files: one for all or one per workbook, whole or not at all; every format of the table."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reports import report_factory as fabrique
from xl_cpom.files.atomic import WriteError
from xl_cpom.reports.renderings import FORMATS
from xl_cpom.reports.writing import write_rendered

REPORTS = (fabrique.faulty_report(), fabrique.valid_report(), fabrique.valid_report())


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written_to_a_file_or_a_folder(name: str, tmp_path: Path) -> None:
    one = FORMATS[name]
    target = tmp_path / f"tout.{one.extension}"
    assert write_rendered(one, REPORTS, target) == (target,)
    assert target.read_bytes() == one.content(REPORTS)
    folder = tmp_path / "dossier"
    folder.mkdir()
    written = write_rendered(one, REPORTS, folder)
    names = [f"{stem}.{one.extension}" for stem in ("retour", "exemple_valide", "exemple_valide_2")]
    assert [path.name for path in written] == names
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
    assert written[0].read_bytes() == one.content(REPORTS[:1])


@pytest.mark.parametrize("name", FORMATS)
def test_no_report_brings_a_format_down(name: str) -> None:
    everything = (*REPORTS, fabrique.unreadable_report(), fabrique.failed_report())
    for reports in ((), (fabrique.rapport(),), everything):
        assert FORMATS[name].content(reports) or (name in ("lettre",) and not reports)


def test_an_absent_folder_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(WriteError):
        write_rendered(FORMATS["json"], REPORTS, tmp_path / "absent" / "rapport.json")
    assert list(tmp_path.iterdir()) == []


def test_a_failure_of_rendering_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "rapport.json"
    target.write_text("ancien")
    monkeypatch.setattr(
        "xl_cpom.validators.model.Report.to_dict", lambda report: {"ensemble": {report.file}}
    )
    with pytest.raises(TypeError):
        write_rendered(FORMATS["json"], REPORTS, target)
    assert target.read_text() == "ancien"
