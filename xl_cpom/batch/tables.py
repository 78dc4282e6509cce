"""The tidy tables of a campaign: what their columns are, one row per fact, keys on every row.

One table per sheet of the workbook, one of the indicators, one of the returns, one of the faults,
one of the organismes, one of the pooled totals. The keys come first: year, FINESS EJ, FINESS ET.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from xl_cpom.workbook.model import Column, Kind, Layout
from xl_cpom.workbook.sheets import SHEETS

Valeur = str | float | int | bool | dt.date | None


class Type(Enum):
    """Type of a column; the value is DuckDB's."""

    TEXTE = "VARCHAR"
    ENTIER = "BIGINT"
    NOMBRE = "DOUBLE"
    TAUX = "DOUBLE "
    DATE = "DATE"
    LOGIQUE = "BOOLEAN"


@dataclass(frozen=True, slots=True)
class Colonne:
    """A column: its key in Parquet, its title in the xlsx, its type."""

    cle: str
    titre: str
    type: Type = Type.TEXTE


@dataclass(frozen=True)
class Tableau:
    """A table: name of its Parquet file, title of its sheet, columns."""

    nom: str
    titre: str
    objet: str
    colonnes: tuple[Colonne, ...]


CLES = (
    Colonne("annee", "Année", Type.ENTIER),
    Colonne("finess_ej", "FINESS EJ"),
    Colonne("finess_et", "FINESS ET"),
    Colonne("organisme", "Organisme gestionnaire"),
    Colonne("fichier", "Fichier"),
)

_TYPES: Mapping[Kind, Type] = {
    Kind.DATE: Type.DATE,
    Kind.TAUX: Type.TAUX,
    Kind.RATIO: Type.TAUX,
    Kind.ENTIER: Type.ENTIER,
    Kind.ANNEE: Type.ENTIER,
    Kind.NOMBRE: Type.NOMBRE,
    Kind.MONTANT: Type.NOMBRE,
}

DECLARES = frozenset(f"realise_n{rang}" for rang in range(1, 6))
"""Declared rates: never consolidated, the rates are those that the rows give."""


def colonnes_de_feuille(key: str) -> tuple[Column, ...]:
    """Columns of a sheet that its table takes, the keys aside."""
    names = {c.cle for c in CLES}
    return tuple(c for c in SHEETS[key].columns if c.key not in names and c.key not in DECLARES)


def _type(column: Column) -> Type:
    if column.kind is Kind.RATIO and column.unit not in ("", "ratio"):
        return Type.NOMBRE
    return _TYPES.get(column.kind, Type.TEXTE)


def _feuille(key: str) -> Tableau:
    sheet = SHEETS[key]
    own = tuple(Colonne(c.key, c.header, _type(c)) for c in colonnes_de_feuille(key))
    one = "une ligne par organisme" if sheet.layout is Layout.FICHE else "une ligne par ligne"
    return Tableau(
        key, sheet.name, f"Feuille « {sheet.name} » des retours retenus, {one}.", CLES + own
    )


FEUILLES: Mapping[str, Tableau] = {
    key: _feuille(key) for key in SHEETS if key not in ("indicateurs", "modules")
} | {"modules": _feuille("modules")}
"""The tables of the sheets (that of the indicators is recomputed, see `INDICATEURS`)."""

RETOURS = Tableau(
    "retours",
    "Retours",
    "Un fichier reçu par ligne : son verdict, et s'il est compté.",
    (
        *CLES[:2],
        *CLES[3:],
        Colonne("departement", "Département"),
        Colonne("verdict", "Verdict"),
        Colonne("retenu", "Compté", Type.LOGIQUE),
        Colonne("motif", "Motif si non compté"),
        Colonne("bloquants", "Bloquants", Type.ENTIER),
        Colonne("avertissements", "Avertissements", Type.ENTIER),
        Colonne("etablissements", "ESMS", Type.ENTIER),
        Colonne("gabarit", "Modèle"),
        Colonne("cycle", "Référentiel"),
        Colonne("date_arrete", "Date d'arrêté", Type.DATE),
        Colonne("sha256", "Empreinte SHA-256"),
    ),
)

