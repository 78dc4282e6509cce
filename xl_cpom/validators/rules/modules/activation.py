"""MOD: which modules the contract activates, and whether they are filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from xl_cpom.validators.declaration import rule, workbook_rule
from xl_cpom.validators.facts.whole_workbook import module_rows, secteurs_encore_suivis
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Fault, fault
from xl_cpom.validators.reported_indicators import may_lack_its_rows
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Guide, Logical
from xl_cpom.workbook.records import COMPULSORY, Row
from xl_cpom.workbook.register import MODULE, explained_by
from xl_cpom.workbook.sheets import ETABLISSEMENTS, MODULES
from xl_cpom.workbook.sheets.indicateurs import SECTEURS, module_sheet

_SYSTEM = Guide("système de modules", "cinq modules obligatoires, trois à la carte")
_EFFET, _ARRETE = dt.date(2026, 1, 1), dt.date(2027, 12, 31)
_DAY = dt.timedelta(days=1)

_ACTIONS_PA = [
    {"numero": f"A{i}", "module": module, "secteur": "PA"}
    for i, module in enumerate(("TRANSFO", "UNESANTE", "PREVENTION"), start=1)
]
_ACTIONS_PH = [{**action, "secteur": "PH"} for action in _ACTIONS_PA]
_ALL = {
    "actions": _ACTIONS_PA,
    "fragilites": [{"numero": "F1", "secteur": "PA"}],
    "si": [{"si": "ROR par ET", "secteur": "PA"}],
}
_ESMS_PA = {"finess_et": "210781456", "categorie": "500", "secteur": "PA"}
_ESMS_PH = {"finess_et": "210099032", "categorie": "183", "secteur": "PH"}


@workbook_rule(
    "MOD-001",
    BLOQUANT,
    on=MODULES,
    columns=("code",),
    title="Module obligatoire sans aucune ligne",
    message="la feuille « {a_remplir} » est à compléter : le module obligatoire « {libelle} » n'y "
    "a aucune ligne",
    fix="Saisissez dans la feuille « {a_remplir} » au moins une ligne pour ce module.",
    expected="au moins une ligne dans « {a_remplir} »",
    source=_SYSTEM,
    ok=[
        _ALL,
        {**_ALL, "actions": [*_ACTIONS_PA[:2], {"numero": "A3"}]},
        {**_ALL, "modules": [{"code": "HAS", "actif": "Oui"}]},
    ],
    ko=[
        {},
        {**_ALL, "actions": _ACTIONS_PA[:2]},
        {**_ALL, "fragilites": []},
        {**_ALL, "si": []},
    ],
)
def modules_obligatoires_remplis(context: RuleContext) -> Iterator[Fault]:
    """Les cinq modules obligatoires ont au moins une ligne.

    Les modules « Transformation de l'offre », « Une seule santé » et « Prévention » se remplissent
    dans le plan d'actions, « Efficience » dans les points de fragilité, « Systèmes d'information »
    dans sa feuille. Sans ligne, leur indicateur ne peut être calculé.
    """
    for module in context.classeur["modules"]:
        declared = context.referentiel.modules[module.code]
        sheet = module_sheet(module.code)
        table = context.classeur[sheet.key]
        doubtful = "module" in sheet.by_key and any(not row.module for row in table)
        if declared.statut != COMPULSORY or not table.present or doubtful:
            continue
        if not module_rows(context, module.code):
            yield fault(module, a_remplir=sheet.name)


@workbook_rule(
    "MOD-002",
    BLOQUANT,
    on=MODULES,
    columns=("actif",),
    title="Module à la carte rempli mais inactif",
    message="le module « {libelle} » n'est pas actif, mais la feuille « {remplie} » est remplie",
    fix="Choisissez « Oui » dans « Actif », avec l'origine et la date. Si le module n'est pas au "
    "contrat, gardez d'abord une copie du classeur, puis retirez les lignes de « {remplie} ».",
    expected="Oui",
    source=_SYSTEM,
    ok=[
        {"modules": [{"code": "HAS", "actif": "Oui"}], "has": [{"critere": "2.2.1"}]},
        {"modules": [{"code": "HAS", "actif": "Non"}]},
        {"modules": [{"code": "HAS"}], "has": [{"critere": "2.2.1"}]},
        {"modules": [{"code": "TRANSFO", "actif": "Non"}], "actions": _ACTIONS_PA},
    ],
    ko=[
        {"modules": [{"code": "HAS", "actif": "Non"}], "has": [{"critere": "2.2.1"}]},
        {"modules": [{"code": "INSPECTION", "actif": "Non"}], "mesures": [{"numero": "P1"}]},
        {
            "modules": [{"code": "DIFFICULTE", "actif": "Non"}],
            "difficulte": [{"finess_et": "210781456"}],
        },
    ],
)
def modules_remplis_actifs(context: RuleContext) -> Iterator[Fault]:
    """Un module à la carte rempli est un module actif.

    Un module non actif n'est pas suivi : ce qui y est saisi ne serait compté dans aucun taux.
    """
    for module in context.classeur["modules"]:
        by_choice = context.referentiel.modules[module.code].statut != COMPULSORY
        if by_choice and module.actif == "Non" and module_rows(context, module.code):
            yield fault(module, remplie=module_sheet(module.code).name)


@workbook_rule(
    "MOD-015",
    AVERTISSEMENT,
    on=MODULES,
    columns=("actif",),
    title="Module à la carte actif mais vide",
    message="la feuille « {a_remplir} » est à compléter : le module « {libelle} » est actif, mais "
    "elle est vide",
    fix="Remplissez la feuille « {a_remplir} ». Si le contrat n'a pas ce module, choisissez "
    "« Non » dans « Actif » ; s'il l'a, seul un avenant le retire.",
    expected="au moins une ligne dans « {a_remplir} »",
    source=_SYSTEM,
    ok=[
        {"modules": [{"code": "HAS", "actif": "Oui"}], "has": [{"critere": "2.2.1"}]},
        {"modules": [{"code": "HAS", "actif": "Non"}]},
        {"modules": [{"code": "INSPECTION", "actif": "Oui"}]},
        {"modules": [{"code": "TRANSFO", "actif": "Oui"}]},
        {
            "modules": [{"code": "HAS", "actif": "Oui"}],
            "indicateurs": [{"code": "HAS/PA", "realise_n2": 0.6}],  # IND-009
        },
    ],
    ko=[
        {"modules": [{"code": "HAS", "actif": "Oui"}]},
        {
            "modules": [{"code": "HAS", "actif": "Oui"}],
            "indicateurs": [{"code": "HAS/PA", "realise_n2": 0.0}],
        },
        {
            "modules": [{"code": "HAS", "actif": "Oui"}, {"code": "INSPECTION", "actif": "Oui"}],
            "indicateurs": [{"code": "INSPECTION/PA", "realise_n2": 0.6}],
        },
        {"modules": [{"code": "DIFFICULTE", "actif": "Oui"}]},
    ],
)
def modules_actifs_remplis(context: RuleContext) -> Iterator[Fault]:
    """Un module à la carte actif est rempli.

    Il a été activé parce qu'il y a quelque chose à suivre. Les modules obligatoires et le module
    Inspection – Contrôle ont leur propre règle, ainsi qu'un module vide dont un taux est déclaré.
    """
    for module in context.classeur["modules"]:
        sheet = module_sheet(module.code)
        own_rule = module.code == "INSPECTION"
        if context.referentiel.modules[module.code].statut == COMPULSORY or own_rule:
            continue
        table = context.classeur[sheet.key]
        if module.actif != "Oui" or not table.present or table.rows:
            continue
        if not may_lack_its_rows(module.code, context.classeur):
            yield fault(module, a_remplir=sheet.name)


@rule(
    "MOD-016",
    BLOQUANT,
    on=MODULES,
    columns=("actif",),
    title="Module obligatoire marqué « Non »",
    message="le module obligatoire « {libelle} » est marqué « Non »",
    fix="Choisissez « Oui » dans « Actif » : les cinq modules obligatoires font partie de tout "
    "CPOM du cycle.",
    expected="Oui",
    source=_SYSTEM,
    ok=[
        {"code": "TRANSFO", "actif": "Oui"},
        {"code": "TRANSFO"},
        {"code": "HAS", "actif": "Non"},
    ],
    ko=[{"code": "TRANSFO", "actif": "Non"}, {"code": "SI", "actif": "Non"}],
)
def module_obligatoire_actif(module: Row) -> bool:
    """Un module obligatoire est toujours actif."""
    return bool(module.statut != COMPULSORY or module.actif != "Non")


@rule(
    "MOD-017",
    AVERTISSEMENT,
    on=MODULES,
    columns=("date_activation", "origine"),
    title="Activation incomplète d'un module à la carte",
    message="le module à la carte « {libelle} » est actif, mais il reste à remplir {manque}",
    fix="Saisissez « Date d'activation » et choisissez « Origine » : contrat initial ou avenant.",
    expected="la date et l'origine de l'activation",
    source=Guide("système de modules", "déclenchement des modules à la carte"),
    ok=[
        {"code": "HAS", "actif": "Oui", "date_activation": _EFFET, "origine": "avenant"},
        {"code": "HAS", "actif": "Non"},
        {"code": "TRANSFO", "actif": "Oui"},
    ],
    ko=[
        {"code": "HAS", "actif": "Oui", "date_activation": _EFFET},
        {"code": "HAS", "actif": "Oui", "origine": "contrat initial"},
        {"code": "HAS", "actif": "Oui"},
    ],
)
def activation_documentee(module: Row) -> bool | None:
    """Un module à la carte est activé à une date, par le contrat initial ou par un avenant."""
    if module.statut == COMPULSORY or module.actif != "Oui":
        return None
    return module.date_activation is not None and module.origine is not None


@rule(
    "MOD-018",
    AVERTISSEMENT,
    on=MODULES,
    columns=("numero_avenant", "origine"),
    title="Avenant d'activation sans numéro",
    message="le module « {libelle} » a été activé par un avenant dont le numéro manque",
    fix="Saisissez « N° de l'avenant », ou choisissez « contrat initial » dans « Origine ».",
    expected="le numéro de l'avenant",
    source=Guide("système de modules", "activation par avenant"),
    ok=[
        {"code": "HAS", "actif": "Oui", "origine": "avenant", "numero_avenant": "1"},
        {"code": "HAS", "actif": "Oui", "origine": "contrat initial"},
        {"code": "HAS", "actif": "Non", "origine": "avenant"},
    ],
    ko=[{"code": "HAS", "actif": "Oui", "origine": "avenant"}],
)
def avenant_numerote(module: Row) -> bool | None:
    """L'avenant qui active un module a un numéro."""
    if module.actif != "Oui":
        return None
    return module.origine != "avenant" or bool(module.numero_avenant)


