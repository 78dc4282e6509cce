"""A return that lies in every cell that is calculated or declared: nobody listens."""

from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from tests.atelier import VALIDE, Workshop
from xl_cpom.batch.campagne import CampaignResult, CampaignSettings, check_campaign
from xl_cpom.batch.check_files import BatchMeans
from xl_cpom.batch.consolidation.fact_rows import all_rows
from xl_cpom.batch.consolidation.tables import ANOMALIES, DECLARES, INDICATEURS, ORGANISMES, RETOURS
from xl_cpom.batch.deposit import depot_files
from xl_cpom.batch.journal import Journal
from xl_cpom.batch.region.figures import region_figures
from xl_cpom.batch.region.page import region_page
from xl_cpom.batch.situation import situations
from xl_cpom.referentiel import load_referentiel
from xl_cpom.workbook.model import HEADER_ROW, Layout
from xl_cpom.workbook.sheets import SHEETS
from xl_cpom.workers.pool import WorkerSettings

LIE = 0.98765


def lie(path: Path) -> int:
    """Overwrite every calculated cell and every declared rate of the valid example; how many."""
    book, workshop, lies = load_workbook(VALIDE), Workshop(), 0
    for sheet in SHEETS.values():
        if sheet.layout is Layout.FICHE:
            continue
        tab = book[sheet.name]
        entries = [n for n, column in enumerate(sheet.columns, 1) if column.is_entry]
        for row in range(HEADER_ROW + 1, tab.max_row + 1):
            if all(tab.cell(row, rank).value is None for rank in entries):
                continue
            for rank, column in enumerate(sheet.columns, 1):
                cell = tab.cell(row, rank)
                computed = column.formula is not None and cell.data_type == "f"
                if computed or (column.key in DECLARES and cell.value is not None):
                    workshop.cellule(sheet.name, f"{get_column_letter(rank)}{row}", LIE)
                    lies += 1
    workshop.write(path)
    return lies


def campagne(folder: Path) -> CampaignResult:
    return check_campaign(depot_files([folder]), CampaignSettings(), Journal(),
                              moyens=BatchMeans(WorkerSettings(jobs=1)))  # fmt: skip


def tables(result: CampaignResult) -> list[tuple[str, tuple[object, ...]]]:
    """Every row but those that tell of the verdict and of the file itself."""
    told = {ANOMALIES.name, RETOURS.name, ORGANISMES.name}
    verdict = [c.key for c in INDICATEURS.columns].index("verdict")
    rows = []
    for table, row in all_rows(result, situations(result.report)):
        values = list(row)
        if table is INDICATEURS:
            values[verdict] = None
        if table.name == "totaux" and "retours recevables" in values:
            continue
        if table.name not in told:
            rows.append((table.name, tuple(values)))
    return rows


def test_no_declared_value_enters_the_consolidation(tmp_path: Path) -> None:
    for name in ("honnete", "menteur"):
        (tmp_path / name).mkdir()
    Workshop().write(tmp_path / "honnete" / "retour.xlsx")
    assert lie(tmp_path / "menteur" / "retour.xlsx") > 150
    honest, liar = campagne(tmp_path / "honnete"), campagne(tmp_path / "menteur")
    codes = {finding.code for finding in liar.reports[0].findings}
    assert {code for code in codes if code.startswith("IND-")}, "the lies are told as such"
    assert len(tables(honest)) > 60
    assert tables(liar) == tables(honest)
    assert str(LIE) not in repr(tables(liar))
    shown = region_page(region_figures(liar, situations(liar.report), load_referentiel()))
    assert "98,8" not in shown
