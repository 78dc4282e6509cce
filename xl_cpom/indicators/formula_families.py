"""The four formula families of the guide, as trees: what counts, what leaves, what is missing."""

from __future__ import annotations

from .computation_method import Methode
from .expressions import (
    ALWAYS,
    NEVER,
    Among,
    Blank,
    Compare,
    Condition,
    Count,
    Filled,
    GroupCount,
    GroupShares,
    IfPresent,
    NotAmong,
    Number,
    OrDefault,
    Param,
    Ref,
    SameAs,
    ScalarBlank,
    Sum,
    SumByText,
    add,
    all_of,
    any_of,
)


def _lines(*vectors: str) -> Condition:
    """Lines of the indicator: those of the perimeter asked, or failing that every filled line."""
    filled = any_of(*(IfPresent(key, Filled(key), NEVER) for key in vectors))
    return IfPresent("perimetre", SameAs("perimetre", "code"), filled)


def avancement(
    realises: str, exclus: str, vectors: tuple[str, ...] = ("statut",)
) -> dict[str, Methode]:
    """Lines done over lines kept; `exclus` statuses leave both terms, a blank status stays."""
    rows = _lines(*vectors)
    kept = all_of(rows, NotAmong("statut", Param(exclus)))
    return {
        "REALISEES": Methode(
            Count(all_of(kept, Among("statut", Param(realises)))),
            Count(kept),
            rows,
            requis=("statut",),
            libelle="part des lignes réalisées",
        )
    }


def avancement_plan() -> dict[str, Methode]:
    """REALISEES, and the two means of the percentages, where the status stands in for a blank."""
    methods = avancement(
        "statuts_action_realises", "statuts_action_exclus", ("statut", "avancement", "poids")
    )
    rows = methods["REALISEES"].rows
    kept = all_of(rows, NotAmong("statut", Param("statuts_action_exclus")))
    known = all_of(kept, IfPresent("avancement", Filled("avancement"), NEVER))
    unknown = all_of(kept, IfPresent("avancement", Blank("avancement"), ALWAYS))
    weighted = IfPresent("poids", Filled("poids"), NEVER)
    unweighted = IfPresent("poids", Blank("poids"), ALWAYS)
    table = Param("avancement_par_statut")
    methods["MOYENNE"] = Methode(
        add(Sum(("avancement",), known), SumByText("statut", table, (), unknown)),
        Count(kept),
        rows,
        requis=("statut",),
        libelle="moyenne des avancements, à défaut selon le statut",
    )
    methods["PONDEREE"] = Methode(
        add(
            Sum(("avancement", "poids"), all_of(known, weighted)),
            Sum(("avancement",), all_of(known, unweighted)),
            SumByText("statut", table, ("poids",), all_of(unknown, weighted)),
            SumByText("statut", table, (), all_of(unknown, unweighted)),
        ),
        add(Sum(("poids",), all_of(kept, weighted)), Count(all_of(kept, unweighted))),
        rows,
        requis=("statut",),
        libelle="moyenne des avancements pondérée, poids 1 à défaut",
    )
    return methods


def echues() -> dict[str, Methode]:
    """Actions done over actions whose deadline has passed at the date `au`."""
    rows = _lines("statut", "echeance")
    due = all_of(
        rows,
        NotAmong("statut", Param("statuts_action_exclus")),
        Compare("echeance", "<=", Ref("au")),
    )
    return {
        "REALISEES": Methode(
            Count(all_of(due, Among("statut", Param("statuts_action_realises")))),
            Count(due),
            rows,
            requis=("statut", "echeance"),
            libelle="part des actions échues réalisées",
        )
    }


def systemes_information() -> dict[str, Methode]:
    """Couples complete over couples exigibles; a blank completeness is not complete."""
    due = IfPresent("exigible", Among("exigible", ("Oui",)), ALWAYS)
    rows = all_of(_lines("taux_completude", "si", "exigible"), due)
    named = all_of(_lines("si"), due)
    complete = Compare("taux_completude", ">=", Number(Param("seuil_si_complet")))
    return {
        "COUPLES": Methode(
            Count(all_of(rows, complete)),
            Count(rows),
            rows,
            requis=("taux_completude",),
            libelle="part des couples SI × entité complétés à 100\u202f%",
        ),
        "PAR_SI": Methode(
            GroupShares("si", complete, named),
            GroupCount("si", named),
            named,
            requis=("taux_completude", "si"),
            libelle="moyenne des taux de chaque SI",
        ),
    }


def levee() -> dict[str, Methode]:
    """Measures lifted by a dated, referenced letter over measures notified and not withdrawn."""
    rows = all_of(
        _lines("type_mesure", "statut", "date_levee", "reference"),
        IfPresent("type_mesure", Among("type_mesure", Param("types_mesure_suivis")), ALWAYS),
    )
    kept = all_of(rows, NotAmong("statut", Param("statuts_mesure_exclus")))
    in_time = IfPresent(
        "au",
        any_of(ScalarBlank("au"), Compare("date_levee", "<=", OrDefault("au", Number(0.0)))),
        ALWAYS,
    )
    lifted = all_of(
        kept,
        Among("statut", Param("statuts_mesure_leves")),
        IfPresent("date_levee", all_of(Filled("date_levee"), in_time), ALWAYS),
        IfPresent("reference", Filled("reference"), ALWAYS),
    )
    return {
        "LEVEES": Methode(
            Count(lifted),
            Count(kept),
            rows,
            requis=("statut",),
            libelle="part des mesures levées par l'autorité",
        )
    }


def resorption() -> dict[str, Methode]:
    """Deficit absorbed over reference deficit; ET without reference deficit leave both terms.

    A missing result makes the whole sans objet: read as zero, it would absorb the deficit.
    Deficit of reference and result are of one nature: both of a year, or both cumulated.
    """
    rows = _lines("deficit_reference", "resultat")
    in_deficit = all_of(rows, Compare("deficit_reference", ">", Number(0.0)))
    losses = all_of(in_deficit, Compare("resultat", "<", Number(0.0)))
    reference = Sum(("deficit_reference",), in_deficit)
    missing = all_of(in_deficit, Blank("resultat"))
    requis = ("deficit_reference", "resultat")
    return {
        "NON_SIGNEE": Methode(
            add(reference, Sum(("resultat",), losses)),
            reference,
            rows,
            missing=missing,
            requis=requis,
            libelle="un excédent vaut résorption complète, 100\u202f% au plus",
        ),
        "SIGNEE": Methode(
            add(reference, Sum(("resultat",), in_deficit)),
            reference,
            rows,
            missing=missing,
            requis=requis,
            libelle="un excédent porte le taux au-delà de 100\u202f%",
        ),
    }
