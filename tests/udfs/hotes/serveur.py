"""xlwings Server in-process, through its TestClient: functions, manifest, icons."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from tests.udfs.hotes import officejs


def main() -> None:
    """Answer the calls of the standard input, then what the server publishes."""
    os.chdir(os.environ["XLWINGS_PROJECT_DIR"])
    os.environ.update(XLWINGS_HOSTNAME="cpom.exemple.fr", XLWINGS_ON_SERVER="true")
    import xlwings
    from starlette.testclient import TestClient
    from xlwings_server.main import app

    client = TestClient(app, base_url="https://cpom.exemple.fr")

    def call(name: str, args: list[Any]) -> Any:
        payload = officejs.call(name, args, xlwings.__version__)
        answer = client.post("/xlwings/custom-functions-call", json=payload)
        assert answer.status_code == 200, answer.text
        return officejs.resultat(answer.json()["result"])

    calls = json.load(sys.stdin)
    meta = client.get("/xlwings/custom-functions-meta.json").json()
    print(
        json.dumps(
            {
                "cas": [call(name, [officejs.argument(a) for a in args]) for name, args in calls],
                "fonctions": [f["name"] for f in meta["functions"]],
                "manifest": client.get("/manifest.xml").text,
                "icones": [
                    client.get(f"/static/images/cpom-{size}.png").status_code
                    for size in (16, 32, 64, 80)
                ],
            }
        )
    )


if __name__ == "__main__":
    main()
