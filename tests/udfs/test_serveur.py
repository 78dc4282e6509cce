"""The server project: what it holds, then served by xlwings Server in-process and in Chromium."""

import json
import os
import random
import re
import socket
import subprocess
import sys
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from xl_cpom.functions import FUNCTIONS
from xl_cpom.udfs import xlwings_server

from .bilan import calls_of, judge
from .cases import EMPTY
from .hotes import echange

ROOT = Path(__file__).parents[2]
with_server = pytest.mark.skipif(
    find_spec("xlwings_server") is None, reason="xlwings-server absent : serveur non vérifié"
)


@pytest.fixture(scope="module")
def projet(tmp_path_factory):
    folder = tmp_path_factory.mktemp("serveur")
    for name, content in xlwings_server.fichiers().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def environment(projet, **autres):
    return {
        **os.environ,
        "XLWINGS_PROJECT_DIR": str(projet),
        "XLWINGS_LICENSE_KEY": "noncommercial",
        "PYTHONPATH": str(ROOT),
        **autres,
    }


def test_files_of_the_project():
    found = xlwings_server.fichiers()
    assert set(found) == {
        ".env", "LISEZMOI.txt", "pyproject.toml", "custom_functions/__init__.py",
        "custom_scripts/__init__.py", "garde.py", "templates/manifest.xml",
        "templates/taskpane.html",
        *(f"static/images/cpom-{size}.png" for size in (16, 32, 64, 80)),
    }  # fmt: skip
    settings = [line.partition(b"=")[0] for name, content in found.items()
                if name != "garde.py" for line in content.splitlines()]  # fmt: skip
    assert b"XLWINGS_LICENSE_KEY" not in settings, "the deployer gives it from outside"
    assert "PolyForm Noncommercial" in found["LISEZMOI.txt"].decode()
    for name, content in found.items():
        if name.endswith(".png"):
            assert content.startswith(b"\x89PNG\r\n\x1a\n")
            width = int.from_bytes(content[16:20], "big")
            assert name.endswith(f"-{width}.png")
            size = int.from_bytes(content[33:37], "big")
            assert len(zlib.decompress(content[41 : 41 + size])) == width * (3 * width + 1)
        else:
            urls = set(re.findall(r"https?://([\w.-]+)", content.decode()))
            assert urls <= {"schemas.microsoft.com", "www.w3.org", "votre-serveur"}, name


@with_server
def test_nothing_of_the_server_is_imported_by_default():
    script = (
        "import sys, xl_cpom.udfs.xlwings_server, xl_cpom.functions, xl_cpom.udfs.ribbon\n"
        "assert not [n for n in sys.modules if n.startswith(('xlwings', 'fastapi'))]"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT)


@with_server
def test_case(projet, record_property):
    calls = calls_of("serveur")
    done = subprocess.run(
        [sys.executable, "-m", "tests.udfs.hotes.serveur"],
        input=echange.write([(a.fonction, a.args) for _, a in calls], EMPTY),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment(projet),
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    judge(
        "serveur",
        dict(zip((rank for rank, _ in calls), found["cas"], strict=True)),
        record_property,
        "xlwings Server (TestClient)",
    )
    assert set(found["fonctions"]) == set(FUNCTIONS)
    manifest = found["manifest"]
    assert "<DefaultLocale>fr-FR</DefaultLocale>" in manifest
    assert set(re.findall(r"https?://([\w.-]+)", manifest)) == {
        "schemas.microsoft.com",
        "www.w3.org",
        "cpom.exemple.fr",
    }
    resids = set(re.findall(r'resid="(\w+)"', manifest))
    assert resids == set(re.findall(r'<bt:\w+ id="(\w+)"', manifest))
    labels = re.findall(r'<bt:String id="Nom\w+" DefaultValue="([^"]+)"', manifest)
    assert labels == ["CPOM", "Fonctions", "Aide"]
    assert found["icones"] == [200] * 4


def port_libre():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def adresse(projet):
    port = port_libre()
    server = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "garde:application", "--port", str(port),
         "--host", "127.0.0.1", "--log-level", "warning"],
        cwd=projet,
        env=environment(projet, XLWINGS_HOSTNAME=""),
        stderr=subprocess.PIPE,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(150):
            try:
                with urlopen(f"{url}/taskpane.html"):
                    break
            except URLError:
                if server.poll() is not None:
                    raise AssertionError(server.stderr.read().decode()[-3000:]) from None
                time.sleep(0.2)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)


def ask(adresse, path, method="GET", body=b"", **headers):
    """(status, headers, body) of a request sent as it is: no client tidies the address."""
    host, _, port = adresse.rpartition("//")[2].partition(":")
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection((host, int(port)), timeout=60) as opened:
        opened.sendall(
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
            f"Content-Length: {len(body)}\r\n{head}\r\n".encode()
            + body
        )
        said = b"".join(iter(lambda: opened.recv(65536), b""))
    top, _, content = said.partition(b"\r\n\r\n")
    lines = top.decode("latin-1").splitlines()
    found = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines[1:])}
    return int(lines[0].split()[1]), found, content


@with_server
def test_an_address_that_leaves_the_folder_does_not_exist(projet, adresse):
    """The witness lies beside the folder that is served, and in the folder of the project."""
    (projet / "temoin.txt").write_text("temoin-7318")
    for path in ("/static/../temoin.txt", "/static/%2e%2e/temoin.txt", "/.env", "/temoin.txt"):
        status, _, content = ask(adresse, path)
        assert (status, b"temoin-7318" in content) == (404, False), path
    assert ask(adresse, "/static/images/cpom-16.png")[0] == 200


