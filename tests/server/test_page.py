"""The page for people: what it shows, what it refuses, what it never keeps."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.server.files_sent import FAULTY, OTHERS, VALIDE, WORKBOOKS, XLSX, bombs
from xl_cpom.referentiel import load_referentiel
from xl_cpom.reports.annotate import is_our_copy
from xl_cpom.reports.render_context import RenderOptions
from xl_cpom.reports.renderings import FORMATS
from xl_cpom.server.application import make_application
from xl_cpom.server.http_refusals import CATALOGUE, OTHER_FORMAT, HttpRefusalError
from xl_cpom.server.settings import ServerSettings
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.check import check
from xl_cpom.workbook.reader.refusals import CATALOGUE as READING

LINK = re.compile(r'download="([^"]+)" href="data:([^;]+);(?:charset=utf-8;)?base64,([^"]+)"')


def upload(*fichiers: tuple[str, bytes]) -> list[tuple[str, tuple[str, bytes, str]]]:
    return [("classeurs", (name, raw_bytes, XLSX)) for name, raw_bytes in fichiers]


def liens(page: str) -> dict[str, tuple[str, bytes]]:
    return {name: (kind, base64.b64decode(data)) for name, kind, data in LINK.findall(page)}


def cli_html(*names: str) -> bytes:
    reports = [check(WORKBOOKS / name, juge="pandera") for name in names]
    return FORMATS["html"].content(
        reports, RenderOptions(rules=RULES, referentiel=load_referentiel())
    )


# What is shown


def test_the_form_works_without_script_and_calls_nothing_from_outside(client: TestClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert '<form id="depot" method="post" action="/controle" enctype="multipart/form-data">' in (
        answer.text
    )
    assert '<html lang="fr">' in answer.text
    assert not re.search(r"https?://|//[a-z]", answer.text)
    assert not re.search(r"\son\w+=|\sstyle=|javascript:", answer.text)
    for address in re.findall(r'(?:src|href)="(/[^"]*)"', answer.text):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("path", ["/", "/inconnue"])
def test_french_typography(client: TestClient, path: str) -> None:
    text = html.unescape(re.sub(r"<[^>]+>", "", client.get(path).text))
    assert not re.findall(r".{10} [:;?!»].{5}|.{5}« .{5}", text)


def test_the_report_is_the_one_of_the_command_line(client: TestClient) -> None:
    answer = client.post("/controle", files=upload(("exemple_fautif.xlsx", FAULTY)))
    assert answer.status_code == 200
    found = liens(answer.text)
    assert set(found) == {
        "exemple_fautif_annote.xlsx",
        "exemple_fautif_rapport.html",
        "exemple_fautif_rapport.csv",
        "exemple_fautif_rapport.json",
    }
    expected = cli_html("exemple_fautif.xlsx")
    assert found["exemple_fautif_rapport.html"] == ("text/html", expected)
    bar = re.search(r'<section class="barre".*?</section>\n', answer.text, re.DOTALL)
    assert bar
    without = answer.text.replace(bar[0], "")
    head, _, tail = without.partition("</style>")
    kept, _, rest = expected.decode().partition("\n</style>")
    assert head.startswith(kept)
    assert tail == rest


def test_the_annotated_copy_is_inside_the_page(client: TestClient, tmp_path: Path) -> None:
    answer = client.post("/controle", files=upload(("exemple_fautif.xlsx", FAULTY)))
    kind, copy = liens(answer.text)["exemple_fautif_annote.xlsx"]
    assert kind == XLSX
    path = tmp_path / "copie.xlsx"
    path.write_bytes(copy)
    assert is_our_copy(path)
    told = check(path).findings
    assert [f.code for f in told].count("STR-065") == 1  # the copy says that it bears marks
    assert (
        tuple(f for f in told if f.code != "STR-065")
        == check(WORKBOOKS / "exemple_fautif.xlsx").findings
    )


def test_a_workbook_without_fault_has_no_copy_to_mend(client: TestClient) -> None:
    answer = client.post("/controle", files=upload(("exemple_valide.xlsx", VALIDE)))
    assert "_annote" not in answer.text
    assert "Aucune anomalie n'a été trouvée." in answer.text


def test_several_workbooks_make_one_page_even_when_one_cannot_be_read(client: TestClient) -> None:
    answer = client.post(
        "/controle",
        files=upload(("a.xlsx", FAULTY), ("b.xlsx", OTHERS["LEC-PDF"]), ("a.xlsx", VALIDE)),
    )
    assert answer.status_code == 200
    verdicts = re.findall(r'<td><span class="pastille (\w+)">', answer.text)[:3]
    assert verdicts == ["refuse", "illisible", "recevable"]
    assert {n for n in liens(answer.text) if "annote" in n} == {"a_annote.xlsx"}


# What is refused


@pytest.mark.parametrize(
    "code", [*OTHERS, "LEC-BOMBE", "LEC-DTD", "LEC-LIM-JETON", "LEC-LIM-PROFONDEUR", "LEC-GABARIT"]
)
def test_what_is_not_a_cpom_is_refused_with_its_code(client: TestClient, code: str) -> None:
    data = {**OTHERS, **bombs()}[code]
    answer = client.post("/controle", files=upload(("x.xlsx", data)))
    assert answer.status_code == (415 if code in OTHERS else 422)
    assert code in answer.text
    assert "Illisible" in answer.text
    assert hashlib.sha256(data).hexdigest() in answer.text


def test_every_refusal_of_the_reader_has_a_status() -> None:
    statuts = {code: HttpRefusalError(code, "x").statut for code in READING}
    assert {c for c, s in statuts.items() if s == 415} == OTHER_FORMAT
    assert {c for c, s in statuts.items() if s == 413} == {"LEC-LIM-FICHIER"}
    assert set(statuts.values()) == {413, 415, 422}
    for code, phrase in CATALOGUE.items():
        assert HttpRefusalError(code, "x").objet()["status"] == phrase.statut


def refuse(answer: object, statut: int, code: str) -> None:
    assert answer.status_code == statut  # type: ignore[attr-defined]
    text = answer.text  # type: ignore[attr-defined]
    assert code in text
    assert html.escape(HttpRefusalError(code, "\0").message.split("\0")[0], quote=False)[:30] in (
        html.unescape(text)
    )


def test_no_file(client: TestClient) -> None:
    refuse(client.post("/controle", files=upload(("", b""))), 400, "SRV-SANS-FICHIER")
    refuse(client.post("/controle", data={"a": "b"}, files={}), 415, "SRV-TYPE")


def test_an_empty_file_is_a_file(client: TestClient) -> None:
    refuse(client.post("/controle", files=upload(("vide.xlsx", b""))), 422, "LEC-VIDE")


def test_too_many_files(client: TestClient) -> None:
    many = upload(*[("a.xlsx", VALIDE)] * 4)
    refuse(client.post("/controle", files=many), 413, "SRV-NOMBRE")


def test_a_body_announced_too_large_is_not_read(client: TestClient) -> None:
    def body():  # type: ignore[no-untyped-def]
        raise AssertionError("the body was read")
        yield b""

    headers = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": "999999999"}
    scope_headers = [(k.lower().encode(), v.encode()) for k, v in headers.items()]
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        raise AssertionError("the body was read")

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/controle", "raw_path": b"/controle",
        "query_string": b"", "headers": [(b"host", b"127.0.0.1"), *scope_headers],
        "http_version": "1.1", "scheme": "http", "server": ("127.0.0.1", 80), "root_path": "",
        "client": ("127.0.0.1", 1),
    }  # fmt: skip
    assert client.portal is not None
    client.portal.call(client.app, scope, receive, send)
    assert sent[0]["status"] == 413


def test_a_body_that_lies_about_its_size_is_counted(client: TestClient) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="classeurs"; filename="a.xlsx"\r\n\r\n'
    drawn = 0

    def body():  # type: ignore[no-untyped-def]
        nonlocal drawn
        yield head
        for _ in range(100):
            drawn += 1
            yield bytes(1024 * 1024)

    answer = client.post(
        "/controle", content=body(), headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    refuse(answer, 413, "SRV-TAILLE")


@pytest.mark.parametrize("body", [b"", b"--x", b"--x\r\nn'importe quoi", bytes(200)])
def test_a_broken_form(client: TestClient, body: bytes) -> None:
    for kind in ("multipart/form-data; boundary=x", "multipart/form-data"):
        answer = client.post("/controle", content=body, headers={"Content-Type": kind})
        assert answer.status_code == 400
        assert "SRV-" in answer.text


def test_another_site_cannot_send(client: TestClient) -> None:
    for site in ("cross-site", "same-site"):
        answer = client.post(
            "/controle", files=upload(("a.xlsx", VALIDE)), headers={"Sec-Fetch-Site": site}
        )
        refuse(answer, 403, "SRV-AUTRE-SITE")


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1:8765", 200), ("LOCALHOST", 200), ("[::1]:80", 200), ("[::1]", 200),
     ("attaque.example", 421), ("127.0.0.1.attaque.example:8765", 421), ("", 421)],
)  # fmt: skip
def test_a_name_that_is_not_ours_is_not_answered(
    client: TestClient, host: str, status: int
) -> None:
    assert client.get("/sante", headers={"Host": host}).status_code == status


def test_unknown_pages_and_methods(client: TestClient) -> None:
    refuse(client.get("/../../etc/passwd"), 404, "SRV-PAGE")
    refuse(client.get("/theme/logo.svg"), 404, "SRV-PAGE")
    refuse(client.put("/controle"), 405, "SRV-METHODE")
    assert client.get("/controle", follow_redirects=False).headers["location"] == "/"


# What is never done


@pytest.mark.parametrize(
    "this_name",
    ["../../etc/passwd.xlsx", "C:\\temp\\a.xlsx", "<script>alert(1)</script>.xlsx", "a\u202excod",
     "=HYPERLINK(1).xlsx", "a" * 300 + ".xlsx", "CON.xlsx", "'\"><b>.xlsx"],
)  # fmt: skip
def test_names_are_words_never_paths(client: TestClient, this_name: str) -> None:
    answer = client.post("/controle", files=upload((this_name, FAULTY)))
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "<b>" not in answer.text
    assert "\u202e" not in answer.text
    for name in liens(answer.text):
        assert re.fullmatch(r"[A-Za-z0-9._-]{1,100}", name)
        assert not name.startswith(".")


def test_every_answer_carries_its_headers_and_no_cookie(client: TestClient) -> None:
    answers = [
        client.get("/"), client.get("/x"), client.get("/sante"), client.get("/ressources/depot.js"),
        client.get("/api/v1/x"), client.get("/", headers={"Host": "x"}),
        client.post("/controle", files=upload(("a.xlsx", VALIDE))),
    ]  # fmt: skip
    for answer in answers:
        assert "set-cookie" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy


def test_nothing_is_left_in_the_private_folder(client: TestClient) -> None:
    folder = client.app.state.house.workshop.dossier  # type: ignore[attr-defined]
    for data in (FAULTY, OTHERS["LEC-PDF"], bombs()["LEC-BOMBE"]):
        client.post("/controle", files=upload(("a.xlsx", data)))
    assert folder.stat().st_mode & 0o077 == 0
    assert list(folder.iterdir()) == []
    assert client.get("/sante").json()["places_prises"] == 0


def test_a_theme_dresses_the_pages_and_the_report(tmp_path: Path) -> None:
    (tmp_path / "theme.css").write_text(":root { --accent: #005a3c; }")
    (tmp_path / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (tmp_path / "logo.txt").write_text("ARS d'essai\n")
    (tmp_path / "secret.key").write_text("x")
    app = make_application(ServerSettings(workers=1, theme=tmp_path))
    with TestClient(app, base_url="http://localhost") as client:
        home = client.get("/").text
        assert '<img class="logo" src="/theme/logo.svg" alt="ARS d&#39;essai">' in home
        assert "--accent: #005a3c" in client.get("/ressources/page.css").text
        assert client.get("/theme/logo.svg").headers["content-type"] == "image/svg+xml"
        for name in ("secret.key", "theme.css", "..%2fsecret.key"):
            assert client.get(f"/theme/{name}").status_code == 404
        report = client.post("/controle", files=upload(("a.xlsx", VALIDE))).text
        assert "--accent: #005a3c" in report
    folder = app.state.house.workshop.dossier
    assert not folder.exists()
