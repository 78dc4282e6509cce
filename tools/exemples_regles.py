"""The examples of a rule, as its page shows them: by sheet, with the headers of the columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tools.markdown import cellule
from xl_cpom.validators.model import Rule, Scope
from xl_cpom.validators.wording import show
from xl_cpom.workbook.model import Kind, Sheet
from xl_cpom.workbook.sheets import ETABLISSEMENTS, IDENTIFICATION, SHEETS

_MONTRES = 3
_NUMERO = re.compile(r"\b\w{9}\b")
_SANS_LIGNE = "rien sur ces numéros"
_PARTIES = {"@precedent": "Retour précédent", "@finess": "Extrait FINESS", "retours": "Retours",
            "attendus": "Organismes attendus", "annee": "Année de la campagne"}  # fmt: skip
_NOMS = {
    "nofinesset": "FINESS ET", "nofinessej": "FINESS EJ", "rs": "Raison sociale",
    "categetab": "Catégorie", "departement": "Département", "commune": "Commune",
    "siret": "SIRET", "datefermeture": "Fermé le", "etat": "État", "fichier": "Fichier",
    "sha256": "Empreinte du fichier", "enregistre": "Enregistré le",
    "contenu": "Empreinte du contenu",
    "gabarit": "Version du modèle", "annee": "Année",
    "capacite": "Capacité autorisée", "etablissements": "Établissements",
}  # fmt: skip
"""What the keys of an extract and of a campaign are called; the others are columns."""


def lignes(rule: Rule) -> list[str]:
    """The table of the examples, in Markdown."""
    table = ["| | Ce qui est saisi |", "|---|---|"]
    for said, examples in (("✔ conforme", rule.ok), ("✖ en anomalie", rule.ko)):
        table += [f"| {said} | {cellule(_exemple(rule, one))} |" for one in examples[:_MONTRES]]
    return [*table, ""]


def _exemple(rule: Rule, example: Any) -> str:
    if rule.scope is Scope.CELLULE:
        kind, content = example
        name = kind.value if isinstance(kind, Kind) else str(kind).replace("_", " ")
        return f"{name} : « {show(content)} »"
    if rule.scope in (Scope.LIGNE, Scope.FEUILLE):
        assert rule.sheet is not None
        rows = [example] if rule.scope is Scope.LIGNE else example
        others = rows[0].get("@", {}) if rows else {}
        return "\n".join([_lignes(rule.sheet, rows) or "aucune ligne", *_contenu(others)])
    return "\n".join(_contenu(example))


def _contenu(content: Mapping[str, Any]) -> Iterator[str]:
    for key, value in content.items():
        if key in SHEETS:
            if any(value):
                yield f"Feuille « {SHEETS[key].name} » : {_lignes(SHEETS[key], value)}"
            elif key != "identification":
                yield f"Feuille « {SHEETS[key].name} » : aucune ligne"
        elif key == "@precedent":
            yield f"{_PARTIES[key]} : {' ; '.join(_contenu(value)) or 'vide'}"
        elif key == "@finess":
            cited = str({name: rows for name, rows in content.items() if name != key})
            about = [
                line
                for line in value
                if {line["nofinesset"], line["nofinessej"]} & set(_NUMERO.findall(cited))
            ]
            yield f"{_PARTIES[key]} : {' ; '.join(map(_fiche, about)) or _SANS_LIGNE}"
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield f"{_PARTIES[key]} : {' ; '.join(map(_fiche, value)) or 'aucun'}"
        else:
            yield f"{_PARTIES[key]} : {value}"


def _lignes(sheet: Sheet, rows: Sequence[Mapping[str, Any]]) -> str:
    counted = Counter(_ligne(sheet, row) for row in rows)
    return " ; ".join(
        text if times == 1 else f"{times} lignes ({text})" for text, times in counted.items()
    )


def _ligne(sheet: Sheet, values: Mapping[str, Any]) -> str:
    pairs = [
        f"{sheet[key].header} : {show(value, sheet[key]) or 'vide'}"
        for key, value in values.items()
        if key in sheet.by_key
    ]
    return ", ".join(pairs) or "ligne vide"


def _fiche(values: Mapping[str, Any]) -> str:
    """A line of an extract, a return of a campaign or an organisme expected in it."""
    return ", ".join(f"{_nom(key)} : {_valeur(value)}" for key, value in values.items())


def _valeur(value: Any) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "(" + " ; ".join(map(_fiche, value)) + ")"
    return show(value)


def _nom(key: str) -> str:
    for sheet in (ETABLISSEMENTS, IDENTIFICATION):
        if key not in _NOMS and key in sheet.by_key:
            return sheet[key].header
    return _NOMS.get(key, key.replace("_", " ").capitalize())