@rule(
    "MOD-019",
    AVERTISSEMENT,
    on=MODULES,
    columns=("date_activation", "actif"),
    requires=("IDE-024",),
    title="Module actif avant sa date d'activation",
    message="le module « {libelle} » est actif, mais il ne serait activé que le {date_activation}",
    fix="Corrigez « Date d'activation », ou choisissez « Non » dans « Actif » jusqu'à cette date.",
    expected="une date passée",
    source=Logical("Chronologie du suivi : activation, puis arrêté des données"),
    ok=[
        {"code": "HAS", "actif": "Oui", "date_activation": _ARRETE},
        {"code": "HAS", "actif": "Non", "date_activation": _ARRETE + _DAY},
        {"code": "HAS", "actif": "Oui"},
        {
            "code": "HAS",
            "actif": "Oui",
            "date_activation": _ARRETE + _DAY,
            "@": {"identification": [{"date_arrete": None}]},
        },
    ],
    ko=[{"code": "HAS", "actif": "Oui", "date_activation": _ARRETE + _DAY}],
)
def activation_passee(module: Row, context: RuleContext) -> bool | None:
    """Un module actif a été activé au plus tard à la date d'arrêté des données."""
    if module.actif != "Oui" or module.date_activation is None or context.date is None:
        return None
    return bool(module.date_activation <= context.date)


