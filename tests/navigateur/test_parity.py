"""The engine of the page says what the command says, byte for byte, on every kind of return.

In Node, in bulk: the same memory, the same files, the same runtime as in the page.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.ampleur import by, une_sur
from tests.corpus.cas import cas
from tools.hostiles import CAS
from tools.hostiles.issues import deposit
from tools.hostiles.mutants import mutant
from tools.navigateur import build
from xl_cpom.reports.renderings import FORMATS
from xl_cpom.validators.check import check

SURROGATES = re.compile(r"[\ud800-\udfff]")
MUTANTS = by(3, 300)
CORPUS = une_sur(120, list(cas()))
HOSTILES = une_sur(30, sorted(CAS))
GENERES = by(0, 200)
"""Drawn returns: a complete run only, they take a minute to write."""


def query(construit: Any, this_requests: list[dict[str, Any]], dossier: Path) -> list[Any]:
    """The answers of the engine of the page to requests."""
    requests = dossier / "demandes.jsonl"
    requests.write_text("".join(json.dumps(one) + "\n" for one in this_requests), "utf-8")
    script = Path(build.__file__).with_name("control.mjs")
    done = subprocess.run(
        ["node", script, construit.moteur.runtime, construit.moteur.made, requests],
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


def fichiers(dossier: Path) -> Iterator[Path]:
    def written(nom: str, raw_bytes: bytes) -> Path:
        path = dossier / f"{nom}.xlsx"
        path.write_bytes(raw_bytes)
        return path

    yield from sorted((build.ROOT / "workbooks").glob("*.xlsx"))
    for rank, case in enumerate(CORPUS):
        yield written(f"corpus_{rank}", case.classeur().octets())
    for seed in range(MUTANTS):
        yield written(f"mutant_{seed}", mutant(seed))
    for name in HOSTILES:
        own = dossier / name
        own.mkdir()
        path = deposit(CAS[name], own)
        # A browser gives no name that is not text, and Node could not be told of it.
        if path is not None and path.is_file() and not SURROGATES.search(path.name):
            yield path
    if GENERES:
        from tools.synthese import produce

        yield from sorted(produce(dossier / "tires", nombre=GENERES).depot.rglob("*.xls?"))


def test_same_json_as_the_command(construit: Any, tmp_path: Path, record_property: Any) -> None:
    paths = list(fichiers(tmp_path))
    requests = [{"action": "controler", "chemin": str(path)} for path in paths]
    answers = query(construit, requests, tmp_path)
    assert len(answers) == len(paths)
    different = [
        path.name
        for path, answer in zip(paths, answers, strict=True)
        if answer.get("json") != FORMATS["json"].render([check(path)])
    ]
    record_property("page", len(paths))
    record_property("page_autrement", len(different))
    assert different == []


def test_functions_as_the_core(construit: Any, tmp_path: Path) -> None:
    from xl_cpom.functions.calls import invoke

    calls = [["CPOM_TAUX", [90, 100]], ["CPOM_TAUX", [90, 0]], ["CPOM_LIBELLE", ["LEVEE"]]]
    (answer,) = query(construit, [{"action": "fonctions", "appels": calls}], tmp_path)
    assert answer["valeurs"] == [invoke(name, args) for name, args in calls]
