"""The rounds written once for the whole area."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.atelier import VALIDE
from tests.reports.comparison import rounds


@pytest.fixture(scope="session")
def fichiers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("tours")
    made = {
        "un": rounds.premier(),
        "deux": rounds.deuxieme(),
        "trois": rounds.troisieme(),
        "apres": rounds.annee_suivante(),
    }
    return {name: rounds.write(one, folder, name) for name, one in made.items()} | {
        "valide": VALIDE
    }
