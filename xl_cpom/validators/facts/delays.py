"""Dates moved by days, months or years, the way a notified delay is counted.

A date beyond what Python can hold (an absurd year, already told by the entry rules) is brought
back to the last day, or the last month, that it can hold, rather than failing.
"""

from __future__ import annotations

import calendar
import datetime as dt

_FIRST_MONTH, _LAST_MONTH = 12 * dt.MINYEAR, 12 * dt.MAXYEAR + 11


def plus_days(jour: dt.date, days: int) -> dt.date:
    """The day so many days later (negative: earlier)."""
    rank = jour.toordinal() + days
    return dt.date.fromordinal(min(max(rank, 1), dt.date.max.toordinal()))


def plus_months(jour: dt.date, mois: int) -> dt.date:
    """The same day so many months later (negative: earlier), or the last day of that month."""
    rank = jour.year * 12 + jour.month - 1 + mois
    annee, month0 = divmod(min(max(rank, _FIRST_MONTH), _LAST_MONTH), 12)
    last = calendar.monthrange(annee, month0 + 1)[1]
    return dt.date(annee, month0 + 1, min(jour.day, last))


def plus_ans(jour: dt.date, ans: int) -> dt.date:
    """The same day so many years later (29 February becomes the 28th)."""
    return plus_months(jour, 12 * ans)
