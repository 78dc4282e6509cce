"""CTR: what the guide expects of the diagnostic before a contract is negotiated, and is not there.

Nothing here is asked of a follow-up year (`validators.stage`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from xl_cpom.typography import listing
from xl_cpom.validators.declaration import rule, workbook_rule
from xl_cpom.validators.facts.whole_workbook import (
    module_rows,
    secteurs_de_la_fiche,
    secteurs_du_contrat,
    some,
)
from xl_cpom.validators.model import AVERTISSEMENT, Fault, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Guide
from xl_cpom.validators.stage import negotiating
from xl_cpom.workbook.records import NON_LU, Row
from xl_cpom.workbook.sheets import (
    ACTIONS,
    CONTRACTUALISATION,
    ETABLISSEMENTS,
    FRAGILITES,
    IDENTIFICATION,
    MODULES,
    PHOTOGRAPHIE_SI,
    REFERENTS,
)
from xl_cpom.workbook.sheets.indicateurs import module_sheet

_N = {"annee_n1": 2027, "annee_suivie": "N", "secteurs": "PA"}
_N2 = {**_N, "annee_suivie": "N2"}
_ESMS = {"finess_et": "210781456", "categorie": "500", "secteur": "PA", "raison_sociale": "EHPAD A"}
_OTHER = {**_ESMS, "finess_et": "710976507", "raison_sociale": "EHPAD B"}
_DAY = dt.date(2026, 5, 12)
_SHARED = {"partage_le": _DAY, "partage_avec": "ARS ; CD 21"}
_PLAN = {"plan_redige": "Oui", **_SHARED}
_COMPLETE: list[dict[str, Any]] = [
    {
        "code": "TRANSFO/PA",
        "offre": "Un EHPAD",
        "autorisations": "En cours",
        "partenariats": "DAC",
        **_PLAN,
    },
    {"code": "UNESANTE/PA", **_PLAN},
    {"code": "PREVENTION/PA", **_PLAN},
    {"code": "EFFICIENCE/PA", "fragilites": "Intérim", **_SHARED},
    {"code": "SI/PA", **_PLAN},
]


def _content(*changed: dict[str, Any], **sheets: Any) -> dict[str, Any]:
    """An example: a diagnostic that lacks nothing, but for what is given."""
    codes = {row["code"] for row in changed}
    rows = [row for row in _COMPLETE if row["code"] not in codes]
    base = {"identification": [_N], "etablissements": [_ESMS]}
    return {**base, "contractualisation": [*rows, *changed], **sheets}


_PARTS = {
    "offre": ("offre",),
    "autorisations": ("autorisations",),
    "partenariats": ("partenariats",),
    "fragilites": ("fragilites",),
    "plan_redige": ("plan_redige",),
    "partage": ("partage_le", "partage_avec"),
}
"""What a module may ask for at N -> the columns that give it (the others have their sheet)."""


@workbook_rule(
    "CTR-001",
    AVERTISSEMENT,
    on=CONTRACTUALISATION,
    sheets=(ETABLISSEMENTS, FRAGILITES, MODULES, IDENTIFICATION),
    title="Diagnostic d'un module à compléter",
    message="le diagnostic de {code} est à compléter : il manque {reste}",
    fix="Remplissez ces cellules : la colonne « Attendu en période N » dit ce que le guide demande "
    "du module.",
    expected="{reste}",
    source=Guide("période de contractualisation (N)", "attendus des modules"),
    ok=[
        _content(),
        _content({"code": "SI/PA"}, identification=[_N2]),
        _content(
            {"code": "EFFICIENCE/PA", **_SHARED},
            fragilites=[{"numero": "F1", "secteur": "PA"}],
        ),
        _content({"code": "SI/PH"}),
        _content({"code": "HAS/PA"}),
        _content(identification=[{**_N, "secteurs": None}], etablissements=[]),
    ],
    ko=[
        _content({**_COMPLETE[0], "offre": None}),
        _content({"code": "SI/PA", **_PLAN, "plan_redige": "Non"}),
        _content({"code": "SI/PA", **_PLAN, "partage_le": None}),
        _content({"code": "SI/PA", **_PLAN, "partage_avec": None}),
        _content(
            {"code": "EFFICIENCE/PA", **_SHARED},
            fragilites=[{"numero": "F1", "secteur": "PH"}],
        ),
        _content({"code": "HAS/PA"}, modules=[{"code": "HAS", "actif": "Oui"}]),
        _content({"code": "SI/PA"}, etablissements=[{"raison_sociale": "EHPAD"}]),
    ],
)
def diagnostic_complet(context: RuleContext) -> Iterator[Fault]:
    """Avant la négociation, chaque module actif a son diagnostic, pour chaque secteur du contrat.

    Le guide dit ce qu'il attend de chacun : état des lieux de l'offre et des autorisations,
    partenariats, points de fragilité, plan d'actions. Le diagnostic est partagé avec l'ARS et les
    autres signataires. Des lignes de la feuille « Points de fragilité » valent repérage.
    """
    classeur = context.classeur
    secteurs = secteurs_du_contrat(context) or secteurs_de_la_fiche(context)
    for row in classeur["contractualisation"] if negotiating(classeur) else ():
        if row.secteur not in secteurs or not classeur.actif(row.module):
            continue
        missing = [key for key in _expected(row, context) if _empty(row, key, context)]
        if missing:
            names = listing(f"« {row.table.sheet[key].header} »" for key in missing)
            yield fault(row, columns=tuple(missing), reste=names)


def _expected(row: Row, context: RuleContext) -> Iterator[str]:
    """The columns that the module of a row asks for, in the order of the sheet."""
    asked = context.referentiel.modules[row.module].attendus_n
    for part, columns in _PARTS.items():
        if part in asked:
            yield from columns


def _empty(row: Row, key: str, context: RuleContext) -> bool:
    value = row[key]
    if key == "fragilites" and value is None:
        lines = module_rows(context, row.module)
        return not any(line.secteur == row.secteur for line in lines)
    if key == "plan_redige":
        return value is None or value == "Non"
    return value is None


@workbook_rule(
    "CTR-002",
    AVERTISSEMENT,
    on=PHOTOGRAPHIE_SI,
    sheets=(ETABLISSEMENTS,),
    columns=("finess_et",),
    title="ESMS sans photographie de ses systèmes d'information",
    message="la feuille « Photographie SI » n'a pas de ligne pour {esms}",
    fix="Ajoutez dans « Photographie SI » une ligne par ESMS : complétude, nombre de mises à jour, "
    "date de l'autodiagnostic SI de l'ANAP.",
    expected="une ligne par ESMS",
    source=Guide("Tableau de bord et systèmes d'information", "photographie de l'utilisation"),
    ok=[
        {
            "identification": [_N],
            "etablissements": [_ESMS],
            "photographie_si": [{"finess_et": "210781456"}],
        },
        {"identification": [_N2], "etablissements": [_ESMS]},
        {
            "identification": [_N],
            "etablissements": [_ESMS, _OTHER],
            "photographie_si": [{"finess_et": "210781456"}, {"completude": 0.5}],
        },
        {"identification": [_N], "etablissements": [{"raison_sociale": "EHPAD"}]},
    ],
    ko=[
        {"identification": [_N], "etablissements": [_ESMS]},
        {
            "identification": [_N],
            "etablissements": [_ESMS, _OTHER],
            "photographie_si": [{"finess_et": "210781456"}],
        },
    ],
)
def photographie_complete(context: RuleContext) -> Iterator[Fault]:
    """L'usage des systèmes d'information est photographié ESMS par ESMS avant le contrat."""
    classeur = context.classeur
    taken = [row.finess_et for row in classeur["photographie_si"]]
    if not negotiating(classeur) or not all(taken):
        return
    missing = [row for number, row in classeur.etablissements.items() if number not in taken]
    if missing:
        yield fault(*missing, esms=some(row.finess_et for row in missing))


@workbook_rule(
    "CTR-003",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    sheets=(REFERENTS,),
    columns=("referent_si", "referent_si_nomme"),
    title="Référent SI sans nomination",
    message="aucun référent des systèmes d'information n'est nommé, avec la date de sa nomination",
    fix="Ajoutez dans « Référents » le référent SI et la date « Nommé le », ou saisissez-les dans "
    "la fiche.",
    expected="un nom et une date",
    source=Guide("Tableau de bord et systèmes d'information", "nomination du ou des pilotes"),
    ok=[
        {"identification": [{**_N, "referent_si": "M. Martin", "referent_si_nomme": _DAY}]},
        {"identification": [_N], "referents": [{"role": "Référent SI", "nomme_le": _DAY}]},
        {"identification": [_N2]},
    ],
    ko=[
        {"identification": [_N]},
        {"identification": [{**_N, "referent_si": "M. Martin"}]},
        {"identification": [{**_N, "referent_si_nomme": _DAY}]},
        {"identification": [_N], "referents": [{"role": "Référent SI"}]},
        {"identification": [_N], "referents": [{"role": "Référent CPOM", "nomme_le": _DAY}]},
    ],
)
def referent_nomme(context: RuleContext) -> Iterator[Fault]:
    """Un référent des systèmes d'information au moins est nommé pendant la période N."""
    classeur = context.classeur
    fiche = classeur.identification
    named = fiche.referent_si is not None and fiche.referent_si_nomme is not None
    listed = any(
        row.role == "Référent SI" and row.nomme_le is not None for row in classeur["referents"]
    )
    if negotiating(classeur) and not named and not listed:
        yield fault(fiche)


