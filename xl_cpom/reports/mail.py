"""A message ready to be sent, as a file that Outlook and Thunderbird open as a draft (.eml).

Nothing is ever sent from here. No sender and no date: who sends it adds them by sending. The same
pieces give the same bytes.
"""

from __future__ import annotations

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
    for name, content in pieces.items():
        suffix = name[name.rfind(".") :].lower()
        main, sub = _TYPES.get(suffix, ("application", "octet-stream"))
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    if pieces:
        message.set_boundary(f"=_{hashlib.sha256(texte.encode()).hexdigest()[:32]}")
    return message.as_bytes()
