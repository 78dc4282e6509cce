"""What the server is asked to be, and every limit it holds, in one place."""

from __future__ import annotations

import ipaddress
import socket
from pathlib import Path

from xl_cpom.light_dataclass import dataclass
from xl_cpom.workers.pool import cores

MIB = 1024 * 1024
ADRESSE, PORT = "127.0.0.1", 8765

QUEUE_PER_WORKER = 6
"""Workbooks that may wait, per worker: about 3 seconds of work, then « revenez plus tard »."""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """How the server runs.

    ouvriers: worker processes (as many as cores if None); attente: workbooks that may wait beyond
    those at work (6 per worker if None). delai: seconds for one workbook. reception: seconds for
    the whole body to arrive. debit: bytes a second below which a body is given up, after the first
    seconds. taille_max: bytes of one request. fichiers_max: workbooks of one
    request. copie_max: bytes of an annotated copy put inside the page (it can be asked for alone
    beyond that). hotes: other names the server answers to. journal: one line per request, without
    names nor contents. double_lecture: have each workbook read again by a second reader.
    control_page: file of the page that controls without a server, for who would send nothing.
    """

    adresse: str = ADRESSE
    port: int = PORT
    ouvriers: int | None = None
    attente: int | None = None
    delai: float = 30.0
    reception: float = 60.0
    debit: float = 16 * 1024
    taille_max: int = 25 * MIB
    fichiers_max: int = 20
    max_copy: int = 8 * MIB
    theme: Path | None = None
    hotes: tuple[str, ...] = ()
    journal: bool = False
    double_lecture: bool = False
    control_page: Path | None = None

    @property
    def worker_count(self) -> int:
        """Number of worker processes."""
        return max(1, cores() if self.ouvriers is None else self.ouvriers)

    @property
    def bytes_held(self) -> int:
        """Bytes of bodies that may be in the house at once, arriving or waiting."""
        return 8 * self.taille_max

    @property
    def places(self) -> int:
        """Workbooks in the house from which nobody else is let in: at work and waiting.

        Who is let in comes with all the workbooks announced (`fichiers_max`), whatever is left.
        """
        waiting = QUEUE_PER_WORKER * self.worker_count if self.attente is None else self.attente
        return self.worker_count + max(0, waiting)

    @property
    def boucle(self) -> bool:
        """Is the server bound to this machine only?"""
        return self.adresse in {"127.0.0.1", "::1", "localhost"}

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """Values of « Host » answered to, besides addresses in figures (see `answers_to`).

        A page of the web that makes its own name point here (DNS rebinding) comes with its name: it
        is refused. Other machines need a name of this one: those it knows, and those of --hote.
        """
        here = {"127.0.0.1", "localhost", "[::1]", *self.hotes}
        if not self.boucle:
            here |= {socket.gethostname().lower(), socket.getfqdn().lower(), self.adresse}
        return frozenset(here - {"", "0.0.0.0", "::"})  # noqa: S104 - those are no names

    def answers_to(self, host: str) -> bool:
        """Is this « Host » (without its port, in lower case) one of ours?

        Beyond this machine an address in figures is one: no site of the web can be named so.
        """
        return host in self.allowed_hosts or (not self.boucle and _in_figures(host))


def _in_figures(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
