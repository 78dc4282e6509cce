"""Contracts that live: invented organismes followed from N1 to the end, honestly or with one lie.

Each year's workbook is made by `xl-cpom preparer --depuis` from the returns of the year before,
filled in as an honest gestionnaire would, sent back, judged with `--precedent` and as a campaign.
An honest life raises no blocking finding and nothing of the families EVO and LOT; each kind of lie
raises its own code and no other. The same seed gives the same lives:

    python -m tools.vies DOSSIER --og 60 --annees 6 --graine 2026
"""
