"""PER: the register of avenants, and what the other sheets cite of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from xl_cpom.validators.declaration import rule, table_rule, workbook_rule
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Fault, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Casf, Guide, Logical, Template
from xl_cpom.workbook.records import NON_LU, Row
from xl_cpom.workbook.register import (
    PROROGATION,
    REGISTER_SINCE,
    avenant_number,
    cited_numbers,
    explained_by,
    rows_numbered,
)
from xl_cpom.workbook.sheets import (
    ACTIONS,
    AVENANTS,
    ETABLISSEMENTS,
    IDENTIFICATION,
    INDICATEURS,
    MODULES,
)

_REGISTER = Template("Classeur standard : la feuille « Avenants » tient le registre du contrat")
_JUIN, _JUILLET = dt.date(2027, 6, 30), dt.date(2027, 7, 1)
_AVENANT: dict[str, Any] = {
    "numero": "1",
    "date_signature": _JUIN,
    "date_effet": _JUILLET,
    "objet": "cible",
    "concerne": "TRANSFO/PA",
}


@table_rule(
    "PER-010",
    BLOQUANT,
    on=AVENANTS,
    columns=("numero", "date_signature", "date_effet", "objet", "concerne"),
    title="Deux avenants sous un même numéro",
    message="le numéro {numero} est celui de plusieurs avenants ({nombre} lignes)",
    fix="Donnez à chaque avenant son numéro. Un avenant qui a plusieurs objets a une ligne par "
    "objet, avec les mêmes dates.",
    expected="un numéro par avenant",
    source=_REGISTER,
    ok=[
        [_AVENANT, {**_AVENANT, "numero": "2"}],
        [_AVENANT, {**_AVENANT, "objet": "périmètre", "concerne": "210781456"}],
        [_AVENANT, {**_AVENANT, "concerne": "TRANSFO/PH"}],
        [_AVENANT, {**_AVENANT, "objet": "action retirée"}],
        [{**_AVENANT, "numero": None}, {**_AVENANT, "numero": None}],
    ],
    ko=[
        [_AVENANT, {**_AVENANT, "date_signature": _JUILLET, "objet": "autre"}],
        [_AVENANT, {**_AVENANT, "date_effet": _JUIN, "objet": "autre"}],
        [_AVENANT, {**_AVENANT, "numero": "avenant n° 1", "date_effet": _JUIN}],
        [_AVENANT, _AVENANT],
    ],
)
def un_numero_par_avenant(avenants: list[Row]) -> Iterator[Fault]:
    """Un numéro désigne un seul avenant : les lignes qui le portent ont les mêmes dates.

    Deux lignes identiques sont un avenant saisi deux fois.
    """
    groups: dict[str, list[Row]] = {}
    for row in avenants:
        groups.setdefault(avenant_number(row.numero), []).append(row)
    for number, rows in groups.items():
        if not number:
            continue
        dates = {(row.date_signature, row.date_effet) for row in rows}
        said = {(row.objet, row.concerne) for row in rows}
        if len(dates) > 1 or len(said) < len(rows):
            yield fault(*rows, columns=("numero",), nombre=len(rows))


@workbook_rule(
    "PER-011",
    AVERTISSEMENT,
    on=AVENANTS,
    sheets=(ETABLISSEMENTS, MODULES, ACTIONS),
    title="Avenant cité mais absent du registre",
    message="l'avenant {cite} n'est pas dans la feuille « Avenants »",
    fix="Inscrivez cet avenant dans la feuille « Avenants », ou corrigez son numéro ici.",
    expected="un numéro de la feuille « Avenants »",
    source=_REGISTER,
    ok=[
        {"etablissements": [{"finess_et": "210781456", "avenant": "1"}], "avenants": [_AVENANT]},
        {"modules": [{"code": "HAS", "numero_avenant": "n° 1"}], "avenants": [_AVENANT]},
        {
            "actions": [{"numero": "A1", "reference_avenant": "Avenant n° 1 du 01/07/2027"}],
            "avenants": [_AVENANT],
        },
        {"actions": [{"numero": "A1", "reference_avenant": "Courriel de l'ARS du 12/03/2027"}]},
        {"actions": [{"numero": "A1", "reference_avenant": "Avenant en cours de signature"}]},
        {
            "modules": [{"code": "HAS", "numero_avenant": "2"}],
            "avenants": [_AVENANT, {"objet": "autre"}],
        },
    ],
    ko=[
        {"etablissements": [{"finess_et": "210781456", "avenant": "2"}], "avenants": [_AVENANT]},
        {"modules": [{"code": "HAS", "numero_avenant": "2"}], "avenants": [_AVENANT]},
        {"actions": [{"numero": "A1", "reference_avenant": "Avenant n° 2"}]},
    ],
)
def avenant_au_registre(context: RuleContext) -> Iterator[Fault]:
    """Un avenant cité dans une feuille est inscrit au registre, avec ses dates et son objet.

    Dans le plan d'actions, seul un numéro est recherché : « Avenant ou justification » peut aussi
    dire un accord de l'ARS.
    """
    classeur = context.classeur
    known = {avenant_number(row.numero) for row in classeur["avenants"]}
    if not classeur.offers(REGISTER_SINCE) or "" in known:
        return  # the one without a number may be the one cited
    for row, column, text in _citations(context):
        if avenant_number(text) not in known:
            yield fault(row, columns=(column,), cite=text)


def _citations(context: RuleContext) -> Iterator[tuple[Row, str, str]]:
    """Each avenant that a sheet cites: the row, the column, the number."""
    for sheet, column in (("etablissements", "avenant"), ("modules", "numero_avenant")):
        for row in context.classeur[sheet]:
            if row[column]:
                yield row, column, row[column]
    for row in context.classeur["actions"]:
        for number in cited_numbers(row.reference_avenant):
            yield row, "reference_avenant", number


@rule(
    "PER-012",
    AVERTISSEMENT,
    on=AVENANTS,
    columns=("concerne", "objet"),
    title="Avenant qui ne dit pas ce qu'il concerne",
    message="l'avenant {numero} (« {objet} ») ne dit pas ce qui est concerné",
    fix="Saisissez dans « Ce qui est concerné » le numéro FINESS ET, le code du module, le N° de "
    "l'action ou l'indicateur.",
    expected="un numéro ou un code",
    source=_REGISTER,
    ok=[
        _AVENANT,
        {**_AVENANT, "objet": "prorogation", "concerne": None},
        {**_AVENANT, "objet": "autre", "concerne": None},
        {**_AVENANT, "objet": None, "concerne": None},
    ],
    ko=[{**_AVENANT, "concerne": None}, {**_AVENANT, "objet": "périmètre", "concerne": None}],
)
def avenant_precis(avenant: Row) -> bool:
    """Un avenant dit ce qu'il change : sans cela, rien ne peut en être rapproché."""
    vague = avenant.objet in (None, "autre", PROROGATION)
    return vague or avenant.concerne is not None


