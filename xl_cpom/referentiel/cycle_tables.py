"""Readers of what a region and a cycle decide: modules, actions, SI, lists, parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from . import expected_names
from .information_systems import Echeance, SystemeInformation
from .nomenclatures import (
    ActionHelp,
    Formule,
    ListedValues,
    Module,
    Parameter,
    Reforme,
    Seuil,
    Synonyms,
    TypeAction,
)
from .raw_rows import CERTAINTIES, CheckedRow
from .tables_read import LoadingContext


def module(ctx: LoadingContext, code: str, row: CheckedRow) -> Module:
    """A module, with the guide's texts and the formula it uses."""
    source, certainty = ctx.provenance(row)
    return Module(
        code=code,
        libelle=(libelle := row.text("libelle")),
        court=row.text("court", libelle),
        statut=row.choice("statut", expected_names.STATUTS_MODULE),
        attendu=row.text("attendu"),
        contractualisation=row.text("contractualisation", ""),
        attendus_n=row.parmi("attendus_n", expected_names.ATTENDUS_N, "les attendus de N"),
        indicateur=row.text("indicateur"),
        impact=row.text("impact", ""),
        famille=row.choice("famille", expected_names.FAMILIES),
        certitude_famille=row.choice("certitude_famille", CERTAINTIES),
        code_indicateur=row.text("code_indicateur", code),
        source=source,
        certitude=certainty,
    )


def types_action(ctx: LoadingContext) -> tuple[TypeAction, ...]:
    """The closed lists of action types; (module, libellé) is unique."""
    types: dict[tuple[str, str], TypeAction] = {}
    for raw in ctx.rows("types_action"):
        row = CheckedRow(raw["ou"], raw["valeurs"])
        source, certainty = ctx.provenance(row)
        code, libelle = row.choice("module", tuple(ctx.modules)), row.text("libelle")
        if (code, libelle) in types:
            raise row.error(f"«\u00a0{libelle}\u00a0» existe déjà dans le module {code}")
        secteurs = row.parmi("secteurs", expected_names.SECTEURS, "les secteurs")
        if not secteurs:
            raise row.error("la clé «\u00a0secteurs\u00a0» manque ou est vide")
        types[code, libelle] = TypeAction(code, libelle, secteurs, source, certainty)
        row.end()
    return tuple(types.values())


def action_help(ctx: LoadingContext, code: str, row: CheckedRow) -> ActionHelp:
    """The help on a type of action, which must be one of the closed lists."""
    source, certainty = ctx.provenance(row)
    module, libelle = row.text("module"), row.text("type")
    if (module, libelle) not in {(t.module, t.libelle) for t in types_action(ctx)}:
        raise row.error(f"«\u00a0{libelle}\u00a0» n'est pas un type d'action du module {module}")
    return ActionHelp(
        code=code,
        module=module,
        type_action=libelle,
        presentation=row.texts("presentation"),
        questions=row.texts("questions"),
        points_cles=row.texts("points_cles"),
        ressources=row.texts("ressources"),
        source=source,
        certitude=certainty,
    )


def systeme_information(ctx: LoadingContext, code: str, row: CheckedRow) -> SystemeInformation:
    """An information system, who owes it and when."""
    source, certainty = ctx.provenance(row)
    this_raw = row.raw("echeances")
    if not isinstance(this_raw, list) or not all(isinstance(b, dict) for b in this_raw):
        raise row.error("«\u00a0echeances\u00a0» doit être une liste de tables")
    conditionnelles = row.parmi("categories_sous_condition", ctx.categories, "les catégories")
    return SystemeInformation(
        code=code,
        libelle=row.text("libelle"),
        niveau=row.choice("niveau", expected_names.SI_LEVELS),
        categories=row.parmi("categories", ctx.categories, "les catégories"),
        categories_sous_condition=conditionnelles,
        condition=row.text("condition") if conditionnelles else "",
        test_complet=row.text("test_complet"),
        calendrier=row.text("calendrier"),
        fraicheur_mois=row.integer("fraicheur_mois"),
        remplace_par=row.texts("remplace_par"),
        liste_de_controle=row.boolean("liste_de_controle", default=False),
        echeances=tuple(
            _echeance(ctx, CheckedRow(f"{row.ou}, échéance {rank}", raw))
            for rank, raw in enumerate(this_raw, start=1)
        ),
        source=source,
        certitude=certainty,
    )


def _echeance(ctx: LoadingContext, row: CheckedRow) -> Echeance:
    source, certainty = ctx.provenance(row)
    echeance = Echeance(
        libelle=row.text("libelle"),
        jour=row.integer("jour"),
        mois=row.integer("mois"),
        decalage_annee=row.integer("decalage_annee") or 0,
        objet=row.text("objet", ""),
        categories=row.parmi("categories", ctx.categories, "les catégories"),
        statuts_juridiques=row.parmi(
            "statuts_juridiques", ctx.statuts_juridiques, "les statuts juridiques"
        ),
        source=source,
        certitude=certainty,
    )
    row.end()
    if (echeance.jour is None) != (echeance.mois is None):
        raise row.error("«\u00a0jour\u00a0» et «\u00a0mois\u00a0» vont ensemble")
    try:
        for annee in range(ctx.depuis.year, ctx.depuis.year + 4):  # refuses 29 February too
            echeance.date(annee)
    except ValueError:
        raise row.error(
            f"«\u00a0{echeance.jour}/{echeance.mois}\u00a0» n'est pas un jour de l'année"
        ) from None
    return echeance


