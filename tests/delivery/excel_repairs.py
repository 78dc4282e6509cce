"""What makes Excel offer to repair a workbook, looked for in the parts of a file we wrote.

Nobody could open our files in Excel here. Each check is a cause that Excel is known to refuse;
`declencheurs` says which ones a file has.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

from lxml import etree

from tests.atelier import CT, PR, R, q
from xl_cpom.workbook.reader import Rect, parse_rect

MAX_LINKS = 65_490
MAX_FORMULA = 8_192
MAX_TEXT = 32_767
MESSAGE_MAX, MAX_TITLE = 255, 32
MAX_WINDOW = 60_000
"""Twips: some forty inches."""

_ADRESSE = re.compile(r"\$?[A-Za-z]{1,3}\$?\d+|[Rr]\d*[Cc]\d*")
_SHAPES = re.compile(rb'<v:shape\b[^>]*\bid="([^"]+)"')


def triggers(path: Path) -> list[str]:
    """Every known cause of a repair, in words; [] when there is none."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        parts = {name: archive.read(name) for name in names}
    return [
        *(f"membre en double : {n}" for n in _doubles(name.casefold() for name in names)),
        *_types(parts),
        *_relations(parts),
        *_classeur(parts),
    ]


def _doubles(items: Iterable[Any]) -> list[Any]:
    return [item for item, count in Counter(items).items() if count > 1]


def _types(parts: dict[str, bytes]) -> Iterator[str]:
    root = etree.fromstring(parts["[Content_Types].xml"])
    overrides = [e.get("PartName").lstrip("/") for e in root.iter(f"{{{CT}}}Override")]
    defaults = {e.get("Extension").casefold() for e in root.iter(f"{{{CT}}}Default")}
    yield from (f"type en double : {name}" for name in _doubles(overrides))
    yield from (f"type sans partie : {name}" for name in overrides if name not in parts)
    for name in parts:
        extension = name.rpartition(".")[2].casefold()
        if name != "[Content_Types].xml" and name not in overrides and extension not in defaults:
            yield f"partie sans type : {name}"


def _links(parts: dict[str, bytes], part: str) -> dict[str, tuple[str, str]]:
    """Id -> (kind, target part) of the internal relationships of a part."""
    folder, _, name = part.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels".lstrip("/")
    if rels not in parts:
        return {}
    found = {}
    for element in etree.fromstring(parts[rels]).iter(f"{{{PR}}}Relationship"):
        if element.get("TargetMode") != "External":
            target = element.get("Target")
            path = target[1:] if target.startswith("/") else posixpath.join(folder, target)
            kind = element.get("Type").rpartition("/")[2]
            found[element.get("Id")] = (kind, posixpath.normpath(path))
    return found


def _relations(parts: dict[str, bytes]) -> Iterator[str]:
    for name in parts:
        if name.endswith(".rels"):
            root = etree.fromstring(parts[name])
            ids = [element.get("Id") for element in root.iter(f"{{{PR}}}Relationship")]
            yield from (f"relation en double : {name} {one}" for one in _doubles(ids))
            source = name.replace("_rels/", "").removesuffix(".rels")
            for kind, target in _links(parts, source).values():
                if target not in parts:
                    yield f"relation sans partie : {name} {kind} {target}"


def _classeur(parts: dict[str, bytes]) -> Iterator[str]:
    part = next(t for k, t in _links(parts, "").values() if k == "officeDocument")
    book = etree.fromstring(parts[part])
    links = _links(parts, part)
    styles = etree.fromstring(parts[next(t for k, t in links.values() if k == "styles")])
    formats = len(styles.find(q("cellXfs")))
    differences = styles.find(q("dxfs"))
    dxfs = 0 if differences is None else len(differences)
    strings = next((t for k, t in links.values() if k == "sharedStrings"), None)
    texts = 0 if strings is None else len(etree.fromstring(parts[strings]))
    for view in book.iter(q("workbookView")):
        for size in ("windowWidth", "windowHeight"):
            if int(view.get(size, "0")) > MAX_WINDOW:
                yield f"fenêtre démesurée : {size} {view.get(size)}"
    sheets = list(book.iter(q("sheet")))
    yield from _tabs([sheet.get("name") for sheet in sheets])
    yield from (f"sheetId {i} en double" for i in _doubles(s.get("sheetId") for s in sheets))
    yield from _names(book)
    tables: list[tuple[str, str]] = []
    for sheet in sheets:
        kind, target = links[sheet.get(f"{{{R}}}id")]
        if kind == "worksheet":
            yield from _sheet(parts, target, (formats, dxfs, texts), tables)
    names = {name.get("name").casefold() for name in book.iter(q("definedName"))}
    yield from (f"id de tableau {i} en double" for i in _doubles(i for i, _ in tables))
    yield from (f"tableau {n} en double" for n in _doubles(n.casefold() for _, n in tables))
    yield from (f"tableau et nom {n}" for _, n in tables if n.casefold() in names)


