"""What an indicator is: inputs, two trees, unit, bounds, tolerance, source. Declared once.

`Indicator.compute` is the Python value; `Indicator.excel_formula` (from `excel`) the same as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias, cast

from xl_cpom.light_dataclass import dataclass, field

from .computation_method import Methode, MethodRule, settle
from .excel_text import NoExcelFormError
from .expressions import ParamValue, Scalar
from .inputs import Input, InvalidInputError, check_input_names, compute_inputs, sort_inputs
from .parameters import current_parameters
from .rounding import ecart_absolu
from .whole_formulas import Part, excel_formula, lambda_

Parameters: TypeAlias = Mapping[str, ParamValue]
Unite: TypeAlias = Literal[
    "ratio", "jours", "personnes", "années", "ETP pour 100 places", "€", "points", "texte"
]
Concordance: TypeAlias = Literal["conforme", "arrondi", "différent"]


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """numerateur / denominateur = valeur; None stands for sans objet, never for 0."""

    numerateur: float | None
    """In the unit of its data."""
    denominateur: float | None
    """The same; None also when the indicator is no ratio."""
    value: float | None
    """In the unit of the indicator: 0.75 for 75 %."""

    @property
    def sans_objet(self) -> bool:
        """Whether there is nothing to compute (empty denominator, missing datum)."""
        return self.value is None


SANS_OBJET = IndicatorResult(None, None, None)


@dataclass(frozen=True, eq=False)
class Indicator:
    """One indicator, declared once."""

    code: str
    """« TRANSFO », « LEVEE »: the first argument of CPOM_TAUX."""
    libelle: str
    """Its French name."""
    module: str | None
    """Code of the module of the CPOM it is asked for; None: of no module."""
    unite: Unite
    """Unit of its value."""
    inputs: tuple[Input, ...]
    """What it is computed from, in the order of the arguments of the function."""
    methodes: Mapping[str, Methode]
    """Name of a method -> how it computes; the first is the default one."""
    bounds: tuple[float | None, float | None]
    """Possible values (None: no bound)."""
    source: str
    """Where the formula comes from."""
    certitude: str
    """How sure that is: « guide », « trouvé », « inféré »…"""
    explication: str
    """What it measures, in French."""
    numerateur_libelle: str
    """What the numerator counts, in French."""
    denominateur_libelle: str | None
    """What the denominator counts; None when the value is not a ratio."""
    methode_parameter: str | None = None
    """Parameter of the référentiel that chooses the method: its name, or for a boolean the first or
    the second of `methodes`."""
    seuil: str | None = None
    """Key of the référentiel's threshold of atypical values."""
    tolerance_unite: float = 0.0
    """Accepted difference between declared and recomputed, in the unit, when the unit is not a
    ratio (for ratios the référentiel says how many points)."""
    by_key: Mapping[str, Input] = field(init=False, repr=False)
    """The inputs by their key."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {i.key: i for i in self.inputs})

    # -- the default method's trees, for whoever wants to look at them

    @property
    def numerator(self) -> Scalar:
        """Tree of the numerator, default method."""
        return self.methode(None).numerator

    @property
    def denominator(self) -> Scalar | None:
        """Tree of the denominator, default method; None when the value is not a ratio."""
        return self.methode(None).denominator

    def methode_name(self, methode: str | None = None, parametres: Parameters | None = None) -> str:
        """Name of the method asked, or of the one the référentiel chooses.

        Raises InvalidInputError on an unknown name.
        """
        if methode is None or not methode.strip():
            if self.methode_parameter is None:
                return next(iter(self.methodes))
            known = current_parameters() if parametres is None else parametres
            chosen = known[self.methode_parameter]
            methode = tuple(self.methodes)[chosen] if isinstance(chosen, bool) else str(chosen)
        name = methode.strip().upper()
        if name not in self.methodes:
            names = ", ".join(self.methodes)
            raise InvalidInputError(
                f"méthode « {methode} » inconnue pour {self.code}\u00a0: choisir {names}", "methode"
            )
        return name

    def methode(self, methode: str | None = None, parametres: Parameters | None = None) -> Methode:
        """The method asked, or the one the référentiel chooses."""
        return self.methodes[self.methode_name(methode, parametres)]

    def method_rule(
        self,
        presents: Iterable[str],
        methode: str | None = None,
        parametres: Parameters | None = None,
    ) -> MethodRule:
        """The method settled for the inputs given. Raises InvalidInputError on unknown names."""
        given = frozenset(presents)
        check_input_names(self.code, self.by_key, given)
        name = self.methode_name(methode, parametres)
        known = current_parameters() if parametres is None else parametres
        return settle(self.methodes[name], given, known)

    def useful_inputs(
        self,
        presents: Iterable[str],
        methode: str | None = None,
        parametres: Parameters | None = None,
    ) -> tuple[str, ...]:
        """Inputs the computation really reads: an Excel error elsewhere is of no consequence."""
        rule = self.method_rule(presents, methode, parametres)
        read = {*rule.vectors, *rule.scalaires}
        return tuple(i.key for i in self.inputs if i.key in read)

    def compute(
        self,
        data: Mapping[str, object],
        methode: str | None = None,
        parametres: Parameters | None = None,
    ) -> IndicatorResult:
        """Numerator, denominator and value.

        data: input key → sequence (vector) or single value (scalar; a single value given for a
        vector is one row). None or "" is a blank. A vector absent or None is not given.
        Raises InvalidInputError (a ValueError, French message) on a text or a boolean where a
        number is needed, on unequal lengths, on an unknown input or method.
        """
        vectors, scalars = sort_inputs(self.code, self.by_key, data)
        present = frozenset((*vectors, *scalars))
        rule = self.method_rule(present, methode, parametres)
        if any(key not in present for key in self.methode(methode, parametres).requis):
            return SANS_OBJET
        return self._run(rule, vectors, scalars)

    def _run(
        self, rule: MethodRule, vectors: dict[str, list[object]], scalars: dict[str, object]
    ) -> IndicatorResult:
        registers = compute_inputs(rule, self.by_key, vectors, scalars)
        _, _, missing, num, den = rule.plan
        if missing is not None and registers[missing]:
            return SANS_OBJET
        needs_num, needs_den = rule.besoins
        numerateur = registers[num] if scalars.keys() >= set(needs_num) else None
        if den is None:
            return IndicatorResult(numerateur, None, numerateur)
        denominateur = registers[den] if scalars.keys() >= set(needs_den) else None
        if numerateur is None or denominateur is None or denominateur <= 0:
            return IndicatorResult(numerateur, denominateur, None)
        return IndicatorResult(numerateur, denominateur, numerateur / denominateur)

    # -- the same thing as Excel text

    def excel_formula(
        self,
        refs: Mapping[str, str],
        part: Part = "value",
        methode: str | None = None,
        parametres: Parameters | None = None,
    ) -> str:
        """Plain Excel formula, without its "=", in the grammar files store (English, commas).

        refs: input key → reference or constant as Excel text (``tActions[Statut]``, ``C2``,
        ``"TRANSFO/PA"`` with its quotes). An optional input left out is not given; a required one
        left out raises NoExcelFormError.
        """
        rule = self.method_rule(refs, methode, parametres)
        for key in self.methode(methode, parametres).requis:
            if key not in refs:
                raise NoExcelFormError(f"il manque l'entrée «\u00a0{key}\u00a0»")
        return excel_formula(rule, self.by_key, refs, part)

    def lambda_(
        self,
        compulsory: tuple[str, ...],
        facultatives: tuple[str, ...] = (),
        part: Part = "value",
        methode: str | None = None,
        parametres: Parameters | None = None,
    ) -> str:
        """LAMBDA of the inputs named, in that order, in the form files store."""
        body: dict[frozenset[str], str] = {}
        for taken in range(1 << len(facultatives)):
            given = frozenset(k for i, k in enumerate(facultatives) if taken >> i & 1)
            refs = {k: f"_xlpm.{k}" for k in (*compulsory, *sorted(given))}
            body[given] = self.excel_formula(refs, part, methode, parametres)
        return lambda_(compulsory, facultatives, body)

    # -- comparison with what was declared

    def tolerances(self, parametres: Parameters | None = None) -> tuple[float, float]:
        """Differences up to which a declared value is "conforme", then "arrondi".

        In points for a ratio (from the référentiel), else in the unit of the indicator.
        """
        if self.unite != "ratio":
            return self.tolerance_unite, self.tolerance_unite
        known = current_parameters() if parametres is None else parametres
        fine, coarse = known["tolerance_ecart_points"], known["tolerance_arrondi_points"]
        return float(cast(float, fine)), float(cast(float, coarse))

    @property
    def tolerance(self) -> float:
        """Accepted difference between declared and recomputed, default cycle: see `tolerances`."""
        return self.tolerances()[0]

    def ecart(self, declare: float, recalcule: float) -> float:
        """Absolute difference, in points for a ratio, else in the unit of the indicator."""
        facteur = 100.0 if self.unite == "ratio" else 1.0
        return ecart_absolu(declare * facteur, recalcule * facteur)

    def concordance(
        self, declare: float, recalcule: float, parametres: Parameters | None = None
    ) -> Concordance:
        """How far a declared value stands from the recomputed one."""
        fine, coarse = self.tolerances(parametres)
        found = self.ecart(declare, recalcule)
        if found <= fine:
            return "conforme"
        return "arrondi" if found <= coarse else "différent"


def cumul(resultats: Iterable[IndicatorResult]) -> IndicatorResult:
    """Pooled result: sum of numerators over sum of denominators, never the mean of two rates.

    Results that are sans objet bring nothing to either sum.
    """
    kept = [r for r in resultats if r.value is not None and r.numerateur is not None]
    if not kept:
        return SANS_OBJET
    numerateur = sum(r.numerateur for r in kept if r.numerateur is not None)
    if any(r.denominateur is None for r in kept):
        return IndicatorResult(numerateur, None, numerateur)
    denominateur = sum(r.denominateur for r in kept if r.denominateur is not None)
    return IndicatorResult(numerateur, denominateur, numerateur / denominateur)
