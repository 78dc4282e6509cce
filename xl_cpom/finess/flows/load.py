"""Both flows as one `Repertoire`, or neither."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from xl_cpom.typography import typeset

from .activities import capacites
from .fields import champ, field_text
from .model import Capacite, Entite, Filtre, Repertoire
from .pair import fichier_des_activites, fichier_des_structures
from .stream import Genre, ReadProgress, UnreadableFlowError, entete, entites
from .structures import entite, finess_ej

ECART_MAX = 31
"""Days between the two flows of a pair: beyond, one says what the other no longer does."""

TOUT = Filtre()


def charger_structures(
    path: Path, filtre: Filtre = TOUT, suivi: ReadProgress | None = None
) -> Repertoire:
    """What a flow « structures » says of the entities asked for. Raises UnreadableFlowError.

    path: the file, or the folder that holds it. suivi: told of the bytes read.
    """
    return _structures(fichier_des_structures(path), filtre, suivi)[0]


def _structures(
    source: Path, filtre: Filtre, suivi: ReadProgress | None
) -> tuple[Repertoire, Collection[str]]:
    """What was kept, and the FINESS EJ of everything that was read."""
    head = entete(source)
    kept: list[Entite] = []
    read: set[str] = set()
    for pmej in entites(source, Genre.STRUCTURES, suivi):
        read.add(finess_ej(pmej))
        if (found := entite(pmej, filtre)) is not None:
            kept.append(found)
    return Repertoire(source.name, head.version, head.date, tuple(kept), None, len(read)), read


def charger_repertoire(
    path: Path, filtre: Filtre = TOUT, suivi: ReadProgress | None = None
) -> Repertoire:
    """What both flows say of the entities asked for. Raises UnreadableFlowError.

    path: one file of the pair, or the folder that holds both. The presence, the version and the
    dates of both are checked before the first is read through.
    """
    structures = fichier_des_structures(path)
    activites = fichier_des_activites(structures)
    heads = entete(structures), entete(activites)
    days = [head.date for head in heads if head.date is not None]
    if len(days) == 2 and abs((days[0] - days[1]).days) > ECART_MAX:
        raise UnreadableFlowError(
            typeset(
                f"« {structures.name} » est du {days[0]:%d/%m/%Y} et « {activites.name} » du "
                f"{days[1]:%d/%m/%Y} : donnez les deux flux du même jour. Rien n'a été repris."
            )
        )
    size = structures.stat().st_size, activites.stat().st_size
    first = _decale(suivi, 0, sum(size))
    base, read = _structures(structures, filtre, first)
    places = _capacites(activites, base, read, _decale(suivi, size[0], sum(size)))
    return Repertoire(base.nom, base.version, base.date, base.entites, places, base.lus)


def _capacites(
    path: Path, base: Repertoire, read: Collection[str], suivi: ReadProgress | None
) -> dict[str, tuple[Capacite, ...]]:
    wanted = base.par_et
    found: dict[str, tuple[Capacite, ...]] = {}
    met = False
    for pmej in entites(path, Genre.ACTIVITES, suivi):
        met = met or field_text(champ(pmej, "numFiness", "numeroFiness")).upper() in read
        found.update(capacites(pmej, wanted))
    if not met:
        raise UnreadableFlowError(
            typeset(
                f"« {path.name} » ne parle d'aucune des entités de « {base.nom} » : les deux flux "
                "ne vont pas ensemble. Rien n'a été repris."
            )
        )
    return found


def _decale(suivi: ReadProgress | None, before: int, total: int) -> ReadProgress | None:
    if suivi is None:
        return None
    return lambda read, _: suivi(before + read, total)
