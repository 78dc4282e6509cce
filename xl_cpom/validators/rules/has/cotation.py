"""HAS: the criteria of an evaluation: their code, type and cotation.

Its date is judged in `date_evaluation`, the plan that answers it in `plan_de_reponse`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from xl_cpom.validators.declaration import reading_rule, rule, table_rule
from xl_cpom.validators.facts.groups import duplicates, grouper
from xl_cpom.validators.facts.whole_workbook import some
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, INFORMATION, Fault, Scope, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Guide, RuleSource
from xl_cpom.validators.rules.has.criteres import (
    MODULE,
    exclu,
    imperatif,
    type_juste,
    well_formed,
)
from xl_cpom.workbook.model import Kind
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import HAS

_MANUEL = RuleSource("HAS, référentiel d'évaluation de la qualité des ESSMS", "trouvé")
_COTATION = RuleSource("HAS, fiches « cotation » et « non concerné », janvier 2026", "trouvé")
_IMPERATIFS = RuleSource("HAS, liste des 18 critères impératifs", "trouvé")
_ET, _SSIAD = "210780581", "250000015"
_ESMS = {
    "etablissements": [
        {"finess_et": _ET, "categorie": "500", "secteur": "PA"},
        {"finess_et": _SSIAD, "categorie": "354", "secteur": "PA"},
    ]
}
_VISITE = dt.date(2026, 3, 10)
_CRITERES_CITES = 8


def _row(critere: str = "2.2.2", ailleurs: Any = None, **values: Any) -> dict[str, Any]:
    row = {"finess_et": _ET, "critere": critere, "date_evaluation": _VISITE, **values}
    return row if ailleurs is None else {**row, "@": ailleurs}


@rule(
    "HAS-001",
    BLOQUANT,
    on=HAS,
    columns=("critere",),
    title="Code de critère HAS mal formé",
    message="« {critere} » n'est pas un code de critère HAS (établissement {finess_et})",
    fix="Saisissez le code au format texte dans « Critère » : chapitre, objectif et critère "
    "séparés par des points (exemple : 2.2.1).",
    expected="un code comme 2.2.1 ou 3.14.2",
    source=_MANUEL,
    ok=[_row("1.1.1"), _row("2.2.10"), _row("3.14.2"), {"finess_et": _ET}],
    ko=[
        _row("0.1.1"),
        _row("4.1.1"),
        _row("2.2"),
        _row("2.2.1.1"),
        _row("2.100.1"),
        _row("2.1.100"),
        _row("2.2.x"),
        _row("2-2-1"),
        _row("critère 2.2.1"),
    ],
)
def code_bien_forme(row: Row) -> bool | None:
    """Le code d'un critère est fait du chapitre (1 à 3), de l'objectif et du critère.

    Le référentiel de la HAS compte trois chapitres. Excel transforme volontiers « 2.2.1 » en date
    et « 3.10 » en 3,1 : la colonne est au format texte.
    """
    return None if row.critere is None else well_formed(row)


@rule(
    "HAS-002",
    BLOQUANT,
    on=HAS,
    columns=("type", "critere"),
    title="Type du critère contraire au référentiel de la HAS",
    message="le critère {critere} de l'établissement {finess_et} n'est pas « {type} » dans le "
    "référentiel de la HAS",
    fix="Videz « Type de critère » : il est calculé d'après le code ; ou mettez « {attendu} ».",
    expected="{attendu}",
    source=_IMPERATIFS,
    ok=[
        _row("2.2.2", type="impératif"),
        _row("2.2.8", type="standard"),
        _row("2.2.99x", type="impératif"),
        _row("2.2.2"),
    ],
    ko=[_row("2.2.2", type="standard"), _row("2.2.8", type="impératif")],
)
def type_du_critere(row: Row, context: RuleContext) -> bool | Fault | None:
    """Les critères impératifs sont les 18 de la liste de la HAS, et eux seuls.

    Le seuil en dépend : 4 pour un impératif, 3 pour un standard. Un type faux fait entrer le
    critère au plan d'amélioration, ou l'en fait sortir, à tort.
    """
    juste = type_juste(row, context)
    if juste is not False:
        return juste
    return fault(attendu="impératif" if imperatif(row, context) else "standard")


@rule(
    "HAS-021",
    AVERTISSEMENT,
    on=HAS,
    columns=("critere",),
    requires=("HAS-001",),
    title="Critère absent du manuel de la HAS",
    message="le critère {critere} de l'établissement {finess_et} n'existe pas dans le manuel de la "
    "HAS",
    fix="Reprenez le code du critère dans le rapport d'évaluation.",
    expected="un des 157 critères du manuel",
    source=_MANUEL,
    ok=[_row("1.15.10"), _row("3.15.3"), _row("2.2"), {"finess_et": _ET}],
    ko=[_row("1.99.99"), _row("3.10.3"), _row("3.20.9")],
)
def critere_du_manuel(row: Row, context: RuleContext) -> bool | None:
    """Le critère est l'un des 157 du manuel d'évaluation de la HAS (version du 8 juillet 2025).

    Un code bien formé qui n'y est pas est une faute de frappe, ou vient d'une autre grille : le
    critère qu'il désigne ne peut être retrouvé.
    """
    if row.critere is None or not well_formed(row):
        return None
    return row.critere in context.referentiel.manuel_has


@rule(
    "HAS-003",
    BLOQUANT,
    on=HAS,
    columns=("cotation", "critere"),
    title="Cotation « RI » hors du chapitre 1",
    message="la cotation « {cotation} » n'est pas admise au critère {critere} (établissement "
    "{finess_et}) : elle est réservée au chapitre 1",
    fix="Reprenez dans « Cotation » celle du rapport d'évaluation.",
    expected="« RI » au chapitre 1 seulement",
    source=_COTATION,
    ok=[
        _row("1.2.3", cotation="RI"),
        _row("2.2.2", cotation="NC"),
        _row("2.2.2", cotation=3.0),
        _row("2.2", cotation="RI"),
        _row("2.2.2"),
    ],
    ko=[_row("2.2.2", cotation="RI"), _row("3.1.1", cotation="RI")],
)
def cotation_du_chapitre(row: Row, context: RuleContext) -> bool | Fault | None:
    """« RI » (réponse inadaptée) ne s'emploie qu'au chapitre 1, avec les personnes accompagnées.

    Une cotation « RI » sort du calcul : hors du chapitre 1, elle masquerait une note.
    """
    cotation = context.referentiel.cotations.get(str(row.cotation))
    if cotation is None or not cotation.chapitres or not well_formed(row):
        return None
    admise = row.critere[0] in cotation.chapitres
    return admise or fault(columns=("cotation",))


@rule(
    "HAS-004",
    AVERTISSEMENT,
    on=HAS,
    columns=("cotation", "critere", "finess_et"),
    title="Critère impératif coté « NC »",
    message="le critère impératif {critere} de l'établissement {finess_et} est coté « NC » (non "
    "concerné)",
    fix="Vérifiez « Cotation » dans le rapport d'évaluation ; si elle est exacte, dites pourquoi "
    "dans « Commentaire ou justification ».",
    expected="une cotation de 1 à 4 ou ★",
    source=_IMPERATIFS,
    ok=[
        _row("2.2.2", cotation=3.0),
        _row("2.2.8", cotation="NC"),
        _row("2.2.2"),
        _row("2.2.1", finess_et=_SSIAD, cotation="NC", ailleurs=_ESMS),
    ],
    ko=[
        _row("2.2.2", cotation="NC"),
        _row("2.2.1", cotation="NC", ailleurs=_ESMS),
        _row("2.2.2", finess_et=_SSIAD, cotation="NC", ailleurs=_ESMS),
    ],
)
def imperatif_cote(row: Row, context: RuleContext) -> bool | None:
    """Un critère impératif n'est en principe jamais « non concerné ».

    Quelques-uns ne s'appliquent pas à toutes les catégories : ceux-là ne sont pas signalés.
    """
    if not imperatif(row, context) or exclu(row, context) is not False:
        return None
    return bool(row.cotation != "NC")


reading_rule(
    "HAS-005",
    BLOQUANT,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.interpretation.coercion.numbers",),
    title="Cotation illisible",
    message="« {lu} » n'est pas une cotation HAS dans la colonne « {colonne} »",
    fix="Saisissez un nombre de 1 à 4 (décimales admises), ★, NC ou RI.",
    expected="de 1 à 4, ★, NC ou RI",
    source=_COTATION,
    doc="""Une cotation va de 1 à 4, ou s'écrit ★, NC ou RI.

    La cotation d'un critère est une moyenne : elle peut être décimale (3,67). Une étoile compte 4 ;
    NC (non concerné) et RI (réponse inadaptée) sortent du calcul.""",
    ok=[
        (Kind.COTATION, 1),
        (Kind.COTATION, 3.67),
        (Kind.COTATION, 4),
        (Kind.COTATION, "★"),
        (Kind.COTATION, "NC"),
    ],
    ko=[(Kind.COTATION, 5), (Kind.COTATION, 0.99), (Kind.COTATION, 4.01), (Kind.COTATION, "A")],
)


@table_rule(
    "HAS-007",
    AVERTISSEMENT,
    on=HAS,
    columns=("critere", "type", "cotation", "sous_seuil", "finess_et", "date_evaluation"),
    title="Critères au-dessus du seuil dans le plan d'amélioration",
    message="l'établissement {finess_et} a des lignes au-dessus du seuil, hors du plan "
    "d'amélioration : {criteres}",
    fix="Supprimez ces lignes, ou corrigez « Cotation » : le plan ne porte que sur les critères "
    "sous le seuil.",
    expected="impératif sous 4, standard sous 3",
    source=Guide(MODULE, "critères impératifs inférieurs à 4, standards inférieurs à 3"),
    ok=[
        [_row("2.2.2", type="impératif", cotation=3.99)],
        [_row("2.2.8", type="standard", cotation=2.99)],
        [_row("2.2.8", type="standard", cotation="NC")],
        [_row("2.2.2", type="standard", cotation=3.5)],  # type faux : HAS-002
        [_row("2.2.8", type="standard")],
    ],
    ko=[
        [_row("2.2.2", type="impératif", cotation=4.0)],
        [_row("2.2.2", type="impératif", cotation="★")],
        [_row("2.2.2", cotation="★")],  # type du manuel
        [_row("2.2.8", type="standard", cotation=3.0)],
        [_row(f"1.{n}.1", type="standard", cotation=3.5) for n in range(1, 13)],
    ],
)
def lignes_sous_le_seuil(lignes: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Le plan d'amélioration ne porte que sur les critères sous le seuil.

    Un critère au-dessus du seuil n'entre pas dans le taux : sa ligne est sans effet.
    """
    hors_plan = [
        row
        for row in lignes
        if row.sous_seuil == "Non"
        and row.cotation not in ("NC", "RI")
        and type_juste(row, context) is not False
    ]
    for group in grouper(hors_plan, "finess_et", "date_evaluation").values():
        codes = some((str(row.critere) for row in group), _CRITERES_CITES)
        yield fault(*group, columns=("critere",), criteres=codes)


