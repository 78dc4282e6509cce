"""Hostile workbooks, made by script: each one a trap with a name, a reason and a known outcome.

The outcomes are kept in `tests/data/issues_hostiles.csv`; `python -m tools.hostiles --table`
prints the table anew, `python -m tools.hostiles DOSSIER` writes the files.
"""

from __future__ import annotations

from importlib import import_module

from tools.hostiles.modele import CAS, Cas

for _family in ("conteneur", "xml", "feuilles", "formules", "valeurs", "formats", "noms"):
    import_module(f"tools.hostiles.{_family}")

__all__ = ["CAS", "Cas"]
