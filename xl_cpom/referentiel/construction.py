"""From raw tables to a checked `Referentiel`.

Every reference between tables is followed here, once, when loading: a type of action of an
unknown module, a list that does not exist, a FINESS category nobody declared are refused with the
file and the line, so that no rule ever meets a dead reference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, TypeVar

from . import contrat
from .fichiers import Tables
from .lignes import Ligne, ReferentielInvalide
from .modeles import (
    Categorie,
    Cotation,
    Critere,
    Departement,
    Echeance,
    Liste,
    Module,
    Nomenclature,
    Parametre,
    Seuil,
    Source,
    SystemeInformation,
    TypeAction,
)
from .referentiel import Referentiel

T = TypeVar("T")


def construire(tables: Tables) -> Referentiel:
    """Understand and check every table; raises ReferentielInvalide at the first fault."""
    return _Construction(tables).referentiel()


class _Construction:
    """Builds the tables in the order of their dependencies."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.sources = self._par_code("sources", _source)
        self.textes_sources = {code: s.texte for code, s in self.sources.items()}
        self.departements = self._par_code("departements", self._departement)
        self.statuts = self._par_code("statuts_juridiques", self._nomenclature)
        self.serafin = self._par_code("serafin", self._nomenclature)
        self.chapitres = self._par_code("chapitres_has", self._nomenclature)
        self.cotations = self._par_code("cotations_has", self._cotation)
        codes_categories = {ligne["code"] for ligne in tables.get("categories", [])}
        self.categories = self._par_code(
            "categories", lambda code, ligne: self._categorie(code, ligne, codes_categories)
        )
        self.criteres = self._par_code("criteres_has", self._critere)
        self.modules = self._par_code("modules", self._module)
        self.si = self._par_code("si", self._si)

    def _par_code(self, table: str, lire: Callable[[str, Ligne], T]) -> Mapping[str, T]:
        """Read a table of unique codes, refusing what nobody read in each row."""
        resultat: dict[str, T] = {}
        for brute in self._lignes(table):
            ligne, code = Ligne(brute["ou"], brute["valeurs"]), brute["code"]
            if not code:
                raise ligne.erreur("le code manque")
            if code in resultat:
                raise ligne.erreur(f"le code «\u00a0{code}\u00a0» existe déjà")
            resultat[code] = lire(code, ligne)
            ligne.fin()
        return MappingProxyType(resultat)

    def _lignes(self, table: str) -> list[dict[str, Any]]:
        if table not in self.tables:
            raise ReferentielInvalide(f"la table «\u00a0{table}\u00a0» manque")
        return self.tables[table]

    def referentiel(self) -> Referentiel:
        (brute,) = self._lignes("cycle")
        cycle = Ligne(brute["ou"], brute["valeurs"])
        source, certitude = cycle.provenance(self.textes_sources)
        codes = cycle.textes("departements")
        inconnus = [code for code in codes if code not in self.departements]
        if inconnus or not codes:
            raise cycle.erreur(f"département(s) inconnu(s)\u00a0: {', '.join(inconnus) or 'aucun'}")
        region = MappingProxyType({code: self.departements[code] for code in codes})
        depuis = cycle.date("depuis")
        if depuis is None:
            raise cycle.erreur("la clé «\u00a0depuis\u00a0» manque")
        listes = self._listes(region)
        resultat = Referentiel(
            id=cycle.texte("id"),
            libelle=cycle.texte("libelle"),
            region=cycle.texte("region"),
            code_region=cycle.texte("code_region", ""),
            autorite=cycle.texte("autorite"),
            annee_n1=cycle.entier_requis("annee_n1"),
            duree=cycle.entier_requis("duree"),
            duree_maximale=cycle.entier_requis("duree_maximale"),
            depuis=depuis,
            source=source,
            certitude=certitude,
            sources=self.sources,
            departements=region,
            departements_france=self.departements,
            statuts_juridiques=self.statuts,
            categories=self.categories,
            concepts_serafin=self.serafin,
            chapitres_has=self.chapitres,
            cotations=self.cotations,
            criteres_imperatifs=self.criteres,
            modules=self.modules,
            types_action=self._types_action(),
            si=self.si,
            definitions_listes=listes,
            parametres=self._parametres(depuis, listes),
            seuils=self._par_code("seuils", self._seuil),
            tables=self.tables,
        )
        cycle.fin()
        return resultat

    # --- nomenclatures -------------------------------------------------------------------------

    def _nomenclature(self, code: str, ligne: Ligne) -> Nomenclature:
        source, certitude = ligne.provenance(self.textes_sources)
        ligne.texte("agregat", "")
        return Nomenclature(
            code,
            ligne.texte("libelle"),
            ligne.texte("sigle", ""),
            ligne.date("date_debut"),
            ligne.date("date_fin"),
            source,
            certitude,
        )

    def _departement(self, code: str, ligne: Ligne) -> Departement:
        source, certitude = ligne.provenance(self.textes_sources)
        return Departement(
            code, ligne.texte("libelle"), ligne.texte("prefixe_finess", code), source, certitude
        )

    def _categorie(self, code: str, ligne: Ligne, codes: set[str]) -> Categorie:
        source, certitude = ligne.provenance(self.textes_sources)
        source_classement, certitude_classement = ligne.provenance(
            self.textes_sources, "source_classement", "certitude_classement"
        )
        return Categorie(
            code=code,
            libelle=ligne.texte("libelle"),
            sigle=ligne.texte("sigle", ""),
            secteur=ligne.choix("secteur", contrat.SECTEURS_CATEGORIE),
            public=ligne.texte("public", ""),
            autorite=ligne.choix("autorite", contrat.AUTORITES, ""),
            autorites_admises=ligne.parmi("autorites_admises", contrat.AUTORITES, "autorité"),
            date_debut=ligne.date("date_debut"),
            date_fin=ligne.date("date_fin"),
            remplacee_par=tuple(sorted(ligne.parmi("remplacee_par", codes, "catégorie"))),
            source=source,
            certitude=certitude,
            source_classement=source_classement,
            certitude_classement=certitude_classement,
        )

    def _cotation(self, code: str, ligne: Ligne) -> Cotation:
        source, certitude = ligne.provenance(self.textes_sources)
        return Cotation(
            code,
            ligne.texte("libelle"),
            ligne.nombre("valeur"),
            ligne.parmi("chapitres", self.chapitres, "chapitre"),
            source,
            certitude,
        )

    def _critere(self, code: str, ligne: Ligne) -> Critere:
        chapitre = re.fullmatch(r"(\d)\.\d{1,2}\.\d{1,2}", code)
        if not chapitre or chapitre[1] not in self.chapitres:
            raise ligne.erreur(f"«\u00a0{code}\u00a0» n'est pas un code de critère")
        source, certitude = ligne.provenance(self.textes_sources)
        return Critere(
            code,
            ligne.texte("theme"),
            ligne.texte("s_applique"),
            ligne.parmi("categories_exclues", self.categories, "catégorie"),
            source,
            certitude,
        )

    # --- the cycle -----------------------------------------------------------------------------

    def _module(self, code: str, ligne: Ligne) -> Module:
        source, certitude = ligne.provenance(self.textes_sources)
        return Module(
            code=code,
            libelle=ligne.texte("libelle"),
            statut=ligne.choix("statut", contrat.STATUTS_MODULE),
            attendu=ligne.texte("attendu"),
            contractualisation=ligne.texte("contractualisation", ""),
            indicateur=ligne.texte("indicateur"),
            impact=ligne.texte("impact", ""),
            famille=ligne.choix("famille", contrat.FAMILLES),
            certitude_famille=ligne.texte("certitude_famille", certitude),
            code_indicateur=ligne.texte("code_indicateur", code),
            source=source,
            certitude=certitude,
        )

    def _types_action(self) -> tuple[TypeAction, ...]:
        types: dict[tuple[str, str], TypeAction] = {}
        for brute in self._lignes("types_action"):
            ligne = Ligne(brute["ou"], brute["valeurs"])
            source, certitude = ligne.provenance(self.textes_sources)
            module, libelle = ligne.choix("module", tuple(self.modules)), ligne.texte("libelle")
            if (module, libelle) in types:
                raise ligne.erreur(f"«\u00a0{libelle}\u00a0» existe déjà dans le module {module}")
            secteurs = ligne.parmi("secteurs", contrat.SECTEURS, "secteur")
            if not secteurs:
                raise ligne.erreur("la clé «\u00a0secteurs\u00a0» manque ou est vide")
            types[module, libelle] = TypeAction(module, libelle, secteurs, source, certitude)
            ligne.fin()
        return tuple(types.values())

    def _si(self, code: str, ligne: Ligne) -> SystemeInformation:
        source, certitude = ligne.provenance(self.textes_sources)
        brutes = ligne.brut("echeances")
        if not isinstance(brutes, list) or not all(isinstance(b, dict) for b in brutes):
            raise ligne.erreur("«\u00a0echeances\u00a0» doit être une liste de tables")
        return SystemeInformation(
            code=code,
            libelle=ligne.texte("libelle"),
            niveau=ligne.choix("niveau", contrat.NIVEAUX_SI),
            categories=ligne.parmi("categories", self.categories, "catégorie"),
            categories_sous_condition=ligne.parmi(
                "categories_sous_condition", self.categories, "catégorie"
            ),
            condition=ligne.texte("condition", ""),
            test_complet=ligne.texte("test_complet"),
            calendrier=ligne.texte("calendrier"),
            fraicheur_mois=ligne.entier("fraicheur_mois"),
            echeances=tuple(
                self._echeance(Ligne(f"{ligne.ou}, échéance {rang}", brute))
                for rang, brute in enumerate(brutes, start=1)
            ),
            source=source,
            certitude=certitude,
        )

    def _echeance(self, ligne: Ligne) -> Echeance:
        source, certitude = ligne.provenance(self.textes_sources)
        jour, mois = ligne.entier("jour"), ligne.entier("mois")
        echeance = Echeance(
            libelle=ligne.texte("libelle"),
            jour=jour,
            mois=mois,
            decalage_annee=ligne.entier("decalage_annee") or 0,
            objet=ligne.texte("objet", ""),
            categories=ligne.parmi("categories", self.categories, "catégorie"),
            statuts_juridiques=ligne.parmi("statuts_juridiques", self.statuts, "statut juridique"),
            source=source,
            certitude=certitude,
        )
        ligne.fin()
        try:
            valable = (jour is None) == (mois is None) and echeance.date(2001) is not False
        except ValueError:
            valable = False
        if not valable:
            raise ligne.erreur(f"«\u00a0{jour}/{mois}\u00a0» n'est pas un jour de l'année")
        return echeance

    def _seuil(self, code: str, ligne: Ligne) -> Seuil:
        source, certitude = ligne.provenance(self.textes_sources)
        seuil = Seuil(
            code,
            ligne.texte("libelle"),
            ligne.nombre("minimum"),
            ligne.nombre("maximum"),
            ligne.booleen("maximum_exclu", False),
            ligne.nombre("repere"),
            source,
            certitude,
        )
        if seuil.minimum is None and seuil.maximum is None:
            raise ligne.erreur("un seuil a un minimum ou un maximum")
        return seuil

    # --- lists and parameters ------------------------------------------------------------------

    def _listes(self, region: Mapping[str, Departement]) -> Mapping[str, Liste]:
        publics = dict.fromkeys(c.public for c in self.categories.values() if c.public)
        derivees: dict[str, tuple[str, ...]] = {
            "modules": tuple(self.modules),
            "si": tuple(s.libelle for s in self.si.values()),
            "departements": tuple(region),
            "departements_france": tuple(self.departements),
            "statuts_juridiques": tuple(self.statuts),
            "categories": tuple(
                c.code for c in self.categories.values() if c.ouverte() and c.dans_le_champ
            ),
            "publics": tuple(publics),
        }

        def lire(nom: str, ligne: Ligne) -> Liste:
            source, certitude = ligne.provenance(self.textes_sources)
            valeurs = ligne.textes("valeurs")
            if not valeurs:
                valeurs = derivees[ligne.choix("valeurs_de", tuple(derivees))]
            derivees[f"liste:{nom}"] = valeurs
            return Liste(nom, valeurs, source, certitude)

        listes = self._par_code("listes", lire)
        contrat.exiger("listes.toml", "la liste", contrat.LISTES, listes)
        return listes

    def _parametres(self, depuis: date, listes: Mapping[str, Liste]) -> Mapping[str, Parametre]:
        lecteur = _LecteurParametre(self.textes_sources, depuis, listes, self.modules)
        parametres = self._par_code("parametres", lecteur)
        contrat.exiger("parametres.toml", "le paramètre", contrat.PARAMETRES, parametres)
        return parametres


