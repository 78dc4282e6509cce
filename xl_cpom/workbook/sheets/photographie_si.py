"""Sheet « Photographie SI »: how each ESMS uses its information systems before the contract."""

from __future__ import annotations

from xl_cpom.workbook.lifetime import Lifetime
from xl_cpom.workbook.model import Column, Kind, Layout, Sheet
from xl_cpom.workbook.sheets.common import LASTING_COMMENT, finess_et

PHOTOGRAPHIE_SI = Sheet(
    key="photographie_si",
    name="Photographie SI",
    table="tPhotographieSI",
    layout=Layout.TABLE,
    record="la photographie",
    identity=("finess_et",),
    capacity=60,
    occasional=True,
    synonyms=("Photographie des SI",),
    purpose="L'usage des systèmes d'information par chaque ESMS, relevé pendant la période N.",
    guide="{guide}, module Tableau de bord et systèmes d'information, période N",
    since="2026.2",
    columns=(
        finess_et("Numéro FINESS de l'ESMS.", lasts=Lifetime.DEADLINE),
        Column("completude", "Complétude des SI", Kind.TAUX,
               "Part des données remplies, tous systèmes de l'ESMS ensemble.",
               required=True, minimum=0, maximum=1, synonyms=("Complétude",), width=12,
               lasts=Lifetime.DEADLINE),
        Column("mises_a_jour", "Nombre de mises à jour", Kind.INTEGER,
               "Nombre de mises à jour faites dans l'année écoulée.", required=True, minimum=0,
               maximum=5000, synonyms=("Mises à jour",), width=12, lasts=Lifetime.DEADLINE),
        Column("date_autodiagnostic", "Autodiagnostic SI de l'ANAP : date", Kind.DATE,
               "Date du dernier autodiagnostic SI de l'ANAP.", required=True, any_date=True,
               synonyms=("Date de l'autodiagnostic", "Autodiagnostic ANAP"), width=15,
               lasts=Lifetime.DEADLINE),
        LASTING_COMMENT,
    ),
)  # fmt: skip
