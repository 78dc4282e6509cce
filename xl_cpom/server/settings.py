"""What the server is asked to be, and every limit it holds, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

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
    the whole body to arrive. taille_max: bytes of one request. fichiers_max: workbooks of one
    request. copie_max: bytes of an annotated copy put inside the page (it can be asked for alone
    beyond that). hotes: other names the server answers to. journal: one line per request, without
    names nor contents.
    """

    adresse: str = ADRESSE
    port: int = PORT
    ouvriers: int | None = None
    attente: int | None = None
    delai: float = 30.0
    reception: float = 60.0
    taille_max: int = 25 * MIB
    fichiers_max: int = 20
    copie_max: int = 8 * MIB
    theme: Path | None = None
    hotes: tuple[str, ...] = ()
    journal: bool = False

    @property
    def worker_count(self) -> int:
        """Number of worker processes."""
        return max(1, cores() if self.ouvriers is None else self.ouvriers)

    @property
    def places(self) -> int:
        """Workbooks that may be in the house at once: at work and waiting."""
        waiting = QUEUE_PER_WORKER * self.worker_count if self.attente is None else self.attente
        return self.worker_count + max(0, waiting)

    @property
    def boucle(self) -> bool:
        """Is the server bound to this machine only?"""
        return self.adresse in {"127.0.0.1", "::1", "localhost"}

    @property
    def allowed_hosts(self) -> frozenset[str] | None:
        """Values of « Host » answered to (None: all of them).

        A server of this machine answers to the names of this machine only: a page of the web that
        makes its own name point here (DNS rebinding) is refused.
        """
        if self.boucle or self.hotes:
            return frozenset({"127.0.0.1", "localhost", "[::1]", *self.hotes})
        return None
