"""The relationships between parts: who points to what, inside the file or outside."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from xl_cpom.workbook.reader.container import Container, normalise
from xl_cpom.workbook.reader.xml import Attributes, parse_part


class Relationship(NamedTuple):
    """One relationship; `target` is the name of a member, or the address of something outside."""

    id: str
    kind: str
    """last segment of the type: `worksheet`, `sharedStrings`, `table`…"""
    target: str
    external: bool


def read_relationships(container: Container, part: str) -> dict[str, Relationship]:
    """Relationships of a part by id (`""` is the package itself); empty when it has none."""
    folder, name = posixpath.split(part)
    rels = container.find(f"{folder}/_rels/{name}.rels")
    found: dict[str, Relationship] = {}
    if rels is None:
        return found

    def start(name: str, attributes: Attributes) -> None:
        if name == "pr:Relationship":
            target = attributes.get("Target", "")
            external = attributes.get("TargetMode", "").lower() == "external"
            if not external:
                rooted = target if target.startswith(("/", "\\")) else f"{folder}/{target}"
                target = container.find(rooted) or normalise(rooted)
            relation = Relationship(
                attributes.get("Id", ""),
                attributes.get("Type", "").rpartition("/")[2],
                target,
                external,
            )
            found.setdefault(relation.id, relation)

    parse_part(container, rels, start)
    return found
