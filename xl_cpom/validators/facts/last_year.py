"""Is the year followed the last one of the contract: the one of its bilan?"""

from __future__ import annotations

import datetime as dt

from xl_cpom.workbook.records import Classeur


def is_last_year(classeur: Classeur) -> bool:
    """True from the year of the échéance on; from N5 on when no échéance is read."""
    followed = classeur.annee_suivie
    if followed is None:
        return False
    end = classeur.identification.date_echeance
    if isinstance(end, dt.date):
        return followed >= end.year
    return followed >= classeur.annee_n1 + classeur.referentiel.duree - 1
