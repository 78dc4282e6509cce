"""One small synthetic campaign, written once for the whole folder of tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from xl_cpom.batch.campagne import Reglement, ResultatCampagne, controler_campagne
from xl_cpom.batch.controle import Moyens
from xl_cpom.batch.depot import Fichier, fichiers
from xl_cpom.batch.journal import Journal
from xl_cpom.batch.listes import lire_attendus
from xl_cpom.batch.pool import Reglages
from xl_cpom.batch.synthese import Campagne, produire

QUALITES = {"honnête": 8, "fautif": 5, "manquant": 3, "abîmé": 2, "deux versions": 2, "copie": 2,
            "autre année": 2, "établissement d'autrui": 2}  # fmt: skip


@pytest.fixture(scope="session")
def campagne(tmp_path_factory: pytest.TempPathFactory) -> Campagne:
    """26 organismes, every quality of return."""
    return produire(tmp_path_factory.mktemp("campagne"), nombre=26, graine=5, qualites=QUALITES,
                    jobs=2)  # fmt: skip


@pytest.fixture(scope="session")
def dossier(campagne: Campagne) -> list[Fichier]:
    return fichiers([campagne.depot])


def controler(
    campagne: Campagne, files: list[Fichier], journal: Journal, *, reprendre: bool = False,
    jobs: int = 2, jour: str = "2028-02-01",
) -> ResultatCampagne:  # fmt: skip
    reglement = Reglement(attendus=lire_attendus(campagne.attendus), reprendre=reprendre, jour=jour)
    return controler_campagne(files, reglement, journal, moyens=Moyens(Reglages(jobs=jobs)))


@pytest.fixture(scope="session")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("journal") / "journal.sqlite"


@pytest.fixture(scope="session")
def resultat(campagne: Campagne, dossier: list[Fichier], journal: Path) -> ResultatCampagne:
    return controler(campagne, dossier, Journal(journal))
