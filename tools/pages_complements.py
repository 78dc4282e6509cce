"""The guide of the add-ins: which one, how to install it, what licences say, what to check."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xl_cpom.extras import install_command
from xl_cpom.functions import FUNCTIONS
from xl_cpom.typography import typeset
from xl_cpom.udfs.excel.delivery import CLASSEUR, CONTROLE, LIBREOFFICE, SERVER
from xl_cpom.udfs.excel.xlam import FICHIER

GUIDE = Path(__file__).with_name("guide_complements.md")
"""The text, with the names and the steps the code declares left to fill."""


def page_des_complements() -> Iterator[tuple[str, str]]:
    """(path, Markdown) of the guide."""
    steps = "\n".join(f"{rank}. {step}" for rank, step in enumerate(CONTROLE, start=1))
    yield "guides/complements.md", typeset(
        GUIDE.read_text(encoding="utf-8").format(
            xlam=FICHIER, oxt=LIBREOFFICE, serveur=SERVER, classeur=CLASSEUR,
            nombre=len(FUNCTIONS), controle=steps,
            excel=install_command("excel"),
        )
    )  # fmt: skip
