"""The tables that the ARS keeps by hand beside the prepared workbooks: nothing typed is ever lost.

`suivi.csv` and `attendus.csv` are ours to start with, then theirs: saved again by Excel in its own
encoding, columns added, lines added. A run on part of the list brings its own lines up to date and
leaves every other line and column where it was.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from xl_cpom.batch.given_lists import UnreadableListError, csv_text
from xl_cpom.files.atomic import atomic_write
from xl_cpom.identifiants import finess_valide, repair_finess
from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.reports import harmless
from xl_cpom.typography import fold, typeset

SUIVI, ATTENDUS = "suivi.csv", "attendus.csv"
NUMERO, RECEIVED = "FINESS EJ", "Reçu le"

FollowUpLine = dict[str, str]


@dataclass
class KeptTable:
    """A table as it was found: its columns in their order, its lines, texts as they were typed."""

    columns: list[str] = field(default_factory=list)
    rows: list[FollowUpLine] = field(default_factory=list)

    def merge(
        self,
        colonnes: Sequence[str],
        lignes: Iterable[Mapping[str, str]],
        key: Callable[[Mapping[str, str]], str],
        *,
        replaced: Callable[[FollowUpLine], bool] = lambda line: False,
    ) -> KeptTable:
        """Our lines brought up to date, in our order, then the others as they were.

        A line of ours takes from the line of the same key the columns that are not ours. replaced:
        lines of before that ours stand for, even without the same key.
        """
        before: dict[str, FollowUpLine] = {}
        for old in self.rows:
            before.setdefault(key(old), old)
        ours: list[FollowUpLine] = []
        used: set[int] = set()
        for line in lignes:
            known = before.get(key(line))
            used.add(id(known))
            ours.append({**(known if known is not None else {}), **line})
        columns = [*self.columns, *(c for c in colonnes if c not in self.columns)]
        left = [old for old in self.rows if id(old) not in used and not replaced(old)]
        return KeptTable(columns, ours + left)

    def write(self, path: Path) -> None:
        """Write the table as Excel opens it, whole or not at all. Raises WriteError."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        writer.writerow([harmless.safe_csv(column) for column in self.columns])
        for line in self.rows:
            writer.writerow([harmless.safe_csv(line.get(c, "")) for c in self.columns])
        with atomic_write(path) as temporary:
            temporary.write_text("\ufeff" + out.getvalue(), encoding="utf-8", newline="")


def read_table(path: Path, numero: str) -> KeptTable:
    """The table of a file, empty when there is none yet; its FINESS numbers are mended.

    Any encoding and separator that Excel writes. numero: title of the column of the FINESS EJ.
    Raises UnreadableListError.
    """
    if not path.exists():
        return KeptTable()
    text, separator = csv_text(path)
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if any(row)]
    if not rows:
        return KeptTable()
    columns = _columns(rows[0], numero)
    if numero not in columns:
        raise UnreadableListError(
            typeset(
                f"« {path.name} » n'a plus la colonne « {numero} » : remettez-la, ou mettez ce "
                "fichier de côté pour en refaire un."
            )
        )
    lines = []
    for row in rows[1:]:
        line = {c: harmless.unsafe_csv(t) for c, t in zip(columns, row, strict=False)}
        beyond = row[len(columns) :]
        line |= {f" {rank}": text for rank, text in enumerate(beyond) if text}
        number = line.get(numero, "").strip()
        line[numero] = number if finess_valide(number) else repair_finess(number) or number
        lines.append(line)
    extra = sorted({key for line in lines for key in line} - set(columns))
    return KeptTable([*columns, *extra], lines)


def _columns(cells: Sequence[str], numero: str) -> list[str]:
    """Titles, never twice the same; that of the number is known whatever its case."""
    columns: list[str] = []
    for rank, cell in enumerate(cells):
        title = numero if fold(cell) == fold(numero) else harmless.unsafe_csv(cell.strip())
        columns.append(title if title and title not in columns else f"{title} {rank + 1}".strip())
    return columns


def read_follow_up(path: Path) -> dict[str, FollowUpLine]:
    """The lines of `suivi.csv` by FINESS EJ; {} when there is none yet."""
    found: dict[str, FollowUpLine] = {}
    for line in read_table(path, NUMERO).rows:
        if line[NUMERO]:
            found.setdefault(line[NUMERO], line)
    return found


def note_received(path: Path, days: Mapping[str, str]) -> int:
    """Fill « Reçu le » where it is blank: FINESS EJ -> day (JJ/MM/AAAA). How many were filled.

    Raises UnreadableListError, WriteError; a table that lacks the column is given it.
    """
    table = read_table(path, NUMERO)
    filled = 0
    for line in table.rows:
        day = days.get(line.get(NUMERO, ""), "")
        if day and not line.get(RECEIVED, "").strip():
            line[RECEIVED] = day
            filled += 1
    if filled:
        if RECEIVED not in table.columns:
            table.columns.append(RECEIVED)
        table.write(path)
    return filled
