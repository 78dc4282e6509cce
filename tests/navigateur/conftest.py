"""What the tests of the page share: it is built once, then opened from a file, network cut."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.ampleur import COMPLETE
from tools.navigateur import build, page

READY = "body[data-pret], body[data-panne]"
OFFLINE: dict[str, Any] = {
    "locale": "fr-FR",
    "offline": True,
    "viewport": {"width": 1200, "height": 900},
}


@dataclass(frozen=True)
class Construit:
    """What `make navigateur` writes."""

    dossier: Path
    moteur: page.Engine

    @property
    def page(self) -> Path:
        return self.dossier / build.SINGLE


@pytest.fixture(scope="session")
def construit() -> Construit:
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node absent : la page n'est pas construite, donc pas essayée")
    try:
        build.fetch_runtime(build.OUTPUT / "runtime")
    except SystemExit as failure:
        pytest.skip(f"moteur absent, sans réseau ? {failure}")
    if COMPLETE:
        build.build(light=True)
        return Construit(build.OUTPUT, build.engine_of(build.OUTPUT))
    folder, engine = build.OUTPUT.with_name("navigateur-essai"), build.engine_of(build.OUTPUT, 6)
    build.build(folder, engine=engine, light=True)
    return Construit(folder, engine)


@pytest.fixture
def offline(navigateur: Any) -> Iterator[Any]:
    """A French context without network; nothing may be asked of anybody."""
    context = navigateur.new_context(**OFFLINE)
    context.set_default_timeout(120_000)
    yield context
    context.close()


@dataclass(frozen=True)
class Opened:
    """The page in a tab, what it asked for, and what it complained of."""

    tab: Any
    address: str
    asked: list[str]
    said: list[str]

    def check(self) -> None:
        """Nothing was asked of anybody but the file itself; nothing was complained of."""
        asked = {url for url in self.asked if not url.startswith(("blob:", "data:"))}
        assert asked == {self.address}
        assert self.said == []


def opened(context: Any, path: Path) -> Opened:
    """The page, opened from its file; ready."""
    found = Opened(context.new_page(), path.as_uri(), [], [])
    found.tab.on("request", lambda request: found.asked.append(request.url))
    found.tab.on("console", lambda message: found.said.append(message.text))
    found.tab.on("pageerror", lambda error: found.said.append(str(error)))
    found.tab.goto(found.address)
    found.tab.wait_for_selector(READY)
    assert found.tab.evaluate("document.body.dataset.panne") is None
    return found


@pytest.fixture(scope="session")
def awakened(navigateur: Any, construit: Construit) -> Iterator[Opened]:
    """The page, awakened once for the tests that leave it as they found it: it takes seconds."""
    context = navigateur.new_context(**OFFLINE)
    context.set_default_timeout(120_000)
    yield opened(context, construit.page)
    context.close()


@pytest.fixture
def onglet(awakened: Opened) -> Iterator[Any]:
    """The page, without any workbook in it."""
    tab = awakened.tab
    tab.set_viewport_size(OFFLINE["viewport"])
    tab.emulate_media(media="screen", color_scheme="light")
    yield tab
    tab.evaluate("document.getElementById('programme')?.remove()")  # what a test had added
    for button in reversed(tab.get_by_role("button", name="Retirer", exact=False).all()):
        if (button.get_attribute("aria-label") or "").startswith("Retirer "):
            button.click()
    assert tab.locator("[data-fichier]").count() == 0
    said = list(awakened.said)
    awakened.said.clear()
    assert said == []
    awakened.check()


@pytest.fixture
def new_tab(offline: Any, construit: Construit) -> Iterator[Any]:
    """The page, opened for one test."""
    found = opened(offline, construit.page)
    yield found.tab
    found.check()
