"""The bilan as a workbook: the figures, and the list where each line is given what it becomes."""

from __future__ import annotations

from xl_cpom.reports.bilan.bilan_page import REACHED
from xl_cpom.reports.bilan.contract_outcome import BECOMINGS, ContractOutcome
from xl_cpom.reports.xlsx_tables import Cellule, XlsxBook, XlsxColumn
from xl_cpom.typography import date_text, typeset

RATE = "0.0 %"
CONTRACT_TAB, MODULES_TAB, LEFTOVERS_TAB = "Contrat", "Modules", "Suites"
NUMBER_LABEL = "FINESS EJ"
SHEET_HEADER, IDENTITY_HEADER, BECOMING_HEADER = "Feuille", "N°", "Devenir"


def build(outcome: ContractOutcome) -> bytes:
    """The bytes of the workbook. The same figures give the same bytes."""
    book = XlsxBook(typeset(f"Bilan du CPOM – {outcome.organisme}"))
    _contract(book, outcome)
    _modules(book, outcome)
    _leftovers(book, outcome)
    return book.content()


def _contract(book: XlsxBook, outcome: ContractOutcome) -> None:
    lines: list[list[Cellule]] = [
        ["Organisme gestionnaire", outcome.organisme],
        [NUMBER_LABEL, outcome.finess_ej],
        ["N° du CPOM", outcome.contrat],
        ["Date d'effet", date_text(outcome.start) if outcome.start else ""],
        ["Date d'échéance", date_text(outcome.end) if outcome.end else ""],
        ["Année du bilan", outcome.year],
        ["Retours lus", " ; ".join(outcome.returns)],
    ]
    for sheet, status, count in outcome.closed:
        lines.append([f"{sheet} : « {status} »", count])
    book.table(
        CONTRACT_TAB,
        "tContrat",
        [XlsxColumn("Rubrique", 40), XlsxColumn("Valeur", 44)],
        [[typeset(cell) if isinstance(cell, str) else cell for cell in line] for line in lines],
    )


def _modules(book: XlsxBook, outcome: ContractOutcome) -> None:
    labels = max((one.years for one in outcome.modules), key=len, default=())
    columns = [
        XlsxColumn("Module", 16), XlsxColumn("Secteur", 9), XlsxColumn("Indicateur", 40),
        XlsxColumn("Indicateur d'impact", 34), XlsxColumn("Numérateur", 12, "0"),
        XlsxColumn("Dénominateur", 13, "0"), XlsxColumn("Résultat final", 13, RATE),
        XlsxColumn("Attendu", 11, RATE), XlsxColumn("Atteint", 14),
    ]  # fmt: skip
    for year in labels:
        columns += [
            XlsxColumn(f"Cible {year.label}", 11, RATE),
            XlsxColumn(f"Rendu {year.label}", 11, RATE),
            XlsxColumn(f"Recalculé {year.label}", 13, RATE),
        ]
    lines: list[list[Cellule]] = []
    for one in outcome.modules:
        line: list[Cellule] = [
            one.module, one.secteur, one.indicateur, one.impact, one.done, one.due, one.last,
            one.expected, REACHED[one.reached][1],
        ]  # fmt: skip
        for year in one.years:
            line += [year.target, year.told, year.recomputed]
        line += [None] * (len(columns) - len(line))
        lines.append(line)
    book.table(MODULES_TAB, "tModules", columns, lines)


def _leftovers(book: XlsxBook, outcome: ContractOutcome) -> None:
    columns = [
        XlsxColumn(SHEET_HEADER, 22), XlsxColumn(IDENTITY_HEADER, 28), XlsxColumn("Module", 14),
        XlsxColumn("FINESS ET", 22), XlsxColumn("Intitulé", 50), XlsxColumn("Statut", 20),
        XlsxColumn("Échéance", 12), XlsxColumn("Explication", 36), XlsxColumn(BECOMING_HEADER, 14),
        XlsxColumn("Motif de la proposition", 36), XlsxColumn("Décision et date", 30),
    ]  # fmt: skip
    lines: list[list[Cellule]] = [
        [left.sheet, left.identity, left.module, left.where, left.text, left.status, left.due,
         left.explanation, left.becoming, left.why, ""]
        for left in outcome.leftovers
    ]  # fmt: skip
    book.table(LEFTOVERS_TAB, "tSuites", columns, lines, choix={8: BECOMINGS})
