"""What a rule is, what it finds, and what a report holds. No logic beyond the verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any

from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.validators.faults import Fault as Fault
from xl_cpom.validators.faults import fault as fault
from xl_cpom.validators.faults import missing_line as missing_line
from xl_cpom.validators.fingerprints import fingerprints
from xl_cpom.validators.planned_actions import PlannedAction
from xl_cpom.validators.recomputed import ComputedIndicator
from xl_cpom.validators.rule_sources import RuleSource
from xl_cpom.workbook.filled_share import SheetFill, fills_object

if TYPE_CHECKING:
    import pandas as pd

    from xl_cpom.workbook.model import Sheet


class Severity(Enum):
    """Severity speaks of consequence, not of taste."""

    BLOQUANT = "bloquant"  # the return is refused
    AVERTISSEMENT = "avertissement"  # mend it or justify it
    INFORMATION = "information"  # nothing to do

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}
BLOQUANT = Severity.BLOQUANT
AVERTISSEMENT = Severity.AVERTISSEMENT
INFORMATION = Severity.INFORMATION


DIRECT, PANDERA, TWO = "direct", "pandera", "deux"
"""Names of the judges of the rows (`validators.judges`), as the command and the reports say them.
"""


class Scope(Enum):
    """What a rule is given to look at."""

    FICHIER = "fichier"  # the workbook as a file: sheets, headers, formulas (found by the reader)
    CELL = "cellule"  # one cell against its column (found by the coercion)
    ROW = "ligne"  # one typed row
    SHEET = "feuille"  # the table of one sheet
    CLASSEUR = "classeur"  # the whole workbook
    PRECEDENT = "précédent"  # this return against last year's
    REFERENTIEL = "référentiel"  # this return against a FINESS extract
    CAMPAGNE = "campagne"  # all the returns of a campaign


@dataclass(frozen=True)
class Rule:
    """A rule of the catalogue, declared once with its examples.

    message, fix and expected are French templates; their placeholders are the keys of the row,
    the values of the fault, and `{valeur}` (first column as read) or `{manque}` (headers of the
    empty columns).
    """

    code: str
    """« INS-002 »: its family and its number, never used again."""
    severity: Severity
    """What a finding of it does to the verdict."""
    scope: Scope
    """What it is asked about: a cell, a row, a sheet, a workbook, a campaign."""
    sheet: Sheet | None
    """The sheet it bears on; None for the workbook or several."""
    columns: tuple[str, ...]
    """Keys of the columns it reads; the cells of its findings come from them, in this order."""
    title: str
    """What is wrong, in a few French words."""
    message: str
    """French template of the sentence of a finding."""
    fix: str
    """French template of what to do."""
    source: RuleSource
    """Where it comes from, and how sure that is."""
    doc: str
    """Why it exists, in French: its page of documentation."""
    check: Callable[..., Any] | None = None
    """The function asked; None when others raise it (`raised_by`)."""
    expected: str = ""
    """French template of what should have been."""
    ok: tuple[Any, ...] = ()
    """Rows, sheets or workbooks that it accepts: they are tests."""
    ko: tuple[Any, ...] = ()
    """The same that it refuses."""
    requires: tuple[str, ...] = ()
    """Codes that must have found nothing in the same place, see `validators.dependencies`."""
    sheets: tuple[Sheet, ...] = ()
    """Other sheets it reads: not checked when one of them is absent."""
    since: str = "0.1.0"
    """Version of the program that brought it."""
    while_present: bool = False
    """It asks nothing about an ESMS that has left the contract (`workbook.presence`)."""
    wants_context: bool = False
    """Is its function also given the `RuleContext`?"""
    on_rates: tuple[str, ...] = ()
    """Modules whose declared rate it compares with the recomputed one: not checked where a blocking
    finding bears on the rows of that rate, see `validators.rates_at_stake`."""
    raised_by: tuple[str, ...] = ()
    """Modules that raise it, when it has no function of its own (`check` is then None)."""
    together: str = ""
    """French template of the sentence of many findings told as one ({nombre}), see
    `validators.grouped_causes`; "" when each is told."""
    together_fix: str = ""
    """What to do then, when the cure of each says its own value."""

    @property
    def family(self) -> str:
        """The letters of the code (STR, FMT, IDE…)."""
        return self.code.split("-")[0]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault as reported: where, what was read, what was expected, how to mend it."""

    code: str
    """Code of the rule, or of the reading: `xl-cpom expliquer CODE` says more."""
    severity: Severity
    """Bloquant, avertissement or information."""
    sheet: str
    """Name of the tab in this workbook; "" for the file itself."""
    cells: tuple[str, ...]
    """A1 addresses, in the order of the columns of the rule; empty for a whole sheet."""
    value: str
    """What was read there, as a French text."""
    expected: str
    """What should have been."""
    message: str
    """One French sentence."""
    fix: str
    """What to do, in French."""
    source: str
    """Where the rule comes from, with its certainty when it is not the guide."""
    record: str = ""
    """The row it speaks of, in words (« l'action A3 »)."""
    waiver: str | None = None
    """Why the authority accepts it (dérogation): it then no longer counts."""
    justification: str | None = None
    """What the gestionnaire wrote to justify it: it still counts."""

    def to_dict(self) -> dict[str, Any]:
        """The « anomalie » of `--format json`."""
        said = (
            self.code, self.severity.value, self.sheet, list(self.cells), self.value,
            self.expected, self.message, self.fix, self.source, self.waiver, self.justification,
        )  # fmt: skip
        return dict(zip(FINDING_KEYS, said, strict=True))


