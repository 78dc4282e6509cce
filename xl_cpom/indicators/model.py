"""What an indicator is: inputs, two trees, unit, bounds, tolerance, source. Declared once.

`Indicator.compute` is the Python value; `Indicator.formule` (from `excel`) the same thing as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, TypeAlias, cast

from .arrondi import ecart_absolu
from .evaluation import Context, Plan, number, number_column, same_text
from .expressions import ALWAYS, Condition, Count, ParamValue, Scalar
from .parametres import JeuParametres, parametres_courants
from .specialisation import scalars_needed, scalars_optional, specialise, vectors_read

Parametres: TypeAlias = Mapping[str, ParamValue]
Unite: TypeAlias = Literal[
    "ratio", "jours", "personnes", "années", "ETP pour 100 places", "€", "points", "texte"
]
Concordance: TypeAlias = Literal["conforme", "arrondi", "différent"]

LONGUEUR_AIDE_EXCEL = 255
"""Excel's function wizard cuts a help text at 255 characters."""


class EntreeInvalideError(ValueError):
    """An input cannot be used: wrong type, unknown name, unequal lengths. The message is French.

    `entree` is the key of the input at fault, `index` the row (from 0) when it is one cell.
    """

    def __init__(self, message: str, entree: str = "", index: int | None = None) -> None:
        super().__init__(message)
        self.entree = entree
        self.index = index


@dataclass(frozen=True, slots=True)
class Input:
    """One input of an indicator.

    kind: "vector" (one value per row) or "scalar"; nature: what its cells hold.
    """

    key: str
    libelle: str
    kind: Literal["vector", "scalar"]
    nature: Literal["texte", "nombre", "date"]
    unite: str
    exemple: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Resultat:
    """numerateur / denominateur = valeur; None stands for sans objet, never for 0."""

    numerateur: float | None
    denominateur: float | None
    valeur: float | None

    @property
    def sans_objet(self) -> bool:
        """Whether there is nothing to compute (empty denominator, missing datum)."""
        return self.valeur is None


SANS_OBJET = Resultat(None, None, None)


@dataclass(frozen=True, slots=True)
class Methode:
    """One way to compute: `valeur` = numerator / denominator, on the rows of `lignes`.

    manquant: rows without which the whole is sans objet (a result not yet known is not a zero).
    natif: whether plain Excel formulas can express it; lambda_: whether a LAMBDA can.
    """

    numerator: Scalar
    denominator: Scalar | None
    lignes: Condition = ALWAYS
    manquant: Condition | None = None
    requis: tuple[str, ...] = ()
    natif: bool = True
    libelle: str = ""


@dataclass(frozen=True, slots=True)
class Regle:
    """A method settled for the inputs given: nothing is left to choose."""

    numerator: Scalar
    denominator: Scalar | None
    lignes: Condition
    manquant: Count | None
    vecteurs: tuple[str, ...]
    besoins_numerateur: tuple[str, ...]
    besoins_denominateur: tuple[str, ...]
    options: tuple[str, ...]

    @property
    def scalaires(self) -> tuple[str, ...]:
        """Every scalar the rule reads."""
        return tuple(
            dict.fromkeys((*self.besoins_numerateur, *self.besoins_denominateur, *self.options))
        )


