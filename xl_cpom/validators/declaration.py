"""How a rule is declared: one decorator per scope, one registry, codes never reused.

    @rule(
        "INS-002", BLOQUANT, on=MESURES,
        columns=("statut", "date_levee", "reference_courrier"),
        title="Mesure levée sans date ou sans courrier",
        message="la mesure {numero} est « Levée » sans {manque}",
        fix="Saisissez la date de levée et la référence du courrier de l'autorité…",
        source=Guide("Inspection – Contrôle", "Taux de levée des mesures"),
        ok=[{…}], ko=[{…}],
    )
    def levee_justifiee(mesure):
        \"\"\"Une mesure n'est levée que par un courrier de l'autorité, daté et référencé.\"\"\"
        return mesure.statut != "Levée" or bool(mesure.date_levee and mesure.reference_courrier)

`requires` names the rules that must have found nothing in the same place, so that one fault does
not raise several: see `validators.dependances`.

The title names the fault, as the heading of a report does. The docstring, French too, states the
norm and why: it is the explanation of the public page. The author never types a cell address: the
engine derives cells, values and texts from the columns.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from xl_cpom.typography import typeset
from xl_cpom.validators.model import Fault, Rule, RuleSource, Scope, Severity
from xl_cpom.workbook.model import Sheet

CODE = re.compile(r"\b[A-Z]{2,3}-\d{3}\b")
"""What the code of a rule looks like, in a text too."""

_REGISTRY: dict[str, Rule] = {}

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
    title: str,
    message: str,
    fix: str,
    source: RuleSource,
    ok: Sequence[Any],
    ko: Sequence[Any],
    expected: str = "",
    requires: tuple[str, ...] = (),
    since: str = "0.1.0",
) -> Callable[[Predicate], Predicate]:
    """Declare a rule over one row of a sheet.

    The function takes the row, or the row and the Contexte, and says True (conforme), False or
    `fault(**values)` (en anomalie), None (non contrôlable). It is only called on rows where all of
    `columns` could be read. Examples are the values of the row, other keys empty; the key "@" may
    hold the content of other sheets.
    """
    return _declare(
        Scope.LIGNE, code, severity, on, columns, title, message, fix, source, ok, ko, expected,
        since, requires=requires,
    )  # fmt: skip


def table_rule(
    code: str,
    severity: Severity,
    *,
    on: Sheet,
    columns: tuple[str, ...],
    title: str,
    message: str,
    fix: str,
    source: RuleSource,
    ok: Sequence[Any],
    ko: Sequence[Any],
    expected: str = "",
    requires: tuple[str, ...] = (),
    since: str = "0.1.0",
) -> Callable[[Callable[..., Iterator[Fault]]], Callable[..., Iterator[Fault]]]:
    """Declare a rule over the rows of one sheet.

    The function takes the list of rows where all of `columns` could be read, and the Contexte if
    it wants it, and yields a fault for each group of rows at fault. Examples are lists of rows.
    """
    return _declare(
        Scope.FEUILLE, code, severity, on, columns, title, message, fix, source, ok, ko, expected,
        since, requires=requires,
    )  # fmt: skip


def workbook_rule(
    code: str,
    severity: Severity,
    *,
    on: Sheet | None,
    columns: tuple[str, ...] = (),
    title: str,
    message: str,
    fix: str,
    source: RuleSource,
    ok: Sequence[Any],
    ko: Sequence[Any],
    sheets: tuple[Sheet, ...] = (),
    expected: str = "",
    requires: tuple[str, ...] = (),
    since: str = "0.1.0",
    scope: Scope = Scope.CLASSEUR,
) -> Callable[[Callable[..., Iterator[Fault]]], Callable[..., Iterator[Fault]]]:
    """Declare a rule over the whole workbook.

    The function takes the Contexte and yields faults. `on` and `sheets` are the sheets it reads:
    it is not checked when one of them is missing (on=None: it takes what there is). Examples are
    contents: rows by sheet key; the keys "@precedent" (a content) and "@finess" (the lines of an
    extract) hold what a rule of that scope compares with.
    """
    return _declare(
        scope, code, severity, on, columns, title, message, fix, source, ok, ko, expected, since,
        sheets, requires,
    )  # fmt: skip


def reading_rule(
    code: str,
    severity: Severity,
    scope: Scope,
    *,
    title: str,
    message: str,
    fix: str,
    source: RuleSource,
    doc: str,
    ok: Sequence[Any] = (),
    ko: Sequence[Any] = (),
    expected: str = "",
    since: str = "0.1.0",
) -> Rule:
    """Declare what the reading itself finds (file and cell scopes): there is no function to run."""
    return _register(
        Rule(
            code=code,
            severity=severity,
            scope=scope,
            sheet=None,
            columns=(),
            title=typeset(title),
            message=typeset(message),
            fix=typeset(fix),
            source=replace(source, texte=typeset(source.texte)),
            doc=typeset(inspect.cleandoc(doc).strip()),
            expected=typeset(expected),
            ok=tuple(ok),
            ko=tuple(ko),
            since=since,
        )
    )


def campaign_rule(
    code: str,
    severity: Severity,
    *,
    on: Sheet | None,
    title: str,
    message: str,
    fix: str,
    source: RuleSource,
    ok: Sequence[Any],
    ko: Sequence[Any],
    expected: str = "",
    since: str = "0.1.0",
) -> Callable[[Callable[..., Iterator[Any]]], Callable[..., Iterator[Any]]]:
    """Declare a rule over all the returns of a campaign.

    The function takes the Campagne (`validators.retours`) and yields a FauteLot for each return at
    fault. `on`: the sheet it points to, None for the file. Examples are campaigns:
    {"retours": [{"finess_ej": …, "etablissements": [{…}]}], "attendus": [{…}], "annee": 2027}.
    """
    return _declare(
        Scope.CAMPAGNE, code, severity, on, (), title, message, fix, source, ok, ko, expected, since
    )  # fmt: skip


def _declare(
    scope: Scope,
    code: str,
    severity: Severity,
    on: Sheet | None,
    columns: tuple[str, ...],
    title: str,
    message: str,
    fix: str,
    source: RuleSource,
    ok: Sequence[Any],
    ko: Sequence[Any],
    expected: str,
    since: str,
    sheets: tuple[Sheet, ...] = (),
    requires: tuple[str, ...] = (),
) -> Callable[[Any], Any]:
    for key in columns:
        assert on is not None, "columns need a sheet"
        on[key]  # an unknown column is a mistake of the author: KeyError at import

    def register(function: Any) -> Any:
        doc = typeset(inspect.getdoc(function) or "")
        _register(
            Rule(
                code=code,
                severity=severity,
                scope=scope,
                sheet=on,
                columns=columns,
                title=typeset(title),
                message=typeset(message),
                fix=typeset(fix),
                source=replace(source, texte=typeset(source.texte)),
                doc=doc,
                check=function,
                expected=typeset(expected),
                ok=tuple(ok),
                ko=tuple(ko),
                requires=requires,
                sheets=() if on is None else (on, *sheets),
                since=since,
                wants_context=len(inspect.signature(function).parameters) > 1,
            )
        )
        return function

    return register


def _register(declared: Rule) -> Rule:
    if not CODE.fullmatch(declared.code):
        raise ValueError(f"code of a rule: {declared.code!r}")
    if declared.code in _REGISTRY:
        raise ValueError(f"code already taken: {declared.code}")
    _REGISTRY[declared.code] = declared
    return declared