FINDING_KEYS = (
    "code", "gravite", "feuille", "cellules", "valeur", "attendu", "message", "correction",
    "source", "derogation", "justification",
)  # fmt: skip
"""What is said of a finding: the keys of its object, the columns of their table."""


class Status(Enum):
    """What became of a rule on a workbook."""

    PASSEE = "passée"
    EN_ANOMALIE = "en anomalie"
    NON_CONTROLEE = "non contrôlée"
    EN_PANNE = "en panne"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Status of a rule on a workbook, with the reason when it was not checked or failed."""

    code: str
    """Code of the rule."""
    status: Status
    """Passed, with findings, not checked, broken."""
    reason: str = ""
    """Why, in French, when it was not checked or failed."""


class Verdict(Enum):
    """What the ARS does with the return."""

    RECEVABLE = "recevable"
    WITH_RESERVES = "recevable avec réserves"
    NON_RECEVABLE = "non recevable"
    ILLISIBLE = "illisible"
    NON_CONTROLE = "contrôle incomplet"  # a rule of the program failed: never « recevable »
    TO_COMPLETE = "diagnostic à compléter"  # period N: the guide expects more before negotiating
    READY = "prêt à négocier"  # period N: nothing of the diagnostic is missing


TAKEN = (Verdict.RECEVABLE, Verdict.WITH_RESERVES)
"""Verdicts of the returns that the ARS takes: their figures count."""


@dataclass(frozen=True, slots=True)
class ProfileEffect:
    """What the profile of a campaign changes in one return (see `profile_effect`)."""

    changed: int
    """Findings that only change severity."""
    silenced: int
    """Findings that it takes away."""
    added: int
    """Findings that only it brings."""
    before: Verdict
    """The verdict without it."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one control produced, ready for any rendering. Holds no clock of its own.

    Here, in a `Finding` and in a `ComputedIndicator`, what belongs to the program is named in
    English and what belongs to the CPOM in French (verdict, gabarit, referentiel, secteur, taux…);
    what leaves the program, keys and headers, is French.
    """

    file: str
    """Name of the file, as it is called in the campaign when there is one."""
    sha256: str
    """Fingerprint of its bytes, in hexadecimal; "" when not even they could be read."""
    gabarit: str | None
    """Version of the template, as the workbook says it."""
    verdict: Verdict
    """What the ARS does with the return."""
    finess_ej: str | None
    """FINESS number of the organisme, 9 characters; None when it is not read."""
    raison_sociale: str | None
    """Its name, as the workbook says it."""
    findings: tuple[Finding, ...]
    """What was found, in the order of the workbook."""
    indicateurs: tuple[ComputedIndicator, ...]
    """Each indicator recomputed, beside what was declared."""
    outcomes: tuple[Outcome, ...]
    """What became of each rule."""
    engine: str
    """Version of the program."""
    referentiel: str
    """Identifier of the cycle it was judged under."""
    reference_date: str = ""
    """Date at which deadlines were judged (ISO); "" when none was known."""
    annee: int | None = None
    """The year followed."""
    limits: tuple[str, ...] = ()
    """What the reader left aside, in French."""
    application: str = ""
    """The program that saved the file, as it says."""
    options: Mapping[str, str] = field(default_factory=dict)
    """What went with the control, by the name of its option."""
    judge: str = DIRECT
    """Which judge said what rows were at fault: « direct », « pandera » or « deux »."""
    effect: ProfileEffect | None = None
    """What the profile of the campaign changes here; None without one."""
    etablissements: tuple[tuple[str, str], ...] = ()
    """(FINESS ET, secteur) of each ESMS: the keys of the tables of the ARS."""
    fills: tuple[SheetFill, ...] = ()
    """How far each sheet is filled."""
    actions: tuple[PlannedAction, ...] = ()
    """The actions of each objective, as e-CARS asks for them."""

    def count(self, severity: Severity) -> int:
        """Number of findings of a severity that no waiver lifts."""
        return sum(f.severity is severity and f.waiver is None for f in self.findings)

    @property
    def justified(self) -> int:
        """Number of avertissements, among those that count, that the gestionnaire justified."""
        return sum(
            f.severity is AVERTISSEMENT and f.waiver is None and f.justification is not None
            for f in self.findings
        )

    def count_rules(self, status: Status) -> int:
        """Number of rules that ended with a status."""
        return [outcome.status for outcome in self.outcomes].count(status)

    def to_dict(self) -> dict[str, Any]:
        """The object of `--format json`: plain values under the French keys of the schema."""
        return {
            "fichier": self.file,
            "sha256": self.sha256,
            "gabarit": self.gabarit,
            "verdict": self.verdict.value,
            "organisme": {"finess_ej": self.finess_ej, "raison_sociale": self.raison_sociale},
            "anomalies": self.said_findings(),
            "indicateurs": [indicateur.to_dict() for indicateur in self.indicateurs],
            "regles": {
                "passees": self.count_rules(Status.PASSEE),
                "en_anomalie": self.count_rules(Status.EN_ANOMALIE),
                "non_controlees": self.count_rules(Status.NON_CONTROLEE),
                "en_panne": self.count_rules(Status.EN_PANNE),
            },
            "moteur": self.engine,
            "juge": self.judge,
            "referentiel": self.referentiel,
            "options": dict(self.options),
            "completude": fills_object(self.fills),
        }

    def said_findings(self) -> list[dict[str, Any]]:
        """The findings as JSON says them, each with its stable fingerprint."""
        names = fingerprints(self.findings)
        return [{**f.to_dict(), "empreinte": n} for f, n in zip(self.findings, names, strict=True)]

    def to_frame(self, quoi: str = "anomalies") -> pd.DataFrame:
        """The findings (« anomalies ») or the indicators (« indicateurs ») as a DataFrame.

        Those of many reports concatenate. See `findings_frame`; an indicator has `fichier`,
        `finess_ej`, then the keys of an « indicateur » of `--format json`, rates as fractions
        (NaN when there is none). Raises ValueError for another word. Needs pandas.
        """
        from xl_cpom.validators import report_frames

        if quoi == "anomalies":
            return self.findings_frame()
        if quoi != "indicateurs":
            raise ValueError(f"quoi: « anomalies » or « indicateurs », not {quoi!r}")
        return report_frames.indicators_frame(self.file, self.finess_ej, self.indicateurs)

    def findings_frame(self) -> pd.DataFrame:
        """One row per finding, in the order of the report; those of many reports concatenate.

        Columns: `fichier`, then the keys of an « anomalie » of `--format json`, `empreinte`
        last; `cellules` is a tuple of A1 addresses (`frame.explode("cellules")` gives one row per
        cell). Texts, None where there is nothing; the columns are always there. Needs pandas.
        """
        from xl_cpom.validators import report_frames

        return report_frames.findings_frame(self.file, self.said_findings(), FINDING_KEYS)


PERIOD_N = "le contrat est en préparation (période N)"
"""Why a rule of a follow-up year is not asked: it also tells that the verdict is of period N."""


def verdict_of(findings: tuple[Finding, ...], outcomes: tuple[Outcome, ...]) -> Verdict:
    """The verdict: the gravest unwaived finding decides; a failed rule forbids « recevable ».

    In period N, what is missing of the diagnostic decides: see `validators.stage`.
    """
    severities = {f.severity for f in findings if f.waiver is None}
    if BLOQUANT in severities:
        return Verdict.NON_RECEVABLE
    if any(outcome.status is Status.EN_PANNE for outcome in outcomes):
        return Verdict.NON_CONTROLE
    if any(outcome.reason == PERIOD_N for outcome in outcomes):
        missing = any(f.code.startswith("CTR-") and f.waiver is None for f in findings)
        return Verdict.TO_COMPLETE if missing else Verdict.READY
    if AVERTISSEMENT in severities:
        return Verdict.WITH_RESERVES
    return Verdict.RECEVABLE


EXIT_CODES = {
    Verdict.RECEVABLE: 0,
    Verdict.WITH_RESERVES: 0,
    Verdict.NON_RECEVABLE: 1,
    Verdict.ILLISIBLE: 3,
    Verdict.NON_CONTROLE: 4,
    Verdict.TO_COMPLETE: 0,
    Verdict.READY: 0,
}
"""Process exit code for each verdict; in a batch the gravest wins."""


def exit_code(report: Report) -> int:
    """Exit code of one report: 4 as soon as a rule of the program failed."""
    if report.count_rules(Status.EN_PANNE):
        return 4
    return EXIT_CODES[report.verdict]
