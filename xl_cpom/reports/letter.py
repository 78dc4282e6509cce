"""One French letter per gestionnaire: what blocks, what to justify, by when.

The Markdown template belongs to who signs: another one may be given
(`RenderOptions.modele_lettre`), and serves both forms of the letter. It runs in jinja2's sandbox,
and every text that comes from the workbook is escaped before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from jinja2 import DictLoader, StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from xl_cpom.reports.grouping import CLASSEUR, RuleGroup, enumerate_cells, group_findings
from xl_cpom.reports.harmless import safe_markdown
from xl_cpom.reports.jinja_environment import template_source
from xl_cpom.reports.render_context import DEFAULT_OPTIONS, InvalidTemplateError, RenderOptions
from xl_cpom.reports.words import how_many, options
from xl_cpom.typography import long_date, typeset
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Severity, Verdict
from xl_cpom.validators.wording import VIDE

if TYPE_CHECKING:
    from pathlib import Path

    from xl_cpom.validators.model import Report

CITES = 2
"""Messages of one rule that a letter quotes; the cells are all in the annotated copy."""

SEPARATEUR = "\n\n<!-- lettre suivante -->\n\n"


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


_DEDUITE = "[inféré]"
"""How the source of a finding ends when its rule is only deduced."""


def render(reports: Sequence[Report], contexte: RenderOptions = DEFAULT_OPTIONS) -> str:
    """The letters as Markdown, one after the other."""
    return SEPARATEUR.join(compose_letter(report, contexte) for report in reports)


def compose_letter(report: Report, contexte: RenderOptions = DEFAULT_OPTIONS) -> str:
    """The letter of one report, as Markdown. Raises InvalidTemplateError (French message)."""
    return fill_letter(_lire(contexte.modele_lettre), letter_content(report, contexte))


def check_template(modele: Path) -> None:
    """Try a template on letters that use every name. Raises InvalidTemplateError."""
    source, point = _lire(modele), (LetterPoint("lieu", "constat", "correction", "derogation"),)
    for full in (True, False):
        points = point if full else ()
        values: dict[str, Any] = {f.name: f.name if full else "" for f in fields(Letter)}
        values |= dict.fromkeys(("blocages", "reserves", "derogations"), points)
        fill_letter(
            source,
            Letter(**values | {"illisible": not full, "incomplet": not full, "deduites": full}),
        )


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
    content = _protect_text(lettre, safe_markdown)
    try:
        return _compiled(source).render(content)
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        line = getattr(error, "lineno", None)
        where = f" (ligne {line})" if line else ""
        raise InvalidTemplateError(
            typeset(f"Le modèle de lettre ne peut pas être utilisé{where} : {error}")
        ) from error


def _lire(modele: Path | None) -> str:
    if modele is None:
        return template_source("lettre.md")
    try:
        return modele.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidTemplateError(
            typeset(f"Le modèle de lettre « {modele.name} » ne peut pas être lu : {error}")
        ) from error


def letter_content(report: Report, contexte: RenderOptions = DEFAULT_OPTIONS) -> Letter:
    """The content of the letter, texts as read (each format escapes them)."""
    return Letter(
        organisme=report.raison_sociale or "Organisme gestionnaire",
        finess_ej=report.finess_ej or "non renseigné",
        fichier=PurePosixPath(report.file).name,  # where the ARS keeps it is its own business
        annee=str(report.annee or ""),
        date=long_date(contexte.date) if contexte.date else "",
        echeance=long_date(contexte.echeance) if contexte.echeance else "",
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
    )


def _points(report: Report, gravite: Severity | None) -> tuple[LetterPoint, ...]:
    """One point per sheet and rule of a severity that is not waived; None: the waived ones."""
    return tuple(
        _point(feuille.nom, groupe)
        for feuille in group_findings(report)
        for groupe in feuille.groupes
        if (groupe.leve if gravite is None else groupe.gravite is gravite and not groupe.leve)
    )


def _point(feuille: str, groupe: RuleGroup) -> LetterPoint:
    place = "Classeur" if feuille == CLASSEUR else f"Feuille «\u00a0{feuille}\u00a0»"
    cells = enumerate_cells(cell for faute in groupe.fautes for cell in faute.cellules)
    code = f"{groupe.code}, règle déduite" if groupe.source.endswith(_DEDUITE) else groupe.code
    return LetterPoint(
        lieu=f"{place}, {cells} ({code})" if cells else f"{place} ({code})",
        constat=_quelques([faute.message for faute in groupe.fautes]),
        correction=_quelques([faute.correction for faute in groupe.fautes]),
        derogation=_quelques([faute.derogation or "" for faute in groupe.fautes]),
    )


def _quelques(texts: Sequence[str]) -> str:
    """The first texts that differ, and how many are left."""
    distinct = list(dict.fromkeys(texts))
    left = len(distinct) - CITES
    if left <= 0:
        return " ".join(distinct)
    other = how_many(left, "autre constat semblable", "autres constats semblables")
    return f"{' '.join(distinct[:CITES])} Et {other}."


def _protect_text(lettre: Letter, protect: Callable[[str], str]) -> dict[str, Any]:
    """The content with every text escaped for its format; one made of blanks is said empty."""

    def shown(text: str) -> str:
        return protect(VIDE if text and not text.strip() else text)

    def safe(value: Any) -> Any:
        if isinstance(value, str):
            return shown(value)
        if isinstance(value, tuple):
            return tuple(safe(item) for item in value)
        if isinstance(value, LetterPoint):
            return LetterPoint(*(shown(getattr(value, f.name)) for f in fields(value)))
        return value

    return {f.name: safe(getattr(lettre, f.name)) for f in fields(lettre)}
