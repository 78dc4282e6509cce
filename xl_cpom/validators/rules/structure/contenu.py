"""STR: whether anything was filled in at all, before anything is said of what was."""

from __future__ import annotations

from collections.abc import Iterator

from xl_cpom.validators.declaration import workbook_rule
from xl_cpom.validators.model import BLOQUANT, Fault, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Guide
from xl_cpom.validators.stage import negotiating
from xl_cpom.workbook.model import Layout
from xl_cpom.workbook.records import Table
from xl_cpom.workbook.sheets import INDICATEURS, SI

_GIVEN = frozenset(
    {
        "identification",
        "etablissements",
        "modules",
        "avenants",
        "contractualisation",
        "photographie_si",
        "referents",
    }
)
"""Sheets that the ARS may have filled in: they say who and where, not what was done this year."""
_PREPARED = frozenset({"si", "secteur", "entite", "exigible"})
"""Columns that the prepared workbook fills in the sheet of the information systems."""

_FICHE = [{"finess_ej": "210099008", "raison_sociale": "Les Tilleuls", "annee_suivie": "N2"}]
_PREPARE = {
    "identification": _FICHE,
    "etablissements": [{"finess_et": "210781456", "categorie": "500", "secteur": "PA"}],
    "modules": [{"code": "TRANSFO", "actif": "Oui"}],
    "si": [
        {
            "si": "ROR par ET",
            "niveau": "ET",
            "secteur": "PA",
            "entite": "210781456",
            "exigible": "Oui",
        }
    ],
}


@workbook_rule(
    "STR-060",
    BLOQUANT,
    on=None,
    title="Classeur non rempli",
    message="le classeur n'est pas rempli : {lu}",
    fix="Remplissez les feuilles de vos modules (plan d'actions, systèmes d'information…), puis "
    "renvoyez le classeur. Si vous avez envoyé le classeur préparé par erreur, envoyez le vôtre.",
    source=Guide("généralités", "suivi annuel"),
    ok=[
        {**_PREPARE, "actions": [{"numero": "A1"}]},
        {**_PREPARE, "has": [{"critere": "2.2.1"}]},
        {**_PREPARE, "si": [{**_PREPARE["si"][0], "valide": "Non"}]},
        {**_PREPARE, "indicateurs": [{"code": "TRANSFO/PA", "realise_n1": 0.5}]},
        {**_PREPARE, "identification": [{**_FICHE[0], "annee_suivie": "N"}]},
    ],
    ko=[
        _PREPARE,
        {},
        {**_PREPARE, "si": []},
        {"identification": [{**_FICHE[0], "annee_suivie": "N"}]},
        {**_PREPARE, "indicateurs": [{"code": "TRANSFO/PA"}]},
    ],
)
def classeur_rempli(context: RuleContext) -> Iterator[Fault]:
    """Le classeur rendu dit ce qui a été fait.

    Un classeur préparé par l'ARS et rendu tel quel, ou le modèle vierge, n'a ni action, ni système
    d'information, ni mesure, ni taux. C'est dit une fois : rien d'autre n'est contrôlé. En période
    N, un classeur qui nomme ses ESMS est un diagnostic commencé.
    """
    tables = context.classeur.tables
    if any(_something(table) for key, table in tables.items() if key not in _GIVEN):
        return
    if not all(tables[key].present for key in tables):
        return  # what is missing may be where it was filled in
    known = bool(context.classeur.etablissements)
    if known and negotiating(context.classeur):
        return  # a diagnostic that is begun
    said = (
        "seuls l'identité et les établissements y sont"
        if known
        else "c'est le modèle vierge, sans établissement"
    )
    yield fault(context.classeur.identification, columns=("annee_suivie",), lu=said)


def _something(table: Table) -> bool:
    """Does a sheet say anything of the year?"""
    if table.sheet.layout is Layout.TABLE and table.sheet is not SI:
        return bool(table.rows)
    typed = [c.key for c in table.sheet.columns if c.is_entry and c.key not in _PREPARED]
    if table.sheet is INDICATEURS:
        typed = [key for key in typed if key.startswith("realise_n")]
    return any(row.values.get(key) is not None for row in table.rows for key in typed)
