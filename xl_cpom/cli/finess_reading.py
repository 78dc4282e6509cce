"""What the commands that read FINESS share: what may be given, the filters, the progress bar."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

import click

from xl_cpom.cli.decorated import DecoratedCommand
from xl_cpom.typography import number_text, typeset

if TYPE_CHECKING:
    from xl_cpom.finess.flows import Filter, ReadProgress

READINGS = (
    "un des deux flux JSON « structures » et « activités » ou le dossier qui les contient, "
    "l'ancien fichier « etalab-cs1100502 », ou un CSV dont la première ligne nomme les colonnes"
)
"""What --referentiel and --finess accept."""

BIG = 20_000_000
"""Bytes below which reading takes a second: nothing is said of it where there is no terminal."""

INTERVAL = 5.0
"""Seconds between two plain lines."""


def filter_options(command: DecoratedCommand) -> DecoratedCommand:
    """Add --departement, --categorie and --entite to a command; each may be repeated."""
    for option in (
        click.option("--entite", "entites", multiple=True, metavar="FINESS_EJ",
                     help="Ne garder que cette entité juridique (répétable)."),
        click.option("--categorie", "categories", multiple=True, metavar="CODE",
                     help="Ne garder que cette catégorie FINESS, par exemple 500 (répétable)."),
        click.option("--departement", "departements", multiple=True, metavar="CODE",
                     help="Ne garder que ce département, par exemple 21 (répétable ; par défaut, "
                          "ceux de la région)."),
    ):  # fmt: skip
        command = option(command)
    return command


def read_filter(criteres: Mapping[str, tuple[str, ...]]) -> Filter | None:
    """The filter that these options make; None when none was given.

    The région is kept to as long as no département is named.
    """
    from xl_cpom.finess.flows import Filter
    from xl_cpom.referentiel import load_referentiel

    if not any(criteres.values()):
        return None
    referentiel = load_referentiel()
    wanted = {key: frozenset(v.strip().upper() for v in given) for key, given in criteres.items()}
    unknown = wanted["departements"] - set(referentiel.departements_france)
    if unknown:
        raise click.UsageError(
            typeset(f"Département inconnu : {', '.join(sorted(unknown))} (exemple : 21).")
        )
    unknown = wanted["categories"] - set(referentiel.categories)
    if unknown:
        raise click.UsageError(
            typeset(f"Catégorie FINESS inconnue : {', '.join(sorted(unknown))} (exemple : 500).")
        )
    return Filter(
        departements=wanted["departements"] or frozenset(referentiel.departements),
        categories=wanted["categories"],
        entities=wanted["entites"],
    )


@contextmanager
def followed_reading(titre: str, flux: IO[str] | None = None) -> Iterator[ReadProgress]:
    """Follow the reading of a large file: a bar on a terminal, a line now and then elsewhere."""
    out = sys.stderr if flux is None else flux
    if out.isatty():
        with _bar(titre, out) as suivi:
            yield suivi
    else:
        yield _Rows(titre, out)


class _Rows:
    """« Lecture de FINESS : 120 Mo sur 410 »."""

    def __init__(self, titre: str, out: IO[str]) -> None:
        self.titre, self.out, self.last = titre, out, time.monotonic()

    def __call__(self, read: int, total: int) -> None:
        now = time.monotonic()
        if total < BIG or now - self.last < INTERVAL:
            return
        self.last = now
        said = f"{self.titre} : {number_text(read / 1e6, 0)} Mo sur {number_text(total / 1e6, 0)}"
        print(typeset(said), file=self.out, flush=True)


@contextmanager
def _bar(titre: str, out: IO[str]) -> Iterator[ReadProgress]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn(titre),
        BarColumn(bar_width=20),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
        console=Console(file=out),
        transient=True,
    )
    with bar:
        task = bar.add_task("", total=None)
        yield lambda read, total: bar.update(task, completed=read, total=total)
