"""IDE: the dates of the contract and the year it follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from xl_cpom.validators.declaration import rule, table_rule
from xl_cpom.validators.facts.delays import plus_ans
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Fault, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Casf, Guide, Logical, RuleSource
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import IDENTIFICATION

_L313_11 = Casf("L. 313-11")
_EFFET, _FIVE_YEARS, _SIX_ANS = dt.date(2026, 1, 1), dt.date(2030, 12, 31), dt.date(2031, 12, 31)
_VEILLE = dt.date(2025, 12, 31)
_DAY = dt.timedelta(days=1)
EN_COURS = "CPOM en cours de validité"


def _last_day(effet: dt.date, annees: int) -> dt.date:
    """Last day of a contract of so many years."""
    return plus_ans(effet, annees) - _DAY


def _regular_duration(fiche: Row, context: RuleContext) -> bool:
    """Five years to the day, or six: the dates are then beyond doubt."""
    if not fiche.date_effet:
        return False
    ref = context.referentiel
    return fiche.date_echeance in (
        _last_day(fiche.date_effet, ref.duree),
        _last_day(fiche.date_effet, ref.duree_maximale),
    )


@rule(
    "IDE-012",
    BLOQUANT,
    on=IDENTIFICATION,
    columns=("date_echeance", "date_effet"),
    title="Échéance du CPOM avant sa date d'effet",
    message="le CPOM prendrait fin le {date_echeance}, alors qu'il prend effet le {date_effet}",
    fix="Corrigez « Date d'effet » ou « Date d'échéance » d'après le contrat signé.",
    expected="une date postérieure au {date_effet}",
    source=_L313_11,
    ok=[
        {"date_effet": _EFFET, "date_echeance": _FIVE_YEARS},
        {"date_effet": _EFFET, "date_echeance": dt.date(2026, 1, 2)},
        {"date_effet": _EFFET},
        {"date_echeance": _FIVE_YEARS},
    ],
    ko=[
        {"date_effet": _EFFET, "date_echeance": _EFFET},
        {"date_effet": _FIVE_YEARS, "date_echeance": _EFFET},
    ],
)
def echeance_apres_effet(fiche: Row) -> bool | None:
    """Un CPOM prend fin après sa date d'effet.

    Des dates inversées rendent le suivi impossible : aucune année du contrat ne peut être située.
    """
    if fiche.date_effet is None or fiche.date_echeance is None:
        return None
    return bool(fiche.date_echeance > fiche.date_effet)


@rule(
    "IDE-013",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("echeance_precedente", "type_contrat"),
    title="Renouvellement sans échéance du CPOM précédent",
    message="le contrat est un renouvellement, mais l'échéance du CPOM précédent n'est pas "
    "indiquée",
    fix="Saisissez la date dans « Échéance du CPOM précédent », ou corrigez « Type de contrat ».",
    expected="une date",
    source=Guide("généralités", "élaboration du CPOM"),
    ok=[
        {"type_contrat": "renouvellement", "echeance_precedente": _VEILLE},
        {"type_contrat": "primo-CPOM"},
        {"type_contrat": "CPOM en cours de validité"},
        {},
    ],
    ko=[{"type_contrat": "renouvellement"}],
)
def renouvellement_date(fiche: Row) -> bool:
    """Un renouvellement fait suite à un CPOM dont l'échéance est connue.

    Cette date permet de vérifier que les deux contrats se suivent.
    """
    return fiche.type_contrat != "renouvellement" or fiche.echeance_precedente is not None


@table_rule(
    "IDE-016",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("date_echeance", "date_effet"),
    title="Durée du CPOM inattendue",
    message="le CPOM prend fin le {date_echeance} ; pour un contrat de {duree} ans à compter du "
    "{date_effet}, ce serait le {attendu}",
    fix="Corrigez « Date d'échéance », ou expliquez la durée dans « Commentaire ou "
    "justification ».",
    expected="{attendu}",
    source=_L313_11,
    ok=[
        [{"date_effet": _EFFET, "date_echeance": _FIVE_YEARS}],
        [{"date_effet": _EFFET, "date_echeance": _SIX_ANS}],
        [{"date_effet": _EFFET, "date_echeance": _SIX_ANS + _DAY}],
        [{"date_effet": _EFFET, "date_echeance": _EFFET}],
        [{"date_effet": dt.date(2027, 3, 1), "date_echeance": dt.date(2032, 2, 29)}],
        [{"date_effet": _EFFET}],
        [{"date_echeance": _FIVE_YEARS}],
    ],
    ko=[
        [{"date_effet": _EFFET, "date_echeance": _FIVE_YEARS - _DAY}],
        [{"date_effet": _EFFET, "date_echeance": _FIVE_YEARS + _DAY}],
        [{"date_effet": _EFFET, "date_echeance": _SIX_ANS - _DAY}],
        [{"date_effet": _EFFET, "date_echeance": _EFFET + _DAY}],
    ],
)
def duree_du_contrat(fiches: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Un CPOM dure cinq ans, ou six s'il est prorogé.

    Il prend donc fin la veille du cinquième anniversaire de sa date d'effet ; un avenant peut le
    proroger d'un an.
    """
    duration, maximum = context.referentiel.duree, context.referentiel.duree_maximale
    for fiche in fiches:
        if fiche.date_effet is None or fiche.date_echeance is None:
            continue
        attendu = _last_day(fiche.date_effet, duration)
        proroge = _last_day(fiche.date_effet, maximum)
        if fiche.date_effet < fiche.date_echeance < proroge and fiche.date_echeance != attendu:
            yield fault(fiche, duree=str(duration), attendu=attendu)


