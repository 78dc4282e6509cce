"""A workbook protected by a password to open, once the password is given (extra « chiffre »).

The box around an encrypted workbook is read by somebody else's parsers (olefile, msoffcrypto): the
command line only ever calls this in a worker process, or in one of its own (`decryption_process`)
for a workbook that Excel opens without asking anything of anybody. The password is shown nowhere:
neither its text nor anything worked out from it goes into a report, a journal or an error.
"""

from __future__ import annotations

import hashlib
import io
import sys
from importlib.util import find_spec
from pathlib import Path

from xl_cpom.workbook.reader import RawWorkbook, UnreadableWorkbookError, read_workbook
from xl_cpom.workbook.reader.kinds import ZIP_MAGIC
from xl_cpom.workbook.reader.limits import Limits, read_at_most

_LIMITS = Limits()
_TIME = 60.0
"""Seconds given to the process that opens a box."""

_DESCRIPTION = 64 * 1024
"""Most bytes of a description of encryption; those of Excel take 2 KiB."""

_BOX = "EncryptedPackage".encode("utf-16-le")
"""The name of the stream that holds the workbook, in the directory of the box."""

_AGILE = b"\x04\x00\x04\x00"
"""Version of the descriptions that are XML."""


OF_EXCEL = "VelvetSweatshop"
"""What Excel tries by itself before it asks: a workbook « protected » so asks nothing of anybody.
Source: [MS-OFFCRYPTO] 2.3.7.1."""


class Password:
    """A password. It goes through a pipe to a worker, and does not print itself."""

    __slots__ = ("_text",)

    secret = True
    """It is handed to no executor but our own workers: see `batch.controle`."""

    digest = "donné"
    """The same for all: a fingerprint in a journal would let the password be searched for."""

    def __init__(self, texte: str) -> None:
        self._text = texte

    @property
    def text(self) -> str:
        """The password itself."""
        return self._text

    def __repr__(self) -> str:
        return "Password(…)"


def can_decrypt() -> bool:
    """Is the extra « chiffre » installed?"""
    return find_spec("msoffcrypto") is not None


def open_encrypted(path: Path, mot_de_passe: Password | None = None) -> RawWorkbook:
    """Read a workbook, decrypting it when it needs it and a password is given.

    Raises UnreadableWorkbookError.
    """
    try:
        return read_workbook(path)
    except UnreadableWorkbookError as refusal:
        if refusal.code != "LEC-CHIFFRE":
            raise
        if mot_de_passe is None:
            return _opened_by_excel(path, refusal)
    return _decrypted(path, mot_de_passe)


def open_workbook(source: Path | str | bytes) -> RawWorkbook:
    """Read a workbook as Excel opens it, without a password: the one place for all commands.

    Raises UnreadableWorkbookError.
    """
    if not isinstance(source, bytes):
        return open_encrypted(Path(source))
    try:
        return read_workbook(source)
    except UnreadableWorkbookError as refusal:
        if refusal.code != "LEC-CHIFFRE":
            raise
        return _opened_by_excel(source, refusal)


def clear_bytes(data: bytes) -> bytes:
    """The bytes of a workbook, out of the box that Excel opens by itself; as they are otherwise."""
    if data.startswith(ZIP_MAGIC):
        return data
    return _without_asking(data) or data


def _opened_by_excel(source: Path | bytes, refusal: UnreadableWorkbookError) -> RawWorkbook:
    """The workbook that Excel opens without asking; raises the refusal when it is not one."""
    if isinstance(source, Path):
        with source.open("rb") as file:
            source = read_at_most(file, _LIMITS.file_bytes + 1)
    clear = _without_asking(source)
    if clear is None:
        raise refusal
    return _of_a_box(source, clear)


def _without_asking(data: bytes) -> bytes | None:
    """What is in a box under Excel's own password, None when it is under another.

    In a process that may fail: ourselves in a worker (the page's is one), one for this box alone
    otherwise.
    """
    from multiprocessing import parent_process  # only here: a person who waits need not

    if _BOX not in data or not can_decrypt():
        return None
    if sys.platform == "emscripten" or parent_process() is not None:
        return opened_by_excel(data)
    return _in_a_process(data)


def _in_a_process(data: bytes) -> bytes | None:
    """The workbook inside the box, by a process of its own; None when it is not to be had."""
    import subprocess

    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", "xl_cpom.workbook.decryption_process"],
            input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=_TIME,
            check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    good = done.returncode == 0 and 0 < len(done.stdout) <= _LIMITS.file_bytes
    return done.stdout if good else None


def opened_by_excel(data: bytes) -> bytes | None:
    """What is in a box under Excel's own password, None otherwise. In a process that may fail."""
    try:
        return decrypt(data, Password(OF_EXCEL))
    except UnreadableWorkbookError:
        return None


def _decrypted(path: Path, mot_de_passe: Password) -> RawWorkbook:
    with path.open("rb") as file:
        data = read_at_most(file, _LIMITS.file_bytes + 1)
    return _of_a_box(data, decrypt(data, mot_de_passe))


def _of_a_box(data: bytes, clear: bytes) -> RawWorkbook:
    raw = read_workbook(clear)
    raw.encrypted = True
    raw.sha256, raw.size = hashlib.sha256(data).hexdigest(), len(data)  # of the file that was sent
    return raw


def decrypt(data: bytes, mot_de_passe: Password) -> bytes:
    """The workbook inside an encrypted one. Raises UnreadableWorkbookError."""
    from msoffcrypto.exceptions import InvalidKeyError
    from msoffcrypto.format.ooxml import OOXMLFile

    if not _is_usable(mot_de_passe.text):
        raise UnreadableWorkbookError("LEC-MOT-DE-PASSE")
    try:
        _refuse_doctype(data)
        book = OOXMLFile(io.BytesIO(data))
        try:
            book.load_key(password=mot_de_passe.text, verify_password=True)
        except InvalidKeyError:
            raise UnreadableWorkbookError("LEC-MOT-DE-PASSE") from None
        clear = io.BytesIO()
        book.decrypt(clear, verify_integrity=book.type == "agile")
    except (UnreadableWorkbookError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - parsers of others raise anything at all on damaged files
        raise UnreadableWorkbookError("LEC-CHIFFREMENT") from None
    return clear.getvalue()


def _is_usable(texte: str) -> bool:
    """An empty text protects nothing; one that is no Unicode was typed on no keyboard."""
    return texte != "" and texte.encode("utf-8", "replace").decode() == texte


def _refuse_doctype(data: bytes) -> None:
    """The description of the encryption is XML, parsed by a parser that takes any DTD."""
    import olefile

    with olefile.OleFileIO(io.BytesIO(data)) as box, box.openstream("EncryptionInfo") as stream:
        description = stream.read(_DESCRIPTION + 1)
    if len(description) > _DESCRIPTION:
        raise UnreadableWorkbookError("LEC-CHIFFREMENT")
    if description.startswith(_AGILE) and b"<!" in description.replace(b"\0", b""):
        raise UnreadableWorkbookError("LEC-DTD", "EncryptionInfo")
