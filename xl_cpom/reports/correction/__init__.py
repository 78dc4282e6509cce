"""The corrected copy: the returned workbook with the values that the reading repaired."""

from xl_cpom.reports.correction.correct import Correction, correct
from xl_cpom.reports.correction.repairs import CellRepair

__all__ = ["CellRepair", "Correction", "correct"]
