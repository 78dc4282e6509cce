"""What every test shares: hypothesis without deadlines, one browser per worker, the counts."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis.strategies  # noqa: F401 - before it is hidden
import pytest
from hypothesis import settings

from tests.ampleur import COMPLETE
from xl_cpom.batch.check_files import WARM_UP
from xl_cpom.workers.seat import CONTEXT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CHROMIUM_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--lang=fr",
)

settings.register_profile("xl_cpom", deadline=None, derandomize=not COMPLETE)
settings.load_profile("xl_cpom")

# jsonschema takes it where it finds it, for a format that no schema here uses: seconds of import.
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]

ICI = Path(__file__).parent
WITHOUT_HYPOTHESIS = str(ICI / "sans_hypothesis")
sys.path.insert(0, WITHOUT_HYPOTHESIS)  # multiprocessing hands it down to the workers of a batch
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, [WITHOUT_HYPOTHESIS, os.environ.get("PYTHONPATH")])
)

CONTEXT.set_forkserver_preload(list(WARM_UP))  # the first batch of a process may need less

COLLECTION = 100_000


def pytest_collection_finish() -> None:
    """Let the collector leave alone what was collected: thousands of tests, until the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECTION)


GROUPS = ("batch", "navigateur", "server")
"""Folders that one process of pytest-xdist runs: what they set up is long, and their own workers
would fight for the same cores."""
assert all((ICI / folder).is_dir() for folder in GROUPS), "a folder was renamed"


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in the same hook
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long tests to a complete run; keep each of these folders on one process."""
    if not COMPLETE:
        left = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if not item.get_closest_marker("long")]
    for item in items:
        folder = item.path.relative_to(ICI).parts[0]
        if folder in GROUPS:
            item.add_marker(pytest.mark.xdist_group(folder))


@pytest.fixture(scope="session")
def navigateur() -> Iterator[Any]:
    """A headless Chromium, or a plain reason to skip.

    One per process: Playwright refuses a second driver while the first one runs.
    """
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: pages are not tried as a user here")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright (extra dev)")
    playwright.expect.set_options(timeout=30_000)  # what is late on a busy machine is not wrong
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_OPTIONS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> Callable[[Any], list[tuple[str, str]]]:
    """What axe finds on a tab: (rule, start of the element's HTML)."""
    module = pytest.importorskip("axe_playwright_python.sync_playwright")

    def violations(tab: Any) -> list[tuple[str, str]]:
        found = module.Axe().run(tab).response["violations"]
        return [(one["id"], one["nodes"][0]["html"][:120]) for one in found]

    return violations


COMPTES = {
    "regles": "règles dont les exemples ont été joués",
    "contrats": "fois qu'une règle survit à un classeur vide, illisible, troué ou fautif",
    "mutants": "mutants des règles",
    "survivants": "  dont non vus par les exemples",
    "cas": "cas du corpus, chacun avec ses constats exacts",
    "pertes_dites": "pertes partielles, dites une fois, jamais « passée » ni « sans objet »",
    "pertes_severes": "pertes partielles d'un retour fautif, dont aucune n'adoucit le verdict",
    "causes": "fautes dont le code bloquant est le seul",
    "saisies": "saisies fautives, une par colonne et par sorte",
    "deplacements": "classeurs remaniés sans que les constats changent",
    "honnetes": "retours honnêtes tirés au sort",
    "fausses_alertes": "  dont fausses alertes",
    "parite": "retours jugés directement et par pandera, rapports comparés",
    "desaccords": "  dont désaccords",
    "page": "fichiers contrôlés par le moteur de la page, JSON de la commande comparé",
    "page_autrement": "  dont JSON différents",
}
"""What tests count with `record_property`, and what the summary calls it."""


def pytest_terminal_summary(terminalreporter) -> None:  # type: ignore[no-untyped-def]
    """The counts each proof of the rules owes, added up over the tests that were run."""
    totals: dict[str, int] = {}
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        for name, value in getattr(report, "user_properties", ()):
            if name in COMPTES:
                totals[name] = totals.get(name, 0) + value
    for name in COMPTES:
        if name in totals:
            terminalreporter.write_line(f"{totals[name]:6d} {COMPTES[name]}")
