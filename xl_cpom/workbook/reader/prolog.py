"""What stands before the root element of an XML part, without parsing it."""

from __future__ import annotations

import re

_BLANK = re.compile(rb"[\s\xef\xbb\xbf\xfe\xff]*")
_SKIPPED = ((b"<!--", b"-->"), (b"<?", b"?>"))


def has_doctype(head: bytes, *, whole: int) -> bool | None:
    """Does a DOCTYPE precede the root element? None when this head does not reach that far.

    head: the beginning of the part; whole: the size that was asked for (a shorter head is all
    there is).
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