@workbook_rule(
    "CTR-004",
    AVERTISSEMENT,
    on=CONTRACTUALISATION,
    sheets=(ACTIONS,),
    columns=("plan_redige",),
    title="Plan dit rédigé, mais sans action",
    message="le plan de {code} est dit rédigé, mais la feuille « Plan d'actions » n'a aucune "
    "action pour lui",
    fix="Saisissez les actions du module pour ce secteur, ou choisissez « Non » dans « Plan "
    "rédigé ».",
    expected="au moins une action",
    source=Guide("période de contractualisation (N)", "plan d'actions"),
    ok=[
        {
            **_content(
                {"code": "TRANSFO/PA", **_PLAN},
                actions=[
                    {"module": module, "secteur": "PA"}
                    for module in ("TRANSFO", "UNESANTE", "PREVENTION")
                ],
            ),
        },
        {"identification": [_N2], "contractualisation": [{"code": "TRANSFO/PA", **_PLAN}]},
        {"identification": [_N], "contractualisation": [{"code": "SI/PA", **_PLAN}]},
        {
            "identification": [_N],
            "contractualisation": [{"code": "TRANSFO/PA", "plan_redige": "Non"}],
        },
        {
            "identification": [_N],
            "contractualisation": [{"code": "TRANSFO/PA", **_PLAN}],
            "actions": [{"module": "TRANSFO"}],
        },
    ],
    ko=[
        {"identification": [_N], "contractualisation": [{"code": "TRANSFO/PA", **_PLAN}]},
        {
            "identification": [_N],
            "contractualisation": [{"code": "TRANSFO/PA", **_PLAN}],
            "actions": [{"module": "TRANSFO", "secteur": "PH"}],
        },
    ],
)
def plan_redige(context: RuleContext) -> Iterator[Fault]:
    """Un plan rédigé a des actions dans le classeur."""
    for row in context.classeur["contractualisation"] if negotiating(context.classeur) else ():
        if row.plan_redige != "Oui" or module_sheet(row.module).key != "actions":
            continue
        secteurs = [line.secteur for line in module_rows(context, row.module)]
        if not {row.secteur, None, NON_LU} & set(secteurs):
            yield fault(row)


