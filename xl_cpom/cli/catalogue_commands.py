"""`expliquer`, `regles`, `indicateurs`: what is checked and computed, told without pandas."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from xl_cpom.typography import typeset

if TYPE_CHECKING:
    from xl_cpom.indicators import Indicator
    from xl_cpom.validators.model import Rule


SHOWN = 8
"""What words found, listed under the best of them."""


@click.command()
@click.argument("mots", nargs=-1, required=True, metavar="CODE|MOTS…")
@click.option("--origine", is_flag=True, help="Dire seulement dans quel fichier il est écrit.")
def expliquer(mots: tuple[str, ...], origine: bool) -> None:
    """Expliquer une règle (INS-002), un indicateur (LEVEE), ou ce que des mots désignent.

    « xl-cpom expliquer taux de levée » montre ce qui répond le mieux à ces mots, avec des exemples,
    puis ce qui en approche.
    """
    from xl_cpom.indicators import UnknownIndicatorError, find_indicator
    from xl_cpom.validators.catalogue import UnknownRuleError, find_rule

    asked = " ".join(mots).strip()
    if origine:
        from xl_cpom.validators.declaration_place import indicator_origin as tell_indicator
        from xl_cpom.validators.declaration_place import rule_origin as tell_rule
    else:
        from xl_cpom.reports.explanation import explain_indicator as tell_indicator
        from xl_cpom.reports.explanation import explain_reading
        from xl_cpom.reports.explanation import explain_rule as tell_rule

        if (page := explain_reading(asked)) is not None:
            click.echo(page)
            return
    try:
        click.echo(tell_rule(find_rule(asked)))
        return
    except UnknownRuleError as refusal:
        close = refusal.close
    try:
        click.echo(tell_indicator(find_indicator(asked)))
    except UnknownIndicatorError as refusal:
        if not re.fullmatch(r"\w+-\w+", asked) and _by_words(asked, tell_rule, tell_indicator):
            return
        close = (*close, *refusal.close)
        this_help = f" Codes proches : {', '.join(close)}." if close else ""
        raise click.UsageError(
            typeset(
                f"Aucune règle ni aucun indicateur ne répond à « {asked} ».{this_help} "
                "« xl-cpom regles » les liste tous."
            )
        ) from refusal


def _by_words(
    asked: str, tell_rule: Callable[[Rule], str], tell_indicator: Callable[[Indicator], str]
) -> bool:
    """Show the page of what these words designate best, then what comes close. False: nothing."""
    from xl_cpom.reports.word_search import search_words
    from xl_cpom.validators.model import Rule

    hits = search_words(asked)
    if not hits:
        return False
    best, *others = hits
    if best.whole or not others:
        what = best.what
        click.echo(tell_rule(what) if isinstance(what, Rule) else tell_indicator(what))
    else:
        others = list(hits)
        click.echo(
            typeset(f"Ce qui parle de « {asked} » (« xl-cpom expliquer CODE » l'explique) :")
        )
    if others and best.whole:
        click.echo(typeset("\nVoir aussi :"))
    for hit in others[:SHOWN]:
        click.echo(typeset(f"  {hit.code:<10} {hit.title}"))
    return True


_FORMAT = click.option("--format", "format_", type=click.Choice(["table", "json"]),
                       default="table", show_default=True, help="Forme de la liste.")  # fmt: skip


@click.command()
@_FORMAT
def regles(format_: str) -> None:
    """Lister les règles de contrôle, avec leur gravité et leur correction."""
    from xl_cpom.reports.explanation import rule_object
    from xl_cpom.validators.catalogue import FAMILIES, RULES

    if format_ == "json":
        _json({"regles": [rule_object(rule) for rule in RULES.values()]})
        return
    for family, (_, name) in FAMILIES.items():
        click.echo(f"\n{name}")
        for rule in RULES.values():
            if rule.family == family:
                click.echo(f"  {rule.code}  {rule.severity.value:<13}  {rule.title}")


@click.command()
@_FORMAT
def indicateurs(format_: str) -> None:
    """Lister les indicateurs, leurs formules et leur degré de certitude."""
    from xl_cpom.indicators import INDICATORS
    from xl_cpom.reports.explanation import indicator_object

    objects = [indicator_object(indicator) for indicator in INDICATORS.values()]
    if format_ == "json":
        _json({"indicateurs": objects})
        return
    for item in objects:
        click.echo(f"{item['code']:<28} {item['libelle']}  [{item['certitude']}]")
        denominateur = item["denominateur"]
        formula = item["numerateur"] + (f" ÷ {denominateur}" if denominateur else "")
        click.echo(f"{'':<28} {formula}")


def _json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
