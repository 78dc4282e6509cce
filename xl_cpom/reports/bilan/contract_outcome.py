"""What the bilan of a contract says, worked out from its returns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import date_text, rate_text, typeset, visible
from xl_cpom.validators.facts.last_year import is_last_year
from xl_cpom.validators.recomputed import ComputedIndicator
from xl_cpom.validators.reported_indicators import computed_indicators
from xl_cpom.workbook.carry_over.carried import identity_text
from xl_cpom.workbook.records import NON_LU, Classeur, Row
from xl_cpom.workbook.sheets import ACTIONS, FRAGILITES, HAS, MESURES
from xl_cpom.workbook.sheets.mesures import FOLLOWED

CLOSE, CARRY, TRANSFORM = "clore", "reporter", "transformer"
BECOMINGS = (CLOSE, CARRY, TRANSFORM)
"""What becomes of what is left, in the words of the guide."""

NEARLY_DONE = 0.5
"""Avancement from which an unfinished action is proposed to be carried over as it is."""


@dataclass(frozen=True, slots=True)
class YearRate:
    """A year of an indicator: its target, what was declared, what the rows of its return give."""

    label: str
    target: float | None
    told: float | None
    recomputed: float | None


@dataclass(frozen=True, slots=True)
class ModuleOutcome:
    """A module and secteur over the contract.

    impact: the guide's indicator of impact, "" when it gives none; expected: the rate it asks at
    the end, or before the end the target of the year; done, due: the counts of the last year.
    """

    module: str
    libelle: str
    secteur: str
    indicateur: str
    impact: str
    years: tuple[YearRate, ...]
    last: float | None
    expected: float | None
    done: float | None
    due: float | None
    state: str

    @property
    def reached(self) -> bool | None:
        """Is what was expected at the end reached? None when one of the two is not known."""
        if self.last is None or self.expected is None:
            return None
        return self.last >= self.expected - 1e-9


@dataclass(frozen=True, slots=True)
class Leftover:
    """What is left when the contract ends, and what is proposed.

    identity: its numbers, as the sheet tells its rows apart; why: the reason of the proposal.
    """

    sheet: str
    identity: str
    module: str
    where: str
    text: str
    status: str
    due: str
    explanation: str
    becoming: str
    why: str


@dataclass(frozen=True, slots=True)
class ContractOutcome:
    """The bilan. closed: what is over, by sheet and status."""

    finess_ej: str
    organisme: str
    contrat: str
    start: dt.date | None
    end: dt.date | None
    year: str
    last_year: bool
    returns: tuple[str, ...]
    modules: tuple[ModuleOutcome, ...]
    leftovers: tuple[Leftover, ...]
    closed: tuple[tuple[str, str, int], ...]


def contract_outcome(last: Classeur, before: Sequence[Classeur] = ()) -> ContractOutcome:
    """The bilan of a contract from its last return; before: earlier ones, in any order."""
    fiche = last.identification
    by_rank = {c.followed_rank: c for c in before if c.followed_rank}
    return ContractOutcome(
        finess_ej=_text(fiche, "finess_ej"),
        organisme=_text(fiche, "raison_sociale"),
        contrat=_text(fiche, "numero_cpom"),
        start=_day(fiche.date_effet),
        end=_day(fiche.date_echeance),
        year=_text(fiche, "annee_suivie"),
        last_year=is_last_year(last),
        returns=tuple(f"N{rank}" for rank in sorted({*by_rank, last.followed_rank or 0} - {0})),
        modules=tuple(_modules(last, by_rank)),
        leftovers=tuple(_leftovers(last)),
        closed=tuple(_closed(last)),
    )


def _modules(last: Classeur, before: Mapping[int, Classeur]) -> Iterator[ModuleOutcome]:
    past = {
        rank: {(one.module, one.secteur): one for one in computed_indicators(classeur)}
        for rank, classeur in before.items()
    }
    for one in computed_indicators(last):
        module = last.referentiel.modules[one.module]
        years = tuple(_years(one, last.followed_rank or 0, past))
        targets = [year.target for year in years if year.target is not None]
        if "100" in module.impact:
            asked: float | None = 1.0
        elif is_last_year(last):
            asked = targets[-1] if targets else None
        else:
            asked = one.cible
        final = one.taux if one.taux is not None else one.declare
        yield ModuleOutcome(
            one.module, module.libelle, one.secteur, module.indicateur, module.impact, years,
            final, asked, one.numerateur, one.denominateur, one.atteinte,
        )  # fmt: skip


def _years(
    one: ComputedIndicator,
    rank: int,
    past: Mapping[int, Mapping[tuple[str, str], ComputedIndicator]],
) -> Iterator[YearRate]:
    count = max(len(one.cibles), len(one.realises), rank)
    for place in range(1, count + 1):
        if place == rank:
            recomputed = one.taux
        else:
            found = past.get(place, {}).get((one.module, one.secteur))
            recomputed = None if found is None else found.taux
        yield YearRate(f"N{place}", _at(one.cibles, place), _at(one.realises, place), recomputed)


def _at(series: Sequence[float | None], place: int) -> float | None:
    return series[place - 1] if place <= len(series) else None


def _leftovers(last: Classeur) -> Iterator[Leftover]:
    """What is not over, sheet after sheet; nothing of a module that is not active."""
    for row in last["actions"]:
        if _open(row):
            becoming, why = _of_action(row)
            where = " ; ".join(row.finess_et) if isinstance(row.finess_et, tuple) else ""
            yield _left(row, row.module, where, "intitule", becoming, why)
    for sheet, module, key, why in (
        (MESURES, "INSPECTION", "libelle", "une mesure reste due jusqu'à sa levée"),
        (FRAGILITES, "EFFICIENCE", "description", "le point n'est pas résolu"),
        (HAS, "HAS", "action", "le critère reste sous le seuil jusqu'à la prochaine évaluation"),
    ):
        if not last.actif(module):
            continue
        for row in last[sheet.key]:
            if not _open(row) or (sheet is HAS and row.sous_seuil != "Oui"):
                continue
            if sheet is MESURES and row.type not in FOLLOWED:
                continue
            where = row.finess_et if isinstance(row.finess_et, str) else ""
            yield _left(row, module, where, key, CARRY, why)


def _open(row: Row) -> bool:
    status = row.statut
    return isinstance(status, str) and status not in row.table.sheet.closed


def _of_action(row: Row) -> tuple[str, str]:
    """What is proposed for an unfinished action, and why: the parties decide."""
    done = row.avancement if isinstance(row.avancement, int | float) else 0
    said = rate_text(done, 0)
    if done >= NEARLY_DONE:
        return CARRY, typeset(f"avancement de {said} : à achever")
    if done > 0:
        return TRANSFORM, typeset(f"avancement de {said} seulement : à revoir")
    return CLOSE, "jamais commencée"


def _left(row: Row, module: Any, where: str, key: str, becoming: str, why: str) -> Leftover:
    sheet = row.table.sheet
    answers = [_text(row, k) for k in ("commentaire", "reference_avenant") if k in row.values]
    due = _day(row.values.get("echeance"))
    return Leftover(
        sheet=sheet.name,
        identity=identity_text(sheet, row.values),
        module=module if isinstance(module, str) else "",
        where=where,
        text=visible(_text(row, key), 200),
        status=_text(row, "statut"),
        due=date_text(due) if due else "",
        explanation=" ; ".join(filter(None, answers)),
        becoming=becoming,
        why=why,
    )


def _closed(last: Classeur) -> Iterator[tuple[str, str, int]]:
    for sheet in (ACTIONS, FRAGILITES, HAS, MESURES):
        for status in sheet.closed:
            count = sum(row.statut == status for row in last[sheet.key])
            if count:
                yield sheet.name, status, count


def _text(row: Row, key: str) -> str:
    value = row.values.get(key)
    return "" if value is None or value is NON_LU else str(value)


def _day(value: Any) -> dt.date | None:
    return value if isinstance(value, dt.date) else None
