"""The journal of a campaign: one SQLite file that survives whatever happens to the program.

Each answer is committed as it comes, with the fingerprints that make it good for a later run: the
file's, and that of the engine, the référentiel and the options. Each folder of outputs leaves what
it was written from, so that it is not written again for nothing. It is a cache: deleted, the
workbooks are read again, and nothing else is lost (see `history`). SQLite's rollback journal, not
WAL: campaigns are run on network shares.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType

from xl_cpom.batch.history import History, history_path, set_aside
from xl_cpom.batch.journal_file import APPLICATION, UnreadableJournalError, prepare
from xl_cpom.typography import typeset

__all__ = ["Journal", "UnreadableJournalError", "identite"]

VERSION = 5
SEPARATOR = "."
"""In the name of a context, between the engine and all the rest."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS reponses (
    nom TEXT NOT NULL, contexte TEXT NOT NULL, sha256 TEXT NOT NULL, reponse BLOB NOT NULL,
    PRIMARY KEY (nom, contexte)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sorties (
    dossier TEXT PRIMARY KEY, cause TEXT NOT NULL, noms TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pieces (
    chemin TEXT PRIMARY KEY, sha256 TEXT NOT NULL
) WITHOUT ROWID;
DROP TABLE IF EXISTS passages;
DROP TABLE IF EXISTS taux;
"""


class Journal:
    """The journal in a file, or in memory when no path is given. A context manager.

    historique: what is remembered beside it. avis: what the user is told (French): a damaged file
    that was set aside.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.avis: list[str] = []
        self._old: dict[int, dict[tuple[str, str], float]] = {}
        self._volatile: dict[tuple[str, str], bytes] = {}
        try:
            if path is not None:
                prepare(path)
            try:
                self._connect()
            except sqlite3.OperationalError:  # locked, or a folder that cannot be written
                raise
            except sqlite3.DatabaseError:
                self._set_aside()
            self.historique = History(history_path(path))
            for annee, rates in self._old.items():
                self.historique.record_rates(annee, rates)
        except (sqlite3.DatabaseError, OSError) as error:
            raise UnreadableJournalError(
                typeset(
                    f"Le journal « {path} » ne peut pas être ouvert ({error}). Supprimez-le, ou "
                    "choisissez un autre dossier : les classeurs seront relus."
                )
            ) from error
        self.avis += self.historique.avis

    def _connect(self) -> None:
        self._base = sqlite3.connect(
            self.path or ":memory:",
            timeout=60,
            isolation_level=None,
            check_same_thread=sqlite3.threadsafety < 3,
        )
        try:
            self._open()
        except sqlite3.DatabaseError:
            self._base.close()
            raise

    def _set_aside(self) -> None:
        """A journal of ours that is damaged: another is begun, the workbooks are read again."""
        assert self.path is not None
        aside = set_aside(self.path)
        prepare(self.path)
        self._connect()
        self.avis.append(
            typeset(
                f"Le journal « {self.path.name} » était abîmé : il est mis de côté sous le nom "
                f"« {aside.name} ». Les classeurs sont relus ; rien d'autre n'est perdu."
            )
        )

    def _open(self) -> None:
        (version,) = self._base.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise sqlite3.DatabaseError(f"version {version}")
        if self._base.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("quick_check")
        self._base.execute("PRAGMA synchronous = NORMAL")
        self._base.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten
        self._base.execute("PRAGMA temp_store = MEMORY")
        if version < VERSION:
            self._old = _old_rates(self._base)
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
        self.historique.close()

    # --- answers

    def known(self, nom: str, context: str, sha256: str) -> bytes | None:
        """The answer kept for this very file under this context."""
        found = self._base.execute(
            "SELECT reponse FROM reponses WHERE nom = ? AND contexte = ? AND sha256 = ?",
            (nom, context, sha256),
        ).fetchone()
        return None if found is None else _inflate(found[0])

    def note(
        self, nom: str, context: str, sha256: str, answer: bytes, *, durable: bool = True
    ) -> None:
        """Keep an answer, for good as soon as this returns.

        durable: False for what must not be on the disk (a workbook that came encrypted): it is
        kept for this run, in memory.
        """
        if not durable:
            self._volatile[nom, context] = answer
            self._base.execute("DELETE FROM reponses WHERE nom = ?", (nom,))
            return
        self._volatile.pop((nom, context), None)
        self._base.execute(
            "INSERT OR REPLACE INTO reponses VALUES (?, ?, ?, ?)",
            (nom, context, sha256, zlib.compress(answer, 1)),
        )

    def answers(self, names: Iterable[str], context: str) -> Iterator[bytes]:
        """The answers kept for these names, one by one, in that order."""
        for name in names:
            if (kept := self._volatile.get((name, context))) is not None:
                yield kept
                continue
            row = self._base.execute(
                "SELECT reponse FROM reponses WHERE nom = ? AND contexte = ?", (name, context)
            ).fetchone()
            if row is not None:
                yield _inflate(row[0])

    @property
    def shared(self) -> bool:
        """May two threads of this process use it? They may, where SQLite was built so."""
        return sqlite3.threadsafety == 3

    def forget_others(self, names: Iterable[str], context: str) -> None:
        """Forget the answers of files that are no longer in the campaign, and of past engines.

        context: one of the engine of today (`Options.digest`); its other contexts are kept.
        """
        kept = set(names)
        engine = f"{context.partition(SEPARATOR)[0]}{SEPARATOR}"
        known = [row[0] for row in self._base.execute("SELECT DISTINCT nom FROM reponses")]
        with contextlib.closing(self._base.cursor()) as cursor:
            cursor.execute("BEGIN")
            cursor.executemany(
                "DELETE FROM reponses WHERE nom = ?", [(n,) for n in known if n not in kept]
            )
            cursor.execute(
                "DELETE FROM reponses WHERE substr(contexte, 1, ?) <> ?", (len(engine), engine)
            )
            cursor.execute("COMMIT")

    # --- outputs

    def output(self, folder: Path) -> tuple[str, tuple[str, ...]] | None:
        """(cause, names of the files) of a folder of outputs that was written to its end."""
        found = self._base.execute(
            "SELECT cause, noms FROM sorties WHERE dossier = ?", (_place(folder),)
        ).fetchone()
        return None if found is None else (found[0], tuple(json.loads(found[1])))

    def record_output(self, folder: Path, cause: str, names: Iterable[str]) -> None:
        """Note that a folder has been written whole."""
        said = json.dumps(list(names), ensure_ascii=False)
        self._base.execute(
            "INSERT OR REPLACE INTO sorties VALUES (?, ?, ?)", (_place(folder), cause, said)
        )

    def forget_output(self, folder: Path) -> None:
        """To be said before a folder is written: until it is whole, nothing is known of it."""
        self._base.execute("DELETE FROM sorties WHERE dossier = ?", (_place(folder),))

    def pieces(self, folder: Path) -> dict[str, str]:
        """Fingerprints of the files of a folder as we last wrote them, by name."""
        start = f"{_place(folder)}/"
        rows = self._base.execute(
            "SELECT chemin, sha256 FROM pieces WHERE substr(chemin, 1, ?) = ?", (len(start), start)
        )
        return {path[len(start) :]: sha256 for path, sha256 in rows}

    def note_pieces(self, folder: Path, pieces: Mapping[str, str]) -> None:
        """Note the fingerprints of files just written: what changed, on the disk at one go.

        Each statement waits for the disk by itself, which is what a journal costs.
        """
        start, known = _place(folder), self.pieces(folder)
        new = {name: sha256 for name, sha256 in pieces.items() if known.get(name) != sha256}
        if new:
            rows = ", ".join(["(?, ?)"] * len(new))
            values = [text for name, sha256 in new.items() for text in (f"{start}/{name}", sha256)]
            order = f"INSERT OR REPLACE INTO pieces VALUES {rows}"  # noqa: S608 - marks only
            self._base.execute(order, values)


def _old_rates(base: sqlite3.Connection) -> dict[int, dict[tuple[str, str], float]]:
    """The rates that journals kept before there was a history, by year."""
    tables = {row[0] for row in base.execute("SELECT name FROM sqlite_master")}
    found: dict[int, dict[tuple[str, str], float]] = {}
    if "taux" in tables:
        for annee, module, secteur, taux in base.execute(
            "SELECT annee, module, secteur, taux FROM taux"
        ):
            found.setdefault(annee, {})[module, secteur] = taux
    return found


def _place(folder: Path) -> str:
    """A folder as a text that SQLite takes, whatever the bytes of its name."""
    return os.fsencode(folder.resolve()).decode("utf-8", "backslashreplace")


def _inflate(blob: bytes) -> bytes:
    return zlib.decompress(blob)


def identite(context: str, fichiers: Iterable[tuple[str, str]], attendus: str) -> str:
    """What makes two runs the same run: context, (name, sha256) of the files, expected list."""
    said = (context, sorted(fichiers), attendus)
    return hashlib.sha256(repr(said).encode()).hexdigest()
