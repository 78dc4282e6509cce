"""Readers of the national nomenclatures: FINESS, départements, SERAFIN-PH, HAS manual."""

from __future__ import annotations

import re

from . import expected_names
from .nomenclatures import (
    Categorie,
    Cotation,
    Critere,
    CritereManuel,
    Departement,
    Nomenclature,
    Source,
)
from .raw_rows import Ligne
from .tables_read import LoadingContext


def source(_ctx: LoadingContext, code: str, ligne: Ligne) -> Source:
    """A public source."""
    return Source(
        code,
        ligne.texte("texte"),
        ligne.texte("url", ""),
        ligne.date("date"),
        ligne.texte("licence", ""),
        ligne.date("lu"),
    )


def nomenclature(ctx: LoadingContext, code: str, ligne: Ligne) -> Nomenclature:
    """An entry of a plain nomenclature."""
    texte, certitude = ctx.provenance(ligne)
    return Nomenclature(
        code=code,
        libelle=ligne.texte("libelle"),
        sigle=ligne.texte("sigle", ""),
        famille=ligne.texte("famille", ""),
        date_debut=ligne.date("date_debut"),
        date_fin=ligne.date("date_fin"),
        source=texte,
        certitude=certitude,
    )


def departement(ctx: LoadingContext, code: str, ligne: Ligne) -> Departement:
    """A département of France."""
    texte, certitude = ctx.provenance(ligne)
    return Departement(
        code, ligne.texte("libelle"), ligne.texte("prefixe_finess", code), texte, certitude
    )


def categorie(ctx: LoadingContext, code: str, ligne: Ligne) -> Categorie:
    """A FINESS category and its place in the CPOM (sector, public, authority)."""
    texte, certitude = ctx.provenance(ligne)
    source_classement, certitude_classement = ctx.provenance(
        ligne, "source_classement", "certitude_classement"
    )
    remplacantes = ligne.parmi("remplacee_par", ctx.codes_categories, "les catégories")
    return Categorie(
        code=code,
        libelle=ligne.texte("libelle"),
        sigle=ligne.texte("sigle", ""),
        secteur=ligne.choix("secteur", expected_names.SECTEURS_CATEGORIE),
        public=ligne.texte("public", ""),
        autorite=ligne.choix("autorite", expected_names.AUTORITES, ""),
        autorites_admises=ligne.parmi(
            "autorites_admises", expected_names.AUTORITES, "les autorités"
        ),
        date_debut=ligne.date("date_debut"),
        date_fin=ligne.date("date_fin"),
        remplacee_par=tuple(sorted(remplacantes)),
        source=texte,
        certitude=certitude,
        source_classement=source_classement,
        certitude_classement=certitude_classement,
    )


def cotation(ctx: LoadingContext, code: str, ligne: Ligne) -> Cotation:
    """A mark of the HAS scale."""
    texte, certitude = ctx.provenance(ligne)
    return Cotation(
        code,
        ligne.texte("libelle"),
        ligne.nombre("valeur"),
        ligne.parmi("chapitres", ctx.chapitres_has, "les chapitres"),
        texte,
        certitude,
    )


def critere(ctx: LoadingContext, code: str, ligne: Ligne) -> Critere:
    """A critère impératif: chapitre.objectif.critère."""
    _code_de_critere(ctx, code, ligne)
    texte, certitude = ctx.provenance(ligne)
    return Critere(
        code,
        ligne.texte("theme"),
        ligne.texte("s_applique"),
        ligne.parmi("categories_exclues", ctx.categories, "les catégories"),
        texte,
        certitude,
    )


def critere_du_manuel(ctx: LoadingContext, code: str, ligne: Ligne) -> CritereManuel:
    """A criterion of the HAS manual."""
    _code_de_critere(ctx, code, ligne)
    texte, certitude = ctx.provenance(ligne)
    return CritereManuel(
        code,
        ligne.choix("niveau", ("impératif", "standard")) == "impératif",
        ligne.choix("structures", ("établissement", "service"), ""),
        ligne.choix("secteurs", ("médico-social",), ""),
        texte,
        certitude,
    )


def _code_de_critere(ctx: LoadingContext, code: str, ligne: Ligne) -> None:
    forme = re.fullmatch(r"(\d)\.\d{1,2}\.\d{1,2}", code)
    if not forme or forme[1] not in ctx.chapitres_has:
        raise ligne.erreur(f"«\u00a0{code}\u00a0» n'est pas un code de critère")
