"""Is a workbook one of our annotated copies? Told without reading it whole.

A gestionnaire forwards the copy that was sent back instead of the workbook, or beside it. The copy
says so in a part of its own (`reports.annotate.marks`), which Excel keeps when it saves.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

NAMESPACE = "urn:xl-cpom:annotation:1"
_FOLDER, _HEAD = "customxml/", 512
"""Where the part may be, and how many of its bytes name it."""


def is_annotated(path: Path | str) -> bool:
    """True when the file is an annotated copy; False for anything else, read or not."""
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if info.filename.lower().lstrip("/").startswith(_FOLDER):
                    with archive.open(info) as part:
                        if NAMESPACE.encode() in part.read(_HEAD):
                            return True
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        return False  # encrypted, damaged or not an archive: the reading tells what it is
    return False
