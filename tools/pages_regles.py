"""One page per rule, and the index of the rules by family and by sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from xl_cpom.reports.explication import corps
from xl_cpom.validators.catalogue import FAMILLES, RULES
from xl_cpom.validators.model import Rule, Scope
from xl_cpom.validators.wording import show
from xl_cpom.workbook.model import Kind, Sheet
from xl_cpom.workbook.sheets import SHEETS

SYMBOLES = {"bloquant": "✖ bloquant", "avertissement": "▲ avertissement",
            "information": "ℹ information"}  # fmt: skip


def pages_des_regles() -> Iterator[tuple[str, str]]:
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
    ]
    for famille, (_, nom) in FAMILLES.items():
        rules = [rule for rule in RULES.values() if rule.famille == famille]
        if rules:
            lines += [f"## {nom}", "", "| Code | Gravité | Règle |", "|---|---|---|"]
            lines += [_index_row(rule) for rule in rules] + [""]
    lines += ["## Par feuille", ""]
    for sheet in SHEETS.values():
        codes = [rule.code for rule in RULES.values() if rule.sheet is sheet]
        links = ", ".join(f"[{code}]({code}.md)" for code in codes)
        lines.append(f"- **{sheet.name}** : {links or '—'}")
    return "\n".join(lines)


def _index_row(rule: Rule) -> str:
    gravite = SYMBOLES[rule.severity.value]
    return f"| [{rule.code}]({rule.code}.md) | {gravite} | {cellule(rule.title)} |"


def cellule(text: str) -> str:
    """A text that can stand in a cell of a Markdown table."""
    return text.replace("|", "\\|").replace("\n", " ")


def _page(rule: Rule) -> str:
    where = "tout le classeur" if rule.sheet is None else f"feuille « {rule.sheet.name} »"
    columns = "" if rule.sheet is None else ", ".join(
        f"« {rule.sheet[key].header} »" for key in rule.columns
    )  # fmt: skip
    lines = [
        f"# {rule.code} – {rule.title}",
        "",
        f"**{SYMBOLES[rule.severity.value]}** · {where} · portée : {rule.scope.value}",
        "",
        "## Pourquoi",
        "",
        corps(rule),
        "",
        "## Ce qui est dit",
        "",
        f"> {_readable(rule)}",
        "",
        "## Comment corriger",
        "",
        rule.fix,
        "",
    ]
    if columns:
        lines += [f"Colonnes regardées : {columns}.", ""]
    if rule.ok:
        lines += ["## Exemples", "", *_examples(rule)]
    lines += [
        "## Source",
        "",
        f"{rule.source.texte} (certitude : {rule.source.certitude}). "
        f"Règle présente depuis la version {rule.since}.",
    ]
    return "\n".join(lines)


def _readable(rule: Rule) -> str:
    """The message with the names of what fills its blanks instead of their keys."""

    def named(match: re.Match[str]) -> str:
        known = rule.sheet is not None and match[1] in rule.sheet.by_key
        return f"[{rule.sheet[match[1]].header}]" if known and rule.sheet else "[…]"

    return re.sub(r"\{(\w+)\}", named, rule.message)


def _examples(rule: Rule) -> list[str]:
    lines = ["| | Ce qui est saisi |", "|---|---|"]
    lines += [f"| ✔ conforme | {_content(rule, example)} |" for example in rule.ok[:3]]
    lines += [f"| ✖ en anomalie | {_content(rule, example)} |" for example in rule.ko[:3]]
    return [*lines, ""]


def _content(rule: Rule, example: Any) -> str:
    if rule.scope is Scope.CELLULE:
        kind, content = example
        name = kind.value if isinstance(kind, Kind) else str(kind).replace("_", " ")
        return cellule(f"{name} : « {show(content)} »")
    if rule.sheet is not None and isinstance(example, Mapping) and rule.scope is Scope.LIGNE:
        return cellule(_row(rule.sheet, example))
    if rule.sheet is not None and isinstance(example, Sequence) and rule.scope is Scope.FEUILLE:
        return cellule(" — ".join(_row(rule.sheet, row) for row in example) or "aucune ligne")
    if isinstance(example, Mapping):
        return cellule(" — ".join(_sheet_rows(key, rows) for key, rows in example.items()))
    return cellule(" — ".join(str(part) for part in _parts(example)))


def _parts(example: Any) -> list[str]:
    if isinstance(example, Sequence) and not isinstance(example, str):
        return [" — ".join(_sheet_rows(k, v) for k, v in part.items())
                if isinstance(part, Mapping) else str(part) for part in example]  # fmt: skip
    return [str(example)]


def _sheet_rows(key: str, rows: Any) -> str:
    if key not in SHEETS or not isinstance(rows, Sequence):
        return f"{key} : {rows}"
    sheet = SHEETS[key]
    shown = " ; ".join(_row(sheet, row) for row in rows if isinstance(row, Mapping))
    return f"{sheet.name} ({shown or 'vide'})"


def _row(sheet: Sheet, values: Mapping[str, Any]) -> str:
    pairs = [
        f"{sheet[key].header} : {show(value, sheet[key]) or 'vide'}"
        for key, value in values.items()
        if key in sheet.by_key
    ]
    return ", ".join(pairs) or "ligne vide"
