"""Readers of the national nomenclatures: FINESS, départements, SERAFIN-PH, HAS manual."""

from __future__ import annotations

import re

from . import expected_names
from .nomenclatures import (
    Categorie,
    ControleCyber,
    Cotation,
    Critere,
    CritereManuel,
    Departement,
    Nomenclature,
    Source,
)
from .raw_rows import CheckedRow
from .tables_read import LoadingContext

STRUCTURES = ("établissement", "service")
"""What a criterion of the HAS manual may be reserved to."""


def source(_ctx: LoadingContext, code: str, row: CheckedRow) -> Source:
    """A public source."""
    return Source(
        code,
        row.text("texte"),
        row.text("url", ""),
        row.date("date"),
        row.text("licence", ""),
        row.date("lu"),
    )


def nomenclature(ctx: LoadingContext, code: str, row: CheckedRow) -> Nomenclature:
    """An entry of a plain nomenclature."""
    text, certainty = ctx.provenance(row)
    return Nomenclature(
        code=code,
        libelle=row.text("libelle"),
        sigle=row.text("sigle", ""),
        famille=row.text("famille", ""),
        date_debut=row.date("date_debut"),
        date_fin=row.date("date_fin"),
        source=text,
        certitude=certainty,
    )


def departement(ctx: LoadingContext, code: str, row: CheckedRow) -> Departement:
    """A département of France."""
    text, certainty = ctx.provenance(row)
    return Departement(code, row.text("libelle"), row.text("prefixe_finess", code), text, certainty)


def categorie(ctx: LoadingContext, code: str, row: CheckedRow) -> Categorie:
    """A FINESS category and its place in the CPOM (sector, public, authority)."""
    text, certainty = ctx.provenance(row)
    source_classement, classement_certainty = ctx.provenance(
        row, "source_classement", "certitude_classement"
    )
    remplacantes = row.parmi("remplacee_par", ctx.codes_categories, "les catégories")
    return Categorie(
        code=code,
        libelle=row.text("libelle"),
        sigle=row.text("sigle", ""),
        secteur=row.choice("secteur", expected_names.SECTEURS_CATEGORIE),
        public=row.text("public", ""),
        autorite=row.choice("autorite", expected_names.AUTORITES, ""),
        autorites_admises=row.parmi("autorites_admises", expected_names.AUTORITES, "les autorités"),
        date_debut=row.date("date_debut"),
        date_fin=row.date("date_fin"),
        remplacee_par=tuple(sorted(remplacantes)),
        structure=row.choice("structure", STRUCTURES, ""),
        source=text,
        certitude=certainty,
        source_classement=source_classement,
        certitude_classement=classement_certainty,
    )


def controle_cyber(ctx: LoadingContext, code: str, row: CheckedRow) -> ControleCyber:
    """A point of the checklist of cybersecurity."""
    text, certainty = ctx.provenance(row)
    return ControleCyber(
        code,
        row.text("libelle"),
        row.text("preuve"),
        row.boolean("annuel", default=False),
        text,
        certainty,
    )


def cotation(ctx: LoadingContext, code: str, row: CheckedRow) -> Cotation:
    """A mark of the HAS scale."""
    text, certainty = ctx.provenance(row)
    return Cotation(
        code,
        row.text("libelle"),
        row.number("valeur"),
        row.parmi("chapitres", ctx.chapitres_has, "les chapitres"),
        text,
        certainty,
    )


def critere(ctx: LoadingContext, code: str, row: CheckedRow) -> Critere:
    """A critère impératif: chapitre.objectif.critère."""
    _code_de_critere(ctx, code, row)
    text, certainty = ctx.provenance(row)
    return Critere(
        code,
        row.text("theme"),
        row.text("s_applique"),
        row.parmi("categories_exclues", ctx.categories, "les catégories"),
        text,
        certainty,
    )


def critere_du_manuel(ctx: LoadingContext, code: str, row: CheckedRow) -> CritereManuel:
    """A criterion of the HAS manual."""
    _code_de_critere(ctx, code, row)
    text, certainty = ctx.provenance(row)
    return CritereManuel(
        code,
        row.choice("niveau", ("impératif", "standard")) == "impératif",
        row.choice("structures", STRUCTURES, ""),
        row.choice("secteurs", ("médico-social",), ""),
        text,
        certainty,
    )


def _code_de_critere(ctx: LoadingContext, code: str, row: CheckedRow) -> None:
    shape = re.fullmatch(r"(\d)\.\d{1,2}\.\d{1,2}", code)
    if not shape or shape[1] not in ctx.chapitres_has:
        raise row.error(f"«\u00a0{code}\u00a0» n'est pas un code de critère")
