"""`expliquer`, `regles`, `indicateurs`: what is checked and computed, told without pandas."""

from __future__ import annotations

import json
from typing import Any

import click

from xl_cpom.typography import typeset


@click.command()
@click.argument("code")
@click.option("--origine", is_flag=True, help="Dire seulement dans quel fichier il est écrit.")
def expliquer(code: str, origine: bool) -> None:
    """Expliquer une règle (INS-002) ou un indicateur (LEVEE)."""
    from xl_cpom.indicators import UnknownIndicatorError, find_indicator
    from xl_cpom.validators.catalogue import UnknownRuleError, find_rule

    if origine:
        from xl_cpom.validators.declaration_place import indicator_origin as tell_indicator
        from xl_cpom.validators.declaration_place import rule_origin as tell_rule
    else:
        from xl_cpom.reports.explanation import explain_indicator as tell_indicator
        from xl_cpom.reports.explanation import explain_reading
        from xl_cpom.reports.explanation import explain_rule as tell_rule

        if (page := explain_reading(code)) is not None:
            click.echo(page)
            return
    try:
        click.echo(tell_rule(find_rule(code)))
        return
    except UnknownRuleError as refusal:
        close = refusal.close
    try:
        click.echo(tell_indicator(find_indicator(code)))
    except UnknownIndicatorError as refusal:
        close = (*close, *refusal.close)
        this_help = f" Codes proches : {', '.join(close)}." if close else ""
        raise click.UsageError(
            typeset(
                f"Aucune règle ni aucun indicateur n'a le code « {code} ».{this_help} "
                "« xl-cpom regles » les liste tous."
            )
        ) from refusal


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
