"""What the answers share: the settings, the workshop, the theme. One per application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from starlette.requests import Request

from xl_cpom.serveur.atelier import Atelier
from xl_cpom.serveur.reglages import Reglages
from xl_cpom.serveur.theme import Theme


@dataclass(frozen=True)
class Maison:
    """The house that serves."""

    reglages: Reglages
    atelier: Atelier
    theme: Theme


def maison(request: Request) -> Maison:
    """The house that received this request."""
    return cast(Maison, request.app.state.maison)
