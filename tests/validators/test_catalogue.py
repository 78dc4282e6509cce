"""The catalogue: a family is a folder, and a code leads to the one place that declares it."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

import xl_cpom
from tests.commande import run
from xl_cpom.indicators import BY_MODULE, INDICATORS
from xl_cpom.validators.catalogue import FAMILIES, RULES
from xl_cpom.validators.declaration_place import indicator_origin, rule_origin
from xl_cpom.validators.model import Rule

PACKAGE = Path(xl_cpom.__file__).parent
RULES_FOLDER = PACKAGE / "validators" / "rules"


def declaration(origin: str, root: Path) -> str:
    """The line of an origin and the two that follow."""
    path, line = origin.split(":")
    lines = (root / path).read_text(encoding="utf-8").splitlines()
    return "\n".join(lines[int(line) - 1 :][:3])


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda r: r.code)
def test_a_rule_stands_in_the_folder_of_its_family(rule: Rule) -> None:
    origin = rule_origin(rule)
    folder, _ = FAMILIES[rule.family]
    assert re.fullmatch(rf"rules/{folder}/\w+\.py:\d+", origin)
    assert f'"{rule.code}"' in declaration(origin, RULES_FOLDER.parent)


@pytest.mark.parametrize("code", INDICATORS)
def test_an_indicator_is_declared_where_its_origin_says(code: str) -> None:
    origin = indicator_origin(INDICATORS[code])
    assert f'"{code}"' in declaration(origin, PACKAGE)


def test_the_command_prints_the_origin_and_nothing_else() -> None:
    for code, origin in (
        ("ins-002", rule_origin(RULES["INS-002"])),
        ("TRANSFO/PA", indicator_origin(INDICATORS["TRANSFO"])),
    ):
        assert run("expliquer", code, "--origine").stdout == f"{origin}\n"


def test_every_folder_is_a_family_and_says_its_code() -> None:
    folders = {path.parent.name: path for path in RULES_FOLDER.glob("*/__init__.py")}
    assert set(folders) == {folder for folder, _ in FAMILIES.values()}
    for family, (folder, _) in FAMILIES.items():
        assert folders[folder].read_text(encoding="utf-8").startswith(f'"""{family}: ')
    assert [path.name for path in RULES_FOLDER.glob("*.py")] == ["__init__.py"]


@pytest.mark.parametrize("code", [code for code, rule in RULES.items() if rule.check is None])
def test_a_rule_without_a_function_is_raised_where_it_says(code: str) -> None:
    assert RULES[code].raised_by
    for name in RULES[code].raised_by:
        source = import_module(name).__file__
        assert source is not None
        assert f'"{code}"' in Path(source).read_text(encoding="utf-8")


def test_every_module_indicator_has_its_two_rules() -> None:
    codes = [code for code, rule in RULES.items() if rule.family == "IND" and rule.on_rates]
    assert len(codes) == 2 * len(BY_MODULE)
