"""How a rule is declared: one decorator per scope, one registry, codes never reused.

    @rule(
        "INS-002", BLOQUANT, on=MESURES,
        columns=("statut", "date_levee", "reference_courrier"),
        title="Mesure levée sans date ou sans courrier",
        message="{nom_mesure} est « Levée » sans {manque}",
        fix="Saisissez la date de levée et la référence du courrier de l'autorité…",
        source=Guide("Inspection – Contrôle", "Taux de levée des mesures"),
        ok=[{…}], ko=[{…}],
    )
    def levee_justifiee(mesure):
        \"\"\"Une mesure n'est levée que par un courrier de l'autorité, daté et référencé.\"\"\"
        return mesure.statut != "Levée" or bool(mesure.date_levee and mesure.reference_courrier)

The title names the fault, as the heading of a report does. The docstring, French too, states the
norm and why: it is the explanation of the public page. The author never types a cell address: the
engine derives cells, values and texts from the columns.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NotRequired, TypedDict, TypeVar, Unpack

from xl_cpom.typography import typeset
from xl_cpom.validators.model import Fault, Rule, Scope, Severity
from xl_cpom.validators.rule_sources import RuleSource
from xl_cpom.workbook.model import Sheet

CODE = re.compile(r"\b[A-Z]{2,3}-\d{3}\b")
"""What the code of a rule looks like, in a text too."""

_REGISTRY: dict[str, Rule] = {}


class RuleWords(TypedDict):
    """What a rule of any scope says. The placeholders of its templates: see `model.Rule`."""

    title: str
    """The fault, as the heading of a report names it."""
    message: str
    """What is wrong: template, without capital nor full stop."""
    fix: str
    """What to do: template, full sentences."""
    source: RuleSource
    expected: NotRequired[str]
    """What should have been read: template, "" when nothing says it shortly."""
    since: NotRequired[str]
    """Version of the engine that brought the rule."""
    together: NotRequired[str]
    """Many findings of one cause, told as one: template, see `validators.grouped_causes`."""
    together_fix: NotRequired[str]
    """Their cure, when that of each says its own value."""


class TriedRule(RuleWords):
    """The words, and the examples that the tests run."""

    ok: Sequence[Any]
    ko: Sequence[Any]


class DeclaredRule(TriedRule):
    """The words and the examples of a rule over one return, and what must be sound before it."""

    requires: NotRequired[tuple[str, ...]]
    """Rules that must have found nothing in the same place, so that one fault does not raise
    several: see `validators.dependencies`."""
    on_rates: NotRequired[tuple[str, ...]]
    """Modules whose declared rate it compares with the recomputed one: see
    `validators.rates_at_stake`."""
    while_present: NotRequired[bool]
    """It asks something of an ESMS, and nothing more once it has left the contract."""


Predicate = TypeVar("Predicate", bound=Callable[..., Any])


def registry() -> dict[str, Rule]:
    """The rules declared so far, by code."""
    return _REGISTRY


def rule(
    code: str,
    severity: Severity,
    *,
    on: Sheet,
    columns: tuple[str, ...],
    **declared: Unpack[DeclaredRule],
) -> Callable[[Predicate], Predicate]:
    """Declare a rule over one row of a sheet.

    The function takes the row, or the row and the RuleContext, and says True (conforme), False or
    `fault(**values)` (en anomalie), None (non contrôlable). It is only called on rows where all of
    `columns` could be read. Examples are the values of the row, other keys empty; the key "@" may
    hold the content of other sheets.
    """
    return _declare(code, severity, Scope.ROW, on, columns, declared)


def table_rule(
    code: str,
    severity: Severity,
    *,
    on: Sheet,
    columns: tuple[str, ...],
    **declared: Unpack[DeclaredRule],
) -> Callable[[Callable[..., Iterator[Fault]]], Callable[..., Iterator[Fault]]]:
    """Declare a rule over the rows of one sheet.

    The function takes the list of rows where all of `columns` could be read, and the RuleContext if
    it wants it, and yields a fault for each group of rows at fault. Examples are lists of rows.
    """
    return _declare(code, severity, Scope.SHEET, on, columns, declared)


def workbook_rule(
    code: str,
    severity: Severity,
    *,
    on: Sheet | None,
    columns: tuple[str, ...] = (),
    sheets: tuple[Sheet, ...] = (),
    scope: Scope = Scope.CLASSEUR,
    **declared: Unpack[DeclaredRule],
) -> Callable[[Callable[..., Iterator[Fault]]], Callable[..., Iterator[Fault]]]:
    """Declare a rule over the whole workbook.

    The function takes the RuleContext and yields faults. `on` and `sheets` are the sheets it reads:
    it is not checked when one of them is missing (on=None: it takes what there is). Examples are
    contents: rows by sheet key; the keys "@precedent" (a content) and "@finess" (the lines of an
    extract) hold what a rule of that scope compares with.
    """
    return _declare(code, severity, scope, on, columns, declared, sheets)


def campaign_rule(
    code: str, severity: Severity, *, on: Sheet | None, **declared: Unpack[DeclaredRule]
) -> Callable[[Callable[..., Iterator[Any]]], Callable[..., Iterator[Any]]]:
    """Declare a rule over all the returns of a campaign.

    The function takes the Campagne (`validators.retours`) and yields a CampaignFault for each
    return at fault. `on`: the sheet it points to, None for the file. Examples are campaigns:
    {"retours": [{"finess_ej": …, "etablissements": [{…}]}], "attendus": [{…}], "annee": 2027}.
    """
    return _declare(code, severity, Scope.CAMPAGNE, on, (), declared)


def reading_rule(
    code: str,
    severity: Severity,
    scope: Scope,
    *,
    raised_by: tuple[str, ...],
    doc: str,
    ok: Sequence[Any] = (),
    ko: Sequence[Any] = (),
    **words: Unpack[RuleWords],
) -> None:
    """Declare what is found outside the rules (file and cell scopes): there is no function to run.

    raised_by: the modules that raise it, where its code is written; a test looks there.
    """
    _register(
        Rule(
            code=code,
            severity=severity,
            scope=scope,
            sheet=None,
            columns=(),
            doc=typeset(inspect.cleandoc(doc).strip()),
            raised_by=raised_by,
            **_texts({**words, "ok": ok, "ko": ko}),
        )
    )


def _declare(
    code: str,
    severity: Severity,
    scope: Scope,
    on: Sheet | None,
    columns: tuple[str, ...],
    declared: TriedRule,
    sheets: tuple[Sheet, ...] = (),
) -> Callable[[Any], Any]:
    for key in columns:
        assert on is not None, "columns need a sheet"
        on[key]  # an unknown column is a mistake of the author: KeyError at import

    def register(function: Any) -> Any:
        _register(
            Rule(
                code=code,
                severity=severity,
                scope=scope,
                sheet=on,
                columns=columns,
                doc=typeset(inspect.getdoc(function) or ""),
                check=function,
                sheets=() if on is None else (on, *sheets),
                wants_context=function.__code__.co_argcount > 1,
                **_texts(declared),
            )
        )
        return function

    return register


def _texts(declared: TriedRule) -> dict[str, Any]:
    """What was declared, as the fields of a Rule: texts well typeset, examples frozen."""
    source = declared["source"]
    return {
        **declared,
        "title": typeset(declared["title"]),
        "message": typeset(declared["message"]),
        "fix": typeset(declared["fix"]),
        "expected": typeset(declared.get("expected", "")),
        "together": typeset(declared.get("together", "")),
        "together_fix": typeset(declared.get("together_fix", "")),
        "source": replace(source, text=typeset(source.text)),
        "ok": tuple(declared["ok"]),
        "ko": tuple(declared["ko"]),
    }


def _register(declared: Rule) -> None:
    if not CODE.fullmatch(declared.code):
        raise ValueError(f"code of a rule: {declared.code!r}")
    if declared.code in _REGISTRY:
        raise ValueError(f"code already taken: {declared.code}")
    _REGISTRY[declared.code] = declared
