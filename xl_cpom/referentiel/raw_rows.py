"""Typed reading of one row of the reference data.

The référentiel is edited by people who do not write Python: an ARS agent adds a module, a DSI
changes a threshold. Whatever is wrong in their file must be told in French, with the file and the
line or the key, before any workbook is judged with it. A `Ligne` hands out its fields one by one,
converted, and refuses what nobody asked for: a misspelt key is an error, not an ignored remark.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from xl_cpom.errors import XlCpomError

CERTITUDES = ("guide", "trouvé", "connu", "inféré")


class InvalidReferentielError(XlCpomError, ValueError):
    """The reference data cannot be used; the message (French) says where and why."""


class UnknownKeyError(XlCpomError, KeyError):
    """A name the référentiel does not know, asked for by the code or by a cell."""

    def __str__(self) -> str:
        return str(self.args[0])


class Ligne:
    """One row of a table: its place (`ou`, for messages) and its raw values.

    Raw values come from TOML (typed), from CSV (texts) or from frozen JSON (texts for dates):
    every accessor accepts the three forms. Empty texts count as absent.
    """

    def __init__(self, ou: str, valeurs: Mapping[str, Any]) -> None:
        self.ou = ou
        self._restant = {cle: valeur for cle, valeur in valeurs.items() if valeur != ""}

    def erreur(self, message: str) -> InvalidReferentielError:
        """The error to raise about this row."""
        return InvalidReferentielError(f"{self.ou}\u00a0: {message}")

    def a(self, cle: str) -> bool:
        """Is this key given (and not read yet)?"""
        return cle in self._restant

    def brut(self, cle: str) -> Any:
        """The value as it stands; refuses an absent key."""
        if cle not in self._restant:
            raise self.erreur(f"la clé «\u00a0{cle}\u00a0» manque ou est vide")
        return self._restant.pop(cle)

    def texte(self, cle: str, defaut: str | None = None) -> str:
        """A text; required unless a default is given."""
        if defaut is not None and not self.a(cle):
            return defaut
        valeur = self.brut(cle)
        if not isinstance(valeur, str):
            raise self.erreur(f"«\u00a0{cle}\u00a0» doit être un texte")
        return valeur

    def choix(self, cle: str, permis: Collection[str], defaut: str | None = None) -> str:
        """A text among `permis` (or the default)."""
        valeur = self.texte(cle, defaut)
        if valeur != defaut and valeur not in permis:
            raise self.erreur(
                f"«\u00a0{cle}\u00a0» vaut «\u00a0{valeur}\u00a0»\u202f; attendu\u00a0: "
                + ", ".join(p or "(vide)" for p in permis)
            )
        return valeur

    def textes(self, cle: str) -> tuple[str, ...]:
        """A list of texts: a TOML array, or a CSV cell « a|b »; absent = empty."""
        if not self.a(cle):
            return ()
        valeur = self.brut(cle)
        elements = valeur.split("|") if isinstance(valeur, str) else valeur
        if not isinstance(elements, list) or not all(isinstance(e, str) for e in elements):
            raise self.erreur(f"«\u00a0{cle}\u00a0» doit être une liste de textes")
        if len(set(elements)) != len(elements):
            raise self.erreur(f"«\u00a0{cle}\u00a0» contient deux fois la même valeur")
        return tuple(elements)

    def table(self, cle: str) -> dict[str, Any]:
        """A TOML table, empty when absent."""
        if not self.a(cle):
            return {}
        valeur = self.brut(cle)
        if not isinstance(valeur, dict):
            raise self.erreur(f"«\u00a0{cle}\u00a0» doit être une table")
        return valeur

    def parmi(self, cle: str, permis: Collection[str], quoi: str) -> frozenset[str]:
        """A set of texts, each of which must exist in another table (`quoi`: « les secteurs »)."""
        valeurs = self.textes(cle)
        for valeur in valeurs:
            if valeur not in permis:
                raise self.erreur(
                    f"«\u00a0{cle}\u00a0»\u00a0: «\u00a0{valeur}\u00a0» n'existe pas parmi {quoi}"
                )
        return frozenset(valeurs)

    def entier(self, cle: str) -> int | None:
        """An integer, or None when absent."""
        if not self.a(cle):
            return None
        valeur = self.brut(cle)
        if isinstance(valeur, str) and valeur.lstrip("-").isdigit():
            valeur = int(valeur)
        if isinstance(valeur, bool) or not isinstance(valeur, int):
            raise self.erreur(f"«\u00a0{cle}\u00a0» doit être un nombre entier")
        return valeur

    def entier_requis(self, cle: str) -> int:
        """An integer that must be there."""
        valeur = self.entier(cle)
        if valeur is None:
            raise self.erreur(f"la clé «\u00a0{cle}\u00a0» manque ou est vide")
        return valeur

    def nombre(self, cle: str) -> float | None:
        """A number, or None when absent."""
        if not self.a(cle):
            return None
        valeur = self.brut(cle)
        if isinstance(valeur, bool) or not isinstance(valeur, (int, float)):
            raise self.erreur(f"«\u00a0{cle}\u00a0» doit être un nombre")
        return float(valeur)

    def booleen(self, cle: str, defaut: bool) -> bool:
        """true or false."""
        if not self.a(cle):
            return defaut
        valeur = self.brut(cle)
        if not isinstance(valeur, bool):
            raise self.erreur(f"«\u00a0{cle}\u00a0» doit être true ou false")
        return valeur

    def date(self, cle: str) -> dt.date | None:
        """A date (TOML date or AAAA-MM-JJ), or None when absent."""
        if not self.a(cle):
            return None
        return self.en_date(cle, self.brut(cle))

    def date_requise(self, cle: str) -> dt.date:
        """A date that must be there."""
        return self.en_date(cle, self.brut(cle))

    def en_date(self, cle: str, valeur: object) -> dt.date:
        """Convert one raw value to a date."""
        if isinstance(valeur, dt.date):
            return valeur
        try:
            return dt.date.fromisoformat(str(valeur))
        except ValueError:
            raise self.erreur(f"«\u00a0{cle}\u00a0» doit être une date AAAA-MM-JJ") from None

    def fin(self) -> None:
        """Refuse what nobody read."""
        if self._restant:
            cles = ", ".join(f"«\u00a0{cle}\u00a0»" for cle in self._restant)
            raise self.erreur(f"clé inconnue {cles}")
