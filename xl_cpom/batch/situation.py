"""Where each organisme gestionnaire stands: expected, received, recevable, to correct, missing.

One place says it; the page, its tables and the consolidation all read it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum

from xl_cpom.light_dataclass import dataclass
from xl_cpom.validators.across_returns import CampaignReport
from xl_cpom.validators.facts.main_departement import main_departement
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Report, Verdict
from xl_cpom.validators.retours import (
    RENVOI,
    Attendu,
    Campagne,
    EtablissementRendu,
    EtAttendu,
    Rendu,
)
from xl_cpom.validators.rules.campagne.attendus import why_missing
from xl_cpom.validators.versions import PROVISOIRE
from xl_cpom.workbook.filled_share import total_rate


class ReturnState(Enum):
    """What the ARS has of an organisme."""

    RECEVABLE = "recevable"
    RESERVES = "recevable avec réserves"
    A_CORRIGER = "à corriger"
    ILLISIBLE = "illisible"
    INCOMPLETE = "contrôle incomplet"
    MISSING = "manquant"
    SUSPENDU = "CPOM suspendu"

    @property
    def received(self) -> bool:
        """True when a file came."""
        return self not in (ReturnState.MISSING, ReturnState.SUSPENDU)

    @property
    def accepted(self) -> bool:
        """True when the return can be taken, with or without reservations."""
        return self in (ReturnState.RECEVABLE, ReturnState.RESERVES)


_STATES = {
    Verdict.RECEVABLE: ReturnState.RECEVABLE,
    Verdict.WITH_RESERVES: ReturnState.RESERVES,
    Verdict.NON_RECEVABLE: ReturnState.A_CORRIGER,
    Verdict.ILLISIBLE: ReturnState.ILLISIBLE,
    Verdict.NON_CONTROLE: ReturnState.INCOMPLETE,
    Verdict.TO_COMPLETE: ReturnState.A_CORRIGER,
    Verdict.READY: ReturnState.RECEVABLE,
}
_DU_PLUS_GRAVE = (
    ReturnState.INCOMPLETE,
    ReturnState.ILLISIBLE,
    ReturnState.A_CORRIGER,
    ReturnState.RESERVES,
    ReturnState.RECEVABLE,
)


@dataclass(frozen=True, slots=True)
class Situation:
    """An organisme expected or received.

    off_list: it answered, and the list of those expected does not name it; it is counted apart.
    codes: rules that its returns break and that refuse them, the most often broken first;
    etablissements: FINESS ET -> secteur ("" unknown); natures: FINESS ET -> « Principal »,
    « Secondaire » or "".
    """

    finess_ej: str
    name: str
    departement: str
    state: ReturnState
    expected: bool
    off_list: bool
    files: tuple[str, ...]
    blocking: int
    warnings: int
    codes: tuple[str, ...]
    etablissements: Mapping[str, str]
    natures: Mapping[str, str]
    places: int
    type_contrat: str
    contact: str
    courriel: str
    telephone: str
    reason: str = ""
    """Why it is missing or unreadable, or sent again unchanged, in words (French), when known."""
    nature: str = ""
    """« provisoire » when one of its returns is declared so, « définitif », or ""."""
    filled: float | None = None
    """Share of the compulsory cells of its returns that are filled; None when none was read."""

    @property
    def secteurs(self) -> str:
        """« PA », « PH », « PA et PH » or "" after its ESMS."""
        return " et ".join(s for s in ("PA", "PH") if s in self.etablissements.values())

    @property
    def multi(self) -> bool:
        """True when it manages several ESMS."""
        return len(self.etablissements) > 1


def situations(this_report: CampaignReport) -> tuple[Situation, ...]:
    """Every organisme expected (in the order of the list), then the others (by number).

    An organisme whose only file cannot be read is known by the FINESS EJ in the file's name.
    """
    campagne = this_report.campagne
    reports = {report.file: report for report in this_report.reports}
    files: dict[str, list[Rendu]] = {}
    for rendu in campagne.rendus:
        if rendu.finess_ej:
            files.setdefault(rendu.finess_ej, []).append(rendu)
    others = sorted(files.keys() - campagne.attendus.keys())
    return tuple(
        _situation(number, campagne, files.get(number, []), reports)
        for number in (*campagne.attendus, *others)
    )


def _situation(
    number: str, campagne: Campagne, files: Sequence[Rendu], reports: Mapping[str, Report]
) -> Situation:
    attendu = campagne.attendus.get(number)
    counted = campagne.by_organisme.get(number, ())
    shown = counted or tuple(r for r in files if r.file not in campagne.discarded)
    mine = [reports[rendu.file] for rendu in shown]
    ets = [et for rendu in counted for et in rendu.etablissements
           if _gestionnaire(et.finess_et, campagne) == number]  # fmt: skip
    first = counted[0] if counted else None
    state = _state(mine)
    if state is ReturnState.MISSING and attendu is not None and attendu.suspendu:
        state = ReturnState.SUSPENDU
    return Situation(
        finess_ej=number,
        name=(attendu.raison_sociale if attendu else "")
        or next((r.raison_sociale for r in files if r.raison_sociale), ""),
        departement=_departement(attendu, first, ets),
        state=state,
        expected=attendu is not None,
        off_list=bool(campagne.attendus) and attendu is None,
        files=tuple(r.file for r in files),
        blocking=sum(report.count(BLOQUANT) for report in mine),
        warnings=sum(report.count(AVERTISSEMENT) for report in mine),
        codes=_codes(mine),
        etablissements=_known_rows(attendu, ets, "secteur"),
        natures=_known_rows(attendu, ets, "principal_secondaire"),
        places=_places(attendu, ets),
        type_contrat=(first.type_contrat if first else "")
        or (attendu.type_contrat if attendu else ""),
        contact=(first.referent if first else "") or (attendu.contact if attendu else ""),
        courriel=(first.courriel if first else "") or (attendu.courriel if attendu else ""),
        telephone=attendu.telephone if attendu else "",
        reason=_reason(state, number, campagne, mine),
        nature=_nature(campagne.by_organisme.get(number, ())),
        filled=total_rate(fill for report in mine for fill in report.fills),
    )


def _reason(etat: ReturnState, number: str, campagne: Campagne, reports: Sequence[Report]) -> str:
    """Why a return is missing or cannot be read, as its own report says it."""
    if etat is ReturnState.MISSING:
        return why_missing(campagne, number).removeprefix(" : ")
    if etat is ReturnState.A_CORRIGER and any(
        rendu.file in campagne.sent_again for rendu in campagne.by_organisme.get(number, ())
    ):
        return RENVOI
    if etat is not ReturnState.ILLISIBLE:
        return ""
    blocking = [f for r in reports if r.verdict is Verdict.ILLISIBLE for f in r.findings
                if f.severity is BLOQUANT]  # fmt: skip
    return blocking[0].message.rstrip(".") if blocking else ""


def _nature(rendus: Sequence[Rendu]) -> str:
    """Provisional as soon as one of its parts is."""
    natures = {rendu.nature for rendu in rendus} - {""}
    return PROVISOIRE if PROVISOIRE in natures else next(iter(natures), "")


def _gestionnaire(finess_et: str, campagne: Campagne) -> str | None:
    """Whose ESMS it is, so that none is counted twice: the list's say, else the first return."""
    owner = campagne.ej_attendu.get(finess_et)
    return owner or campagne.by_etablissement[finess_et][0][0].finess_ej


