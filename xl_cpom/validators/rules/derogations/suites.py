"""DER: what became of the dérogations given with a control."""

from __future__ import annotations

from xl_cpom.validators.declaration import reading_rule
from xl_cpom.validators.model import INFORMATION, Scope
from xl_cpom.validators.rule_sources import Usage

_DEROGATIONS = Usage("Dérogations accordées par l'ARS, anomalie par anomalie et jusqu'à un terme")

reading_rule(
    "DER-001",
    INFORMATION,
    Scope.FICHIER,
    raised_by=("xl_cpom.validators.derogations",),
    title="Dérogation expirée",
    message="la dérogation à {regle} accordée par {par} a expiré le {terme} : l'anomalie compte de "
    "nouveau",
    fix="Corrigez l'anomalie, ou demandez à l'ARS de prolonger la dérogation.",
    expected="une dérogation en cours le {jour}",
    source=_DEROGATIONS,
    doc="""Une dérogation a un terme, jugé à la date du contrôle (la date d'arrêté des données, ou
    celle que l'on donne). Passé ce terme, elle ne lève plus rien et le rapport le dit.""",
)

reading_rule(
    "DER-002",
    INFORMATION,
    Scope.FICHIER,
    raised_by=("xl_cpom.validators.derogations",),
    title="Dérogation qui ne lève rien",
    message="la dérogation à {regle} ({ou}) ne correspond à aucune anomalie de ce classeur",
    fix="Rien à faire si l'anomalie a été corrigée : retirez la dérogation du fichier. Sinon, "
    "vérifiez son code, son numéro FINESS et sa cellule.",
    source=_DEROGATIONS,
    doc="""Une dérogation accordée à cet organisme ou à l'un de ses établissements n'a rien levé :
    l'anomalie n'existe plus, ou la dérogation désigne une autre cellule. Les dérogations des autres
    organismes ne sont pas signalées.""",
)

reading_rule(
    "DER-003",
    INFORMATION,
    Scope.FICHIER,
    raised_by=("xl_cpom.validators.derogations",),
    title="Dérogation dont le terme ne peut être jugé",
    message="la dérogation à {regle} n'est pas appliquée : la date d'arrêté des données manque",
    fix="Saisissez la « Date d'arrêté des données » dans la feuille « Identification ».",
    expected="une date d'arrêté des données",
    source=_DEROGATIONS,
    doc="""Le terme d'une dérogation se compare à la date d'arrêté des données. Quand cette date
    n'est pas connue, rien ne dit que la dérogation est encore en cours : elle ne lève rien.""",
)