@table_rule(
    "IDE-017",
    BLOQUANT,
    on=IDENTIFICATION,
    columns=("date_echeance", "date_effet"),
    title="CPOM de plus de six ans",
    message="le CPOM durerait du {date_effet} au {date_echeance}, soit plus de {maximum} ans",
    fix="Corrigez « Date d'effet » ou « Date d'échéance » : cinq ans, ou six en cas de "
    "prorogation par avenant.",
    expected="au plus tard le {attendu}",
    source=_L313_11,
    ok=[
        [{"date_effet": _EFFET, "date_echeance": _SIX_ANS}],
        [{"date_effet": _EFFET}],
        [{"date_echeance": _SIX_ANS}],
        [
            {
                "date_effet": _EFFET,
                "date_echeance": _SIX_ANS + _DAY,
                "type_contrat": "CPOM en cours de validité",
            }
        ],
    ],
    ko=[
        [{"date_effet": _EFFET, "date_echeance": _SIX_ANS + _DAY}],
        [
            {
                "date_effet": _EFFET,
                "date_echeance": _SIX_ANS + _DAY,
                "type_contrat": "primo-CPOM",
            }
        ],
    ],
)
def duree_maximale(fiches: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Un CPOM ne dépasse pas six ans, prorogation comprise.

    Le code de l'action sociale et des familles limite le contrat à cinq ans, prorogeables dans la
    limite d'une sixième année. Un CPOM en cours de validité peut être plus ancien : l'instruction
    n° DGCS/SD5B/2025/9 du 7 février 2025 laisse l'ARS proroger par avenant ceux qui arrivent à
    échéance. Il n'est pas jugé sur ce point.
    """
    maximum = context.referentiel.duree_maximale
    for fiche in fiches:
        if fiche.date_effet is None or fiche.date_echeance is None:
            continue
        if fiche.type_contrat == EN_COURS:
            continue
        attendu = _last_day(fiche.date_effet, maximum)
        if fiche.date_echeance > attendu:
            yield fault(fiche, maximum=str(maximum), attendu=attendu)


@rule(
    "IDE-018",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("date_signature", "date_effet"),
    title="CPOM signé après sa date d'effet",
    message="le CPOM est signé le {date_signature}, après sa date d'effet du {date_effet}",
    fix="Vérifiez « Date de signature » et « Date d'effet » ; si l'effet est bien antérieur à la "
    "signature, dites-le dans « Commentaire ou justification ».",
    expected="au plus tard le {date_effet}",
    source=Logical("Chronologie du contrat : signature, puis effet"),
    ok=[
        {"date_signature": _EFFET, "date_effet": _EFFET},
        {"date_signature": _VEILLE, "date_effet": _EFFET},
        {"date_signature": _VEILLE},
        {"date_effet": _EFFET},
    ],
    ko=[{"date_signature": _EFFET + _DAY, "date_effet": _EFFET}],
)
def signature_avant_effet(fiche: Row) -> bool | None:
    """Un CPOM est signé au plus tard le jour de son effet.

    Une signature tardive arrive ; elle se justifie. Plus souvent, l'une des deux dates est fausse.
    """
    if fiche.date_signature is None or fiche.date_effet is None:
        return None
    return bool(fiche.date_signature <= fiche.date_effet)


@rule(
    "IDE-019",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("echeance_precedente", "date_effet"),
    title="CPOM précédent encore en cours à la date d'effet",
    message="le CPOM précédent prend fin le {echeance_precedente}, alors que celui-ci prend effet "
    "le {date_effet}",
    fix="Corrigez « Échéance du CPOM précédent » ou « Date d'effet » : les deux contrats ne "
    "peuvent se recouvrir.",
    expected="une date antérieure au {date_effet}",
    source=Logical("Chronologie de deux contrats qui se suivent"),
    ok=[
        {"echeance_precedente": _VEILLE, "date_effet": _EFFET},
        {"echeance_precedente": _VEILLE},
        {"date_effet": _EFFET},
    ],
    ko=[{"echeance_precedente": _EFFET, "date_effet": _EFFET}],
)
def contrats_successifs(fiche: Row) -> bool | None:
    """Le CPOM précédent prend fin avant l'effet du nouveau."""
    if fiche.echeance_precedente is None or fiche.date_effet is None:
        return None
    return bool(fiche.echeance_precedente < fiche.date_effet)


@rule(
    "IDE-020",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("type_contrat", "echeance_precedente"),
    title="CPOM précédent indiqué pour un premier CPOM",
    message="le contrat est un premier CPOM, mais un CPOM précédent est indiqué (échéance le "
    "{echeance_precedente})",
    fix="Choisissez « renouvellement » dans « Type de contrat », ou videz « Échéance du CPOM "
    "précédent ».",
    source=Guide("généralités", "élaboration du CPOM"),
    ok=[
        {"type_contrat": "primo-CPOM"},
        {"type_contrat": "renouvellement", "echeance_precedente": _VEILLE},
        {"echeance_precedente": _VEILLE},
    ],
    ko=[{"type_contrat": "primo-CPOM", "echeance_precedente": _VEILLE}],
)
def premier_contrat(fiche: Row) -> bool:
    """Un primo-CPOM n'a pas de CPOM précédent."""
    return fiche.type_contrat != "primo-CPOM" or fiche.echeance_precedente is None


@rule(
    "IDE-022",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("annee_n1", "date_effet", "type_contrat"),
    title="Année N1 différente de celle de la date d'effet",
    message="l'année N1 est {annee_n1}, mais le CPOM prend effet le {date_effet}",
    fix="Corrigez « Année N1 » ou « Date d'effet » : N1 est l'année civile de la date d'effet.",
    expected="l'année de la date d'effet",
    source=Guide("généralités", "années N1 à N5"),
    ok=[
        {"annee_n1": 2026, "date_effet": _EFFET, "type_contrat": "primo-CPOM"},
        {"annee_n1": 2026, "date_effet": dt.date(2026, 12, 31), "type_contrat": "primo-CPOM"},
        {
            "annee_n1": 2026,
            "date_effet": dt.date(2023, 1, 1),
            "type_contrat": "CPOM en cours de validité",
        },
        {"annee_n1": 2026, "date_effet": dt.date(2023, 1, 1)},
        {"annee_n1": 2026, "type_contrat": "primo-CPOM"},
        {"annee_n1": None, "date_effet": _EFFET, "type_contrat": "primo-CPOM"},
    ],
    ko=[
        {"annee_n1": 2026, "date_effet": _VEILLE, "type_contrat": "renouvellement"},
        {"annee_n1": 2026, "date_effet": dt.date(2027, 1, 1), "type_contrat": "primo-CPOM"},
    ],
)
def annee_n1_du_contrat(fiche: Row) -> bool | Fault | None:
    """L'année N1 est celle de la date d'effet.

    Toutes les échéances et toutes les cibles se comptent depuis N1. Un CPOM en cours de validité
    est antérieur au cycle : il n'est pas contrôlé.
    """
    en_cours = fiche.type_contrat in (None, "CPOM en cours de validité")
    if en_cours or fiche.date_effet is None or fiche.annee_n1 is None:
        return None
    if fiche.annee_n1 == fiche.date_effet.year:
        return True
    return fault(fiche, columns=("annee_n1", "date_effet"))


@table_rule(
    "IDE-023",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("annee_suivie", "annee_n1", "date_echeance", "date_effet"),
    title="Année suivie hors du contrat",
    message="l'année suivie est {annee_suivie} ({annee}), mais le CPOM prend fin le "
    "{date_echeance}",
    fix="Corrigez « Année suivie » ; si le CPOM est prorogé, saisissez sa nouvelle « Date "
    "d'échéance ».",
    source=RuleSource("CASF, art. L. 313-11 ; {guide}, années N1 à N5", "trouvé"),
    ok=[
        [{"annee_suivie": "N5", "date_effet": _EFFET, "date_echeance": _FIVE_YEARS}],
        [{"annee_suivie": "N6", "date_effet": _EFFET, "date_echeance": _SIX_ANS}],
        [{"annee_suivie": "N6", "date_effet": _EFFET, "date_echeance": dt.date(2026, 6, 30)}],
        [{"annee_suivie": "N6", "date_effet": _EFFET}],
        [{"annee_suivie": "N6", "date_echeance": _FIVE_YEARS}],
        [{"annee_suivie": None, "date_effet": _EFFET, "date_echeance": _FIVE_YEARS}],
    ],
    ko=[[{"annee_suivie": "N6", "date_effet": _EFFET, "date_echeance": _FIVE_YEARS}]],
)
def annee_suivie_du_contrat(fiches: list[Row], context: RuleContext) -> Iterator[Fault]:
    """L'année suivie est une année du contrat.

    N6 n'existe que si un avenant a prorogé le CPOM d'un an. Des dates dont la durée est elle-même
    douteuse sont signalées à part.
    """
    annee = context.classeur.annee_suivie
    for fiche in fiches:
        if annee is None or not _regular_duration(fiche, context):
            continue
        if annee > fiche.date_echeance.year:
            yield fault(fiche, columns=("annee_suivie", "date_echeance"), annee=str(annee))


@table_rule(
    "IDE-024",
    BLOQUANT,
    on=IDENTIFICATION,
    columns=("date_arrete", "annee_suivie", "annee_n1"),
    title="Date d'arrêté des données sans rapport avec l'année suivie",
    message="les données sont arrêtées au {date_arrete}, alors que l'année suivie est "
    "{annee_suivie} ({annee})",
    fix="Corrigez « Année suivie » ou « Date d'arrêté des données » : les données de l'année "
    "s'arrêtent pendant cette année ou au cours de la suivante.",
    expected="une date du 01/01/{annee} au 30/12/{suivante}",
    source=Guide("généralités", "dialogue de gestion annuel"),
    ok=[
        [{"date_arrete": dt.date(2027, 1, 1)}],
        [{"date_arrete": dt.date(2028, 12, 30)}],
        [{"date_arrete": dt.date(2029, 1, 1), "annee_suivie": None}],
        [{"date_arrete": None}],
    ],
    ko=[
        [{"date_arrete": dt.date(2026, 12, 31)}],
        [{"date_arrete": dt.date(2028, 12, 31)}],
    ],
)
def date_d_arrete(fiches: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Les données d'une année s'arrêtent pendant cette année ou au cours de la suivante.

    Une date trop ancienne, ou qui va jusqu'à la fin de l'année d'après, vient presque toujours
    d'une cellule laissée à sa valeur de l'an passé. Tout ce qui dépend de l'année n'est alors pas
    contrôlé.
    """
    annee = context.classeur.annee_suivie
    for fiche in fiches:
        if annee is None or fiche.date_arrete is None:
            continue
        if not dt.date(annee, 1, 1) <= fiche.date_arrete < dt.date(annee + 1, 12, 31):
            yield fault(
                fiche,
                columns=("date_arrete", "annee_suivie"),
                annee=str(annee),
                suivante=str(annee + 1),
            )
