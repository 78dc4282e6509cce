"""The theme hook: a folder of the house that serves, put over our neutral theme.

`theme.css` is read after ours, on every page and in the reports (redefine the colours of
`:root`); `logo.svg` or `logo.png` is shown in the banner, and `logo.txt` says in words what it
shows. Images and fonts beside them are served under « /theme/ ». Read once, when the server
starts: nothing else of the folder can be asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from xl_cpom.errors import XlCpomError
from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.typography import typeset

TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".woff2": "font/woff2",
}
HEAVY = 2 * 1024 * 1024
"""Bytes of one file of a theme."""


class UnreadableThemeError(XlCpomError, ValueError):
    """The folder cannot be used as a theme; French message."""


@dataclass(frozen=True)
class Theme:
    """A theme, read. files: name -> (content, media type)."""

    css: str = ""
    logo: str = ""
    logo_text: str = ""
    files: Mapping[str, tuple[bytes, str]] = field(default_factory=dict)


NEUTRE = Theme()


def read_theme(folder: Path | None) -> Theme:
    """The theme of a folder (the neutral one if None). Raises UnreadableThemeError."""
    if folder is None:
        return NEUTRE
    try:
        names = sorted(p for p in folder.iterdir() if p.is_file() and p.suffix in TYPES)
        files = {p.name: (_read(p), TYPES[p.suffix]) for p in names}
        css = _text(folder / "theme.css")
        words = _text(folder / "logo.txt").strip()
    except OSError as failure:
        raise UnreadableThemeError(
            typeset(f"Le thème « {folder} » ne peut pas être lu ({failure.strerror}).")
        ) from failure
    logo = next((name for name in ("logo.svg", "logo.png") if name in files), "")
    if not css and not logo:
        raise UnreadableThemeError(
            typeset(f"Le dossier « {folder} » ne contient ni theme.css ni logo.svg ou .png.")
        )
    if logo and not words:
        raise UnreadableThemeError(
            typeset(f"Le logo de « {folder} » demande un texte : ajoutez logo.txt.")
        )
    if re.search(r"</style|@import|https?:|//[a-z]", css, re.IGNORECASE):
        raise UnreadableThemeError(
            typeset(f"Le fichier theme.css de « {folder} » appelle une ressource extérieure.")
        )
    return Theme(css, logo, words, files)


def _text(path: Path) -> str:
    return _read(path).decode("utf-8", "replace") if path.is_file() else ""


def _read(path: Path) -> bytes:
    if path.stat().st_size > HEAVY:
        raise UnreadableThemeError(typeset(f"« {path} » est trop lourd pour un thème (2 Mio)."))
    return path.read_bytes()
