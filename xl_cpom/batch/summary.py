"""The campaign in a few sentences: who answered, who did not, what changed since last time."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence

from xl_cpom.batch.campagne import CampaignResult
from xl_cpom.batch.since_last_run import Evolution
from xl_cpom.batch.situation import ReturnState, Situation
from xl_cpom.typography import date_text, listing, plural, typeset
from xl_cpom.validators.precedents import is_found

CITES = 10
"""Names given before « et 33 autres »."""

UNKNOWN = "LOT-011"


def campaign_summary(result: CampaignResult, situations: Sequence[Situation]) -> list[str]:
    """French sentences; none when there is nothing that the reports do not already say."""
    lines: list[str] = []
    if result.campagne.attendus:
        lines += _organismes(result, situations)
    if result.campagne.discarded:
        lines.append(_files(result))
    lines += _precedents(result)
    if effect := result.conditions.get("effet_du_profil"):
        lines.append(f"Effet du profil : {effect}.")
    if result.evolution is not None:
        lines.append(_evolution(result.evolution))
    return [typeset(line) for line in lines]


def _organismes(result: CampaignResult, situations: Sequence[Situation]) -> Iterator[str]:
    expected = [s for s in situations if s.expected]
    states = Counter(s.state for s in expected)
    suspended = states[ReturnState.SUSPENDU]
    received = sum(s.state.received for s in expected)
    parts = [
        plural(states[state], word, several)
        for state, word, several in (
            (ReturnState.RECEVABLE, "recevable", None),
            (ReturnState.RESERVES, "recevable avec réserves", "recevables avec réserves"),
            (ReturnState.A_CORRIGER, "à corriger", "à corriger"),
            (ReturnState.ILLISIBLE, "illisible", None),
            (ReturnState.INCOMPLETE, "au contrôle incomplet", "au contrôle incomplet"),
        )
        if states[state]
    ]
    detail = f" ({listing(parts)})" if parts else ""
    yield (
        f"{plural(len(expected) - suspended, 'organisme attendu', 'organismes attendus')} : "
        f"{plural(received, 'reçu')}{detail}, {plural(states[ReturnState.MISSING], 'manquant')}."
    )
    if suspended:
        yield f"{plural(suspended, 'CPOM suspendu', 'CPOM suspendus')} : rien n'est attendu."
    missing = [s for s in expected if s.state is ReturnState.MISSING]
    if missing:
        yield f"Sans retour : {_names(missing)}."
        if late := [s for s in missing if s.finess_ej in result.campagne.of_another_annee]:
            yield f"Parmi eux, retour d'une autre année : {_names(late)}."
    unknown = [
        f"{constat.raison_sociale or constat.file} ({constat.finess_ej})"
        for constat in result.report.constats
        if constat.finding.code == UNKNOWN
    ]
    if unknown:
        yield f"Pas dans la liste des attendus : {_cite(unknown)}."


def _names(missing: Sequence[Situation]) -> str:
    ordered = sorted(missing, key=lambda s: (-s.places, s.finess_ej))
    return _cite([f"{s.name} ({s.finess_ej})" if s.name else s.finess_ej for s in ordered])


def _cite(names: Sequence[str]) -> str:
    if len(names) <= CITES:
        return listing(names)
    return listing([*names[:CITES], plural(len(names) - CITES, "autre")])


def _files(result: CampaignResult) -> str:
    campagne = result.campagne
    motifs = Counter(ecart.motif for ecart in campagne.discarded.values())
    parts = [
        plural(motifs[motif], word, several)
        for motif, word, several in (
            ("copie", "copie", None),
            ("version", "version remplacée", "versions remplacées"),
            ("annee", "retour d'une autre année", "retours d'une autre année"),
        )
        if motifs[motif]
    ]
    total = len(campagne.rendus)
    return f"Non comptés, sur {plural(total, 'fichier')} : {listing(parts)}."


def _precedents(result: CampaignResult) -> Iterator[str]:
    """How many returns have a return of the year before to be compared with, when one was asked."""
    aside = result.campagne.discarded
    asked = [
        report.options["precedent"]
        for report in result.reports
        if report.file not in aside and "precedent" in report.options
    ]
    if not asked:
        return
    found = sum(map(is_found, asked))
    without = len(asked) - found
    yield (
        f"Retours antérieurs : {plural(found, 'trouvé')} pour "
        f"{plural(len(asked), 'retour contrôlé', 'retours contrôlés')}"
        + (f" ; les règles d'évolution ne sont pas contrôlées pour {without}." if without else ".")
    )


def _evolution(evolution: Evolution) -> str:
    since = ""
    if evolution.day:
        since = f" du {date_text(dt.date.fromisoformat(evolution.day))}"
    parts = [
        plural(len(evolution.fixed), "anomalie corrigée", "anomalies corrigées"),
        plural(len(evolution.new), "nouvelle"),
        f"{len(evolution.remaining)} qui reste{'nt' * (len(evolution.remaining) > 1)}",
    ]
    others = [
        plural(len(faults), *words)
        for faults, words in zip(
            (evolution.withdrawn, evolution.disabled, evolution.lifted, evolution.arrived),
            AUTREMENT,
            strict=True,
        )
        if faults
    ]
    said = f"Depuis le passage{since} : {', '.join(parts)}"
    return f"{said} ; à part : {', '.join(others)}." if others else f"{said}."


AUTREMENT = tuple(
    (f"{one}{rest}", f"{many}{rest}")
    for one, many, rest in (
        ("partie", "parties", " avec un fichier retiré ou devenu illisible"),
        ("d'une règle", "d'une règle", " désactivée ou non contrôlée"),
        ("levée", "levées", " par dérogation"),
        ("d'un retour ou d'une règle absents", "de retours ou de règles absents",
         " du passage précédent"),
    )
)  # fmt: skip
"""What is neither corrected, nor new, nor remaining (retires, desactives, leves, arrives): one of
them, and several."""
