"""The tables of the region's page as a workbook: the same figures, all the lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xl_cpom.batch.region import Compte, Region
from xl_cpom.batch.taux import TRANCHES
from xl_cpom.reports.xlsx import Cellule, Classeur, Colonne

TAUX = "0.0%"
_ENTIER = "#,##0"


def classeur(region: Region) -> bytes:
    """The bytes of the workbook. The same figures give the same bytes."""
    book = Classeur("La région en un coup d'œil")
    book.tableau("Départements", "tDepartements", _DEPARTEMENTS, [
        _compte(c) for c in (*region.departements, region.total)
    ])  # fmt: skip
    book.tableau("À appeler", "tAppels", _APPELS, list(_appels(region)))
    book.tableau("Anomalies fréquentes", "tFautes", _FAUTES, [
        (f.code, f.titre, f.gravite.value, f.retours, f.fois) for f in region.fautes
    ])  # fmt: skip
    book.tableau("Taux", "tTaux", _TAUX, [
        (t.libelle, t.module, t.secteur, t.organismes, t.numerateur, t.denominateur, t.taux,
         t.cibles.get(region.annee or 0), t.atteints, *t.repartition) for t in region.taux
    ])  # fmt: skip
    book.tableau("Trajectoires", "tTrajectoires", _TRAJECTOIRES, [
        (t.libelle, t.secteur, year, t.cibles.get(year), t.realises.get(year))
        for t in region.taux for year in sorted({*t.cibles, *t.realises})
    ])  # fmt: skip
    book.tableau("Déploiement", "tDeploiement", _DEPLOIEMENT, list(_deploiement(region)))
    if region.evolution is not None:
        book.tableau("Depuis le passage", "tEvolution", _EVOLUTION, list(_evolution(region)))
    return book.octets()


_DEPARTEMENTS = (
    Colonne("Code", 8), Colonne("Département", 26),
    *(Colonne(title, 12, _ENTIER) for title in (
        "Organismes", "Attendus", "Reçus", "Recevables", "dont réserves", "À corriger",
        "Illisibles", "Manquants", "ESMS", "Places")),
)  # fmt: skip
_APPELS = (
    Colonne("Organisme", 36), Colonne("FINESS EJ", 12), Colonne("Département", 12),
    Colonne("État", 18), Colonne("Pourquoi", 36), Colonne("Places", 10, _ENTIER),
    Colonne("ESMS", 8, _ENTIER), Colonne("Bloquants", 10, _ENTIER), Colonne("Contact", 24),
    Colonne("Téléphone", 16), Colonne("Courriel", 30), Colonne("Fichiers", 40),
)  # fmt: skip
_FAUTES = (
    Colonne("Règle", 16), Colonne("Titre", 60), Colonne("Gravité", 16),
    Colonne("Retours", 10, _ENTIER), Colonne("Fois", 10, _ENTIER),
)  # fmt: skip
_TAUX = (
    Colonne("Module", 36), Colonne("Code", 14), Colonne("Secteur", 9),
    Colonne("Organismes", 11, _ENTIER), Colonne("Numérateur", 12, "#,##0.##"),
    Colonne("Dénominateur", 13, "#,##0.##"), Colonne("Taux", 9, TAUX),
    Colonne("Cible moyenne", 10, TAUX), Colonne("Cibles atteintes", 10, _ENTIER),
    *(Colonne(text, 11, _ENTIER) for text in TRANCHES),
)  # fmt: skip
_TRAJECTOIRES = (
    Colonne("Module", 36), Colonne("Secteur", 9), Colonne("Année", 9, "0"),
    Colonne("Cible moyenne", 12, TAUX), Colonne("Taux de la région", 12, TAUX),
)  # fmt: skip
_DEPLOIEMENT = (
    Colonne("Répartition", 14), Colonne("", 28), Colonne("Organismes", 12, _ENTIER),
    Colonne("ESMS", 12, _ENTIER),
)  # fmt: skip
_EVOLUTION = (
    Colonne("Depuis le passage", 14), Colonne("FINESS EJ", 12), Colonne("Organisme", 36),
    Colonne("Règle", 12), Colonne("Gravité", 16), Colonne("Message", 80),
)  # fmt: skip


def _compte(c: Compte) -> Sequence[Cellule]:
    return (c.code, c.libelle, c.organismes, c.attendus, c.recus, c.recevables, c.reserves,
            c.a_corriger, c.illisibles, c.manquants, c.esms, c.places)  # fmt: skip


def _appels(region: Region) -> Iterator[Sequence[Cellule]]:
    for appel in region.appels:
        s = appel.situation
        yield (s.nom, s.finess_ej, s.departement, s.etat.value, appel.motif, s.places,
               len(s.etablissements), s.bloquants, s.contact, s.telephone, s.courriel,
               " ; ".join(s.fichiers))  # fmt: skip


def _deploiement(region: Region) -> Iterator[Sequence[Cellule]]:
    d = region.deploiement
    yield ("Total", "sous CPOM", *d.total)
    yield ("Total", "ESMS principaux", None, d.principaux)
    yield ("Total", "ESMS secondaires", None, d.secondaires)
    for word, groups in (("Contrat", d.contrats), ("Secteurs", d.secteurs), ("Taille", d.tailles)):
        for name, (og, et) in groups.items():
            yield (word, name, og, et)


def _evolution(region: Region) -> Iterator[Sequence[Cellule]]:
    assert region.evolution is not None
    for word, faults in (
        ("nouvelle", region.evolution.nouveaux),
        ("corrigée", region.evolution.corriges),
        ("qui reste", region.evolution.restants),
    ):
        for fault in faults:
            yield (word, *fault)