def test_only_the_words_of_an_address_of_the_project_pass(projet):
    """Any other character in a decoded address, or an empty word, and it is no address of ours."""
    garde = load_guarded(projet)
    for name in xlwings_server.fichiers():
        if name.startswith("static/"):
            assert garde.is_safe(f"/{name}")
    rng = random.Random(20)
    for _ in range(2000):
        words = ["".join(rng.choices("ab-._/\\:%\0 ~é", k=rng.randint(0, 4))) for _ in range(3)]
        path = f"/static/{'/'.join(words)}"
        honest = all(re.fullmatch(r"[a-z_][a-z._-]*", word) for word in path[1:].split("/"))
        assert garde.is_safe(path) == honest
        if garde.is_safe(path):
            inside = (projet / path[1:]).resolve()
            assert projet.resolve() in inside.parents


@with_server
def test_a_call_too_big_or_from_another_site_is_refused(adresse):
    call = "/xlwings/custom-functions-call"
    assert ask(adresse, call, "POST", b" " * (1024 * 1024 + 1))[0] == 413
    status, _, _ = ask(adresse, call, "POST", b"{}", Origin="https://exemple.fr")
    assert status == 403
    status, headers, _ = ask(
        adresse, call, "OPTIONS", Origin="https://euc-excel.officeapps.live.com"
    )
    assert status == 204
    assert headers["access-control-allow-origin"] == "https://euc-excel.officeapps.live.com"
    assert ask(adresse, call, "OPTIONS", Origin="https://officeapps.live.com.exemple.fr")[0] == 403
    for path in ("/taskpane.html", "/manifest.xml"):
        assert "*" not in ask(adresse, path)[1].get("access-control-allow-origin", "")


def load_guarded(projet):
    import importlib.util

    spec = importlib.util.spec_from_file_location("garde", projet / "garde.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_licence_key_is_in_no_file_of_the_folder(projet, tmp_path):
    import shutil

    garde = load_guarded(projet)
    garde.refuse_key_in_folder(projet)
    copy = tmp_path / "serveur"
    shutil.copytree(projet, copy)
    with (copy / ".env").open("a") as settings:
        settings.write('\nXLWINGS_LICENSE_KEY="une-cle"\n')
    with pytest.raises(RuntimeError, match="ôtez-la de ce dossier"):
        garde.refuse_key_in_folder(copy)


def test_a_slow_call_keeps_nobody_waiting(projet, monkeypatch):
    """A call that sleeps in a thread, and one that never answers: the next one is not held."""
    import asyncio

    garde = load_guarded(projet)
    monkeypatch.setattr(garde, "CALL_TIME", 0.3)
    scope = {"type": "http", "method": "POST", "path": "/xlwings/call", "headers": []}

    async def app(scope, receive, send):
        if scope["query"] == "lent":
            await asyncio.sleep(60)
        await garde.answer(send, 200, "fait")

    async def call(query):
        sent = []

        async def receive():
            return {"type": "http.request", "body": b"{}", "more_body": False}

        async def send(message):
            sent.append(message)

        await garde.Guard(app)({**scope, "query": query}, receive, send)
        return sent[0]["status"]

    async def scene():
        slow = asyncio.create_task(call("lent"))
        await asyncio.sleep(0)
        quick = await asyncio.wait_for(call("vite"), 0.2)
        return quick, await slow

    # In a thread of its own: a browser test may have left a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(asyncio.run, scene()).result() == (200, 503)


@with_server
def test_every_function_is_computed_in_a_thread_apart(projet):
    script = (
        "import inspect, custom_functions as c\n"
        "found = {n: f for n, f in vars(c).items() if n.startswith('CPOM_')}\n"
        "assert found and all(map(inspect.iscoroutinefunction, found.values()))\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=projet, env=environment(projet))


@pytest.mark.chromium
@with_server
def test_case_in_the_browser(adresse, navigateur, record_property):
    from .hotes import officejs

    this_calls = calls_of("navigateur")
    calls = [
        [a.fonction, [officejs.argument(json.loads(echange.write([("", [x])], EMPTY))[0][1][0])
                      for x in a.args]]
        for _, a in this_calls
    ]  # fmt: skip
    elsewhere = []
    page = navigateur.new_page()
    page.on(
        "request",
        lambda r: elsewhere.append(r.url) if not r.url.startswith(adresse) else None,
    )
    shim = Path(__file__).with_name("hotes") / "office.js"
    page.route(
        "**/dist/office.js",
        lambda route: route.fulfill(path=shim, content_type="text/javascript"),
    )
    page.goto(f"{adresse}/taskpane.html")
    page.wait_for_function("Object.keys(globalThis.__fonctions || {}).length > 0")
    assert set(page.evaluate("Object.keys(__fonctions)")) == set(FUNCTIONS)
    assert page.locator("h1").inner_text() == "Fonctions CPOM"
    found = page.evaluate(
        """async (calls) => {
            const answers = [];
            for (const [name, args] of calls) {
                answers.push(await __fonctions[name](
                    ...args, {address: "Indicateurs!G7", functionName: name}));
            }
            return answers;
        }""",
        [[name, complets(name, args)] for name, args in calls],
    )
    page.close()
    assert elsewhere == [], "no request leaves the server"
    results = {
        rank: officejs.resultat(answer) for (rank, _), answer in zip(this_calls, found, strict=True)
    }
    judge("navigateur", results, record_property, "Chromium (serveur)")


def complets(name, args):
    """Excel passes null for every optional argument left out."""
    return [*args, *[None] * (len(FUNCTIONS[name].params) - len(args))]
