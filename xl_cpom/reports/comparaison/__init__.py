"""Two workbooks of one organisme side by side: what was corrected, or how the indicators moved.

Two versions of one return are compared record by record and finding by finding, whatever the
position of the rows; the returns of two years, indicator by indicator.
"""

from xl_cpom.reports.comparaison.comparer import comparer, comparer_retours
from xl_cpom.reports.comparaison.modele import (
    Comparaison,
    ComparaisonRefusee,
    FichierIllisible,
    Nature,
)

__all__ = [
    "Comparaison",
    "ComparaisonRefusee",
    "FichierIllisible",
    "Nature",
    "comparer",
    "comparer_retours",
]
