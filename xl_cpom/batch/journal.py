"""The journal of a campaign: one SQLite file that survives whatever happens to the program.

Each answer is committed as it comes, with the fingerprints that make it good for a later run: the
file's, and that of the engine, the référentiel and the options. Each complete run leaves its
findings, so that the next one can say what was corrected; each folder of outputs, what it was
written from, so that it is not written again for nothing; each year, its pooled rates, for the
trajectories of the next. SQLite's rollback journal, not WAL:
campaigns are run on network shares.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from xl_cpom.batch.journal_file import APPLICATION, UnreadableJournalError, prepare
from xl_cpom.typography import typeset

__all__ = ["Journal", "Passage", "Taux", "UnreadableJournalError", "identite"]

VERSION = 4
_SCHEMA = """
CREATE TABLE IF NOT EXISTS reponses (
    nom TEXT NOT NULL, contexte TEXT NOT NULL, sha256 TEXT NOT NULL, reponse BLOB NOT NULL,
    PRIMARY KEY (nom, contexte)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS passages (
    numero INTEGER PRIMARY KEY, identite TEXT NOT NULL, jour TEXT NOT NULL, constats BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS sorties (
    dossier TEXT PRIMARY KEY, cause TEXT NOT NULL, noms TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pieces (
    chemin TEXT PRIMARY KEY, sha256 TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS taux (
    annee INTEGER NOT NULL, module TEXT NOT NULL, secteur TEXT NOT NULL, taux REAL NOT NULL,
    PRIMARY KEY (annee, module, secteur)
) WITHOUT ROWID;
"""


Taux = Mapping[tuple[str, str], Mapping[int, float]]
"""(module, secteur) -> civil year -> pooled rate."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A complete run: the day, and its findings (key -> what is shown)."""

    jour: str
    constats: Mapping[str, Sequence[str]]


class Journal:
    """The journal in a file, or in memory when no path is given. A context manager."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._volatile: dict[tuple[str, str], bytes] = {}
        try:
            if path is not None:
                prepare(path)
            self._base = sqlite3.connect(path or ":memory:", timeout=60, isolation_level=None)
            self._open()
        except (sqlite3.DatabaseError, OSError) as error:
            raise UnreadableJournalError(
                typeset(
                    f"Le journal « {path} » ne peut pas être ouvert ({error}). Supprimez-le, ou "
                    "choisissez un autre dossier : les classeurs seront relus."
                )
            ) from error

    def _open(self) -> None:
        (version,) = self._base.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise sqlite3.DatabaseError(f"version {version}")
        self._base.execute("PRAGMA synchronous = NORMAL")
        self._base.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten
        self._base.execute("PRAGMA temp_store = MEMORY")
        if version < VERSION:
            self._base.executescript(
                f"BEGIN;{_SCHEMA}PRAGMA application_id = {APPLICATION};"
                f"PRAGMA user_version = {VERSION};COMMIT;"
            )

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._base.close()

    # --- answers

    def connue(self, nom: str, contexte: str, sha256: str) -> bytes | None:
        """The answer kept for this very file under this context."""
        found = self._base.execute(
            "SELECT reponse FROM reponses WHERE nom = ? AND contexte = ? AND sha256 = ?",
            (nom, contexte, sha256),
        ).fetchone()
        return None if found is None else _inflate(found[0])

    def noter(
        self, nom: str, contexte: str, sha256: str, reponse: bytes, *, durable: bool = True
    ) -> None:
        """Keep an answer, for good as soon as this returns.

        durable: False for what must not be on the disk (a workbook that came encrypted): it is
        kept for this run, in memory.
        """
        if not durable:
            self._volatile[nom, contexte] = reponse
            self._base.execute("DELETE FROM reponses WHERE nom = ?", (nom,))
            return
        self._volatile.pop((nom, contexte), None)
        self._base.execute(
            "INSERT OR REPLACE INTO reponses VALUES (?, ?, ?, ?)",
            (nom, contexte, sha256, zlib.compress(reponse, 1)),
        )

    def reponses(self, noms: Iterable[str], contexte: str) -> Iterator[bytes]:
        """The answers kept for these names, one by one, in that order."""
        for nom in noms:
            if (kept := self._volatile.get((nom, contexte))) is not None:
                yield kept
                continue
            row = self._base.execute(
                "SELECT reponse FROM reponses WHERE nom = ? AND contexte = ?", (nom, contexte)
            ).fetchone()
            if row is not None:
                yield _inflate(row[0])

    # --- runs

    def passer(
        self, identite: str, jour: str, constats: Mapping[str, Sequence[str]]
    ) -> Passage | None:
        """Note a complete run; the one before it, to compare with (None: this is the first).

        A run on the same files under the same context as the last one is that run again: it is
        compared with the same one.
        """
        rows = self._base.execute(
            "SELECT numero, identite, jour, constats FROM passages ORDER BY numero DESC LIMIT 2"
        ).fetchall()
        if rows and rows[0][1] == identite:
            return _passage(rows[1]) if len(rows) > 1 else None
        content = zlib.compress(json.dumps(dict(constats), ensure_ascii=False).encode(), 1)
        self._base.execute(
            "INSERT INTO passages (identite, jour, constats) VALUES (?, ?, ?)",
            (identite, jour, content),
        )
        return _passage(rows[0]) if rows else None

    def forget_others(self, noms: Iterable[str]) -> None:
        """Forget the answers of files that are no longer in the campaign."""
        kept = set(noms)
        known = [row[0] for row in self._base.execute("SELECT DISTINCT nom FROM reponses")]
        with contextlib.closing(self._base.cursor()) as cursor:
            cursor.execute("BEGIN")
            cursor.executemany(
                "DELETE FROM reponses WHERE nom = ?", [(n,) for n in known if n not in kept]
            )
            cursor.execute("COMMIT")

    # --- outputs

    def sortie(self, dossier: Path) -> tuple[str, tuple[str, ...]] | None:
        """(cause, names of the files) of a folder of outputs that was written to its end."""
        found = self._base.execute(
            "SELECT cause, noms FROM sorties WHERE dossier = ?", (_place(dossier),)
        ).fetchone()
        return None if found is None else (found[0], tuple(json.loads(found[1])))

    def record_output(self, dossier: Path, cause: str, noms: Iterable[str]) -> None:
        """Note that a folder has been written whole."""
        said = json.dumps(list(noms), ensure_ascii=False)
        self._base.execute(
            "INSERT OR REPLACE INTO sorties VALUES (?, ?, ?)", (_place(dossier), cause, said)
        )

    def forget_output(self, dossier: Path) -> None:
        """To be said before a folder is written: until it is whole, nothing is known of it."""
        self._base.execute("DELETE FROM sorties WHERE dossier = ?", (_place(dossier),))

    def pieces(self, dossier: Path) -> dict[str, str]:
        """Fingerprints of the files of a folder as we last wrote them, by name."""
        start = f"{_place(dossier)}/"
        rows = self._base.execute(
            "SELECT chemin, sha256 FROM pieces WHERE substr(chemin, 1, ?) = ?", (len(start), start)
        )
        return {chemin[len(start) :]: sha256 for chemin, sha256 in rows}

    def noter_pieces(self, dossier: Path, pieces: Mapping[str, str]) -> None:
        """Note the fingerprints of files just written."""
        start = _place(dossier)
        self._base.executemany(
            "INSERT OR REPLACE INTO pieces VALUES (?, ?)",
            [(f"{start}/{name}", sha256) for name, sha256 in pieces.items()],
        )

    # --- rates of the region, year after year

    def taux(self, sauf: int | None) -> Taux:
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


def _place(dossier: Path) -> str:
    """A folder as a text that SQLite takes, whatever the bytes of its name."""
    return os.fsencode(dossier.resolve()).decode("utf-8", "backslashreplace")


def _inflate(blob: bytes) -> bytes:
    return zlib.decompress(blob)


def _passage(row: tuple[int, str, str, bytes]) -> Passage:
    return Passage(row[2], json.loads(_inflate(row[3])))


def identite(contexte: str, fichiers: Iterable[tuple[str, str]], attendus: str) -> str:
    """What makes two runs the same run: context, (name, sha256) of the files, expected list."""
    said = (contexte, sorted(fichiers), attendus)
    return hashlib.sha256(repr(said).encode()).hexdigest()
