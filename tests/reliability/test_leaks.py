"""A worker of the batch keeps nothing of the files it has seen, refused ones included."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ampleur import by
from tools.fiabilite.fuites import measure_all


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="compte les descripteurs de Linux")
def test_a_worker_keeps_nothing(tmp_path: Path) -> None:
    """Descriptors, memory, processes and temporary files; also in `make reliability`."""
    found = measure_all(by(90, 2000), tmp_path)
    assert found.plat, found
