"""How many cases agreed, per host: kept with each test's report, printed at the end of the run."""

from __future__ import annotations

from typing import Any

from .cases import APPELS, Appel, pareil

CLE = "accord des fonctions en cellule"


def juger(hote: str, resultats: dict[int, Any], record_property: Any, nom: str = "") -> None:
    """Compare the values found (rank in APPELS → value) with the expected ones; all must agree.

    Every call that does not declare the host as an exception must be there.
    """
    attendus = [n for n, appel in enumerate(APPELS) if hote not in appel.hors]
    faux = [
        (APPELS[n].nom, APPELS[n].fonction, APPELS[n].args, APPELS[n].attendu, resultats.get(n))
        for n in attendus
        if not pareil(resultats.get(n), APPELS[n].attendu)
    ]
    record_property(
        CLE, (nom or hote, len(attendus) - len(faux), len(attendus), len(APPELS) - len(attendus))
    )
    assert faux == [], f"{len(faux)} sur {len(attendus)}"


def appels_de(hote: str) -> list[tuple[int, Appel]]:
    """The calls a host must answer, with their rank."""
    return [(n, appel) for n, appel in enumerate(APPELS) if hote not in appel.hors]
