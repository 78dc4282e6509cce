"""Hostile texts through the findings, to every format, read again by others."""

from __future__ import annotations

import csv
import io
import json
import random
from dataclasses import replace

import openpyxl
import pytest
from lxml import html

from tests.atelier import Atelier
from tests.corpus.cas import controler
from xl_cpom.reports.formats import FORMATS
from xl_cpom.validators.model import Report

PIECES = [
    "=", "+", "-", "@", "\t", "\r", "\n", "＝", "cmd|'/c calc'!A0", "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>", "\x1b[31m", "\x1b]0;x\x07", "\u202e", "\u2066", "\u200b", "\0",
    "]]>", "{{ 7*7 }}", "[bold]", "[x](javascript:alert(1))", '"', "'", ";", ",", "&", "é", "\U0001f600",
    "\ud800", "\uffff", "A1", " ", "1,5", "_x001B_",
]  # fmt: skip
TOURS, CONSTATS = 4, 50
BAD = set("\x1b\x07\0\u202e\u2066\u200b\x7f")


def texts(seed: int) -> list[str]:
    rng = random.Random(seed)
    return ["".join(rng.choices(PIECES, k=rng.randrange(1, 7))) for _ in range(CONSTATS)]


@pytest.fixture(scope="module")
def base() -> Report:
    return controler(Atelier().cellule("Plan d'actions", "B6", "x").octets())


def hostile(base: Report, seed: int) -> Report:
    finding = base.findings[0]
    findings = tuple(
        replace(finding, value=t, sheet=t, message=t, expected=t, fix=t) for t in texts(seed)
    )
    name = texts(seed)[0]
    return replace(base, findings=findings, fichier=name, raison_sociale=name, application=name)


@pytest.mark.parametrize("seed", range(TOURS))
def test_every_format_is_inert(base: Report, seed: int) -> None:
    report = hostile(base, seed)
    made = {name: FORMATS[name].octets([report]) for name in
            ("csv", "xlsx", "html", "sarif", "json", "console")}  # fmt: skip
    for name in ("csv", "html", "sarif", "json", "console"):
        assert not BAD & set(made[name].decode()), name
    for row in csv.reader(io.StringIO(made["csv"].decode("utf-8-sig"), newline=""), delimiter=";"):
        for field in row:
            start = field.lstrip(" \u00a0\u202f\n")[:1]
            number = field.replace(",", "").replace(".", "").lstrip("+-").isdigit()
            assert number or start not in set("=+-@\t\r＝"), field
    book = openpyxl.load_workbook(io.BytesIO(made["xlsx"]))
    for sheet in book:
        assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    json.loads(made["json"]), json.loads(made["sarif"])
    tree = html.fromstring(made["html"])
    assert not tree.xpath("//img[@onerror] | //*[@onerror] | //script[contains(., 'alert(1)')]")
    assert not [a for a in tree.xpath("//@href") if str(a).lower().startswith("javascript")]