@rule(
    "HAS-009",
    AVERTISSEMENT,
    on=HAS,
    columns=("critere", "finess_et", "cotation"),
    title="Critère étranger à la catégorie de l'ESMS",
    message="le critère {critere} ne concerne pas l'établissement {finess_et}, d'après sa "
    "catégorie",
    fix="Vérifiez « Critère » et la catégorie de l'établissement ; si le critère ne s'applique "
    "pas, supprimez la ligne ou mettez « NC » dans « Cotation ».",
    source=RuleSource("HAS, manuel d'évaluation : champ de chaque critère", "inféré"),
    ok=[
        _row("2.2.1", cotation=3.0, ailleurs=_ESMS),
        _row("2.2.2", finess_et=_SSIAD, cotation=3.0, ailleurs=_ESMS),
        _row("2.2.1", finess_et=_SSIAD, cotation="NC", ailleurs=_ESMS),
        _row("2.2.1", finess_et=_SSIAD, cotation=3.0),
        _row("1.1.1", finess_et=_SSIAD, cotation=3.0, ailleurs=_ESMS),
        _row("3.3.1", cotation=3.0, ailleurs=_ESMS),
        _row("3.2.1", finess_et=_SSIAD, cotation=3.0, ailleurs=_ESMS),
    ],
    ko=[
        _row("2.2.1", finess_et=_SSIAD, cotation=3.0, ailleurs=_ESMS),
        _row("3.3.1", finess_et=_SSIAD, cotation=2.0, ailleurs=_ESMS),
        _row("3.2.1", cotation=2.0, ailleurs=_ESMS),
    ],
)
def critere_applicable(row: Row, context: RuleContext) -> bool | None:
    """Un critère noté s'applique à la catégorie de l'établissement.

    Le manuel réserve quelques critères aux établissements (2.2.1, liberté d'aller et venir), un aux
    services (3.2.1) ; la sécurisation du circuit du médicament (3.6.2) n'est pas demandée à un
    service autonomie sans soins.
    """
    if not row.critere or row.cotation == "NC":
        return None
    return not exclu(row, context)


