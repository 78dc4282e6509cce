"""How many cases agreed, per host: kept with each test's report, printed at the end of the run."""

from __future__ import annotations

from typing import Any

from .cases import CALLS, Call, pareil

KEY = "accord des fonctions en cellule"


def judge(host: str, resultats: dict[int, Any], record_property: Any, nom: str = "") -> None:
    """Compare the values found (rank in APPELS → value) with the expected ones; all must agree.

    Every call that does not declare the host as an exception must be there.
    """
    attendus = [n for n, call in enumerate(CALLS) if host not in call.hors]
    faux = [
        (CALLS[n].nom, CALLS[n].fonction, CALLS[n].args, CALLS[n].attendu, resultats.get(n))
        for n in attendus
        if not pareil(resultats.get(n), CALLS[n].attendu)
    ]
    record_property(
        KEY, (nom or host, len(attendus) - len(faux), len(attendus), len(CALLS) - len(attendus))
    )
    assert faux == [], f"{len(faux)} sur {len(attendus)}"


def calls_of(host: str) -> list[tuple[int, Call]]:
    """The calls a host must answer, with their rank."""
    return [(n, call) for n, call in enumerate(CALLS) if host not in call.hors]
