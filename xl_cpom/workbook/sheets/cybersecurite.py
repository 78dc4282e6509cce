"""Sheet « Cybersécurité »: the checklist that says how complete the cybersecurity line is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from xl_cpom.workbook.lifetime import Lifetime
from xl_cpom.workbook.model import Column, Kind, Layout, Sheet
from xl_cpom.workbook.records import NON_LU
from xl_cpom.workbook.sheets.common import COMMENT

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel
    from xl_cpom.workbook.records import Classeur


def _rows(referentiel: Referentiel) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {"code": point.code, "libelle": point.libelle, "preuve": point.preuve}
        for point in referentiel.controles_cyber.values()
    )


def points_en_place(classeur: Classeur) -> float | None:
    """Share of the points that are in place; None while nothing is answered, or one is unread."""
    answers = [row.en_place for row in classeur["cybersecurite"].rows]
    if NON_LU in answers or not any(answers):
        return None
    return answers.count("Oui") / len(answers)


CYBERSECURITE = Sheet(
    key="cybersecurite",
    name="Cybersécurité",
    table="tCybersecurite",
    layout=Layout.FIXED,
    record="le point de contrôle",
    identity=("code",),
    capacity=5,
    fixed_rows=_rows,
    purpose="Ce que l'organisme a mis en place : la complétude de sa ligne « Cybersécurité ».",
    guide="{guide}, module Tableaux de bord et systèmes d'information ; programme CaRE",
    since="2026.2",
    columns=(
        Column("code", "Code", Kind.TEXT, "Code du point de contrôle.", locked=True, width=15),
        Column("libelle", "Point de contrôle", Kind.TEXT, "Ce qui doit être en place.",
               locked=True, width=60),
        Column("preuve", "Preuve attendue", Kind.TEXT, "Ce qui le montre.", locked=True, width=34),
        Column("en_place", "En place", Kind.LISTING, "Le point est-il en place à la date d'arrêté ?",  # noqa: E501
               list_name="oui_non", width=10, lasts=Lifetime.STATUS),
        Column("date", "Date", Kind.DATE,
               "Date de la preuve : adoption, essai, exercice. Les sauvegardes et l'exercice se "
               "datent chaque année.", width=12, lasts=Lifetime.STATUS),
        COMMENT,
    ),
)  # fmt: skip