@dataclass(frozen=True, eq=False)
class Indicator:
    """One indicator, declared once.

    bornes: possible values (None = no bound). seuil: key of the référentiel's threshold of atypical
    values. tolerance_unite: accepted difference between declared and recomputed, in the unit, when
    the unit is not a ratio (for ratios the référentiel says how many points).
    parametre_methode: parameter that chooses the method: its name, or for a boolean the first or
    the second of `methodes`.
    """

    code: str
    libelle: str
    module: str | None
    unite: Unite
    inputs: tuple[Input, ...]
    methodes: Mapping[str, Methode]
    bornes: tuple[float | None, float | None]
    source: str
    certitude: str
    explication: str
    numerateur_libelle: str
    denominateur_libelle: str | None
    parametre_methode: str | None = None
    seuil: str | None = None
    tolerance_unite: float = 0.0
    par_cle: Mapping[str, Input] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "par_cle", {i.key: i for i in self.inputs})

    # -- the default method's trees, for whoever wants to look at them

    @property
    def numerator(self) -> Scalar:
        """Tree of the numerator, default method."""
        return self.methode(None).numerator

    @property
    def denominator(self) -> Scalar | None:
        """Tree of the denominator, default method; None when the value is not a ratio."""
        return self.methode(None).denominator

    def nom_methode(self, methode: str | None = None, parametres: Parametres | None = None) -> str:
        """Name of the method asked, or of the one the référentiel chooses.

        Raises EntreeInvalideError on an unknown name.
        """
        if methode is None or not methode.strip():
            if self.parametre_methode is None:
                return next(iter(self.methodes))
            known = parametres_courants() if parametres is None else parametres
            chosen = known[self.parametre_methode]
            methode = tuple(self.methodes)[chosen] if isinstance(chosen, bool) else str(chosen)
        name = methode.strip().upper()
        if name not in self.methodes:
            noms = ", ".join(self.methodes)
            raise EntreeInvalideError(
                f"méthode « {methode} » inconnue pour {self.code}\u00a0: choisir {noms}", "methode"
            )
        return name

    def methode(self, methode: str | None = None, parametres: Parametres | None = None) -> Methode:
        """The method asked, or the one the référentiel chooses."""
        return self.methodes[self.nom_methode(methode, parametres)]

    def regle(
        self,
        presents: Iterable[str],
        methode: str | None = None,
        parametres: Parametres | None = None,
    ) -> Regle:
        """The method settled for the inputs given. Raises EntreeInvalideError on unknown names."""
        given = frozenset(presents)
        unknown = given - self.par_cle.keys()
        if unknown:
            raise EntreeInvalideError(
                f"entrée inconnue pour {self.code}\u00a0: {', '.join(sorted(unknown))}",
                sorted(unknown)[0],
            )
        name = self.nom_methode(methode, parametres)
        known = parametres_courants() if parametres is None else parametres
        if isinstance(known, JeuParametres):
            return _settled(self, name, given, known)
        return settle(self.methodes[name], given, known)

    def entrees_utiles(
        self,
        presents: Iterable[str],
        methode: str | None = None,
        parametres: Parametres | None = None,
    ) -> tuple[str, ...]:
        """Inputs the computation really reads: an Excel error elsewhere is of no consequence."""
        regle = self.regle(presents, methode, parametres)
        read = {*regle.vecteurs, *regle.scalaires}
        return tuple(i.key for i in self.inputs if i.key in read)

    def compute(
        self,
        data: Mapping[str, object],
        methode: str | None = None,
        parametres: Parametres | None = None,
    ) -> Resultat:
        """Numerator, denominator and value.

        data: input key → sequence (vector) or single value (scalar; a single value given for a
        vector is one row). None or "" is a blank. A vector absent or None is not given.
        Raises EntreeInvalideError (a ValueError, French message) on a text or a boolean where a
        number is needed, on unequal lengths, on an unknown input or method.
        """
        vectors: dict[str, list[object]] = {}
        scalars: dict[str, object] = {}
        for key, value in data.items():
            entree = self.par_cle.get(key)
            if entree is None:
                self.regle((key,), methode, parametres)  # raises with the right message
            elif entree.kind == "vector":
                if value is not None:
                    vectors[key] = list(value) if isinstance(value, list | tuple) else [value]
            elif value is not None and value != "":
                scalars[key] = value
        present = frozenset((*vectors, *scalars))
        regle = self.regle(present, methode, parametres)
        if any(key not in present for key in self.methode(methode, parametres).requis):
            return SANS_OBJET
        return self._run(regle, vectors, scalars)

    def _run(
        self, regle: Regle, vectors: dict[str, list[object]], scalars: dict[str, object]
    ) -> Resultat:
        context = self._read(regle, vectors, scalars)
        plan, lignes, manquant, num, den = _planned(regle)
        registers = plan.run(context)
        kept = registers[lignes]
        for key, column in context.nombres.items():
            for index, reason in column.refuses:
                if kept[index]:
                    raise EntreeInvalideError(
                        f"{self.par_cle[key].libelle}, ligne {index + 1}\u00a0: {reason}",
                        key,
                        index,
                    )
        if manquant is not None and registers[manquant]:
            return SANS_OBJET
        numerateur = registers[num]
        if den is None:
            return Resultat(numerateur, None, numerateur)
        denominateur = registers[den]
        if numerateur is None or denominateur is None or denominateur <= 0:
            return Resultat(numerateur, denominateur, None)
        return Resultat(numerateur, denominateur, numerateur / denominateur)

    def _read(
        self, regle: Regle, vectors: dict[str, list[object]], scalars: dict[str, object]
    ) -> Context:
        rows = {len(vectors[key]) for key in regle.vecteurs}
        if len(rows) > 1:
            sizes = ", ".join(f"{key} {len(vectors[key])}" for key in regle.vecteurs)
            raise EntreeInvalideError(f"les plages n'ont pas la même hauteur\u00a0: {sizes}")
        read: dict[str, object] = {}
        for key in regle.scalaires:
            value = scalars.get(key)
            if value is not None and self.par_cle[key].nature != "texte":
                try:
                    value = number(value)
                except ValueError as refusal:
                    raise EntreeInvalideError(
                        f"{self.par_cle[key].libelle}\u00a0: {refusal}", key
                    ) from refusal
            read[key] = value
        textes: dict[str, list[object]] = {}
        nombres = {}
        for key in regle.vecteurs:
            if self.par_cle[key].nature == "texte":
                textes[key] = [same_text(v) for v in vectors[key]]
            else:
                nombres[key] = number_column(vectors[key])
        return Context(rows.pop() if rows else 0, textes, nombres, read)

    # -- comparison with what was declared

    def tolerances(self, parametres: Parametres | None = None) -> tuple[float, float]:
        """Differences up to which a declared value is "conforme", then "arrondi".

        In points for a ratio (from the référentiel), else in the unit of the indicator.
        """
        if self.unite != "ratio":
            return self.tolerance_unite, self.tolerance_unite
        known = parametres_courants() if parametres is None else parametres
        fine, coarse = known["tolerance_ecart_points"], known["tolerance_arrondi_points"]
        return float(cast(float, fine)), float(cast(float, coarse))

    def ecart(self, declare: float, recalcule: float) -> float:
        """Absolute difference, in points for a ratio, else in the unit of the indicator."""
        facteur = 100.0 if self.unite == "ratio" else 1.0
        return ecart_absolu(declare * facteur, recalcule * facteur)

    def concordance(
        self, declare: float, recalcule: float, parametres: Parametres | None = None
    ) -> Concordance:
        """How far a declared value stands from the recomputed one."""
        fine, coarse = self.tolerances(parametres)
        found = self.ecart(declare, recalcule)
        if found <= fine:
            return "conforme"
        return "arrondi" if found <= coarse else "différent"


