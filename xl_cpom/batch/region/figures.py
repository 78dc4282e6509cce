"""The figures of the region at a glance, worked out once for the page and for its tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from xl_cpom.batch.campagne import CampaignResult
from xl_cpom.batch.consolidation.counted_facts import CountedFacts
from xl_cpom.batch.consolidation.tables import Valeur
from xl_cpom.batch.history import Taux
from xl_cpom.batch.region.coverage import Coverage, coverage
from xl_cpom.batch.region.pooled_rates import ModuleRates, rates_by_module
from xl_cpom.batch.since_last_run import Evolution
from xl_cpom.batch.situation import ReturnState, Situation
from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import plural, typeset
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.model import INFORMATION, Severity
from xl_cpom.validators.versions import PROVISOIRE
from xl_cpom.workbook.filled_share import whole_percent

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

OTHER = "hors région"


@dataclass(frozen=True, slots=True)
class StateCount:
    """Organismes of a département (or of the region) by state."""

    code: str
    libelle: str
    organismes: int
    expected: int
    received: int
    accepted: int
    with_reserves: int
    to_correct: int
    unreadable: int
    missing: int
    esms: int
    places: int


@dataclass(frozen=True, slots=True)
class FrequentFault:
    """A rule and how many returns break it."""

    code: str
    title: str
    severity: Severity
    retours: int
    times: int


@dataclass(frozen=True, slots=True)
class CallToMake:
    """Who to call, and why (French)."""

    situation: Situation
    reason: str


@dataclass(frozen=True)
class Rollout:
    """What the ARS publishes: how far the CPOM reach. Each: label -> (OG, ESMS)."""

    total: tuple[int, int]
    main_esms: int
    secondary_esms: int
    contracts: Mapping[str, tuple[int, int]]
    secteurs: Mapping[str, tuple[int, int]]
    sizes: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Region:
    """Everything the page shows."""

    libelle: str
    name: str
    annee: int | None
    total: StateCount
    departements: tuple[StateCount, ...]
    places_on_map: Mapping[str, tuple[int, int]]
    files: int
    counted: int
    unattached: tuple[str, ...]
    taux: tuple[ModuleRates, ...]
    faults: tuple[FrequentFault, ...]
    calls: tuple[CallToMake, ...]
    rollout: Rollout
    evolution: Evolution | None
    with_expected: bool
    provisional: int
    """Organismes whose return is declared provisional."""
    off_list: tuple[Situation, ...]
    """Organismes that answered and that the list does not name: in no other count."""
    engine: str
    coverage: Coverage | None
    activity: tuple[tuple[Valeur, ...], ...]
    """Rows of the table of the totals of activity."""
    conditions: Mapping[str, str]
    """What the returns were judged with (see `batch.conditions`)."""


def region_figures(
    result: CampaignResult,
    des_situations: Sequence[Situation],
    referentiel: Referentiel,
    avant: Taux | None = None,
    facts: CountedFacts | None = None,
) -> Region:
    """The figures of a campaign under a référentiel. avant: rates of the other years.

    facts: what the consolidation counted; without it the page says nothing of the lines.
    """
    campagne = result.campagne
    everybody = des_situations
    des_situations = [s for s in everybody if not s.off_list]
    codes = list(referentiel.departements)
    others = [s for s in des_situations if s.departement not in codes]
    departements = [
        _counted(code, d.libelle, [s for s in des_situations if s.departement == code])
        for code, d in referentiel.departements.items()
    ]
    if others:
        departements.append(_counted("", OTHER, others))
    return Region(
        libelle=referentiel.libelle,
        name=referentiel.region,
        annee=campagne.annee,
        total=_counted("", referentiel.region, des_situations),
        departements=tuple(departements),
        places_on_map=referentiel.carte,
        files=len(campagne.rendus),
        counted=len(campagne.counted),
        unattached=tuple(r.file for r in campagne.rendus if not r.finess_ej),
        taux=rates_by_module(result, referentiel, avant),
        faults=_faults(result),
        calls=_calls(everybody),
        rollout=_deploiement(des_situations, referentiel),
        evolution=result.evolution,
        with_expected=bool(campagne.attendus),
        provisional=sum(s.nature == PROVISOIRE for s in des_situations),
        off_list=tuple(s for s in everybody if s.off_list),
        engine=result.reports[0].engine if result.reports else "",
        coverage=(
            coverage(everybody, facts, referentiel, result.finess) if facts is not None else None
        ),
        activity=tuple(facts.activity()) if facts is not None else (),
        conditions=result.conditions,
    )


def _counted(code: str, libelle: str, mine: Sequence[Situation]) -> StateCount:
    states = Counter(s.state for s in mine)
    return StateCount(
        code=code,
        libelle=libelle,
        organismes=len(mine),
        expected=sum(s.expected and s.state is not ReturnState.SUSPENDU for s in mine),
        received=sum(s.state.received for s in mine),
        accepted=states[ReturnState.RECEVABLE] + states[ReturnState.RESERVES],
        with_reserves=states[ReturnState.RESERVES],
        to_correct=states[ReturnState.A_CORRIGER] + states[ReturnState.INCOMPLETE],
        unreadable=states[ReturnState.ILLISIBLE],
        missing=states[ReturnState.MISSING],
        esms=sum(len(s.etablissements) for s in mine),
        places=sum(s.places for s in mine),
    )


def _faults(result: CampaignResult) -> tuple[FrequentFault, ...]:
    """Faults of the returns that count and of the files that could not be read, commonest first."""
    aside = result.campagne.discarded
    returns: Counter[str] = Counter()
    times: Counter[str] = Counter()
    severities: dict[str, Severity] = {}
    titles: dict[str, str] = {}
    for report in result.reports:
        if report.file in aside:
            continue
        live = [f for f in report.findings if f.severity is not INFORMATION and f.waiver is None]
        returns.update({f.code for f in live})
        times.update(f.code for f in live)
        for finding in live:
            severities[finding.code] = finding.severity
            rule = RULES.get(finding.code)
            titles[finding.code] = rule.title if rule else finding.message.rstrip(".")
    ordered = sorted(returns, key=lambda code: (-returns[code], -times[code], code))
    return tuple(
        FrequentFault(code, titles[code], severities[code], returns[code], times[code])
        for code in ordered
    )


_MOTIFS: Sequence[tuple[ReturnState, Callable[[Situation], str]]] = (
    (ReturnState.ILLISIBLE, lambda s: f"fichier illisible : {s.reason or 'à renvoyer'}"),
    (ReturnState.A_CORRIGER, lambda s: f"{s.reason} ; " * bool(s.reason) + said_to_correct(s)),
    (ReturnState.MISSING, lambda s: f"aucun retour{' : ' * bool(s.reason)}{s.reason}"),
    (ReturnState.INCOMPLETE, lambda s: "contrôle à refaire par l'ARS"),
)


def said_to_correct(s: Situation) -> str:
    """What to ask for, in words: the rule most often broken, and how many others."""
    said = plural(s.blocking, "anomalie bloquante", "anomalies bloquantes")
    if not s.codes:
        return f"{said}{_filled(s)}"
    rule = RULES.get(s.codes[0])
    what = f"{rule.title} ({s.codes[0]})" if rule else s.codes[0]
    others = len(s.codes) - 1
    more = f" et {plural(others, 'autre règle', 'autres règles')}" if others else ""
    return f"{said} : {what}{more}{_filled(s)}"


def _filled(s: Situation) -> str:
    """How much of a return that is not whole is filled: the figure of its own report."""
    if s.filled is None or s.filled == 1:
        return ""
    return f" ; rempli à {whole_percent(s.filled)} %"


def _calls(des_situations: Sequence[Situation]) -> tuple[CallToMake, ...]:
    """Who to call first: the most places at stake first; a refused file before a missing one.

    A call about an unreadable file or a few faults brings a return back the same day.
    """
    order = {state: rank for rank, (state, _) in enumerate(_MOTIFS)}
    reasons = dict(_MOTIFS)
    waiting = [s for s in des_situations if s.state in reasons]
    waiting.sort(key=lambda s: (-s.places, order[s.state], s.finess_ej))
    return tuple(
        CallToMake(s, typeset("hors liste ; " * s.off_list + reasons[s.state](s))) for s in waiting
    )


def _deploiement(des_situations: Sequence[Situation], referentiel: Referentiel) -> Rollout:
    def count(keep: Callable[[Situation], bool]) -> tuple[int, int]:
        mine = [s for s in des_situations if keep(s)]
        return len(mine), sum(len(s.etablissements) for s in mine)

    natures = Counter(nature for s in des_situations for nature in s.natures.values())
    contracts = [*referentiel.listes["type_contrat"], ""]
    sectors = [*referentiel.listes["secteurs_og"], ""]
    return Rollout(
        total=count(lambda s: True),
        main_esms=natures["Principal"],
        secondary_esms=natures["Secondaire"],
        contracts=_groups(contracts, lambda kind: count(lambda s: _ou(s.type_contrat, contracts)
                                                        == kind)),
        secteurs=_groups(sectors, lambda kind: count(lambda s: _ou(s.secteurs, sectors) == kind)),
        sizes={"un seul ESMS": count(lambda s: not s.multi),
                 "plusieurs ESMS": count(lambda s: s.multi)},
    )  # fmt: skip


def _ou(value: str, known: Sequence[str]) -> str:
    return value if value in known else ""


def _groups(
    kinds: Sequence[str], count: Callable[[str], tuple[int, int]]
) -> dict[str, tuple[int, int]]:
    found = {kind or "non précisé": count(kind) for kind in kinds}
    if found["non précisé"] == (0, 0):
        del found["non précisé"]
    return found
