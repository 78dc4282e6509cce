"""The desk of the worker: one request in (JSON), one answer out (JSON and bytes).

What it answers is what the command writes: the same reports, the same words, the same files. It
knows nothing of JavaScript, so that tests can drive it without a browser. A workbook is given by
the path where the page has mounted it, and is read by the code that reads a path.
"""

from __future__ import annotations

import datetime as dt
import json
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xl_cpom.browser import outputs
from xl_cpom.errors import XlCpomError
from xl_cpom.typography import typeset, visible
from xl_cpom.workers.codec import decode, encode

if TYPE_CHECKING:
    from xl_cpom.validators.model import Report

Request = Mapping[str, Any]
Answer = tuple[Mapping[str, Any], bytes]


LOCKED = ("LEC-CHIFFRE", "LEC-MOT-DE-PASSE")
"""The refusals that a password would lift."""


class DeskRefusedError(XlCpomError):
    """What is asked cannot be done: one French sentence."""


def answer(request: str) -> tuple[str, bytes]:
    """The answer to a request: an object in JSON, and the bytes of a file (or none).

    With `refus`, nothing was done and the sentence says why; with `panne`, the program is at fault.
    """
    asked = json.loads(request)
    try:
        head, content = _ACTIONS[asked["action"]](asked)
    except DeskRefusedError as refusal:
        head, content = {"refus": str(refusal)}, b""
    except MemoryError:
        raise
    except Exception as failure:  # noqa: BLE001 - told as ours, with where it happened
        where = traceback.extract_tb(failure.__traceback__)[-1]
        detail = f"{type(failure).__name__}: {failure} ({Path(where.filename).name}:{where.lineno})"
        head, content = {"panne": visible(detail)}, b""
    return json.dumps(head, ensure_ascii=False), content


def _control(asked: Request) -> Answer:
    """Control the workbook at `chemin`, under the options of the command that make sense here."""
    from xl_cpom.validators.check import check

    return _head(check(Path(asked["chemin"]), **_options(asked))), b""


def _control_ranges(asked: Request) -> Answer:
    """Control the open workbook from what Excel shows of it: `feuilles`, see `ranges`."""
    import tempfile

    from xl_cpom.browser.ranges import LOST_HERE, write_ranges
    from xl_cpom.validators.check import check
    from xl_cpom.validators.model import verdict_of

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, Path(asked["nom"]).name)
        write_ranges(asked["feuilles"], path)
        report = check(path, **_options(asked))
    kept = tuple(one for one in report.findings if one.code not in LOST_HERE)
    report = replace(report, findings=kept, verdict=verdict_of(kept, report.outcomes))
    return _head(report), b""


def _options(asked: Request) -> dict[str, Any]:
    """Keyword arguments of `check`. Raises Refusal."""
    options: dict[str, Any] = {}
    if asked.get("date"):
        try:
            options["date"] = dt.date.fromisoformat(asked["date"])
        except ValueError:
            raise DeskRefusedError(
                typeset(f"« {visible(asked['date'])} » n'est pas une date AAAA-MM-JJ.")
            ) from None
    if asked.get("precedent"):
        options["precedent"] = Path(asked["precedent"])
    if asked.get("mot_de_passe"):
        options["mot_de_passe"] = asked["mot_de_passe"]
    return options


def _clear(asked: Request) -> Answer:
    """The workbook at `chemin` without its password, for what is written from it afterwards."""
    from xl_cpom.workbook.decryption import Password, decrypt
    from xl_cpom.workbook.reader import UnreadableWorkbookError

    try:
        content = decrypt(Path(asked["chemin"]).read_bytes(), Password(asked["mot_de_passe"]))
    except UnreadableWorkbookError as refusal:
        raise DeskRefusedError(f"{refusal.message} {refusal.fix}".strip()) from refusal
    return {}, content


def _lost(asked: Request) -> Answer:
    """The report of a workbook whose worker gave no answer: stopped by time, or out of memory."""
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.validators.unreadable import unreadable_report
    from xl_cpom.workbook.reader import UnreadableWorkbookError

    refusal = UnreadableWorkbookError(asked["code"], asked["detail"])
    return _head(unreadable_report(asked["nom"], "", refusal, load_referentiel().id)), b""


def _head(report: Report) -> dict[str, Any]:
    """What the page keeps of a control: the public object, the words of its line, the report."""
    from xl_cpom.reports.renderings import FORMATS
    from xl_cpom.reports.words import VERDICTS, VERDICTS_OF_SEVERAL, bilan
    from xl_cpom.validators.model import Verdict

    mark = VERDICTS[report.verdict]
    readable = report.verdict not in (Verdict.ILLISIBLE, Verdict.NON_CONTROLE)
    return {
        "json": FORMATS["json"].render([report]),
        "verdict": report.verdict.value,
        "mot": mark.word,
        "mots": VERDICTS_OF_SEVERAL[report.verdict],
        "symbole": mark.symbol,
        "cle": mark.key,
        "bilan": bilan(report) if readable else report.findings[0].message,
        "organisme": report.raison_sociale or "",
        "lisible": readable,
        "chiffre": [f.code for f in report.findings if f.code in LOCKED],
        "copiable": readable and bool(report.findings),
        "marques": any(finding.code == "STR-065" for finding in report.findings),
        "rapport": encode(report).decode(),
    }


