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
from dataclasses import dataclass, field, replace
from pathlib import Path

from xl_cpom.batch.codec import decode, encode
from xl_cpom.batch.pool import Echec
from xl_cpom.batch.travail import Demande, panne, refus
from xl_cpom.serveur.piece import AVEC_MACROS, CLASSEUR, Piece
from xl_cpom.typographie import visible
from xl_cpom.validators.model import Report
from xl_cpom.workbook.reader.errors import UnreadableWorkbook

WARM_UP = ("xl_cpom.validators.check", "xl_cpom.reports.annotate", "xl_cpom.serveur.page_rapport")
"""What a worker imports before its first task."""

_ENTETE = {"type", "code", "detail", "csp"}


@dataclass(frozen=True, slots=True)
class Controle:
    """Control one workbook. sortie: « rapport » (JSON), « copie » (xlsx) or « piece » (both, for
    `Assemblage`). dossier: where the copy may pass.
    """

    nom: str
    octets: bytes = field(repr=False)
    sortie: str
    dossier: str
    copie_max: int


@dataclass(frozen=True, slots=True)
class Assemblage:
    """Make the page of one or several controls. theme: CSS of the house, put in the page."""

    pieces: tuple[bytes, ...] = field(repr=False)
    theme: str = ""


@dataclass(frozen=True, slots=True)
class Reponse:
    """An answer ready to be sent; with a code, a refusal (and the piece of a page, if asked)."""

    corps: bytes
    type: str = "application/json"
    code: str = ""
    detail: str = ""
    csp: str = ""


def travailler(tache: Controle | Assemblage) -> bytes:
    """The work of a worker; the packed Reponse."""
    if isinstance(tache, Assemblage):
        from xl_cpom.serveur.page_rapport import page_rapport

        pieces = [decode(Piece, piece) for piece in tache.pieces]
        page, csp = page_rapport(pieces, tache.theme)
        return emballer(Reponse(page.encode(), "text/html; charset=utf-8", csp=csp))
    try:
        return emballer(_controler(tache))
    except UnreadableWorkbook as refusal:
        return emballer(_refuse(tache, refusal))


def emballer(answer: Reponse) -> bytes:
    """One line of JSON, then the bytes."""
    head = {"type": answer.type, "code": answer.code, "detail": answer.detail, "csp": answer.csp}
    return json.dumps(head).encode() + b"\n" + answer.corps


def deballer(answer: bytes | Echec) -> Reponse:
    """The Reponse packed by `emballer`, or the refusal that what came instead amounts to."""
    if isinstance(answer, Echec):
        return Reponse(b"", code=answer.code or "SRV-PANNE", detail=visible(answer.detail))
    head, found, corps = answer.partition(b"\n")
    try:
        fields = json.loads(head)
    except ValueError:
        fields = None
    if not found or not isinstance(fields, dict) or set(fields) != _ENTETE:
        return Reponse(b"", code="LEC-INTERROMPU", detail="réponse incompréhensible")
    return Reponse(corps, **fields)


def piece_refusee(nom: str, code: str, detail: str) -> bytes:
    """The piece of a workbook whose worker gave no answer."""
    demande = Demande("", nom)
    if code.startswith("LEC-"):
        return encode(Piece(refus(demande, code, detail).report))
    return encode(Piece(panne(demande, RuntimeError(detail)).report))


def _refuse(tache: Controle, refusal: UnreadableWorkbook) -> Reponse:
    """A workbook that cannot be read: its report for a page, the bare refusal for a program."""
    corps = b""
    if tache.sortie == "piece":
        report = refus(Demande("", tache.nom), refusal.code, refusal.detail).report
        corps = encode(Piece(replace(report, sha256=hashlib.sha256(tache.octets).hexdigest())))
    return Reponse(corps, code=refusal.code, detail=refusal.detail)


def _controler(tache: Controle) -> Reponse:
    """Raises UnreadableWorkbook."""
    from xl_cpom.referentiel import charger
    from xl_cpom.reports.formats import FORMATS
    from xl_cpom.validators.check import check_retour
    from xl_cpom.workbook.reader import read_workbook
    from xl_cpom.workbook.reading import interpret

    retour = interpret(read_workbook(tache.octets), charger())
    report = check_retour(tache.nom, retour)
    if tache.sortie == "rapport":
        return Reponse(FORMATS["json"].octets([report]))
    if tache.sortie == "piece" and not report.findings:
        return Reponse(encode(Piece(report)))  # a copy would have nothing to show
    macros = retour.raw.has_macros
    kind = AVEC_MACROS if macros else CLASSEUR
    copie, refusal = _copie(tache, report, ".xlsm" if macros else ".xlsx")
    if tache.sortie == "copie":
        if refusal:
            return Reponse(b"", code="SRV-SANS-COPIE", detail=refusal)
        return Reponse(copie, kind)
    if len(copie) > tache.copie_max:
        copie, refusal = b"", "elle est trop volumineuse pour cette page."
    return Reponse(encode(Piece(report, b64encode(copie).decode(), kind, refusal)))


def _copie(tache: Controle, report: Report, suffix: str) -> tuple[bytes, str]:
    """The annotated copy, or why there is none."""
    from xl_cpom.reports.annotate import AnnotationImpossible, annotate
    from xl_cpom.reports.mots import VERDICTS

    verdict = f"Verdict : {VERDICTS[report.verdict].mot}"
    try:
        with tempfile.TemporaryDirectory(dir=tache.dossier) as folder:
            out = Path(folder, "copie" + suffix)
            annotate(tache.octets, report.findings, out, verdict_line=verdict)
            return out.read_bytes(), ""
    except AnnotationImpossible as failure:
        return b"", f"{failure.message} {failure.fix}".strip()
