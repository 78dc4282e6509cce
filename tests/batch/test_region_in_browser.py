"""The region's page in a browser: accessible, no wider than a phone, silent, calling nobody."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xl_cpom.batch.campagne import CampaignResult
from xl_cpom.batch.consolidation.fact_rows import all_rows, counted_facts
from xl_cpom.batch.region.figures import Region, region_figures
from xl_cpom.batch.region.page import region_page, summary_page
from xl_cpom.batch.situation import situations
from xl_cpom.referentiel import load_referentiel

pytestmark = pytest.mark.chromium


def figures(resultat: CampaignResult) -> Region:
    """With what the consolidation counts of the lines, as the command does."""
    known = situations(resultat.report)
    facts = counted_facts(resultat, known)
    for _ in all_rows(resultat, known, facts):
        pass
    return region_figures(resultat, known, load_referentiel(), facts=facts)


@pytest.mark.parametrize("width", [pytest.param(1200, marks=pytest.mark.long), 390])
def test_the_page_of_the_region(
    resultat: CampaignResult,
    navigateur: Any,
    axe: Callable[[Any], list[tuple[str, str]]],
    tmp_path: Path,
    width: int,
) -> None:
    path = tmp_path / "region.html"
    path.write_text(region_page(figures(resultat)), encoding="utf-8")
    said: list[str] = []
    asked: list[str] = []
    tab = navigateur.new_page(viewport={"width": width, "height": 900})
    tab.on("console", lambda message: said.append(message.text))
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(path.as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert (said, asked) == ([], [path.as_uri()])
    assert axe(tab) == []
    tab.close()


def test_the_summary_is_one_printed_page(
    resultat: CampaignResult,
    navigateur: Any,
    axe: Callable[[Any], list[tuple[str, str]]],
    tmp_path: Path,
) -> None:
    path = tmp_path / "synthese.html"
    region = figures(resultat)
    path.write_text(summary_page(region), encoding="utf-8")
    tab = navigateur.new_page()
    tab.goto(path.as_uri())
    assert axe(tab) == []
    total = region.total
    wanted = {
        "recus": total.received,
        "recevables": total.accepted,
        "a_corriger": total.to_correct,
        "illisibles": total.unreadable,
        "manquants": total.missing,
    }
    shown = {key: tab.locator(f"[data-figure='region.{key}']").inner_text() for key in wanted}
    assert shown == {key: str(count) for key, count in wanted.items()}
    printed = tab.pdf(prefer_css_page_size=True)
    tab.close()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
