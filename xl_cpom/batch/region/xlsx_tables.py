"""The tables of the region's page as a workbook: the same figures, all the lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xl_cpom.batch.conditions import TITLES
from xl_cpom.batch.region.figures import Region, StateCount
from xl_cpom.batch.region.pooled_rates import SLICES
from xl_cpom.reports.xlsx_tables import Cellule, XlsxBook, XlsxColumn

TAUX = "0.0%"
_INTEGER = "#,##0"


def region_workbook(region: Region) -> bytes:
    """The bytes of the workbook. The same figures give the same bytes."""
    book = XlsxBook("La région en un coup d'œil")
    book.table("Départements", "tDepartements", _DEPARTEMENTS, [
        _counted(c) for c in (*region.departements, region.total)
    ])  # fmt: skip
    book.table("À appeler", "tAppels", _CALLS, list(_calls(region)))
    book.table("Anomalies fréquentes", "tFautes", _FAULTS, [
        (f.code, f.title, f.severity.value, f.retours, f.times) for f in region.faults
    ])  # fmt: skip
    book.table("Taux", "tTaux", _TAUX, [
        (t.libelle, t.module, t.secteur, t.organismes, t.numerateur, t.denominateur, t.taux,
         t.cibles.get(region.annee or 0), t.reached, *t.distribution) for t in region.taux
    ])  # fmt: skip
    book.table("Trajectoires", "tTrajectoires", _TRAJECTOIRES, [
        (t.libelle, t.secteur, year, t.cibles.get(year), t.realises.get(year))
        for t in region.taux for year in sorted({*t.cibles, *t.realises})
    ])  # fmt: skip
    book.table("Déploiement", "tDeploiement", _DEPLOIEMENT, list(_deploiement(region)))
    if region.coverage is not None:
        places = [c.code for c in region.departements if c.code]
        book.table("Actions par territoire", "tActions", (
            XlsxColumn("Type d'action", 44),
            *(XlsxColumn(code, 8, _INTEGER) for code in places), XlsxColumn("Région", 10, _INTEGER),
        ), [
            (kind, *(counts.get(code) for code in places), counts.get("", 0))
            for kind, counts in region.coverage.actions.items()
        ])  # fmt: skip
        book.table("Levées par thème", "tLevees", _LEVEES, [
            (theme, total, lifted, lifted / total if total else None)
            for theme, (lifted, total) in region.coverage.lifted.items()
        ])  # fmt: skip
    if region.activity:
        book.table("Activité et finances", "tActivite", _ACTIVITE, [
            [cell if isinstance(cell, int | float | str) else None for cell in row[1:]]
            for row in region.activity
        ])  # fmt: skip
    book.table("Conditions", "tConditions", _CONDITIONS, [
        (TITLES[key], text) for key, text in region.conditions.items()
    ])  # fmt: skip
    if region.evolution is not None:
        book.table("Depuis le passage", "tEvolution", _EVOLUTION, list(_evolution(region)))
    return book.content()


_DEPARTEMENTS = (
    XlsxColumn("Code", 8), XlsxColumn("Département", 26),
    *(XlsxColumn(title, 12, _INTEGER) for title in (
        "Organismes", "Attendus", "Reçus", "Recevables", "dont réserves", "À corriger",
        "Illisibles", "Manquants", "ESMS", "Places")),
)  # fmt: skip
_CALLS = (
    XlsxColumn("Organisme", 36), XlsxColumn("FINESS EJ", 12), XlsxColumn("Département", 12),
    XlsxColumn("État", 18), XlsxColumn("Pourquoi", 36), XlsxColumn("Places", 10, _INTEGER),
    XlsxColumn("ESMS", 8, _INTEGER), XlsxColumn("Bloquants", 10, _INTEGER), XlsxColumn("Contact", 24),  # noqa: E501
    XlsxColumn("Téléphone", 16), XlsxColumn("Courriel", 30), XlsxColumn("Fichiers", 40),
)  # fmt: skip
_FAULTS = (
    XlsxColumn("Règle", 16), XlsxColumn("Titre", 60), XlsxColumn("Gravité", 16),
    XlsxColumn("Retours", 10, _INTEGER), XlsxColumn("Fois", 10, _INTEGER),
)  # fmt: skip
_TAUX = (
    XlsxColumn("Module", 36), XlsxColumn("Code", 14), XlsxColumn("Secteur", 9),
    XlsxColumn("Organismes", 11, _INTEGER), XlsxColumn("Numérateur", 12, "#,##0.##"),
    XlsxColumn("Dénominateur", 13, "#,##0.##"), XlsxColumn("Taux", 9, TAUX),
    XlsxColumn("Cible moyenne", 10, TAUX), XlsxColumn("Cibles atteintes", 10, _INTEGER),
    *(XlsxColumn(text, 11, _INTEGER) for text in SLICES),
)  # fmt: skip
_TRAJECTOIRES = (
    XlsxColumn("Module", 36), XlsxColumn("Secteur", 9), XlsxColumn("Année", 9, "0"),
    XlsxColumn("Cible moyenne", 12, TAUX), XlsxColumn("Taux de la région", 12, TAUX),
)  # fmt: skip
_DEPLOIEMENT = (
    XlsxColumn("Répartition", 14),
    XlsxColumn("Groupe", 28),
    XlsxColumn("Organismes", 12, _INTEGER),
    XlsxColumn("ESMS", 12, _INTEGER),
)
_LEVEES = (
    XlsxColumn("Thème", 44),
    XlsxColumn("Mesures", 10, _INTEGER),
    XlsxColumn("Levées", 10, _INTEGER),
    XlsxColumn("Part", 9, TAUX),
)
_ACTIVITE = (
    XlsxColumn("Niveau", 14), XlsxColumn("Département", 12), XlsxColumn("Indicateur", 22),
    XlsxColumn("Libellé", 50), XlsxColumn("Unité", 20), XlsxColumn("ESMS", 8, _INTEGER),
    XlsxColumn("Numérateur", 16, "#,##0.##"), XlsxColumn("Dénominateur", 16, "#,##0.##"),
    XlsxColumn("Valeur", 12, "0.000"),
)  # fmt: skip
_CONDITIONS = (XlsxColumn("Condition", 26), XlsxColumn("Valeur", 90))
_EVOLUTION = (
    XlsxColumn("Depuis le passage", 14), XlsxColumn("FINESS EJ", 12), XlsxColumn("Organisme", 36),
    XlsxColumn("Règle", 12), XlsxColumn("Gravité", 16), XlsxColumn("Message", 80),
)  # fmt: skip


def _counted(c: StateCount) -> Sequence[Cellule]:
    return (c.code, c.libelle, c.organismes, c.expected, c.received, c.accepted, c.with_reserves,
            c.to_correct, c.unreadable, c.missing, c.esms, c.places)  # fmt: skip


def _calls(region: Region) -> Iterator[Sequence[Cellule]]:
    for call in region.calls:
        s = call.situation
        yield (s.name, s.finess_ej, s.departement, s.state.value, call.reason, s.places,
               len(s.etablissements), s.blocking, s.contact, s.telephone, s.courriel,
               " ; ".join(s.files))  # fmt: skip


def _deploiement(region: Region) -> Iterator[Sequence[Cellule]]:
    d = region.rollout
    yield ("Total", "sous CPOM", *d.total)
    yield ("Total", "ESMS principaux", None, d.main_esms)
    yield ("Total", "ESMS secondaires", None, d.secondary_esms)
    if (covered := region.coverage) is not None:
        for secteur, (under, everybody) in covered.esms.items():
            yield ("Couverture", f"ESMS {secteur} sous CPOM", None, under)
            if everybody is not None:
                yield ("Couverture", f"ESMS {secteur} ouverts dans FINESS", None, everybody)
        for name, count in covered.kinds.items():
            yield ("Couverture", name, count, None)
    for word, groups in (("Contrat", d.contracts), ("Secteurs", d.secteurs), ("Taille", d.sizes)):
        for name, (og, et) in groups.items():
            yield (word, name, og, et)


def _evolution(region: Region) -> Iterator[Sequence[Cellule]]:
    assert region.evolution is not None
    for word, faults in (
        ("nouvelle", region.evolution.new),
        ("corrigée", region.evolution.fixed),
        ("qui reste", region.evolution.remaining),
        ("fichier retiré", region.evolution.withdrawn),
        ("règle désactivée", region.evolution.disabled),
        ("dérogation", region.evolution.lifted),
        ("pas au passage", region.evolution.arrived),
    ):
        for fault in faults:
            yield (word, *fault)
