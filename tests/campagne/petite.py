"""The small campaign of these tests: what its returns are like, and how it is controlled."""

from __future__ import annotations

from xl_cpom.batch.campagne import Reglement, ResultatCampagne, controler_campagne
from xl_cpom.batch.controle import Moyens
from xl_cpom.batch.depot import Fichier
from xl_cpom.batch.journal import Journal
from xl_cpom.batch.listes import lire_attendus
from xl_cpom.batch.pool import Reglages
from xl_cpom.batch.synthese import Campagne

QUALITES = {"honnête": 8, "fautif": 5, "manquant": 3, "abîmé": 2, "deux versions": 2, "copie": 2,
            "autre année": 2, "établissement d'autrui": 2}  # fmt: skip


def controler(
    campagne: Campagne, files: list[Fichier], journal: Journal, *, reprendre: bool = False,
    jobs: int = 2, jour: str = "2028-02-01",
) -> ResultatCampagne:  # fmt: skip
    reglement = Reglement(attendus=lire_attendus(campagne.attendus), reprendre=reprendre, jour=jour)
    return controler_campagne(files, reglement, journal, moyens=Moyens(Reglages(jobs=jobs)))