def seuil(ctx: LoadingContext, code: str, row: CheckedRow) -> Seuil:
    """Bounds of an atypical value."""
    source, certainty = ctx.provenance(row)
    bounds = Seuil(
        code=code,
        libelle=row.text("libelle"),
        minimum=row.number("minimum"),
        maximum=row.number("maximum"),
        maximum_exclu=row.boolean("maximum_exclu", default=False),
        repere=row.number("repere"),
        source=source,
        certitude=certainty,
    )
    if bounds.minimum is None and bounds.maximum is None:
        raise row.error("un seuil a un minimum ou un maximum")
    return bounds


def formule(ctx: LoadingContext, code: str, row: CheckedRow) -> Formule:
    """A formula to be confirmed; whoever confirms it signs."""
    source, certainty = ctx.provenance(row)
    confirmee, by = row.date("confirmee"), row.text("par", "")
    if (confirmee is None) != (not by):
        raise row.error("«\u00a0confirmee\u00a0» et «\u00a0par\u00a0» vont ensemble")
    return Formule(
        code=code,
        libelle=row.text("libelle"),
        modules=row.parmi("modules", ctx.modules, "les modules"),
        confirmee=confirmee,
        par=by,
        source=source,
        certitude=certainty,
    )


def reforme(ctx: LoadingContext, code: str, row: CheckedRow) -> Reforme:
    """A reform and the dates between which it holds."""
    source, certainty = ctx.provenance(row)
    start, end = row.date_requise("debut"), row.date("fin")
    if end is not None and end < start:
        raise row.error("«\u00a0fin\u00a0» précède «\u00a0debut\u00a0»")
    return Reforme(
        code=code,
        libelle=row.text("libelle"),
        effet=row.text("effet"),
        debut=start,
        fin=end,
        departements=row.parmi("departements", ctx.departements, "les départements"),
        categories=row.parmi("categories", ctx.categories, "les catégories"),
        source=source,
        certitude=certainty,
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
            "si": tuple(s.libelle for s in ctx.si.values() if not s.remplace_par),
            "departements": tuple(ctx.departements_region),
            "departements_france": tuple(ctx.departements),
            "statuts_juridiques": tuple(ctx.statuts_juridiques),
            "categories": tuple(ouvertes),
            "publics": tuple(publics),
        }

    def __call__(self, ctx: LoadingContext, nom: str, row: CheckedRow) -> ListedValues:
        """One closed list."""
        source, certainty = ctx.provenance(row)
        values = row.texts("valeurs")
        states = self._states(row, values)
        if not values:
            origin = row.choice("valeurs_de", tuple(self.derivees))
            values, states = self.derivees[origin], self.etats.get(origin, states)
        self.derivees[f"liste:{nom}"], self.etats[f"liste:{nom}"] = values, states
        former = row.table("anciennes")
        self._require(row, "anciennes", former.values(), values, "de la liste")
        return ListedValues(nom, values, source, certainty, states, MappingProxyType(former))

    def _states(self, row: CheckedRow, valeurs: tuple[str, ...]) -> Mapping[str, str]:
        states = row.table("etats")
        self._require(row, "etats", states, valeurs, "de la liste")
        self._require(row, "etats", states.values(), expected_names.STATE_WORDS, "connu")
        return MappingProxyType(states)

    @staticmethod
    def _require(
        row: CheckedRow, field: str, words: Iterable[str], known: Sequence[str], what: str
    ) -> None:
        for word in words:
            if word not in known:
                raise row.error(
                    f"«\u00a0{field}\u00a0»\u00a0: «\u00a0{word}\u00a0» n'est pas {what}\u202f; "
                    "attendu\u00a0: " + ", ".join(known)
                )


def synonyms(ctx: LoadingContext, code: str, row: CheckedRow) -> Synonyms:
    """What is written instead of a value of a list."""
    source, certainty = ctx.provenance(row)
    spellings = row.texts("ecrits")
    for written in spellings:
        if written != written.lower() or not written.isascii():
            raise row.error(f"«\u00a0{written}\u00a0» s'écrit sans accent ni majuscule")
    return Synonyms(code, spellings, row.texts("valeurs"), source, certainty)


def parametre(ctx: LoadingContext, cle: str, row: CheckedRow) -> Parameter:
    """One parameter; its value is checked against its choices, its list or the modules."""
    source, certainty = ctx.provenance(row)
    value, unite = row.raw("valeur"), row.text("unite")
    choices = row.texts("choix")
    permis: tuple[str, ...] = choices
    if row.a("liste"):
        permis = ctx.listes[row.choice("liste", tuple(ctx.listes))].valeurs
    elif unite in ("modules", "ratio par module"):
        permis = tuple(ctx.modules)
    elements = value if isinstance(value, (list, dict)) else [value]
    for element in elements:
        if permis and element not in permis:
            raise row.error(
                f"«\u00a0{element}\u00a0» n'est pas permis\u202f; attendu\u00a0: "
                + ", ".join(permis)
            )
    return Parameter(
        cle=cle,
        valeur=row.en_date("valeur", value) if unite == "date" else _frozen(value),
        unite=unite,
        libelle=row.text("libelle"),
        choix=choices,
        depuis=row.date("depuis") or ctx.depuis,
        source=source,
        certitude=certainty,
    )


def _frozen(valeur: Any) -> Any:
    """Read-only lists and dictionaries."""
    if isinstance(valeur, dict):
        return MappingProxyType({key: _frozen(v) for key, v in valeur.items()})
    return tuple(valeur) if isinstance(valeur, list) else valeur