def cumul(resultats: Iterable[Resultat]) -> Resultat:
    """Pooled result: sum of numerators over sum of denominators, never the mean of two rates.

    Results that are sans objet bring nothing to either sum.
    """
    kept = [r for r in resultats if r.valeur is not None and r.numerateur is not None]
    if not kept:
        return SANS_OBJET
    numerateur = sum(r.numerateur for r in kept if r.numerateur is not None)
    if any(r.denominateur is None for r in kept):
        return Resultat(numerateur, None, numerateur)
    denominateur = sum(r.denominateur for r in kept if r.denominateur is not None)
    return Resultat(numerateur, denominateur, numerateur / denominateur)


def settle(methode: Methode, presents: frozenset[str], parametres: Parametres) -> Regle:
    """Settle a method for the inputs given and the parameters of a référentiel."""
    numerator = specialise(methode.numerator, presents, parametres)
    denominator = (
        None
        if methode.denominator is None
        else specialise(methode.denominator, presents, parametres)
    )
    lignes = specialise(methode.lignes, presents, parametres)
    manquant = (
        None
        if methode.manquant is None
        else Count(specialise(methode.manquant, presents, parametres))
    )
    trees = [t for t in (numerator, denominator, lignes, manquant) if t is not None]
    return Regle(
        numerator,
        denominator,
        lignes,
        manquant,
        tuple(dict.fromkeys(key for t in trees for key in vectors_read(t))),
        scalars_needed(numerator),
        () if denominator is None else scalars_needed(denominator),
        tuple(dict.fromkeys(key for t in trees for key in scalars_optional(t))),
    )


@lru_cache(maxsize=1024)
def _settled(
    indicator: Indicator, methode: str, presents: frozenset[str], parametres: JeuParametres
) -> Regle:
    return settle(indicator.methodes[methode], presents, parametres)


@lru_cache(maxsize=1024)
def _planned(regle: Regle) -> tuple[Plan, int, int | None, int, int | None]:
    plan = Plan()
    lignes = plan.add(regle.lignes)
    manquant = None if regle.manquant is None else plan.add(regle.manquant)
    num = plan.add(regle.numerator)
    den = None if regle.denominator is None else plan.add(regle.denominator)
    return plan, lignes, manquant, num, den
