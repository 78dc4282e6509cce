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
class TableColumn:
    """A column: its key in Parquet, its title in the xlsx, its type."""

    cle: str
    titre: str
    type: Type = Type.TEXTE


@dataclass(frozen=True)
class TableSpec:
    """A table: name of its Parquet file, title of its sheet, columns."""

    nom: str
    titre: str
    objet: str
    colonnes: tuple[TableColumn, ...]


CLES = (
    TableColumn("annee", "Année", Type.ENTIER),
    TableColumn("finess_ej", "FINESS EJ"),
    TableColumn("finess_et", "FINESS ET"),
    TableColumn("organisme", "Organisme gestionnaire"),
    TableColumn("fichier", "Fichier"),
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


def sheet_columns(key: str) -> tuple[Column, ...]:
    """Columns of a sheet that its table takes, the keys aside."""
    names = {c.cle for c in CLES}
    return tuple(c for c in SHEETS[key].columns if c.key not in names and c.key not in DECLARES)


def _type(column: Column) -> Type:
    if column.kind is Kind.RATIO and column.unit not in ("", "ratio"):
        return Type.NOMBRE
    return _TYPES.get(column.kind, Type.TEXTE)


def _feuille(key: str) -> TableSpec:
    sheet = SHEETS[key]
    own = tuple(TableColumn(c.key, c.header, _type(c)) for c in sheet_columns(key))
    one = "une ligne par organisme" if sheet.layout is Layout.FICHE else "une ligne par ligne"
    return TableSpec(
        key, sheet.name, f"Feuille « {sheet.name} » des retours retenus, {one}.", CLES + own
    )


FEUILLES: Mapping[str, TableSpec] = {
    key: _feuille(key) for key in SHEETS if key not in ("indicateurs", "modules")
} | {"modules": _feuille("modules")}
"""The tables of the sheets (that of the indicators is recomputed, see `INDICATEURS`)."""

RETOURS = TableSpec(
    "retours",
    "Retours",
    "Un fichier reçu par ligne : son verdict, et s'il est compté.",
    (
        *CLES[:2],
        *CLES[3:],
        TableColumn("departement", "Département"),
        TableColumn("verdict", "Verdict"),
        TableColumn("retenu", "Compté", Type.LOGIQUE),
        TableColumn("motif", "Motif si non compté"),
        TableColumn("bloquants", "Bloquants", Type.ENTIER),
        TableColumn("avertissements", "Avertissements", Type.ENTIER),
        TableColumn("etablissements", "ESMS", Type.ENTIER),
        TableColumn("gabarit", "Modèle"),
        TableColumn("cycle", "Référentiel"),
        TableColumn("date_arrete", "Date d'arrêté", Type.DATE),
        TableColumn("sha256", "Empreinte SHA-256"),
    ),
)

ORGANISMES = TableSpec(
    "organismes",
    "Organismes",
    "Un organisme attendu ou reçu par ligne, et où il en est.",
    (
        TableColumn("finess_ej", "FINESS EJ"),
        TableColumn("organisme", "Organisme gestionnaire"),
        TableColumn("departement", "Département"),
        TableColumn("etat", "État"),
        TableColumn("attendu", "Attendu", Type.LOGIQUE),
        TableColumn("recu", "Reçu", Type.LOGIQUE),
        TableColumn("hors_liste", "Hors liste", Type.LOGIQUE),
        TableColumn("bloquants", "Bloquants", Type.ENTIER),
        TableColumn("avertissements", "Avertissements", Type.ENTIER),
        TableColumn("etablissements", "ESMS", Type.ENTIER),
        TableColumn("et_pa", "ESMS PA", Type.ENTIER),
        TableColumn("et_ph", "ESMS PH", Type.ENTIER),
        TableColumn("et_principaux", "ESMS principaux", Type.ENTIER),
        TableColumn("et_secondaires", "ESMS secondaires", Type.ENTIER),
        TableColumn("places", "Places", Type.ENTIER),
        TableColumn("type_contrat", "Type de contrat"),
        TableColumn("contact", "Contact"),
        TableColumn("courriel", "Courriel"),
        TableColumn("telephone", "Téléphone"),
        TableColumn("fichiers", "Fichiers"),
    ),
)

ANOMALIES = TableSpec(
    "anomalies",
    "Anomalies",
    "Une anomalie par ligne ; sans fichier : un retour qui n'est pas venu.",
    (
        *CLES[:2],
        *CLES[3:],
        TableColumn("departement", "Département"),
        TableColumn("retenu", "Compté", Type.LOGIQUE),
        TableColumn("gravite", "Gravité"),
        TableColumn("code", "Code"),
        TableColumn("feuille", "Feuille"),
        TableColumn("cellules", "Cellules"),
        TableColumn("valeur", "Valeur lue"),
        TableColumn("attendu", "Attendu"),
        TableColumn("message", "Message"),
        TableColumn("correction", "Comment corriger"),
        TableColumn("derogation", "Dérogation"),
    ),
)

INDICATEURS = TableSpec(
    "indicateurs",
    "Indicateurs",
    "Les indicateurs recalculés d'après les lignes saisies, jamais d'après les taux déclarés.",
    (
        TableColumn("annee", "Année", Type.ENTIER),
        TableColumn("finess_ej", "FINESS EJ"),
        TableColumn("organisme", "Organisme gestionnaire"),
        TableColumn("fichier", "Fichier"),
        TableColumn("departement", "Département"),
        TableColumn("verdict", "Verdict"),
        TableColumn("module", "Module"),
        TableColumn("secteur", "Secteur"),
        TableColumn("code", "Indicateur"),
        TableColumn("numerateur", "Numérateur", Type.NOMBRE),
        TableColumn("denominateur", "Dénominateur", Type.NOMBRE),
        TableColumn("taux", "Taux recalculé", Type.TAUX),
        TableColumn("cible", "Cible de l'année", Type.TAUX),
        TableColumn("atteinte", "Atteinte"),
        *(TableColumn(f"cible_n{n}", f"Cible N{n}", Type.TAUX) for n in range(1, 6)),
    ),
)

TOTAUX = TableSpec(
    "totaux",
    "Totaux",
    "Σ numérateurs ÷ Σ dénominateurs, par département, secteur et module.",
    (
        TableColumn("annee", "Année", Type.ENTIER),
        TableColumn("perimetre", "Retours comptés"),
        TableColumn("departement", "Département"),
        TableColumn("secteur", "Secteur"),
        TableColumn("module", "Module"),
        TableColumn("organismes", "Organismes", Type.ENTIER),
        TableColumn("numerateur", "Numérateur", Type.NOMBRE),
        TableColumn("denominateur", "Dénominateur", Type.NOMBRE),
        TableColumn("taux", "Taux", Type.TAUX),
    ),
)

TABLEAUX: tuple[TableSpec, ...] = (
    ORGANISMES, RETOURS, TOTAUX, INDICATEURS, ANOMALIES, *FEUILLES.values(),
)  # fmt: skip
"""Every table, in the order of the sheets of the xlsx."""
