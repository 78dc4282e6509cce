"""What a sentence shown to a gestionnaire must be; each check says what is wrong, in French terms.

A text of the catalogue may hold placeholders (`{numero}`); a finding may quote what the user typed,
between « », which is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from xl_cpom.validators.model import Finding

LENGTH = 240
NAMES = 90
"""Characters more in a finding: the names it tells are the workbook's, not its author's."""
TITLE = 70
_PLACEHOLDER = re.compile(r"\{\w+\}")
_CITATION = re.compile("«\u00a0.*?\u00a0»", re.DOTALL)
_DETAILS = re.compile(r"\(.*?\)")

ENGLISH = frozenset({
    "the", "of", "and", "not", "is", "are", "was", "with", "without", "value", "values",
    "missing", "row", "rows", "column", "columns", "sheet", "sheets", "workbook", "error",
    "errors", "invalid", "files", "string", "number", "empty", "blank", "null", "nan", "none",
    "true", "false", "unknown", "duplicate", "expected", "found", "required", "warning",
    "issue", "check", "please", "should", "must", "cells", "default", "key", "name", "field",
})  # fmt: skip
"""Words that have no business in a French sentence (some English words are French too)."""

_INTERNE = re.compile(
    r"\b[a-z]+(?:_[a-z0-9]+)+\b"  # snake_case
    r"|\bNON_LU\b|\bNone\b|\bTrue\b|\bFalse\b|\bNaN\b|\w+Error\b|\w+Exception\b"
    r"|\bself\b|\bdict\b|\btuple\b|\bdatetime\b|\bpandas\b|\bpandera\b|<class"
)
_COMMAND = re.compile(r"\bxl-cpom\b|(?<!\w)--[a-z]+")
"""Who fills a workbook has no terminal."""
_MODULE_CODE = re.compile(
    r"\b(?:TRANSFO|UNESANTE|PREVENTION|EFFICIENCE|INSPECTION|DIFFICULTE|RESORPTION|LEVEE)\b"
    r"|\b[A-Z]{2,}/P[AH]\b"
)
"""The codes of the sheet « Indicateurs » and of the catalogue: the guide has words for them."""
_ELISION = re.compile(
    r"(?<!-)\b(?:[Ll]e|[Dd]e|[Qq]ue|[Nn]e|[Ss]e|[Jj]usque|[Ll]orsque) "
    r"(?:ils?|elles?|on|une?|EHPAD|ESAT|IME|ITEP|ESMS|année|établissement)\b"
    r"|\b(?:de les|de le|à le|à les)\b(?! [a-zé]+er\b)"
)
"""« de établissement », « si il », « de le »."""
_BRACKETS = re.compile(r"\([^()]*\(|\)\s?\(")
"""« (210099065) (52) », « ((vide)) »: one reads neither."""
_SAYS_NOTHING = frozenset(("une valeur", "la valeur attendue"))
"""What was expected, said in words that teach nothing."""
_REPEATED = 24
"""Characters of a quotation that a sentence does not say twice."""
_SIMPLE_BLANK = re.compile(r" [:;!?%€»]|« ")
_COLLE = re.compile(r"[^\s«(][»]|«[^\u00a0]|(?<![\u00a0\u202f\s:#\w/!?])[;!?](?=\s|$)")
_PHRASE = re.compile(
    r"^(?:Le|La|Les|L'|Un|Une|Des|Ce|Cet|Cette|Ces|Chaque|Tous|Toutes|Il|Elle|On)\b\s?"
    r"|\bn(?:e\b|')"
    r"|\b(?:est|sont|était|sera|serait|a|ont|avait|doit|doivent|peut|peuvent|va|vont|fait|font"
    r"|manque|manquent|change|changent|reste|restent|dépasse|dépassent|tombe|porte|portent)\b"
)
"""What a sentence has and the name of a fault has not: an article in front, a verb, a negation."""
_VERB = r"(?:[A-ZÉÈÀ]\w+ez(?:-l[ea]s?)?|Dites)\b"
_ACTION = re.compile(
    rf"{_VERB}|(?:Ne|N'|N’)\s?\w+ez\b|Rien (?:à faire|à corriger|n'est perdu)"
    r"|(?:Dans|Depuis|Sur|Pour|Si|S'il) [^,]+(?:, [^,]+)*, \w+ez\b"
)


def language_defects(text: str) -> Iterator[str]:
    """What is wrong with any French text: typography, foreign words, names of the code."""
    bare = _CITATION.sub("«\u00a0…\u00a0»", _PLACEHOLDER.sub("X", text))
    bare = bare.replace("Google Sheets", "Google")
    if _SIMPLE_BLANK.search(bare):
        yield "espace simple là où il faut une espace insécable"
    if _COLLE.search(bare):
        yield "espace absente avant un signe double ou dans des guillemets"
    if "  " in bare:
        yield "deux espaces de suite"
    if re.search(r"[\"“”]|\.\.\.|''", bare):
        yield "guillemets droits ou anglais, ou trois points"
    if bare.count("«") != bare.count("»"):
        yield "guillemets non fermés"
    if found := _INTERNE.search(bare):
        yield f"nom interne : {found[0]}"
    if found := _COMMAND.search(bare):
        yield f"mot de la ligne de commande : {found[0]}"
    if found := _MODULE_CODE.search(bare):
        yield f"code interne montré seul : {found[0]}"
    if found := _ELISION.search(bare):
        yield f"élision oubliée : {found[0]}"
    if _BRACKETS.search(bare):
        yield "parenthèses imbriquées ou qui se suivent"
    quoted = [one for one in _CITATION.findall(text) if len(one) > _REPEATED]
    if len(quoted) > len(set(quoted)):
        yield "même citation deux fois"
    if bare.casefold().strip(" .") in _SAYS_NOTHING:
        yield "valeur attendue qui n'apprend rien"
    if _colons(bare) > 1:
        yield "deux deux-points dans une phrase"
    if foreign := sorted(set(re.findall(r"\w+", bare.casefold())) & ENGLISH):
        yield f"mot anglais : {', '.join(foreign)}"


def _colons(bare: str) -> int:
    """The most colons that one sentence has, what it quotes or puts in brackets left out."""
    sentences = re.split(r"[.;?]\s", re.sub(r"\([^()]*\)", "", bare).replace("\u202f", " "))
    return max(one.count("\u00a0:") for one in sentences)


def title_defects(title: str) -> Iterator[str]:
    """What is wrong with the title of a rule: it names the fault, in a few words, without verb."""
    yield from language_defects(title)
    if not re.match(r"[A-ZÉ]", title):
        yield "ne commence pas par une majuscule"
    if title.endswith((".", "?", "!", ":", ";")):
        yield "se termine par un signe de ponctuation"
    if len(title) > TITLE:
        yield f"plus de {TITLE} caractères"
    principal = re.sub(r"\b(?:qui|que|dont)\b.*|\bqu'.*", "", _CITATION.sub("", title))
    if found := _PHRASE.search(principal):
        yield f"est une phrase, et non le nom d'une faute : {found[0].strip()}"


def correction_defects(fix: str) -> Iterator[str]:
    """What is wrong with a cure."""
    yield from language_defects(fix)
    if not _ACTION.match(fix):
        yield "ne commence pas par ce qu'il faut faire"
    if not fix.endswith("."):
        yield "n'est pas une phrase complète"
    if len(fix) > LENGTH:
        yield f"plus de {LENGTH} caractères"


def constat_defects(finding: Finding) -> Iterator[str]:
    """What is wrong with a finding as it is shown."""
    message = finding.message
    yield from language_defects(message)
    formula = finding.expected.startswith("=")  # one to put back is not a sentence
    yield from correction_defects(finding.fix.replace(finding.expected if formula else "\0", "…"))
    if not formula:
        yield from language_defects(finding.expected)
    if not re.match(r"[A-ZÀÂÇÉÈÊÎÔÙŒ«\d−+(]", message) or not message.endswith((".", "?")):
        yield "n'est pas une phrase complète"
    if "{" in message + finding.fix + finding.expected:
        yield "mot non rempli"
    if "«\u00a0\u00a0»" in message:
        yield "citation vide"
    if len(message) > LENGTH + NAMES:
        yield f"plus de {LENGTH + NAMES} caractères"
    if not finding.cells and finding.sheet not in message and "classeur" not in message:
        yield "ne nomme ni cellule ni feuille"
