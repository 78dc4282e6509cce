"""A copy of a return that can be shown: other names, texts and numbers, the same findings."""

from xl_cpom.reports.anonymous.anonymise import Anonymised, anonymise

__all__ = ["Anonymised", "anonymise"]
