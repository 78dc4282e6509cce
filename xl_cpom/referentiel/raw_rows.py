"""Typed reading of one row of the reference data.

The référentiel is edited by people who do not write Python: an ARS agent adds a module, a DSI
changes a threshold. Whatever is wrong in their file must be told in French, with the file and the
line or the key, before any workbook is judged with it. A `CheckedRow` hands out its fields one by one,
converted, and refuses what nobody asked for: a misspelt key is an error, not an ignored remark.
"""  # noqa: E501

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from xl_cpom.errors import XlCpomError

CERTAINTIES = ("guide", "trouvé", "connu", "inféré")


class InvalidReferentielError(XlCpomError, ValueError):
    """The reference data cannot be used; the message (French) says where and why."""


class UnknownKeyError(XlCpomError, KeyError):
    """A name the référentiel does not know, asked for by the code or by a cell."""

    def __str__(self) -> str:
        return str(self.args[0])


class CheckedRow:
    """One row of a table: its place (`ou`, for messages) and its raw values.

    Raw values come from TOML (typed), from CSV (texts) or from frozen JSON (texts for dates):
    every accessor accepts the three forms. Empty texts count as absent.
    """

    def __init__(self, ou: str, valeurs: Mapping[str, Any]) -> None:
        self.ou = ou
        self._restant = {key: value for key, value in valeurs.items() if value != ""}

    def error(self, message: str) -> InvalidReferentielError:
        """The error to raise about this row."""
        return InvalidReferentielError(f"{self.ou}\u00a0: {message}")

    def a(self, cle: str) -> bool:
        """Is this key given (and not read yet)?"""
        return cle in self._restant

    def raw(self, cle: str) -> Any:
        """The value as it stands; refuses an absent key."""
        if cle not in self._restant:
            raise self.error(f"la clé «\u00a0{cle}\u00a0» manque ou est vide")
        return self._restant.pop(cle)

    def text(self, cle: str, default: str | None = None) -> str:
        """A text; required unless a default is given."""
        if default is not None and not self.a(cle):
            return default
        value = self.raw(cle)
        if not isinstance(value, str):
            raise self.error(f"«\u00a0{cle}\u00a0» doit être un texte")
        return value

    def choice(self, cle: str, permis: Collection[str], default: str | None = None) -> str:
        """A text among `permis` (or the default)."""
        value = self.text(cle, default)
        if value != default and value not in permis:
            raise self.error(
                f"«\u00a0{cle}\u00a0» vaut «\u00a0{value}\u00a0»\u202f; attendu\u00a0: "
                + ", ".join(p or "(vide)" for p in permis)
            )
        return value

    def texts(self, cle: str) -> tuple[str, ...]:
        """A list of texts: a TOML array, or a CSV cell « a|b »; absent = empty."""
        if not self.a(cle):
            return ()
        value = self.raw(cle)
        elements = value.split("|") if isinstance(value, str) else value
        if not isinstance(elements, list) or not all(isinstance(e, str) for e in elements):
            raise self.error(f"«\u00a0{cle}\u00a0» doit être une liste de textes")
        if len(set(elements)) != len(elements):
            raise self.error(f"«\u00a0{cle}\u00a0» contient deux fois la même valeur")
        return tuple(elements)

    def table(self, cle: str) -> dict[str, Any]:
        """A TOML table, empty when absent."""
        if not self.a(cle):
            return {}
        value = self.raw(cle)
        if not isinstance(value, dict):
            raise self.error(f"«\u00a0{cle}\u00a0» doit être une table")
        return value

    def parmi(self, cle: str, permis: Collection[str], quoi: str) -> frozenset[str]:
        """A set of texts, each of which must exist in another table (`quoi`: « les secteurs »)."""
        values = self.texts(cle)
        for value in values:
            if value not in permis:
                raise self.error(
                    f"«\u00a0{cle}\u00a0»\u00a0: «\u00a0{value}\u00a0» n'existe pas parmi {quoi}"
                )
        return frozenset(values)

    def integer(self, cle: str) -> int | None:
        """An integer, or None when absent."""
        if not self.a(cle):
            return None
        value = self.raw(cle)
        if isinstance(value, str) and value.lstrip("-").isdigit():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.error(f"«\u00a0{cle}\u00a0» doit être un nombre entier")
        return value

    def required_integer(self, cle: str) -> int:
        """An integer that must be there."""
        value = self.integer(cle)
        if value is None:
            raise self.error(f"la clé «\u00a0{cle}\u00a0» manque ou est vide")
        return value

    def number(self, cle: str) -> float | None:
        """A number, or None when absent."""
        if not self.a(cle):
            return None
        value = self.raw(cle)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.error(f"«\u00a0{cle}\u00a0» doit être un nombre")
        return float(value)

    def boolean(self, cle: str, default: bool) -> bool:
        """true or false."""
        if not self.a(cle):
            return default
        value = self.raw(cle)
        if not isinstance(value, bool):
            raise self.error(f"«\u00a0{cle}\u00a0» doit être true ou false")
        return value

    def date(self, cle: str) -> dt.date | None:
        """A date (TOML date or AAAA-MM-JJ), or None when absent."""
        if not self.a(cle):
            return None
        return self.en_date(cle, self.raw(cle))

    def date_requise(self, cle: str) -> dt.date:
        """A date that must be there."""
        return self.en_date(cle, self.raw(cle))

    def en_date(self, cle: str, valeur: object) -> dt.date:
        """Convert one raw value to a date."""
        if isinstance(valeur, dt.date):
            return valeur
        try:
            return dt.date.fromisoformat(str(valeur))
        except ValueError:
            raise self.error(f"«\u00a0{cle}\u00a0» doit être une date AAAA-MM-JJ") from None

    def end(self) -> None:
        """Refuse what nobody read."""
        if self._restant:
            keys = ", ".join(f"«\u00a0{key}\u00a0»" for key in self._restant)
            raise self.error(f"clé inconnue {keys}")
