"""Command `xl-cpom sources`: the texts that the référentiel and the rules rest on."""

from __future__ import annotations

import datetime as dt
import json

import click

from xl_cpom.cli.date_option import IsoDate
from xl_cpom.typography import typeset


@click.command()
@click.option("--anciennes", is_flag=True, help="Seulement celles de plus de deux ans, à relire.")
@click.option(
    "--date", "au", type=IsoDate(), help="Jour auquel juger leur âge (par défaut : aujourd'hui)."
)
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table",
              show_default=True, help="Forme de la liste.")  # fmt: skip
def sources(anciennes: bool, au: dt.date | None, format_: str) -> None:
    """Lister les sources : titre, date, adresse, jour de lecture, et ce qui dépend de chacune."""
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.reports.sources import as_object, as_text, lines

    found = lines(load_referentiel(), au or dt.date.today())
    if anciennes:
        found = tuple(line for line in found if line.old)
    if format_ == "json":
        objects = [as_object(line) for line in found]
        click.echo(json.dumps({"sources": objects}, ensure_ascii=False, indent=2))
    elif found:
        click.echo(as_text(found))
    else:
        click.echo(typeset("Aucune source de plus de deux ans."))
