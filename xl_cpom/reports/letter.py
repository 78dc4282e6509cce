"""One French letter per gestionnaire: what blocks, what to justify, by when.

The Markdown template belongs to who signs: another one may be given
(`RenderOptions.modele_lettre`), and serves both forms of the letter. It runs in jinja2's sandbox,
and every text that comes from the workbook is escaped before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from jinja2 import DictLoader, StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.grouping import (
    CLASSEUR,
    MessageGroup,
    RuleGroup,
    enumerate_cells,
    group_findings,
)
from xl_cpom.reports.harmless import safe_markdown
from xl_cpom.reports.jinja_environment import template_source
from xl_cpom.reports.render_context import DEFAULT_OPTIONS, InvalidTemplateError, RenderOptions
from xl_cpom.reports.words import how_many, options
from xl_cpom.typography import long_date, typeset
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Severity, Verdict
from xl_cpom.validators.wording import EMPTY

if TYPE_CHECKING:
    from pathlib import Path

    from xl_cpom.validators.model import Report

CITES = 2
"""Messages of one rule that a letter quotes; the cells are all in the annotated copy."""

SEPARATOR = "\n\n<!-- lettre suivante -->\n\n"
ANNEXE = "<!-- annexe -->"
"""Line of a template that opens the annex: on its own page once printed."""


@dataclass(frozen=True, slots=True)
class LetterPoint:
    """One line of the letter: where, what, how to mend it, the waiver when there is one."""

    lieu: str
    constat: str
    correction: str
    derogation: str


@dataclass(frozen=True, slots=True)
class Letter:
    """The content of a letter; these are the names that a template may use."""

    organisme: str
    finess_ej: str
    fichier: str
    annee: str
    date: str
    echeance: str
    illisible: bool
    incomplet: bool
    blocages: tuple[LetterPoint, ...]
    reserves: tuple[LetterPoint, ...]
    derogations: tuple[LetterPoint, ...]
    moteur: str
    referentiel: str
    sha256: str
    complements: str
    deduites: bool = False
    """Some points rest on a rule that is only deduced: their place says so."""
    service: str = ""
    """Who signs: name, address, telephone of the service, as the ARS gives them."""
    recu_le: str = ""
    """The day the file came, when the ARS noted it."""
    version: str = ""
    """What this file is after another one (« remplace… »), in French."""
    provisoire: bool = False
    """The gestionnaire declares the return provisional."""


_DEDUITE = "[inféré]"
"""How the source of a finding ends when its rule is only deduced."""


def render(reports: Sequence[Report], context: RenderOptions = DEFAULT_OPTIONS) -> str:
    """The letters as Markdown, one after the other."""
    return SEPARATOR.join(compose_letter(report, context) for report in reports)


def compose_letter(report: Report, context: RenderOptions = DEFAULT_OPTIONS) -> str:
    """The letter of one report, as Markdown. Raises InvalidTemplateError (French message)."""
    return fill_letter(_read(context.letter_template), letter_content(report, context))


def check_template(template: Path) -> None:
    """Try a template on letters that use every name. Raises InvalidTemplateError."""
    source = _read(template)
    for letter in full_letters():
        fill_letter(source, letter)


def full_letters() -> Iterator[Letter]:
    """Two letters that between them go through every condition of a template."""
    point = (LetterPoint("lieu", "constat", "correction", "derogation"),)
    for full in (True, False):
        values: dict[str, Any] = {f.name: f.name if full else "" for f in fields(Letter)}
        values |= dict.fromkeys(("blocages", "reserves", "derogations"), point if full else ())
        values |= {"illisible": not full, "incomplet": not full, "deduites": full,
                   "provisoire": full}  # fmt: skip
        yield Letter(**values)


@lru_cache(maxsize=4)
def _compiled(source: str) -> Template:
    """A template made ready once: compiling it takes longer than all that a letter says."""
    env = ImmutableSandboxedEnvironment(
        loader=DictLoader({}),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return env.from_string(source)


def fill_letter(source: str, lettre: Letter) -> str:
    """A template filled in, texts escaped. Raises InvalidTemplateError (French message)."""
    content = letter_values(lettre, safe_markdown)
    try:
        return _compiled(source).render(content)
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        line = getattr(error, "lineno", None)
        where = f" (ligne {line})" if line else ""
        raise InvalidTemplateError(
            typeset(f"Le modèle de lettre ne peut pas être utilisé{where} : {error}")
        ) from error


def _read(template: Path | None) -> str:
    if template is None:
        return template_source("lettre.md")
    try:
        return template.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidTemplateError(
            typeset(f"Le modèle de lettre « {template.name} » ne peut pas être lu : {error}")
        ) from error


def letter_content(report: Report, context: RenderOptions = DEFAULT_OPTIONS) -> Letter:
    """The content of the letter, texts as read (each format escapes them)."""
    return Letter(
        organisme=report.raison_sociale or "Organisme gestionnaire",
        finess_ej=report.finess_ej or "non renseigné",
        fichier=PurePosixPath(report.file).name,  # where the ARS keeps it is its own business
        annee=str(report.annee or ""),
        date=long_date(context.date) if context.date else "",
        echeance=long_date(context.echeance) if context.echeance else "",
        illisible=report.verdict is Verdict.ILLISIBLE,
        incomplet=report.verdict is Verdict.NON_CONTROLE,
        blocages=_points(report, BLOQUANT),
        reserves=_points(report, AVERTISSEMENT),
        derogations=_points(report, None),
        moteur=report.engine,
        referentiel=report.referentiel,
        sha256=report.sha256,
        deduites=any(f.source.endswith(_DEDUITE) and f.waiver is None for f in report.findings),
        complements=" ; ".join(typeset(f"{n} : {value}") for n, value in options(report)),
        service=context.service,
        recu_le=context.received_on,
        version=context.version,
        provisoire=context.provisional,
    )


def _points(report: Report, gravite: Severity | None) -> tuple[LetterPoint, ...]:
    """One point per sheet and rule of a severity that is not waived; None: the waived ones."""
    return tuple(
        _point(sheet.name, group)
        for sheet in group_findings(report)
        for group in sheet.groups
        if (group.lifted if gravite is None else group.severity is gravite and not group.lifted)
    )


def _point(feuille: str, group: RuleGroup) -> LetterPoint:
    place = "Classeur" if feuille == CLASSEUR else f"Feuille «\u00a0{feuille}\u00a0»"
    cells = enumerate_cells(cell for fault in group.messages for cell in fault.cells)
    code = f"{group.code}, règle déduite" if group.source.endswith(_DEDUITE) else group.code
    return LetterPoint(
        lieu=f"{place}, {cells} ({code})" if cells else f"{place} ({code})",
        constat=_some([_said(fault) for fault in group.messages]),
        correction=_some([fault.correction for fault in group.messages]),
        derogation=_some([fault.derogation or "" for fault in group.messages]),
    )


def _said(fault: MessageGroup) -> str:
    """The message, with what was expected where it does not say it."""
    if not fault.untold:
        return fault.message
    return typeset(f"{fault.message} Attendu : {' ; '.join(fault.untold)}.")


def _some(texts: Sequence[str]) -> str:
    """The first texts that differ, and how many are left."""
    distinct = list(dict.fromkeys(texts))
    left = len(distinct) - CITES
    if left <= 0:
        return " ".join(distinct)
    other = how_many(left, "autre constat semblable", "autres constats semblables")
    return f"{' '.join(distinct[:CITES])} Et {other}."


def letter_values(lettre: Letter, protect: Callable[[str], str]) -> dict[str, Any]:
    """The content by its names, texts escaped for their format; one made of blanks is said empty.

    protect: what escapes a text.
    """

    def shown(text: str) -> str:
        return protect(EMPTY if text and not text.strip() else text)

    def safe(value: Any) -> Any:
        if isinstance(value, str):
            return shown(value)
        if isinstance(value, tuple):
            return tuple(safe(item) for item in value)
        if isinstance(value, LetterPoint):
            return LetterPoint(*(shown(getattr(value, f.name)) for f in fields(value)))
        return value

    return {f.name: safe(getattr(lettre, f.name)) for f in fields(lettre)}
