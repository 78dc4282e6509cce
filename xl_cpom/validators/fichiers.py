"""The files that go with a control (dérogations, profil): read, and refused in one sentence.

A mistake in one of them is a mistake of usage, never a finding: the sentence names the file, the
line when it is known, and what to do.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from xl_cpom.typographie import typographie, visible
from xl_cpom.workbook.textes import TexteIllisible, lire_texte


class FichierRefuse(ValueError):
    """A file of options cannot be used. The message is French and says what to do."""

    def __init__(self, fichier: str, ou: str, constat: str) -> None:
        place = f", {ou}" if ou else ""
        super().__init__(typographie(f"« {visible(fichier)} »{place} : {constat}"))


def texte_du_fichier(path: Path) -> str:
    """The text of a file, UTF-8 or as Excel saves it on Windows. Raises FichierRefuse."""
    try:
        return lire_texte(path)
    except TexteIllisible as failure:
        raise FichierRefuse(path.name, "", str(failure)) from failure


def table_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file. Raises FichierRefuse with the line of the mistake."""
    try:
        return tomllib.loads(texte_du_fichier(path))
    except tomllib.TOMLDecodeError as failure:
        raise FichierRefuse(
            path.name, "", f"le fichier TOML est mal formé ({_en_francais(str(failure))}). "
            "Corrigez cet endroit, en partant de l'exemple de la documentation."
        ) from failure  # fmt: skip


def _en_francais(detail: str) -> str:
    """The place in tomllib's message; the rest of it is English."""
    _, found, place = detail.partition("(at ")
    if not found:
        return "fin inattendue"
    place = place.rstrip(")").replace("line", "ligne").replace("column", "colonne")
    return place.replace("end of document", "fin du fichier")
