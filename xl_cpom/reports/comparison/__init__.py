"""Two workbooks of one organisme side by side: what was corrected, or how the indicators moved.

Two versions of one return are compared record by record and finding by finding, whatever the
position of the rows; the returns of two years, indicator by indicator.
"""

from xl_cpom.reports.comparison.compare import compare_returns, comparer
from xl_cpom.reports.comparison.model import (
    Comparison,
    ComparisonRefusedError,
    Nature,
    UnreadableSideError,
)

__all__ = [
    "Comparison",
    "ComparisonRefusedError",
    "Nature",
    "UnreadableSideError",
    "compare_returns",
    "comparer",
]
