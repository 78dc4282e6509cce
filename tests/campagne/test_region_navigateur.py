"""The region's page in a browser: accessible, no wider than a phone, silent, calling nobody."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from xl_cpom.batch.campagne import ResultatCampagne
from xl_cpom.batch.page import page
from xl_cpom.batch.region import region
from xl_cpom.batch.situation import situations
from xl_cpom.referentiel import charger

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.chromium,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium n'est pas installé"),
]


@pytest.mark.parametrize("largeur", [1200, 390])
def test_la_page_de_la_region(resultat: ResultatCampagne, tmp_path: Path, largeur: int) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    path = tmp_path / "region.html"
    known = situations(resultat.rapport)
    path.write_text(page(region(resultat, known, charger())), encoding="utf-8")
    said: list[str] = []
    asked: list[str] = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        try:
            tab = browser.new_page(viewport={"width": largeur, "height": 900})
            tab.on("console", lambda message: said.append(message.text))
            tab.on("request", lambda request: asked.append(request.url))
            tab.goto(path.as_uri())
            assert tab.evaluate("document.documentElement.scrollWidth") <= largeur
            assert (said, asked) == ([], [path.as_uri()])
            found = axe.Axe().run(tab).response["violations"]
        finally:
            browser.close()
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found] == []
