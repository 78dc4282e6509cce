"""From raw tables to a checked `Referentiel`.

Every reference between tables is followed here, once, when loading: a type of action of an
unknown module, a list that does not exist, a FINESS category nobody declared are refused with the
file and the line, so that no rule ever meets a dead reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from . import cycle_tables, expected_names, national_tables
from .nomenclatures import Critere, CritereManuel, Departement, Parameter
from .raw_files import Tables
from .raw_rows import CheckedRow, InvalidReferentielError
from .referentiel import Referentiel
from .tables_read import LoadingContext


def build_referentiel(tables: Tables) -> Referentiel:
    """Understand and check every table; raises InvalidReferentielError at the first fault.

    The tables are read in the order of their dependencies.
    """
    ctx = LoadingContext(tables)
    (raw,) = ctx.rows("cycle")
    cycle = CheckedRow(raw["ou"], raw["valeurs"])
    ctx.depuis = cycle.date_requise("depuis")
    ctx.sources = ctx.by_code("sources", national_tables.source)
    ctx.departements = ctx.by_code("departements", national_tables.departement)
    ctx.statuts_juridiques = ctx.by_code("statuts_juridiques", national_tables.nomenclature)
    serafin = ctx.by_code("serafin", national_tables.nomenclature)
    ctx.chapitres_has = ctx.by_code("chapitres_has", national_tables.nomenclature)
    cotations = ctx.by_code("cotations_has", national_tables.cotation)
    ctx.codes_categories = frozenset(raw["code"] for raw in ctx.rows("categories"))
    ctx.categories = ctx.by_code("categories", national_tables.categorie)
    criteres = ctx.by_code("criteres_has", national_tables.critere)
    manuel = ctx.by_code("manuel_has", national_tables.critere_du_manuel)
    ctx.modules = ctx.by_code("modules", cycle_tables.module)
    ctx.si = ctx.by_code("si", cycle_tables.systeme_information)
    _remplacements(ctx)

    ctx.departements_region = _region(ctx, cycle)
    ctx.listes = ctx.by_code("listes", cycle_tables.ListReader(ctx))
    expected_names.require_names("listes.toml", "la liste", expected_names.LISTS, ctx.listes)
    parameters = ctx.by_code("parametres", cycle_tables.parametre)
    expected_names.require_names(
        "parametres.toml", "le paramètre", expected_names.PARAMETERS, parameters
    )
    _comptes(manuel, criteres, parameters)
    source, certainty = ctx.provenance(cycle)
    cycle_libelle, autorite = cycle.text("libelle"), cycle.text("autorite")

    result = Referentiel(
        id=cycle.text("id"),
        libelle=cycle_libelle,
        region=cycle.text("region"),
        code_region=cycle.text("code_region", ""),
        autorite=autorite,
        guide=cycle.text("guide", f"Guide {cycle_libelle}"),
        guide_complet=cycle.text("guide_complet", f"{autorite}, guide {cycle_libelle}"),
        carte=_map(cycle, ctx.departements_region),
        annee_n1=cycle.required_integer("annee_n1"),
        duree=cycle.required_integer("duree"),
        duree_maximale=cycle.required_integer("duree_maximale"),
        depuis=ctx.depuis,
        source=source,
        certitude=certainty,
        sources=ctx.sources,
        departements=ctx.departements_region,
        departements_france=ctx.departements,
        statuts_juridiques=ctx.statuts_juridiques,
        categories=ctx.categories,
        concepts_serafin=serafin,
        chapitres_has=ctx.chapitres_has,
        cotations=cotations,
        criteres_imperatifs=criteres,
        manuel_has=manuel,
        controles_cyber=ctx.by_code("controles_cyber", national_tables.controle_cyber),
        formules=ctx.by_code("formules", cycle_tables.formule),
        reformes=ctx.by_code("reformes", cycle_tables.reforme),
        modules=ctx.modules,
        types_action=cycle_tables.types_action(ctx),
        aides_action=ctx.by_code("aides_action", cycle_tables.action_help),
        si=ctx.si,
        list_definitions=ctx.listes,
        synonymes=ctx.by_code("synonymes", cycle_tables.synonyms),
        parametres=parameters,
        seuils=ctx.by_code("seuils", cycle_tables.seuil),
        tables=tables,
    )
    cycle.end()
    return result


def _map(
    cycle: CheckedRow, departements: Mapping[str, Departement]
) -> Mapping[str, tuple[int, int]]:
    """Column and row of each département on the map of the region, from 1; none: no map."""
    places = cycle.table("carte")
    for code, place in places.items():
        if not (
            isinstance(place, list)
            and len(place) == 2
            and all(type(one) is int and one >= 1 for one in place)
        ):
            raise cycle.error(
                f"«\u00a0carte\u00a0»\u00a0: la place de «\u00a0{code}\u00a0» est une colonne et "
                "un rang, à partir de 1"
            )
    if places and places.keys() != departements.keys():
        ecart = sorted(places.keys() ^ departements.keys())
        raise cycle.error(
            "«\u00a0carte\u00a0» et «\u00a0departements\u00a0» ne nomment pas les mêmes "
            "départements\u00a0: " + ", ".join(ecart)
        )
    return MappingProxyType({code: (place[0], place[1]) for code, place in places.items()})


def _region(ctx: LoadingContext, cycle: CheckedRow) -> Mapping[str, Departement]:
    codes = cycle.texts("departements")
    unknown = [code for code in codes if code not in ctx.departements]
    if unknown or not codes:
        raise cycle.error(
            "«\u00a0departements\u00a0»\u00a0: département inconnu " + ", ".join(unknown)
            if unknown
            else "la clé «\u00a0departements\u00a0» manque ou est vide"
        )
    return MappingProxyType({code: ctx.departements[code] for code in codes})


def _remplacements(ctx: LoadingContext) -> None:
    """A system is replaced by systems that exist and are still offered."""
    for system in ctx.si.values():
        for code in system.remplace_par:
            if code not in ctx.si or ctx.si[code].remplace_par:
                raise InvalidReferentielError(
                    f"si.toml\u00a0: «\u00a0{system.code}\u00a0» est remplacé par "
                    f"«\u00a0{code}\u00a0», qui n'est pas un système proposé"
                )


def _comptes(
    manuel: Mapping[str, CritereManuel],
    imperatifs: Mapping[str, Critere],
    parametres: Mapping[str, Parameter],
) -> None:
    """The lists of the HAS manual are whole, and agree with each other."""
    counts = {"has_nombre_criteres": len(manuel), "has_nombre_imperatifs": len(imperatifs)}
    for key, count in counts.items():
        if count != parametres[key].valeur:
            raise InvalidReferentielError(
                f"parametres.toml\u00a0: «\u00a0{key}\u00a0» vaut {parametres[key].valeur}, et "
                f"la liste en compte {count}"
            )
    if {code for code, critere in manuel.items() if critere.imperatif} != set(imperatifs):
        raise InvalidReferentielError(
            "manuel_has.csv et criteres_has.csv n'ont pas les mêmes critères impératifs"
        )
