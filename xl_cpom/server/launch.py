"""Running the application with uvicorn: the socket first, so that a port taken is said plainly."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

import uvicorn

from xl_cpom.errors import XlCpomError
from xl_cpom.server.application import make_application
from xl_cpom.server.protocol import GuardedProtocol
from xl_cpom.server.settings import ServerSettings
from xl_cpom.typography import listing, typeset

SHUTDOWN_WAIT = 3
"""Seconds left to the answers being sent when the server is stopped."""


class PortInUseError(XlCpomError, OSError):
    """The address cannot be listened to; French message."""


def launch(settings: ServerSettings, dire: Callable[[str], None]) -> None:
    """Serve until interrupted. Raises UnreadableThemeError, PortInUseError."""
    app = make_application(settings)
    with _listen(settings) as listener:
        host = f"[{settings.address}]" if ":" in settings.address else settings.address
        dire(f"Page ouverte : http://{host}:{listener.getsockname()[1]}/ (Ctrl+C pour arrêter).")
        if not settings.is_loopback:
            dire(
                "Attention : les autres ordinateurs du réseau y accèdent, sans mot de passe ni "
                "chiffrement. Placez-la derrière le serveur mandataire de votre DSI."
            )
            dire(
                f"Elle répond sous {listing(sorted(settings.allowed_hosts))}, et sous aucun "
                "autre nom : ajoutez celui que les postes emploient avec --hote NOM."
            )
        config = uvicorn.Config(
            app,
            log_level="error",
            access_log=False,
            server_header=False,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=SHUTDOWN_WAIT,
            ws="none",
            http=GuardedProtocol,
        )
        signal.signal(signal.SIGTERM, _finish)
        uvicorn.Server(config).run(sockets=[listener])


def _finish(*_: object) -> None:
    """End as at the end of a program: killed by the signal, temporary files would stay behind."""
    raise SystemExit


def _listen(settings: ServerSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.address, settings.port))
    except OSError as failure:
        listener.close()
        raise PortInUseError(
            typeset(
                f"L'adresse {settings.address}:{settings.port} n'est pas disponible "
                f"({failure.strerror}). Choisissez un autre port avec --port."
            )
        ) from failure
    return listener
