"""The example as programs that are seldom at hand have really saved it, kept as test data.

    python -m tools.fiabilite.kept_files [PROGRAMME…]

remakes `tests/data/programmes.tar.xz`: for each program, the parts of the file that it wrote, byte
for byte (only the box around them is lost), and those of the file that it was given. XML of the
same workbook over and over packs well: all of them take less than one workbook.
"""

from __future__ import annotations

import argparse
import io
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from tools.fiabilite.other_programs import PROGRAMS, MissingProgramError

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "tests" / "data" / "programmes.tar.xz"
SOURCE = "source"
NAMES = ("Gnumeric", "ExcelJS", "SheetJS", "xlsx-populate", "excelize", "polars",
         "LibreOffice récent", "LibreOffice récent par .ods")  # fmt: skip


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts of a workbook by name, in their order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def workbook_of(parts: dict[str, bytes]) -> bytes:
    """A workbook with these very parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


def kept() -> dict[str, bytes]:
    """Program -> the workbook it wrote; SOURCE -> the one it was given."""
    found: dict[str, dict[str, bytes]] = {}
    with tarfile.open(KEPT) as tar:
        for member in tar:
            program, _, part = member.name.partition("/")
            stream = tar.extractfile(member)
            assert stream is not None
            found.setdefault(program, {})[part] = stream.read()
    return {program: workbook_of(parts) for program, parts in found.items()}


def main() -> None:
    """Make the files again and keep them; a program that is not here keeps its former file."""
    parser = argparse.ArgumentParser(prog="python -m tools.fiabilite.kept_files")
    parser.add_argument("programmes", nargs="*", metavar="PROGRAMME", default=NAMES)
    wanted = parser.parse_args().programmes or NAMES
    source = ROOT / "workbooks" / "exemple_valide.xlsx"
    files = kept() if KEPT.exists() else {}
    files[SOURCE] = source.read_bytes()
    with tempfile.TemporaryDirectory() as name:
        for program in PROGRAMS:
            if program.name in wanted:
                folder = Path(name) / program.name.replace(" ", "_")
                folder.mkdir()
                try:
                    program.save(source, folder / "exemple.xlsx")
                except MissingProgramError as missing:
                    print(f"absent : {program.name} ({missing})", file=sys.stderr)
                    continue
                files[program.name] = (folder / "exemple.xlsx").read_bytes()
    with tarfile.open(KEPT, "w:xz", preset=9) as tar:
        for program, data in sorted(files.items()):
            for part, content in parts_of(data).items():
                info = tarfile.TarInfo(f"{program}/{part}")
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
    print(f"{KEPT.name} : {len(files)} fichiers, {KEPT.stat().st_size} octets")


if __name__ == "__main__":
    main()
