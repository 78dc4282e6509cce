"""Commands `xl-cpom finess`: what changed in FINESS, and a light extract of the national flows."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections import Counter
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xl_cpom.cli.date_option import IsoDate
from xl_cpom.cli.finess_reading import filter_options, followed_reading, read_filter
from xl_cpom.cli.input_files import FILE_OR_FOLDER
from xl_cpom.cli.refusing import CommandRefusedError, UnreadableFileError
from xl_cpom.typography import plural, typeset, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_cpom.finess.flows import Change, Directory, Filter, ReadProgress

COLUMNS = ("date", "nature", "finess_et", "finess_ej", "raison_sociale", "categorie",
            "departement", "ancien", "nouveau", "deduit")  # fmt: skip
"""What is said of a change, in CSV and JSON."""


@click.group()
def finess() -> None:
    """Lire le répertoire FINESS : ce qui a changé, ou un extrait léger des flux nationaux."""


@finess.command()
@click.argument("ancien", type=FILE_OR_FOLDER)
@click.argument("nouveau", type=FILE_OR_FOLDER)
@click.option("--depuis", type=IsoDate(), help="Ne dire que ce que FINESS date d'après ce jour.")
@click.option("--format", "format_", type=click.Choice(["console", "csv", "json"]),
              default="console", show_default=True, help="Forme de la liste.")  # fmt: skip
@click.option("-o", "--sortie", type=click.Path(dir_okay=False, path_type=Path), metavar="F",
              help="Fichier où écrire la liste.")  # fmt: skip
@filter_options
def changements(
    ancien: Path,
    nouveau: Path,
    depuis: dt.date | None,
    format_: str,
    sortie: Path | None,
    **criteres: tuple[str, ...],
) -> None:
    """Dire ce qui a changé dans FINESS entre deux publications.

    ANCIEN et NOUVEAU : un flux « structures » (ou le dossier qui le contient), ou un extrait plus
    ancien. Sont dits les ouvertures, les fermetures, les nouveaux numéros, les changements
    d'entité juridique ou de catégorie, et les places quand les deux flux « activités » sont là.

    Code de retour : 0 liste écrite, 2 mauvaise utilisation, 3 fichier illisible.
    """
    from xl_cpom.finess.flows import comparer

    sieve = _filter(criteres)
    with followed_reading("Lecture de FINESS") as suivi, _refusal():
        before, after = _read(ancien, sieve, suivi), _read(nouveau, sieve, suivi)
    found = comparer(before, after, depuis)
    text = {"console": _console, "csv": _csv, "json": _json}[format_](found, before, after)
    if sortie is None:
        click.echo(text, nl=not text.endswith("\n"))
        return
    _write(sortie, text, bom=format_ == "csv")
    click.echo(typeset(f"{plural(len(found), 'changement')} : {sortie}"))


@finess.command()
@click.argument("source", type=FILE_OR_FOLDER)
@click.option("-o", "--sortie", type=click.Path(dir_okay=False, path_type=Path), required=True,
              metavar="F.csv", help="Extrait à écrire.")  # fmt: skip
@filter_options
def extraire(source: Path, sortie: Path, **criteres: tuple[str, ...]) -> None:
    """Écrire un extrait léger des flux nationaux, à donner ensuite à --finess ou --referentiel.

    SOURCE : un des deux flux JSON, ou le dossier qui les contient. L'extrait garde les
    établissements fermés, et le dit.

    Code de retour : 0 extrait écrit, 2 mauvaise utilisation, 3 flux illisible.
    """
    from xl_cpom.finess.flows import COLUMNS as EXTRAIT_COLUMNS
    from xl_cpom.finess.flows import as_rows, is_a_flow, load_directory
    from xl_cpom.reports import harmless

    if not is_a_flow(source):
        raise UnreadableFileError(
            typeset(f"« {source.name} » n'est pas un flux JSON de FINESS : rien à extraire.")
        )
    with followed_reading("Lecture de FINESS") as suivi, _refusal():
        known = load_directory(source, _filter(criteres), suivi)
    lines = list(as_rows(known))
    out = io.StringIO()
    writer = csv.DictWriter(out, EXTRAIT_COLUMNS, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(
        {key: harmless.safe_csv(value) for key, value in line.items()} for line in lines
    )
    _write(sortie, out.getvalue(), bom=True)
    closed = sum(line["etat"] == "Fermé" for line in lines)
    count = plural(len(lines), "établissement")
    click.echo(
        typeset(
            f"{count}, dont {plural(closed, 'fermé')}, sur "
            f"{plural(known.read, 'entité juridique lue', 'entités juridiques lues')} : {sortie}"
        )
    )


def _filter(criteres: dict[str, tuple[str, ...]]) -> Filter:
    from xl_cpom.finess.flows import Filter
    from xl_cpom.referentiel import load_referentiel

    return read_filter(criteres) or Filter(departements=frozenset(load_referentiel().departements))


def _read(path: Path, national_filter: Filter, suivi: ReadProgress) -> Directory:
    """A publication, whatever its layout. Without its flow « activités », no places are told."""
    from xl_cpom.finess.flows import (
        UnreadableFlowError,
        from_rows,
        is_a_flow,
        load_directory,
        load_structures,
    )
    from xl_cpom.finess.flows.pair import activites_file, structures_file
    from xl_cpom.finess.layouts import date_de_l_extrait, departement, read_extract

    if not is_a_flow(path):
        lines = (
            line for line in read_extract(path)
            if national_filter.keeps(departement(line), line.get("categetab", "").strip(),
                            line.get("nofinessej", "").strip())
        )  # fmt: skip
        return from_rows(path.name, lines, date_de_l_extrait(path))
    try:
        activites_file(structures_file(path))
    except UnreadableFlowError:
        return load_structures(path, national_filter, suivi)
    return load_directory(path, national_filter, suivi)


@contextmanager
def _refusal() -> Iterator[None]:
    from xl_cpom.finess.flows import UnreadableFlowError
    from xl_cpom.finess.layouts import UnreadableExtractError

    try:
        yield
    except (UnreadableFlowError, UnreadableExtractError) as failure:
        raise UnreadableFileError(str(failure)) from failure


def _write(path: Path, text: str, *, bom: bool) -> None:
    from xl_cpom.files.atomic import WriteError, atomic_write

    try:
        with atomic_write(path) as temporary:
            temporary.write_text(("\ufeff" if bom else "") + text, encoding="utf-8", newline="")
    except WriteError as failure:
        raise CommandRefusedError(str(failure)) from failure


def _objet(change: Change) -> dict[str, Any]:
    day = change.date.isoformat() if change.date else None
    values = (day, change.nature.value, change.finess_et, change.finess_ej, change.name,
              change.categorie, change.departement, change.before, change.after,
              change.deduced)  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _json(found: Sequence[Change], before: Directory, after: Directory) -> str:
    said = {
        "ancien": {"fichier": before.name, "date": before.date and before.date.isoformat()},
        "nouveau": {"fichier": after.name, "date": after.date and after.date.isoformat()},
        "changements": [_objet(change) for change in found],
    }
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def _csv(found: Sequence[Change], before: Directory, after: Directory) -> str:
    from xl_cpom.reports import harmless

    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(
        {key: harmless.safe_csv(value or "") for key, value in _objet(change).items()}
        for change in found
    )
    return out.getvalue()


def _console(found: Sequence[Change], before: Directory, after: Directory) -> str:
    titles = f"{_title(before)} et {_title(after)}"
    if None in (before.capacites, after.capacites):
        titles += " (places non comparées : il y faut les deux flux « activités »)"
    if not found:
        return typeset(f"Rien n'a changé entre {titles}.")
    counts = Counter(change.nature.value for change in found)
    lines = [
        f"{plural(len(found), 'changement')} entre {titles}",
        ", ".join(f"{name} : {count}" for name, count in counts.items()),
    ]
    place = None
    for change in found:
        if change.departement != place:
            place = change.departement
            lines += ["", f"Département {place or 'non dit'}"]
        lines.append(f"  {_phrase(change)}")
    return typeset("\n".join(lines))


def _title(known: Directory) -> str:
    return f"« {known.name} »" + (f" ({known.date:%d/%m/%Y})" if known.date else "")


def _phrase(change: Change) -> str:
    """« 21/03/2026  fermeture  210781456 EHPAD Les Tilleuls (500), de 210099008 »."""
    day = f"{change.date:%d/%m/%Y}" if change.date else "sans date "
    name = visible(change.name) or "sans nom"
    if not change.finess_et:
        return f"{day}  {change.nature.value}  {change.finess_ej} {name}"
    who = f"{change.finess_et} {name} ({change.categorie}), de {change.finess_ej}"
    moved = f" : {change.before} → {change.after}" if change.before or change.after else ""
    why = f" (déduit : {change.deduced})" if change.deduced else ""
    return f"{day}  {change.nature.value}  {who}{moved}{why}"
