"""The cases of the corpus: read from their TOML files, played on a fresh copy of the base.

A case is a name, why it exists, the gestures made on the valid example (see `gestes`), and the
exact set of what the control must find: « CODE Feuille!A1,B1 », one text a finding. A case that
replays a mistake of the newcomer's audit gives its number, and the rates that the mistake takes
with it (none unless said): those are « Non calculable », and no rate is ever « Sans objet ».
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.ampleur import by
from tests.corpus.gestes import Gestures
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators.check import check_retour
from xl_cpom.validators.model import DIRECT, TWO, Finding, Report
from xl_cpom.validators.recomputed import NON_CALCULABLE
from xl_cpom.workbook.interpretation.interpret import interpret
from xl_cpom.workbook.reader import read_workbook

DOSSIER = Path(__file__).resolve().parent


@dataclass(frozen=True, eq=False)
class Cas:
    """One case, as written."""

    fichier: str
    nom: str
    pourquoi: str
    gestes: tuple[tuple[str, tuple[Any, ...]], ...]
    attendu: tuple[str, ...]
    file_name: str = "retour.xlsx"
    audit: str = ""
    taux_perdus: tuple[str, ...] = ()

    def classeur(self) -> Gestures:
        """The workshop once every gesture is made."""
        workshop = Gestures()
        for name, arguments in self.gestes:
            getattr(workshop, name)(*arguments)
        return workshop


def cas() -> Iterator[Cas]:
    """Every case of the corpus, file by file."""
    for path in sorted(DOSSIER.glob("*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["cas"]:
            gestures = tuple((name, tuple(rest)) for name, *rest in entry["gestes"])
            yield Cas(path.stem, entry["nom"], entry["pourquoi"], gestures, tuple(entry["attendu"]),
                      entry.get("nom_de_fichier", "retour.xlsx"), entry.get("audit", ""),
                      tuple(entry.get("taux_perdus", ())))  # fmt: skip


def controler(raw_bytes: bytes, nom: str = "retour.xlsx") -> Report:
    """Control a workbook held in memory; a complete run asks both judges, which must agree."""
    retour = interpret(read_workbook(raw_bytes), load_referentiel())
    return check_retour(nom, retour, juge=by(DIRECT, TWO))


@cache
def rapport(case: Cas) -> Report:
    """What the control says of a case (played once a process)."""
    return controler(case.classeur().octets(), case.file_name)


def dit(finding: Finding) -> str:
    """A finding as the cases write it."""
    place = f"{finding.sheet}!{','.join(finding.cells)}" if finding.cells else finding.sheet
    return f"{finding.code} {place}".strip()


def lost_rates(report: Report) -> tuple[str, ...]:
    """The indicators that a report could not compute: « TRANSFO/PA », or « tous »."""
    lost = [one for one in report.indicateurs if one.state == NON_CALCULABLE]
    if lost and len(lost) == len(report.indicateurs):
        return ("tous",)
    return tuple(f"{one.module}/{one.secteur}" for one in lost)
