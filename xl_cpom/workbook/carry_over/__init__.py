"""Last year's return poured into the workbook of the next year, or of the next contract.

What the contract settled is locked, what is said anew each year is emptied, the rest waits to be
brought up to date. The columns say which is which (`Column.lasts`): nothing here names one, save
the few that date the workbook.
"""

from xl_cpom.workbook.carry_over.carried import Carried, CarryOverError, merged
from xl_cpom.workbook.carry_over.next_contract import renew
from xl_cpom.workbook.carry_over.next_year import carry_over

__all__ = ["Carried", "CarryOverError", "carry_over", "merged", "renew"]
