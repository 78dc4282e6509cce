"""The catalogue: every rule, by code, in the order of the families."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from xl_cpom.errors import XlCpomError
from xl_cpom.validators.declaration import registry
from xl_cpom.validators.model import Rule

FAMILIES: Mapping[str, tuple[str, str]] = {
    "STR": ("structure", "Structure du classeur"),
    "FMT": ("saisie", "Saisie des cellules"),
    "IDE": ("identification", "Identification"),
    "PER": ("perimetre", "Périmètre et avenants"),
    "CTR": ("contractualisation", "Contractualisation (période N)"),
    "MOD": ("modules", "Modules et plan d'actions"),
    "SUI": ("suivi", "Suivi annuel"),
    "SI": ("si", "Systèmes d'information"),
    "HAS": ("has", "Évaluation HAS"),
    "INS": ("inspection", "Inspection – Contrôle"),
    "DIF": ("difficulte", "Difficulté financière"),
    "VRA": ("vraisemblance", "Vraisemblance (ANAP)"),
    "IND": ("indicateurs", "Indicateurs déclarés"),
    "EVO": ("evolution", "Évolution depuis le retour précédent"),
    "REF": ("finess", "Rapprochement avec FINESS"),
    "BIL": ("bilan", "Bilan du contrat"),
    "DCP": ("donnees_personnelles", "Données à caractère personnel"),
    "DER": ("derogations", "Dérogations"),
    "LOT": ("campagne", "Campagne de retours"),
}
"""Family -> (folder of `xl_cpom.validators.rules`, French name), in the order of the catalogue."""


class UnknownRuleError(XlCpomError, KeyError):
    """No rule has this code; `proches` lists the close ones, the message is French."""

    def __init__(self, code: str) -> None:
        from difflib import get_close_matches

        self.code = code
        self.close = tuple(get_close_matches(code.strip().upper(), RULES, n=3, cutoff=0.5))
        super().__init__(code)


def _load() -> Mapping[str, Rule]:
    for folder, _ in FAMILIES.values():
        family = import_module(f"xl_cpom.validators.rules.{folder}")
        for module in iter_modules(family.__path__, f"{family.__name__}."):
            import_module(module.name)
    families = list(FAMILIES)
    ordered = sorted(registry().values(), key=lambda r: (families.index(r.family), r.code))
    return MappingProxyType({rule.code: rule for rule in ordered})


RULES: Mapping[str, Rule] = _load()
"""Every rule by its code."""


def find_rule(code: str) -> Rule:
    """The rule of a code, case ignored. Raises UnknownRuleError."""
    try:
        return RULES[code.strip().upper()]
    except KeyError:
        raise UnknownRuleError(code) from None