def _tabs(names: list[str]) -> Iterator[str]:
    yield from (f"onglet {n} en double" for n in _doubles(n.casefold() for n in names))
    for name in names:
        if not 0 < len(name) <= 31 or re.search(r"[\[\]:*?/\\]", name) or name.strip("'") != name:
            yield f"nom d'onglet interdit : {name}"


def _names(book: Any) -> Iterator[str]:
    names = list(book.iter(q("definedName")))
    keys = [(n.get("localSheetId"), n.get("name").casefold()) for n in names]
    yield from (f"nom {key} en double" for key in _doubles(keys))
    for name in names:
        title, text = name.get("name"), name.text or ""
        if _ADRESSE.fullmatch(title) or not re.fullmatch(r"[^\W\d][\w.\\]*", title):
            yield f"nom interdit : {title}"
        if not 0 < len(text) <= MAX_FORMULA:
            yield f"nom vide ou trop long : {title}"


def _sheet(
    parts: dict[str, bytes],
    part: str,
    counts: tuple[int, int, int],
    tables: list[tuple[str, str]],
) -> Iterator[str]:
    formats, dxfs, texts = counts
    root = etree.fromstring(parts[part])
    links = _links(parts, part)
    rows = [int(row.get("r")) for row in root.iter(q("row"))]
    if rows != sorted(set(rows)):
        yield f"{part} : lignes en désordre"
    for cell in root.iter(q("c")):
        value = cell.findtext(q("v")) or ""
        if int(cell.get("s", "0")) >= formats:
            yield f"{part} : format inconnu en {cell.get('r')}"
        if cell.get("t") == "s" and int(value) >= texts:
            yield f"{part} : texte inconnu en {cell.get('r')}"
        if len(value) > MAX_TEXT or len(cell.findtext(q("f")) or "") > MAX_FORMULA:
            yield f"{part} : contenu trop long en {cell.get('r')}"
    for rule in root.iter(q("cfRule")):
        if rule.get("dxfId") is not None and int(rule.get("dxfId")) >= dxfs:
            yield f"{part} : mise en forme {rule.get('dxfId')} inconnue"
    merges = [_rect(m.get("ref")) for m in root.iter(q("mergeCell"))]
    yield from (f"{part} : fusions {a} et {b}" for a, b in _chevauchements(merges))
    listed = list(root.iter(q("dataValidation")))
    areas = [_rect(ref) for rule in listed for ref in rule.get("sqref").split()]
    yield from (f"{part} : validations {a} et {b}" for a, b in _chevauchements(areas))
    for rule in listed:
        yield from _validation(part, rule)
    if sum(1 for _ in root.iter(q("hyperlink"))) > MAX_LINKS:
        yield f"{part} : trop de liens"
    refs = []
    for element in root.iter(q("tablePart")):
        _, target = links[element.get(f"{{{R}}}id")]
        table = etree.fromstring(parts[target])
        refs.append(_rect(table.get("ref")))
        tables.append((table.get("id"), table.get("displayName")))
        columns = [c.get("name").casefold() for c in table.iter(q("tableColumn"))]
        yield from (f"{target} : colonne {c} en double" for c in _doubles(columns))
        if len(columns) != refs[-1].col2 - refs[-1].col1 + 1 or refs[-1].row1 == refs[-1].row2:
            yield f"{target} : étendue {table.get('ref')} impossible"
    yield from (f"{part} : tableaux {a} et {b}" for a, b in _chevauchements(refs))
    yield from (f"{part} : tableau et fusion {a}" for a in refs for b in merges if _touche(a, b))
    yield from _notes(parts, part, links)


def _validation(part: str, rule: Any) -> Iterator[str]:
    for key, longest in (("prompt", MESSAGE_MAX), ("error", MESSAGE_MAX),
                         ("promptTitle", MAX_TITLE), ("errorTitle", MAX_TITLE)):  # fmt: skip
        if len(rule.get(key, "")) > longest:
            yield f"{part} : {key} trop long en {rule.get('sqref')}"
    formula = rule.findtext(q("formula1")) or ""
    if rule.get("type") == "list" and formula.startswith('"') and len(formula) > MESSAGE_MAX + 2:
        yield f"{part} : liste trop longue en {rule.get('sqref')}"


def _notes(parts: dict[str, bytes], part: str, links: dict[str, tuple[str, str]]) -> Iterator[str]:
    for kind, target in links.values():
        if kind == "comments":
            cells = [c.get("ref") for c in etree.fromstring(parts[target]).iter(q("comment"))]
            yield from (f"{target} : note {c} en double" for c in _doubles(cells))
        if kind == "vmlDrawing":
            shapes = _SHAPES.findall(parts[target])
            yield from (f"{target} : forme {s!r} en double" for s in _doubles(shapes))


def _rect(ref: str) -> Rect:
    rect = parse_rect(ref)
    assert rect is not None, ref
    return rect


def _touche(a: Rect, b: Rect) -> bool:
    return a.row1 <= b.row2 and b.row1 <= a.row2 and a.col1 <= b.col2 and b.col1 <= a.col2


def _chevauchements(rects: list[Rect]) -> Iterator[tuple[Rect, Rect]]:
    yield from ((a, b) for a, b in combinations(rects, 2) if _touche(a, b))
