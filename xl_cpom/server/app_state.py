"""What the answers share: the settings, the workshop, the theme. One per application."""

from __future__ import annotations

from typing import cast

from starlette.requests import Request

from xl_cpom.light_dataclass import dataclass
from xl_cpom.server.settings import ServerSettings
from xl_cpom.server.theme import Theme
from xl_cpom.server.workshop import Workshop


@dataclass(frozen=True)
class AppState:
    """The house that serves."""

    settings: ServerSettings
    workshop: Workshop
    theme: Theme


def app_state(request: Request) -> AppState:
    """The house that received this request."""
    return cast(AppState, request.app.state.house)
