"""EVO: measures of the authorities, which nobody but them withdraws, dates or lifts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from xl_cpom.typography import fold
from xl_cpom.validators.declaration import workbook_rule
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Fault, Scope, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Casf, Guide
from xl_cpom.validators.rules.evolution.disparitions import deux_ans
from xl_cpom.validators.year_pairs import (
    NO_COMPARISON,
    at_the_header,
    augmente,
    change,
    disparues,
    pair_rule,
    without_precedent,
)
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import MESURES

_LEVEE = Guide("Inspection – Contrôle", "taux de levée des mesures")
_P1 = {
    "numero_mission": "2026-BFC-0142",
    "finess_et": "210781456",
    "numero": "P1",
    "libelle": "Formaliser le plan de formation",
    "type": "prescription",
}
_JUIN, _JUILLET = dt.date(2026, 6, 15), dt.date(2026, 7, 15)
_DEVANT = ("Notifiée", "En cours")


def _mesure(avant: dict[str, Any], apres: dict[str, Any]) -> Any:
    return deux_ans("mesures", [{**_P1, **avant}], [{**_P1, **apres}])


@workbook_rule(
    "EVO-013",
    BLOQUANT,
    on=MESURES,
    columns=("numero", "finess_et", "numero_mission"),
    scope=Scope.PRECEDENT,
    requires=NO_COMPARISON,
    title="Mesure notifiée disparue",
    message="{nom_mesure} ({finess_et}) n'est plus dans la feuille",
    fix="Rétablissez la ligne de la mesure. Si l'autorité l'a retirée, choisissez le statut "
    "« Annulée ».",
    expected="{nom_mesure}",
    source=Casf("L. 313-14"),
    ok=[
        _mesure({}, {"statut": "Levée"}),
        deux_ans("mesures", [_P1], [{**_P1, "numero_mission": "2026-BFC-142"}]),
        deux_ans("mesures", [_P1], [{**_P1, "numero": None}]),
        deux_ans("mesures", [_P1], [{**_P1, "finess_et": "390000131"}]),
        {
            **deux_ans("mesures", [_P1], [{**_P1, "finess_et": "390000131", "libelle": "Autre"}]),
            "etablissements": [{"finess_et": "390000131", "ancien_finess_et": "210781456"}],
        },
        {
            **deux_ans("mesures", [_P1], []),
            "etablissements": [{"finess_et": "210781456", "sorti_le": _JUIN}],
        },
    ],
    ko=[
        deux_ans("mesures", [_P1], []),
        deux_ans("mesures", [_P1], [{**_P1, "numero": "P2", "libelle": "Établir le plan bleu"}]),
        deux_ans("mesures", [_P1], [{**_P1, "numero": "P2", "libelle": None}]),
        deux_ans("mesures", [_P1], [{**_P1, "numero": "P2", "finess_et": "390000131"}]),
        deux_ans("mesures", [_P1], [{**_P1, "numero_mission": "M2", "finess_et": "390000131"}]),
    ],
)
def mesures_conservees(context: RuleContext) -> Iterator[Fault]:
    """Une mesure notifiée reste dans la feuille, même levée ou annulée.

    Une mesure qui disparaît quitte le dénominateur du taux de levée. Une mesure dont seul le
    numéro a été corrigé n'est pas signalée, ni celle d'un ESMS qui a changé de numéro FINESS.
    """
    news = without_precedent(context, MESURES)
    for row in disparues(context, MESURES):
        if not any(_same_mesure(row, new) for new in news):
            yield fault(at_the_header(row, context.classeur["mesures"]))


def _same_mesure(row: Row, new: Row) -> bool:
    """Is a new measure the one that is gone? It may be when one of them is not read."""
    if any(one.unread(("libelle", "finess_et")) for one in (row, new)):
        return True
    texts = isinstance(row.libelle, str) and isinstance(new.libelle, str)
    same = texts and fold(row.libelle) == fold(new.libelle)
    mission = (row.numero_mission, row.numero) == (new.numero_mission, new.numero)
    return same and (row.finess_et == new.finess_et or mission)


@pair_rule(
    "EVO-022",
    AVERTISSEMENT,
    on=MESURES,
    columns=("statut",),
    title="Statut d'une mesure en recul",
    message="{nom_mesure} ({finess_et}) était « {avant} » dans le retour précédent, elle est "
    "« {apres} »",
    fix="Rétablissez « {avant} », ou expliquez dans « Commentaire ou justification », avec la "
    "référence du courrier.",
    source=_LEVEE,
    ok=[
        _mesure({"statut": "En cours"}, {"statut": "Levée"}),
        _mesure({"statut": "Levée"}, {"statut": "Annulée"}),
        _mesure({"statut": "Réalisée – en attente de levée"}, {"statut": "Non levée"}),
        _mesure({"statut": "En cours"}, {"statut": "En cours"}),
        _mesure({"statut": "Notifiée"}, {"statut": "En cours"}),
        _mesure({"statut": "Non levée"}, {"statut": "En cours"}),
        _mesure({"statut": "Annulée"}, {"statut": "En cours"}),
        _mesure({"statut": "Levée"}, {"statut": None}),
    ],
    ko=[
        _mesure({"statut": "Levée"}, {"statut": "En cours"}),
        _mesure({"statut": "Levée"}, {"statut": "Réalisée – en attente de levée"}),
        _mesure({"statut": "Réalisée – en attente de levée"}, {"statut": "En cours"}),
        _mesure({"statut": "En cours"}, {"statut": "Notifiée"}),
    ],
)
def levee_acquise(avant: Row, apres: Row, context: RuleContext) -> bool:
    """Une mesure levée le reste ; une mesure réalisée ou en cours ne redevient pas à faire.

    Seule l'autorité revient sur une levée. Une mesure que l'autorité annule, ou refuse de lever,
    n'est pas signalée.
    """
    if not avant.statut or not apres.statut:
        return True
    lifted = context.parameter("statuts_mesure_leves")
    cancelled = context.parameter("statuts_mesure_exclus")
    if avant.statut in lifted:
        return apres.statut in lifted or apres.statut in cancelled
    if apres.statut not in _DEVANT:
        return True
    if avant.statut in _DEVANT:
        return _DEVANT.index(apres.statut) >= _DEVANT.index(avant.statut)
    return bool(avant.statut in cancelled or fold(avant.statut) == "non levee")


@pair_rule(
    "EVO-026",
    AVERTISSEMENT,
    on=MESURES,
    columns=("date_levee",),
    requires=("EVO-022",),
    title="Date de levée d'une mesure modifiée",
    message="la date de levée de {nom_mesure} ({finess_et}) est passée du {avant} au {apres}",
    fix="Rétablissez la date du courrier de levée, ou dites dans « Commentaire ou justification » "
    "ce qui la corrige.",
    source=_LEVEE,
    ok=[
        _mesure({"date_levee": _JUIN}, {"date_levee": _JUIN}),
        _mesure({"date_levee": None}, {"date_levee": _JUIN}),
    ],
    ko=[_mesure({"date_levee": _JUIN}, {"date_levee": _JUILLET})],
)
def date_de_levee_stable(avant: Row, apres: Row) -> bool:
    """La date de levée est celle du courrier de l'autorité : elle ne change plus."""
    return not change(avant, apres, "date_levee")


