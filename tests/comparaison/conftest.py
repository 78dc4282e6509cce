"""The rounds written once for the whole area."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.atelier import VALIDE
from tests.comparaison import tours


@pytest.fixture(scope="session")
def fichiers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("tours")
    made = {
        "un": tours.premier(), "deux": tours.deuxieme(), "trois": tours.troisieme(),
        "apres": tours.annee_suivante(),
    }  # fmt: skip
    return {name: tours.ecrire(one, folder, name) for name, one in made.items()} | {
        "valide": VALIDE
    }
