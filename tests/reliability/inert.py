"""What makes an output inert, said without the product's own words, and readers of other makers."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import openpyxl

NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
BLANKS = " \t\r\n\u00a0\u202f\u3000\x0b\x0c"
TRIGGERS = set("=+-@\t\r\n\0＝＋－＠")


ARABIC_MARKS = set(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
"""Signs that Unicode files under format characters and that are written on the line like letters."""


def invisible(text: str) -> set[str]:
    """Characters that a terminal obeys, that reorder a line, that hide, or that no file may hold."""
    return {
        char for char in set(text)
        if (unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") and char not in "\n\t\r"
            and char not in ARABIC_MARKS and not 0x13430 <= ord(char) <= 0x1343F)
        or ord(char) & 0xFFFE == 0xFFFE
    }  # fmt: skip


def is_formula(field: str) -> bool:
    """Whether a spreadsheet that opens this CSV field may compute something."""
    if NUMBER.fullmatch(field):
        return False
    return field[:1] in TRIGGERS or field.lstrip(BLANKS)[:1] in TRIGGERS


def csv_fields(data: bytes) -> Iterator[list[str]]:
    """Rows of a CSV of ours, as the csv module reads them."""
    return csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";", strict=True)


def inert_classeur(data: bytes, *, formules: bool = False) -> Any:
    """The workbook as openpyxl reads it, once nothing in it is seen to act by itself."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert formules or cell.data_type != "f", (sheet.title, cell.coordinate)
                link = cell.hyperlink
                assert link is None or "://" not in (link.target or ""), link.target
                assert not (isinstance(cell.value, str) and invisible(cell.value))
    return book


_ACTIF = """() => ({
    pwned: window.pwned ?? null,
    scripts: document.scripts.length,
    handlers: [...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames())
        .filter(n => n.startsWith('on')).length,
    frames: document.querySelectorAll('iframe, object, embed, form, base, img[src^="http"]').length,
    links: [...document.querySelectorAll('[href], [src]')]
        .map(e => e.getAttribute('href') ?? e.getAttribute('src')).filter(u => !/^(#|data:)/.test(u)),
    refresh: document.querySelectorAll('meta[http-equiv=refresh]').length,
})"""
INERT = {
    "pwned": None, "scripts": 0, "handlers": 0, "frames": 0, "links": [], "refresh": 0, "asked": [], "said": [],
}  # fmt: skip


def set_up(context: Any, url: str) -> tuple[Any, dict[str, Any]]:
    """A page opened in a browser, and what it does: scripts, handlers, requests, messages."""
    tab = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text))
    tab.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.goto(url)
    found = tab.evaluate(_ACTIF)
    # what the page asks for itself is said apart from the page
    return tab, {
        **found,
        "asked": [u for u in asked if u != url and not u.startswith("data:")],
        "said": said,
    }
