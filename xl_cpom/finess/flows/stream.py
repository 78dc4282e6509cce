"""One national JSON flow, one entity at a time: memory does not follow the size of the file.

`ijson` tokenises; this module says what may be trusted of what it gives: which flow it is, of
which version, from when, and that the file goes to its end. Whoever reads keeps nothing before the
iteration has ended, so that a truncated file leaves nothing behind.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import IO, Any

from xl_cpom.errors import XlCpomError
from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import typeset, visible

from .fields import champ, jour

ReadProgress = Callable[[int, int], None]
"""Told as the file is read: bytes read, bytes in all."""

VERSIONS = "v1 (v1.0.0, v1.0.1)"
_KNOWN = re.compile(r"v?1(\.\d+)*")

MAX_ENTITY = 64_000_000
"""Bytes of JSON of one entité juridique: the largest of the country weighs a tenth of that."""

MAX_HEAD = 200_000_000
"""Bytes before the entities: the groupements, a few megabytes in the real flow."""

_BOM = b"\xef\xbb\xbf"


class UnreadableFlowError(XlCpomError, ValueError):
    """The flow cannot be read, or is not the one expected. The message is French."""


class FlowKind(Enum):
    """The two flows, by their public name."""

    STRUCTURES = "structures"
    ACTIVITES = "activités"


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the entities. version: "" when the file does not say."""

    version: str
    date: dt.date | None


class _Count:
    """A file that counts what is read of it, and stops on one entity that has no end."""

    def __init__(self, raw: IO[bytes], total: int, suivi: ReadProgress | None, limit: int) -> None:
        self.raw, self.total, self.suivi, self.limit = raw, total, suivi, limit
        self.lus = self.repere = 0

    def read(self, size: int = -1) -> bytes:
        """Bytes for the tokeniser."""
        data = self.raw.read(size)
        self.lus += len(data)
        if self.lus - self.repere > self.limit:
            raise _TooLargeError
        if self.suivi is not None and data:
            self.suivi(self.lus, self.total)
        return data

    def jalon(self) -> None:
        """An entity is complete."""
        self.repere = self.lus


class _TooLargeError(Exception):
    """One entity is larger than any real one."""


def flow_kind(path: Path) -> FlowKind | None:
    """Which flow a file is, by its first entity; None when it holds none that is known.

    Raises UnreadableFlowError when it cannot be read so far.
    """
    try:
        entity = next(_objets(path, None))
    except StopIteration:
        return None
    return _kind(entity)


def entete(path: Path) -> Header:
    """The header of a flow. Raises UnreadableFlowError, above all for a version nobody knows."""
    found: dict[str, Any] = {}
    with _refusal(path), path.open("rb") as raw:
        ijson = _ijson()
        depth, key, inner = 0, "", ""
        source = _Count(_without_bom(raw), 0, None, MAX_HEAD)
        for event, value in ijson.basic_parse(source):
            if event == "map_key":
                key, inner = (value, "") if depth == 1 else (key, value)
                if depth == 1 and key == "pmej":
                    break
            elif event in ("start_map", "start_array"):
                depth += 1
            elif event in ("end_map", "end_array"):
                depth -= 1
            elif (depth == 1 and not inner) or (depth == 2 and key == "metadata"):
                found.setdefault(inner or key, value)
        else:
            raise UnreadableFlowError(_said(path, "ce n'est pas un flux FINESS (la liste « pmej » manque)",  # noqa: E501
                                     _ATTENDU))  # fmt: skip
    if not found.get("schemaVersion"):
        found.update({k: v for k, v in _queue(path).items() if k not in found})
    version = str(found.get("schemaVersion") or "").strip()
    if version and not _KNOWN.fullmatch(version):
        raise UnreadableFlowError(
            _said(path, f"la version « {visible(version)} » de son schéma n'est pas connue",
                 f"Version attendue : {VERSIONS}.")
        )  # fmt: skip
    return Header(version, jour(found.get("generatedAt")))


_ATTENDU = (
    "Attendu : le fichier « finess-structures-….json » ou « finess-activites-….json » de "
    "data.gouv.fr, décompressé."
)


