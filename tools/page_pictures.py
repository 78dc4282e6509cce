"""Pictures of the page that controls and of the pane of Excel: `python -m tools.page_pictures`.

Of what `make navigateur` built, in Chromium, network cut; the pane in the simulated Office of the
tests. They go to docs/images/.
"""

from __future__ import annotations

import base64
import functools
import http.server
import shutil
import threading
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tools.navigateur import build

IMAGES = build.ROOT / "docs" / "images"
WORKBOOKS = build.ROOT / "workbooks"
FAULTY, VALIDE = WORKBOOKS / "exemple_fautif.xlsx", WORKBOOKS / "exemple_valide.xlsx"
OFFICE = build.ROOT / "tests" / "navigateur" / "office_host.js"
LONG = 300_000


def main() -> None:
    """Take them all."""
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        _wide(browser)
        _phone(browser)
        _pane(browser)
        browser.close()


def _opened(browser: Browser, width: int, height: int, scheme: Any = "light") -> Page:
    context = browser.new_context(
        offline=True, locale="fr-FR", viewport={"width": width, "height": height},
        color_scheme=scheme,
    )  # fmt: skip
    context.set_default_timeout(LONG)
    tab = context.new_page()
    tab.goto((build.OUTPUT / build.SINGLE).as_uri())
    return tab


def _take(tab: Page, name: str) -> None:
    tab.screenshot(path=IMAGES / f"{name}.png")


def _drop(tab: Page, *paths: Path) -> None:
    tab.set_input_files("#classeurs", paths)
    for path in paths:
        tab.wait_for_selector(f'[data-fichier="{path.name}"][data-verdict]')


def _wide(browser: Browser) -> None:
    for scheme in ("light", "dark"):
        tab = _opened(browser, 1100, 760, scheme)
        if scheme == "light":
            tab.wait_for_selector("#jauge:not([hidden])")
            _take(tab, "page-progres")
        tab.wait_for_selector("body[data-pret]")
        if scheme == "light":
            _take(tab, "page-depot")
        _drop(tab, FAULTY)
        tab.wait_for_selector("#detail[data-complet]")
        _take(tab, "page-rapport" if scheme == "light" else "page-rapport-sombre")
        tab.context.close()


def _phone(browser: Browser) -> None:
    tab = _opened(browser, 390, 760)
    tab.wait_for_selector("body[data-pret]")
    _drop(tab, FAULTY, VALIDE)
    # At once, and drawn: a picture taken on the way has no head.
    tab.evaluate(
        "document.getElementById('titre-resultats').scrollIntoView({ behavior: 'instant' })"
    )
    tab.wait_for_timeout(500)
    _take(tab, "page-telephone")
    tab.context.close()


def _pane(browser: Browser) -> None:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
            ".wasm": "application/wasm", ".js": "text/javascript",
        }  # fmt: skip

        def log_message(self, *_: object) -> None: ...

    handler = functools.partial(Quiet, directory=str(build.OUTPUT))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        tab = browser.new_page(viewport={"width": 340, "height": 760}, locale="fr-FR")
        tab.set_default_timeout(LONG)
        tab.route(
            "https://appsforoffice.microsoft.com/**",
            lambda route: route.fulfill(path=OFFICE, content_type="text/javascript"),
        )
        tab.goto(f"http://127.0.0.1:{served.server_port}/excel/pane.html")
        tab.wait_for_selector("body[data-pret]")
        content = base64.b64encode(FAULTY.read_bytes()).decode()
        tab.evaluate("(file) => { __excel.file = file; }", content)
        tab.get_by_role("button", name="Vérifier").click()
        tab.wait_for_selector("#etat[data-verdict]")
        _take(tab, "volet-excel")
        served.shutdown()


if __name__ == "__main__":
    main()
