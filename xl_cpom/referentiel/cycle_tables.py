"""Readers of what a region and a cycle decide: modules, actions, SI, lists, parameters."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from . import expected_names
from .information_systems import Echeance, SystemeInformation
from .nomenclatures import Formule, Liste, Module, Parametre, Reforme, Seuil, TypeAction
from .raw_rows import CERTITUDES, Ligne
from .tables_read import LoadingContext


def module(ctx: LoadingContext, code: str, ligne: Ligne) -> Module:
    """A module, with the guide's texts and the formula it uses."""
    source, certitude = ctx.provenance(ligne)
    return Module(
        code=code,
        libelle=ligne.texte("libelle"),
        statut=ligne.choix("statut", expected_names.STATUTS_MODULE),
        attendu=ligne.texte("attendu"),
        contractualisation=ligne.texte("contractualisation", ""),
        indicateur=ligne.texte("indicateur"),
        impact=ligne.texte("impact", ""),
        famille=ligne.choix("famille", expected_names.FAMILLES),
        certitude_famille=ligne.choix("certitude_famille", CERTITUDES),
        code_indicateur=ligne.texte("code_indicateur", code),
        source=source,
        certitude=certitude,
    )


def types_action(ctx: LoadingContext) -> tuple[TypeAction, ...]:
    """The closed lists of action types; (module, libellé) is unique."""
    types: dict[tuple[str, str], TypeAction] = {}
    for brute in ctx.lignes("types_action"):
        ligne = Ligne(brute["ou"], brute["valeurs"])
        source, certitude = ctx.provenance(ligne)
        code, libelle = ligne.choix("module", tuple(ctx.modules)), ligne.texte("libelle")
        if (code, libelle) in types:
            raise ligne.erreur(f"«\u00a0{libelle}\u00a0» existe déjà dans le module {code}")
        secteurs = ligne.parmi("secteurs", expected_names.SECTEURS, "les secteurs")
        if not secteurs:
            raise ligne.erreur("la clé «\u00a0secteurs\u00a0» manque ou est vide")
        types[code, libelle] = TypeAction(code, libelle, secteurs, source, certitude)
        ligne.fin()
    return tuple(types.values())


def systeme_information(ctx: LoadingContext, code: str, ligne: Ligne) -> SystemeInformation:
    """An information system, who owes it and when."""
    source, certitude = ctx.provenance(ligne)
    brutes = ligne.brut("echeances")
    if not isinstance(brutes, list) or not all(isinstance(b, dict) for b in brutes):
        raise ligne.erreur("«\u00a0echeances\u00a0» doit être une liste de tables")
    conditionnelles = ligne.parmi("categories_sous_condition", ctx.categories, "les catégories")
    return SystemeInformation(
        code=code,
        libelle=ligne.texte("libelle"),
        niveau=ligne.choix("niveau", expected_names.NIVEAUX_SI),
        categories=ligne.parmi("categories", ctx.categories, "les catégories"),
        categories_sous_condition=conditionnelles,
        condition=ligne.texte("condition") if conditionnelles else "",
        test_complet=ligne.texte("test_complet"),
        calendrier=ligne.texte("calendrier"),
        fraicheur_mois=ligne.entier("fraicheur_mois"),
        echeances=tuple(
            _echeance(ctx, Ligne(f"{ligne.ou}, échéance {rang}", brute))
            for rang, brute in enumerate(brutes, start=1)
        ),
        source=source,
        certitude=certitude,
    )


def _echeance(ctx: LoadingContext, ligne: Ligne) -> Echeance:
    source, certitude = ctx.provenance(ligne)
    echeance = Echeance(
        libelle=ligne.texte("libelle"),
        jour=ligne.entier("jour"),
        mois=ligne.entier("mois"),
        decalage_annee=ligne.entier("decalage_annee") or 0,
        objet=ligne.texte("objet", ""),
        categories=ligne.parmi("categories", ctx.categories, "les catégories"),
        statuts_juridiques=ligne.parmi(
            "statuts_juridiques", ctx.statuts_juridiques, "les statuts juridiques"
        ),
        source=source,
        certitude=certitude,
    )
    ligne.fin()
    if (echeance.jour is None) != (echeance.mois is None):
        raise ligne.erreur("«\u00a0jour\u00a0» et «\u00a0mois\u00a0» vont ensemble")
    try:
        for annee in range(ctx.depuis.year, ctx.depuis.year + 4):  # refuses 29 February too
            echeance.date(annee)
    except ValueError:
        raise ligne.erreur(
            f"«\u00a0{echeance.jour}/{echeance.mois}\u00a0» n'est pas un jour de l'année"
        ) from None
    return echeance


def seuil(ctx: LoadingContext, code: str, ligne: Ligne) -> Seuil:
    """Bounds of an atypical value."""
    source, certitude = ctx.provenance(ligne)
    bornes = Seuil(
        code=code,
        libelle=ligne.texte("libelle"),
        minimum=ligne.nombre("minimum"),
        maximum=ligne.nombre("maximum"),
        maximum_exclu=ligne.booleen("maximum_exclu", defaut=False),
        repere=ligne.nombre("repere"),
        source=source,
        certitude=certitude,
    )
    if bornes.minimum is None and bornes.maximum is None:
        raise ligne.erreur("un seuil a un minimum ou un maximum")
    return bornes


