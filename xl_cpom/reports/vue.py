"""What the HTML page shows, worked out beforehand so that the template only lays it out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_cpom.reports.contexte import Contexte
from xl_cpom.reports.mots import (
    VERDICTS,
    Marque,
    atteinte,
    non_abouties,
    options,
    phrase_verdict,
    quantite,
    suite,
    valeur_indicateur,
)
from xl_cpom.reports.regroupement import Feuille, regrouper
from xl_cpom.reports.trajectoire import Trajectoire, tracer
from xl_cpom.typographie import date as date_francaise
from xl_cpom.typographie import liste, typographie

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel
    from xl_cpom.validators.model import IndicateurCalcule, Report, Rule


@dataclass(frozen=True, slots=True)
class VueIndicateur:
    """A line of the table of indicators and its trajectory."""

    module: str
    secteur: str
    libelle: str
    certitude: str
    cellule: str
    numerateur: str
    denominateur: str
    taux: str
    declare: str
    cible: str
    atteinte: str
    cle: str
    cibles: tuple[str, ...]
    realises: tuple[str, ...]
    trajectoire: Trajectoire | None
    description: str


@dataclass(frozen=True, slots=True)
class VueRegle:
    """The text of a rule that the report cites."""

    code: str
    titre: str
    paragraphes: tuple[str, ...]
    correction: str
    source: str


@dataclass(frozen=True, slots=True)
class VueRapport:
    """One workbook on the page. `ancre` starts every identifier of its section."""

    ancre: str
    report: Report
    marque: Marque
    phrase: str
    suite: str
    feuilles: tuple[Feuille, ...]
    indicateurs: tuple[VueIndicateur, ...]
    inabouties: Sequence[tuple[str, str, tuple[str, ...]]]
    regles: Mapping[str, VueRegle]
    provenance: tuple[tuple[str, tuple[str, ...]], ...]


def vue(report: Report, contexte: Contexte, rang: int) -> VueRapport:
    """The view of one report; rang: its place on the page, from 1."""
    referentiel = contexte.referentiel or _referentiel()
    codes = dict.fromkeys(finding.code for finding in report.findings)
    return VueRapport(
        ancre=f"c{rang}",
        report=report,
        marque=VERDICTS[report.verdict],
        phrase=phrase_verdict(report),
        suite=suite(report),
        feuilles=regrouper(report),
        indicateurs=tuple(_indicateur(i, referentiel) for i in report.indicateurs),
        inabouties=non_abouties(report),
        regles={c: _regle(contexte.regles[c]) for c in sorted(codes) if c in contexte.regles},
        provenance=_provenance(report),
    )


def _referentiel() -> Referentiel:
    from xl_cpom.referentiel import charger

    return charger()


def _regle(rule: Rule) -> VueRegle:
    paragraphs = [re.sub(r"[ \n]+", " ", part).strip() for part in rule.doc.split("\n\n")]
    titre = rule.title.rstrip(".")
    return VueRegle(
        code=rule.code,
        titre=titre,
        paragraphes=tuple(typographie(p) for p in paragraphs if p.rstrip(".") not in ("", titre)),
        correction=rule.fix if "{" not in rule.fix else "",
        source=str(rule.source),
    )


def _indicateur(indicateur: IndicateurCalcule, referentiel: Referentiel) -> VueIndicateur:
    code = indicateur.code
    module = referentiel.modules.get(indicateur.module)
    cibles = tuple(valeur_indicateur(code, value) for value in indicateur.cibles)
    realises = tuple(valeur_indicateur(code, value) for value in indicateur.realises)
    return VueIndicateur(
        module=module.libelle if module else indicateur.module,
        secteur=indicateur.secteur,
        libelle=indicateur.libelle,
        certitude=indicateur.certitude,
        cellule=indicateur.cellule or "",
        numerateur=quantite(indicateur.numerateur),
        denominateur=quantite(indicateur.denominateur),
        taux=valeur_indicateur(code, indicateur.taux),
        declare=valeur_indicateur(code, indicateur.declare),
        cible=valeur_indicateur(code, indicateur.cible),
        atteinte=atteinte(indicateur),
        cle=_CLES.get(indicateur.atteinte, "neutre"),
        cibles=cibles,
        realises=realises,
        trajectoire=tracer(indicateur.cibles, indicateur.realises),
        description=typographie(f"Cible : {_serie(cibles)}. Réalisé : {_serie(realises)}."),
    )


_CLES = {"Atteint": "recevable", "Partiellement atteint": "reserves", "Non atteint": "refuse"}


def _serie(values: Sequence[str]) -> str:
    said = [f"{value} en N{rank}" for rank, value in enumerate(values, 1) if value]
    return liste(said) or "aucune valeur"


def _provenance(report: Report) -> tuple[tuple[str, tuple[str, ...]], ...]:
    limits = report.limites or ("aucune",)
    waivers = sum(finding.waiver is not None for finding in report.findings)
    rows: list[tuple[str, tuple[str, ...]]] = [
        ("Fichier", (report.fichier,)),
        ("Empreinte SHA-256", (report.sha256,)),
        ("Version du classeur standard", (report.gabarit or "non reconnue",)),
        ("Enregistré par", (report.application,)),
        ("Référentiel", (report.referentiel,)),
        ("Version du contrôle", (report.moteur,)),
        ("Année suivie", (str(report.annee or ""),)),
        ("Date de référence", (_date(report.date_reference),)),
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
