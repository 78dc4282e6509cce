"""Ten thousand hostile texts through every place of a report, to every format, read by others."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.ampleur import by
from tests.atelier import Workshop
from tests.corpus.cas import controler
from tests.reliability.hostile_texts import texts
from tests.reliability.inert import (
    INERT,
    csv_fields,
    inert_classeur,
    invisible,
    is_formula,
    set_up,
)
from xl_cpom.reports import harmless
from xl_cpom.reports.render_context import RenderOptions
from xl_cpom.reports.renderings import FORMATS, output_names
from xl_cpom.validators.model import Report, Verdict

TEXTS = texts(1, by(2_000, 10_000))
BY_CLASSEUR = 500
pytestmark = pytest.mark.xdist_group("injection")
WITHOUT_CONTROLE = ("console", "csv", "html", "json", "lettre", "lettre-html", "ecars-csv", "sarif")


@cache
def base() -> Report:
    return replace(controler(Workshop().cellule("Plan d'actions", "B6", "x").octets()), outcomes=())


@cache
def hostiles() -> tuple[Report, ...]:
    """Each text as value, message, expectation, cure, waiver; some as names of sheets and files."""
    finding = base().findings[0]
    reports = []
    for start in range(0, len(TEXTS), BY_CLASSEUR):
        block = TEXTS[start : start + BY_CLASSEUR]
        findings = tuple(
            replace(
                finding, value=t, message=t, expected=t, fix=t, source=block[0],
                sheet=block[rank // 25], cells=("B6", block[rank - 1]) if rank % 10 == 0 else ("B6",),
                waiver=t if rank % 7 == 0 else None, justification=t if rank % 7 == 0 else None,
            )
            for rank, t in enumerate(block)
        )  # fmt: skip
        reports.append(replace(
            base(), file=block[0] + ".xlsx", raison_sociale=block[1], application=block[2],
            finess_ej=block[3], gabarit=block[4], limits=tuple(block[5:9]),
            options={"finess": block[9], "profil": block[10]}, findings=findings,
        ))  # fmt: skip
    return tuple(reports)


@cache
def rendu(nom: str) -> bytes:
    return FORMATS[nom].content(hostiles())


def attendus() -> list[str]:
    return [harmless.propre(finding.value) for report in hostiles() for finding in report.findings]


@pytest.mark.parametrize("name", WITHOUT_CONTROLE)
def test_no_character_that_acts_is_left(name: str) -> None:
    text = rendu(name).decode("utf-8-sig")
    assert invisible(text) == set()
    assert len(text) > by(500, 1_000)


def test_the_console_shows_each_workbook_alone_without_a_command() -> None:
    for color in (False, True):
        for report in hostiles()[:4]:
            text = FORMATS["console"].content([report], RenderOptions(color=color)).decode()
            text = re.sub(r"\x1b\[[0-9;]*m", "", text) if color else text
            assert invisible(text) == set() and "\t" not in text


@pytest.mark.parametrize("name", ["csv", "ecars-csv"])
def test_no_field_of_a_csv_is_a_formula(name: str) -> None:
    rows = list(csv_fields(rendu(name)))
    assert not [field for row in rows for field in row if is_formula(field)]
    assert len({len(row) for row in rows}) == 1


def test_a_csv_gives_every_text_back() -> None:
    header, *rows = csv_fields(rendu("csv"))
    read = [harmless.unsafe_csv(row[header.index("Valeur lue")]) for row in rows]
    assert read == attendus()


def test_no_cell_of_a_workbook_acts() -> None:
    book = inert_classeur(rendu("xlsx"))
    header, *rows = book["Anomalies"].iter_rows(values_only=True)
    read = [row[header.index("Valeur lue")] or "" for row in rows]
    assert len(read) == len(TEXTS)
    assert read == [harmless.cellule(text) for text in TEXTS]
    inert_classeur(rendu("ecars"))


def test_json_and_sarif_give_every_text_back() -> None:
    read = [a["valeur"] for r in json.loads(rendu("json")) for a in r["anomalies"]]
    without_surrogates = [re.sub("[\ud800-\udfff]", "\ufffd", text) for text in TEXTS]
    assert read == without_surrogates
    (run,) = json.loads(rendu("sarif"))["runs"]
    assert [one["properties"]["valeur"] for one in run["results"]] == without_surrogates
    uris = [one["location"]["uri"] for one in run["artifacts"]]
    assert all(re.fullmatch(r"[\w.~%/!$&'()*+,;=:@-]+", uri, re.ASCII) for uri in uris)
    assert not [uri for uri in uris if re.match(r"[a-z]+:", uri, re.IGNORECASE)]


def test_thousands_of_names_of_files() -> None:
    reports = [replace(base(), file=t, verdict=Verdict.ILLISIBLE, indicateurs=()) for t in TEXTS]
    names = output_names(reports, "html")
    assert all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,89}\.html", name) for name in names)
    assert len({name.lower() for name in names}) == len(TEXTS)
    assert invisible(FORMATS["console"].content(reports).decode()) == set()
    rows = list(csv_fields(FORMATS["csv"].content(reports)))
    assert not [field for row in rows for field in row if is_formula(field)]
    inert_classeur(FORMATS["xlsx"].content(reports[:500]))


@pytest.mark.chromium
@pytest.mark.parametrize(("name", "pages"), [("html", by(4, 20)), ("lettre-html", by(1, 3))])
def test_no_page_acts_in_a_browser(navigateur: Any, tmp_path: Path, name: str, pages: int) -> None:
    """The page's own security policy is set aside: only what is escaped holds."""
    context = navigateur.new_context(bypass_csp=True)
    shown: list[str] = []
    for rank, report in enumerate(hostiles()[:pages]):
        path = tmp_path / f"{rank}.html"
        path.write_bytes(FORMATS[name].content([report]))
        tab, found = set_up(context, path.as_uri())
        assert found == INERT, rank
        shown += tab.evaluate("[...document.querySelectorAll('td.texte')].map(e => e.textContent)")
        tab.close()
    context.close()
    if name == "html":
        read = {" ".join(text.split()) for text in shown}
        wanted = {" ".join(harmless.ligne(text).split()) for text in TEXTS[: pages * BY_CLASSEUR]}
        assert wanted - read <= {""}
