"""Nobody holds the places of others, nor speaks for another site: real sockets on this machine."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from tests.server.files_sent import VALIDE, XLSX
from tests.server.real_server import launched
from xl_cpom.server import protocol, request_body
from xl_cpom.server.application import make_application
from xl_cpom.server.settings import ServerSettings

FORM = b"--b\r\nContent-Disposition: form-data; name=classeurs; filename=a.xlsx\r\n\r\n"


@pytest.fixture(scope="module")
def adresse_etroite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of one worker: seven places."""
    with launched(tmp_path_factory.mktemp("etroit"), "--ouvriers", "1") as (found, _):
        yield found


def prise(address: str) -> socket.socket:
    host, _, port = address.rpartition("//")[2].rpartition(":")
    return socket.create_connection((host, int(port)), timeout=30)


def commence(address: str, body: bytes = b"", length: int = 1_000_000) -> socket.socket:
    """A POST whose body does not come to its end."""
    opened = prise(address)
    head = (
        f"POST /controle HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    )
    opened.sendall(head.encode() + body)
    return opened


def upload(address: str, count: int) -> httpx.Response:
    files = [("classeurs", (f"{rank}.xlsx", VALIDE, XLSX)) for rank in range(count)]
    return httpx.post(f"{address}/controle", files=files, timeout=120)


def test_twenty_classeurs_are_accepted_on_one_worker(adresse_etroite: str) -> None:
    """What the page announces, on the fewest cores there are."""
    announced = ServerSettings().max_files
    assert announced > httpx.get(f"{adresse_etroite}/sante").json()["places"]
    answer = upload(adresse_etroite, announced)
    assert answer.status_code == 200
    assert answer.text.count(".xlsx") >= announced


def test_bodies_that_do_not_arrive_hold_no_place(adresse_etroite: str) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(commence(adresse_etroite, FORM))
        time.sleep(0.3)
        assert httpx.get(f"{adresse_etroite}/sante").json()["places_prises"] == 0
        assert upload(adresse_etroite, 1).status_code == 200


def test_two_hundred_silent_connections(adresse_etroite: str) -> None:
    with contextlib.ExitStack() as stack:
        idle = [stack.enter_context(prise(adresse_etroite)) for _ in range(200)]
        assert upload(adresse_etroite, 1).status_code == 200
        half = idle[0]
        half.sendall(b"GET / HTTP/1.1\r\nHost: 127.0")
        idle[1].settimeout(protocol.HEADER_TIME + 10)
        assert idle[1].recv(1) == b"", "who asks for nothing is let go"
        half.settimeout(10)
        assert half.recv(1) == b"", "a request that does not end is not waited for"
    assert upload(adresse_etroite, 1).status_code == 200


def test_a_body_too_slow_is_given_up(adresse_etroite: str) -> None:
    with commence(adresse_etroite, FORM) as slow:
        slow.settimeout(request_body.PATIENCE + 20)
        start = time.monotonic()
        answer = slow.recv(200)
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert time.monotonic() - start >= request_body.PATIENCE - 1


def test_beyond_the_number_the_oldest_silent_one_leaves(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PYTHONWARNINGS", "ignore")
    assert protocol.connection_limit() > 200, "two hundred idle ones are held"
    many = protocol.connection_limit() + 20
    with launched(tmp_path, "--ouvriers", "1") as (address, _), contextlib.ExitStack() as stack:
        try:
            for _ in range(many):
                stack.enter_context(prise(address))
        except OSError:
            pytest.skip("this process may not open as many sockets")
        assert httpx.get(f"{address}/sante", timeout=20).status_code == 200


# --- where a form comes from


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://127.0.0.1", 200),
        ("http://exemple.fr", 403),
        ("http://127.0.0.1:9999", 403),
        ("null", 403),
        ("https://controle.ars.example", 200),
    ],
)
def test_the_origin_of_every_post_is_read(origin: str, status: int) -> None:
    app = make_application(ServerSettings(workers=1, hosts=("controle.ars.example",)))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        for path in ("/controle", "/api/v1/controles", "/api/v1/copies-annotees"):
            files = {"classeurs": ("a.xlsx", VALIDE, XLSX)}
            answer = client.post(path, files=files, headers={"Origin": origin})
            assert answer.status_code in ({status} if status == 403 else {200, 422}), path


@pytest.mark.parametrize(
    ("host", "status"),
    [("192.0.2.7:8765", 200), ("[2001:db8::1]", 200), ("piege.example", 421),
     ("cpom.ars.example", 200), ("localhost", 200)],
)  # fmt: skip
def test_off_this_computer_an_unknown_name_is_refused(host: str, status: int) -> None:
    settings = ServerSettings(address="0.0.0.0", workers=1, hosts=("cpom.ars.example",))
    with TestClient(make_application(settings), base_url="http://127.0.0.1") as client:
        assert client.get("/sante", headers={"Host": host}).status_code == status


def test_the_names_are_said_at_the_start(tmp_path: Path) -> None:
    runner = launched(
        tmp_path, "--adresse", "127.0.0.2", "--hote", "cpom.ars.example", "--ouvriers", "1"
    )
    with pytest.MonkeyPatch.context(), runner:
        pass
    assert "cpom.ars.example" in runner.errors and "--hote NOM" in runner.errors


@pytest.mark.parametrize("charset", ["n-existe-pas", "rot13", "base64", "utf-8\\x00"])
def test_an_unknown_encoding_is_a_malformed_upload(client: TestClient, charset: str) -> None:
    kind = f"multipart/form-data; boundary=b; charset={charset}"
    answer = client.post(
        "/api/v1/controles", content=FORM + b"x\r\n--b--\r\n", headers={"Content-Type": kind}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "SRV-FORMULAIRE")


def test_the_waiting_bytes_are_counted() -> None:
    """However many send at once, the house holds a bounded number of bytes."""
    app = make_application(ServerSettings(workers=1, max_bytes=64 * 1024))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        workshop = app.state.house.workshop
        workshop.hold_bytes(8 * 64 * 1024 - 10)
        files = {"classeurs": ("a.xlsx", VALIDE[:20_000], XLSX)}
        assert client.post("/controle", files=files).status_code == 503
        workshop.release_bytes(8 * 64 * 1024 - 10)
        assert client.post("/controle", files=files).status_code != 503
        assert workshop.bytes_held == 0
