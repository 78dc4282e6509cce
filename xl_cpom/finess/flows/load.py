"""Both flows as one `Directory`, or neither."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from xl_cpom.typography import typeset

from .activities import capacites
from .fields import champ, field_text
from .model import Capacite, Directory, Entity, Filter
from .pair import activites_file, structures_file
from .stream import FlowKind, ReadProgress, UnreadableFlowError, entete, entites
from .structures import entite, finess_ej

ECART_MAX = 31
"""Days between the two flows of a pair: beyond, one says what the other no longer does."""

ALL = Filter()


def load_structures(
    path: Path, national_filter: Filter = ALL, suivi: ReadProgress | None = None
) -> Directory:
    """What a flow « structures » says of the entities asked for. Raises UnreadableFlowError.

    path: the file, or the folder that holds it. suivi: told of the bytes read.
    """
    return _structures(structures_file(path), national_filter, suivi)[0]


def _structures(
    source: Path, national_filter: Filter, suivi: ReadProgress | None
) -> tuple[Directory, Collection[str]]:
    """What was kept, and the FINESS EJ of everything that was read."""
    head = entete(source)
    kept: list[Entity] = []
    read: set[str] = set()
    for pmej in entites(source, FlowKind.STRUCTURES, suivi):
        read.add(finess_ej(pmej))
        if (found := entite(pmej, national_filter)) is not None:
            kept.append(found)
    return Directory(source.name, head.version, head.date, tuple(kept), None, len(read)), read


def load_directory(
    path: Path, national_filter: Filter = ALL, suivi: ReadProgress | None = None
) -> Directory:
    """What both flows say of the entities asked for. Raises UnreadableFlowError.

    path: one file of the pair, or the folder that holds both. The presence, the version and the
    dates of both are checked before the first is read through.
    """
    structures = structures_file(path)
    activites = activites_file(structures)
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
    base, read = _structures(structures, national_filter, first)
    places = _capacites(activites, base, read, _decale(suivi, size[0], sum(size)))
    return Directory(base.name, base.version, base.date, base.entities, places, base.read)


def _capacites(
    path: Path, base: Directory, read: Collection[str], suivi: ReadProgress | None
) -> dict[str, tuple[Capacite, ...]]:
    wanted = base.by_et
    found: dict[str, tuple[Capacite, ...]] = {}
    met = False
    for pmej in entites(path, FlowKind.ACTIVITES, suivi):
        met = met or field_text(champ(pmej, "numFiness", "numeroFiness")).upper() in read
        found.update(capacites(pmej, wanted))
    if not met:
        raise UnreadableFlowError(
            typeset(
                f"« {path.name} » ne parle d'aucune des entités de « {base.name} » : les deux flux "
                "ne vont pas ensemble. Rien n'a été repris."
            )
        )
    return found


def _decale(suivi: ReadProgress | None, before: int, total: int) -> ReadProgress | None:
    if suivi is None:
        return None
    return lambda read, _: suivi(before + read, total)
