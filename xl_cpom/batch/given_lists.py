"""Lists that the ARS gives: a CSV whose first line names the columns, in whatever words.

UTF-8 or Windows encoding, `;`, `,` or tabulation; the headers are recognised folded (case,
accents). Nothing is guessed: an unknown column is left out, a needed one that misses is said.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from xl_cpom.errors import XlCpomError
from xl_cpom.files.os_errors import os_reason
from xl_cpom.identifiants import finess_valide, repair_finess
from xl_cpom.referentiel import Referentiel, load_referentiel
from xl_cpom.typography import fold, listing, typeset, visible
from xl_cpom.validators.retours import Attendu, EtAttendu
from xl_cpom.workbook.reader import UnreadableWorkbookError

MAX_BYTES = 100_000_000

_SEP = re.compile(r"(?i)sep=([;,\t])")
_CODES = re.compile(r"\b(?:\d{1,3}|2[AB])\b")

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "finess_ej": ("finess_ej", "finess ej", "nofinessej", "numero finess ej", "finess juridique"),
    "raison_sociale": ("raison_sociale", "raison sociale", "organisme gestionnaire", "organisme",
                       "nom", "raison_sociale_ej", "rs_ej"),
    "departement": ("departement", "code departement", "dep"),
    "type_contrat": ("type_contrat", "type de contrat", "type"),
    "date_entree": ("date_entree", "date d'entree", "date d'entree en cpom", "entree"),
    "secteurs": ("secteurs", "secteurs d'activite"),
    "competence": ("competence", "autorites", "autorites signataires"),
    "contact": ("contact", "referent", "referent cpom", "interlocuteur"),
    "courriel": ("courriel", "adresse electronique", "mail", "e-mail", "email"),
    "telephone": ("telephone", "tel"),
    "annee": ("annee", "annee suivie", "annee de la campagne"),
    "suspendu": ("suspendu", "cpom suspendu", "suspension", "suspension du cpom"),
    "finess_et": ("finess_et", "finess et", "nofinesset", "numero finess et",
                  "finess geographique"),
    "raison_sociale_et": ("raison_sociale_et", "raison sociale et", "etablissement", "rs"),
    "categorie": ("categorie", "categetab", "code categorie"),
    "secteur": ("secteur",),
    "principal_secondaire": ("principal_secondaire", "principal ou secondaire", "typeet"),
    "departement_et": ("departement_et", "departement et"),
    "capacite": ("capacite", "capacite autorisee", "places"),
}  # fmt: skip
"""Column -> the headers it may have, folded."""


NATURES = {"p": "Principal", "s": "Secondaire"}
"""Initial -> what an ESMS is, in the words of the workbook."""


class UnreadableListError(XlCpomError, ValueError):
    """The list cannot be used. French message, with the line."""


def read_list(path: Path, requises: Sequence[str] = ("finess_ej",)) -> Iterator[dict[str, str]]:
    """The lines of a list, by the keys of `COLONNES`; blanks around are dropped.

    Raises UnreadableListError.
    """
    rows = _rows(path)
    start, places = _headers(rows, requises)
    missing = [key for key in requises if key not in places]
    if missing:
        raise UnreadableListError(
            typeset(
                f"« {path.name} » : il manque la colonne {listing(f'« {key} »' for key in missing)}. "  # noqa: E501
                "Une ligne, la première ou juste sous un titre, nomme les colonnes."
            )
        )
    for number, cells in rows[start + 1 :]:
        line = {k: cells[i].strip() if i < len(cells) else "" for k, i in places.items()}
        if any(line.values()) and not _is_total(cells, line, requises):
            line["ligne"] = str(number)
            yield line


_TITLE_ROWS = 20
"""Rows among which the names of the columns are looked for, under a title."""


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """(number, cells) of each line, of a CSV or of a sheet of Excel."""
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        from xl_cpom.workbook.list_sheets import sheet_rows

        try:
            return sheet_rows(path)
        except UnreadableWorkbookError as refusal:
            raise UnreadableListError(
                typeset(f"« {path.name} » : {refusal.message} {refusal.fix}")
            ) from refusal
    text, separator = csv_text(path)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    rows: list[tuple[int, list[str]]] = []
    try:
        rows.extend((reader.line_num, cells) for cells in reader if any(cells))
    except csv.Error as error:
        raise UnreadableListError(
            typeset(f"« {path.name} », ligne {reader.line_num} : {error}.")
        ) from error
    return rows


def _headers(
    rows: Sequence[tuple[int, Sequence[str]]], requises: Sequence[str]
) -> tuple[int, dict[str, int]]:
    """Rank of the row that names the columns, and place of each column known."""
    best: tuple[int, dict[str, int]] = (0, {})
    for rank, (_, cells) in enumerate(rows[:_TITLE_ROWS]):
        headers = [_header(cell) for cell in cells]
        places = {
            key: headers.index(known)
            for key, names in COLUMNS.items()
            if (known := next((name for name in names if name in headers), None)) is not None
        }
        if all(key in places for key in requises):
            return rank, places
        if len(places) > len(best[1]):
            best = (rank, places)
    return best


def _header(cell: str) -> str:
    """A title folded: « N° FINESS EJ » is « numero finess ej »."""
    folded = " ".join(fold(cell).split())
    return _NUMERO.sub("numero ", folded).strip()


_NUMERO = re.compile(r"^(?:n[°º]\.? ?|no(?:\. ?| )|num(?:\. ?| ))(?=finess)")


def _is_total(cells: Sequence[str], line: Mapping[str, str], requises: Sequence[str]) -> bool:
    """A last line that adds up the others: « TOTAL », and no number of an organisme."""
    first = next((cell for cell in cells if cell.strip()), "")
    if fold(first).split()[:1] not in (["total"], ["totaux"], ["total:"]):
        return False
    return all(not any(c.isdigit() for c in line.get(key, "")) for key in requises)


class Faults:
    """All that is wrong in a list, told at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.said: list[str] = []

    def __enter__(self) -> Faults:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        """Keep the refusal of a line; the others are then read."""
        if isinstance(error, UnreadableListError):
            self.said.append(str(error))
            return True
        return False

    def contradiction(self, line: Mapping[str, str], what: str, one: object, other: object) -> None:
        """Two lines of one organisme say two things."""
        self.said.append(
            typeset(
                f"« {self.path.name} », ligne {line['ligne']} : {what} de l'organisme "
                f"{line['finess_ej']} est « {other} », et « {one} » plus haut. Gardez-en un."
            )
        )

    def tell(self) -> None:
        """Raise UnreadableListError when something is wrong."""
        if not self.said:
            return
        shown = self.said[:_FAULTS]
        more = len(self.said) - len(shown)
        left = [typeset(f"Et {more} autres lignes fautives.")] if more else []
        raise UnreadableListError("\n".join([*shown, *left]))


