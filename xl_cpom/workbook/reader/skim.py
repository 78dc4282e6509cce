"""The plain items of a part, taken from its text; the rest passed on to expat.

Calling Python for every element is what reading costs (`rows` says how much). Nearly all rows and
strings of nearly all workbooks are written the same way, so each is first held against a strict
grammar, a small part of XML with one meaning. An item that follows it to the last character is
taken; any other goes to expat untouched, at its place in the stream, so both ways see the same
document. Tests hold the two ways against each other on every file they make.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

_CONTROLS = bytes({*range(32)} - {*b"\t\n"})  # not XML; \r is, but becomes \n
_DECLARED = 5  # a « <? » before this byte is the XML declaration
_RARE = b"\xef"  # begins U+F000 and beyond: one byte is sought ten times as fast as three
_NOT_XML = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")  # U+FFFE, U+FFFF


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
    """keeps an item, given as Latin-1 text without its end; False when it is not plain"""


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
            begun = True
            at = chunk.find(items.first)
            if at < 0:
                yield chunk
                break
            at += len(items.first) if items.included else 0
            head, chunk = chunk[:at], chunk[at:]
            yield head
            if not items.ready() or b"<!" in head or head.find(b"<?", _DECLARED) >= 0:
                yield chunk
                break
        pending += chunk
        whole, end, rest = pending.rpartition(end_bytes)
        if not end:
            if len(pending) > longest:
                break
            continue
        if not _is_xml(whole):
            break
        text = (whole + end).decode("latin-1")
        pending = rest
        at = 0
        for item in text.split(items.end)[:-1]:
            at += len(item) + len(items.end)
            if not items.take(item):
                yield (item + items.end).encode("latin-1")
                if not items.ready() or "<!" in item or "<?" in item:
                    pending = text[at:].encode("latin-1") + rest
                    break
        else:
            continue
        break
    yield pending
    yield from chunks


def _is_xml(data: bytes) -> bool:
    """Whether UTF-8 bytes hold no character that XML refuses or changes."""
    return len(data.translate(None, _CONTROLS)) == len(data) and not (
        _RARE in data and any(odd in data for odd in _NOT_XML)
    )


def plain_text(latin: str) -> str | None:
    """Character data as it reads, from UTF-8 taken as Latin-1; None when markup is in it.

    Items are cut out of Latin-1 text because Python cuts one-byte characters fastest; only what
    is kept is worth decoding.
    """
    if "<" in latin or "]]>" in latin:
        return None
    if "&" in latin:
        plain = latin.replace("&lt;", "<").replace("&gt;", ">")
        found = (len(latin) - len(plain)) // 3
        size = len(plain)
        plain = plain.replace("&quot;", '"').replace("&apos;", "'")
        found += (size - len(plain)) // 5
        size = len(plain)
        plain = plain.replace("&amp;", "&")
        found += (size - len(plain)) // 4
        if found != latin.count("&"):
            return None
        latin = plain
    if latin.isascii():
        return latin
    try:
        return latin.encode("latin-1").decode()
    except UnicodeDecodeError:
        return None
