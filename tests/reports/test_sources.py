"""Each source has a title, an address, the day it was read; old ones are flagged."""

from __future__ import annotations

import datetime as dt
import json

from click.testing import CliRunner

from xl_cpom.cli import cli
from xl_cpom.referentiel import load_referentiel
from xl_cpom.reports.sources import lines


def test_each_says_what_it_must() -> None:
    for source in load_referentiel().sources.values():
        assert source.texte and source.lu is not None, source.code
        assert source.url.startswith("https://") or source.code == "PROJET", source.code


def test_something_rests_on_each() -> None:
    found = lines(load_referentiel(), dt.date(2026, 12, 1))
    assert [line.source.code for line in found if not line.data and not line.rules] == []
    helios = next(line for line in found if line.source.code == "HELIOS")
    assert any(part.endswith("(jours_annee)") for part in helios.data)
    assert "VRA-001" in helios.rules


def test_those_older_than_two_years() -> None:
    def old(day: dt.date) -> set[str]:
        return {x.source.code for x in lines(load_referentiel(), day) if x.old}

    now = old(dt.date(2026, 12, 1))
    assert "ARRETE-TDB-2022" in now
    assert "HAS-COTATION" not in now
    assert "HAS-COTATION" in old(dt.date(2028, 6, 1))


def test_the_command() -> None:
    def run(*options: str) -> str:
        done = CliRunner().invoke(cli, ["sources", *options])
        assert done.exit_code == 0, done.output
        return done.stdout

    given = json.loads(run("--format", "json", "--date", "2026-12-01"))["sources"]
    has = next(source for source in given if source["code"] == "HAS-COTATION")
    assert (has["date"], has["lue"], has["ancienne"]) == ("2026-01-08", "2026-11-30", False)
    assert "critères du manuel HAS" in run()
    assert "plus de 2 ans" in run("--anciennes", "--date", "2026-12-01").replace("\u00a0", " ")
