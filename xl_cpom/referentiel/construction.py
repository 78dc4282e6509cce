"""From raw tables to a checked `Referentiel`.

Every reference between tables is followed here, once, when loading: a type of action of an
unknown module, a list that does not exist, a FINESS category nobody declared are refused with the
file and the line, so that no rule ever meets a dead reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from . import contrat, lecture_cycle, lecture_nationale
from .contexte import Contexte
from .fichiers import Tables
from .lignes import Ligne
from .modeles import Departement
from .referentiel import Referentiel


def construire(tables: Tables) -> Referentiel:
    """Understand and check every table; raises ReferentielInvalide at the first fault.

    The tables are read in the order of their dependencies.
    """
    ctx = Contexte(tables)
    (brute,) = ctx.lignes("cycle")
    cycle = Ligne(brute["ou"], brute["valeurs"])
    ctx.depuis = cycle.date_requise("depuis")
    ctx.sources = ctx.par_code("sources", lecture_nationale.source)
    ctx.departements = ctx.par_code("departements", lecture_nationale.departement)
    ctx.statuts_juridiques = ctx.par_code("statuts_juridiques", lecture_nationale.nomenclature)
    serafin = ctx.par_code("serafin", lecture_nationale.nomenclature)
    ctx.chapitres_has = ctx.par_code("chapitres_has", lecture_nationale.nomenclature)
    cotations = ctx.par_code("cotations_has", lecture_nationale.cotation)
    ctx.codes_categories = frozenset(brute["code"] for brute in ctx.lignes("categories"))
    ctx.categories = ctx.par_code("categories", lecture_nationale.categorie)
    criteres = ctx.par_code("criteres_has", lecture_nationale.critere)
    ctx.modules = ctx.par_code("modules", lecture_cycle.module)
    ctx.si = ctx.par_code("si", lecture_cycle.systeme_information)

    ctx.departements_region = _region(ctx, cycle)
    ctx.listes = ctx.par_code("listes", lecture_cycle.Listes(ctx))
    contrat.exiger("listes.toml", "la liste", contrat.LISTES, ctx.listes)
    parametres = ctx.par_code("parametres", lecture_cycle.parametre)
    contrat.exiger("parametres.toml", "le paramètre", contrat.PARAMETRES, parametres)
    source, certitude = ctx.provenance(cycle)

    resultat = Referentiel(
        id=cycle.texte("id"),
        libelle=cycle.texte("libelle"),
        region=cycle.texte("region"),
        code_region=cycle.texte("code_region", ""),
        autorite=cycle.texte("autorite"),
        annee_n1=cycle.entier_requis("annee_n1"),
        duree=cycle.entier_requis("duree"),
        duree_maximale=cycle.entier_requis("duree_maximale"),
        depuis=ctx.depuis,
        source=source,
        certitude=certitude,
        sources=ctx.sources,
        departements=ctx.departements_region,
        departements_france=ctx.departements,
        statuts_juridiques=ctx.statuts_juridiques,
        categories=ctx.categories,
        concepts_serafin=serafin,
        chapitres_has=ctx.chapitres_has,
        cotations=cotations,
        criteres_imperatifs=criteres,
        modules=ctx.modules,
        types_action=lecture_cycle.types_action(ctx),
        si=ctx.si,
        definitions_listes=ctx.listes,
        parametres=parametres,
        seuils=ctx.par_code("seuils", lecture_cycle.seuil),
        tables=tables,
    )
    cycle.fin()
    return resultat


def _region(ctx: Contexte, cycle: Ligne) -> Mapping[str, Departement]:
    codes = cycle.textes("departements")
    inconnus = [code for code in codes if code not in ctx.departements]
    if inconnus or not codes:
        raise cycle.erreur(
            "«\u00a0departements\u00a0»\u00a0: département inconnu " + ", ".join(inconnus)
            if inconnus
            else "la clé «\u00a0departements\u00a0» manque ou est vide"
        )
    return MappingProxyType({code: ctx.departements[code] for code in codes})