@rule(
    "PER-013",
    AVERTISSEMENT,
    on=MODULES,
    columns=("date_activation", "numero_avenant", "origine"),
    title="Date d'activation différente de celle de l'avenant",
    message="le module « {libelle} » serait activé le {date_activation}, alors que l'avenant "
    "{numero_avenant} prend effet le {effet}",
    fix="Mettez d'accord la « Date d'activation » du module et la « Date d'effet » de l'avenant.",
    expected="{effet}",
    source=Guide("système de modules", "activation par avenant"),
    ok=[
        {
            "code": "HAS",
            "origine": "avenant",
            "numero_avenant": "1",
            "date_activation": _JUILLET,
            "@": {"avenants": [_AVENANT]},
        },
        {
            "code": "HAS",
            "origine": "contrat initial",
            "numero_avenant": "1",
            "date_activation": _JUIN,
            "@": {"avenants": [_AVENANT]},
        },
        {
            "code": "HAS",
            "origine": "avenant",
            "numero_avenant": "1",
            "@": {"avenants": [_AVENANT]},
        },
        {
            "code": "HAS",
            "origine": "avenant",
            "numero_avenant": "1",
            "date_activation": _JUIN,
            "@": {"avenants": [{**_AVENANT, "date_effet": None}]},
        },
    ],
    ko=[
        {
            "code": "HAS",
            "origine": "avenant",
            "numero_avenant": "1",
            "date_activation": _JUIN,
            "@": {"avenants": [_AVENANT]},
        }
    ],
)
def activation_a_la_date_de_l_avenant(module: Row, context: RuleContext) -> bool | Fault | None:
    """Un module activé par avenant l'est au jour où l'avenant prend effet."""
    if module.origine != "avenant" or module.date_activation is None:
        return None
    rows = rows_numbered(context.classeur, module.numero_avenant)
    effects = [row.date_effet for row in rows if row.date_effet]
    if not effects or module.date_activation in effects:
        return None
    return fault(columns=("date_activation",), effet=effects[0])


