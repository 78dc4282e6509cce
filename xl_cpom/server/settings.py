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
    """How the server runs."""

    address: str = ADRESSE
    """Address that it listens at."""
    port: int = PORT
    """Port that it listens at; 0: any that is free."""
    workers: int | None = None
    """Worker processes; None: as many as cores."""
    queue: int | None = None
    """Workbooks that may wait beyond those at work; None: so many per worker."""
    time_limit: float = 30.0
    """Seconds for one workbook."""
    reception: float = 60.0
    """Seconds for the whole body of a request to arrive."""
    byte_rate: float = 16 * 1024
    """Bytes a second below which a body is given up, after the first seconds."""
    max_bytes: int = 25 * MIB
    """Bytes of one request."""
    max_files: int = 20
    """Workbooks of one request."""
    max_copy: int = 8 * MIB
    """Bytes of an annotated copy put inside the page; it can be asked for alone beyond that."""
    theme: Path | None = None
    """Folder of the looks of an ARS: see `theme`."""
    hosts: tuple[str, ...] = ()
    """Other names that the server answers to."""
    journal: bool = False
    """One line per request, without names nor contents."""
    second_reading: bool = False
    """Have each workbook read again by a second reader."""
    control_page: Path | None = None
    """The page that controls without a server, for who would send nothing."""

    @property
    def worker_count(self) -> int:
        """Number of worker processes."""
        return max(1, cores() if self.workers is None else self.workers)

    @property
    def bytes_held(self) -> int:
        """Bytes of bodies that may be in the house at once, arriving or waiting."""
        return 8 * self.max_bytes

    @property
    def places(self) -> int:
        """Workbooks in the house from which nobody else is let in: at work and waiting.

        Who is let in comes with all the workbooks announced (`fichiers_max`), whatever is left.
        """
        waiting = QUEUE_PER_WORKER * self.worker_count if self.queue is None else self.queue
        return self.worker_count + max(0, waiting)

    @property
    def is_loopback(self) -> bool:
        """Is the server bound to this machine only?"""
        return self.address in {"127.0.0.1", "::1", "localhost"}

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """Values of « Host » answered to, besides addresses in figures (see `answers_to`).

        A page of the web that makes its own name point here (DNS rebinding) comes with its name: it
        is refused. Other machines need a name of this one: those it knows, and those of --hote.
        """
        here = {"127.0.0.1", "localhost", "[::1]", *self.hosts}
        if not self.is_loopback:
            here |= {socket.gethostname().lower(), socket.getfqdn().lower(), self.address}
        return frozenset(here - {"", "0.0.0.0", "::"})  # noqa: S104 - those are no names

    def answers_to(self, host: str) -> bool:
        """Is this « Host » (without its port, in lower case) one of ours?

        Beyond this machine an address in figures is one: no site of the web can be named so.
        """
        return host in self.allowed_hosts or (not self.is_loopback and _in_figures(host))


def _in_figures(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
