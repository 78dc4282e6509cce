"""`--dask ADRESSE`: the processes of a Dask cluster instead of those of this machine."""

from __future__ import annotations

import operator
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from xl_cpom.cli.refusing import CommandRefusedError
from xl_cpom.extras import install_command
from xl_cpom.typography import plural, typeset, visible

if TYPE_CHECKING:
    from concurrent.futures import Executor

DELAI = 30
"""Seconds to find the scheduler."""


@contextmanager
def cluster_executor(adresse: str | None) -> Iterator[Executor | None]:
    """The executor of the cluster whose scheduler is there; None without address.

    Raises Refus when Dask is not installed or does not answer.
    """
    if adresse is None:
        yield None
        return
    try:
        distributed: Any = import_module("distributed")
    except ImportError as failure:
        raise CommandRefusedError(
            typeset(f"Dask n'est pas installé : {install_command('dask')}.")
        ) from failure
    try:
        client = distributed.Client(adresse, timeout=DELAI)
    except (OSError, ValueError) as failure:
        raise CommandRefusedError(
            typeset(
                f"L'ordonnanceur Dask « {visible(adresse)} » ne répond pas. Vérifiez l'adresse "
                "(par exemple tcp://serveur:8786) et qu'il est démarré."
            )
        ) from failure
    _hush()
    with client, client.get_executor() as executor:
        _warn_of_open_folders(client)
        yield executor


def _hush() -> None:
    """What Dask logs of a lost scheduler is a page of traces; what was lost is told by us."""
    import logging

    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in ("distributed", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _warn_of_open_folders(client: Any) -> None:
    """Say which workers would import a Python file of the folder they were started in."""
    safe = client.run(operator.attrgetter("flags.safe_path"), sys)
    count = sum(not one for one in safe.values())
    if count:
        said = (
            f"{plural(count, 'processus', 'processus')} du groupe Dask sans PYTHONSAFEPATH=1 : un "
            "fichier Python du dossier où ils ont été lancés y serait exécuté. Relancez-les avec "
            "cette variable."
        )
        click.echo(typeset(said), err=True)
