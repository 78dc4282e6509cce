"""How an optional part is installed: by the wheel one received, for no public index has it."""

from __future__ import annotations

from xl_cpom.version import __version__

WHEEL = f"./xl_cpom-{__version__}-py3-none-any.whl"
"""The wheel, in the folder where the command is typed."""


def to_install(extra: str) -> str:
    """« installez l'option X (ce qu'il faut taper) », inside a sentence to typeset."""
    return f"installez l'option « {extra} » ({install_command(extra)})"


def install_command(extra: str = "") -> str:
    """What to type to add an optional part (« serveur »…), or, without one, to install again."""
    if extra:
        return f'pip install "{WHEEL}[{extra}]"'
    return f'pip install --force-reinstall "{WHEEL}"'
