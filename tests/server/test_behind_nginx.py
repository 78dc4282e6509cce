"""The guide « Héberger la page », run: its nginx file in a real nginx, its unit read by systemd."""

from __future__ import annotations

import getpass
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.server.real_server import launched

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "guides" / "heberger.md").read_text("utf-8")
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
OPENSSL, SYSTEMD = shutil.which("openssl"), shutil.which("systemd-analyze")
NAME = "cpom.exemple.fr"
FAULTY = ROOT / "workbooks" / "exemple_fautif.xlsx"

pytestmark = pytest.mark.long


def block(kind: str) -> str:
    (found,) = re.findall(rf"```{kind}\n(.*?)```", GUIDE, re.S)
    return str(found)


def replaced(text: str, changes: dict[str, str]) -> str:
    for before, after in changes.items():
        assert before in text, before
        text = text.replace(before, after)
    return text


@dataclass(frozen=True)
class Hosted:
    port: int
    context: ssl.SSLContext

    def client(self) -> httpx.Client:
        """One that reaches nginx under the public name, its certificate checked."""
        transport = httpx.HTTPTransport(verify=self.context)
        return httpx.Client(
            transport=transport,
            base_url=f"https://127.0.0.1:{self.port}",
            timeout=120,
            headers={"Host": NAME},
        )


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    if NGINX is None or OPENSSL is None:
        pytest.skip("nginx ou openssl absent (paquets nginx-light, openssl)")
    folder = tmp_path_factory.mktemp("nginx")
    key, chain, site = folder / "cle.pem", folder / "chaine.pem", folder / "site"
    subprocess.run(
        [OPENSSL, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME},IP:127.0.0.1", "-keyout", key,
         "-out", chain], check=True, capture_output=True,
    )  # fmt: skip
    site.mkdir()
    (site / "index.html").write_text("<!DOCTYPE html><title>site</title>")
    (site / "pyodide.asm.wasm").write_bytes(b"\0asm" + bytes(4000))
    (site / "memory.gz").write_bytes(b"\x1f\x8b")
    port = free_port()
    with launched(folder, "--ouvriers", "1", "--hote", NAME) as (address, _):
        server = replaced(block("nginx"), {
            "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
            "/etc/ssl/cpom/chaine.pem": str(chain),
            "/etc/ssl/cpom/cle.pem": str(key),
            "/srv/cpom/site/": f"{site}/",
            "http://127.0.0.1:8765": address,
        })  # fmt: skip
        temporaries = "".join(
            f"{kind}_temp_path {folder / kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        conf = folder / "nginx.conf"
        conf.write_text(
            f"user {getpass.getuser()};\n"  # who owns the folder of the test
            f"pid {folder / 'nginx.pid'};\nerror_log {folder / 'erreurs.log'};\ndaemon off;\n"
            f"events {{}}\nhttp {{\naccess_log off;\n{temporaries}{server}}}\n"
        )
        process = subprocess.Popen([NGINX, "-p", folder, "-c", conf])
        try:
            for _ in range(100):
                with socket.socket() as one:
                    if one.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield Hosted(port, ssl.create_default_context(cafile=str(chain)))
        finally:
            process.terminate()
            process.wait(20)
            print((folder / "erreurs.log").read_text())


def test_a_workbook_is_controlled_through_https(hosted: Hosted) -> None:
    with hosted.client() as client:
        page = client.get("/")
        assert page.status_code == 200 and "Contrôler un classeur CPOM" in page.text
        assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
        answer = client.post(
            "/controle",
            files={"classeurs": (FAULTY.name, FAULTY.read_bytes())},
            headers={"Origin": f"https://{NAME}", "Sec-Fetch-Site": "same-origin"},
        )
        assert answer.status_code == 200 and "Non recevable" in answer.text
        api = client.post("/api/v1/controles", files={"classeurs": FAULTY.open("rb")})
        assert api.status_code == 200, api.text


def test_what_must_be_refused_is(hosted: Hosted) -> None:
    with hosted.client() as client:
        other = client.post(
            "/controle",
            files={"classeurs": (FAULTY.name, b"PK")},
            headers={"Origin": "https://ailleurs.exemple", "Sec-Fetch-Site": "cross-site"},
        )
        assert other.status_code == 403
        large = client.post("/controle", files={"classeurs": ("gros.xlsx", bytes(27 << 20))})
        assert large.status_code == 413 and "Mio" in large.text  # in our words, not nginx's
        huge = client.post("/controle", files={"classeurs": ("gros.xlsx", bytes(40 << 20))})
        assert huge.status_code == 413


def test_the_site_is_served_with_its_types(hosted: Hosted) -> None:
    with hosted.client() as client:
        kinds = {
            name: client.get(f"/controle-hors-ligne/{name}").headers["Content-Type"]
            for name in ("", "pyodide.asm.wasm", "memory.gz")
        }
        assert kinds == {"": "text/html", "pyodide.asm.wasm": "application/wasm",
                         "memory.gz": "application/octet-stream"}  # fmt: skip


@pytest.mark.skipif(SYSTEMD is None, reason="systemd-analyze absent")
def test_the_unit_is_read_by_systemd(tmp_path: Path) -> None:
    program = tmp_path / "xl-cpom"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit = tmp_path / "cpom.service"
    unit.write_text(replaced(block("ini"), {"/opt/cpom/bin/xl-cpom": str(program)}))
    said = subprocess.run([str(SYSTEMD), "verify", "--man=no", "--recursive-errors=no", unit],
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert (said.returncode, said.stderr) == (0, "")
