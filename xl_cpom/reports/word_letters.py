"""The letters as Word documents, from a template that the ARS edits in Word (extra « lettres »).

docxtpl fills the names in, in jinja2's sandbox; every text of the workbook is escaped. Two runs on
the same content give the same bytes, so that a letter somebody has completed is told from ours.
"""

from __future__ import annotations

import zipfile
from functools import cache, lru_cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import TemplateError

from xl_cpom.reports.harmless import ligne
from xl_cpom.reports.letter import Letter, full_letters, letter_values
from xl_cpom.reports.render_context import InvalidTemplateError
from xl_cpom.typography import typeset

if TYPE_CHECKING:
    from xl_cpom.reports.word_template import WordTemplate

EXTENSION = ".docx"
LETTER, ACKNOWLEDGEMENT, REMINDER = "lettre.docx", "accuse.docx", "relance.docx"
_LIMIT = 20_000_000
"""Bytes of a template: a logo is heavy, not more."""


@cache
def available() -> bool:
    """Is the extra « lettres » installed? Asked without importing it: a campaign run again that
    finds its bundles intact writes no letter."""
    return find_spec("docxtpl") is not None


def template_bytes(name: str) -> bytes:
    """A template of ours."""
    return resources.files("xl_cpom.reports").joinpath("templates", name).read_bytes()


def read_template(path: Path) -> bytes:
    """A template of the ARS. Raises InvalidTemplateError (French message)."""
    try:
        if path.stat().st_size > _LIMIT:
            raise InvalidTemplateError(typeset(f"Le modèle « {path.name} » est trop gros."))
        return path.read_bytes()
    except OSError as error:
        raise InvalidTemplateError(
            typeset(f"Le modèle de lettre « {path.name} » ne peut pas être lu : {error}")
        ) from error


def check_word_template(path: Path) -> None:
    """Try a template on letters that use every name. Raises InvalidTemplateError."""
    template = read_template(path)
    for letter in full_letters():
        fill_word(template, letter)


def fill_word(template: bytes, letter: Letter) -> bytes:
    """The document of a letter. Raises InvalidTemplateError (French message).

    Needs the extra « lettres » (see `available`).
    """
    from docx.opc.exceptions import OpcError

    try:
        return _opened(template).fill(letter_values(letter, ligne))
    except (TemplateError, OpcError, ArithmeticError, LookupError, TypeError, ValueError,
            zipfile.BadZipFile) as error:  # fmt: skip
        raise InvalidTemplateError(
            typeset(f"Le modèle de lettre ne peut pas être utilisé : {error}")
        ) from error


@lru_cache(maxsize=8)
def _opened(template: bytes) -> WordTemplate:
    from xl_cpom.reports.word_template import WordTemplate

    return WordTemplate(template)
