"""What the fuzzing starts from: honest parts, and every finding already kept."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.workbook.reader.test_mutants import HONEST, TOKENS
from tools.fuzz.cibles import PARTS

FINDS = Path(__file__).resolve().parents[2] / "tests" / "data" / "trouvailles"


def sow(nom: str, folder: Path) -> None:
    """Write the seeds of a target in its folder."""
    for seed in graines(nom):
        (folder / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)


def graines(nom: str) -> Iterator[bytes]:
    """What a target starts from."""
    for path in sorted(FINDS.glob(f"{nom}-*")):
        yield path.read_bytes()
    if nom == "conteneur":
        for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w", method) as archive:
                for name, content in HONEST.items():
                    if len(content) < 3000:
                        archive.writestr(name, content)
            yield buffer.getvalue()
    elif nom == "partie":
        for rank, part in enumerate(PARTS):
            for name, content in HONEST.items():
                if name.rsplit("/", 1)[-1] == part.rsplit("/", 1)[-1]:
                    yield bytes([rank]) + content
    elif nom == "lignes":
        sheet = HONEST["xl/worksheets/sheet1.xml"]
        yield sheet[sheet.index(b"<sheetData>") + 11 : sheet.index(b"</sheetData>")]
        yield "".join(TOKENS).encode()
    else:
        for text in ("1 234,5 €", "85 %", "31/12/2026", "1er mars 2026", "2.2.1", "210781456",
                     "1.234", "Oui", "SI", "a@b.fr", "★", "2027"):  # fmt: skip
            yield text.encode() if nom == "texte" else b"\x00\x04" + text.encode()
