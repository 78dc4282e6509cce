"""What a worker is asked: control a workbook given as bytes, or put controls together in a page.

It runs in a worker process, so that the one that listens to the network opens no workbook and
renders nothing that comes from one. A workbook is never written to the disk; its annotated copy is,
for the time of reading it back, in a folder that the parent empties whatever happens.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from base64 import b64encode
from pathlib import Path

from xl_cpom.batch.check_files import WARM_UP as CONTROLE
from xl_cpom.batch.task import FileTask, failure_report, refusal_report
from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.referentiel import load_referentiel
from xl_cpom.server.control_result import CLASSEUR, WITH_MACROS, ReportPiece
from xl_cpom.typography import visible
from xl_cpom.validators.model import PANDERA, Report
from xl_cpom.validators.unreadable import unreadable_report
from xl_cpom.workbook.reader.refusals import UnreadableWorkbookError
from xl_cpom.workers.codec import decode, encode
from xl_cpom.workers.pool import TaskFailure

WARM_UP = (*CONTROLE, "xl_cpom.reports.annotate", "xl_cpom.server.report_page")
"""What a worker imports before its first task."""

_HEADER = {"type", "code", "detail", "csp"}


@dataclass(frozen=True, slots=True)
class ControlTask:
    """Control one workbook. sortie: « rapport » (JSON), « copie » (xlsx) or « piece » (both, for
    `PageTask`). dossier: where the copy may pass.
    """

    name: str
    data: bytes = field(repr=False)
    output: str
    folder: str
    max_copy: int
    second_reading: bool = False


@dataclass(frozen=True, slots=True)
class PageTask:
    """Make the page of one or several controls. theme: CSS of the house, put in the page."""

    pieces: tuple[bytes, ...] = field(repr=False)
    theme: str = ""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer ready to be sent; with a code, a refusal (and the piece of a page, if asked)."""

    body: bytes
    type: str = "application/json"
    code: str = ""
    detail: str = ""
    csp: str = ""


def serve_task(task: ControlTask | PageTask) -> bytes:
    """The work of a worker; the packed HttpAnswer."""
    if isinstance(task, PageTask):
        from xl_cpom.server.report_page import report_page

        pieces = [decode(ReportPiece, piece) for piece in task.pieces]
        page, csp = report_page(pieces, task.theme)
        return pack(HttpAnswer(page.encode(), "text/html; charset=utf-8", csp=csp))
    try:
        return pack(_control(task))
    except UnreadableWorkbookError as refusal:
        return pack(_refuse(task, refusal))


def pack(answer: HttpAnswer) -> bytes:
    """One line of JSON, then the bytes."""
    head = {"type": answer.type, "code": answer.code, "detail": answer.detail, "csp": answer.csp}
    return json.dumps(head).encode() + b"\n" + answer.body


def unpack(answer: bytes | TaskFailure) -> HttpAnswer:
    """The HttpAnswer packed by `emballer`, or the refusal that what came instead amounts to."""
    if isinstance(answer, TaskFailure):
        return HttpAnswer(b"", code=answer.code or "SRV-PANNE", detail=visible(answer.detail))
    head, found, body = answer.partition(b"\n")
    try:
        fields = json.loads(head)
    except ValueError:
        fields = None
    if not found or not isinstance(fields, dict) or set(fields) != _HEADER:
        return HttpAnswer(b"", code="LEC-INTERROMPU", detail="réponse incompréhensible")
    return HttpAnswer(body, **fields)


def refused_piece(nom: str, code: str, detail: str) -> bytes:
    """The piece of a workbook whose worker gave no answer."""
    request = FileTask("", nom)
    if code.startswith("LEC-"):
        return encode(ReportPiece(refusal_report(request, code, detail).report))
    return encode(ReportPiece(failure_report(request, RuntimeError(detail)).report))


def _refuse(task: ControlTask, refusal: UnreadableWorkbookError) -> HttpAnswer:
    """A workbook that cannot be read: its report for a page, the bare refusal for a program."""
    body = b""
    if task.output == "piece":
        sha256 = hashlib.sha256(task.data).hexdigest()
        body = encode(
            ReportPiece(
                unreadable_report(task.name, sha256, refusal, load_referentiel().id, PANDERA)
            )
        )
    return HttpAnswer(body, code=refusal.code, detail=refusal.detail)


def _control(task: ControlTask) -> HttpAnswer:
    """Raises UnreadableWorkbookError."""
    from xl_cpom.reports.renderings import FORMATS
    from xl_cpom.validators.check import check_retour
    from xl_cpom.workbook.decryption import open_workbook
    from xl_cpom.workbook.interpretation.interpret import interpret

    retour = interpret(open_workbook(task.data), load_referentiel())
    report = check_retour(task.name, retour, juge=PANDERA)
    if task.second_reading:
        from xl_cpom.batch.second_readings import completed_by
        from xl_cpom.workbook.second_reading import in_a_process

        report = completed_by(report, in_a_process(task.data))
    if task.output == "rapport":
        return HttpAnswer(FORMATS["json"].content([report]))
    if task.output == "piece" and not report.findings:
        return HttpAnswer(encode(ReportPiece(report)))  # a copy would have nothing to show
    macros = retour.raw.has_macros
    kind = WITH_MACROS if macros else CLASSEUR
    copy, refusal = _copy(task, report, ".xlsm" if macros else ".xlsx")
    if task.output == "copie":
        if refusal:
            return HttpAnswer(b"", code="SRV-SANS-COPIE", detail=refusal)
        return HttpAnswer(copy, kind)
    if len(copy) > task.max_copy:
        copy, refusal = b"", "elle est trop volumineuse pour cette page."
    return HttpAnswer(encode(ReportPiece(report, b64encode(copy).decode(), kind, refusal)))


def _copy(task: ControlTask, report: Report, suffix: str) -> tuple[bytes, str]:
    """The annotated copy, or why there is none."""
    from xl_cpom.reports.annotate import AnnotationError, annotate
    from xl_cpom.reports.words import VERDICTS

    verdict = f"Verdict : {VERDICTS[report.verdict].word}"
    try:
        with tempfile.TemporaryDirectory(dir=task.folder) as folder:
            out = Path(folder, "copie" + suffix)
            annotate(task.data, report.findings, out, verdict_line=verdict)
            return out.read_bytes(), ""
    except AnnotationError as failure:
        return b"", f"{failure.message} {failure.fix}".strip()
