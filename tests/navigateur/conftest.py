"""What the tests of the page share: it is built once, then opened from a file, network cut."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tools.navigateur import build, page

READY = "body[data-pret], body[data-panne]"


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
    build.build()
    return Construit(build.OUTPUT, build.engine_of(build.OUTPUT))


@pytest.fixture
def offline(navigateur: Any) -> Iterator[Any]:
    """A French context without network; nothing may be asked of anybody."""
    context = navigateur.new_context(
        locale="fr-FR", offline=True, viewport={"width": 1200, "height": 900}
    )
    context.set_default_timeout(120_000)
    yield context
    context.close()


@pytest.fixture
def onglet(offline: Any, construit: Construit) -> Iterator[Any]:
    """The page, opened from its file; ready. It may not complain."""
    tab = offline.new_page()
    asked: list[str] = []
    said: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.goto(construit.page.as_uri())
    tab.wait_for_selector(READY)
    assert tab.evaluate("document.body.dataset.panne") is None
    yield tab
    assert {url for url in asked if not url.startswith(("blob:", "data:"))} == {
        construit.page.as_uri()
    }
    assert said == []