@rule(
    "MOD-020",
    AVERTISSEMENT,
    on=MODULES,
    columns=("actif", "numero_avenant"),
    title="Avenant d'activation pour un module inactif",
    message="le module « {libelle} » n'est pas actif, mais l'avenant {numero_avenant} l'aurait "
    "activé",
    fix="Choisissez « Oui » dans « Actif », ou videz « N° de l'avenant ».",
    source=Guide("système de modules", "activation par avenant"),
    ok=[
        {"code": "HAS", "actif": "Non"},
        {"code": "HAS", "actif": "Oui", "numero_avenant": "1"},
        {"code": "HAS", "numero_avenant": "1"},
        {"code": "TRANSFO", "actif": "Non", "numero_avenant": "1"},
        {
            "code": "HAS",
            "actif": "Non",
            "numero_avenant": "1",
            "@": {"has": [{"critere": "2.2.1"}]},
        },
        {
            "code": "HAS",
            "actif": "Non",
            "numero_avenant": "1",
            "@": {"avenants": [{"numero": "1", "objet": MODULE, "concerne": "HAS"}]},
        },
    ],
    ko=[
        {"code": "HAS", "actif": "Non", "numero_avenant": "1"},
        {
            "code": "HAS",
            "actif": "Non",
            "numero_avenant": "1",
            "@": {"avenants": [{"numero": "1", "objet": MODULE, "concerne": "INSPECTION"}]},
        },
    ],
)
def inactif_sans_avenant(module: Row, context: RuleContext) -> bool | None:
    """Un module qui n'est pas actif n'a pas d'avenant d'activation.

    Un module non actif mais rempli est signalé à part. L'avenant inscrit au registre pour ce module
    est celui qui l'a retiré.
    """
    if module.statut == COMPULSORY or module.actif != "Non":
        return None
    if explained_by(context.classeur, MODULE, module.code):
        return True
    return not module.numero_avenant or bool(module_rows(context, module.code))


