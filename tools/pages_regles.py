"""One page per rule, and the index of the rules by family and by sheet."""

from __future__ import annotations

from collections.abc import Iterator

from tools.markdown import cellule
from xl_cpom.referentiel import load_referentiel
from xl_cpom.reports.rule_samples import rule_said, rule_samples
from xl_cpom.validators.catalogue import FAMILIES, RULES
from xl_cpom.validators.certainty import sentence_of
from xl_cpom.validators.model import Rule
from xl_cpom.workbook.sheets import SHEETS

SYMBOLS = {"bloquant": "✖ bloquant", "avertissement": "▲ avertissement",
            "information": "ℹ information"}  # fmt: skip


def rule_pages() -> Iterator[tuple[str, str]]:
    """(path, Markdown) of every page."""
    yield "regles/index.md", _index()
    for rule in RULES.values():
        yield f"regles/{rule.code}.md", _page(rule)


def _index() -> str:
    lines = [
        "# Les règles de contrôle",
        "",
        f"{len(RULES)} règles. Une règle **bloquante** rend le classeur non recevable ; un "
        "**avertissement** se corrige ou se justifie ; une **information** n'appelle rien.",
        "",
        "[Ce qui doit être contrôlé, et la règle qui le fait](couverture.md).",
        "",
    ]
    for family, (_, name) in FAMILIES.items():
        rules = [rule for rule in RULES.values() if rule.family == family]
        if rules:
            lines += [f"## {name}", "", "| Code | Gravité | Faute |", "|---|---|---|"]
            lines += [_index_row(rule) for rule in rules] + [""]
    lines += ["## Par feuille", ""]
    for sheet in SHEETS.values():
        codes = [rule.code for rule in RULES.values() if rule.sheet is sheet]
        links = ", ".join(f"[{code}]({code}.md)" for code in codes)
        lines.append(f"- **{sheet.name}** : {links or '—'}")
    return "\n".join(lines)


def _index_row(rule: Rule) -> str:
    gravite = SYMBOLS[rule.severity.value]
    return f"| [{rule.code}]({rule.code}.md) | {gravite} | {cellule(rule.title)} |"


def _page(rule: Rule) -> str:
    where = "tout le classeur" if rule.sheet is None else f"feuille « {rule.sheet.name} »"
    columns = (
        ""
        if rule.sheet is None
        else ", ".join(f"« {rule.sheet[key].header} »" for key in rule.columns)
    )
    message, fix = rule_said(rule)
    lines = [
        f"# {rule.code} – {rule.title}",
        "",
        f"**{SYMBOLS[rule.severity.value]}** · {where} · portée : {rule.scope.value}",
        "",
        *_doc(rule),
        "## Ce qui est dit",
        "",
        f"> {message}",
        "",
        "## Comment corriger",
        "",
        fix,
        "",
    ]
    if columns:
        lines += [f"Colonnes regardées : {columns}.", ""]
    if rule.ok:
        lines += ["## Exemples", "", *_samples(rule)]
    lines += [
        "## Source",
        "",
        f"{load_referentiel().cite(rule.source.text)} (certitude : {rule.source.certitude}). "
        f"{sentence_of(rule)} Règle présente depuis la version {rule.since}.",
    ]
    return "\n".join(lines)


def _samples(rule: Rule) -> list[str]:
    """The table of the examples."""
    table = ["| | Ce qui est saisi |", "|---|---|"]
    return [*table, *(f"| {said} | {cellule(typed)} |" for said, typed in rule_samples(rule)), ""]


def _doc(rule: Rule) -> list[str]:
    """The norm, then why it is one; what the reading itself finds has only a why."""
    norm, _, why = rule.doc.partition("\n\n")
    if not why:
        return ["## Pourquoi", "", norm, ""]
    return ["## Ce qui est attendu", "", norm, "", "## Pourquoi", "", why, ""]
