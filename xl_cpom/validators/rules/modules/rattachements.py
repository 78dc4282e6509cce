"""MOD: what a line points to: an ESMS, a secteur, an action."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xl_cpom.typography import fold, guillemets, listing, visible
from xl_cpom.validators.declaration import workbook_rule
from xl_cpom.validators.facts.whole_workbook import (
    SHEETS_OF_ESMS,
    missing_esms,
    never_cited,
    secteur_certain,
    secteurs_de_la_fiche,
    secteurs_du_contrat,
    some,
    the_rows,
    unknown_numbers,
)
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Fault, fault, missing_line
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Guide, Usage
from xl_cpom.validators.wording import record
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import ACTIONS, ETABLISSEMENTS, FRAGILITES

_PERIMETRE = Guide("généralités", "établissements et services du CPOM")
_TILLE, _IME, _UNKNOWN, _OTHER = "210781456", "210099032", "250000015", "710976507"
_ESMS_PA = {"finess_et": _TILLE, "categorie": "500", "secteur": "PA"}
_ESMS_PH = {"finess_et": _IME, "categorie": "183", "secteur": "PH"}


@workbook_rule(
    "MOD-039",
    BLOQUANT,
    on=ETABLISSEMENTS,
    columns=("finess_et",),
    title="ESMS cité par plusieurs feuilles, sans ligne dans « Établissements »",
    message="l'ESMS {finess} n'a pas de ligne dans la feuille « Établissements », alors que "
    "{feuilles} le citent{suggestion}",
    fix="Corrigez « FINESS ET » si le numéro de sa ligne est faux, sinon ajoutez sa ligne dans la "
    "feuille « Établissements » ; si cet ESMS n'est pas du contrat, retirez-le des feuilles qui le "
    "citent.",
    expected="une ligne par ESMS du contrat",
    source=_PERIMETRE,
    ok=[
        {"etablissements": [_ESMS_PA], "has": [{"finess_et": _UNKNOWN}, {"finess_et": _UNKNOWN}]},
        {"has": [{"finess_et": _UNKNOWN}], "mesures": [{"finess_et": _UNKNOWN}]},
        {
            "etablissements": [_ESMS_PA],
            "has": [{"finess_et": _TILLE}],
            "si": [{"entite": _TILLE}],
        },
        {
            "etablissements": [_ESMS_PA],
            "identification": [{"finess_ej": _UNKNOWN}],
            "has": [{"finess_et": _UNKNOWN}],
            "si": [{"entite": _UNKNOWN}, {}],
        },
        {
            "etablissements": [_ESMS_PA],
            "has": [{"finess_et": "250000000"}],
            "si": [{"entite": "250000000"}],
        },
        {"si": [{"entite": _UNKNOWN}], "has": [{"finess_et": _UNKNOWN}]},
    ],
    ko=[
        {
            "etablissements": [_ESMS_PA],
            "has": [{"finess_et": _UNKNOWN}],
            "mesures": [{"finess_et": _UNKNOWN}],
        },
        {
            "etablissements": [_ESMS_PA],
            "has": [{"finess_et": _UNKNOWN}],
            "si": [{"entite": _UNKNOWN}],
        },
        {
            "etablissements": [_ESMS_PA, _ESMS_PH],
            "has": [{"finess_et": _UNKNOWN}, {"finess_et": _IME}],
            "si": [{"entite": _UNKNOWN}],
        },
        {
            "etablissements": [_ESMS_PA, _ESMS_PH],
            "has": [{"finess_et": _UNKNOWN}, {"finess_et": _OTHER}],
            "si": [{"entite": _UNKNOWN}, {"entite": _OTHER}, {"entite": _TILLE}],
        },
    ],
)
def esms_du_contrat_saisis(context: RuleContext) -> Iterator[Fault]:
    """Un ESMS que plusieurs feuilles citent a sa ligne dans « Établissements ».

    Une faute de frappe ne se répète pas d'une feuille à l'autre : c'est la ligne de l'ESMS qui
    manque, et elle est montrée une fois, à la première ligne libre. Si une seule ligne porte un
    numéro que rien ne cite, c'est peut-être la sienne. Ce qui le cite attend.
    """
    table = context.classeur["etablissements"]
    missing = missing_esms(context)
    lonely = never_cited(context) if len(missing) == 1 else ()
    for number, by_sheet in missing.items():
        citing = [row for rows in by_sheet.values() for row in rows]
        words = {
            "finess": number,
            "feuilles": listing(guillemets(context.classeur[key].name) for key in by_sheet),
            "suggestion": "",
        }
        if len(lonely) == 1:
            meant = lonely[0]
            words["suggestion"] = f" (peut-être la ligne {meant.number}, que rien ne cite)"
            yield Fault((meant,), ("finess_et",), words, about=tuple(citing))
        else:
            yield missing_line(table, *citing, columns=("finess_et",), **words)


@workbook_rule(
    "MOD-007",
    BLOQUANT,
    on=ETABLISSEMENTS,
    columns=("finess_et",),
    requires=("MOD-039",),
    title="Ligne rattachée à un ESMS absent du classeur",
    message="le numéro {finess} ({lignes}) n'est celui d'aucun ESMS de la feuille "
    "« Établissements »",
    fix="Corrigez « {colonne} », ou ajoutez l'ESMS dans la feuille « Établissements ».",
    expected="un numéro de la feuille « Établissements »",
    source=_PERIMETRE,
    ok=[
        {"etablissements": [_ESMS_PA], "mesures": [{"numero": "P1", "finess_et": _TILLE}]},
        {"etablissements": [_ESMS_PA], "actions": [{"numero": "A1"}]},
        {
            "etablissements": [_ESMS_PA, _ESMS_PH],
            "actions": [{"numero": "A1", "finess_et": (_TILLE, _IME)}],
        },
        {
            "etablissements": [_ESMS_PA, {"raison_sociale": "IME Les Tilleuls"}],
            "mesures": [{"numero": "P1", "finess_et": _UNKNOWN}],
        },
        {"mesures": [{"numero": "P1", "finess_et": _UNKNOWN}]},
    ],
    ko=[
        {"etablissements": [_ESMS_PA], "mesures": [{"numero": "P1", "finess_et": _UNKNOWN}]},
        {"etablissements": [_ESMS_PA], "has": [{"finess_et": _UNKNOWN}, {"finess_et": _UNKNOWN}]},
        {"etablissements": [_ESMS_PA], "actions": [{"finess_et": (_TILLE, _UNKNOWN)}]},
        {"etablissements": [_ESMS_PA], "fragilites": [{"finess_et": (_UNKNOWN,)}]},
        {"etablissements": [_ESMS_PA], "difficulte": [{"finess_et": _UNKNOWN}]},
        {"etablissements": [_ESMS_PA], "activite": [{"finess_et": _UNKNOWN}]},
    ],
)
def esms_dans_le_contrat(context: RuleContext) -> Iterator[Fault]:
    """Une ligne porte sur un ESMS du contrat.

    Un numéro absent de la feuille « Établissements » n'a pas de secteur : la ligne ne serait
    comptée dans aucun taux. Toutes les feuilles qui portent un FINESS ET sont contrôlées, sauf
    « Systèmes d'information », qui a sa propre règle.
    """
    for key in SHEETS_OF_ESMS:
        for number, rows in unknown_numbers(context, key).items():
            yield fault(
                *rows,
                columns=("finess_et",),
                finess=number,
                lignes=the_rows(rows),
                colonne=rows[0].table.sheet["finess_et"].header,
            )


@workbook_rule(
    "MOD-027",
    AVERTISSEMENT,
    on=ACTIONS,
    sheets=(ETABLISSEMENTS, FRAGILITES),
    columns=("secteur",),
    title="Secteur sans ESMS dans le classeur",
    message="le secteur {secteur} ({lignes}) n'est celui d'aucun ESMS du classeur",
    fix="Corrigez « Secteur » sur ces lignes, ou complétez la feuille « Établissements ».",
    expected="un secteur de la feuille « Établissements »",
    source=Guide("types d'actions des modules", "actions par secteur d'activité"),
    ok=[
        {"etablissements": [_ESMS_PA], "actions": [{"numero": "A1", "secteur": "PA"}]},
        {"etablissements": [_ESMS_PA], "actions": [{"numero": "A1"}]},
        {
            "etablissements": [_ESMS_PA, {"finess_et": _IME}],
            "actions": [{"numero": "A1", "secteur": "PH"}],
        },
        {
            "identification": [{"secteurs": "PA et PH"}],
            "etablissements": [_ESMS_PA],
            "actions": [{"numero": "A1", "secteur": "PH"}],
        },
        {"actions": [{"numero": "A1", "secteur": "PH"}]},
    ],
    ko=[
        {"etablissements": [_ESMS_PA], "actions": [{"numero": "A1", "secteur": "PH"}]},
        {
            "identification": [{"secteurs": "PA"}],
            "etablissements": [_ESMS_PA],
            "fragilites": [{"numero": "F1", "secteur": "PH"}],
        },
    ],
)
def secteur_d_un_esms(context: RuleContext) -> Iterator[Fault]:
    """Une action ou un point de fragilité relève d'un secteur où l'organisme a un ESMS.

    La ligne compterait sinon dans le taux d'un secteur qui n'existe pas. Un secteur annoncé dans
    la fiche mais sans ESMS est signalé à part.
    """
    presents = secteurs_du_contrat(context)
    if presents is None:
        return
    attendus = presents | secteurs_de_la_fiche(context)
    for key in ("actions", "fragilites"):
        strangers: dict[str, list[Row]] = {}
        for row in context.classeur[key]:
            if row.secteur and row.secteur not in attendus:
                strangers.setdefault(row.secteur, []).append(row)
        for rows in strangers.values():
            yield fault(*rows, lignes=the_rows(rows))


@workbook_rule(
    "MOD-028",
    AVERTISSEMENT,
    on=ACTIONS,
    sheets=(ETABLISSEMENTS, FRAGILITES),
    columns=("finess_et", "secteur"),
    title="ESMS cités étrangers au secteur de la ligne",
    message="{repere} est du secteur {secteur}, mais ne nomme aucun ESMS de ce secteur",
    fix="Corrigez « Secteur » ou « FINESS ET concernés ».",
    expected="au moins un ESMS du secteur {secteur}",
    source=Guide("types d'actions des modules", "actions par secteur d'activité"),
    ok=[
        {
            "etablissements": [_ESMS_PA, _ESMS_PH],
            "actions": [{"numero": "A1", "secteur": "PA", "finess_et": (_TILLE, _IME)}],
        },
        {"etablissements": [_ESMS_PA, _ESMS_PH], "actions": [{"numero": "A1", "secteur": "PH"}]},
        {
            "etablissements": [_ESMS_PA],
            "actions": [{"numero": "A1", "secteur": "PH", "finess_et": (_TILLE,)}],
        },
        {
            "etablissements": [_ESMS_PA, _ESMS_PH],
            "actions": [{"numero": "A1", "secteur": "PH", "finess_et": (_TILLE, _UNKNOWN)}],
        },
        {
            "etablissements": [_ESMS_PA, _ESMS_PH],
            "actions": [{"numero": "A1", "finess_et": (_TILLE,)}],
        },
    ],
    ko=[
        {
            "etablissements": [_ESMS_PA, _ESMS_PH],
            "actions": [{"numero": "A1", "secteur": "PH", "finess_et": (_TILLE,)}],
        },
        {
            "etablissements": [_ESMS_PA, _ESMS_PH],
            "fragilites": [{"numero": "F1", "secteur": "PA", "finess_et": (_IME,)}],
        },
        {
            "etablissements": [_ESMS_PA, _ESMS_PH],
            "actions": [{"secteur": "PH", "finess_et": (_TILLE,)}],
        },
    ],
)
def esms_du_secteur(context: RuleContext) -> Iterator[Fault]:
    """Une action ou un point de fragilité concerne au moins un ESMS de son secteur.

    La ligne est comptée dans le taux de son secteur, pas dans celui des ESMS nommés.
    """
    presents = secteurs_du_contrat(context)
    if presents is None:
        return
    for key in ("actions", "fragilites"):
        for row in context.classeur[key]:
            if row.secteur not in presents or not row.finess_et:
                continue
            secteurs = [_secteur(number, context) for number in row.finess_et]
            if None not in secteurs and row.secteur not in secteurs:
                landmark = record(row) if row.numero else f"la ligne {row.number}"
                yield fault(row, repere=visible(landmark, 40))


def _secteur(number: str, context: RuleContext) -> str | None:
    esms = context.classeur.etablissements.get(number)
    return None if esms is None else secteur_certain(esms, context)


_SEPARATORS = re.compile(r"[;,/+\n]| et ")


@workbook_rule(
    "MOD-030",
    AVERTISSEMENT,
    on=FRAGILITES,
    sheets=(ACTIONS,),
    columns=("numero_action",),
    title="Action liée à un point de fragilité absente du plan",
    message="{nom_point} est lié à une action absente du plan : {inconnues}",
    fix="Corrigez « N° de l'action liée », ou ajoutez l'action dans la feuille « Plan d'actions ».",
    expected="le numéro d'une action du plan",
    source=Usage("Lien entre un point de fragilité et l'action qui y répond"),
    ok=[
        {"actions": [{"numero": "A1"}], "fragilites": [{"numero": "F1", "numero_action": "a1"}]},
        {
            "actions": [{"numero": "A1"}, {"numero": "A2"}],
            "fragilites": [{"numero": "F1", "numero_action": "A1 ; A2 ;"}],
        },
        {
            "actions": [{"numero": "A1 et A2"}],
            "fragilites": [{"numero": "F1", "numero_action": "A1 et A2"}],
        },
        {"actions": [{"numero": "A1"}], "fragilites": [{"numero": "F1"}]},
        {
            "actions": [{"numero": "A1"}, {"intitule": "Former les équipes"}],
            "fragilites": [{"numero": "F1", "numero_action": "A9"}],
        },
        {"fragilites": [{"numero": "F1", "numero_action": "A9"}]},
    ],
    ko=[
        {"actions": [{"numero": "A1"}], "fragilites": [{"numero": "F1", "numero_action": "A9"}]},
        {
            "actions": [{"numero": "A1"}],
            "fragilites": [{"numero": "F1", "numero_action": "A1 et A9"}],
        },
    ],
)
def action_liee_presente(context: RuleContext) -> Iterator[Fault]:
    """L'action liée à un point de fragilité est dans le plan d'actions.

    Un plan vide, ou une action dont le numéro manque, sont signalés à part.
    """
    actions = context.classeur["actions"].rows
    if not actions or not all(action.numero for action in actions):
        return
    known = {fold(action.numero) for action in actions}
    for point in context.classeur["fragilites"]:
        if not point.numero_action or fold(point.numero_action) in known:
            continue
        parts = [part.strip() for part in _SEPARATORS.split(point.numero_action)]
        unknown = [part for part in parts if part and fold(part) not in known]
        if unknown:
            this_unknown = some((f"« {visible(part, 20)} »" for part in unknown), 2)
            yield fault(point, inconnues=this_unknown)
