"""The server project: what it holds, then served by xlwings Server in-process and in Chromium."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import zlib
from importlib.util import find_spec
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from xl_cpom.functions import FUNCTIONS
from xl_cpom.udfs import xlwings_server

from .bilan import appels_de, juger
from .cases import VIDE
from .hotes import echange

RACINE = Path(__file__).parents[2]
avec_serveur = pytest.mark.skipif(
    find_spec("xlwings_server") is None, reason="xlwings-server absent : serveur non vérifié"
)


@pytest.fixture(scope="module")
def projet(tmp_path_factory):
    folder = tmp_path_factory.mktemp("serveur")
    for name, content in xlwings_server.fichiers().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def environnement(projet, **autres):
    return {
        **os.environ,
        "XLWINGS_PROJECT_DIR": str(projet),
        "XLWINGS_LICENSE_KEY": "noncommercial",
        "PYTHONPATH": str(RACINE),
        **autres,
    }


def test_files_of_the_project():
    found = xlwings_server.fichiers()
    assert set(found) == {
        ".env", "LISEZMOI.txt", "pyproject.toml", "custom_functions/__init__.py",
        "custom_scripts/__init__.py", "templates/manifest.xml", "templates/taskpane.html",
        *(f"static/images/cpom-{size}.png" for size in (16, 32, 64, 80)),
    }  # fmt: skip
    assert 'XLWINGS_LICENSE_KEY=""' in found[".env"].decode(), "the deployer states the licence"
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


@avec_serveur
def test_nothing_of_the_server_is_imported_by_default():
    script = (
        "import sys, xl_cpom.udfs.xlwings_server, xl_cpom.functions, xl_cpom.udfs.ribbon\n"
        "assert not [n for n in sys.modules if n.startswith(('xlwings', 'fastapi'))]"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=RACINE)


@avec_serveur
def test_cas(projet, record_property):
    appels = appels_de("serveur")
    done = subprocess.run(
        [sys.executable, "-m", "tests.udfs.hotes.serveur"],
        input=echange.ecrire([(a.fonction, a.args) for _, a in appels], VIDE),
        capture_output=True,
        text=True,
        cwd=RACINE,
        env=environnement(projet),
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    juger(
        "serveur",
        dict(zip((rank for rank, _ in appels), found["cas"], strict=True)),
        record_property,
        "xlwings Server (TestClient)",
    )
    assert set(found["fonctions"]) == set(FUNCTIONS)
    manifest = found["manifest"]
    assert "<DefaultLocale>fr-FR</DefaultLocale>" in manifest
    assert set(re.findall(r"https?://([\w.-]+)", manifest)) == {
        "schemas.microsoft.com", "www.w3.org", "cpom.exemple.fr",
    }  # fmt: skip
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
        [sys.executable, "-m", "uvicorn", "xlwings_server.main:main_app", "--port", str(port),
         "--host", "127.0.0.1", "--log-level", "warning"],
        cwd=projet,
        env=environnement(projet, XLWINGS_HOSTNAME=""),
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


@pytest.mark.chromium
@avec_serveur
def test_cas_dans_le_navigateur(adresse, navigateur, record_property):
    from .hotes import officejs

    appels = appels_de("navigateur")
    calls = [
        [a.fonction, [officejs.argument(json.loads(echange.ecrire([("", [x])], VIDE))[0][1][0])
                      for x in a.args]]
        for _, a in appels
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
        rank: officejs.resultat(answer) for (rank, _), answer in zip(appels, found, strict=True)
    }
    juger("navigateur", results, record_property, "Chromium (serveur)")


def complets(name, args):
    """Excel passes null for every optional argument left out."""
    return [*args, *[None] * (len(FUNCTIONS[name].params) - len(args))]