@workbook_rule(
    "PER-014",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    sheets=(AVENANTS,),
    columns=("annee_suivie",),
    title="Sixième année sans avenant de prorogation",
    message="le retour porte sur N6, sans avenant de prorogation dans la feuille « Avenants »",
    fix="Inscrivez l'avenant de prorogation dans la feuille « Avenants », ou corrigez l'« Année "
    "suivie ».",
    expected="un avenant dont l'objet est « prorogation »",
    source=Casf("L. 313-11"),
    ok=[
        {"identification": [{"annee_suivie": "N5"}]},
        {
            "identification": [{"annee_suivie": "N6"}],
            "avenants": [{"numero": "3", "objet": "prorogation"}],
        },
    ],
    ko=[
        {"identification": [{"annee_suivie": "N6"}]},
        {"identification": [{"annee_suivie": "N6"}], "avenants": [_AVENANT]},
    ],
)
def sixieme_annee_prorogee(context: RuleContext) -> Iterator[Fault]:
    """Le contrat dure cinq ans ; un avenant peut le proroger d'une sixième année."""
    classeur = context.classeur
    sixth = classeur.identification.annee_suivie == "N6"
    if sixth and classeur.offers(REGISTER_SINCE) and not explained_by(classeur, PROROGATION):
        yield fault(classeur.identification)


@workbook_rule(
    "PER-015",
    AVERTISSEMENT,
    on=INDICATEURS,
    sheets=(AVENANTS,),
    columns=("cible_n6", "realise_n6"),
    title="Chiffres de la sixième année sans prorogation",
    message="des chiffres de N6 sont saisis pour {code}, sans avenant de prorogation",
    fix="Videz « Cible N6 » et « Réalisé N6 », ou inscrivez l'avenant de prorogation dans la "
    "feuille « Avenants ».",
    expected="une cellule vide",
    source=Casf("L. 313-11"),
    ok=[
        {"indicateurs": [{"code": "TRANSFO/PA", "cible_n5": 1.0}]},
        {
            "indicateurs": [{"code": "TRANSFO/PA", "cible_n6": 1.0}],
            "avenants": [{"numero": "3", "objet": "prorogation"}],
        },
        {
            "identification": [{"annee_suivie": "N6"}],  # PER-014
            "indicateurs": [{"code": "TRANSFO/PA", "cible_n6": 1.0}],
        },
    ],
    ko=[
        {"indicateurs": [{"code": "TRANSFO/PA", "cible_n6": 1.0}]},
        {"indicateurs": [{"code": "TRANSFO/PA", "realise_n6": 1.0}]},
    ],
)
def sixieme_annee_ouverte(context: RuleContext) -> Iterator[Fault]:
    """Les colonnes de N6 s'ouvrent par un avenant de prorogation."""
    classeur = context.classeur
    if classeur.identification.annee_suivie == "N6" or explained_by(classeur, PROROGATION):
        return
    for row in classeur["indicateurs"]:
        filled = [key for key in ("cible_n6", "realise_n6") if row[key] not in (None, NON_LU)]
        if filled:
            yield fault(row, columns=tuple(filled))


@rule(
    "PER-016",
    AVERTISSEMENT,
    on=AVENANTS,
    columns=("date_signature",),
    requires=("IDE-024",),
    title="Avenant signé après la date d'arrêté des données",
    message="l'avenant {numero} serait signé le {date_signature}, après la date d'arrêté des "
    "données",
    fix="Corrigez « Date de signature » ; un avenant à venir s'inscrit une fois signé.",
    expected="une date passée",
    source=Logical("Les dates saisies sont celles de faits constatés"),
    ok=[
        {"numero": "1", "date_signature": dt.date(2027, 12, 31)},
        {"numero": "1"},
        {
            "numero": "1",
            "date_signature": dt.date(2028, 1, 1),
            "@": {"identification": [{"date_arrete": None}]},
        },
    ],
    ko=[{"numero": "1", "date_signature": dt.date(2028, 1, 1)}],
)
def avenant_signe(avenant: Row, context: RuleContext) -> bool | None:
    """Un avenant inscrit au registre est signé."""
    if avenant.date_signature is None or context.date is None:
        return None
    return bool(avenant.date_signature <= context.date)
