"""What the référentiel hands out: frozen records, each with its source and its certitude.

A verdict given to a gestionnaire must be traceable to a text. So no threshold, label or list is
written in the code: each is a record here, which says where it comes from (`source`, French) and
how sure we are (`certitude`: « guide » in the ARS guide, « trouvé » in a public source, « connu »
in the trade, « inféré » by us, to be confirmed by the ARS).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from xl_cpom.light_dataclass import dataclass, field


@dataclass(frozen=True)
class Source:
    """A public source: title to cite, address, date of the version, licence of the data.

    `lu`: the day somebody of the project read it. Both dates are None for a convention of ours
    only; `date` may be None for a page without date.
    """

    code: str
    texte: str
    url: str
    date: dt.date | None
    licence: str
    lu: dt.date | None = None

    def ancienne(self, au: dt.date, annees: int = 2) -> bool:
        """Is its version, or failing that its last reading, older than that at this date?"""
        known = self.date or self.lu
        return known is not None and (au - known).days > 365.25 * annees


@dataclass(frozen=True)
class Nomenclature:
    """One entry of a plain nomenclature (statut juridique, SERAFIN-PH, chapitre HAS).

    `famille`: the group it belongs to in its nomenclature, when there is one.
    """

    code: str
    libelle: str
    sigle: str
    famille: str
    date_debut: dt.date | None
    date_fin: dt.date | None
    source: str
    certitude: str


@dataclass(frozen=True)
class Departement:
    """A département; `prefixe_finess` is how its FINESS numbers begin (overseas: 9701…)."""

    code: str
    libelle: str
    prefixe_finess: str
    source: str
    certitude: str


@dataclass(frozen=True)
class Categorie:
    """A FINESS category, open (`date_fin` None) or closed.

    `secteur`: « PA », « PH », « PA/PH » or « hors champ ». `autorite`: the usual one (« ARS »,
    « CD », « ARS + CD », or "" when it depends); `autorites_admises`: those that are not abnormal.
    `remplacee_par`: codes to propose instead of a closed one. `structure`: « établissement »,
    « service », or "" when it may be either (the HAS manual reserves some criteria to one).
    """

    code: str
    libelle: str
    sigle: str
    secteur: str
    public: str
    autorite: str
    autorites_admises: frozenset[str]
    date_debut: dt.date | None
    date_fin: dt.date | None
    remplacee_par: tuple[str, ...]
    structure: str
    source: str
    certitude: str
    source_classement: str
    certitude_classement: str

    @property
    def dans_le_champ(self) -> bool:
        """Does this category belong to a CPOM PA/PH?"""
        return self.secteur != "hors champ"

    def ouverte(self, au: dt.date | None = None) -> bool:
        """Is the category in force at that date? Without a date: has it no closing date?"""
        return self.date_fin is None or (au is not None and au < self.date_fin)

    @property
    def secteurs(self) -> frozenset[str]:
        """The sectors an establishment of this category may declare."""
        return frozenset(self.secteur.split("/")) if self.dans_le_champ else frozenset()


@dataclass(frozen=True)
class Module:
    """A module of the CPOM socle, with the guide's own texts.

    `court`: its name where the libellé is too long, the libellé when none is given.

    `contractualisation`: what the guide expects of it in period N; `attendus_n`: the same as the
    parts of the diagnostic that the workbook asks for (`expected_names.ATTENDUS_N`).

    `famille`: which formula of the guide's annex applies (« avancement », « si », « levee »,
    « resorption »). `code_indicateur`: the code of its indicator in reports.
    """

    code: str
    libelle: str
    court: str
    statut: str
    attendu: str
    contractualisation: str
    attendus_n: frozenset[str]
    indicateur: str
    impact: str
    famille: str
    certitude_famille: str
    code_indicateur: str
    source: str
    certitude: str


@dataclass(frozen=True)
class TypeAction:
    """A type of action of the closed lists, open to one or both sectors."""

    module: str
    libelle: str
    secteurs: frozenset[str]
    source: str
    certitude: str


@dataclass(frozen=True)
class ActionHelp:
    """The sheet of the guide on a type of action: what it is, what to ask oneself, where to look.

    Texts are French paragraphs or items, in the order of the guide.
    """

    code: str
    module: str
    type_action: str
    presentation: tuple[str, ...]
    questions: tuple[str, ...]
    points_cles: tuple[str, ...]
    ressources: tuple[str, ...]
    source: str
    certitude: str


@dataclass(frozen=True)
class Critere:
    """A critère impératif of the HAS manual; not expected of `categories_exclues`."""

    code: str
    theme: str
    s_applique: str
    categories_exclues: frozenset[str]
    source: str
    certitude: str


@dataclass(frozen=True)
class CritereManuel:
    """A criterion of the HAS manual; `imperatif` or standard.

    `structures`: « établissement » or « service » when it concerns only those ("" = both);
    `secteurs`: « médico-social » when it leaves the social sector out ("" = both).
    """

    code: str
    imperatif: bool
    structures: str
    secteurs: str
    source: str
    certitude: str

    def concerne(self, structure: str) -> bool:
        """May it be asked of an établissement, of a service? ("" = not known: it may.)"""
        return not self.structures or not structure or structure == self.structures

    @property
    def type(self) -> str:
        """« impératif » or « standard », as in the workbook."""
        return "impératif" if self.imperatif else "standard"


@dataclass(frozen=True)
class ControleCyber:
    """A point of the checklist of cybersecurity; `annuel`: to be done, and dated, each year."""

    code: str
    libelle: str
    preuve: str
    annuel: bool
    source: str
    certitude: str


@dataclass(frozen=True)
class Cotation:
    """A mark of the HAS scale; `valeur` None when it leaves the calculation.

    `chapitres`: the chapters where it may be used (empty = all).
    """

    code: str
    libelle: str
    valeur: float | None
    chapitres: frozenset[str]
    source: str
    certitude: str


@dataclass(frozen=True)
class ListedValues:
    """A closed list of a drop-down, in display order."""

    nom: str
    valeurs: tuple[str, ...]
    source: str
    certitude: str
    etats: Mapping[str, str] = field(default_factory=dict)
    """What each status means: a key of `contrat.ETATS`; nothing for lists that hold no status."""
    anciennes: Mapping[str, str] = field(default_factory=dict)
    """How earlier templates wrote a value -> the value: read as it, in silence."""


@dataclass(frozen=True)
class Synonyms:
    """What is written instead of a value of a list; it is suggested, never taken."""

    code: str
    ecrits: tuple[str, ...]
    """Without accents nor capitals."""
    valeurs: tuple[str, ...]
    """The value meant, by preference: the first that the list of the column admits."""
    source: str
    certitude: str


@dataclass(frozen=True)
class Parameter:
    """A threshold or a switchable method. `choix` (may be empty): the allowed values."""

    cle: str
    valeur: Any
    unite: str
    libelle: str
    choix: tuple[str, ...]
    depuis: dt.date
    source: str
    certitude: str


@dataclass(frozen=True)
class Formule:
    """A formula that an unpublished text fixes; `confirmee` and `par`: when the ARS confirmed it.

    `modules`: those whose rate it gives.
    """

    code: str
    libelle: str
    modules: frozenset[str]
    confirmee: dt.date | None
    par: str
    source: str
    certitude: str


@dataclass(frozen=True)
class Reforme:
    """A reform, or a national decision, that changes for a time what a contract must hold.

    `fin` None: until further notice. `departements` and `categories`: where and for whom (empty =
    everywhere, for all). `effet`: what follows for the contract, in one French sentence.
    """

    code: str
    libelle: str
    effet: str
    debut: dt.date
    fin: dt.date | None
    departements: frozenset[str]
    categories: frozenset[str]
    source: str
    certitude: str

    def en_vigueur(self, jour: dt.date, departement: str = "", categorie: str = "") -> bool:
        """Is it in force that day, in that département, for that category?"""
        return (
            self.debut <= jour
            and (self.fin is None or jour <= self.fin)
            and (not self.departements or departement in self.departements)
            and (not self.categories or categorie in self.categories)
        )


@dataclass(frozen=True)
class Seuil:
    """Bounds beyond which an indicator's value is atypical (never refused for it).

    `maximum_exclu`: the maximum itself is already atypical. `repere`: an indicative alert line.
    """

    code: str
    libelle: str
    minimum: float | None
    maximum: float | None
    maximum_exclu: bool
    repere: float | None
    source: str
    certitude: str

    def atypique(self, valeur: float) -> bool:
        """Is this value outside the usual bounds?"""
        if self.minimum is not None and valeur < self.minimum:
            return True
        if self.maximum is None:
            return False
        return valeur >= self.maximum if self.maximum_exclu else valeur > self.maximum
