"""The information systems a gestionnaire must fill, and when.

The calendar is the subtle part: one SI has several deadlines according to the deposit, the FINESS
category or the statut juridique, and some calendars are simply not known. Those give None, never
an invented date.
"""

from __future__ import annotations

import datetime as dt

from xl_cpom.light_dataclass import dataclass


@dataclass(frozen=True)
class Echeance:
    """A yearly deadline; no day and month when the calendar is not known.

    `objet` ("" = the usual deposit), `categories`, `statuts_juridiques` (empty = all) say to what
    it applies; `decalage_annee` counts from the civil year followed.
    """

    libelle: str
    jour: int | None
    mois: int | None
    decalage_annee: int
    objet: str
    categories: frozenset[str]
    statuts_juridiques: frozenset[str]
    source: str
    certitude: str

    def date(self, annee: int) -> dt.date | None:
        """The deadline for the civil year followed, None when unknown."""
        if self.jour is None or self.mois is None:
            return None
        return dt.date(annee + self.decalage_annee, self.mois, self.jour)

    def convient(self, objet: str, categorie: str, statut_juridique: str) -> bool:
        """Does this deadline apply to that deposit of that entity?"""
        return (
            self.objet == objet
            and (not self.categories or categorie in self.categories)
            and (not self.statuts_juridiques or statut_juridique in self.statuts_juridiques)
        )


@dataclass(frozen=True)
class SystemeInformation:
    """One of the information systems of the SI module.

    `niveau`: « ET », « dispositif » or « OG ». `categories`: those that make it due (empty = every
    category of the field); `categories_sous_condition`: due only under `condition`.
    `remplace_par`: codes of the systems that stand for it since; it is no longer offered, and its
    line in an older return is worth theirs. `liste_de_controle`: its completeness is that of the
    checklist of cybersecurity.
    """

    code: str
    libelle: str
    niveau: str
    categories: frozenset[str]
    categories_sous_condition: frozenset[str]
    condition: str
    test_complet: str
    calendrier: str
    fraicheur_mois: int | None
    remplace_par: tuple[str, ...]
    liste_de_controle: bool
    echeances: tuple[Echeance, ...]
    source: str
    certitude: str

    def exigibilite(self, categorie: str) -> str:
        """« exigible », « sous condition » or « non exigible » for that FINESS category."""
        if categorie in self.categories_sous_condition:
            return "sous condition"
        if not self.categories or categorie in self.categories:
            return "exigible"
        return "non exigible"
