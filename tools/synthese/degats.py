"""Damaged files: what mail, shares and hurried hands make of a workbook."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

Damage = Callable[[bytes], bytes]


def _bomb(_: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b" " * (64 * 1024 * 1024))
    return out.getvalue()


DAMAGES: Mapping[str, tuple[Damage, str]] = {
    "coupé": (lambda data: data[: len(data) // 2], "LEC-TRONQUE"),
    "vide": (lambda data: b"", "LEC-VIDE"),
    "page web": (lambda data: b"<!DOCTYPE html><html><body>Connexion</body></html>", "LEC-HTML"),
    "PDF": (lambda data: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "LEC-PDF"),
    "CSV": (lambda data: "N°;Module;Statut\nA1;TRANSFO;En cours\n".encode(), "LEC-CSV"),
    "bombe": (_bomb, "LEC-BOMBE"),
}
"""Name of the damage -> (what it makes of the bytes, code of the refusal)."""
