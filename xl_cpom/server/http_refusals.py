"""Every way the server says no: a stable code, one French sentence, what to do, an HTTP status.

What is wrong with a workbook keeps the code of the reader (LEC-…); what is wrong with a request,
or with the house, has a code of its own (SRV-…).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from xl_cpom.errors import XlCpomError
from xl_cpom.typography import typeset
from xl_cpom.workbook.reader.refusals import UnreadableWorkbookError

RETURN = 5
"""Seconds to wait that a 503 advises."""


class _Phrase(NamedTuple):
    statut: int
    message: str
    correction: str


CATALOGUE = {
    "SRV-SANS-FICHIER": _Phrase(
        400, "Aucun classeur n'a été reçu.", "Choisissez au moins un classeur .xlsx ou .xlsm."
    ),
    "SRV-FORMULAIRE": _Phrase(
        400,
        "L'envoi est mal formé et n'a pas pu être lu.",
        "Recommencez l'envoi depuis la page d'accueil ; depuis un programme, suivez "
        "« /api/v1/openapi.json ».",
    ),
    "SRV-PLUSIEURS": _Phrase(
        400,
        "Un seul classeur est attendu par appel.",
        "Faites un appel par classeur : ils sont contrôlés en parallèle.",
    ),
    "SRV-AUTRE-SITE": _Phrase(
        403,
        "L'envoi vient d'un autre site que ce serveur : il est refusé.",
        "Ouvrez la page de ce serveur et déposez-y le classeur.",
    ),
    "SRV-HOTE": _Phrase(
        421,
        "Ce serveur ne répond pas sous ce nom.",
        "Employez l'adresse affichée à son lancement.",
    ),
    "SRV-PAGE": _Phrase(404, "Cette page n'existe pas.", "Revenez à la page d'accueil."),
    "SRV-METHODE": _Phrase(
        405,
        "Cette adresse ne s'emploie pas ainsi.",
        "Depuis un programme, suivez « /api/v1/openapi.json ».",
    ),
    "SRV-LENT": _Phrase(
        408,
        "Le classeur n'est pas arrivé en entier à temps ({detail}).",
        "Vérifiez la connexion puis recommencez.",
    ),
    "SRV-TAILLE": _Phrase(
        413,
        "L'envoi dépasse {detail}.",
        "Un classeur « CPOM socle » pèse moins de 1 Mio : retirez-en les images et les feuilles "
        "étrangères au modèle, ou envoyez moins de classeurs à la fois.",
    ),
    "SRV-NOMBRE": _Phrase(
        413, "L'envoi contient plus de {detail} classeurs.", "Envoyez-les en plusieurs fois."
    ),
    "SRV-TYPE": _Phrase(
        415,
        "Ce type de contenu n'est pas accepté ({detail}).",
        "Envoyez un formulaire « multipart/form-data », ou le classeur lui-même avec le type "
        "« application/vnd.openxmlformats-officedocument.spreadsheetml.sheet ».",
    ),
    "SRV-SANS-COPIE": _Phrase(
        422,
        "La copie annotée de ce classeur ne peut pas être faite : {detail}",
        "Le rapport de contrôle dit tout de même ce qu'il faut corriger.",
    ),
    "SRV-PANNE": _Phrase(
        500,
        "Le contrôle est tombé en panne ({detail}). Ce n'est pas une faute de votre classeur.",
        "Signalez-le aux auteurs de xl_cpom, avec cette phrase.",
    ),
    "SRV-OCCUPE": _Phrase(
        503,
        "Trop de classeurs sont en cours de contrôle.",
        "Attendez quelques secondes puis recommencez : votre classeur n'est pas en cause.",
    ),
}

OTHER_FORMAT = frozenset({
    "LEC-XLS", "LEC-OLE", "LEC-XLSB", "LEC-ODS", "LEC-ODF",
    "LEC-CSV", "LEC-TEXTE", "LEC-HTML", "LEC-XML2003", "LEC-XML",
    "LEC-NUMBERS", "LEC-PDF", "LEC-IMAGE", "LEC-WORD", "LEC-POWERPOINT",
    "LEC-ARCHIVE", "LEC-DECOMPRESSE", "LEC-INCONNU",
})  # fmt: skip
"""What was received is something else than an .xlsx workbook: 415."""


class HttpRefusalError(XlCpomError):
    """An answer that is a refusal: `statut`, `code`, `message` and `correction` (French)."""

    def __init__(self, code: str, detail: str = "") -> None:
        if code.startswith("LEC-"):
            reading = UnreadableWorkbookError(code, detail)
            self.statut, self.message, self.correction = (
                reading_status(code),
                reading.message,
                reading.fix,
            )
        else:
            phrase = CATALOGUE[code]
            self.statut = phrase.statut
            self.message = typeset(phrase.message.replace("{detail}", detail))
            self.correction = typeset(phrase.correction)
        self.code = code
        self.detail = detail
        super().__init__(f"{code} {self.message}")

    @property
    def headers(self) -> dict[str, str]:
        """Headers of the answer."""
        return {"Retry-After": str(RETURN)} if self.statut == 503 else {}

    def objet(self) -> dict[str, Any]:
        """The refusal as « application/problem+json » (RFC 9457), with our code and our cure."""
        return {
            "type": f"urn:xl-cpom:refus:{self.code}",
            "title": self.message,
            "status": self.statut,
            "code": self.code,
            "correction": self.correction,
        }


def reading_status(code: str) -> int:
    """HTTP status of a refusal of the reader: too large, not a workbook, or not usable as one."""
    if code == "LEC-LIM-FICHIER":
        return 413
    return 415 if code in OTHER_FORMAT else 422