@pair_rule(
    "EVO-027",
    AVERTISSEMENT,
    on=MESURES,
    columns=("date_notification",),
    title="Date de notification d'une mesure modifiée",
    message="la date de notification de {nom_mesure} ({finess_et}) est passée du {avant} au "
    "{apres}",
    fix="Rétablissez la date de la notification définitive : elle fait courir le délai.",
    source=_LEVEE,
    ok=[_mesure({"date_notification": _JUIN}, {"date_notification": _JUIN})],
    ko=[_mesure({"date_notification": _JUIN}, {"date_notification": _JUILLET})],
)
def date_de_notification_stable(avant: Row, apres: Row) -> bool:
    """La date de notification d'une mesure ne change pas.

    Elle dit à partir de quelle année la mesure compte, et quand son délai prend fin.
    """
    return not change(avant, apres, "date_notification")


@pair_rule(
    "EVO-028",
    AVERTISSEMENT,
    on=MESURES,
    columns=("type",),
    title="Type d'une mesure modifié",
    message="{nom_mesure} ({finess_et}) était une {avant} dans le retour précédent, c'est "
    "une {apres}",
    fix="Rétablissez le type donné par le courrier de notification.",
    source=_LEVEE,
    ok=[_mesure({"type": "prescription"}, {"type": "prescription"})],
    ko=[
        _mesure({"type": "prescription"}, {"type": "recommandation"}),
        _mesure({"type": "injonction"}, {"type": "prescription"}),
    ],
)
def type_de_mesure_stable(avant: Row, apres: Row) -> bool:
    """Le type d'une mesure est celui de la notification : il ne change pas.

    Une prescription devenue recommandation ne compterait plus dans le taux de levée.
    """
    return not change(avant, apres, "type")


@pair_rule(
    "EVO-018",
    AVERTISSEMENT,
    on=MESURES,
    columns=("echeance",),
    requires=("EVO-027",),
    title="Échéance d'une mesure repoussée",
    message="l'échéance de {nom_mesure} ({finess_et}) a été repoussée du {avant} au {apres}",
    fix="Rétablissez l'échéance fixée par l'autorité, ou citez le courrier qui la repousse dans "
    "« Commentaire ou justification ».",
    source=_LEVEE,
    ok=[
        _mesure({"echeance": _JUIN}, {"echeance": _JUIN}),
        _mesure({"echeance": _JUILLET}, {"echeance": _JUIN}),
    ],
    ko=[_mesure({"echeance": _JUIN}, {"echeance": _JUILLET})],
)
def echeance_de_mesure_stable(avant: Row, apres: Row) -> bool:
    """Le délai d'une mesure est fixé par l'autorité, qui seule le prolonge."""
    return not augmente(avant, apres, "echeance")