@rule(
    "HAS-022",
    INFORMATION,
    on=HAS,
    columns=("cotation", "critere", "finess_et"),
    requires=("HAS-001", "HAS-021"),
    title="Critère standard coté « NC »",
    message="le critère {critere} de l'établissement {finess_et} est coté « NC », alors que sa "
    "catégorie est concernée",
    fix="Rien à faire si le rapport d'évaluation le justifie ; sinon, reprenez sa cotation.",
    expected="une cotation, ou « NC » justifié par l'évaluateur",
    source=_COTATION,
    ok=[
        _row("2.10.1", cotation=3.0),
        _row("2.2.2", cotation="NC"),  # HAS-004
        _row("3.3.1", finess_et=_SSIAD, cotation="NC", ailleurs=_ESMS),
        _row("3.3.1", finess_et=_SSIAD, cotation="NC"),  # catégorie inconnue
        _row("1.99.99", cotation="NC"),
        {"finess_et": _ET, "cotation": "NC"},
    ],
    ko=[_row("2.10.1", cotation="NC"), _row("3.3.1", cotation="NC", ailleurs=_ESMS)],
)
def standard_cote(row: Row, context: RuleContext) -> bool | None:
    """« Non concerné » est une exception que l'évaluateur justifie.

    La fiche de la HAS de janvier 2026 la réserve aux critères sans objet au regard de l'activité ou
    du public. La cotation sort du calcul : le critère n'entre pas au plan d'amélioration.
    """
    if row.critere not in context.referentiel.manuel_has or imperatif(row, context):
        return None
    if exclu(row, context) is not False:
        return None
    return bool(row.cotation != "NC")


