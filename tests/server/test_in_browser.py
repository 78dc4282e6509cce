"""In headless Chromium, as a user: drop, read, correct, drop again; by keyboard; without script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server.files_sent import WORKBOOKS

pytestmark = pytest.mark.chromium

Axe = Callable[[Any], list[tuple[str, str]]]

FAULTY, VALIDE = WORKBOOKS / "exemple_fautif.xlsx", WORKBOOKS / "exemple_valide.xlsx"

DEPOSIT = """async ({nom, octets}) => {
  const data = new DataTransfer();
  const bytes = Uint8Array.from(atob(octets), c => c.charCodeAt(0));
  data.items.add(new File([bytes], nom));
  for (const type of ["dragenter", "dragover", "drop"]) {
    document.body.dispatchEvent(new DragEvent(type, {dataTransfer: data, bubbles: true,
                                                     cancelable: true}));
  }
}"""


@pytest.fixture
def onglet(navigateur: Any, adresse: str) -> Iterator[Any]:
    """A tab at the home page; nothing may be asked of anybody else, nor complain."""
    context = navigateur.new_context(locale="fr-FR", viewport={"width": 1100, "height": 800})
    tab = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.goto(f"{adresse}/")
    yield tab
    assert {url for url in asked if not url.startswith((f"{adresse}/", "data:"))} == set()
    assert [one for one in said if "status of 4" not in one] == []
    context.close()


def deposit(tab: Any, path: Path) -> None:
    import base64

    raw_bytes = base64.b64encode(path.read_bytes()).decode()
    with tab.expect_navigation():
        tab.evaluate(DEPOSIT, {"nom": path.name, "octets": raw_bytes})


def test_drop_read_correct_drop_again(onglet: Any, tmp_path: Path) -> None:
    deposit(onglet, FAULTY)
    assert onglet.locator(".verdict .phrase").inner_text().startswith("✖ Non recevable")
    with onglet.expect_download() as download:
        onglet.get_by_role("link", name="Télécharger la copie annotée").click()
    copy = tmp_path / download.value.suggested_filename
    download.value.save_as(copy)
    assert copy.name == "exemple_fautif_annote.xlsx"
    onglet.get_by_label("2. Contrôler de nouveau").set_input_files(copy)
    with onglet.expect_navigation():
        onglet.get_by_role("button", name="Contrôler", exact=True).click()
    assert onglet.locator("h1").inner_text() == copy.name
    assert onglet.locator(".verdict .phrase").inner_text().startswith("✖ Non recevable")
    onglet.get_by_role("link", name="Page d'accueil").click()
    deposit(onglet, VALIDE)
    assert onglet.locator(".verdict .phrase").inner_text().startswith("✔ Recevable")
    onglet.go_back()
    assert onglet.get_by_role("button", name="Contrôler", exact=True).is_enabled()
    assert onglet.locator("#etat").inner_text() == ""


def test_several_workbooks(onglet: Any) -> None:
    onglet.locator("#classeurs").set_input_files([FAULTY, VALIDE])
    assert onglet.locator("#choisis li").count() == 2
    with onglet.expect_navigation():
        onglet.get_by_role("button", name="Contrôler les 2 classeurs").click()
    assert onglet.locator("h1").inner_text() == "2 classeurs contrôlés"
    with onglet.expect_download() as download:
        onglet.get_by_role("link", name="exemple_fautif.xlsx").first.click()
    assert download.value.suggested_filename == "exemple_fautif_annote.xlsx"


def test_what_is_wrong_is_said_before_sending(onglet: Any, adresse: str, tmp_path: Path) -> None:
    other = tmp_path / "notes.docx"
    other.write_bytes(b"x")
    onglet.locator("#classeurs").set_input_files(other)
    onglet.get_by_role("button", name="Contrôler", exact=True).click()
    alert = onglet.locator("#erreur")
    assert alert.inner_text() == "«\u00a0notes.docx\u00a0» n'est pas un classeur .xlsx ou .xlsm."
    assert onglet.url == f"{adresse}/"
    assert onglet.evaluate("document.activeElement.id") == "classeurs"


def test_a_refused_file_says_why_and_can_be_replaced(onglet: Any, axe: Axe, tmp_path: Path) -> None:
    pdf = tmp_path / "retour.xlsx"
    pdf.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    deposit(onglet, pdf)
    assert "C'est un document PDF" in onglet.locator("main").inner_text()
    assert axe(onglet) == []
    onglet.locator("#classeurs").set_input_files(VALIDE)
    with onglet.expect_navigation():
        onglet.get_by_role("button", name="Contrôler", exact=True).click()
    assert onglet.locator(".verdict .phrase").inner_text().startswith("✔ Recevable")


@pytest.mark.parametrize(
    ("width", "files"),
    [
        (360, [FAULTY]),
        pytest.param(1100, [VALIDE], marks=pytest.mark.long),
        pytest.param(1100, [VALIDE, VALIDE], marks=pytest.mark.long),
    ],
)
def test_axe_finds_nothing(
    navigateur: Any, axe: Axe, adresse: str, width: int, files: list[Path]
) -> None:
    context = navigateur.new_context(
        locale="fr-FR", viewport={"width": width, "height": 800}, bypass_csp=True
    )
    tab = context.new_page()
    tab.goto(f"{adresse}/inconnue")
    assert axe(tab) == []
    tab.goto(f"{adresse}/")
    assert axe(tab) == []
    tab.locator("#classeurs").set_input_files(files)
    assert axe(tab) == []
    with tab.expect_navigation():
        tab.locator("button").click()
    assert axe(tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    context.close()


def test_with_the_keyboard_only(onglet: Any) -> None:
    # listened to from the start: Playwright does not wait for the browser to be told, and a
    # chooser opened in between is lost
    onglet.on("filechooser", lambda chooser: None)
    seen = []
    for _ in range(3):
        onglet.keyboard.press("Tab")
        seen.append(
            onglet.evaluate(
                "document.activeElement.id || document.activeElement.textContent.trim()"
            )
        )
    assert seen == ["Aller au contenu", "classeurs", "Contrôler"]
    onglet.keyboard.press("Shift+Tab")
    outline = onglet.locator(".choisir").evaluate("e => getComputedStyle(e).outlineStyle")
    assert outline == "solid"
    with onglet.expect_file_chooser() as chooser:
        onglet.keyboard.press("Space")
    chooser.value.set_files(FAULTY)
    onglet.keyboard.press("Tab")
    with onglet.expect_navigation():
        onglet.keyboard.press("Enter")
    for _ in range(3):  # past « Feuille par feuille »
        onglet.keyboard.press("Tab")
    assert "Télécharger la copie" in onglet.evaluate("document.activeElement.textContent")
    with onglet.expect_download() as download:
        onglet.keyboard.press("Enter")
    assert download.value.suggested_filename == "exemple_fautif_annote.xlsx"


def test_without_script(navigateur: Any, adresse: str) -> None:
    context = navigateur.new_context(java_script_enabled=False, locale="fr-FR")
    tab = context.new_page()
    tab.goto(f"{adresse}/")
    tab.locator("#classeurs").set_input_files(FAULTY)
    with tab.expect_navigation():
        tab.get_by_role("button", name="Contrôler", exact=True).click()
    assert tab.locator(".verdict .phrase").inner_text().startswith("✖ Non recevable")
    context.close()
