"""Where last year's return is found (`--precedent`): a file, or a folder of returns.

In a folder, the return of the same FINESS EJ is looked up: first by the name of the files, then by
what they say. Of several, the latest that is before the year followed, and that shares an ESMS,
is taken. Files are read with the limits of any return, once per process.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from xl_cpom.errors import XlCpomError
from xl_cpom.files.workbook_suffixes import WORKBOOK_SUFFIXES
from xl_cpom.light_dataclass import dataclass
from xl_cpom.referentiel import Referentiel
from xl_cpom.typography import displayable_name, plural, typeset, visible
from xl_cpom.workbook.decryption import open_workbook
from xl_cpom.workbook.interpretation.interpret import interpret
from xl_cpom.workbook.presence import renumbered
from xl_cpom.workbook.reader import UnreadableWorkbookError
from xl_cpom.workbook.records import Classeur

_READ = "SHA-256"
"""Word that only the text of a return that was read has."""


class UnreadablePrecedentError(XlCpomError, ValueError):
    """The return given as the previous one cannot be read. The message is French."""


@dataclass(frozen=True, slots=True)
class FoundPrecedent:
    """What the search gave. texte: for the reports; raison: why there is no previous return."""

    classeur: Classeur | None
    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Fiche:
    """What must be known of a return to choose it."""

    path: str
    finess_ej: str | None
    annee: int | None
    arrete: dt.date | None
    etablissements: frozenset[str]


@dataclass(frozen=True)
class Precedents:
    """The return given, or those of the folder given. digest: of the names and the contents."""

    origin: str
    paths: tuple[str, ...]
    folder: bool
    digest: str

    def find(self, classeur: Classeur, sha256: str = "") -> FoundPrecedent:
        """The return that comes before this workbook (whose fingerprint is sha256)."""
        if not self.folder:
            return self._file(classeur.referentiel)
        numero = classeur.identification.finess_ej
        if not numero:
            return self._rien("le FINESS EJ de ce classeur n'est pas lu")
        found, unread = self._candidats(str(numero), classeur, sha256)
        if not found and (before := classeur.identification.ancien_finess_ej):
            found, unread = self._candidats(str(before), classeur, sha256)
        if not found:
            told = f" ({plural(unread, 'fichier')} illisible{'s' * (unread > 1)})" * bool(unread)
            return self._rien(f"aucun retour antérieur de l'organisme {numero}{told}")
        return self._read(found[-1].path, classeur.referentiel)

    def verifier(self, referentiel: Referentiel) -> None:
        """Raise UnreadablePrecedentError when a file was given and it cannot be read."""
        if not self.folder and (reason := self._file(referentiel).reason):
            raise UnreadablePrecedentError(typeset(reason))

    def _file(self, referentiel: Referentiel) -> FoundPrecedent:
        return self._read(self.paths[0], referentiel)

    def _read(self, chemin: str, referentiel: Referentiel) -> FoundPrecedent:
        name = visible(Path(chemin).name)
        try:
            classeur, sha256 = _read(chemin, referentiel)
        except UnreadableWorkbookError as refusal:
            reason = f"le retour précédent « {name} » est illisible : {refusal.message}"
            return FoundPrecedent(None, typeset(f"{name} : illisible ({refusal.code})"), reason)
        year = classeur.annee_suivie
        said = f"{name}, année suivie {year or 'non renseignée'}, {_READ} {sha256[:12]}…"
        return FoundPrecedent(classeur, said)

    def _rien(self, why: str) -> FoundPrecedent:
        return FoundPrecedent(
            None,
            typeset(f"{self.origin} : {why}"),
            f"le retour précédent n'a pas été trouvé dans « {self.origin} » : {why}",
        )

    def _candidats(self, numero: str, classeur: Classeur, sha256: str) -> tuple[list[_Fiche], int]:
        """The returns of an organisme, the best one last, and how many files could not be read."""
        unread = 0  # a folder without any workbook: the first year of a cycle
        named = [path for path in self.paths if numero in Path(path).name]
        for paths in filter(None, (named, self.paths)):
            fiches, unread = _fiches(paths, classeur.referentiel, sha256)
            found = [f for f in fiches if f.finess_ej == numero and _before(f, classeur)]
            if found:
                mine = frozenset(classeur.etablissements) | frozenset(renumbered(classeur))
                return sorted(found, key=lambda fiche: _preference(fiche, mine)), unread
        return [], unread


def is_found(texte: str) -> bool:
    """Does the text of a search (`FoundPrecedent.texte`) name a return that was read?"""
    return _READ in texte


def load_precedents(path: Path | str) -> Precedents:
    """The return of a file, or those of a folder; none is opened as a workbook yet."""
    path = Path(path)
    if not path.is_dir():
        return Precedents(displayable_name(path.name), (str(path),), False, _sha256([path]))
    files = [
        file
        for file in sorted(path.rglob("*"))
        if file.is_file()
        and file.suffix.lower() in WORKBOOK_SUFFIXES
        and not file.name.startswith(("~$", "."))
    ]
    return Precedents(displayable_name(path.name), tuple(map(str, files)), True, _sha256(files))


def _sha256(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(os.fsencode(file.name) + b"\0")
        try:
            with file.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
        except OSError:
            digest.update(b"illisible")
    return digest.hexdigest()


def _before(fiche: _Fiche, classeur: Classeur) -> bool:
    """Is a return of a folder for a year before the one followed?"""
    suivie = classeur.annee_suivie
    return fiche.annee is not None and (suivie is None or fiche.annee < suivie)


def _preference(fiche: _Fiche, etablissements: frozenset[str]) -> tuple[bool, int, dt.date, str]:
    shared = not etablissements or bool(fiche.etablissements & etablissements)
    return (shared, fiche.annee or 0, fiche.arrete or dt.date.min, fiche.path)


def _fiches(
    paths: Iterable[str], referentiel: Referentiel, sha256: str
) -> tuple[list[_Fiche], int]:
    """What the files say of themselves, this very workbook left out."""
    found, unread = [], 0
    for path in paths:
        known = _fiche(path, _state(path), referentiel)
        if known is None:
            unread += 1
        elif known[1] != sha256:
            found.append(known[0])
    return found, unread


def _state(chemin: str) -> tuple[int, int]:
    try:
        state = Path(chemin).stat()
    except OSError:
        return (0, 0)
    return (state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=8192)
def _fiche(
    chemin: str, etat: tuple[int, int], referentiel: Referentiel
) -> tuple[_Fiche, str] | None:
    try:
        classeur, sha256 = _read(chemin, referentiel)
    except UnreadableWorkbookError:
        return None
    identification = classeur.identification
    fiche = _Fiche(
        chemin,
        identification.finess_ej or None,
        classeur.annee_suivie,
        identification.date_arrete or None,
        frozenset(classeur.etablissements),
    )
    return fiche, sha256


def _read(chemin: str, referentiel: Referentiel) -> tuple[Classeur, str]:
    raw = open_workbook(Path(chemin))
    return interpret(raw, referentiel).classeur, raw.sha256
