"""The page that controls without an installation, against the plain way of Python in a page.

`python -m benchmarks.navigateur [--tours N]` opens both in headless Chromium from `file://`, the
network cut, gives them the faulty example, and times from the opening to the verdict; in turn, so
that the load of the machine falls on both. Then the page without its memory, the site at a second
visit, « xl-cpom serveur » from its start, the next workbooks of both, a hundred at once, the
longest task of the page and its memory.

The witness: the runtime as npm gives it, its whole library, our whole package and its libraries as
sources, loaded on the page itself, without a worker and without a memory already awake.
"""

from __future__ import annotations

import argparse
import base64
import functools
import http.server
import io
import json
import os
import statistics
import tempfile
import threading
import time
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import sync_playwright

from tests.conftest import CHROMIUM, CHROMIUM_OPTIONS
from tools.fiabilite.serveur import served
from tools.navigateur import build, engine, page

WORKBOOKS = build.ROOT / "workbooks"
FAULTY, VALIDE = WORKBOOKS / "exemple_fautif.xlsx", WORKBOOKS / "exemple_valide.xlsx"
CENT = 100
READING = 8
"""Seconds for which a visitor reads a report before leaving."""

WITNESS = """<!DOCTYPE html><html lang="fr"><meta charset="utf-8"><title>Témoin</title>
<input type="file" id="classeurs"><ol id="liste"></ol>
{parts}
<script type="module">
const inflate = async (id) => new Uint8Array(await new Response(new Blob([Uint8Array.from(
  atob(document.getElementById(id).textContent), (c) => c.charCodeAt(0))]).stream()
  .pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
const address = (bytes) => URL.createObjectURL(new Blob([bytes], {{ type: "text/javascript" }}));
const [loader, glue, wasm, library, ours] = await Promise.all(
  ["loader", "glue", "wasm", "library", "ours"].map(inflate));
const {{ loadPyodide }} = await import(address(loader));
const {{ default: createPyodideModule }} = await import(address(glue));
globalThis.fetch = async (url) => new Response(String(url).endsWith(".wasm") ? wasm : library,
  {{ headers: {{ "Content-Type": "application/wasm" }} }});
const python = await loadPyodide({{ indexURL: "https://x.invalid/", createPyodideModule,
  lockFileContents: {{ info: {info}, packages: {{}} }},
  env: {{ RAPIDFUZZ_IMPLEMENTATION: "python" }} }});
python.unpackArchive(ours, "zip");
document.getElementById("classeurs").addEventListener("change", async (event) => {{
  const file = event.target.files[0];
  python.FS.writeFile(`/home/pyodide/${{file.name}}`, new Uint8Array(await file.arrayBuffer()));
  const verdict = python.runPython(`from xl_cpom.validators.check import check
check("/home/pyodide/${{file.name}}").verdict.value`);
  const line = document.createElement("li");
  line.dataset.fichier = file.name;
  line.dataset.verdict = verdict;
  line.textContent = verdict;
  document.getElementById("liste").replaceChildren(line);
}});
document.body.dataset.pret = "oui";
</script></html>
"""


def witness(made: page.Engine) -> str:
    """The page of the plain way."""
    with tempfile.TemporaryDirectory() as folder:
        staged = Path(folder, "staged")
        engine.stage(staged)
        sources = io.BytesIO()
        with zipfile.ZipFile(sources, "w") as archive:
            for path in sorted(p for p in staged.rglob("*") if p.is_file()):
                archive.write(path, path.relative_to(staged))
    contents = {
        "loader": (made.runtime / "pyodide.mjs").read_bytes(),
        "glue": (made.runtime / "pyodide.asm.mjs").read_bytes(),
        "wasm": (made.runtime / "pyodide.asm.wasm").read_bytes(),
        "library": (made.runtime / "python_stdlib.zip").read_bytes(),
        "ours": sources.getvalue(),
    }
    parts = "\n".join(
        f'<script type="text/plain" id="{name}">'
        f"{base64.b64encode(page.packed(content)).decode()}</script>"
        for name, content in contents.items()
    )
    return WITNESS.format(parts=parts, info=made.info)


def first_verdict(browser: Any, address: str, context: Any = None) -> tuple[float, Any]:
    """Seconds from the opening of a page to the verdict of the faulty example; the tab."""
    own = context or browser.new_context(offline=address.startswith("file:"))
    own.set_default_timeout(300_000)
    tab = own.new_page()
    begin = time.perf_counter()
    tab.goto(address, wait_until="commit")
    tab.wait_for_selector("body[data-pret]")
    tab.set_input_files("#classeurs", FAULTY)
    tab.wait_for_selector("[data-verdict]")
    return time.perf_counter() - begin, tab


NEXT = """async ([text, times]) => {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0)), taken = [];
  for (let rank = 0; rank < times; rank++) {
    const file = new File([bytes], `suivant_${rank}.xlsx`), begin = performance.now();
    await window.xlCpom.controler(file);
    taken.push(performance.now() - begin);
  }
  return taken;
}"""


def next_ones(tab: Any, path: Path, times: int = 15) -> list[float]:
    """Milliseconds of as many more controls, each under a name of its own, seen from the page.

    Under one name, each would be compared with the one before.
    """
    return sorted(tab.evaluate(NEXT, [base64.b64encode(path.read_bytes()).decode(), times]))


