"""The few questions asked to the Windows registry; elsewhere they have no answer."""

from __future__ import annotations

import importlib
from typing import Any


def _winreg() -> Any:
    """The module of the registry, None when this is not Windows."""
    try:
        return importlib.import_module("winreg")
    except ModuleNotFoundError:
        return None


def register(cle: str, valeur: str) -> object | None:
    """A value of the current user's registry, None when absent or not under Windows."""
    winreg = _winreg()
    if winreg is None:
        return None
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, cle) as key:
            found: object = winreg.QueryValueEx(key, valeur)[0]
            return found
    except OSError:
        return None


def disabled_items(cle: str) -> tuple[str, ...]:
    """Texts of the items Excel has disabled (names and paths are inside binary values)."""
    winreg = _winreg()
    if winreg is None:
        return ()
    found = []
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, rf"{cle}\DisabledItems") as key:
            for rank in range(winreg.QueryInfoKey(key)[1]):
                value = winreg.EnumValue(key, rank)[1]
                if isinstance(value, bytes):
                    found.append(value.decode("utf-16-le", "replace"))
    except OSError:
        return ()
    return tuple(found)
