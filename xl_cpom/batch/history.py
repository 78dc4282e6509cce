"""What a campaign must remember when its journal is gone: its complete runs, its yearly rates.

The journal is a cache: it may be deleted, the workbooks are read again. This small file beside it
is not. A run is kept with what was controlled in it, so that the next one calls « corrected » only
a fault whose return came back and whose rule was run again, within one campaign (one year).
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from xl_cpom.errors import XlCpomError
from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.typography import typeset, visible

VERSION = 1
APPLICATION = 0x43504F48
"""« CPOH », in the header of the file (PRAGMA application_id)."""

_SCHEMA = """
CREATE TABLE passages (
    numero INTEGER PRIMARY KEY, annee INTEGER, identite TEXT NOT NULL, jour TEXT NOT NULL,
    contenu BLOB NOT NULL
);
CREATE TABLE taux (
    annee INTEGER NOT NULL, module TEXT NOT NULL, secteur TEXT NOT NULL, taux REAL NOT NULL,
    PRIMARY KEY (annee, module, secteur)
) WITHOUT ROWID;
CREATE TABLE courante (annee INTEGER);
"""

Taux = Mapping[tuple[str, str], Mapping[int, float]]
"""(module, secteur) -> civil year -> pooled rate."""


class UnreadableHistoryError(XlCpomError, RuntimeError):
    """The history cannot be opened nor set aside. French message."""


@dataclass(frozen=True)
class Passage:
    """A complete run: the day, its faults, what was controlled.

    findings: key of a fault -> what is shown of it. lifted: keys of the faults that a dérogation
    lifts, informations: of those that are only information. not_run: who -> codes that were not
    run in its returns (who is not there: no return of theirs was read).
    """

    day: str
    findings: Mapping[str, Sequence[str]]
    lifted: frozenset[str] = frozenset()
    informations: frozenset[str] = frozenset()
    not_run: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """As it is kept; the sets of codes are written once each."""
        sets = sorted({tuple(sorted(codes)) for codes in self.not_run.values()})
        ranks = {codes: rank for rank, codes in enumerate(sets)}
        said = {
            "constats": dict(self.findings),
            "leves": sorted(self.lifted),
            "tus": sorted(self.informations),
            "codes": sets,
            "qui": {who: ranks[tuple(sorted(c))] for who, c in self.not_run.items()},
        }
        return zlib.compress(json.dumps(said, ensure_ascii=False).encode(), 1)

    @classmethod
    def from_bytes(cls, jour: str, blob: bytes) -> Passage:
        """The run that was kept."""
        said = json.loads(zlib.decompress(blob))
        sets = [frozenset(codes) for codes in said["codes"]]
        return cls(jour, said["constats"], frozenset(said["leves"]), frozenset(said["tus"]),
                   {who: sets[rank] for who, rank in said["qui"].items()})  # fmt: skip


class History:
    """The history in a file, or in memory when no path is given.

    avis: what the user is told about it (French), when it was damaged and set aside.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.avis: list[str] = []
        try:
            self._base = self._opened()
        except sqlite3.DatabaseError:
            self.avis.append(self._set_aside())
            self._base = self._opened()

    def _opened(self) -> sqlite3.Connection:
        if self.path is not None and not self.path.exists():
            os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))
        try:
            base = sqlite3.connect(
                self.path or ":memory:",
                timeout=60,
                isolation_level=None,
                check_same_thread=sqlite3.threadsafety < 3,
            )
        except sqlite3.OperationalError as failure:
            raise self._refusal(failure) from failure
        try:
            (version,) = base.execute("PRAGMA user_version").fetchone()
            (application,) = base.execute("PRAGMA application_id").fetchone()
            if application != APPLICATION and _holds_something(base):
                base.close()
                raise UnreadableHistoryError(
                    typeset(
                        f"« {visible(self.path.name if self.path else '')} » n'est pas un "
                        "historique de xl_cpom : rien n'y est écrit. Choisissez un autre dossier."
                    )
                )
            if version > VERSION:
                raise sqlite3.DatabaseError(f"version {version}")
            if base.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("quick_check")
            base.execute("PRAGMA secure_delete = ON")
            base.execute("BEGIN IMMEDIATE")
            if not base.execute("PRAGMA user_version").fetchone()[0]:
                for statement in filter(None, map(str.strip, _SCHEMA.split(";"))):
                    base.execute(statement)
                base.execute(f"PRAGMA application_id = {APPLICATION}")
                base.execute(f"PRAGMA user_version = {VERSION}")
            base.execute("COMMIT")
        except sqlite3.OperationalError as failure:
            base.close()
            raise self._refusal(failure) from failure
        except sqlite3.DatabaseError:
            base.close()
            raise
        return base

    def _refusal(self, failure: sqlite3.Error) -> UnreadableHistoryError:
        said = f"L'historique « {self.path} » ne peut pas être écrit ({failure})."
        return UnreadableHistoryError(typeset(said))

    def _set_aside(self) -> str:
        assert self.path is not None
        aside = set_aside(self.path)
        return typeset(
            f"L'historique « {visible(self.path.name)} » était abîmé : il est mis de côté sous le "
            f"nom « {visible(aside.name)} » et un nouveau commence. Les taux des années passées et "
            "le dernier passage y étaient ; ils restent dans vos consolidations."
        )

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()

    # --- runs

    def note_run(self, annee: int | None, identite: str, passage: Passage) -> Passage | None:
        """Note a complete run of a campaign; the one before it of that year (None: the first).

        A run on the same files under the same context as the last one is that run again: it is
        compared with the same one.
        """
        rows = self._base.execute(
            "SELECT identite, jour, contenu FROM passages WHERE annee IS ? "
            "ORDER BY numero DESC LIMIT 2",
            (annee,),
        ).fetchall()
        if rows and rows[0][0] == identite:
            return Passage.from_bytes(*rows[1][1:]) if len(rows) > 1 else None
        self._base.execute(
            "INSERT INTO passages (annee, identite, jour, contenu) VALUES (?, ?, ?, ?)",
            (annee, identite, passage.day, passage.to_bytes()),
        )
        return Passage.from_bytes(*rows[0][1:]) if rows else None

    # --- the year whose tables stand at the root of the consolidation

    def current_year(self) -> int | None:
        """Year of the last consolidation, None when there is none or when it had none."""
        row = self._base.execute("SELECT annee FROM courante").fetchone()
        return None if row is None else row[0]

    def note_current_year(self, annee: int | None) -> None:
        """Note the year of a consolidation that has been written."""
        with contextlib.closing(self._base.cursor()) as cursor:
            cursor.execute("BEGIN")
            cursor.execute("DELETE FROM courante")
            cursor.execute("INSERT INTO courante VALUES (?)", (annee,))
            cursor.execute("COMMIT")

    # --- rates of the region, year after year

    def rates(self, sauf: int | None) -> Taux:
        """Pooled rates noted for the years but one."""
        rows = self._base.execute(
            "SELECT module, secteur, annee, taux FROM taux WHERE annee IS NOT ? ORDER BY annee",
            (sauf,),
        )
        found: dict[tuple[str, str], dict[int, float]] = {}
        for module, secteur, annee, taux in rows:
            found.setdefault((module, secteur), {})[annee] = taux
        return found

    def record_rates(self, annee: int, taux: Mapping[tuple[str, str], float]) -> None:
        """Keep the pooled rates of a year, in the place of those kept before."""
        with contextlib.closing(self._base.cursor()) as cursor:
            cursor.execute("BEGIN")
            cursor.execute("DELETE FROM taux WHERE annee = ?", (annee,))
            cursor.executemany(
                "INSERT INTO taux VALUES (?, ?, ?, ?)",
                [(annee, *key, rate) for key, rate in taux.items()],
            )
            cursor.execute("COMMIT")


def _holds_something(base: sqlite3.Connection) -> bool:
    """Has somebody made tables in it? An empty file is one that a killed run was making."""
    (count,) = base.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return bool(count)


def history_path(journal: Path | None) -> Path | None:
    """Where the history that goes with a journal is."""
    if journal is None:
        return None
    if journal.name == "journal.sqlite":
        return journal.with_name("historique.sqlite")
    return journal.with_name(f"{journal.stem}-historique.sqlite")


def set_aside(path: Path) -> Path:
    """Give a damaged file a name that is free, beside it. Raises OSError."""
    rank = 1
    while (aside := path.with_name(f"{path.stem}-abime-{rank}{path.suffix}")).exists():
        rank += 1
    path.rename(aside)
    path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
    return aside
