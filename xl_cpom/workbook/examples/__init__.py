"""The example workbooks that ship with the project: a valid one, and a faulty one.

The organisme gestionnaire is invented, and so is every figure. Three FINESS numbers of EHPAD are
real (FINESS, extraction publiée sur data.gouv.fr, Licence Ouverte 2.0: number and département
only), so that the control meets true numbers; their names here are invented, and nothing
unfavourable is told about them: measures and deficits are those of invented ESMS.
"""

from __future__ import annotations

from typing import Any

from xl_cpom.workbook.examples.actions import ACTIONS, FRAGILITES
from xl_cpom.workbook.examples.activite import ACTIVITE, ACTIVITE_MODES, INDICATEURS
from xl_cpom.workbook.examples.life import (
    AVENANTS,
    CONTRACTUALISATION,
    PHOTOGRAPHIE_SI,
    REFERENTS,
)
from xl_cpom.workbook.examples.organisme import ETABLISSEMENTS, IDENTIFICATION, MODULES
from xl_cpom.workbook.examples.suivi import CYBERSECURITE, DIFFICULTE, HAS, MESURES, SI

__all__ = ["valid_content"]


def valid_content() -> dict[str, list[dict[str, Any]]]:
    """Content of the valid example, typed, by sheet key (a fresh copy, free to be edited)."""
    content = {
        "identification": [IDENTIFICATION],
        "etablissements": ETABLISSEMENTS,
        "modules": MODULES,
        "actions": ACTIONS,
        "fragilites": FRAGILITES,
        "si": SI,
        "cybersecurite": CYBERSECURITE,
        "has": HAS,
        "mesures": MESURES,
        "difficulte": DIFFICULTE,
        "activite": ACTIVITE,
        "activite_modes": ACTIVITE_MODES,
        "indicateurs": INDICATEURS,
        "avenants": AVENANTS,
        "contractualisation": CONTRACTUALISATION,
        "photographie_si": PHOTOGRAPHIE_SI,
        "referents": REFERENTS,
    }
    return {key: [dict(row) for row in rows] for key, rows in content.items()}
