"""The small campaign of these tests: what its returns are like, and how it is controlled."""

from __future__ import annotations

from tools.synthese import DrawnCampaign
from xl_cpom.batch.campagne import CampaignResult, CampaignSettings, check_campaign
from xl_cpom.batch.check_files import BatchMeans
from xl_cpom.batch.deposit import CampaignFile
from xl_cpom.batch.given_lists import read_attendus
from xl_cpom.batch.journal import Journal
from xl_cpom.workers.pool import WorkerSettings

QUALITES = {"honnête": 8, "fautif": 5, "manquant": 3, "abîmé": 2, "deux versions": 2, "copie": 2,
            "autre année": 2, "établissement d'autrui": 2}  # fmt: skip


def controler(
    campagne: DrawnCampaign, files: list[CampaignFile], journal: Journal, *, reprendre: bool = False,  # noqa: E501
    jobs: int = 2, jour: str = "2028-02-01",
) -> CampaignResult:  # fmt: skip
    reglement = CampaignSettings(
        attendus=read_attendus(campagne.attendus), resume=reprendre, day=jour
    )
    return check_campaign(files, reglement, journal, moyens=BatchMeans(WorkerSettings(jobs=jobs)))
