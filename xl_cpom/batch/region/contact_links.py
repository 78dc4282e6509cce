"""Links of a contact: only what is plainly a number or an address becomes one."""

from __future__ import annotations

import re

_TEL = re.compile(r"\+?\d{6,15}")
_MAIL = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


def tel(text: str) -> str:
    """« tel:0380000000 » of a number written with blanks, dots or dashes; "" of anything else."""
    number = re.sub(r"[\s.\-/()\u00a0\u202f]", "", text)
    return f"tel:{number}" if _TEL.fullmatch(number) else ""


def mailto(text: str) -> str:
    """« mailto:x@y.fr » of one plain address; "" of anything else."""
    address = text.strip()
    return f"mailto:{address}" if _MAIL.fullmatch(address) else ""
