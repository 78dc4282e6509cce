"""Sheet « Référents »: who pilots the contract and its information systems."""

from __future__ import annotations

from xl_cpom.workbook.model import Column, Kind, Layout, Sheet
from xl_cpom.workbook.sheets.common import COMMENT

REFERENTS = Sheet(
    key="referents",
    name="Référents",
    table="tReferents",
    layout=Layout.TABLE,
    record="le référent",
    identity=("role", "nom"),
    capacity=20,
    occasional=True,
    synonyms=("Pilotes", "Pilotes et référents"),
    purpose="Les pilotes et référents du CPOM et de ses systèmes d'information.",
    guide="{guide}, module Tableau de bord et systèmes d'information, période N",
    since="2026.2",
    columns=(
        Column("role", "Rôle", Kind.LISTING, "Référent du CPOM ou référent SI.", required=True,
               list_name="role_referent", width=15),
        Column("nom", "Nom", Kind.TEXT, "Nom du référent (contact professionnel seulement).",
               required=True, width=26),
        Column("fonction", "Fonction", Kind.TEXT, "Fonction du référent.", width=26),
        Column("courriel", "Courriel", Kind.EMAIL, "Adresse professionnelle.", width=30),
        Column("nomme_le", "Nommé le", Kind.DATE, "Date de nomination.", any_date=True, width=13),
        Column("forme", "Formé", Kind.LISTING, "Le référent a-t-il été formé ?",
               list_name="oui_non", width=9),
        Column("forme_le", "Formé le", Kind.DATE, "Date de la formation.", any_date=True,
               width=13),
        COMMENT,
    ),
)  # fmt: skip
