"""--mots-de-passe: one password per organisme, since each chose its own."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xl_cpom.cli.refusing import CommandRefusedError
from xl_cpom.extras import install_command
from xl_cpom.typography import fold, typeset

if TYPE_CHECKING:
    from xl_cpom.batch.deposit import CampaignFile

_QUI = ("fichier", "finess_ej", "finess ej")
_WORD = ("mot_de_passe", "mot de passe")


def with_passwords(files: Sequence[CampaignFile], items: Path) -> tuple[CampaignFile, ...]:
    """The files, each with its password when the list gives one: by name, else by FINESS EJ.

    liste: a CSV of columns « fichier » or « finess_ej », and « mot_de_passe ». The passwords are
    written nowhere. Raises CommandRefusedError.
    """
    from xl_cpom.batch.answer import finess_in_name
    from xl_cpom.workbook.decryption import Password, can_decrypt

    if not can_decrypt():
        raise click.UsageError(
            typeset(f"--mots-de-passe demande l'option « chiffre » ({install_command('chiffre')}).")
        )
    known = {key: Password(word) for key, word in _read(items).items()}
    found = []
    for file in files:
        keys = (file.name, file.name.rpartition("/")[2], finess_in_name(file.name) or "")
        word = next((known[key] for key in keys if key in known), None)
        own = file.own if word is None else {**file.own, "mot_de_passe": word}
        found.append(replace(file, own=own))
    return tuple(found)


def _read(items: Path) -> dict[str, str]:
    from xl_cpom.batch.given_lists import UnreadableListError, csv_text

    try:
        text, separator = csv_text(items)
    except UnreadableListError as refusal:
        raise CommandRefusedError(str(refusal)) from refusal
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if any(row)]
    heads = [fold(cell) for cell in rows[0]] if rows else []
    places = [rank for rank, head in enumerate(heads) if head in _QUI]
    word = next((rank for rank, head in enumerate(heads) if head in _WORD), None)
    if not places or word is None:
        raise CommandRefusedError(
            typeset(
                f"« {items.name} » : la première ligne doit nommer les colonnes « fichier » (ou "
                "« finess_ej ») et « mot_de_passe »."
            )
        )
    found: dict[str, str] = {}
    for row in rows[1:]:
        if len(row) > word and row[word]:
            found |= {row[place].strip(): row[word] for place in places if len(row) > place}
    found.pop("", None)
    return found
