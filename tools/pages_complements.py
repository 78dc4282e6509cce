"""The guide of the add-ins: which one, how to install it, what licences say, what to check."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xl_cpom.typographie import typographie
from xl_cpom.udfs.core import FONCTIONS
from xl_cpom.udfs.excel.livraison import CLASSEUR, CONTROLE, LIBREOFFICE, SERVEUR
from xl_cpom.udfs.excel.xlam import FICHIER

GUIDE = Path(__file__).with_name("guide_complements.md")
"""The text, with the names and the steps the code declares left to fill."""


def page_des_complements() -> Iterator[tuple[str, str]]:
    """(path, Markdown) of the guide."""
    steps = "\n".join(f"{rank}. {step}" for rank, step in enumerate(CONTROLE, start=1))
    yield "guides/complements.md", typographie(
        GUIDE.read_text(encoding="utf-8").format(
            xlam=FICHIER, oxt=LIBREOFFICE, serveur=SERVEUR, classeur=CLASSEUR,
            nombre=len(FONCTIONS), controle=steps,
        )
    )  # fmt: skip