@workbook_rule(
    "MOD-029",
    AVERTISSEMENT,
    on=MODULES,
    sheets=(ETABLISSEMENTS,),
    columns=("code",),
    title="Module obligatoire sans ligne pour un secteur",
    message="le module « {libelle} » n'a aucune ligne pour le secteur {absent}, dont relèvent "
    "pourtant des ESMS du classeur",
    fix="Ajoutez dans la feuille « {a_remplir} » une ligne pour ce secteur, ou dites dans "
    "« Commentaire ou justification » pourquoi il n'y en a pas.",
    expected="au moins une ligne du secteur {absent}",
    source=Guide("système de modules", "types d'actions par secteur d'activité"),
    ok=[
        {**_ALL, "etablissements": [_ESMS_PA]},
        {**_ALL, "etablissements": [_ESMS_PA, {**_ESMS_PH, "secteur": None}]},
        {"actions": [*_ACTIONS_PA, *_ACTIONS_PH], "etablissements": [_ESMS_PA, _ESMS_PH]},
        {
            "actions": [
                *_ACTIONS_PA,
                {"module": "TRANSFO"},
                {"module": "UNESANTE"},
                {"module": "PREVENTION"},
            ],
            "etablissements": [_ESMS_PA, _ESMS_PH],
        },
        {"actions": _ACTIONS_PH, "etablissements": [_ESMS_PA]},
        {"si": _ALL["si"], "etablissements": [_ESMS_PA, _ESMS_PH]},
        {
            **_ALL,
            "etablissements": [_ESMS_PA, {**_ESMS_PH, "sorti_le": dt.date(2026, 12, 31)}],
        },
        {"has": [{"finess_et": "210781456"}], "etablissements": [_ESMS_PA, _ESMS_PH]},
        {"etablissements": [_ESMS_PA]},
    ],
    ko=[
        {**_ALL, "etablissements": [_ESMS_PA, _ESMS_PH]},
        {"fragilites": _ALL["fragilites"], "etablissements": [_ESMS_PA, _ESMS_PH]},
        {"actions": [*_ACTIONS_PA, *_ACTIONS_PH[:2]], "etablissements": [_ESMS_PA, _ESMS_PH]},
    ],
)
def modules_par_secteur(context: RuleContext) -> Iterator[Fault]:
    """Un module obligatoire a des lignes pour chaque secteur du contrat.

    Les taux sont suivis par secteur : un secteur sans ligne n'a pas de taux. La feuille
    « Systèmes d'information » a sa propre règle.
    """
    presents = secteurs_encore_suivis(context)
    for module in context.classeur["modules"]:
        sheet = module_sheet(module.code)
        compulsory = context.referentiel.modules[module.code].statut == COMPULSORY
        if presents is None or not compulsory or sheet.key == "si":
            continue
        found = {row.secteur for row in module_rows(context, module.code)}
        if not found or found - presents:
            continue  # empty, unread, or of a secteur without ESMS: said elsewhere
        for secteur in SECTEURS:
            if secteur in presents - found:
                yield fault(module, absent=secteur, a_remplir=sheet.name)