def formule(ctx: LoadingContext, code: str, ligne: Ligne) -> Formule:
    """A formula to be confirmed; whoever confirms it signs."""
    source, certitude = ctx.provenance(ligne)
    confirmee, par = ligne.date("confirmee"), ligne.texte("par", "")
    if (confirmee is None) != (not par):
        raise ligne.erreur("«\u00a0confirmee\u00a0» et «\u00a0par\u00a0» vont ensemble")
    return Formule(
        code=code,
        libelle=ligne.texte("libelle"),
        modules=ligne.parmi("modules", ctx.modules, "les modules"),
        confirmee=confirmee,
        par=par,
        source=source,
        certitude=certitude,
    )


def reforme(ctx: LoadingContext, code: str, ligne: Ligne) -> Reforme:
    """A reform and the dates between which it holds."""
    source, certitude = ctx.provenance(ligne)
    debut, fin = ligne.date_requise("debut"), ligne.date("fin")
    if fin is not None and fin < debut:
        raise ligne.erreur("«\u00a0fin\u00a0» précède «\u00a0debut\u00a0»")
    return Reforme(
        code=code,
        libelle=ligne.texte("libelle"),
        effet=ligne.texte("effet"),
        debut=debut,
        fin=fin,
        departements=ligne.parmi("departements", ctx.departements, "les départements"),
        categories=ligne.parmi("categories", ctx.categories, "les catégories"),
        source=source,
        certitude=certitude,
    )


class ListReader:
    """Reads the closed lists; a list may be drawn from another table or from an earlier list."""

    def __init__(self, ctx: LoadingContext) -> None:
        categories = ctx.categories.values()
        publics = dict.fromkeys(c.public for c in categories if c.public and c.dans_le_champ)
        ouvertes = (c.code for c in categories if c.ouverte() and c.dans_le_champ)
        self.etats: dict[str, Mapping[str, str]] = {}
        self.derivees: dict[str, tuple[str, ...]] = {
            "modules": tuple(ctx.modules),
            "si": tuple(s.libelle for s in ctx.si.values()),
            "departements": tuple(ctx.departements_region),
            "departements_france": tuple(ctx.departements),
            "statuts_juridiques": tuple(ctx.statuts_juridiques),
            "categories": tuple(ouvertes),
            "publics": tuple(publics),
        }

    def __call__(self, ctx: LoadingContext, nom: str, ligne: Ligne) -> Liste:
        """One closed list."""
        source, certitude = ctx.provenance(ligne)
        valeurs = ligne.textes("valeurs")
        etats = self._etats(ligne, valeurs)
        if not valeurs:
            origine = ligne.choix("valeurs_de", tuple(self.derivees))
            valeurs, etats = self.derivees[origine], self.etats.get(origine, etats)
        self.derivees[f"liste:{nom}"], self.etats[f"liste:{nom}"] = valeurs, etats
        return Liste(nom, valeurs, source, certitude, etats)

    def _etats(self, ligne: Ligne, valeurs: tuple[str, ...]) -> Mapping[str, str]:
        etats = ligne.table("etats")
        for quoi, donnes, permis in (
            ("de la liste", etats, valeurs),
            ("connu", etats.values(), expected_names.ETATS),
        ):
            for mot in donnes:
                if mot not in permis:
                    raise ligne.erreur(
                        f"«\u00a0etats\u00a0»\u00a0: «\u00a0{mot}\u00a0» n'est pas {quoi}\u202f; "
                        "attendu\u00a0: " + ", ".join(permis)
                    )
        return MappingProxyType(etats)


def parametre(ctx: LoadingContext, cle: str, ligne: Ligne) -> Parametre:
    """One parameter; its value is checked against its choices, its list or the modules."""
    source, certitude = ctx.provenance(ligne)
    valeur, unite = ligne.brut("valeur"), ligne.texte("unite")
    choix = ligne.textes("choix")
    permis: tuple[str, ...] = choix
    if ligne.a("liste"):
        permis = ctx.listes[ligne.choix("liste", tuple(ctx.listes))].valeurs
    elif unite in ("modules", "ratio par module"):
        permis = tuple(ctx.modules)
    elements = valeur if isinstance(valeur, (list, dict)) else [valeur]
    for element in elements:
        if permis and element not in permis:
            raise ligne.erreur(
                f"«\u00a0{element}\u00a0» n'est pas permis\u202f; attendu\u00a0: "
                + ", ".join(permis)
            )
    return Parametre(
        cle=cle,
        valeur=ligne.en_date("valeur", valeur) if unite == "date" else _fige(valeur),
        unite=unite,
        libelle=ligne.texte("libelle"),
        choix=choix,
        depuis=ligne.date("depuis") or ctx.depuis,
        source=source,
        certitude=certitude,
    )


def _fige(valeur: Any) -> Any:
    """Read-only lists and dictionaries."""
    if isinstance(valeur, dict):
        return MappingProxyType({cle: _fige(v) for cle, v in valeur.items()})
    return tuple(valeur) if isinstance(valeur, list) else valeur
