"""The folders of the conseils départementaux, among the outputs and among the bundles.

Each holds what `council_page` draws; the message to send goes into the bundles only. A piece that
somebody has changed since is put aside, never lost (`bundle_pieces`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xl_cpom.batch.bundle_folder import OLD, put_stale_aside
from xl_cpom.batch.bundle_pieces import put_piece
from xl_cpom.batch.campagne import CampaignResult
from xl_cpom.batch.councils.council_figures import council_figures
from xl_cpom.batch.councils.council_page import PAGE, council_pieces
from xl_cpom.files.atomic import WriteError
from xl_cpom.files.os_errors import os_reason
from xl_cpom.referentiel import load_referentiel
from xl_cpom.typography import typeset


def write_council_folders(
    result: CampaignResult, places: Sequence[Path], cause: str
) -> tuple[int, list[Path]]:
    """Write what each conseil is given in each place, the bundles last; how many conseils.

    And the folders of conseils that have no ESMS left in the returns, now in « anciens ». Raises
    WriteError.
    """
    found = council_figures(result, load_referentiel())
    made = {council.code: council_pieces(council) for council in found}
    aside: list[Path] = []
    for rank, root in enumerate(places):
        result.journal.forget_output(root)
        written = []
        for code, pieces in made.items():
            place = root / code
            try:
                place.mkdir(parents=True, exist_ok=True)
            except OSError as failure:
                said = f"« {place} » ne peut pas être créé ({os_reason(failure)})."
                raise WriteError(typeset(said)) from failure
            wanted = {n: c for n, c in pieces.items() if rank or not n.endswith(".eml")}
            known = result.journal.pieces(place)
            result.journal.note_pieces(
                place, {name: put_piece(place / name, c, known) for name, c in wanted.items()}
            )
            written += [f"{code}/{name}" for name in wanted]
        try:
            aside += [root / OLD / name for name in put_stale_aside(root, made, [PAGE])]
        except OSError as failure:
            said = f"« {root} » : un ancien dossier ne peut pas être rangé ({os_reason(failure)})."
            raise WriteError(typeset(said)) from failure
        result.journal.record_output(root, cause, written)
    return len(found), aside
