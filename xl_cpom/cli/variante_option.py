"""`--variante`: how the rates of a workbook being written are computed."""

from __future__ import annotations

import click

from xl_cpom.cli.decorated import DecoratedCommand
from xl_cpom.workbook.formulas.variants import Variante


def variante_option(command: DecoratedCommand) -> DecoratedCommand:
    """Add `--variante`, whose value is the text of a `Variante`."""
    return click.option(
        "--variante", type=click.Choice([v.value for v in Variante]), default=Variante.MIXTE.value,
        show_default=True, metavar="NOM",
        help="Comment les taux se calculent : « mixte » (le complément s'il est là, sinon une "
             "formule ordinaire), « native » (formules ordinaires, partout), « lambda » "
             "(Excel 365, rien à installer) ou « xlwings » (le complément seul).",
    )(command)  # fmt: skip
