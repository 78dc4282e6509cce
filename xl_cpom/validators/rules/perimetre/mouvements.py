"""PER: the ESMS that came into the contract, left it, or changed their number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from xl_cpom.validators.declaration import rule, workbook_rule
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Fault, Scope, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Casf, Logical, Template
from xl_cpom.validators.year_pairs import NO_COMPARISON, precedent
from xl_cpom.workbook.records import NON_LU, Row
from xl_cpom.workbook.register import rows_numbered
from xl_cpom.workbook.sheets import ETABLISSEMENTS

_ET, _OTHER = "210781456", "710976507"
_JUIN, _JUILLET = dt.date(2027, 6, 30), dt.date(2027, 7, 1)
_PERIMETRE = Casf("L. 313-11 et L. 313-12")
_REGISTER = Template("Classeur standard : la feuille « Avenants » tient le registre du contrat")
_AVENANT_2: dict[str, Any] = {"avenants": [{"numero": "2", "objet": "périmètre"}]}


@rule(
    "PER-001",
    BLOQUANT,
    on=ETABLISSEMENTS,
    columns=("entre_le", "sorti_le"),
    title="ESMS sorti du contrat avant d'y entrer",
    message="l'établissement {finess_et} serait sorti du CPOM le {sorti_le}, avant d'y entrer le "
    "{entre_le}",
    fix="Corrigez « Entré dans le CPOM le » ou « Sorti du CPOM le ».",
    expected="une date à partir du {entre_le}",
    source=Logical("Chronologie : entrée, puis sortie"),
    ok=[
        {"finess_et": _ET, "entre_le": _JUIN, "sorti_le": _JUIN},
        {"finess_et": _ET, "entre_le": _JUILLET},
        {"finess_et": _ET, "sorti_le": _JUIN},
    ],
    ko=[{"finess_et": _ET, "entre_le": _JUILLET, "sorti_le": _JUIN}],
)
def entree_puis_sortie(esms: Row) -> bool | None:
    """Un ESMS sort du contrat au plus tôt le jour où il y est entré."""
    if esms.entre_le is None or esms.sorti_le is None:
        return None
    return bool(esms.entre_le <= esms.sorti_le)


@rule(
    "PER-002",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("motif_mouvement", "entre_le", "sorti_le", "ancien_finess_et"),
    title="Entrée ou sortie d'un ESMS incomplète",
    message="le mouvement de l'établissement {finess_et} est incomplet : il manque {oubli}",
    fix="Saisissez la date d'entrée ou de sortie, le « Motif d'entrée ou de sortie » et, pour un "
    "changement de numéro, l'« Ancien FINESS ET ».",
    expected="{oubli}",
    source=_REGISTER,
    ok=[
        {"finess_et": _ET},
        {"finess_et": _ET, "sorti_le": _JUIN, "motif_mouvement": "cession"},
        {"finess_et": _ET, "entre_le": _JUIN, "motif_mouvement": "ouverture"},
        {
            "finess_et": _ET,
            "motif_mouvement": "changement de numéro",
            "ancien_finess_et": _OTHER,
        },
    ],
    ko=[
        {"finess_et": _ET, "sorti_le": _JUIN},
        {"finess_et": _ET, "entre_le": _JUIN},
        {"finess_et": _ET, "motif_mouvement": "fermeture"},
        {"finess_et": _ET, "motif_mouvement": "fermeture", "ancien_finess_et": _OTHER},
        {"finess_et": _ET, "motif_mouvement": "changement de numéro", "entre_le": _JUIN},
    ],
)
def mouvement_complet(esms: Row) -> bool | Fault:
    """Une entrée ou une sortie a une date et un motif ; un changement de numéro, l'ancien numéro.

    Sans la date, rien ne dit ce qui était dû pendant que l'ESMS était dans le contrat.
    """
    dated = esms.entre_le is not None or esms.sorti_le is not None
    renumbered = esms.motif_mouvement == "changement de numéro"
    if dated and esms.motif_mouvement is None:
        return fault(columns=("motif_mouvement",), oubli="le motif")
    if renumbered and esms.ancien_finess_et is None:
        return fault(columns=("ancien_finess_et",), oubli="l'ancien FINESS ET")
    if esms.motif_mouvement is not None and not dated and not renumbered:
        return fault(columns=("entre_le", "sorti_le"), oubli="la date d'entrée ou de sortie")
    return True


@rule(
    "PER-003",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("avenant", "entre_le", "sorti_le"),
    title="Entrée ou sortie d'un ESMS sans avenant",
    message="l'établissement {finess_et} est entré dans le CPOM ou en est sorti sans avenant",
    fix="Inscrivez l'avenant dans la feuille « Avenants » et son numéro dans « Avenant d'entrée ou "
    "de sortie ». S'il est en cours de signature, dites-le dans « Commentaire ou justification ».",
    expected="le numéro de l'avenant",
    source=_PERIMETRE,
    ok=[
        {"finess_et": _ET},
        {"finess_et": _ET, "sorti_le": _JUIN, "avenant": "2"},
        {"finess_et": _ET, "entre_le": _JUIN, "avenant": "2"},
    ],
    ko=[{"finess_et": _ET, "sorti_le": _JUIN}, {"finess_et": _ET, "entre_le": _JUIN}],
)
def mouvement_par_avenant(esms: Row) -> bool | None:
    """Le périmètre du contrat ne change que par avenant."""
    if esms.entre_le is None and esms.sorti_le is None:
        return None
    return esms.avenant is not None


@rule(
    "PER-004",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("avenant",),
    title="Avenant d'un ESMS sans objet de périmètre",
    message="l'avenant {avenant}, cité pour {finess_et}, n'a pas l'objet « périmètre » dans la "
    "feuille « Avenants »",
    fix="Corrigez le numéro de l'avenant, ou ajoutez dans « Avenants » une ligne de ce numéro avec "
    "l'objet « périmètre ».",
    expected="un avenant dont l'objet est « périmètre »",
    source=_REGISTER,
    ok=[
        {"finess_et": _ET, "avenant": "2", "@": _AVENANT_2},
        {"finess_et": _ET, "avenant": "Avenant n° 2", "@": _AVENANT_2},
        {"finess_et": _ET, "avenant": "3", "@": _AVENANT_2},  # PER-011
        {"finess_et": _ET, "avenant": "2", "@": {"avenants": [{"numero": "2"}]}},
    ],
    ko=[
        {
            "finess_et": _ET,
            "avenant": "2",
            "@": {"avenants": [{"numero": "2", "objet": "cible"}]},
        }
    ],
)
def avenant_de_perimetre(esms: Row, context: RuleContext) -> bool:
    """L'avenant qui inscrit ou retire un ESMS porte sur le périmètre.

    Un avenant absent du registre est signalé à part.
    """
    found = [row.objet for row in rows_numbered(context.classeur, esms.avenant)]
    return not found or None in found or NON_LU in found or "périmètre" in found


@rule(
    "PER-005",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("ancien_finess_et", "finess_et"),
    title="Ancien FINESS ET encore présent dans le classeur",
    message="l'ancien numéro {ancien_finess_et} de l'établissement {finess_et} est encore celui "
    "d'un ESMS du classeur",
    fix="Videz « Ancien FINESS ET » si l'ESMS n'a pas changé de numéro ; sinon, ne gardez que la "
    "ligne du nouveau numéro.",
    expected="un numéro que plus aucun ESMS du classeur ne porte",
    source=Logical("Un numéro remplacé n'est plus porté"),
    ok=[
        {"finess_et": _ET, "ancien_finess_et": _OTHER},
        {"finess_et": _ET, "@": {"etablissements": []}},
    ],
    ko=[{"finess_et": _ET, "ancien_finess_et": _ET}],
)
def ancien_numero_remplace(esms: Row, context: RuleContext) -> bool:
    """L'ancien numéro d'un ESMS n'est plus celui d'un ESMS du classeur, lui compris."""
    return esms.ancien_finess_et not in context.classeur.etablissements


@workbook_rule(
    "PER-006",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("ancien_finess_et", "finess_et"),
    scope=Scope.PRECEDENT,
    requires=(*NO_COMPARISON, "PER-005"),
    title="Ancien FINESS ET inconnu du retour précédent",
    message="l'ancien numéro {ancien_finess_et} de l'établissement {finess_et} n'est celui d'aucun "
    "ESMS du retour précédent",
    fix="Corrigez « Ancien FINESS ET » : c'est le numéro que l'ESMS portait dans le retour "
    "précédent.",
    expected="un numéro du retour précédent",
    source=Template("Rapprochement avec le retour de l'année précédente"),
    ok=[
        {
            "@precedent": {"etablissements": [{"finess_et": _OTHER}]},
            "etablissements": [{"finess_et": _ET, "ancien_finess_et": _OTHER}],
        },
        {
            "@precedent": {"etablissements": [{"finess_et": _ET, "ancien_finess_et": _OTHER}]},
            "etablissements": [{"finess_et": _ET, "ancien_finess_et": _OTHER}],
        },
        {
            "@precedent": {"etablissements": [{"finess_et": _ET}, {"raison_sociale": "EHPAD"}]},
            "etablissements": [{"finess_et": "250000015", "ancien_finess_et": _OTHER}],
        },
        {
            "@precedent": {"etablissements": [{"finess_et": "390000131"}]},
            "etablissements": [{"finess_et": _ET}],
        },
    ],
    ko=[
        {
            "@precedent": {"etablissements": [{"finess_et": "390000131"}]},
            "etablissements": [{"finess_et": _ET, "ancien_finess_et": _OTHER}],
        },
        {
            "@precedent": {"etablissements": [{"finess_et": _ET}]},
            "etablissements": [{"finess_et": _ET, "ancien_finess_et": _OTHER}],
        },
    ],
)
def ancien_numero_connu(context: RuleContext) -> Iterator[Fault]:
    """L'ancien numéro d'un ESMS est celui qu'il portait dans le retour précédent.

    Un ancien numéro que le retour précédent donnait déjà n'est pas signalé : l'ESMS a changé de
    numéro plus tôt.
    """
    before = precedent(context)["etablissements"].rows
    unread = any(row.unread(("ancien_finess_et",)) for row in before)
    if unread or not all(row.finess_et for row in before):
        return  # a row without number may be the one
    numbers = {number for row in before for number in (row.finess_et, row.ancien_finess_et)}
    for row in context.classeur["etablissements"]:
        if row.ancien_finess_et and row.ancien_finess_et not in numbers:
            yield fault(row)
