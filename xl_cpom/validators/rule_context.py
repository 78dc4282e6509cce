"""What a rule may know beside the row it is given. No clock: the date is handed over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from xl_cpom.light_dataclass import dataclass
from xl_cpom.workbook.records import Classeur
from xl_cpom.workbook.unread import tell

if TYPE_CHECKING:
    from xl_cpom.finess.extract import FinessExtract
    from xl_cpom.referentiel import Referentiel

NO_PRECEDENT = "le retour de l'année précédente n'est pas joint au contrôle"


@dataclass(frozen=True)
class RuleContext:
    """The workbook a rule runs in, and the date at which it is judged.

    date: the date given to the command, else the « date d'arrêté des données » of the workbook;
    None when neither is known, and then what depends on it is not checked. precedent: last year's
    return, when it was given and found (else sans_precedent says why not). finess: an extract of
    FINESS, when it was given.
    """

    classeur: Classeur
    date: dt.date | None = None
    precedent: Classeur | None = None
    without_precedent: str = NO_PRECEDENT
    finess: FinessExtract | None = None

    @property
    def referentiel(self) -> Referentiel:
        """The référentiel the workbook is judged under."""
        return self.classeur.referentiel

    def parameter(self, cle: str) -> Any:
        """Value of a parameter of the référentiel."""
        return self.referentiel.valeur(cle)

    @property
    def start(self) -> dt.date:
        """First day of the contract's first year."""
        return dt.date(int(self.classeur.annee_n1), 1, 1)

    @property
    def end(self) -> dt.date:
        """Last day of the contract's last year (N6 when the year followed is N6)."""
        years = max(self.referentiel.duree, self.classeur.followed_rank or 0)
        return dt.date(int(self.classeur.annee_n1) + years - 1, 12, 31)

    @property
    def incomplete(self) -> bool:
        """Can a rule be silent because something it asks for could not be read?"""
        unsaid = self.date is None or self.classeur.identification.values["annee_suivie"] is None
        return self.classeur.partial or unsaid


class UndatedContext(RuleContext):
    """The context of a workbook that does not say its date: it tells who asks for it."""

    def __getattribute__(self, name: str) -> Any:
        if name == "date":
            tell((("identification", 0, "date_arrete"),))
        return super().__getattribute__(name)


def undated(context: RuleContext) -> RuleContext:
    """The same context, which tells who asks for the date that is missing."""
    return UndatedContext(**vars(context))


_OF_THE_YEAR = frozenset({"annee_suivie", "annee_civile_suivie", "fin_annee_suivie", "date_arrete"})


def doubting_the_year(context: RuleContext) -> RuleContext:
    """The same context, its workbook telling who asks for the year or the date of its fiche."""
    fiche = context.classeur.tables["identification"]
    fiche.doubted = _OF_THE_YEAR
    fiche.watch()
    context.classeur.partial = True
    context.classeur.memo.clear()
    given = context.date is not None and context.date != fiche.rows[0].values["date_arrete"]
    return context if given else UndatedContext(**vars(context))


_current: ContextVar[RuleContext | None] = ContextVar("contexte", default=None)


@contextmanager
def active_context(context: RuleContext) -> Iterator[None]:
    """Make a context the current one: pandera hands a check its data and nothing else."""
    token = _current.set(context)
    try:
        yield
    finally:
        _current.reset(token)


def current_context() -> RuleContext:
    """The current context; outside a control, that of an empty workbook of the default cycle."""
    context = _current.get()
    if context is None:
        from xl_cpom.referentiel import load_referentiel
        from xl_cpom.workbook.building import build

        context = RuleContext(build({}, load_referentiel()))
    return context
