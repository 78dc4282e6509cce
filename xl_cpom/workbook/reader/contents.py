"""What a file holds beside what we read: what would act once opened, and what would trap others."""

from __future__ import annotations

import re
from collections.abc import Iterable

from xl_cpom.workbook.reader.container import Container
from xl_cpom.workbook.reader.refusals import UnreadableWorkbookError
from xl_cpom.workbook.reader.relationships import Relationship

_MACROS = ("vbaProject", "xlMacrosheet", "xlIntlMacrosheet")
_ACTIVE = (
    ("xl/embeddings/", "un objet incorporé"),
    ("xl/activex/", "un contrôle ActiveX"),
    ("xl/connections", "une connexion de données"),
    ("xl/webextensions/", "une extension web"),
)
"""Beginning of the name of a part (case folded), and what it is called in French."""
_XML_SUFFIXES = (".xml", ".rels", ".vml")
_HEAD = 4096
_BLANK = re.compile(rb"[\s\xef\xbb\xbf\xfe\xff]*")
_SKIPPED = ((b"<!--", b"-->"), (b"<?", b"?>"))


def has_macros(container: Container, relations: Iterable[Relationship]) -> bool:
    """Are there macros, whether the workbook speaks of them or not?"""
    return any(relation.kind in _MACROS for relation in relations) or any(
        name.casefold().endswith("vbaproject.bin") for name in container.names
    )


def active_content(container: Container) -> tuple[str, ...]:
    """What is there, in the order of the table, each once."""
    names = [name.casefold() for name in container.names]
    return tuple(label for start, label in _ACTIVE if any(name.startswith(start) for name in names))


def refuse_traps(container: Container) -> None:
    """Look into the parts that nobody read (theme, drawings, pictures…) for bombs and DOCTYPEs.

    We do not need them, but whoever opens the workbook after us inflates and parses them.
    """
    for part in container.unread:
        container.refuse_bomb(part)
        if not part.casefold().endswith(_XML_SUFFIXES):
            continue
        for size in (_HEAD, 16 * _HEAD, container.limits.token_bytes):
            found = _has_doctype(container.head(part, size), whole=size)
            if found:
                raise UnreadableWorkbookError("LEC-DTD", part)
            if found is not None:
                break
        else:
            raise UnreadableWorkbookError("LEC-LIM-JETON", part)


def _has_doctype(head: bytes, *, whole: int) -> bool | None:
    """Does a DOCTYPE precede the root element of an XML part?

    None when this head does not reach that far. head: the beginning of
    the part; whole: the size that was asked for (a shorter head is all there is).
    """
    text = head.replace(b"\0", b"")  # UTF-16 too
    at = 0
    while True:
        blank = _BLANK.match(text, at)
        at = blank.end() if blank else at
        for opening, closing in _SKIPPED:
            if text.startswith(opening, at):
                end = text.find(closing, at + len(opening))
                if end < 0:
                    return None if len(head) >= whole else False
                at = end + len(closing)
                break
        else:
            rest = text[at : at + 9]
            if len(rest) < 9 and len(head) >= whole:
                return None
            return rest.upper() == b"<!DOCTYPE"
