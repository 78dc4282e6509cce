"""One French letter per gestionnaire: what blocks, what to justify, by when.

The Markdown template belongs to who signs: another one may be given (`Contexte.modele_lettre`), and
serves both forms of the letter. It runs in jinja2's sandbox, and every text that comes from the
workbook is escaped before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from jinja2 import DictLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from xl_cpom.reports.contexte import CONTEXTE, Contexte, ModeleInvalideError
from xl_cpom.reports.gabarits import source_du_modele
from xl_cpom.reports.mots import combien, options
from xl_cpom.reports.neutre import markdown
from xl_cpom.reports.regroupement import CLASSEUR, Groupe, enumerer, regrouper
from xl_cpom.typographie import date_longue, typographie
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Severity, Verdict
from xl_cpom.validators.wording import VIDE

if TYPE_CHECKING:
    from pathlib import Path

    from xl_cpom.validators.model import Report

CITES = 2
"""Messages of one rule that a letter quotes; the cells are all in the annotated copy."""

SEPARATEUR = "\n\n<!-- lettre suivante -->\n\n"


@dataclass(frozen=True, slots=True)
class Point:
    """One line of the letter: where, what, how to mend it, the waiver when there is one."""

    lieu: str
    constat: str
    correction: str
    derogation: str


@dataclass(frozen=True, slots=True)
class Lettre:
    """The content of a letter; these are the names that a template may use."""

    organisme: str
    finess_ej: str
    fichier: str
    annee: str
    date: str
    echeance: str
    illisible: bool
    incomplet: bool
    blocages: tuple[Point, ...]
    reserves: tuple[Point, ...]
    derogations: tuple[Point, ...]
    moteur: str
    referentiel: str
    sha256: str
    complements: str


def render(reports: Sequence[Report], contexte: Contexte = CONTEXTE) -> str:
    """The letters as Markdown, one after the other."""
    return SEPARATEUR.join(rediger(report, contexte) for report in reports)


def rediger(report: Report, contexte: Contexte = CONTEXTE) -> str:
    """The letter of one report, as Markdown. Raises ModeleInvalideError (French message)."""
    return _remplir(_lire(contexte.modele_lettre), contenu(report, contexte))


def verifier(modele: Path) -> None:
    """Try a template on letters that use every name. Raises ModeleInvalideError."""
    source, point = _lire(modele), (Point("lieu", "constat", "correction", "derogation"),)
    for full in (True, False):
        points = point if full else ()
        values: dict[str, Any] = {f.name: f.name if full else "" for f in fields(Lettre)}
        values |= dict.fromkeys(("blocages", "reserves", "derogations"), points)
        _remplir(source, Lettre(**values | {"illisible": not full, "incomplet": not full}))


def _remplir(source: str, lettre: Lettre) -> str:
    env = ImmutableSandboxedEnvironment(
        loader=DictLoader({}),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    content = _proteger(lettre, markdown)
    try:
        return env.from_string(source).render(content)
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        line = getattr(error, "lineno", None)
        where = f" (ligne {line})" if line else ""
        raise ModeleInvalideError(
            typographie(f"Le modèle de lettre ne peut pas être utilisé{where} : {error}")
        ) from error


def _lire(modele: Path | None) -> str:
    if modele is None:
        return source_du_modele("lettre.md")
    try:
        return modele.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModeleInvalideError(
            typographie(f"Le modèle de lettre « {modele.name} » ne peut pas être lu : {error}")
        ) from error


def contenu(report: Report, contexte: Contexte = CONTEXTE) -> Lettre:
    """The content of the letter, texts as read (each format escapes them)."""
    return Lettre(
        organisme=report.raison_sociale or "Organisme gestionnaire",
        finess_ej=report.finess_ej or "non renseigné",
        fichier=report.fichier,
        annee=str(report.annee or ""),
        date=date_longue(contexte.date) if contexte.date else "",
        echeance=date_longue(contexte.echeance) if contexte.echeance else "",
        illisible=report.verdict is Verdict.ILLISIBLE,
        incomplet=report.verdict is Verdict.NON_CONTROLE,
        blocages=_points(report, BLOQUANT),
        reserves=_points(report, AVERTISSEMENT),
        derogations=_points(report, None),
        moteur=report.moteur,
        referentiel=report.referentiel,
        sha256=report.sha256,
        complements=" ; ".join(typographie(f"{n} : {value}") for n, value in options(report)),
    )


def _points(report: Report, gravite: Severity | None) -> tuple[Point, ...]:
    """One point per sheet and rule of a severity that is not waived; None: the waived ones."""
    return tuple(
        _point(feuille.nom, groupe)
        for feuille in regrouper(report)
        for groupe in feuille.groupes
        if (groupe.leve if gravite is None else groupe.gravite is gravite and not groupe.leve)
    )


def _point(feuille: str, groupe: Groupe) -> Point:
    place = "Classeur" if feuille == CLASSEUR else f"Feuille «\u00a0{feuille}\u00a0»"
    cells = enumerer(cell for faute in groupe.fautes for cell in faute.cellules)
    return Point(
        lieu=f"{place}, {cells} ({groupe.code})" if cells else f"{place} ({groupe.code})",
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
    other = combien(left, "autre constat semblable", "autres constats semblables")
    return f"{' '.join(distinct[:CITES])} Et {other}."


def _proteger(lettre: Lettre, protect: Callable[[str], str]) -> dict[str, Any]:
    """The content with every text escaped for its format; one made of blanks is said empty."""

    def shown(text: str) -> str:
        return protect(VIDE if text and not text.strip() else text)

    def safe(value: Any) -> Any:
        if isinstance(value, str):
            return shown(value)
        if isinstance(value, tuple):
            return tuple(safe(item) for item in value)
        if isinstance(value, Point):
            return Point(*(shown(getattr(value, f.name)) for f in fields(value)))
        return value

    return {f.name: safe(getattr(lettre, f.name)) for f in fields(lettre)}
