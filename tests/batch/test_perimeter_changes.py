"""`preparer --changements`: what FINESS says has changed, in the workbooks of the next issue."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from tests.finess.flows.flux import CLOSED, EJ, ET, SECONDAIRE, ege, pmej, write
from xl_cpom.cli import cli

NEW = "210099016"


def run(*arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli, [str(a) for a in arguments])
    return done.exit_code, plat(done.stdout), plat(done.stderr)


def plat(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def perimetre(path: Path) -> dict[str, dict[str, object]]:
    tab = load_workbook(path)["Établissements"]
    names = [cell.value for cell in tab[5]]
    kept = ("Entré dans le CPOM le", "Sorti du CPOM le", "Motif d'entrée ou de sortie",
            "Ancien FINESS ET")  # fmt: skip
    return {
        str(row[0].value): {
            name: getattr(cell.value, "isoformat", lambda c=cell: c.value)()
            for name, cell in zip(names, row, strict=True)
            if plat(str(name)) in kept and cell.value
        }
        for row in tab.iter_rows(min_row=6)
        if row[0].value
    }


def test_an_opening_and_a_new_number(tmp_path: Path) -> None:
    after = [pmej()]
    after[0]["ege"].append(ege("4", NEW, infos={"dateOuverture": "2026-08-15", "siret": None}))
    after[0]["ege"][0]["informationsGeneralesEGE"]["numFinessEge"] = "210780581"
    old, _ = write(tmp_path / "a", [pmej()])
    new, _ = write(tmp_path / "b", after)
    for name in ("csv", "json"):
        listed = tmp_path / f"c.{name}"
        assert run("finess", "changements", old, new, "--format", name, "-o", listed)[0] == 0
        out = tmp_path / f"out-{name}"
        code, _, err = run("preparer", "--referentiel", tmp_path / "b", "--changements", listed,
                              "-o", out, "-j", "1")  # fmt: skip
        assert code == 0, err
        assert "2 changements inscrits sur 2 lus." in err
        (path,) = out.glob("CPOM_*.xlsx")
        assert perimetre(path) == {
            "210780581": {"Motif d'entrée ou de sortie": "changement de numéro",
                          "Ancien FINESS ET": ET},
            NEW: {"Entré dans le CPOM le": "2026-08-15T00:00:00",
                   "Motif d'entrée ou de sortie": "ouverture"},
            SECONDAIRE: {},
        }  # fmt: skip


def _line(**said: object) -> dict[str, object]:
    return {"date": "2026-07-01", "nature": "fermeture", "finess_et": CLOSED, "finess_ej": EJ,
            "ancien": "", "nouveau": "", **said}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "n'est pas une liste de changements"),
        ('{"changements": 3}', "n'est pas une liste de changements"),
        ("date;nature\n", "il manque la colonne « finess_et »"),
        (json.dumps({"changements": [_line(nature="grève")]}), "« grève » n'est pas une nature"),
        (json.dumps({"changements": [_line(date="hier")]}), "« hier » n'est pas une date"),
    ],
)
def test_a_list_that_is_none_is_refused_whole(tmp_path: Path, text: str, said: str) -> None:
    write(tmp_path / "b", [pmej()])
    listed = tmp_path / "c.txt"
    listed.write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    code, _, err = run(
        "preparer", "--referentiel", tmp_path / "b", "--changements", listed, "-o", out, "-j", "1"
    )
    assert (code, said in err, list(out.glob("*.xlsx"))) == (2, True, [])