@rule(
    "CTR-005",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("intitule", "pilote", "echeance"),
    title="Action encore incomplète",
    message="{nom_action} est encore incomplète : il manque {manque}",
    fix="Complétez l'action avant la négociation : intitulé, pilote et échéance.",
    expected="{manque}",
    source=Guide("période de contractualisation (N)", "plan d'actions"),
    ok=[
        {
            "numero": "A1",
            "intitule": "Ouvrir",
            "pilote": "Direction",
            "echeance": _DAY,
            "@": {"identification": [_N]},
        },
        {"numero": "A1", "@": {"identification": [_N2]}},
    ],
    ko=[
        {"numero": "A1", "pilote": "Direction", "echeance": _DAY, "@": {"identification": [_N]}},
        {"numero": "A1", "intitule": "Ouvrir", "echeance": _DAY, "@": {"identification": [_N]}},
        {
            "numero": "A1",
            "intitule": "Ouvrir",
            "pilote": "Direction",
            "@": {"identification": [_N]},
        },
    ],
)
def action_ecrite(action: Row, context: RuleContext) -> bool | None:
    """Une action que le contrat va porter dit ce qui sera fait, par qui et pour quand."""
    if not negotiating(context.classeur):
        return None
    return all(action[key] is not None for key in ("intitule", "pilote", "echeance"))
