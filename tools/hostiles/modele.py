"""What a hostile workbook is, and the honest workbook they are all made from."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.atelier import Workshop

Content = str | bytes
ACTIONS = "Plan d'actions"
WITNESS = "temoin-7301"
"""Canary: a text put in a free cell of an otherwise honest workbook, to be read as it is."""


@dataclass(frozen=True, slots=True)
class Cas:
    """One trap. temoin: (sheet, address, value) that must be read when the file is."""

    nom: str
    famille: str
    pourquoi: str
    fabrique: Callable[[], bytes]
    fichier: str
    temoin: tuple[str, str, object] | None = None


CAS: dict[str, Cas] = {}
"""Every trap, by name."""


def cas(
    famille: str,
    nom: str,
    pourquoi: str,
    fabrique: Callable[[], bytes],
    *,
    fichier: str | None = None,
    temoin: tuple[str, str, object] | None = None,
) -> None:
    """Declare a trap; `fichier`: its name on disk, when the name is the trap."""
    name = f"{famille}-{nom}"
    if name in CAS:
        raise ValueError(name)
    CAS[name] = Cas(name, famille, pourquoi, fabrique, fichier or f"{name}.xlsx", temoin)


@cache
def honest() -> bytes:
    """A valid CPOM socle with no blank row to spare, fast to control."""
    from tools.synthese.production import legeres
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.workbook.examples import valid_content
    from xl_cpom.workbook.template import write_template

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "honnete.xlsx"
        write_template(path, load_referentiel(), contenu=valid_content(), sheets=legeres())
        return path.read_bytes()


@cache
def _members() -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(honest())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def membres() -> dict[str, bytes]:
    """The members of the honest workbook, free to be changed."""
    return dict(_members())


class Trap(Workshop):
    """The workshop of the tests over the honest workbook, with raw changes of its parts."""

    def __init__(self) -> None:
        self.membres = membres()
        self.trees = {}

    def temoin(self) -> Trap:
        """Put the canary in the free comment of the first action."""
        self.cellule(ACTIONS, "Q6", WITNESS)
        return self

    def texte(self, part: str, old: Content, new: Content, count: int = 1) -> Trap:
        """Replace a text of a part; the text must be there."""
        old, new = _bytes(old), _bytes(new)
        data = self.bytes_of(part)
        if old not in data:
            raise LookupError(f"{old!r} is not in {part}")
        self.trees.pop(part, None)
        self.membres[part] = data.replace(old, new, count)
        return self

    def bytes_of(self, part: str) -> bytes:
        """The bytes of a part as they stand."""
        from lxml import etree

        if part in self.trees:
            data: bytes = etree.tostring(
                self.trees[part], xml_declaration=True, encoding="UTF-8", standalone=True
            )
            return data
        return self.membres[part]

    def put(self, part: str, content: Content) -> Trap:
        """Add or replace a part."""
        self.trees.pop(part, None)
        self.membres[part] = _bytes(content)
        return self

    def inside(self, feuille: str, old: Content, new: Content) -> Trap:
        """Replace a text of the part of a sheet."""
        return self.texte(self.partie(feuille), old, new)

    def ligne(self, feuille: str, xml: Content) -> Trap:
        """Add raw rows at the end of the data of a sheet."""
        return self.inside(feuille, "</sheetData>", _bytes(xml) + b"</sheetData>")

    def apres(self, feuille: str, xml: Content) -> Trap:
        """Add raw elements just after the data of a sheet."""
        return self.inside(feuille, "</sheetData>", b"</sheetData>" + _bytes(xml))

    def relation(self, kind: str, target: str, *, external: bool = False) -> Trap:
        """Add a relationship of the workbook."""
        mode = ' TargetMode="External"' if external else ""
        base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        entry = f'<Relationship Id="rIdX" Type="{base}/{kind}" Target="{target}"{mode}/>'
        return self.texte(
            "xl/_rels/workbook.xml.rels", "</Relationships>", f"{entry}</Relationships>"
        )

    def comprime(self) -> bytes:
        """The file, deflated (`octets` only stores)."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in self.membres:
                archive.writestr(name, self.bytes_of(name))
        return buffer.getvalue()


def _bytes(content: Content) -> bytes:
    return content.encode() if isinstance(content, str) else content