def of_the_server() -> tuple[float, list[float]]:
    """Seconds from the start of « xl-cpom serveur » to the verdict of the faulty example; then
    milliseconds of as many more controls of the valid one.
    """
    begin = time.perf_counter()
    with served(workers=1) as (address, _), httpx.Client(base_url=address, timeout=300) as client:

        def sent(path: Path) -> float:
            files = {"classeurs": (path.name, path.read_bytes())}
            client.post("/controle", files=files).raise_for_status()
            return time.perf_counter()

        first = sent(FAULTY) - begin
        ends = [time.perf_counter()] + [sent(VALIDE) for _ in range(15)]
    return first, sorted(1000 * (b - a) for a, b in pairwise(ends))


def serve(folder: Path) -> http.server.ThreadingHTTPServer:
    """The site, served on this machine."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
            ".wasm": "application/wasm",
            ".js": "text/javascript",
        }

        def log_message(self, *_: object) -> None: ...

    handler = functools.partial(Handler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def longest_task(trace: Path) -> tuple[float, float]:
    """Milliseconds of the longest task of the page's own thread: by the clock, of processor.

    Chromium draws pages of its own beside it: ours is the one that has a worker.
    """
    events = json.loads(trace.read_text("utf-8"))["traceEvents"]
    names = [
        (one["args"]["name"], one["pid"], one["tid"])
        for one in events
        if one["name"] == "thread_name"
    ]
    ours = {pid for name, pid, _ in names if name.startswith("DedicatedWorker")}
    page_threads = {(p, t) for name, p, t in names if name == "CrRendererMain" and p in ours}
    tasks = [
        one
        for one in events
        if one["name"].endswith("RunTask") and (one["pid"], one["tid"]) in page_threads
    ]
    clock, processor = (max(one.get(key, 0) for one in tasks) / 1000 for key in ("dur", "tdur"))
    return clock, processor


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tours", type=int, default=3)
    rounds = parser.parse_args().tours
    build.build(light=True)
    made = build.engine_of(build.OUTPUT)
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        plain = Path(folder, "temoin.html")
        plain.write_text(witness(made), "utf-8")
        single = build.OUTPUT / build.SINGLE
        light = build.OUTPUT / build.LIGHT
        print(
            f"taille : page {single.stat().st_size / 1e6:.1f} Mo, sans instantané "
            f"{light.stat().st_size / 1e6:.1f} Mo, témoin "
            f"{plain.stat().st_size / 1e6:.1f} Mo ; charge de la machine {load:.1f}"
        )
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_OPTIONS))
        pairs = []
        for _ in range(rounds):
            seconds = []
            for path in (plain, single):
                found, tab = first_verdict(browser, path.as_uri())
                seconds.append(found)
                if path is plain:
                    tab.context.close()
                else:
                    last = tab
            pairs.append(seconds)
            print(
                f"ouverture → verdict : témoin {seconds[0]:.2f} s, page {seconds[1]:.2f} s, "
                f"{seconds[1] / seconds[0]:.2f} ×"
            )
        base = statistics.median(one[0] for one in pairs)
        print(f"médiane : {statistics.median(b / a for a, b in pairs):.2f} × le témoin")
        seconds_light, tab = first_verdict(browser, light.as_uri())
        tab.context.close()
        print(f"sans instantané : {seconds_light:.2f} s, {seconds_light / base:.2f} × le témoin")
        seconds_server, times_server = of_the_server()
        print(
            f"xl-cpom serveur, démarrage → verdict : {seconds_server:.2f} s, "
            f"{seconds_server / base:.2f} × le témoin"
        )
        server = serve(build.OUTPUT / "site")
        address = f"http://127.0.0.1:{server.server_port}/"
        # A profile on disk, as people have: a private one keeps no compiled code.
        context = driver.chromium.launch_persistent_context(
            Path(folder, "profil"), executable_path=CHROMIUM, args=list(CHROMIUM_OPTIONS)
        )
        for rank in range(1 + rounds):
            again, tab = first_verdict(browser, address, context)
            print(f"site, visite {rank + 1} : {again:.2f} s, {again / base:.2f} × le témoin")
            time.sleep(READING)
            tab.close()
        context.close()
        for name, times in (("page", next_ones(last, VALIDE)), ("serveur", times_server)):
            print(
                f"classeur suivant (valide), {name} : médiane {statistics.median(times):.0f} ms, "
                f"meilleure {times[0]:.0f} ms"
            )
        many = []
        for rank in range(CENT):
            many.append(Path(folder, f"retour_{rank:03}.xlsx"))
            many[-1].write_bytes((VALIDE if rank % 2 else FAULTY).read_bytes())
        last.context.close()
        trace = Path(folder, "trace.json")
        browser.start_tracing(path=trace, categories=["toplevel"])
        _, tab = first_verdict(browser, single.as_uri())
        begin = time.perf_counter()
        tab.set_input_files("#classeurs", many)
        tab.wait_for_function(f"() => document.querySelectorAll('[data-verdict]').length > {CENT}")
        seconds_of_all = time.perf_counter() - begin
        heap = tab.evaluate("performance.memory.usedJSHeapSize") / 1e6
        print(f"{CENT} classeurs : {seconds_of_all:.1f} s, mémoire JS {heap:.0f} Mo")
        browser.stop_tracing()
        clock, processor = longest_task(trace)
        print(
            f"plus longue tâche de la page, de l'ouverture au centième : {clock:.0f} ms, dont "
            f"{processor:.0f} de processeur"
        )
        browser.close()


if __name__ == "__main__":
    main()
