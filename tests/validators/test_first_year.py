"""The first year: the profile of accoutumance, and the actions outside the types of the guide."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from tests.commande import run
from tests.validators.deux_ans import cette_annee
from xl_cpom import check
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.model import BLOQUANT, Verdict
from xl_cpom.validators.profil import SHIPPED, load_profil, shipped_profiles
from xl_cpom.workbook.template import write_template

ROOT = Path(__file__).resolve().parents[2]
FAULTY = ROOT / "workbooks" / "exemple_fautif.xlsx"


def test_the_shipped_profile_lets_every_refusal_stand() -> None:
    assert shipped_profiles() == ("accoutumance",)
    profil = load_profil("accoutumance")
    for rule in RULES.values():
        if rule.severity is BLOQUANT:
            assert profil.apply(rule).severity is BLOQUANT
            assert profil.desactivee(rule) is None
    named = tomllib.loads((SHIPPED / "accoutumance.toml").read_text("utf-8"))["regle"]
    assert all(block["gravite"] == "information" for block in named)


def test_the_command_knows_the_profile_by_its_name() -> None:
    told = {}
    for options in ((), ("--profil", "accoutumance")):
        ran = run("valider", FAULTY, "--format", "json", *options)
        found = json.loads(ran.stdout)
        told[options] = {a["code"]: a["gravite"] for a in found["anomalies"]}
        assert ran.returncode == 1
    plain, lenient = told.values()
    assert plain.keys() == lenient.keys()
    changed = {code for code in plain if plain[code] != lenient[code]}
    assert changed and {lenient[code] for code in changed} == {"information"}
    assert {plain[code] for code in changed} == {"avertissement"}


def test_an_action_of_its_own_is_a_reserve_not_a_refusal(tmp_path: Path) -> None:
    content = cette_annee()
    content["actions"][0]["type_action"] = "Autre, à préciser"
    write_template(tmp_path / "a.xlsx", load_referentiel(), contenu=content)
    report = check(tmp_path / "a.xlsx")
    assert {(f.code, f.cells) for f in report.findings} == {("MOD-038", ("D6",))}
    assert report.verdict is Verdict.WITH_RESERVES
