"""One folder of consolidation from year to year: the trajectories have the rates of each year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.batch.test_command import blancs, launch
from tools.synthese import organismes
from tools.synthese.contenu import contenu
from tools.synthese.production import legeres
from xl_cpom.referentiel import load_referentiel
from xl_cpom.workbook.template import write_template

FIGURE = re.compile(r'data-figure="taux\.(\w+)\.(\w+)\.taux">([^<]*)<')


@pytest.fixture(scope="module")
def two_annees(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Path]]:
    """Returns of three organismes for N2 and for N3."""
    folder = tmp_path_factory.mktemp("annees")
    ogs = organismes(3, 11)
    for rank in (2, 3):
        (folder / f"N{rank}").mkdir()
        for og in ogs:
            write_template(folder / f"N{rank}" / f"{og.finess}.xlsx", load_referentiel(), sheets=legeres(),  # noqa: E501
                           contenu=contenu(og, load_referentiel(), 4, rank))  # fmt: skip
    yield [folder / "N2", folder / "N3"]


def taux_de(out: Path) -> dict[tuple[str, str], str]:
    html = (out / "region.html").read_text(encoding="utf-8")
    return {(module, secteur): blancs(text) for module, secteur, text in FIGURE.findall(html)}


def test_the_trajectoires_keep_the_past_years(two_annees: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "conso"
    pages, rates = [], []
    for returns in (*two_annees, two_annees[1]):
        run = launch(returns, "--consolidation", out, "--format", "csv", "-j", 2)
        assert run.returncode == 0, run.stderr
        pages.append((out / "region.html").read_bytes())
        rates.append(taux_de(out))
    assert pages[2] == pages[1], "the same run again gives the same page"
    assert set(rates[0]) & set(rates[1])
    html = blancs(pages[1].decode())
    trajectories = re.findall(r'<figure>\s*<figcaption>.*?aria-label="([^"]*)"', html, re.DOTALL)
    assert len(trajectories) == len(rates[1])
    for (key, now), label in zip(rates[1].items(), trajectories, strict=True):
        said = dict(re.findall(r"(\d{4}) : cible [^,]+(?:,\d+ %)?, taux ([^;]+?)(?: ;|$)", label))
        assert said["2028"] == now
        assert said["2027"] == rates[0].get(key, "–")
    sheet = load_workbook(out / "region.xlsx")["Trajectoires"]
    years = {(row[1], row[2]) for row in sheet.iter_rows(min_row=2, values_only=True)
             if row[4] is not None}  # fmt: skip
    assert {year for _, year in years} == {2027, 2028}
