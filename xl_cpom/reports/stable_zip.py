"""An archive written by a library, made the same whatever the hour: names in order, one date."""

from __future__ import annotations

import io
import zipfile

_WHEN = (2026, 1, 1, 0, 0, 0)


def stable_zip(data: bytes) -> bytes:
    """The same archive, dated one day: what a library writes holds the hour it was written."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            info = zipfile.ZipInfo(name, _WHEN)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return out.getvalue()
