"""The choke points where a text read in a user's file becomes harmless in an output.

A name of sheet, a cell, even a file name may hold a formula, a terminal escape, a right-to-left
override or a character that XML forbids. Each format goes through exactly one function here;
`html` and `sarif` rely on jinja2's autoescape and on JSON's own escapes on top of `propre`.
Sources: OWASP ASVS 5, requirement 1.2.10; CWE-1236; CWE-150; XML 1.0, § 2.2.
"""

from __future__ import annotations

import re
import unicodedata

from xl_cpom.typography import INVISIBLE
from xl_cpom.workbook.cell_limits import CELL_LIMIT, cut_text

_CONTROLES = re.compile(f"[\x00-\x08\x0b-\x1f{INVISIBLE}]")
_TRIGGER = re.compile("'*[\\s\u00a0\u202f]*[=+\\-@\t\r\n\x00＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+([,.]\d+)?", re.ASCII)
_MARKDOWN = re.compile(r"[\\`*_\[\]<>|~$&!@]|^[-+#=]|(?<=^\d)[.)]|(?<=:)/(?=/)|(?<=[wW]{3})\.")


def propre(text: str) -> str:
    """Text whose control, invisible and right-to-left characters show as U+FFFD, one for one.

    Tabulations and line feeds stay: each format decides what to do with them.
    """
    return _CONTROLES.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def ligne(text: str) -> str:
    """The same on one line: line feeds and tabulations become « ⏎ » and « ⇥ »."""
    return propre(text).replace("\n", "⏎").replace("\t", "⇥")


def safe_csv(text: str) -> str:
    """Field of a CSV that no spreadsheet takes for a formula; true numbers are left alone.

    Reversible: `unsafe_csv` gives `propre(text)` back.
    """
    clean = propre(text)
    if _TRIGGER.match(clean) and not _NUMBER.fullmatch(clean):
        return "'" + clean
    return clean


def unsafe_csv(field: str) -> str:
    """The text that `csv` received, as `propre` shows it."""
    if field.startswith("'") and _TRIGGER.match(field):
        return field[1:]
    return field


def cellule(text: str) -> str:
    """Text of an xlsx cell, to be written as a string: valid XML, never longer than Excel allows.

    XlsxWriter's `write_string` makes it inert; nothing starting with « = » becomes a formula.
    """
    clean = propre(text)
    if cut_text(clean) == clean:
        return clean
    suite = "… [texte coupé]"
    return cut_text(clean, CELL_LIMIT - len(suite)) + suite


def safe_json(document: str) -> str:
    """JSON text whose invisible characters are escaped: same data, harmless on a screen."""
    return _CONTROLES.sub(
        lambda found: "".join(f"\\u{unit:04x}" for unit in _unites(found.group())), document
    )


def _unites(character: str) -> tuple[int, ...]:
    """UTF-16 code units of one character, as JSON escapes them."""
    code = ord(character)
    if code < 0x10000:
        return (0xFFFD,) if 0xD800 <= code <= 0xDFFF else (code,)
    code -= 0x10000
    return (0xD800 + (code >> 10), 0xDC00 + (code & 0x3FF))


def safe_markdown(text: str) -> str:
    """Text shown as it is by any Markdown reader: no link, no tag, no title, no list."""
    return _MARKDOWN.sub(lambda found: "\\" + found.group(), ligne(text).strip())


def safe_file_name(text: str, default: str = "rapport") -> str:
    """Text reduced to a file name that Windows, macOS and Linux accept, without accents."""
    decomposed = unicodedata.normalize("NFKD", propre(text))
    ascii_ = decomposed.encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", ascii_).strip("._-")[:80]
    if not name or re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", name):
        return f"{default}_{name}" if name else default
    return name
