"""Dates moved by days, months or years, the way a notified delay is counted.

A date beyond what Python can hold (an absurd year, already told by the entry rules) is brought
back to the last day, or the last month, that it can hold, rather than failing.
"""

from __future__ import annotations

import calendar
import datetime as dt

_PREMIER_MOIS, _DERNIER_MOIS = 12 * dt.MINYEAR, 12 * dt.MAXYEAR + 11


def plus_jours(jour: dt.date, jours: int) -> dt.date:
    """The day so many days later (negative: earlier)."""
    rang = jour.toordinal() + jours
    return dt.date.fromordinal(min(max(rang, 1), dt.date.max.toordinal()))


def plus_mois(jour: dt.date, mois: int) -> dt.date:
    """The same day so many months later (negative: earlier), or the last day of that month."""
    rang = jour.year * 12 + jour.month - 1 + mois
    annee, mois0 = divmod(min(max(rang, _PREMIER_MOIS), _DERNIER_MOIS), 12)
    dernier = calendar.monthrange(annee, mois0 + 1)[1]
    return dt.date(annee, mois0 + 1, min(jour.day, dernier))


def plus_ans(jour: dt.date, ans: int) -> dt.date:
    """The same day so many years later (29 February becomes the 28th)."""
    return plus_mois(jour, 12 * ans)
