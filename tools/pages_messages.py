"""The messages that an audit could not follow, beside what the control says now.

The old sentences are data (`messages_avant.toml`); the new ones come from the engine: from the
control of the faulty example when it has the fault, else from the first example of the rule.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

from tools.markdown import cellule
from xl_cpom import check
from xl_cpom.reports.rule_samples import rule_said
from xl_cpom.typography import typeset
from xl_cpom.validators.catalogue import RULES

HERE = Path(__file__).resolve().parent
FAULTY = HERE.parent / "workbooks" / "exemple_fautif.xlsx"


def messages_before() -> dict[str, dict[str, str]]:
    """Code of a rule -> « gravite », « message » and « correction » as they were."""
    text = (HERE / "messages_avant.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def messages_now() -> dict[str, tuple[str, str]]:
    """Code of a rule -> (message, cure) as the control says them."""
    said: dict[str, tuple[str, str]] = {}
    for finding in check(FAULTY).findings:
        said.setdefault(finding.code, (finding.message, finding.fix))
    return {
        code: said[code] if code in said else rule_said(RULES[code]) for code in messages_before()
    }


def page_des_messages() -> Iterator[tuple[str, str]]:
    """(path, Markdown) of the page."""
    now = messages_now()
    lines = [
        "# Messages, avant et après",
        "",
        typeset(
            "Un directeur pressé, qui jouait le gestionnaire, n'a pu suivre ni les mots ni les "
            f"corrections de ces {len(now)} messages. À côté, ce que le contrôle dit aujourd'hui : "
            "qui est nommé, ce qui était attendu est donné, ce qui est réparé sans doute n'est "
            "plus reproché. [Pourquoi](decisions/22-messages.md)."
        ),
        "",
        typeset("| Règle | Avant | Après |"),
        "|---|---|---|",
    ]
    for code, old in messages_before().items():
        before = _said(old["message"], old["correction"], old["gravite"])
        after = _said(*now[code], RULES[code].severity.value)
        lines.append(f"| [{code}](regles/{code}.md) | {before} | {after} |")
    yield "messages.md", "\n".join(lines) + "\n"


def _said(message: str, fix: str, severity: str) -> str:
    return f"*{severity}* – {cellule(message)}<br>→ {cellule(fix)}"
