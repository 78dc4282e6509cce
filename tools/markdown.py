"""What every generated page shares: a text that can stand in a Markdown table."""

from __future__ import annotations


def cellule(text: str) -> str:
    """A text that can stand in a cell of a Markdown table."""
    return text.replace("|", "\\|").replace("\n", "<br>")
