"""The functions by family: named arguments, no perimeter, every filled line counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from xl_cpom.indicators import INDICATORS, Indicator
from xl_cpom.indicators.anap import INDICATEURS_ANAP
from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import typeset

from . import methods
from .host_values import scalar
from .indicator import formula_of, value_of
from .model import CellFunction, FunctionParam

METHODE_LIBELLE = "Méthode de calcul, celle du référentiel si vide"
METHODE = FunctionParam("methode", METHODE_LIBELLE, "scalar", "code", "REALISEES", True)
METHODE_SI = FunctionParam("methode", METHODE_LIBELLE, "scalar", "code", "COUPLES", True)
SIGN = FunctionParam(
    "signe", "Compter un excédent au-delà de 100 %", "scalar", "Oui ou Non", "Non", True
)


@dataclass(frozen=True)
class FunctionFamily:
    """A function whose arguments are inputs of an indicator. `entries`: argument → input key."""

    name: str
    code: str
    description: str
    entries: Mapping[str, str]
    optional: frozenset[str] = frozenset()
    choice: FunctionParam | None = None


FAMILIES = (
    FunctionFamily(
        "CPOM_AVANCEMENT",
        "TRANSFO",
        "Taux d'avancement d'un plan d'actions : actions réalisées rapportées aux actions prévues, "
        "sans les abandonnées ni les sans objet.",
        {"statuts": "statut", "avancements": "avancement", "poids": "poids"},
        frozenset({"avancements", "poids"}),
        METHODE,
    ),
    FunctionFamily(
        "CPOM_RESOLUTION",
        "EFFICIENCE",
        "Taux de résolution des points de fragilité : points résolus rapportés aux points "
        "identifiés, sans les points sans objet.",
        {"statuts": "statut"},
    ),
    FunctionFamily(
        "CPOM_SI",
        "SI",
        "Taux de SI complétés ou mis à jour à 100 % : couples SI × entité complets rapportés aux "
        "couples exigibles.",
        {"taux": "taux_completude", "exigibles": "exigible", "systemes": "si"},
        frozenset({"exigibles", "systemes"}),
        METHODE_SI,
    ),
    FunctionFamily(
        "CPOM_LEVEE",
        "LEVEE",
        "Taux de levée des mesures : injonctions et prescriptions levées par l'autorité rapportées "
        "aux mesures notifiées, sans les annulées.",
        {
            "types": "type_mesure",
            "statuts": "statut",
            "dates": "date_levee",
            "au": "au",
            "references": "reference",
        },
        frozenset({"dates", "au", "references"}),
    ),
    FunctionFamily(
        "CPOM_RESORPTION",
        "RESORPTION",
        "Taux de résorption du déficit : part du déficit de référence résorbée. Négatif si le "
        "déficit se creuse.",
        {"deficit_reference": "deficit_reference", "resultat": "resultat"},
        frozenset(),
        SIGN,
    ),
    FunctionFamily(
        "CPOM_REALISATION_ECHUE",
        "ECHUES",
        "Taux de réalisation des actions échues : actions réalisées parmi celles dont l'échéance "
        "est passée à la date donnée.",
        {"statuts": "statut", "echeances": "echeance", "au": "au"},
    ),
)


def functions() -> Iterator[CellFunction]:
    """The functions by family, then one per activity or resources indicator."""
    for family in FAMILIES:
        yield _family(family)
    for indicator in INDICATEURS_ANAP:
        yield _simple(indicator)


def _param(indicator: Indicator, name: str, key: str, *, optional: bool) -> FunctionParam:
    entry = indicator.by_key[key]
    kind = "range" if entry.kind == "vector" else "scalar"
    return FunctionParam(name, entry.libelle, kind, entry.unite, entry.example, optional)  # type: ignore[arg-type]


def _family(famille: FunctionFamily) -> CellFunction:
    indicator, choice = INDICATORS[famille.code], famille.choice
    yes_no = choice is SIGN
    choose: Callable[[Indicator, Any], str | None] = (
        methods.by_yes_no if yes_no else methods.by_name
    )
    write_choice = methods.write_by_yes_no if yes_no else methods.write_by_name
    params = tuple(
        _param(indicator, name, key, optional=name in famille.optional)
        for name, key in famille.entries.items()
    )

    def compute(bound: Mapping[str, Any]) -> float:
        asked = None if choice is None else choose(indicator, scalar(bound, choice))
        data = {key: bound[name] for name, key in famille.entries.items() if name in bound}
        return value_of(indicator, data, asked)

    def write(texts: Mapping[str, str]) -> str:
        refs = {key: texts[name] for name, key in famille.entries.items() if name in texts}
        asked = "" if choice is None else texts.get(choice.name, "")
        return write_choice(indicator, asked, lambda m: formula_of(indicator, refs, m))

    whole = params if choice is None else (*params, choice)
    return CellFunction(famille.name, typeset(famille.description), whole, compute, write)


def _simple(indicator: Indicator) -> CellFunction:
    params = tuple(_param(indicator, i.key, i.key, optional=i.optional) for i in indicator.inputs)

    def compute(bound: Mapping[str, Any]) -> float:
        return value_of(indicator, bound)

    def write(texts: Mapping[str, str]) -> str:
        return formula_of(indicator, texts)

    description = f"{indicator.libelle}. {indicator.explication}"
    if len(description) > 255:
        description = indicator.explication
    return CellFunction(f"CPOM_{indicator.code}", typeset(description), params, compute, write)
