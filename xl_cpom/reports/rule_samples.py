"""The examples of a rule in words: by sheet, with the headers of the columns.

`xl-cpom expliquer` and the pages of the documentation show the same ones; the tests run them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators.model import Rule, Scope
from xl_cpom.validators.names import KnownNames, module_names, with_names
from xl_cpom.validators.rule_examples import example_faults
from xl_cpom.validators.rule_texts import lisible
from xl_cpom.validators.wording import finding_of_fault, sentence, show
from xl_cpom.workbook.model import Kind, Sheet
from xl_cpom.workbook.sheets import ETABLISSEMENTS, IDENTIFICATION, SHEETS

_SHOWN = 3
_NUMERO = re.compile(r"\b\w{9}\b")
_WITHOUT_ROW = "rien sur ces numéros"
_PARTS = {"@precedent": "Retour précédent", "@finess": "Extrait FINESS", "retours": "Retours",
            "attendus": "Organismes attendus", "annee": "Année de la campagne"}  # fmt: skip
_NAMES = {
    "nofinesset": "FINESS ET", "nofinessej": "FINESS EJ", "rs": "Raison sociale",
    "categetab": "Catégorie", "departement": "Département", "commune": "Commune",
    "siret": "SIRET", "datefermeture": "Fermé le", "etat": "État", "fichier": "Fichier",
    "sha256": "Empreinte du fichier", "enregistre": "Enregistré le",
    "contenu": "Empreinte du contenu", "entre_le": "Entré dans le CPOM le",
    "sorti_le": "Sorti du CPOM le", "co_titulaire": "Co-titulaire (FINESS EJ)",
    "gabarit": "Version du modèle", "annee": "Année",
    "capacite": "Capacité autorisée", "etablissements": "Établissements",
}  # fmt: skip
"""What the keys of an extract and of a campaign are called; the others are columns."""


def rule_samples(rule: Rule) -> Iterator[tuple[str, str]]:
    """(« ✔ conforme » or « ✖ en anomalie », what is typed) of the first examples of each kind."""
    for said, examples in (("✔ conforme", rule.ok), ("✖ en anomalie", rule.ko)):
        for one in examples[:_SHOWN]:
            yield said, _example(rule, one)


def rule_said(rule: Rule) -> tuple[str, str]:
    """What the first example at fault is told, and its cure; else the texts with blanks."""
    if rule.scope is Scope.CAMPAGNE:
        from xl_cpom.validators.across_returns import check_campaign_rules
        from xl_cpom.validators.campaign_examples import campagne

        constats, _ = check_campaign_rules(campagne(rule.ko[0]))
        finding = next(c.finding for c in constats if c.finding.code == rule.code)
        return finding.message, finding.fix
    if rule.check is not None:
        referentiel = load_referentiel()
        finding = finding_of_fault(rule, example_faults(rule, rule.ko[0], referentiel)[0])
        (named,) = with_names([finding], KnownNames({}, module_names(referentiel)))
        return named.message, named.fix
    return sentence(lisible(rule, rule.message)), lisible(rule, rule.fix)


def _example(rule: Rule, example: Any) -> str:
    if rule.scope is Scope.CELL:
        kind, content = example
        name = kind.value if isinstance(kind, Kind) else str(kind).replace("_", " ")
        return f"{name} : « {show(content)} »"
    if rule.scope in (Scope.ROW, Scope.SHEET):
        assert rule.sheet is not None
        rows = [example] if rule.scope is Scope.ROW else example
        others = rows[0].get("@", {}) if rows else {}
        return "\n".join([_rows_of(rule.sheet, rows) or "aucune ligne", *_content(others)])
    return "\n".join(_content(example))


def _content(content: Mapping[str, Any]) -> Iterator[str]:
    for key, value in content.items():
        if key in SHEETS:
            if any(value):
                yield f"Feuille « {SHEETS[key].name} » : {_rows_of(SHEETS[key], value)}"
            elif key != "identification":
                yield f"Feuille « {SHEETS[key].name} » : aucune ligne"
        elif key == "@precedent":
            yield f"{_PARTS[key]} : {' ; '.join(_content(value)) or 'vide'}"
        elif key == "@finess":
            cited = str({name: rows for name, rows in content.items() if name != key})
            about = [
                line
                for line in value
                if {line["nofinesset"], line["nofinessej"]} & set(_NUMERO.findall(cited))
            ]
            yield f"{_PARTS[key]} : {' ; '.join(map(_fiche, about)) or _WITHOUT_ROW}"
        elif key == "@versions":
            yield f"{_NAMES['gabarit']} : {value[-1]}"
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield f"{_PARTS[key]} : {' ; '.join(map(_fiche, value)) or 'aucun'}"
        else:
            yield f"{_PARTS[key]} : {value}"


def _rows_of(sheet: Sheet, rows: Sequence[Mapping[str, Any]]) -> str:
    counted = Counter(_row(sheet, row) for row in rows)
    return " ; ".join(
        text if times == 1 else f"{times} lignes ({text})" for text, times in counted.items()
    )


def _row(sheet: Sheet, values: Mapping[str, Any]) -> str:
    pairs = [
        f"{sheet[key].header} : {show(value, sheet[key]) or 'vide'}"
        for key, value in values.items()
        if key in sheet.by_key
    ]
    return ", ".join(pairs) or "ligne vide"


def _fiche(values: Mapping[str, Any]) -> str:
    """A line of an extract, a return of a campaign or an organisme expected in it."""
    return ", ".join(f"{_name(key)} : {_value(value)}" for key, value in values.items())


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"({_fiche(value)})"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "(" + " ; ".join(v if isinstance(v, str) else _fiche(v) for v in value) + ")"
    return show(value)


def _name(key: str) -> str:
    for sheet in (ETABLISSEMENTS, IDENTIFICATION):
        if key not in _NAMES and key in sheet.by_key:
            return sheet[key].header
    return _NAMES.get(key, key.replace("_", " ").capitalize())
