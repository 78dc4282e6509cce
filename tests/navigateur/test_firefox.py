"""The page in Firefox, from `file://`, no network: the same verdicts; by WebDriver BiDi.

Playwright drives only a Firefox of its own; BiDi is what Debian's understands.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tornado.websocket import websocket_connect

from xl_cpom.reports.renderings import FORMATS
from xl_cpom.validators.check import check

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
WORKBOOKS = Path(__file__).parents[2] / "workbooks"
FAULTY, VALIDE = WORKBOOKS / "exemple_fautif.xlsx", WORKBOOKS / "exemple_valide.xlsx"

PREFERENCES = {
    "network.proxy.type": 1,  # a proxy that is not there: whatever is asked for fails
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "browser.privatebrowsing.autostart": True,  # no storage is kept
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
}

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(FIREFOX is None, reason="Firefox absent (paquet firefox-esr)"),
]

CONTROL = """(async () => {
  const file = document.getElementById("programme").files[0];
  return JSON.stringify(await window.xlCpom.controler(file));
})()"""
FIELD = """(() => { document.getElementById("programme")?.remove();
  const i = document.createElement("input"); i.type = "file"; i.id = "programme";
  document.body.append(i); return i; })()"""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The socket of a headless Firefox of its own, in permanent private browsing."""
    assert FIREFOX is not None
    profile = tmp_path / "profile"
    profile.mkdir()
    lines = (f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in PREFERENCES.items())
    (profile / "user.js").write_text("".join(lines), "utf-8")
    log = tmp_path / "firefox.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [FIREFOX, "--headless", "--profile", profile, "--remote-debugging-port", "0"],
            stdout=stream,
            stderr=stream,
            env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        )
    try:
        for _ in range(600):
            found = re.search(r"ws://[\d.]+:\d+", log.read_text("utf-8", "replace"))
            if found:
                break
            time.sleep(0.1)
        assert found, log.read_text("utf-8", "replace")
        yield found[0]
    finally:
        process.terminate()
        process.wait(30)


def session(address: str, work: Callable[[Callable[..., Awaitable[Any]]], Awaitable[Any]]) -> Any:
    """Drive a session of BiDi: `work` is handed what sends a command and waits for its result."""

    async def run() -> Any:
        socket = await websocket_connect(f"{address}/session", max_message_size=1 << 26)
        serial = 0

        async def ask(method: str, **params: Any) -> Any:
            nonlocal serial
            serial += 1
            await socket.write_message(
                json.dumps({"id": serial, "method": method, "params": params})
            )
            while True:
                said = json.loads(await socket.read_message() or "null")
                assert said is not None, "Firefox closed the session"
                if said.get("id") == serial:
                    assert said["type"] == "success", said
                    return said["result"]

        await ask("session.new", capabilities={})
        return await asyncio.wait_for(work(ask), 300)

    return asyncio.run(run())


def test_same_answers_as_the_command(construit: Any, address: str) -> None:
    async def story(ask: Callable[..., Awaitable[Any]]) -> list[Any]:
        tree = await ask("browsingContext.getTree")
        tab = tree["contexts"][0]["context"]

        async def evaluate(text: str) -> Any:
            found = await ask("script.evaluate", expression=text, target={"context": tab},
                              awaitPromise=True, resultOwnership="root")  # fmt: skip
            assert found["type"] == "success", found
            return found["result"]

        await ask(
            "browsingContext.navigate", context=tab, url=construit.page.as_uri(), wait="complete"
        )
        await evaluate(
            "new Promise((ok, no) => setInterval(() => { const d = document.body.dataset;"
            " if (d.pret) ok(1); if (d.panne) no(new Error(d.panne)); }, 50))"
        )
        answers = []
        for path in (FAULTY, VALIDE):
            field = await evaluate(FIELD)
            await ask("input.setFiles", context=tab, files=[str(path)],
                      element={"sharedId": field["sharedId"]})  # fmt: skip
            answers.append(json.loads((await evaluate(CONTROL))["value"]))
        shown = await evaluate(
            "[...document.querySelectorAll('[data-verdict]')].map((n) => n.dataset.verdict).join()"
        )
        tried = await evaluate(
            "fetch('https://example.org/').then(() => 'sent', (e) => e.constructor.name)"
        )
        return [*answers, shown["value"], tried["value"]]

    expected = [json.loads(FORMATS["json"].render([check(path)])) for path in (FAULTY, VALIDE)]
    assert session(address, story) == [*expected, "non recevable,recevable", "TypeError"]