def _queue(path: Path) -> dict[str, str]:
    """The header when it was written last: the specification does not order the members."""
    with path.open("rb") as raw:
        raw.seek(max(0, path.stat().st_size - 4096))
        tail = raw.read().decode("utf-8", errors="replace")
    return dict(re.findall(r'"(schemaVersion|generatedAt)"\s*:\s*"([^"]*)"', tail))


def entites(
    path: Path, attendu: FlowKind, suivi: ReadProgress | None = None
) -> Iterator[dict[str, Any]]:
    """The entités juridiques of a flow, as they are written.

    Raises UnreadableFlowError when the file is the other flow, is truncated or is not JSON: at the
    first entity for the former, where the fault stands for the latter.
    """
    found = 0
    for entity in _objets(path, suivi):
        kind = _kind(entity)
        if kind is not attendu:
            other = f"c'est le flux « {kind.value} »" if kind else "une entité n'est pas reconnue"
            raise UnreadableFlowError(
                _said(path, other if not found else f"{other} après {found} entités",
                     f"Attendu : le flux « {attendu.value} », version {VERSIONS}.")
            )  # fmt: skip
        found += 1
        yield entity
    if not found:
        raise UnreadableFlowError(_said(path, "il ne contient aucune entité juridique", _ATTENDU))


def _kind(entity: object) -> FlowKind | None:
    if isinstance(entity, dict):
        if champ(entity, "informationsGeneralesPMEJ") is not None:
            return FlowKind.STRUCTURES
        if champ(entity, "numFiness", "numeroFiness") is not None:
            return FlowKind.ACTIVITES
    return None


def _objets(path: Path, suivi: ReadProgress | None) -> Iterator[Any]:
    with _refusal(path), path.open("rb") as raw:
        ijson = _ijson()
        source = _Count(_without_bom(raw), path.stat().st_size, suivi, MAX_ENTITY + MAX_HEAD)
        for entity in ijson.items(source, "pmej.item", use_float=True):
            source.limit = MAX_ENTITY
            source.jalon()
            yield entity


def _ijson() -> Any:
    """Imported when a flow is read: nothing else needs it."""
    import ijson

    return ijson


def _without_bom(raw: IO[bytes]) -> IO[bytes]:
    if raw.read(3) != _BOM:
        raw.seek(0)
    return raw


class _refusal:  # noqa: N801 - a context manager
    """Failures of the file and of the tokeniser, as one French sentence."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, failure: BaseException | None, trace: object) -> None:
        if failure is None or isinstance(failure, UnreadableFlowError):
            return
        if isinstance(failure, _TooLargeError):
            raise UnreadableFlowError(
                _said(self.path, "une de ses entités n'a pas de fin raisonnable", _ATTENDU)
            ) from failure
        if isinstance(failure, OSError):
            why = f"impossible de le lire ({failure.strerror or failure})"
            raise UnreadableFlowError(_said(self.path, why, "")) from failure
        if isinstance(failure, _ijson().JSONError):
            raise UnreadableFlowError(_said(self.path, *_fault(str(failure)))) from failure


def _fault(said: str) -> tuple[str, str]:
    """(what is wrong, what to do) from the words of the tokeniser."""
    words = said.lower()
    if "premature eof" in words or "incomplete" in words:
        return (
            "il est tronqué : il s'arrête avant la fin du JSON",
            "Téléchargez-le de nouveau. Rien n'en a été repris.",
        )
    if "utf" in words:
        return "il n'est pas en UTF-8", "Téléchargez-le de nouveau. Rien n'en a été repris."
    if "trailing" in words:
        return (
            "autre chose suit le JSON",
            "Donnez le fichier tel qu'il est publié. Rien n'en a été repris.",
        )
    return "ce n'est pas du JSON correct", f"{_ATTENDU} Rien n'en a été repris."


def _said(path: Path, why: str, then: str) -> str:
    return typeset(f"Flux FINESS « {path.name} » : {why}. {then}".strip())
