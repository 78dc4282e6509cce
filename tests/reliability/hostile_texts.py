"""Random texts that mean something to a spreadsheet, a page, a terminal, a log or a template."""

from __future__ import annotations

import random

PIECES = (
    "=", "+", "-", "@", "\t", "\r", "\n", "\r\n", "＝", "＋", "－", "＠", "−", "'", '"', ";", ",", "|", "&", "\\",
    "=1+1", "+33 1 23", "-5", "-1,5", "cmd|'/c calc'!A0", '=HYPERLINK("http://x.example","y")', "=WEBSERVICE(A1)",
    "<script>window.pwned=1</script>", "<img src=x onerror=window.pwned=1>", "<svg onload=window.pwned=1>",
    "<r><t>x</t></r>", "<r>", "</r>", "</td></table>", "</style><style>*{display:none}", "<!--", "-->", "<a href=javascript:window.pwned=1>", "]]>", "&lt;", "&#x3c;",
    "http://x.example/", "javascript:alert(1)", "[x](javascript:alert(1))", "{{ 7*7 }}", "{% raw %}", "${7*7}", "%s%n", "[bold]x[/bold]",
    "\x1b[31m", "\x1b]0;x\x07", "\x9b2J", "\x00", "\x08", "\x0b", "\x7f", "\x85", "\u00a0", "\u00ad", "\u200b", "\u200f", "\u2028", "\u202e", "\u2066",
    "\u3000", "\ufeff", "\ufffe", "\uffff", "\ud800", "\udfff", "\U000e0041", "\U0001f600", "é", "e\u0301", "١٢", "A1", " ", "1,5", "_x001B_", "_x000D_",
    "../../etc", "C:\\x", "\\\\partage\\x", "CON", "nul.xlsx", ".xlsx",
)  # fmt: skip


def texte(rng: random.Random) -> str:
    """One text: pieces in a row, now and then any characters at all."""
    if rng.random() < 0.2:
        return "".join(
            chr(rng.choice((rng.randrange(0x250), rng.randrange(0x10000), rng.randrange(0x110000))))
            for _ in range(rng.randrange(1, 12))
        )
    return "".join(rng.choices(PIECES, k=rng.randrange(1, 7)))


def texts(graine: int, combien: int) -> list[str]:
    """So many texts, always the same for a seed."""
    rng = random.Random(graine)
    return [texte(rng) for _ in range(combien)]
