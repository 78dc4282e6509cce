"""A method of computation, and the same method settled: nothing left to choose, ready to run.

Settling depends on which inputs are given and on the référentiel, not on the values, so it is done
once per shape of call and kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache

from xl_cpom.light_dataclass import dataclass

from .evaluation import EvaluationPlan
from .expressions import ALWAYS, Condition, Count, ParamValue, Scalar
from .parameters import ParameterSet
from .specialisation import scalars_needed, scalars_optional, specialise, vectors_read


@dataclass(frozen=True, eq=False)
class Methode:
    """One way to compute: `valeur` = numerator / denominator, on the rows of `lignes`.

    denominator: None when the value is the numerator itself.
    manquant: rows without which the whole is sans objet (a result not yet known is not a zero).
    requis: vector inputs without which there is nothing to compute.
    """

    numerator: Scalar
    denominator: Scalar | None
    rows: Condition = ALWAYS
    missing: Condition | None = None
    requis: tuple[str, ...] = ()
    libelle: str = ""


@dataclass(frozen=True, eq=False)
class MethodRule:
    """A method settled for the inputs given: trees without choice, and the inputs they read."""

    numerator: Scalar
    denominator: Scalar | None
    rows: Condition
    missing: Count | None

    @property
    def _trees(self) -> tuple[Condition | Scalar, ...]:
        trees = (self.rows, self.missing, self.numerator, self.denominator)
        return tuple(t for t in trees if t is not None)

    @cached_property
    def vectors(self) -> tuple[str, ...]:
        """Every vector the rule reads."""
        return tuple(dict.fromkeys(key for t in self._trees for key in vectors_read(t)))

    @cached_property
    def besoins(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Scalars without which the numerator, then the denominator, is sans objet."""
        den = () if self.denominator is None else scalars_needed(self.denominator)
        return scalars_needed(self.numerator), den

    @cached_property
    def scalaires(self) -> tuple[str, ...]:
        """Every scalar the rule reads, those it can do without last."""
        options = [key for t in self._trees for key in scalars_optional(t)]
        return tuple(dict.fromkeys((*self.besoins[0], *self.besoins[1], *options)))

    @cached_property
    def plan(self) -> tuple[EvaluationPlan, int, int | None, int, int | None]:
        """Steps, and the registers of rows, missing rows, numerator and denominator."""
        plan = EvaluationPlan()
        rows = plan.add(self.rows)
        missing = None if self.missing is None else plan.add(self.missing)
        num = plan.add(self.numerator)
        den = None if self.denominator is None else plan.add(self.denominator)
        return plan, rows, missing, num, den


def settle(
    methode: Methode, presents: frozenset[str], parametres: Mapping[str, ParamValue]
) -> MethodRule:
    """Settle a method for the inputs given and the parameters of a référentiel."""
    if isinstance(parametres, ParameterSet):
        return _settled(methode, presents, parametres)
    return _settle(methode, presents, parametres)


@lru_cache(maxsize=2048)
def _settled(methode: Methode, presents: frozenset[str], parametres: ParameterSet) -> MethodRule:
    return _settle(methode, presents, parametres)


def _settle(
    methode: Methode, presents: frozenset[str], parametres: Mapping[str, ParamValue]
) -> MethodRule:
    denominator, missing = methode.denominator, methode.missing
    return MethodRule(
        specialise(methode.numerator, presents, parametres),
        None if denominator is None else specialise(denominator, presents, parametres),
        specialise(methode.rows, presents, parametres),
        None if missing is None else Count(specialise(missing, presents, parametres)),
    )
