"""A server for the session: in this process (`client`), and a real one on a port (`adresse`)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("starlette", reason="extra « serveur » is not installed")

from starlette.testclient import TestClient

from tests.server.real_server import launched
from xl_cpom.server.application import make_application
from xl_cpom.server.settings import ServerSettings


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    app = make_application(ServerSettings(workers=1, max_bytes=2 * 1024 * 1024, max_files=3))
    with TestClient(app, base_url="http://127.0.0.1") as made:
        yield made


@pytest.fixture(scope="session")
def adresse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of « xl-cpom serveur » run as a user would."""
    with launched(tmp_path_factory.mktemp("tmp")) as (found, _):
        yield found
