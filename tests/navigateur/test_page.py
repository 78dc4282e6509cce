"""The page in one file, in Chromium from `file://` with the network cut, as a gestionnaire."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msoffcrypto.method import ecma376_agile as agile
from playwright.sync_api import expect

from tests.ampleur import une_sur
from tests.navigateur.conftest import opened
from tools.hostiles import CAS
from tools.hostiles.issues import deposit as deposit_hostile
from tools.navigateur import build
from xl_cpom.reports.annotate import annotate
from xl_cpom.reports.comparison import comparer
from xl_cpom.reports.renderings import FORMATS
from xl_cpom.reports.words import bilan
from xl_cpom.validators.check import check

pytestmark = pytest.mark.chromium

WORKBOOKS = Path(__file__).parents[2] / "workbooks"
FAULTY, VALIDE = WORKBOOKS / "exemple_fautif.xlsx", WORKBOOKS / "exemple_valide.xlsx"

expect.set_options(timeout=120_000)

Axe = Callable[[Any], list[tuple[str, str]]]

CONTROL = """async ([input, options]) => {
  const file = document.querySelector(input).files[0];
  return await window.xlCpom.controler(file, options);
}"""


def dire(path: Path) -> Any:
    """The object of `--format json`."""
    return json.loads(FORMATS["json"].render([check(path)]))


def deposit(tab: Any, *paths: Path) -> None:
    """Choose files, and wait for their verdicts."""
    tab.set_input_files("#classeurs", paths)
    for path in paths:
        ligne(tab, path.name).and_(tab.locator("[data-verdict]")).wait_for()


def ligne(tab: Any, nom: str) -> Any:
    return tab.locator(f'[data-fichier="{nom}"]')


def programme(tab: Any, path: Path, **options: Any) -> Any:
    """What another program is answered about a file."""
    tab.evaluate(
        "() => { const i = document.createElement('input'); i.type = 'file'; i.id = 'programme';"
        " document.getElementById('programme')?.remove(); document.body.append(i); }"
    )
    tab.set_input_files("#programme", path)
    return tab.evaluate(CONTROL, ["#programme", options])


def test_the_story_of_a_gestionnaire(onglet: Any, tmp_path: Path) -> None:
    this_deposit = tmp_path / "retour.xlsx"
    this_deposit.write_bytes(FAULTY.read_bytes())
    deposit(onglet, this_deposit)
    assert ligne(onglet, this_deposit.name).get_attribute("data-verdict") == "non recevable"
    detail = onglet.locator("#detail")
    expect(detail.locator(".verdict .phrase")).to_contain_text(bilan(check(this_deposit)))
    expect(onglet.locator("#etat")).to_have_text("Contrôle terminé\u00a0: 1 non recevable.")

    with onglet.expect_download() as download:
        onglet.get_by_role("button", name="Télécharger la copie annotée").click()
    assert download.value.suggested_filename == "retour_annote.xlsx"
    copy = tmp_path / "retour_annote.xlsx"
    download.value.save_as(copy)
    book = openpyxl.load_workbook(copy)
    assert "Contrôles" in book.sheetnames

    first = next(f for f in check(this_deposit).findings if len(f.cells) == 1)
    corrige = openpyxl.load_workbook(this_deposit)
    corrige[first.sheet][first.cells[0]] = None
    corrige.save(this_deposit)
    onglet.set_input_files("#classeurs", this_deposit)
    suivi = ligne(onglet, this_deposit.name).locator(".suivi")
    expect(suivi).to_contain_text("Depuis le dépôt précédent")
    expect(suivi).to_contain_text("corrigée")
    suivi.get_by_role("button").click()
    expect(detail.locator("#corrigees")).to_be_visible()


@pytest.mark.parametrize("path", [FAULTY, VALIDE], ids=lambda path: path.stem)
def test_a_program_is_answered_as_by_the_command(onglet: Any, path: Path) -> None:
    assert programme(onglet, path) == dire(path)
    assert ligne(onglet, path.name).get_attribute("data-verdict") == dire(path)["verdict"]


def test_files_to_download(onglet: Any, tmp_path: Path) -> None:
    deposit(onglet, FAULTY)
    onglet.locator("#detail[data-complet]").wait_for()
    report = check(FAULTY)
    for name, suffix in {
        "À corriger (CSV)": "rapport.csv", "Données (JSON)": "rapport.json",
        "À corriger (xlsx)": "rapport.xlsx", "Chiffres pour e-CARS": "ecars.xlsx",
        "Reporter dans un classeur neuf": "neuf.xlsx",
    }.items():  # fmt: skip
        with onglet.expect_download() as download:
            onglet.get_by_role("button", name=name).click()
        assert download.value.suggested_filename == f"exemple_fautif_{suffix}"
        path = tmp_path / suffix
        download.value.save_as(path)
        if suffix.endswith((".csv", ".json")):
            assert path.read_bytes() == FORMATS[path.suffix[1:]].content([report])
        else:
            assert openpyxl.load_workbook(path).sheetnames
    assert check(tmp_path / "neuf.xlsx").raison_sociale == report.raison_sociale


def test_last_year_beside_and_another_file(onglet: Any) -> None:
    deposit(onglet, VALIDE)
    onglet.locator("#detail[data-complet]").wait_for()
    onglet.set_input_files("#precedent", FAULTY)
    expect(onglet.locator("#detail .provenance")).to_contain_text("Classeur de l'année précédente")
    onglet.set_input_files("#autre", FAULTY)
    expect(onglet.locator("#detail .dit.non")).to_contain_text("organisme")


@pytest.mark.long
def test_marks_are_taken_off_and_two_years_compared(onglet: Any, tmp_path: Path) -> None:
    """The annotated copy dropped back: its marks go; the first return beside it tells what changed;
    what is printed is the report alone.
    """
    marked = tmp_path / "retour_annote.xlsx"
    annotate(FAULTY, check(FAULTY).findings, marked)
    deposit(onglet, marked)
    onglet.locator("#detail[data-complet]").wait_for()
    with onglet.expect_download() as download:
        onglet.get_by_role("button", name="Retirer les marques").click()
    assert download.value.suggested_filename == "retour_annote_sans_marques.xlsx"
    download.value.save_as(tmp_path / "propre.xlsx")
    assert check(tmp_path / "propre.xlsx").findings == check(FAULTY).findings
    onglet.set_input_files("#autre", FAULTY)
    found = comparer(FAULTY, marked)
    assert [one.finding.code for one in found.new] == ["STR-065"]  # the copy bears marks
    for name, count in (("nouvelles", 1), ("restantes", len(found.remaining))):
        expect(onglet.locator(f"#detail #{name}")).to_contain_text(f": {count}")
    onglet.emulate_media(media="print")
    for hidden in ("#accueil", "#resultats", ".barre", "footer"):
        expect(onglet.locator(hidden).first).to_be_hidden()
    onglet.emulate_media(media="screen")
    onglet.get_by_role("button", name=f"Retirer {marked.name}").click()
    expect(onglet.locator("#detail")).to_be_empty()


@pytest.mark.parametrize(
    "name", une_sur(2, ["conteneur-vide", "xml-rires", "format-chiffre", "conteneur-doublon"])
)
def test_bad_files_end_in_the_sentences_of_the_command(
    onglet: Any, tmp_path: Path, name: str
) -> None:
    path = deposit_hostile(CAS[name], tmp_path)
    assert path is not None
    assert programme(onglet, path) == dire(path)
    line = ligne(onglet, path.name)
    assert line.get_attribute("data-verdict") == "illisible"
    expect(line).to_contain_text(check(path).findings[0].message)  # why, without opening it


def test_a_file_too_large_is_refused_and_the_page_goes_on(onglet: Any, tmp_path: Path) -> None:
    large = tmp_path / "large.xlsx"
    with large.open("wb") as stream:
        stream.write(b"PK\x03\x04")
        stream.truncate(65 * 1024 * 1024)
    said = programme(onglet, large)
    assert [one["code"] for one in said["anomalies"]] == ["LEC-LIM-FICHIER"]
    assert said["anomalies"] == dire(large)["anomalies"]
    assert programme(onglet, VALIDE)["verdict"] == "recevable"


def test_a_control_ends_by_time_or_by_a_click_and_the_page_goes_on(
    onglet: Any, tmp_path: Path
) -> None:
    late = programme(onglet, FAULTY, limite=1)
    assert (late["verdict"], late["anomalies"][0]["code"]) == ("illisible", "LEC-DELAI")
    many = []
    for rank in range(12):
        many.append(tmp_path / f"retour_{rank}.xlsx")
        many[-1].write_bytes(VALIDE.read_bytes())
    onglet.set_input_files("#classeurs", many)
    onglet.get_by_role("button", name="Arrêter").click()
    expect(onglet.get_by_role("button", name="Relancer")).not_to_have_count(0)
    last = ligne(onglet, many[-1].name)
    last.get_by_role("button", name="Relancer").click()
    expect(last).to_have_attribute("data-verdict", "recevable")
    last.get_by_role("button", name=f"Retirer {many[-1].name}").click()
    expect(last).to_have_count(0)


def test_a_workbook_behind_a_password(onglet: Any, tmp_path: Path) -> None:
    """Asked for, refused when wrong, then everything as for the workbook that was inside."""
    locked = tmp_path / "ferme.xlsx"
    secret = io.BytesIO(FAULTY.read_bytes())
    locked.write_bytes(agile.ECMA376Agile.encrypt("Temoin-4471", secret))
    deposit(onglet, locked)
    line = ligne(onglet, locked.name)
    for word, verdict in (("autre", "illisible"), ("Temoin-4471", "non recevable")):
        line.get_by_label("Mot de passe").fill(word)
        line.get_by_role("button", name="Ouvrir").click()
        expect(line).to_have_attribute("data-verdict", verdict)
    expect(line.get_by_label("Mot de passe")).to_have_count(0)
    with onglet.expect_download() as copy:
        line.get_by_role("button", name="Copie annotée").click()
    copy.value.save_as(tmp_path / "copie.xlsx")
    assert "Contrôles" in openpyxl.load_workbook(tmp_path / "copie.xlsx").sheetnames
    found = programme(onglet, locked, motDePasse="Temoin-4471")
    expected = json.loads(FORMATS["json"].render([check(locked, mot_de_passe="Temoin-4471")]))
    assert found == expected


def test_many_at_once_and_one_file_for_all(onglet: Any, tmp_path: Path) -> None:
    deposit(onglet, FAULTY, VALIDE)
    expect(onglet.locator("#etat")).to_have_text(
        "Contrôle terminé\u00a0: 1 non recevable, 1 recevable."
    )
    with onglet.expect_download() as download:
        onglet.get_by_role("button", name="Données de tous (JSON)").click()
    download.value.save_as(tmp_path / "tous.json")
    assert json.loads((tmp_path / "tous.json").read_text("utf-8")) == [dire(FAULTY), dire(VALIDE)]
    onglet.get_by_role("button", name="exemple_valide.xlsx", exact=True).click()
    expect(onglet.locator("#detail .verdict .phrase")).to_contain_text("Recevable")


@pytest.mark.parametrize("scheme", une_sur(2, ["dark", "light"]))
def test_accessible_in_light_and_in_dark(onglet: Any, axe: Axe, scheme: str) -> None:
    onglet.emulate_media(color_scheme=scheme)
    assert axe(onglet) == []
    deposit(onglet, FAULTY)
    onglet.locator("#detail[data-complet]").wait_for()
    assert axe(onglet) == []


def test_by_keyboard_on_a_phone(new_tab: Any) -> None:
    onglet = new_tab
    onglet.set_viewport_size({"width": 360, "height": 740})
    onglet.keyboard.press("Tab")
    assert onglet.evaluate("document.activeElement.textContent") == "Aller au contenu"
    onglet.keyboard.press("Tab")
    assert onglet.evaluate("document.activeElement.id") == "classeurs"
    deposit(onglet, VALIDE)
    onglet.locator("#detail[data-complet]").wait_for()
    assert onglet.evaluate("document.activeElement.id") == "detail"
    assert onglet.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


def test_nothing_can_leave(offline: Any, construit: Any) -> None:
    tab = offline.new_page()
    tab.goto(construit.page.as_uri())
    tried = tab.evaluate("""async () => {
      const found = [];
      const ask = async (name, act) => { try { await act(); found.push(name); } catch {} };
      await ask("fetch", () => fetch("https://example.org/"));
      await ask("beacon", () => { if (navigator.sendBeacon("https://example.org/", "x")) return;
                                  throw new Error("refused"); });
      await ask("socket", () => new Promise((ok, no) => {
        const s = new WebSocket("wss://example.org/"); s.onopen = ok; s.onerror = no; }));
      await ask("image", () => new Promise((ok, no) => {
        const i = new Image(); i.onload = ok; i.onerror = no; i.src = "https://example.org/x"; }));
      return found;
    }""")
    policy = tab.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert "connect-src 'none'" in policy and "unsafe-inline" not in policy
    assert tried in ([], ["beacon"])  # queued by the browser, refused by the policy when it is sent


def test_an_old_browser_is_told(offline: Any, construit: Any) -> None:
    tab = offline.new_page()
    tab.add_init_script("delete window.DecompressionStream")
    tab.goto(construit.page.as_uri())
    expect(tab.locator("#ancien")).to_contain_text("Firefox 114")
    expect(tab.locator("#accueil")).to_be_hidden()


@pytest.mark.long
def test_the_light_page_starts_its_engine(offline: Any, construit: Any) -> None:
    """Without the memory of an engine awake: smaller, slower, the same answer."""
    light = opened(offline, construit.dossier / build.LIGHT)
    assert programme(light.tab, FAULTY) == dire(FAULTY)
    light.check()


def test_what_was_asked_last_is_shown(onglet: Any, tmp_path: Path) -> None:
    """A report that comes after another click is late: it neither replaces nor mixes with what the
    visitor looks at.
    """
    deposit(onglet, FAULTY, VALIDE)
    for name in (FAULTY.name, VALIDE.name):
        onglet.get_by_role("button", name=name, exact=True).click(no_wait_after=True)
    onglet.locator(f'#detail[data-complet="{VALIDE.name}"]').wait_for()
    assert onglet.locator("#detail .verdict").count() == 1
    expect(onglet.locator("#detail .verdict .phrase")).to_contain_text("Recevable")


def test_the_same_file_twice_is_one_line(onglet: Any) -> None:
    """Dropped twice, or twice in a hurry: one line, which says what changed since."""
    onglet.set_input_files("#classeurs", VALIDE)
    onglet.set_input_files("#classeurs", VALIDE)
    line = ligne(onglet, VALIDE.name)
    expect(onglet.locator("#etat")).to_have_text("Contrôle terminé\u00a0: 1 recevable.")
    expect(line).to_have_count(1)
    expect(line.locator(".suivi")).to_contain_text("Depuis le dépôt précédent")


def test_stopped_while_it_wakes_up_then_given_again(offline: Any, construit: Any) -> None:
    tab = offline.new_page()
    tab.goto(construit.page.as_uri(), wait_until="commit")
    tab.wait_for_function("() => window.xlCpom")
    for _ in range(2):
        tab.set_input_files("#classeurs", VALIDE)
    tab.get_by_role("button", name="Arrêter").click()
    expect(ligne(tab, VALIDE.name).filter(has_text="Contrôle arrêté.")).to_have_count(2)
    expect(tab.locator("#etat")).to_have_text("Prêt à contrôler.")
    tab.set_input_files("#classeurs", [VALIDE, FAULTY])
    expect(tab.locator("#etat")).to_have_text(
        "Contrôle terminé\u00a0: 1 recevable, 1 non recevable."
    )
    expect(ligne(tab, VALIDE.name)).to_have_count(1)


DROP = """(files) => {
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const entry = ([name, text]) => typeof text === "string"
    ? { isFile: true, isDirectory: false, name,
        file: (done) => done(new File([bytes(text)], name)) }
    : { isFile: false, isDirectory: true, name, createReader: () => {
        let batches = [Object.entries(text).map(entry), []];
        return { readEntries: (done) => done(batches.shift()) }; } };
  const event = new Event("drop", { bubbles: true, cancelable: true });
  const items = Object.entries(files).map((one) => ({ webkitGetAsEntry: () => entry(one) }));
  Object.defineProperty(event, "dataTransfer", { value: { types: ["Files"], files: [], items } });
  document.body.dispatchEvent(event);
}"""


def test_a_folder_is_dropped(onglet: Any) -> None:
    """Its workbooks are controlled, each by its place; the rest of it is left alone."""
    faulty, valide = (base64.b64encode(path.read_bytes()).decode() for path in (FAULTY, VALIDE))
    onglet.evaluate(DROP, {"retours": {
        "nord": {"retour.xlsx": faulty, "~$retour.xlsx": "", "note.txt": ""},
        "sud": {"retour.xlsx": valide},
    }})  # fmt: skip
    lines = ligne(onglet, "retour.xlsx")
    expect(lines.and_(onglet.locator("[data-verdict]"))).to_have_count(2)
    for place, verdict in (("nord", "non recevable"), ("sud", "recevable")):
        line = lines.filter(has_text=f"retours/{place}/retour.xlsx")
        expect(line).to_have_attribute("data-verdict", verdict)
    onglet.evaluate(DROP, {"vide": {"note.txt": ""}})
    expect(onglet.locator("#etat")).to_contain_text("aucun classeur")