_FAULTS = 30
"""Faulty lines told before the others are only counted."""


def read_attendus(path: Path, referentiel: Referentiel | None = None) -> dict[str, Attendu]:
    """The organismes expected, by FINESS EJ, in the order of the list.

    One line per organisme, or one per ESMS with its `finess_et`: the lines of one organisme add up.
    Raises UnreadableListError.
    """
    cycle = referentiel or load_referentiel()
    found: dict[str, Attendu] = {}
    faults = Faults(path)
    for line in read_list(path):
        with faults:
            number = finess(line["finess_ej"], "finess_ej", line, path)
            known = found.get(number)
            ets = () if known is None else known.etablissements
            if line.get("finess_et"):
                ets = (*ets, _etablissement(line, path, cycle))
            first = known or Attendu(number)
            year = _integer(line.get("annee", ""), "annee", line, path)
            if first.annee is not None and year is not None and year != first.annee:
                faults.contradiction(line, "l'année", first.annee, year)
            found[number] = Attendu(
                finess_ej=number,
                raison_sociale=first.raison_sociale or visible(line.get("raison_sociale", "")),
                departement=first.departement or departement(line.get("departement", ""), cycle),
                type_contrat=first.type_contrat or line.get("type_contrat", ""),
                secteurs=first.secteurs or line.get("secteurs", ""),
                contact=first.contact or visible(line.get("contact", "")),
                courriel=first.courriel or visible(line.get("courriel", "")),
                telephone=first.telephone or visible(line.get("telephone", "")),
                annee=first.annee or year,
                suspendu=first.suspendu or _yes(line.get("suspendu", ""), "suspendu", line, path),
                etablissements=ets,
            )
    faults.tell()
    return found


