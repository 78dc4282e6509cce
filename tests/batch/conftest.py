"""One small synthetic campaign, written once for the whole folder of tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.batch.small_campaign import QUALITES, controler
from tools.synthese import DrawnCampaign, produce
from tools.synthese.deposit import Deposit, weeks
from xl_cpom.batch.campagne import CampaignResult
from xl_cpom.batch.deposit import CampaignFile, depot_files
from xl_cpom.batch.journal import Journal


@pytest.fixture(scope="session")
def campagne(tmp_path_factory: pytest.TempPathFactory) -> DrawnCampaign:
    """26 organismes, every quality of return."""
    return produce(tmp_path_factory.mktemp("campagne"), nombre=26, graine=5, qualites=QUALITES,
                    here=True)  # fmt: skip


@pytest.fixture(scope="session")
def dossier(campagne: DrawnCampaign) -> list[CampaignFile]:
    return depot_files([campagne.depot])


@pytest.fixture(scope="session")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("journal") / "journal.sqlite"


@pytest.fixture(scope="session")
def resultat(campagne: DrawnCampaign, dossier: list[CampaignFile], journal: Path) -> CampaignResult:
    return controler(campagne, dossier, Journal(journal))


@pytest.fixture(scope="session")
def first_week(tmp_path_factory: pytest.TempPathFactory) -> Deposit:
    """The deposit of forty organismes in its first week, to be copied before it is changed."""
    return next(weeks(tmp_path_factory.mktemp("quarante")))