class _LecteurParametre:
    """Reads one parameter: its value is checked against `choix`, its list, its unit."""

    def __init__(
        self,
        sources: Mapping[str, str],
        depuis: date,
        listes: Mapping[str, Liste],
        modules: Mapping[str, Module],
    ) -> None:
        self.sources = sources
        self.depuis = depuis
        self.listes = listes
        self.modules = modules

    def __call__(self, cle: str, ligne: Ligne) -> Parametre:
        source, certitude = ligne.provenance(self.sources)
        valeur, unite = ligne.brut("valeur"), ligne.texte("unite")
        choix, permis = ligne.textes("choix"), None
        if choix:
            permis = choix
        elif ligne.a("liste"):
            permis = self.listes[ligne.choix("liste", tuple(self.listes))].valeurs
        elif unite == "modules":
            permis = tuple(self.modules)
        elements = valeur if isinstance(valeur, (list, dict)) else [valeur]
        for element in elements if permis is not None else ():
            if element not in permis:
                raise ligne.erreur(
                    f"«\u00a0{element}\u00a0» n'est pas permis\u202f; attendu\u00a0: "
                    + ", ".join(permis or ())
                )
        return Parametre(
            cle=cle,
            valeur=ligne.en_date("valeur", valeur) if unite == "date" else _fige(valeur),
            unite=unite,
            libelle=ligne.texte("libelle"),
            choix=choix,
            depuis=ligne.date("depuis") or self.depuis,
            source=source,
            certitude=certitude,
        )


def _fige(valeur: Any) -> Any:
    if isinstance(valeur, dict):
        return MappingProxyType({cle: _fige(v) for cle, v in valeur.items()})
    return tuple(valeur) if isinstance(valeur, list) else valeur


def _source(code: str, ligne: Ligne) -> Source:
    return Source(
        code,
        ligne.texte("texte"),
        ligne.texte("url", ""),
        ligne.date("date"),
        ligne.texte("licence", ""),
    )