def _etablissement(line: Mapping[str, str], path: Path, cycle: Referentiel) -> EtAttendu:
    return EtAttendu(
        finess_et=finess(line["finess_et"], "finess_et", line, path),
        raison_sociale=visible(line.get("raison_sociale_et", "")),
        categorie=line.get("categorie", ""),
        secteur=line.get("secteur", ""),
        departement=departement(line.get("departement_et") or line.get("departement", ""), cycle),
        capacite=_integer(line.get("capacite", ""), "capacite", line, path),
        principal_secondaire=NATURES.get(fold(line.get("principal_secondaire", ""))[:1], ""),
    )


def departement(text: str, referentiel: Referentiel) -> str:
    """Code of a département written as « 21 », « 21 - Côte-d'Or » or « Côte-d'Or »; else ""."""
    found = _CODES.findall(text.upper())
    if len(found) == 1:
        return str(found[0]).zfill(2)
    names = {fold(d.libelle): code for code, d in referentiel.departements.items()}
    return "" if found else names.get(fold(text), "")


def finess(text: str, key: str, line: Mapping[str, str], path: Path) -> str:
    """A FINESS number, mended when Excel has eaten its zero. Raises UnreadableListError."""
    number = text if finess_valide(text) else repair_finess(text)
    if number is None:
        raise UnreadableListError(
            typeset(
                f"« {path.name} », ligne {line['ligne']} : « {visible(text, 30)} » n'est pas un "
                f"numéro FINESS ({key})."
            )
        )
    return number


def _yes(text: str, key: str, line: Mapping[str, str], path: Path) -> bool:
    """« Oui » or a date say yes; « Non » and nothing say no. Raises UnreadableListError."""
    said = fold(text)
    if said in ("", "non", "n", "0"):
        return False
    if said in ("oui", "o", "x", "1", "suspendu") or re.fullmatch(r"\d{1,4}[/-]\d\d?[/-]\d+", said):
        return True
    raise UnreadableListError(
        typeset(
            f"« {path.name} », ligne {line['ligne']} : « {visible(text, 30)} » ne dit pas si le "
            f"CPOM est suspendu ({key}) : mettez « Oui » ou « Non »."
        )
    )


def _integer(text: str, key: str, line: Mapping[str, str], path: Path) -> int | None:
    compact = "".join(text.split())
    if not compact:
        return None
    if not (compact.isascii() and compact.isdigit() and len(compact) < 10):
        raise UnreadableListError(
            typeset(
                f"« {path.name} », ligne {line['ligne']} : « {visible(text, 30)} » n'est pas un "
                f"nombre entier ({key})."
            )
        )
    return int(compact)


def csv_text(path: Path) -> tuple[str, str]:
    """The text of a CSV as any spreadsheet saves it, and its separator.

    UTF-8, UTF-16 (« Texte Unicode ») or the encoding of Windows; a line « sep=; » is obeyed and
    left out. Raises UnreadableListError.
    """
    text = _decode(path)
    first, _, rest = text.partition("\n")
    told = _SEP.fullmatch(first.strip().strip('"'))
    if told is not None:
        return rest, told[1]
    return text, max(";,\t", key=first.count)


def _decode(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableListError(typeset(f"« {path.name} » est trop gros pour une liste."))
        raw = path.read_bytes()
    except OSError as failure:
        raise UnreadableListError(
            typeset(f"« {path.name} » ne peut pas être lu ({os_reason(failure)}).")
        ) from failure
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    if raw[:2] == b"PK" or b"\x00" in raw[:4096]:
        raise UnreadableListError(
            typeset(
                f"« {path.name} » n'est pas un CSV : enregistrez la liste au format CSV "
                "(séparateur point-virgule)."
            )
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")