def _codes(reports: Sequence[Report]) -> tuple[str, ...]:
    times = Counter(
        finding.code
        for report in reports
        for finding in report.findings
        if finding.severity is BLOQUANT and finding.waiver is None
    )
    return tuple(sorted(times, key=lambda code: (-times[code], code)))


def _state(reports: Sequence[Report]) -> ReturnState:
    states = {_STATES[report.verdict] for report in reports}
    return next((state for state in _DU_PLUS_GRAVE if state in states), ReturnState.MISSING)


def _departement(
    attendu: Attendu | None, rendu: Rendu | None, ets: Sequence[EtablissementRendu]
) -> str:
    """Département given by the list, else where most of its places are, else that of the fiche."""
    if attendu is not None and attendu.departement:
        return attendu.departement
    return where_most_places(ets) or (rendu.departement if rendu else "")


def where_most_places(ets: Iterable[EtablissementRendu]) -> str:
    """The département where most of the places of these ESMS are, "" if none."""
    return main_departement((et.departement, et.capacite_autorisee) for et in ets)


def _known_rows(
    attendu: Attendu | None, ets: Sequence[EtablissementRendu], key: str
) -> dict[str, str]:
    """What the return says of each ESMS, else what the list of the ARS does."""
    known: dict[str, str] = {}
    listed: Sequence[EtAttendu | EtablissementRendu] = attendu.etablissements if attendu else ()
    for et in (*listed, *ets):
        known[et.finess_et] = getattr(et, key) or known.get(et.finess_et, "")
    return known


def _places(attendu: Attendu | None, ets: Sequence[EtablissementRendu]) -> int:
    found = {et.finess_et: et.capacite for et in attendu.etablissements} if attendu else {}
    found.update({e.finess_et: 0 if e.sorti_le else e.capacite_autorisee for e in ets})
    return sum(count or 0 for count in found.values())
