"""A message ready to be sent, as a file that Outlook and Thunderbird open as a draft (.eml).

Nothing is ever sent from here. No sender and no date: who sends it adds them by sending. The same
pieces give the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP

from xl_cpom.reports.harmless import ligne

_TYPES = {
    ".html": ("text", "html"),
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".xlsm": ("application", "vnd.ms-excel.sheet.macroenabled.12"),
}

_LINE = 76
"""Characters of a line of base64."""

SIGNATURE = "L'agence régionale de santé"
"""Who signs when the ARS did not say which service does."""


def draft(destinataire: str, objet: str, texte: str, pieces: Mapping[str, bytes]) -> bytes:
    """The bytes of a draft. destinataire: "" when no address is known, it is then to be filled.

    pieces: name of each attachment -> its bytes.
    """
    message = EmailMessage(policy=SMTP)
    message["X-Unsent"] = "1"  # Outlook then opens it as a draft
    address = ligne(destinataire).strip()
    if "@" in address and not set(address) & set(' <>,;:"()[]\\'):
        message["To"] = address
    message["Subject"] = ligne(objet)
    message.set_content(texte, cte="quoted-printable")
    stands_for: dict[bytes, bytes] = {}
    for name, content in pieces.items():
        suffix = name[name.rfind(".") :].lower()
        main, sub = _TYPES.get(suffix, ("application", "octet-stream"))
        mark = hashlib.sha256(name.encode() + content).digest() if content else b""
        message.add_attachment(mark, maintype=main, subtype=sub, filename=name)
        stands_for[_in_lines(mark)] = _in_lines(content)
    if pieces:
        message.set_boundary(f"=_{hashlib.sha256(texte.encode()).hexdigest()[:32]}")
    made = message.as_bytes()
    for mark, lines in stands_for.items():
        made = made.replace(mark, lines)
    return made


def _in_lines(content: bytes) -> bytes:
    """An attachment in base64, as `email` lays it out: that library goes through it line by line,
    in Python, three times; a campaign carries hundreds of megabytes."""
    text = base64.b64encode(content)
    return b"\r\n".join(text[start : start + _LINE] for start in range(0, len(text), _LINE))
