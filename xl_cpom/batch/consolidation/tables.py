"""The tidy tables of a campaign: what their columns are, one row per fact, keys on every row.

One table per sheet of the workbook, one of the indicators, one of the returns, one of the faults,
one of the organismes, one of the pooled totals. The keys come first: year, FINESS EJ, FINESS ET.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import Enum

from xl_cpom.light_dataclass import dataclass
from xl_cpom.workbook.model import Column, Kind, Layout
from xl_cpom.workbook.sheets import SHEETS

Valeur = str | float | int | bool | dt.date | None


class Type(Enum):
    """Type of a column; the value is DuckDB's."""

    TEXT = "VARCHAR"
    INTEGER = "BIGINT"
    NUMBER = "DOUBLE"
    TAUX = "DOUBLE "
    DATE = "DATE"
    LOGICAL = "BOOLEAN"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its key in Parquet, its title in the xlsx, its type."""

    key: str
    title: str
    type: Type = Type.TEXT


@dataclass(frozen=True)
class TableSpec:
    """A table: name of its Parquet file, title of its sheet, columns."""

    name: str
    title: str
    objet: str
    columns: tuple[TableColumn, ...]


KEYS = (
    TableColumn("annee", "Année", Type.INTEGER),
    TableColumn("finess_ej", "FINESS EJ"),
    TableColumn("finess_et", "FINESS ET"),
    TableColumn("organisme", "Organisme gestionnaire"),
    TableColumn("fichier", "Fichier"),
)

_TYPES: Mapping[Kind, Type] = {
    Kind.DATE: Type.DATE,
    Kind.TAUX: Type.TAUX,
    Kind.RATIO: Type.TAUX,
    Kind.INTEGER: Type.INTEGER,
    Kind.ANNEE: Type.INTEGER,
    Kind.NUMBER: Type.NUMBER,
    Kind.MONTANT: Type.NUMBER,
}

DECLARES = frozenset(f"realise_n{rank}" for rank in range(1, 6))
"""Declared rates: never consolidated, the rates are those that the rows give."""


def sheet_columns(key: str) -> tuple[Column, ...]:
    """Columns of a sheet that its table takes, the keys aside."""
    names = {c.key for c in KEYS}
    return tuple(c for c in SHEETS[key].columns if c.key not in names and c.key not in DECLARES)


def _type(column: Column) -> Type:
    if column.kind is Kind.RATIO and column.unit not in ("", "ratio"):
        return Type.NUMBER
    return _TYPES.get(column.kind, Type.TEXT)


LINE = TableColumn("rang", "Ligne du retour", Type.INTEGER)
"""Which line of its sheet a row comes from: a line about several ESMS is in as many rows."""


def naming_column(key: str) -> str | None:
    """Key of the column of a sheet that says which ESMS a line is about; None when none does."""
    return next((n for n in ("finess_et", "entite") if n in SHEETS[key].by_key), None)


def _sheet(key: str) -> TableSpec:
    sheet = SHEETS[key]
    own = tuple(TableColumn(c.key, c.header, _type(c)) for c in sheet_columns(key))
    one = "une ligne par organisme" if sheet.layout is Layout.FICHE else "une par ligne saisie"
    keys = KEYS if naming_column(key) else tuple(c for c in KEYS if c.key != "finess_et")
    if naming_column(key):
        one = "une par ligne saisie et par établissement concerné"
    return TableSpec(
        key,
        sheet.name,
        f"Feuille « {sheet.name} » des retours comptés, {one}.",
        (*keys, LINE, *own),
    )


SHEET_NAMES: Mapping[str, TableSpec] = {
    key: _sheet(key) for key in SHEETS if key not in ("indicateurs", "modules")
} | {"modules": _sheet("modules")}
"""The tables of the sheets (that of the indicators is recomputed, see `INDICATEURS`)."""

RETOURS = TableSpec(
    "retours",
    "Retours",
    "Un fichier reçu par ligne : son verdict, et s'il est compté.",
    (
        *KEYS[:2],
        *KEYS[3:],
        TableColumn("departement", "Département"),
        TableColumn("verdict", "Verdict"),
        TableColumn("retenu", "Compté", Type.LOGICAL),
        TableColumn("motif", "Motif si non compté"),
        TableColumn("nature", "Provisoire ou définitif"),
        TableColumn("remplace", "Remplace"),
        TableColumn("motif_version", "Motif de la version"),
        TableColumn("bloquants", "Bloquants", Type.INTEGER),
        TableColumn("avertissements", "Avertissements", Type.INTEGER),
        TableColumn("etablissements", "ESMS", Type.INTEGER),
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
        TableColumn("attendu", "Attendu", Type.LOGICAL),
        TableColumn("recu", "Reçu", Type.LOGICAL),
        TableColumn("hors_liste", "Hors liste", Type.LOGICAL),
        TableColumn("nature", "Provisoire ou définitif"),
        TableColumn("bloquants", "Bloquants", Type.INTEGER),
        TableColumn("avertissements", "Avertissements", Type.INTEGER),
        TableColumn("etablissements", "ESMS", Type.INTEGER),
        TableColumn("et_pa", "ESMS PA", Type.INTEGER),
        TableColumn("et_ph", "ESMS PH", Type.INTEGER),
        TableColumn("et_principaux", "ESMS principaux", Type.INTEGER),
        TableColumn("et_secondaires", "ESMS secondaires", Type.INTEGER),
        TableColumn("places", "Places", Type.INTEGER),
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
        *KEYS[:2],
        *KEYS[3:],
        TableColumn("departement", "Département"),
        TableColumn("retenu", "Compté", Type.LOGICAL),
        TableColumn("gravite", "Gravité"),
        TableColumn("code", "Code"),
        TableColumn("empreinte", "Empreinte"),
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
        TableColumn("annee", "Année", Type.INTEGER),
        TableColumn("finess_ej", "FINESS EJ"),
        TableColumn("organisme", "Organisme gestionnaire"),
        TableColumn("fichier", "Fichier"),
        TableColumn("departement", "Département"),
        TableColumn("verdict", "Verdict"),
        TableColumn("module", "Module"),
        TableColumn("secteur", "Secteur"),
        TableColumn("code", "Indicateur"),
        TableColumn("numerateur", "Numérateur", Type.NUMBER),
        TableColumn("denominateur", "Dénominateur", Type.NUMBER),
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
        TableColumn("annee", "Année", Type.INTEGER),
        TableColumn("perimetre", "Retours comptés"),
        TableColumn("niveau", "Niveau"),
        TableColumn("departement", "Département"),
        TableColumn("secteur", "Secteur"),
        TableColumn("module", "Module"),
        TableColumn("organismes", "Organismes", Type.INTEGER),
        TableColumn("numerateur", "Numérateur", Type.NUMBER),
        TableColumn("denominateur", "Dénominateur", Type.NUMBER),
        TableColumn("taux", "Taux", Type.TAUX),
    ),
)

ACTIVITE_TOTAUX = TableSpec(
    "totaux_activite",
    "Totaux de l'activité",
    "Activité, personnel et finances : Σ numérateurs ÷ Σ dénominateurs des retours comptés.",
    (
        TableColumn("annee", "Année", Type.INTEGER),
        TableColumn("niveau", "Niveau"),
        TableColumn("departement", "Département"),
        TableColumn("code", "Indicateur"),
        TableColumn("libelle", "Libellé"),
        TableColumn("unite", "Unité"),
        TableColumn("etablissements", "ESMS", Type.INTEGER),
        TableColumn("numerateur", "Numérateur", Type.NUMBER),
        TableColumn("denominateur", "Dénominateur", Type.NUMBER),
        TableColumn("valeur", "Valeur", Type.NUMBER),
    ),
)

TABLES: tuple[TableSpec, ...] = (
    ORGANISMES, RETOURS, TOTAUX, ACTIVITE_TOTAUX, INDICATEURS, ANOMALIES, *SHEET_NAMES.values(),
)  # fmt: skip
"""Every table, in the order of the sheets of the xlsx."""
