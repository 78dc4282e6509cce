"""The two files that go together: « structures » is nothing without the places of « activités »."""

from __future__ import annotations

import re
from pathlib import Path

from xl_cpom.typography import fold, typeset

from .stream import Genre, UnreadableFlowError, genre_du_flux

_JOUR = re.compile(r"\d{6,8}")
_MOTS = {Genre.STRUCTURES: "structures", Genre.ACTIVITES: "activites"}


def est_un_flux(path: Path) -> bool:
    """Is it one of the JSON flows, or the folder that holds them, rather than a CSV?

    A file that cannot be opened is not: whoever reads it will say why.
    """
    if path.is_dir():
        return True
    try:
        with path.open("rb") as raw:
            return raw.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")
    except OSError:
        return False


def fichier_des_structures(path: Path) -> Path:
    """The flow « structures » of what was given: that file, or the one of that folder."""
    if path.is_dir():
        return _un_seul(path, Genre.STRUCTURES, "")
    genre = genre_du_flux(path)
    if genre is Genre.STRUCTURES:
        return path
    if genre is Genre.ACTIVITES:
        return _voisin(path, Genre.ACTIVITES, Genre.STRUCTURES)
    raise UnreadableFlowError(
        typeset(
            f"« {path.name} » n'est pas un flux FINESS. Attendu : « finess-structures-….json » et "
            "« finess-activites-….json », version v1, de data.gouv.fr."
        )
    )


def fichier_des_activites(structures: Path) -> Path:
    """The flow « activités » that stands beside a flow « structures ». Raises
    UnreadableFlowError.
    """
    return _voisin(structures, Genre.STRUCTURES, Genre.ACTIVITES)


def _voisin(path: Path, un: Genre, autre: Genre) -> Path:
    """The other file of the pair: same name but for the flow, else the only one of its kind."""
    twin = path.with_name(_remplace(path.name, _MOTS[un], _MOTS[autre]))
    if twin != path and twin.is_file():
        return twin
    days = _JOUR.findall(path.name)
    return _un_seul(path.parent, autre, days[-1] if days else "", path)


def _remplace(name: str, un: str, autre: str) -> str:
    start = fold(name).find(un)
    return name if start < 0 else name[:start] + autre + name[start + len(un) :]


def _un_seul(dossier: Path, genre: Genre, day: str, beside: Path | None = None) -> Path:
    word = _MOTS[genre]
    found = sorted(
        p for p in dossier.iterdir()
        if p.suffix.lower() == ".json" and word in fold(p.name) and p != beside
    )  # fmt: skip
    same = [p for p in found if day and day in p.name]
    if len(same) == 1:
        return same[0]
    if len(found) == 1:
        return found[0]
    where = f"à côté de « {beside.name} »" if beside else f"dans « {dossier.name} »"
    if found:
        raise UnreadableFlowError(
            typeset(
                f"Plusieurs flux « {genre.value} » {where} : laissez-y une seule paire, ou donnez "
                "au nom des deux fichiers la même date."
            )
        )
    expected = f"finess-{word}-journalier-{day or 'AAAAMMJJ'}.json"
    raise UnreadableFlowError(
        typeset(
            f"Le flux FINESS « {genre.value} » manque {where} : les deux flux vont ensemble. "
            f"Attendu : « {expected} », version v1, du même jour. Rien n'a été repris."
        )
    )
