"""Blank lists for the ARS to fill in Excel: what `valider` and `preparer` are given beside returns.

The first sheet holds the table and nothing else, with its drop-down lists; the second says what
each column is and shows a line filled in. What is written here is read back as it is.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any

from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import typeset

CREATION = dt.datetime(2026, 1, 1)
ROWS = 500
"""Rows that the formats and the drop-down lists reach."""


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list: header, width, what it is for, an example; values: drop-down list."""

    header: str
    width: float
    help: str
    example: str
    values: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ListTemplate:
    """A list: title of its sheet, what it is given to, its columns."""

    title: str
    used_by: str
    columns: Sequence[ListColumn]


_EJ = ListColumn(
    "FINESS EJ", 12, "Numéro de l'organisme gestionnaire, neuf caractères.", "210099008"
)
_NAME = ListColumn("Raison sociale", 36, "Nom de l'organisme.", "Association Les Tilleuls")
_DEPARTEMENT = ListColumn("Département", 12, "Code du département.", "21")
_CONTACT = (
    ListColumn("Contact", 24, "Qui appeler (facultatif).", "Mme Martin"),
    ListColumn("Courriel", 30, "Adresse des messages (facultatif).", "cpom@organisme.example.fr"),
    ListColumn("Téléphone", 16, "Facultatif.", "03 00 00 00 01"),
)


def list_templates(lists: Mapping[str, Sequence[str]]) -> dict[str, ListTemplate]:
    """Name of a list -> what it is. listes: the closed lists of the référentiel."""
    contract = ListColumn(
        "Type de contrat", 24, "Comme dans le classeur.", "renouvellement", lists["type_contrat"]
    )
    return {
        "derogations": ListTemplate(
            "Dérogations",
            "xl-cpom valider RETOURS --derogations F.xlsx",
            (
                ListColumn("Code", 10, "Code de la règle levée.", "INS-002"),
                ListColumn("FINESS", 12, "Organisme ou établissement concerné (ou bien une "
                           "cellule, ou un enregistrement).", "210099008"),
                ListColumn("Cellule", 24, "Feuille!cellule, si une seule est admise.",
                           "Plan d'actions!K7"),
                ListColumn("Enregistrement", 24, "Ligne concernée, en clair.", "l'action A3"),
                ListColumn("Motif", 44, "Pourquoi : dit dans le rapport et la lettre.",
                           "Courrier de levée en cours de signature"),
                ListColumn("Accordée par", 28, "Qui l'a décidé.", "Direction de l'autonomie"),
                ListColumn("Jusqu'au", 12, "Dernier jour d'effet (JJ/MM/AAAA).", "31/12/2028"),
            ),
        ),
        "profil": ListTemplate(
            "Profil",
            "xl-cpom valider RETOURS --profil F.xlsx",
            (
                ListColumn("Code", 10, "Code d'une règle (SUI-003) ou d'une famille (VRA).",
                           "SUI-003"),
                ListColumn("Gravité", 16, "Ce que la règle devient pour cette campagne.",
                           "information",
                           ("bloquant", "avertissement", "information", "désactivée")),
                ListColumn("Motif", 60, "Pourquoi : dit dans chaque rapport.",
                           "Échéances du plan renégociées en 2027"),
            ),
        ),
        "programmation": ListTemplate(
            "Programmation",
            "xl-cpom preparer --programmation F.xlsx",
            (
                _EJ, _NAME, _DEPARTEMENT, contract,
                ListColumn("Date d'entrée en CPOM", 14, "JJ/MM/AAAA.", "01/01/2026"),
                ListColumn("Compétence", 18, "Autorités signataires.", "conjointe",
                           ("propre ARS", "conjointe")),
                *_CONTACT,
            ),
        ),
        "attendus": ListTemplate(
            "Attendus",
            "xl-cpom valider RETOURS --attendus F.xlsx",
            (
                _EJ, _NAME, _DEPARTEMENT, contract,
                ListColumn("Secteurs", 12, "PA, PH, ou PA et PH.", "PA et PH",
                           lists["secteurs_og"]),
                *_CONTACT,
                ListColumn("Année", 8, "Année suivie attendue.", "2027"),
                ListColumn("FINESS ET", 12, "Établissement attendu : une ligne pour chacun "
                           "(facultatif).", "210781456"),
                ListColumn("Établissement", 36, "Nom de l'établissement.", "EHPAD Les Tilleuls"),
                ListColumn("Catégorie", 10, "Code de catégorie FINESS.", "500"),
                ListColumn("Secteur", 9, "PA ou PH.", "PA", ("PA", "PH")),
                ListColumn("Principal ou secondaire", 14, "Dans FINESS.", "Principal",
                           ("Principal", "Secondaire")),
                ListColumn("Département ET", 12, "Code du département.", "21"),
                ListColumn("Capacité", 10, "Places autorisées.", "80"),
            ),
        ),
    }  # fmt: skip


def list_workbook(template: ListTemplate) -> bytes:
    """The bytes of the workbook. The same list gives the same bytes."""
    import xlsxwriter

    out = io.BytesIO()
    book: Any = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": template.title, "created": CREATION})
    head = book.add_format(
        {"bold": True, "bg_color": "#E6EFF5", "bottom": 1, "text_wrap": True, "valign": "top"}
    )
    as_text = book.add_format({"num_format": "@"})
    sheet = book.add_worksheet(template.title)
    sheet.freeze_panes(1, 0)
    for rank, column in enumerate(template.columns):
        sheet.set_column(rank, rank, column.width, as_text)  # a number keeps its zeros
        sheet.write_string(0, rank, column.header, head)
        if column.values:
            sheet.data_validation(1, rank, ROWS, rank, {
                "validate": "list", "source": list(column.values), "error_type": "warning",
                "error_title": typeset(column.header),
                "error_message": typeset("Choisissez une valeur de la liste."),
            })  # fmt: skip
    notice = book.add_worksheet("Notice")
    notice.set_column(0, 0, 24)
    notice.set_column(1, 1, 60)
    notice.set_column(2, 2, 40)
    notice.write_string(0, 0, typeset(f"Cette liste se donne à : {template.used_by}"))
    for rank, text in enumerate(("Colonne", "Ce qu'on y met", "Exemple")):
        notice.write_string(2, rank, text, head)
    for row, column in enumerate(template.columns, 3):
        notice.write_string(row, 0, column.header)
        notice.write_string(row, 1, typeset(column.help))
        notice.write_string(row, 2, column.example)
    sheet.activate()
    book.close()
    return out.getvalue()
