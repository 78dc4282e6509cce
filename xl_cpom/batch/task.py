"""The work on one file, as a function of plain values that any process or machine can be handed.

Nothing leaves it but an answer: whatever happens while the file is read, the report says it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xl_cpom.batch.answer import FileAnswer, file_answer
from xl_cpom.batch.journal import SEPARATOR
from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.reports.annotated_mark import is_annotated
from xl_cpom.validators.model import PANDERA, Outcome, Report, Status, Verdict
from xl_cpom.validators.unreadable import file_fingerprint, unreadable_report
from xl_cpom.version import __version__
from xl_cpom.workbook.reader.refusals import UnreadableWorkbookError
from xl_cpom.workers.codec import encode

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

TRANSIENT = frozenset(
    ("LEC-INTERROMPU", "LEC-DELAI", "LEC-MEMOIRE", "LEC-LECTURE", "LEC-ACCES", "LEC-MOT-DE-PASSE")
)
"""Refusals that may come from the machine, or from a password that no journal knows, and not from
the file: never taken from the journal."""


@dataclass(frozen=True)
class Options:
    """How every file of a batch is controlled. It pickles; `digest` names it in the journal.

    referentiel: the cycle to judge under (the default one if None). date, juge: see `check`; a
    batch lasts, and passes every sheet to its pandera schema unless it is told otherwise.
    """

    date: dt.date | None = None
    referentiel: Referentiel | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    """Other keyword arguments of `check_and_keep`, the same for every file."""
    juge: str = PANDERA
    second_reading: bool = False
    """Have each workbook read again by a second reader: see `second_readings`."""

    @cached_property
    def digest(self) -> str:
        """Fingerprint: same options, same engine and same référentiel, same answer for a file.

        The engine comes first, so that a journal can drop the answers of those of the past.
        """
        from xl_cpom.referentiel import load_referentiel

        referentiel = self.referentiel or load_referentiel()
        said = (referentiel.digest, str(self.date), self.juge, dire(self.arguments))
        twice = " deux lectures" if self.second_reading else ""
        rest = hashlib.sha256((repr(said) + twice).encode()).hexdigest()
        return f"{engine_fingerprint()[:16]}{SEPARATOR}{rest}"


def dire(arguments: Mapping[str, Any]) -> str:
    """Arguments as a text that changes when they do.

    A file is its content, an object with a `digest` is that fingerprint, another its `repr`.
    """
    said = {
        key: file_fingerprint(value)
        if isinstance(value, Path)
        else getattr(value, "digest", None) or repr(value)
        for key, value in sorted(arguments.items())
    }
    return repr(said) if said else ""


@dataclass(frozen=True)
class FileTask:
    """One file to control: where it is, how it is called in the campaign.

    propres: arguments of `check_and_keep` for this file alone (last year's return).
    """

    path: str
    name: str
    options: Options = field(default_factory=Options)
    own: Mapping[str, Any] = field(default_factory=dict)


def control_file(request: FileTask) -> bytes:
    """Control one file; the encoded FileAnswer. Raises only what a broken machine raises."""
    from xl_cpom.validators.check import check_and_keep

    options = request.options
    try:
        report, retour = check_and_keep(
            request.path,
            referentiel=options.referentiel,
            date=options.date,
            juge=options.juge,
            **{**options.arguments, **request.own},
        )
        answer = file_answer(request.name, report, retour)
        if retour is not None and is_annotated(request.path):
            answer = replace(answer, rendu=replace(answer.rendu, annotated=True))
        return encode(answer)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - recorded: exit code 4, named in the report
        return encode(failure_report(request, error))


def failure_report(request: FileTask, error: BaseException) -> FileAnswer:
    """The answer when the control itself failed on a file: never the user's fault."""
    reason = f"{type(error).__name__}: {error}"
    report = Report(
        **_commun(request),
        verdict=Verdict.NON_CONTROLE,
        findings=(),
        outcomes=(Outcome("CONTROLE", Status.EN_PANNE, reason),),
    )
    return file_answer(request.name, report, None)


def refusal_report(request: FileTask, code: str, detail: str) -> FileAnswer:
    """The answer for a file whose worker gave none."""
    commun = _commun(request)
    refusal = UnreadableWorkbookError(code, detail)
    report = unreadable_report(
        request.name, commun["sha256"], refusal, commun["referentiel"], commun["judge"]
    )
    return file_answer(request.name, report, None)


def _commun(request: FileTask) -> dict[str, Any]:
    from xl_cpom.referentiel import load_referentiel

    return {
        "file": request.name,
        "sha256": file_fingerprint(Path(request.path)),
        "gabarit": None,
        "finess_ej": None,
        "raison_sociale": None,
        "indicateurs": (),
        "engine": __version__,
        "referentiel": (request.options.referentiel or load_referentiel()).id,
        "judge": request.options.juge,
    }


@cache
def engine_fingerprint() -> str:
    """Version of the program and fingerprint of its sources: a rule mended is another engine."""
    digest = hashlib.sha256(__version__.encode())
    root = Path(__file__).parents[1]
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
