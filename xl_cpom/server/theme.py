"""The theme hook: a folder of the house that serves, put over our neutral theme.

`theme.css` is read after ours, on every page and in the reports (redefine the colours of
`:root`); `logo.svg` or `logo.png` is shown in the banner, and `logo.txt` says in words what it
shows. Images and fonts beside them are served under « /theme/ ». Read once, when the server
starts: nothing else of the folder can be asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from xl_cpom.errors import XlCpomError
from xl_cpom.typography import typeset

TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".woff2": "font/woff2",
}
LOURD = 2 * 1024 * 1024
"""Bytes of one file of a theme."""


class UnreadableThemeError(XlCpomError, ValueError):
    """The folder cannot be used as a theme; French message."""


@dataclass(frozen=True)
class Theme:
    """A theme, read. fichiers: name -> (content, media type)."""

    css: str = ""
    logo: str = ""
    texte_logo: str = ""
    fichiers: Mapping[str, tuple[bytes, str]] = field(default_factory=dict)


NEUTRE = Theme()


def read_theme(dossier: Path | None) -> Theme:
    """The theme of a folder (the neutral one if None). Raises UnreadableThemeError."""
    if dossier is None:
        return NEUTRE
    try:
        names = sorted(p for p in dossier.iterdir() if p.is_file() and p.suffix in TYPES)
        files = {p.name: (_lire(p), TYPES[p.suffix]) for p in names}
        css = _texte(dossier / "theme.css")
        words = _texte(dossier / "logo.txt").strip()
    except OSError as failure:
        raise UnreadableThemeError(
            typeset(f"Le thème « {dossier} » ne peut pas être lu ({failure.strerror}).")
        ) from failure
    logo = next((name for name in ("logo.svg", "logo.png") if name in files), "")
    if not css and not logo:
        raise UnreadableThemeError(
            typeset(f"Le dossier « {dossier} » ne contient ni theme.css ni logo.svg ou .png.")
        )
    if logo and not words:
        raise UnreadableThemeError(
            typeset(f"Le logo de « {dossier} » demande un texte : ajoutez logo.txt.")
        )
    if re.search(r"</style|@import|https?:|//[a-z]", css, re.IGNORECASE):
        raise UnreadableThemeError(
            typeset(f"Le fichier theme.css de « {dossier} » appelle une ressource extérieure.")
        )
    return Theme(css, logo, words, files)


def _texte(path: Path) -> str:
    return _lire(path).decode("utf-8", "replace") if path.is_file() else ""


def _lire(path: Path) -> bytes:
    if path.stat().st_size > LOURD:
        raise UnreadableThemeError(typeset(f"« {path} » est trop lourd pour un thème (2 Mio)."))
    return path.read_bytes()