@table_rule(
    "HAS-011",
    BLOQUANT,
    on=HAS,
    columns=("finess_et", "date_evaluation", "critere"),
    title="Critère saisi plusieurs fois pour une évaluation",
    message="le critère {critere} de l'établissement {finess_et} est saisi {nombre} fois pour "
    "l'évaluation du {date_evaluation}",
    fix="Ne gardez qu'une ligne par critère ; réunissez les actions dans « Action "
    "d'amélioration ».",
    expected="une ligne par critère et par évaluation",
    source=Guide(MODULE, "taux d'avancement du plan d'amélioration"),
    ok=[
        [_row("2.2.2"), _row("2.2.3"), _row("2.2.2", finess_et=_SSIAD)],
        [_row("2.2.2"), _row("2.2.2", date_evaluation=dt.date(2021, 3, 10))],
        [_row("2.2.2", date_evaluation=None), _row("2.2.2", date_evaluation=None)],
    ],
    ko=[[_row("2.2.2"), _row("2.2.3"), _row("2.2.2")]],
)
def critere_unique(lignes: list[Row]) -> Iterator[Fault]:
    """Un critère n'a qu'une ligne par établissement et par évaluation.

    Une ligne répétée compte deux fois dans le taux ; plusieurs actions tiennent dans une ligne,
    réalisée quand toutes le sont.
    """
    for group in duplicates(lignes, "finess_et", "date_evaluation", "critere"):
        yield fault(*group, columns=("critere",), nombre=len(group))
