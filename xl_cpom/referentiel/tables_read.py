"""What the readers of rows know of the tables already read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, TypeVar

from .information_systems import SystemeInformation
from .nomenclatures import Categorie, Departement, ListedValues, Module, Nomenclature, Source
from .raw_files import Tables
from .raw_rows import CERTAINTIES, CheckedRow, InvalidReferentielError

T = TypeVar("T")
_RIEN: Mapping[str, Any] = MappingProxyType({})


class LoadingContext:
    """The tables understood so far; filled by `construire` in the order of dependencies."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.sources: Mapping[str, Source] = _RIEN
        self.departements: Mapping[str, Departement] = _RIEN
        self.departements_region: Mapping[str, Departement] = _RIEN
        self.statuts_juridiques: Mapping[str, Nomenclature] = _RIEN
        self.chapitres_has: Mapping[str, Nomenclature] = _RIEN
        self.codes_categories: frozenset[str] = frozenset()
        self.categories: Mapping[str, Categorie] = _RIEN
        self.modules: Mapping[str, Module] = _RIEN
        self.si: Mapping[str, SystemeInformation] = _RIEN
        self.listes: Mapping[str, ListedValues] = _RIEN
        self.depuis = date.min

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The raw rows of a table."""
        if table not in self.tables:
            raise InvalidReferentielError(f"la table «\u00a0{table}\u00a0» manque")
        return self.tables[table]

    def by_code(
        self, table: str, read: Callable[[LoadingContext, str, CheckedRow], T]
    ) -> Mapping[str, T]:
        """Read a table of unique codes, refusing in each row what nobody read."""
        result: dict[str, T] = {}
        for raw in self.rows(table):
            row, code = CheckedRow(raw["ou"], raw["valeurs"]), raw["code"]
            if not code:
                raise row.error("le code manque")
            if code in result:
                raise row.error(f"le code «\u00a0{code}\u00a0» existe déjà")
            result[code] = read(self, code, row)
            row.end()
        return MappingProxyType(result)

    def provenance(
        self, row: CheckedRow, source: str = "source", certitude: str = "certitude"
    ) -> tuple[str, str]:
        """(text of the source, certitude). « CODE : précision » adds where in the source."""
        code, _, precision = row.text(source).partition(":")
        code, precision = code.strip(), precision.strip()
        if code not in self.sources:
            raise row.error(f"la source «\u00a0{code}\u00a0» n'existe pas dans sources.toml")
        text = self.sources[code].texte
        text = f"{text} – {precision}" if precision else text
        return text, row.choice(certitude, CERTAINTIES)
