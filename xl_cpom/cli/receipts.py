"""« Reçu le » of the follow-up table, filled by the control of what came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xl_cpom.typography import date_text, plural, typeset

if TYPE_CHECKING:
    from xl_cpom.batch.situation import Situation


def note_receipts(known: Sequence[Situation], attendus: Path | None, jour: str) -> None:
    """Note the day in `suivi.csv` beside the list of those expected, where it is still blank.

    A table that cannot be read or written is told; the control goes on.
    """
    from xl_cpom.batch.follow_up import SUIVI, note_received
    from xl_cpom.batch.given_lists import UnreadableListError
    from xl_cpom.files.atomic import WriteError

    if attendus is None or not (attendus.parent / SUIVI).is_file():
        return
    day = date_text(dt.date.fromisoformat(jour))
    received = {s.finess_ej: day for s in known if s.state.received}
    try:
        noted = note_received(attendus.parent / SUIVI, received)
    except (UnreadableListError, WriteError) as refusal:
        click.echo(typeset(f"« Reçu le » n'a pas été noté dans {SUIVI} : {refusal}"), err=True)
        return
    if noted:
        said = plural(noted, "date de réception notée", "dates de réception notées")
        click.echo(typeset(f"{SUIVI} : {said}."), err=True)


def noted_receipts(attendus: Path | None) -> dict[str, str]:
    """FINESS EJ -> « Reçu le » of `suivi.csv`, for the acknowledgements; {} when there is none."""
    from xl_cpom.batch.follow_up import RECEIVED, SUIVI, read_follow_up
    from xl_cpom.batch.given_lists import UnreadableListError

    if attendus is None or not (attendus.parent / SUIVI).is_file():
        return {}
    try:
        lines = read_follow_up(attendus.parent / SUIVI)
    except UnreadableListError:  # told by `note_receipts`
        return {}
    return {
        number: day for number, line in lines.items() if (day := line.get(RECEIVED, "").strip())
    }
