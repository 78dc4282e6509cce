"""The guide of a campaign says what is shipped: queries, columns, names of the files."""

from __future__ import annotations

from pathlib import Path

from tools.requetes import QUERIES
from xl_cpom.batch.deposit import OTHERS
from xl_cpom.batch.follow_up import ATTENDUS, SUIVI
from xl_cpom.batch.given_lists import COLUMNS
from xl_cpom.files.workbook_suffixes import WORKBOOK_SUFFIXES
from xl_cpom.typography import typeset
from xl_cpom.validators.versions import Trace

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "campagne.md"
TEXT = GUIDE.read_text(encoding="utf-8")


def test_the_queries_are_those_that_are_tried() -> None:
    for title, query in QUERIES.items():
        shown = query.strip().format(d="CONSOLIDATION/parquet/annee=2027")
        assert f"{typeset(title + ' :')}\n\n```sql\n{shown}\n```" in TEXT


def test_the_files_and_the_columns_exist() -> None:
    for name in (SUIVI, ATTENDUS):
        assert f"`{name}`" in TEXT
    for column in ("finess_ej", "raison_sociale", "departement", "type_contrat", "date_entree",
                   "competence", "contact", "courriel", "telephone"):  # fmt: skip
        assert f"`{column}`" in TEXT and column in COLUMNS
    for extension in (".xls", ".xlsb", ".ods", ".numbers", ".zip"):
        assert extension in TEXT and extension in OTHERS
    assert {".xlsx", ".xlsm"} == WORKBOOK_SUFFIXES


def test_the_advised_name_decides_between_two_versions() -> None:
    assert "`CPOM2630_<FINESS EJ>_<AAAAMMJJ>_v<N>.xlsx`" in TEXT
    trace = Trace("CPOM2630_210099008_20280115_v2.xlsx")
    assert (str(trace.day), trace.version) == ("2028-01-15", 2)
