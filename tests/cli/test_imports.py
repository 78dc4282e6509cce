"""What each command imports: a person who waits for one file does not wait for what others need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.atelier import VALIDE

FAULTY = VALIDE.with_name("exemple_fautif.xlsx")
HEAVY = ("pandas", "pandera", "numpy", "openpyxl", "xlsxwriter", "lxml", "duckdb", "jinja2",
          "markdown_it", "rich", "multiprocessing", "sqlite3", "xlwings", "starlette",
          "xl_cpom.batch.campagne", "xl_cpom.workers.pool", "xl_cpom.reports.letter",
          "xl_cpom.reports.annotate", "xl_cpom.reports.comparison", "xl_cpom.validators.schemas",
          "xl_cpom.udfs", "xl_cpom.server", "rapidfuzz", "xl_cpom.finess.flows",
          "xl_cpom.validators.derogations", "xl_cpom.validators.precedents")  # fmt: skip
"""Libraries, and rooms of the house, that no light command needs unless it says so."""


@pytest.mark.parametrize(
    ("arguments", "admis"),
    [
        (["--version"], ()),
        (["--help"], ()),
        (["sources"], ()),
        (["expliquer", "INS-002"], ()),
        (["regles"], ()),
        (["indicateurs"], ()),
        (["valider", str(VALIDE)], ()),
        (["valider", str(FAULTY)], ("rapidfuzz",)),
        (["valider", str(FAULTY), "--format", "json"], ("rapidfuzz",)),
        (["valider", str(FAULTY), "--format", "csv"], ("rapidfuzz",)),
        (["valider", str(FAULTY), "--format", "sarif"], ("rapidfuzz",)),
        (["valider", str(FAULTY), "--format", "html"], ("jinja2", "rapidfuzz")),
        (["comparer", str(VALIDE), str(VALIDE)], ("xl_cpom.reports.comparison",)),
        (["annoter", str(VALIDE), "-o", "COPIES"], ("xl_cpom.reports.annotate",)),
        (["gabarit", "-o", "vierge.xlsx"], ("xlsxwriter",)),
        (["transvaser", str(VALIDE), "-o", "neuf.xlsx"], ("xlsxwriter",)),
        (["exporter", str(VALIDE), "--format", "csv", "-o", "TABLES"], ()),
    ],
    ids=lambda value: " ".join(Path(v).stem for v in value),
)
def test_what_a_command_imports(
    arguments: list[str], admis: tuple[str, ...], tmp_path: Path
) -> None:
    code = (
        "import sys\nfrom xl_cpom.cli import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit as end:\n    assert end.code in (0, 1)\n"
        f"print(*sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True,
        encoding="utf-8", check=False, env={"PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert set((run.stderr.splitlines() or [""])[-1].split()) == set(admis)