def _page(asked: Request) -> Answer:
    """The HTML report of the reports given: the file of `--format html`."""
    return {"html": outputs.render("html", _reports(asked))}, b""


def _file(asked: Request) -> Answer:
    """One of the files that the command writes beside a control; its name and its type."""
    made = outputs.written(asked["format"], _reports(asked))
    return {"nom": made.name, "type": made.media}, made.content


def _copy(asked: Request) -> Answer:
    """The annotated copy of the workbook at `chemin`, whose report is given."""
    from xl_cpom.reports.annotate import AnnotationError

    (report,) = _reports(asked)
    try:
        made = outputs.annotated(Path(asked["chemin"]), report)
    except AnnotationError as refusal:
        raise DeskRefusedError(f"{refusal.message} {refusal.fix}".strip()) from refusal
    return {"nom": made.name, "type": made.media, "dit": list(made.said)}, made.content


def _bare(asked: Request) -> Answer:
    """The workbook at `chemin` without the marks of a previous control."""
    from xl_cpom.reports.annotate import AnnotationError

    try:
        made = outputs.unmarked(Path(asked["chemin"]))
    except AnnotationError as refusal:
        raise DeskRefusedError(f"{refusal.message} {refusal.fix}".strip()) from refusal
    return {"nom": made.name, "type": made.media, "dit": list(made.said)}, made.content


def _repaired(asked: Request) -> Answer:
    """The workbook at `chemin` with the repairs that the reading made without doubt."""
    from xl_cpom.reports.annotate import AnnotationError
    from xl_cpom.workbook.reader import UnreadableWorkbookError

    try:
        made = outputs.corrected(Path(asked["chemin"]))
    except (AnnotationError, UnreadableWorkbookError) as refusal:
        raise DeskRefusedError(f"{refusal.message} {refusal.fix}".strip()) from refusal
    return {"nom": made.name, "type": made.media, "dit": list(made.said)}, made.content


def _compare(asked: Request) -> Answer:
    """Two workbooks side by side: what was corrected, what is new, what remains."""
    from xl_cpom.reports.comparison import (
        ComparisonRefusedError,
        UnreadableSideError,
        comparer,
        html_page,
        json_document,
    )
    from xl_cpom.reports.comparison.comparison_words import resume

    try:
        found = comparer(Path(asked["avant"]), Path(asked["apres"]))
    except (ComparisonRefusedError, UnreadableSideError) as refusal:
        raise DeskRefusedError(str(refusal)) from refusal
    return {
        "html": html_page.render(found),
        "json": json_document.render(found),
        "resume": resume(found),
        "corriges": len(found.fixed),
        "nouveaux": len(found.new),
        "restants": len(found.remaining),
    }, b""


def _pour(asked: Request) -> Answer:
    """The content of the workbook at `chemin` poured into a clean one."""
    from xl_cpom.workbook.reader import UnreadableWorkbookError
    from xl_cpom.workbook.transfer import TransferTargetError

    try:
        made = outputs.poured(Path(asked["chemin"]))
    except TransferTargetError as refusal:
        raise DeskRefusedError(str(refusal)) from refusal
    except UnreadableWorkbookError as refusal:
        raise DeskRefusedError(f"{refusal.message} {refusal.fix}".strip()) from refusal
    return {"nom": made.name, "type": made.media, "dit": list(made.said)}, made.content


def _cells(asked: Request) -> Answer:
    """Values of functions as cells call them: `appels`, a list of (name, arguments)."""
    from xl_cpom.functions.calls import invoke

    return {"valeurs": [invoke(name, args) for name, args in asked["appels"]]}, b""


def _controles(asked: Request) -> Answer:
    """What the pane of Excel writes in « Contrôles »."""
    from xl_cpom.udfs.ribbon_sheets import HEADERS, controles_lines
    from xl_cpom.workbook.tabs import CONTROLES

    (report,) = _reports(asked)
    lines = controles_lines(report.findings)
    return {"feuille": CONTROLES, "entetes": list(HEADERS), "lignes": lines}, b""


def _reports(asked: Request) -> list[Report]:
    from xl_cpom.validators.model import Report

    return [decode(Report, text.encode()) for text in asked["rapports"]]


_ACTIONS: Mapping[str, Callable[[Request], Answer]] = {
    "controler": _control,
    "controler_plages": _control_ranges,
    "ouvrir": _clear,
    "perdu": _lost,
    "page": _page,
    "fichier": _file,
    "copie": _copy,
    "corriger": _repaired,
    "sans_marques": _bare,
    "comparer": _compare,
    "transvaser": _pour,
    "fonctions": _cells,
    "controles": _controles,
}
"""What can be asked."""

__all__ = ["answer"]
