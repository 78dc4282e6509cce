"""The two files that go together: « structures » is nothing without the places of « activités »."""

from __future__ import annotations

import re
from pathlib import Path

from xl_cpom.typography import fold, typeset

from .stream import FlowKind, UnreadableFlowError, flow_kind

_DAY = re.compile(r"\d{6,8}")
_WORDS = {FlowKind.STRUCTURES: "structures", FlowKind.ACTIVITES: "activites"}


def is_a_flow(path: Path) -> bool:
    """Is it one of the JSON flows, or the folder that holds them, rather than a CSV?

    A file that cannot be opened is not: whoever reads it will say why.
    """
    if path.is_dir():
        return True
    try:
        with path.open("rb") as raw:
            return raw.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")
    except OSError:
        return False


def structures_file(path: Path) -> Path:
    """The flow « structures » of what was given: that file, or the one of that folder."""
    if path.is_dir():
        return _only_one(path, FlowKind.STRUCTURES, "")
    kind = flow_kind(path)
    if kind is FlowKind.STRUCTURES:
        return path
    if kind is FlowKind.ACTIVITES:
        return _neighbour(path, FlowKind.ACTIVITES, FlowKind.STRUCTURES)
    raise UnreadableFlowError(
        typeset(
            f"« {path.name} » n'est pas un flux FINESS. Attendu : « finess-structures-….json » et "
            "« finess-activites-….json », version v1, de data.gouv.fr."
        )
    )


def activites_file(structures: Path) -> Path:
    """The flow « activités » that stands beside a flow « structures ». Raises
    UnreadableFlowError.
    """
    return _neighbour(structures, FlowKind.STRUCTURES, FlowKind.ACTIVITES)


def _neighbour(path: Path, un: FlowKind, autre: FlowKind) -> Path:
    """The other file of the pair: same name but for the flow, else the only one of its kind."""
    twin = path.with_name(_replaced(path.name, _WORDS[un], _WORDS[autre]))
    if twin != path and twin.is_file():
        return twin
    days = _DAY.findall(path.name)
    return _only_one(path.parent, autre, days[-1] if days else "", path)


def _replaced(name: str, un: str, autre: str) -> str:
    start = fold(name).find(un)
    return name if start < 0 else name[:start] + autre + name[start + len(un) :]


def _only_one(folder: Path, kind: FlowKind, day: str, beside: Path | None = None) -> Path:
    word = _WORDS[kind]
    found = sorted(
        p
        for p in folder.iterdir()
        if p.suffix.lower() == ".json" and word in fold(p.name) and p != beside
    )
    same = [p for p in found if day and day in p.name]
    if len(same) == 1:
        return same[0]
    if len(found) == 1:
        return found[0]
    where = f"à côté de « {beside.name} »" if beside else f"dans « {folder.name} »"
    if found:
        raise UnreadableFlowError(
            typeset(
                f"Plusieurs flux « {kind.value} » {where} : laissez-y une seule paire, ou donnez "
                "au nom des deux fichiers la même date."
            )
        )
    expected = f"finess-{word}-journalier-{day or 'AAAAMMJJ'}.json"
    raise UnreadableFlowError(
        typeset(
            f"Le flux FINESS « {kind.value} » manque {where} : les deux flux vont ensemble. "
            f"Attendu : « {expected} », version v1, du même jour. Rien n'a été repris."
        )
    )
