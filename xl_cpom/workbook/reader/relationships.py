"""The relationships between parts: who points to what, inside the file or outside."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Mapping
from typing import NamedTuple

from xl_cpom.typography import number_text, visible
from xl_cpom.workbook.reader.container import Container, normalise
from xl_cpom.workbook.reader.memory import TextBudget
from xl_cpom.workbook.reader.refusals import MalformedPartError, UnreadableWorkbookError
from xl_cpom.workbook.reader.xml import Attributes, parse_part

_ROLES = {
    "officeDocument": "listes de feuilles",
    "sharedStrings": "listes de textes",
    "styles": "listes de formats",
}


class Relationship(NamedTuple):
    """One relationship; `target` is the name of a member, or the address of something outside."""

    id: str
    kind: str
    """last segment of the type: `worksheet`, `sharedStrings`, `table`…"""
    target: str
    external: bool


def read_relationships(
    container: Container, part: str, budget: TextBudget, kinds: Collection[str] | None = None
) -> dict[str, Relationship]:
    """Relationships of a part by id (`""` is the package itself), of those kinds only if given."""
    folder, name = posixpath.split(part)
    rels = container.find(f"{folder}/_rels/{name}.rels")
    found: dict[str, Relationship] = {}
    limit = container.limits.relations
    if rels is None:
        return found

    def start(name: str, attributes: Attributes) -> None:
        if name == "pr:Relationship":
            kind = attributes.get("Type", "").rpartition("/")[2]
            if kinds is not None and kind not in kinds:
                return
            target = attributes.get("Target", "")
            external = attributes.get("TargetMode", "").lower() == "external"
            if not external:
                rooted = target if target.startswith(("/", "\\")) else f"{folder}/{target}"
                target = container.find(rooted) or normalise(rooted)
            relation = Relationship(attributes.get("Id", ""), kind, target, external)
            for text in relation[:3]:
                budget.spend(text)
            if found.setdefault(relation.id, relation) != relation:
                raise MalformedPartError(rels, f"deux relations « {visible(relation.id, 40)} »")
            if len(found) > limit:
                raise UnreadableWorkbookError("LEC-LIM-LIENS", number_text(limit))

    parse_part(container, rels, start)
    return found


def only_target(relations: Mapping[str, Relationship], kind: str) -> Relationship | None:
    """The relationship of that kind, None when there is none.

    Refuses two that lead to different parts: which one is the workbook's is anybody's guess.
    """
    found = {(r.target.casefold(), r.external): r for r in relations.values() if r.kind == kind}
    if len(found) > 1:
        raise UnreadableWorkbookError("LEC-ZIP-ROLE", _ROLES.get(kind, kind))
    return next(iter(found.values()), None)
