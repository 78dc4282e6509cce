"""The plain items of a part, taken from its text; the rest passed on to expat.

Calling Python for every element is what reading costs. Nearly all rows and strings of nearly all
workbooks are written the same way, so each is first held against a strict grammar, a small part
of XML with one meaning. An item that follows it to the last character is taken; any other goes
to expat untouched, at its place in the stream, so both ways see the same document. Tests hold
the two ways against each other on every file they make.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"))


class Items(NamedTuple):
    """How the items of a part stand in its text."""

    first: bytes
    """what comes just before the first one, or begins it"""
    included: bool
    """`first` belongs to what comes before the items"""
    end: str
    """what ends each"""
    ready: Callable[[], bool]
    """whether expat now stands where an item may begin"""
    take: Callable[[str], bool]
    """keeps an item, given without its end; False when it is not plain"""


def skim(chunks: Iterator[bytes], items: Items, longest: int) -> Iterator[bytes]:
    """Pass a part on to expat without its plain items.

    Expat must have dealt with what was yielded before the next piece is asked for. From the
    first oddity that could make an item mean something else (a comment, a processing
    instruction, an item that does not close or takes more than `longest` bytes), everything
    goes to expat.
    """
    end_bytes = items.end.encode()
    pending, begun = b"", False
    for chunk in chunks:
        if not begun:
            at = chunk.find(items.first)
            at += len(items.first) if items.included and at >= 0 else 0
            yield chunk[:at] if at >= 0 else chunk
            chunk = chunk[at:] if at >= 0 else b""
            begun = True
            if not items.ready():
                yield chunk
                break
        pending += chunk
        whole, end, rest = pending.rpartition(end_bytes)
        if not end:
            if len(pending) > longest:
                break
            continue
        try:
            text = (whole + end).decode()
        except UnicodeDecodeError:
            break
        pending = rest
        at = 0
        for item in text.split(items.end)[:-1]:
            at += len(item) + len(items.end)
            if not items.take(item):
                yield (item + items.end).encode()
                if not items.ready() or "<!" in item or "<?" in item:
                    pending = text[at:].encode() + rest
                    break
        else:
            continue
        break
    yield pending
    yield from chunks


def plain_text(text: str) -> str | None:
    """Character data with the predefined entities resolved; None when anything else is in it."""
    if "<" in text or "]]>" in text or not text.isprintable():
        return None
    if "&" in text:
        if text.count("&") != text.count("&amp;") + sum(text.count(e) for e, _ in _ENTITIES):
            return None
        for entity, char in _ENTITIES:
            text = text.replace(entity, char)
        text = text.replace("&amp;", "&")
    return text
