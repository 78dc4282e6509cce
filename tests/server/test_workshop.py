"""The workshop: bounded, told at once when full, and no workbook's failure is another's."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
from starlette.testclient import TestClient

from tests.server import breakdowns
from tests.server.files_sent import VALIDE, XLSX
from tools.ouvriers import ouvriers
from xl_cpom.server import workshop as module_workshop
from xl_cpom.server.application import make_application
from xl_cpom.server.http_refusals import RETURN
from xl_cpom.server.settings import ServerSettings


@pytest.fixture(scope="module")
def fragile() -> Iterator[TestClient]:
    """A server of one worker and two places to wait, whose work fails on demand."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module_workshop, "serve_task", breakdowns.work)
        app = make_application(ServerSettings(workers=1, queue=2, time_limit=5.0))
        with TestClient(app, base_url="http://127.0.0.1") as client:
            controler(client, "prêt")
            yield client


def controler(client: TestClient, nom: str) -> tuple[int, dict[str, object]]:
    answer = client.post(
        "/api/v1/controles", params={"nom": nom}, content=VALIDE, headers={"Content-Type": XLSX}
    )
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("tue-", 422, "LEC-INTERROMPU"),
        ("leve-", 500, "SRV-PANNE"),
        ("charabia-", 422, "LEC-INTERROMPU"),
        pytest.param("dort-", 422, "LEC-DELAI", marks=pytest.mark.long),
        pytest.param("memoire-", 422, "LEC-MEMOIRE", marks=pytest.mark.long),
    ],
)
def test_a_worker_may_die_in_every_way(
    fragile: TestClient, name: str, status: int, code: str
) -> None:
    found, problem = controler(fragile, name)
    assert (found, problem["code"], problem["status"]) == (status, code, status)
    assert controler(fragile, "bon.xlsx")[0] == 200
    workshop = fragile.app.state.house.workshop  # type: ignore[attr-defined]
    assert list(workshop.dossier.iterdir()) == []
    assert workshop.places_prises == 0


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "status", "word"), [("tue-", 422, "Illisible"), ("leve-", 500, "Contrôle incomplet")]
)
def test_the_page_tells_it_too(fragile: TestClient, name: str, status: int, word: str) -> None:
    page = fragile.post("/controle", files=[("classeurs", (name, VALIDE, XLSX))])
    assert page.status_code == status
    assert word in page.text
    assert "Et maintenant" in page.text


def test_a_full_house_says_so_before_reading_and_recovers(fragile: TestClient) -> None:
    def slow(rank: int) -> int:
        return controler(fragile, f"lent-{rank}")[0]

    with ThreadPoolExecutor(6) as threads:
        waiting = [threads.submit(slow, rank) for rank in range(3)]
        while fragile.get("/sante").json()["places_prises"] < 3:
            time.sleep(0.01)
        assert fragile.get("/sante").json()["etat"] == "occupé"
        begin = time.monotonic()
        answer = fragile.post("/api/v1/controles", content=VALIDE, headers={"Content-Type": XLSX})
        assert time.monotonic() - begin < 1.0
        assert answer.status_code == 503
        assert answer.json()["code"] == "SRV-OCCUPE"
        assert answer.headers["Retry-After"] == str(RETURN)
        page = fragile.post("/controle", files=[("classeurs", ("a.xlsx", VALIDE, XLSX))])
        assert (page.status_code, page.headers["Retry-After"]) == (503, str(RETURN))
        assert 'role="alert"' in page.text
        assert [one.result() for one in waiting] == [200, 200, 200]
    assert fragile.get("/sante").json()["places_prises"] == 0


def test_who_is_let_in_comes_with_all_the_workbooks_announced(fragile: TestClient) -> None:
    files = [("classeurs", (f"{rank}.xlsx", VALIDE, XLSX)) for rank in range(4)]
    assert fragile.app.state.house.settings.places < 4  # type: ignore[attr-defined]
    assert fragile.post("/controle", files=files).status_code == 200


def test_one_process_per_worker_and_none_afterwards() -> None:
    before = set(ouvriers(psutil.Process()))
    threads = threading.active_count()
    app = make_application(ServerSettings(workers=2))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        assert controler(client, "a.xlsx")[0] == 200
        workers = set(ouvriers(psutil.Process())) - before
        assert len(workers) == 2
    assert not [c for c in workers if c.is_running()]
    assert not app.state.house.workshop.dossier.exists()
    assert threading.active_count() <= threads + 1


def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    app = make_application(ServerSettings(workers=1, reception=0.2))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        scope = {
            "type": "http", "method": "POST", "path": "/api/v1/controles",
            "raw_path": b"/api/v1/controles", "query_string": b"", "http_version": "1.1",
            "headers": [(b"host", b"localhost"), (b"content-type", XLSX.encode())],
            "scheme": "http", "server": ("localhost", 80), "root_path": "", "client": None,
        }  # fmt: skip
        sent: list[dict[str, object]] = []

        async def receive() -> dict[str, object]:
            import anyio

            await anyio.sleep(30)
            return {}

        async def send(message: dict[str, object]) -> None:
            sent.append(message)

        assert client.portal is not None
        client.portal.call(app, scope, receive, send)
        assert sent[0]["status"] == 408
        assert client.get("/sante").json()["places_prises"] == 0
