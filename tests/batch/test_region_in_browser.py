"""The region's page in a browser: accessible, no wider than a phone, silent, calling nobody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xl_cpom.batch.campagne import CampaignResult
from xl_cpom.batch.region.figures import region_figures
from xl_cpom.batch.region.page import region_page
from xl_cpom.batch.situation import situations
from xl_cpom.referentiel import load_referentiel

pytestmark = pytest.mark.chromium


@pytest.mark.parametrize("width", [pytest.param(1200, marks=pytest.mark.long), 390])
def test_the_page_of_the_region(
    resultat: CampaignResult,
    navigateur: Any,
    axe: Callable[[Any], list[tuple[str, str]]],
    tmp_path: Path,
    width: int,
) -> None:
    path = tmp_path / "region.html"
    known = situations(resultat.rapport)
    path.write_text(
        region_page(region_figures(resultat, known, load_referentiel())), encoding="utf-8"
    )
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