ORGANISMES = Tableau(
    "organismes",
    "Organismes",
    "Un organisme attendu ou reçu par ligne, et où il en est.",
    (
        Colonne("finess_ej", "FINESS EJ"),
        Colonne("organisme", "Organisme gestionnaire"),
        Colonne("departement", "Département"),
        Colonne("etat", "État"),
        Colonne("attendu", "Attendu", Type.LOGIQUE),
        Colonne("recu", "Reçu", Type.LOGIQUE),
        Colonne("bloquants", "Bloquants", Type.ENTIER),
        Colonne("avertissements", "Avertissements", Type.ENTIER),
        Colonne("etablissements", "ESMS", Type.ENTIER),
        Colonne("et_pa", "ESMS PA", Type.ENTIER),
        Colonne("et_ph", "ESMS PH", Type.ENTIER),
        Colonne("et_principaux", "ESMS principaux", Type.ENTIER),
        Colonne("et_secondaires", "ESMS secondaires", Type.ENTIER),
        Colonne("places", "Places", Type.ENTIER),
        Colonne("type_contrat", "Type de contrat"),
        Colonne("contact", "Contact"),
        Colonne("courriel", "Courriel"),
        Colonne("telephone", "Téléphone"),
        Colonne("fichiers", "Fichiers"),
    ),
)

ANOMALIES = Tableau(
    "anomalies",
    "Anomalies",
    "Une anomalie par ligne ; sans fichier : un retour qui n'est pas venu.",
    (
        *CLES[:2],
        *CLES[3:],
        Colonne("departement", "Département"),
        Colonne("retenu", "Compté", Type.LOGIQUE),
        Colonne("gravite", "Gravité"),
        Colonne("code", "Code"),
        Colonne("feuille", "Feuille"),
        Colonne("cellules", "Cellules"),
        Colonne("valeur", "Valeur lue"),
        Colonne("attendu", "Attendu"),
        Colonne("message", "Message"),
        Colonne("correction", "Comment corriger"),
        Colonne("derogation", "Dérogation"),
    ),
)

INDICATEURS = Tableau(
    "indicateurs",
    "Indicateurs",
    "Les indicateurs recalculés d'après les lignes saisies, jamais d'après les taux déclarés.",
    (
        Colonne("annee", "Année", Type.ENTIER),
        Colonne("finess_ej", "FINESS EJ"),
        Colonne("organisme", "Organisme gestionnaire"),
        Colonne("fichier", "Fichier"),
        Colonne("departement", "Département"),
        Colonne("verdict", "Verdict"),
        Colonne("module", "Module"),
        Colonne("secteur", "Secteur"),
        Colonne("code", "Indicateur"),
        Colonne("numerateur", "Numérateur", Type.NOMBRE),
        Colonne("denominateur", "Dénominateur", Type.NOMBRE),
        Colonne("taux", "Taux recalculé", Type.TAUX),
        Colonne("cible", "Cible de l'année", Type.TAUX),
        Colonne("atteinte", "Atteinte"),
        *(Colonne(f"cible_n{n}", f"Cible N{n}", Type.TAUX) for n in range(1, 6)),
    ),
)

TOTAUX = Tableau(
    "totaux",
    "Totaux",
    "Σ numérateurs ÷ Σ dénominateurs, par département, secteur et module.",
    (
        Colonne("annee", "Année", Type.ENTIER),
        Colonne("perimetre", "Retours comptés"),
        Colonne("departement", "Département"),
        Colonne("secteur", "Secteur"),
        Colonne("module", "Module"),
        Colonne("organismes", "Organismes", Type.ENTIER),
        Colonne("numerateur", "Numérateur", Type.NOMBRE),
        Colonne("denominateur", "Dénominateur", Type.NOMBRE),
        Colonne("taux", "Taux", Type.TAUX),
    ),
)

TABLEAUX: tuple[Tableau, ...] = (
    ORGANISMES, RETOURS, TOTAUX, INDICATEURS, ANOMALIES, *FEUILLES.values(),
)  # fmt: skip
"""Every table, in the order of the sheets of the xlsx."""
