"""What the HTML page shows, worked out beforehand so that the template only lays it out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.grouping import SheetGroup, group_findings
from xl_cpom.reports.ready_to_send import LastCheck, fill_lines, last_checks
from xl_cpom.reports.render_context import RenderOptions
from xl_cpom.reports.severity_looks import SeverityLook
from xl_cpom.reports.trajectoire import Trajectoire, draw_chart
from xl_cpom.reports.words import (
    JUGES,
    VERDICTS,
    atteinte,
    indicator_value,
    non_abouties,
    options,
    quantity,
    suite,
    unread_said,
    verdict_sentence,
)
from xl_cpom.typography import date_text as date_francaise
from xl_cpom.typography import listing, typeset

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel
    from xl_cpom.validators.model import Report, Rule
    from xl_cpom.validators.recomputed import ComputedIndicator


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """A line of the table of indicators and its trajectory."""

    module: str
    secteur: str
    libelle: str
    certitude: str
    cell: str
    numerateur: str
    denominateur: str
    taux: str
    declare: str
    cible: str
    atteinte: str
    prevented_by: str
    key: str
    cibles: tuple[str, ...]
    realises: tuple[str, ...]
    trajectoire: Trajectoire | None
    description: str

    @property
    def has_sixth_year(self) -> bool:
        """Does the year of a prorogation say something?"""
        return max(len(self.cibles), len(self.realises)) > 5


@dataclass(frozen=True, slots=True)
class RuleView:
    """The text of a rule that the report cites."""

    code: str
    title: str
    paragraphs: tuple[str, ...]
    correction: str
    source: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """One workbook on the page. `ancre` starts every identifier of its section."""

    anchor: str
    report: Report
    look: SeverityLook
    phrase: str
    next_step: str
    sheets: tuple[SheetGroup, ...]
    indicateurs: tuple[IndicatorView, ...]
    unfinished: Sequence[tuple[str, str, tuple[str, ...]]]
    rules: Mapping[str, RuleView]
    provenance: tuple[tuple[str, tuple[str, ...]], ...]
    last_checks: tuple[LastCheck, ...]
    fills: Sequence[tuple[str, str, int]]


def report_view(report: Report, context: RenderOptions, rang: int) -> ReportView:
    """The view of one report; rang: its place on the page, from 1."""
    referentiel = context.referentiel or _referentiel()
    codes = dict.fromkeys(finding.code for finding in report.findings)
    return ReportView(
        anchor=f"c{rang}",
        report=report,
        look=VERDICTS[report.verdict],
        phrase=verdict_sentence(report),
        next_step=suite(report),
        sheets=group_findings(report),
        indicateurs=tuple(_indicateur(i, referentiel) for i in report.indicateurs),
        unfinished=non_abouties(report),
        rules={
            c: _rule(context.rules[c], referentiel) for c in sorted(codes) if c in context.rules
        },
        provenance=_provenance(report),
        last_checks=last_checks(report),
        fills=fill_lines(report),
    )


def _referentiel() -> Referentiel:
    from xl_cpom.referentiel import load_referentiel

    return load_referentiel()


def _rule(rule: Rule, referentiel: Referentiel) -> RuleView:
    paragraphs = [re.sub(r"[ \n]+", " ", part).strip() for part in rule.doc.split("\n\n")]
    title = rule.title.rstrip(".")
    return RuleView(
        code=rule.code,
        title=title,
        paragraphs=tuple(typeset(p) for p in paragraphs if p.rstrip(".") not in ("", title)),
        correction=rule.fix if "{" not in rule.fix else "",
        source=referentiel.cite(str(rule.source)),
    )


def _indicateur(indicateur: ComputedIndicator, referentiel: Referentiel) -> IndicatorView:
    code = indicateur.code
    module = referentiel.modules.get(indicateur.module)
    cibles = tuple(indicator_value(code, value) for value in indicateur.cibles)
    realises = tuple(indicator_value(code, value) for value in indicateur.realises)
    return IndicatorView(
        module=module.libelle if module else indicateur.module,
        secteur=indicateur.secteur,
        libelle=indicateur.libelle,
        certitude=indicateur.certitude,
        cell=indicateur.cell or "",
        numerateur=quantity(indicateur.numerateur),
        denominateur=quantity(indicateur.denominateur),
        taux=indicator_value(code, indicateur.taux),
        declare=indicator_value(code, indicateur.declare),
        cible=indicator_value(code, indicateur.cible),
        atteinte=atteinte(indicateur),
        key=_KEYS.get(indicateur.atteinte, "neutre"),
        prevented_by=unread_said(indicateur.prevented_by),
        cibles=cibles,
        realises=realises,
        trajectoire=draw_chart(indicateur.cibles, indicateur.realises),
        description=typeset(f"Cible : {_serie(cibles)}. Réalisé : {_serie(realises)}."),
    )


_KEYS = {"Atteint": "recevable", "Partiellement atteint": "reserves", "Non atteint": "refuse"}


def _serie(values: Sequence[str]) -> str:
    said = [f"{value} en N{rank}" for rank, value in enumerate(values, 1) if value]
    return listing(said) or "aucune valeur"


def _provenance(report: Report) -> tuple[tuple[str, tuple[str, ...]], ...]:
    limits = report.limits or ("aucune",)
    waivers = sum(finding.waiver is not None for finding in report.findings)
    rows: list[tuple[str, tuple[str, ...]]] = [
        ("Fichier", (report.file,)),
        ("Empreinte SHA-256", (report.sha256,)),
        ("Version du classeur standard", (report.gabarit or "non reconnue",)),
        ("Enregistré par", (report.application,)),
        ("Référentiel", (report.referentiel,)),
        ("Version du contrôle", (report.engine,)),
        ("Lignes jugées", (JUGES.get(report.judge, report.judge),)),
        ("Année suivie", (str(report.annee or ""),)),
        ("Date de référence", (_date(report.reference_date),)),
        ("Remarques et limites atteintes", limits),
        ("Anomalies levées par dérogation", (str(waivers),)),
    ]
    rows += [(name, (value,)) for name, value in options(report)]
    return tuple((label, values) for label, values in rows if any(values))


def _date(text: str) -> str:
    try:
        return date_francaise(dt.date.fromisoformat(text))
    except ValueError:
        return text
