"""All France in small: stopped and taken up again, made anew when it is another run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tools.synthese import france
from tools.synthese.france_page import BEGIN, END, put_in_page
from tools.synthese.long_run import LongRun, NotOurFolderError

GUIDES = Path(__file__).resolve().parents[2] / "docs" / "guides"


def launch(out: Path, *options: object) -> Result:
    return CliRunner().invoke(france.main, [str(out), "-j", "2", *map(str, options)])


def test_the_whole_country() -> None:
    assert len(france.DEPARTEMENTS) == len(set(france.DEPARTEMENTS)) == 101
    assert len(france.REGIONS) == 18
    assert set(france.territory().weights) == set(france.DEPARTEMENTS)


def test_a_run_that_was_cut_keeps_its_seconds_and_what_it_wrote(tmp_path: Path) -> None:
    out, stamp = tmp_path / "passage", {"organismes": 4}
    first = LongRun(out, stamp, ["retours"])
    (out / "retours").mkdir()
    with pytest.raises(KeyboardInterrupt), first.phase("écriture", 3) as phase:
        phase.tick("mémoire : 3 Mo")
        raise KeyboardInterrupt
    spent = first.seconds["écriture"]
    first.close()
    again = LongRun(out, stamp, ["retours"])
    assert again.taken_up and again.seconds["écriture"] == spent > 0
    with again.phase("écriture", 1) as phase:
        phase.tick("mémoire : 4 Mo")
    assert again.seconds["écriture"] > spent
    again.close()
    log = (out / "avancement.log").read_text("utf-8")
    log = re.sub(r"[\u00a0\u202f]", " ", log)
    assert "Passage repris" in log and "1 sur 1" in log and "mémoire : 4 Mo" in log
    other = LongRun(out, {"organismes": 5}, ["retours"])
    assert not other.taken_up and not other.seconds and not (out / "retours").exists()
    other.close()


def test_the_page_takes_the_figures_printed_and_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "campagne.md"
    page.write_text(f"Avant.\n\n{BEGIN}\nancien\n{END}\n\nAprès.\n", "utf-8")
    put_in_page(page, {"retours": 5970.0, "contrôle (s)": 412.5})
    found = re.sub(r"[\u00a0\u202f]", " ", page.read_text("utf-8"))
    assert found.startswith("Avant.\n\n") and found.endswith("\n\nAprès.\n")
    assert "| retours | 5 970 |\n| contrôle (s) | 412,5 |\n" in found and "ancien" not in found
    kept = (GUIDES / "campagne.md").read_text("utf-8")
    assert kept.count(BEGIN) == kept.count(END) == 1
    page.write_text("Avant.\n", "utf-8")
    with pytest.raises(ValueError, match="france"):
        put_in_page(page, {})


def test_a_folder_of_somebody_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "retours").mkdir()
    with pytest.raises(NotOurFolderError):
        LongRun(tmp_path, {"organismes": 4}, ["retours"])
    assert launch(tmp_path, "--og", 4).exit_code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["retours"]


def test_three_organismes_of_the_whole_country(tmp_path: Path) -> None:
    out = tmp_path / "france"
    made = launch(out, "--og", 3, "-j", 1)
    assert made.exit_code == 0, made.output
    for said in ("retours", "mémoire à la fin, principal (Mo)", "feuilles qui continuent"):
        assert said in made.output
    assert (out / "consolidation" / "region.xlsx").is_file()


@pytest.mark.long
def test_all_france_in_small(tmp_path: Path) -> None:
    out = tmp_path / "france"
    first = launch(out, "--og", 8, "--lignes-par-feuille", 100)
    assert first.exit_code == 0, first.output
    made = {path.name: path.stat().st_mtime_ns for path in (out / "retours").iterdir()}
    assert len(made) == len(json.loads((out / "manifeste.json").read_text("utf-8")))
    (out / "retours" / min(made)).unlink()
    second = launch(out, "--og", 8)
    assert second.exit_code == 0, second.output
    again = {path.name: path.stat().st_mtime_ns for path in (out / "retours").iterdir()}
    assert {name for name in made if again[name] != made[name]} == {min(made)}
    for said in ("retours", "mémoire à la fin, principal (Mo)", "feuilles qui continuent"):
        assert said in second.output
