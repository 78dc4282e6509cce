"""The hidden sheet « Listes »: what the drop-downs, the lookups and the chart read.

Each list is one column with a defined name. The types of action have one name per module and one
per module and secteur, so that the drop-down of a row follows its own module.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from xl_cpom.workbook.lists import YEARS, choices
from xl_cpom.workbook.model import Column, Kind, Sheet
from xl_cpom.workbook.reader.refs import col_letters
from xl_cpom.workbook.tabs import LISTS
from xl_cpom.workbook.template.looks import HEADER_OPTIONAL, TEXT, TemplateStyles

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

DEPENDENT = {"types_action": "types_action"}
"""list_name of a column whose choices depend on another -> prefix of their defined names."""


def list_range(name: str) -> str:
    """Defined name of a list: `liste_statut_action`."""
    return f"liste_{name}"


def types_range(module: str, secteur: str = "") -> str:
    """Defined name of the types of action of a module (and secteur): `types_action_TRANSFO_PA`."""
    return "_".join(part for part in ("types_action", module, secteur) if part)


class ListFormula(NamedTuple):
    """A value of a list that the workbook computes."""

    text: str
    shown: str


class ListsSheet:
    """Writer of the hidden sheet: one block of columns after the other."""

    def __init__(self, workbook: Any, styles: TemplateStyles) -> None:
        self._workbook = workbook
        self._sheet = workbook.add_worksheet(LISTS)
        self._styles = styles
        self._column = 0
        self._sheet.hide()

    def add(
        self, name: str, headers: Sequence[str], rows: Sequence[Sequence[Any]]
    ) -> tuple[int, int]:
        """Write a block, give its rows a defined name; 0-based (row, column) of its first cell."""
        head = self._styles(bold=True, bg_color=HEADER_OPTIONAL)
        body = self._styles(num_format=TEXT)
        first = self._column
        for offset, header in enumerate(headers):
            self._sheet.write_string(0, first + offset, header, head)
        for index, row in enumerate(rows, start=1):
            for offset, value in enumerate(row):
                if isinstance(value, ListFormula):
                    self._sheet.write_formula(
                        index, first + offset, f"={value.text}", None, value.shown
                    )
                elif isinstance(value, int | float):
                    self._sheet.write_number(index, first + offset, value)
                elif value:
                    self._sheet.write_string(index, first + offset, str(value), body)
        left, right = col_letters(first + 1), col_letters(first + len(headers))
        bottom = max(len(rows), 1) + 1
        self._workbook.define_name(name, f"={LISTS}!${left}$2:${right}${bottom}")
        self._sheet.set_column(first, first + len(headers) - 1, 24)
        self._column = first + len(headers) + 1
        return 1, first

    def formulas(
        self, header: str, columns: Sequence[Sequence[tuple[str, Any]]]
    ) -> tuple[int, int]:
        """Write columns of (formula, value); 0-based (row, column) of the first cell."""
        first = self._column
        self._sheet.write_string(0, first, header, self._styles(bold=True))
        for offset, cells in enumerate(columns):
            for index, (formula, value) in enumerate(cells, start=1):
                self._sheet.write_formula(index, first + offset, f"={formula}", None, value)
        self._column = first + len(columns) + 1
        return 1, first


def write_lists(lists: ListsSheet, sheets: Mapping[str, Sheet], referentiel: Referentiel) -> None:
    """Write every list the columns name, the types of action, the SI, the nomenclatures."""
    columns: dict[str, Column] = {}
    for sheet in sheets.values():
        for column in sheet.columns:
            if column.list_name and column.list_name not in DEPENDENT:
                columns.setdefault(column.list_name, column)
    for name, column in columns.items():
        lists.add(list_range(name), [name], _rows(column, referentiel))
    if any(c.kind is Kind.COTATION for s in sheets.values() for c in s.columns):
        specials = referentiel.listes["cotation_speciale"]
        lists.add(list_range("cotation_speciale"), ["cotation_speciale"], [[v] for v in specials])
    _write_types(lists, referentiel)
    _write_si(lists, referentiel)
    for name in referentiel.nomenclatures:
        labels = list(referentiel.labels(name).items())
        lists.add(f"nomenclature_{name}", [name, "libellé"], labels)


def _rows(column: Column, referentiel: Referentiel) -> list[list[Any]]:
    """The rows of a list; those of the years of the contract are told with their civil year."""
    values = choices(column, referentiel)
    if column.list_name != YEARS:
        return [[value] for value in values]
    ranks = [value for value in values if value[1:]]
    told = [ListFormula(*year_told(value, referentiel.annee_n1)) for value in ranks]
    return [["N"], *([one] for one in told), *([value] for value in ranks)]


def year_told(value: str, annee_n1: int) -> tuple[str, str]:
    """Formula of « N2 (2027) », from the first year of the fiche, and what it shows."""
    later = int(value[1:]) - 1
    formula = f'"{value}"&IF(N(id_annee_n1)=0,""," ("&id_annee_n1+{later}&")")'
    return formula, f"{value} ({annee_n1 + later})"


def _write_types(lists: ListsSheet, referentiel: Referentiel) -> None:
    modules = dict.fromkeys(kind.module for kind in referentiel.types_action)
    for module in modules:
        for secteur in ("", *referentiel.listes["secteur"]):
            labels = [[kind.libelle] for kind in referentiel.types_de(module, secteur)]
            name = types_range(module, secteur)
            lists.add(name, [name], labels)


def _write_si(lists: ListsSheet, referentiel: Referentiel) -> None:
    rows: list[list[Any]] = []
    for code, system in referentiel.si_proposes.items():
        deadline = referentiel.echeance(code)
        known = deadline.jour is not None and deadline.mois is not None
        rows.append(
            [
                system.libelle,
                system.niveau,
                deadline.jour if known else "",
                deadline.mois if known else "",
                deadline.decalage_annee if known else "",
                "Oui" if system.liste_de_controle else "",
            ]
        )
    lists.add(
        "listes_si", ["si", "niveau", "jour", "mois", "décalage d'année", "liste de contrôle"], rows
    )
    _write_deadlines(lists, referentiel)
    _write_accounts(lists, referentiel)
    manual = [[code, found.type] for code, found in referentiel.manuel_has.items()]
    lists.add("listes_manuel_has", ["critère", "type"], manual)
    shared = "secteur_si_partage"
    lists.add(f"listes_{shared}", [shared], [[referentiel.valeur(shared)]])


def _write_deadlines(lists: ListsSheet, referentiel: Referentiel) -> None:
    """What each entity deposits: by system, system and category, system and statut juridique."""
    keys: dict[str, str] = {}
    dates: dict[str, list[Any]] = {}
    for system in referentiel.si.values():
        for deadline in system.echeances:
            if deadline.objet:
                continue  # a deposit of some, without a line of its own
            particular = [
                f"|{mark}{written}"
                for mark, nomenclature, codes in (
                    ("c", "categories", deadline.categories),
                    ("s", "statuts_juridiques", deadline.statuts_juridiques),
                )
                for code in sorted(codes)
                for written in _spellings(nomenclature, code, referentiel)
            ]
            for suffix in particular or [""]:
                keys.setdefault(system.libelle + suffix, deadline.libelle)
            known = deadline.jour is not None
            dates[deadline.libelle] = [
                deadline.libelle,
                deadline.jour if known else "",
                deadline.mois if known else "",
                deadline.decalage_annee if known else "",
            ]
    lists.add(
        "listes_depots", ["système et entité", "dépôt attendu"], [list(k) for k in keys.items()]
    )
    lists.add(
        "listes_echeances", ["dépôt", "jour", "mois", "décalage d'année"], list(dates.values())
    )


def _write_accounts(lists: ListsSheet, referentiel: Referentiel) -> None:
    """Day and month by which the accounts of the year before are deposited, by statut juridique."""
    year = referentiel.annee_n1
    usual = referentiel.comptes_deposit(year)
    rows: list[list[Any]] = [["autre", usual.day, usual.month]]
    for code in referentiel.statuts_juridiques:
        day = referentiel.comptes_deposit(year, code)
        if day != usual:
            for written in _spellings("statuts_juridiques", code, referentiel):
                rows.append([written, day.day, day.month])
    lists.add("listes_comptes", ["statut juridique", "jour", "mois"], rows)


def _spellings(nomenclature: str, code: str, referentiel: Referentiel) -> tuple[str, str]:
    """A code alone, and as the drop-down says it: lookups find both."""
    return code, referentiel.spoken[nomenclature][code]
