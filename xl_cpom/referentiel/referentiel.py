"""The référentiel of one cycle: every fact the other parts need, and the questions they ask it.

One object, immutable, built once per process. It pickles as its frozen JSON, so that a batch can
hand it to its workers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from xl_cpom.light_dataclass import dataclass

from .information_systems import Echeance, SystemeInformation
from .nomenclatures import (
    ActionHelp,
    Categorie,
    ControleCyber,
    Cotation,
    Critere,
    CritereManuel,
    Departement,
    Formule,
    ListedValues,
    Module,
    Nomenclature,
    Parameter,
    Reforme,
    Seuil,
    Source,
    Synonyms,
    TypeAction,
)
from .raw_files import Tables
from .raw_rows import UnknownKeyError

FROZEN_FORMAT = 1


@dataclass(frozen=True, eq=False, repr=False)
class Referentiel:
    """A cycle's reference data. All mappings are read-only and keep the order of the files."""

    id: str
    libelle: str
    region: str
    code_region: str
    autorite: str
    guide: str
    guide_complet: str
    """How sources cite the guide of the region: see `citer`."""
    carte: Mapping[str, tuple[int, int]]
    """Code of a département -> column and row of its tile, from 1; empty: they follow on."""
    annee_n1: int
    duree: int
    duree_maximale: int
    depuis: date
    source: str
    certitude: str
    sources: Mapping[str, Source]
    departements: Mapping[str, Departement]
    departements_france: Mapping[str, Departement]
    statuts_juridiques: Mapping[str, Nomenclature]
    categories: Mapping[str, Categorie]
    concepts_serafin: Mapping[str, Nomenclature]
    chapitres_has: Mapping[str, Nomenclature]
    cotations: Mapping[str, Cotation]
    criteres_imperatifs: Mapping[str, Critere]
    manuel_has: Mapping[str, CritereManuel]
    controles_cyber: Mapping[str, ControleCyber]
    modules: Mapping[str, Module]
    types_action: tuple[TypeAction, ...]
    aides_action: Mapping[str, ActionHelp]
    si: Mapping[str, SystemeInformation]
    list_definitions: Mapping[str, ListedValues]
    synonymes: Mapping[str, Synonyms]
    parametres: Mapping[str, Parameter]
    seuils: Mapping[str, Seuil]
    formules: Mapping[str, Formule]
    reformes: Mapping[str, Reforme]
    tables: Tables

    def __repr__(self) -> str:
        return f"<Referentiel {self.id}>"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the values (not of their places): the same one means the same decisions."""
        values = {name: [[x["code"], x["valeurs"]] for x in t] for name, t in self.tables.items()}
        return sha256(json.dumps(values, ensure_ascii=False).encode("utf-8")).hexdigest()

    @cached_property
    def listes(self) -> Mapping[str, tuple[str, ...]]:
        """The closed lists of the drop-downs, in display order."""
        return MappingProxyType({n: d.valeurs for n, d in self.list_definitions.items()})

    @cached_property
    def meanings(self) -> Mapping[str, tuple[str, ...]]:
        """What people write, without accents nor capitals -> the values of lists it may mean."""
        return MappingProxyType({w: s.valeurs for s in self.synonymes.values() for w in s.ecrits})

    @property
    def serafin(self) -> Mapping[str, str]:
        """SERAFIN-PH code → label."""
        return self.nomenclature("serafin")

    @cached_property
    def nomenclatures(self) -> Mapping[str, Mapping[str, str]]:
        """Every nomenclature by name, as code → label (what CPOM_LIBELLE reads)."""
        tables: dict[str, Mapping[str, Any]] = {
            "categories": self.categories,
            "statuts_juridiques": self.statuts_juridiques,
            "departements": self.departements_france,
            "modules": self.modules,
            "si": self.si,
            "serafin": self.concepts_serafin,
            "cotations": self.cotations,
            "chapitres": self.chapitres_has,
        }
        libelles = {
            name: MappingProxyType({code: e.libelle for code, e in table.items()})
            for name, table in tables.items()
        }
        libelles["criteres"] = MappingProxyType(
            {code: c.theme for code, c in self.criteres_imperatifs.items()}
        )
        return MappingProxyType(libelles)

    def nomenclature(self, nom: str) -> Mapping[str, str]:
        """Code → label of a nomenclature. Raises UnknownKeyError (a KeyError, French)."""
        try:
            return self.nomenclatures[nom]
        except KeyError:
            known = ", ".join(self.nomenclatures)
            raise UnknownKeyError(
                f"nomenclature inconnue «\u00a0{nom}\u00a0»\u202f; nomenclatures\u00a0: {known}"
            ) from None

    @cached_property
    def spoken(self) -> Mapping[str, Mapping[str, str]]:
        """Nomenclature -> code -> the code as drop-downs say it: « 500 – EHPAD »."""
        names: dict[str, Mapping[str, str]] = {
            "categories": {code: c.sigle or c.libelle for code, c in self.categories.items()},
            "statuts_juridiques": self.nomenclature("statuts_juridiques"),
            "departements": self.nomenclature("departements"),
        }
        return MappingProxyType(
            {
                nomenclature: MappingProxyType({c: f"{c} – {name}" for c, name in labels.items()})
                for nomenclature, labels in names.items()
            }
        )

    def labels(self, nomenclature: str) -> Mapping[str, str]:
        """Label of each code, typed alone or as drop-downs say it (what CPOM_LIBELLE reads).

        Raises UnknownKeyError (a KeyError, French).
        """
        labels = self.nomenclature(nomenclature)
        spoken = self.spoken.get(nomenclature, {})
        return MappingProxyType({**labels, **{said: labels[c] for c, said in spoken.items()}})

    def valeur(self, cle: str) -> Any:
        """The value of a parameter. Raises UnknownKeyError (a KeyError, French) on an unknown
        key.
        """
        try:
            return self.parametres[cle].valeur
        except KeyError:
            raise UnknownKeyError(
                f"paramètre inconnu «\u00a0{cle}\u00a0» dans le référentiel {self.id}"
            ) from None

    def reforme(
        self, code: str, jour: date | None, *, departement: str = "", categorie: str = ""
    ) -> Reforme | None:
        """The reform of that code, if it is in force that day there for that category.

        None when it is not, when the day is not known, or when this cycle has no such reform.
        """
        found = self.reformes.get(code)
        if found is None or jour is None or not found.en_vigueur(jour, departement, categorie):
            return None
        return found

    def cite(self, texte: str) -> str:
        """A source as this region cites it: `{guide}`, `{guide_complet}` become its words."""
        return texte.replace("{guide}", self.guide).replace("{guide_complet}", self.guide_complet)

    def types_de(self, module: str, secteur: str = "") -> tuple[TypeAction, ...]:
        """The action types of a module (of one sector when given), in the order of the guide."""
        return tuple(
            t
            for t in self.types_action
            if t.module == module and (not secteur or secteur in t.secteurs)
        )

    def aide(self, kind: TypeAction) -> ActionHelp | None:
        """What the guide says of a type of action, None while its sheet is not published."""
        return next(
            (
                found
                for found in self.aides_action.values()
                if (found.module, found.type_action) == (kind.module, kind.libelle)
            ),
            None,
        )

    def category_said(self, code: str) -> str:
        """A FINESS category as the lists show it: « 500 – EHPAD »; the code alone when it has no
        short name.
        """
        known = self.categories.get(code)
        return f"{code} – {known.sigle}" if known is not None and known.sigle else code

    def si_by_libelle(self, libelle: str) -> SystemeInformation | None:
        """The information system with exactly that label (what a cell holds)."""
        return self._si_by_libelle.get(libelle)

    @cached_property
    def si_proposes(self) -> Mapping[str, SystemeInformation]:
        """The information systems by code, without those that others replaced."""
        return MappingProxyType({c: s for c, s in self.si.items() if not s.remplace_par})

    def old_names(self, code: str) -> tuple[str, ...]:
        """Labels of the older systems whose line, in an older return, stands for this one."""
        return tuple(s.libelle for s in self.si.values() if code in s.remplace_par)

    @cached_property
    def _si_by_libelle(self) -> Mapping[str, SystemeInformation]:
        return {system.libelle: system for system in self.si.values()}

    def departement_du_finess(self, numero: str) -> Departement | None:
        """The département a FINESS number belongs to, by its first characters."""
        return next(
            (d for d in self.departements_france.values() if numero.startswith(d.prefixe_finess)),
            None,
        )

    def echeance(
        self,
        si: str,
        categorie: str = "",
        *,
        statut_juridique: str = "",
        objet: str = "",
    ) -> Echeance:
        """The deadline that applies to a SI (code), with its source and certitude.

        `objet` names a particular deposit of that SI (« Creton », « EPRD »); "" is the usual one.
        Raises UnknownKeyError (a KeyError, French) when the SI or the deposit is unknown.
        """
        if si not in self.si:
            raise UnknownKeyError(
                f"SI inconnu «\u00a0{si}\u00a0»\u202f; SI\u00a0: {', '.join(self.si)}"
            )
        for echeance in self.si[si].echeances:
            if echeance.convient(objet, categorie, statut_juridique):
                return echeance
        raise UnknownKeyError(f"le SI {si} n'a pas d'échéance pour «\u00a0{objet}\u00a0»")

    def calendrier(
        self,
        si: str,
        annee: int,
        categorie: str = "",
        *,
        statut_juridique: str = "",
        objet: str = "",
    ) -> date | None:
        """The deadline of a SI for the civil year followed, None where it is not known."""
        rule = self.echeance(si, categorie, statut_juridique=statut_juridique, objet=objet)
        return rule.date(annee)

    def comptes_deposit(self, annee: int, statut_juridique: str = "") -> date:
        """Last day to deposit, during that year, the accounts of the year before.

        It is the deadline of the system « ERRD »; 30 April where this référentiel has none (CASF,
        art. R. 314-232).
        """
        if "ERRD" in self.si:
            known = self.calendrier("ERRD", annee, statut_juridique=statut_juridique)
            if known is not None:
                return known
        return date(annee, 4, 30)

    def dernier_exercice_clos(self, jour: date, statut_juridique: str = "") -> int:
        """The last exercice whose accounts are closed and deposited that day."""
        passed = jour >= self.comptes_deposit(jour.year, statut_juridique)
        return jour.year - (1 if passed else 2)

    def annee_civile(self, annee_suivie: str, annee_n1: int | None = None) -> int:
        """The civil year of « N », « N1 »… « N6 » for a contract that starts in `annee_n1`."""
        rank = int(annee_suivie[1:] or 0) if annee_suivie[:1] == "N" else -1
        if annee_suivie not in self.listes["annee_suivie"] or rank < 0:
            raise ValueError(f"année suivie inconnue «\u00a0{annee_suivie}\u00a0»")
        return (self.annee_n1 if annee_n1 is None else annee_n1) + rank - 1


def freeze_referentiel(ref: Referentiel) -> str:
    """The référentiel as one JSON text, for Pythons without tomllib or without files."""
    content = {"format": FROZEN_FORMAT, "tables": ref.tables}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
