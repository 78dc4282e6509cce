"""SUI: the results entered year after year, before they are compared with the rows (IND)."""

from __future__ import annotations

from collections.abc import Iterator

from xl_cpom.indicators import BY_MODULE
from xl_cpom.typography import listing
from xl_cpom.validators.declaration import table_rule
from xl_cpom.validators.facts.whole_workbook import (
    decompte_certain,
    filled,
    module_rows,
    row_secteur,
    secteurs_de_la_fiche,
    secteurs_du_contrat,
    some,
)
from xl_cpom.validators.model import AVERTISSEMENT, Fault, fault
from xl_cpom.validators.reported_indicators import declared
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Annexe, Guide, Usage
from xl_cpom.workbook.records import COMPULSORY, NON_LU, Row
from xl_cpom.workbook.register import REGISTER_SINCE
from xl_cpom.workbook.sheets import INDICATEURS
from xl_cpom.workbook.sheets.indicateurs import RANKS, SUIVIS

_ECARS = Annexe("SUIVI", "indicateurs de suivi annuel")
_TILLE, _IME = "210781456", "210099032"
_ESMS_PA = {"finess_et": _TILLE, "categorie": "500", "secteur": "PA"}
_ESMS_PH = {"finess_et": _IME, "categorie": "183", "secteur": "PH"}
_ACTION = {
    "numero": "A1",
    "module": "TRANSFO",
    "secteur": "PA",
    "statut": "En cours",
    "annee_entree": 2026,
}
_UNE = {"actions": [_ACTION]}
_INPUT_N_2 = {"actions": [{**_ACTION, "annee_entree": 2027}]}
_CRITERE = {"finess_et": _TILLE, "type": "impératif", "cotation": 3.0, "statut": "En cours"}


def _realises(row: Row) -> tuple[str, ...]:
    """Columns « Réalisé » that are filled in."""
    return tuple(f"realise_n{rank}" for rank in SUIVIS if filled(row[f"realise_n{rank}"]))


@table_rule(
    "SUI-010",
    AVERTISSEMENT,
    on=INDICATEURS,
    columns=("code",),
    title="Résultat saisi pour une année à venir",
    message="« Réalisé N{rang} » est déjà rempli pour {indicateurs}, alors que l'année suivie est "
    "{suivie}",
    fix="Videz « Réalisé N{rang} », ou corrigez « Année suivie » dans la feuille "
    "« Identification ».",
    expected="une cellule vide",
    source=_ECARS,
    requires=("IDE-024",),
    ok=[
        [{"code": "TRANSFO/PA", "realise_n1": 0.2, "realise_n2": 0.4}],
        [{"code": "TRANSFO/PA", "realise_n3": 0.4, "@": {"identification": [{"annee_n1": 2026}]}}],
        [
            {
                "code": "TRANSFO/PA",
                "realise_n5": 0.4,
                "@": {"identification": [{"annee_n1": 2026, "annee_suivie": "N6"}]},
            }
        ],
    ],
    ko=[
        [{"code": "TRANSFO/PA", "realise_n3": 0.4}],
        [{"code": "TRANSFO/PA", "realise_n3": 0.0}],
        [
            {
                "code": "TRANSFO/PA",
                "realise_n1": 0.4,
                "@": {"identification": [{"annee_n1": 2026, "annee_suivie": "N"}]},
            }
        ],
    ],
)
def resultats_a_venir(indicateurs: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Le résultat d'une année ne se saisit qu'une fois l'année venue.

    Un résultat saisi d'avance serait pris pour un constat. Les indicateurs de la même année sont
    signalés ensemble.
    """
    suivi = context.classeur.followed_rank
    if suivi is None:
        return
    for rank in SUIVIS:
        rows = [row for row in indicateurs if filled(row[f"realise_n{rank}"])]
        if rank > suivi and rows:
            yield fault(
                *rows,
                columns=(f"realise_n{rank}",),
                rang=str(rank),
                suivie=context.classeur.followed_said,
                indicateurs=some(row.code for row in rows),
            )


@table_rule(
    "SUI-011",
    AVERTISSEMENT,
    on=INDICATEURS,
    columns=("code",),
    title="Résultat de l'année suivie absent",
    message="« Réalisé N{rang} » est vide pour {indicateurs}, alors que c'est l'année suivie",
    fix="Reportez dans « Réalisé N{rang} » le taux calculé dans la colonne « Taux ».",
    expected="le taux calculé",
    source=Annexe("SUIVI", "indicateurs de suivi annuel", bloque=True),
    requires=("IDE-024",),
    ok=[
        [{"code": "TRANSFO/PA", "realise_n2": 0.0, "@": _UNE}],
        [{"code": "TRANSFO/PA", "@": {"actions": [{**_ACTION, "statut": "Abandonnée"}]}}],
        [{"code": "TRANSFO/PH", "@": _UNE}, {"code": "TRANSFO/PA", "realise_n2": 0.0}],
        [
            {
                "code": "TRANSFO/PA",
                "@": {
                    **_UNE,
                    "identification": [{"annee_n1": 2026, "annee_suivie": "N6"}],
                    "@versions": ("2026.1",),  # le modèle n'avait pas la colonne
                },
            }
        ],
        [{"code": "TRANSFO/PA", "@": {**_UNE, "identification": [{"annee_n1": 2026}]}}],
        [
            {
                "code": "HAS/PA",
                "@": {
                    "etablissements": [_ESMS_PA],
                    "has": [_CRITERE],
                    "modules": [{"code": "HAS", "actif": "Non"}],
                },
            }
        ],
    ],
    ko=[
        [{"code": "TRANSFO/PA", "realise_n1": 0.0, "@": _UNE}],
        [
            {
                "code": "TRANSFO/PA",
                "@": {**_UNE, "identification": [{"annee_n1": 2026, "annee_suivie": "N6"}]},
            }
        ],
        [
            {
                "code": "HAS/PA",
                "@": {
                    "etablissements": [_ESMS_PA],
                    "has": [_CRITERE],
                    "modules": [{"code": "HAS", "actif": "Oui"}],
                },
            }
        ],
    ],
)
def resultats_de_l_annee(indicateurs: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Le résultat de l'année suivie est saisi pour chaque indicateur qui peut être calculé.

    C'est ce résultat qui est entré dans e-CARS. Un indicateur sans objet reste vide. Les cellules
    vides sont signalées ensemble.
    """
    rank = context.classeur.followed_rank
    asked = SUIVIS if context.classeur.offers(REGISTER_SINCE) else RANKS
    if rank not in asked:
        return
    key = f"realise_n{rank}"
    rows = [row for row in indicateurs if row[key] is None and _calculable(row, context)]
    if rows:
        codes = some(row.code for row in rows)
        yield fault(*rows, columns=(key,), rang=str(rank), indicateurs=codes)


def _calculable(row: Row, context: RuleContext) -> bool:
    result = context.classeur.results[row.module, row.secteur]
    return context.classeur.actif(row.module) and result.value is not None


@table_rule(
    "SUI-021",
    AVERTISSEMENT,
    on=INDICATEURS,
    columns=("code",),
    title="Résultat d'une année passée absent",
    message="le résultat d'années passées manque pour {indicateurs} : {colonnes}",
    fix="Reportez les résultats rendus les années précédentes dans les colonnes « Réalisé ».",
    expected="les taux rendus les années précédentes",
    source=_ECARS,
    requires=("IDE-024",),
    ok=[
        [{"code": "TRANSFO/PA", "realise_n1": 0.0, "@": _UNE}],
        [{"code": "TRANSFO/PA", "@": _INPUT_N_2}],
        [{"code": "TRANSFO/PA", "@": {"actions": [{**_ACTION, "annee_entree": None}]}}],
        [{"code": "SI/PA", "@": {"si": [{"secteur": "PA", "exigible": "Non"}]}}],
        [{"code": "TRANSFO/PA", "@": {"actions": [{**_ACTION, "statut": "Abandonnée"}]}}],
        [{"code": "TRANSFO/PH", "@": _UNE}, {"code": "TRANSFO/PA", "realise_n1": 0.0}],
        [
            {
                "code": "HAS/PA",
                "@": {
                    "etablissements": [_ESMS_PA],
                    "has": [_CRITERE],
                    "modules": [{"code": "HAS", "actif": "Oui"}],
                },
            }
        ],
        [
            {
                "code": "TRANSFO/PA",
                "@": {**_UNE, "identification": [{"annee_n1": 2026, "annee_suivie": "N1"}]},
            }
        ],
        [{"code": "TRANSFO/PA", "@": {**_UNE, "identification": [{"annee_n1": 2026}]}}],
    ],
    ko=[
        [{"code": "TRANSFO/PA", "@": _UNE}],
        [
            {
                "code": "TRANSFO/PA",
                "realise_n1": 0.0,
                "@": {**_UNE, "identification": [{"annee_n1": 2026, "annee_suivie": "N6"}]},
            }
        ],
        [
            {
                "code": "EFFICIENCE/PA",
                "@": {
                    "fragilites": [
                        {"secteur": "PA", "statut": "Résolu", "annee_identification": 2025}
                    ]
                },
            }
        ],
        [{"code": "SI/PA", "@": {"si": [{"secteur": "PA", "exigible": "Oui"}]}}],
    ],
)
def resultats_passes(indicateurs: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Les résultats des années passées restent dans le classeur.

    Ils montrent la trajectoire depuis N1. Seuls les modules obligatoires sont contrôlés, pour les
    années où ils avaient déjà une ligne à compter ; les cellules vides sont signalées ensemble.
    """
    suivi = context.classeur.followed_rank
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in indicateurs:
        module = context.referentiel.modules[row.module]
        if suivi is None or module.statut != COMPULSORY:
            continue
        missing = tuple(
            f"realise_n{rank}"
            for rank in SUIVIS
            if rank < suivi
            and row[f"realise_n{rank}"] is None
            and _already_counted(row, int(context.classeur.annee_n1) + rank - 1, context)
        )
        if missing:
            groups.setdefault(missing, []).append(row)
    for keys, rows in groups.items():
        columns = listing(f"« {INDICATEURS[key].header} »" for key in keys)
        codes = some(row.code for row in rows)
        yield fault(*rows, columns=keys, indicateurs=codes, colonnes=columns)


_INPUTS = ("annee_entree", "annee_identification")


def _already_counted(indicateur: Row, annee: int, context: RuleContext) -> bool:
    """Had the module a line to count in that year, for that secteur? Not when it is doubtful."""
    out = (
        NON_LU,
        *context.parameter("statuts_action_exclus"),
        *context.parameter("statuts_fragilite_exclus"),
    )
    for row in module_rows(context, indicateur.module):
        entry = next((row[key] for key in _INPUTS if key in row.values), annee)
        counted = row.values.get("statut") not in out
        due = row.values.get("exigible", "Oui") == "Oui"
        in_plan = filled(entry) and entry <= annee
        if counted and due and in_plan and row.secteur == indicateur.secteur:
            return True
    return False


@table_rule(
    "SUI-032",
    AVERTISSEMENT,
    on=INDICATEURS,
    columns=("code",),
    title="Résultat saisi pour un module inactif",
    message="l'indicateur {code} a un résultat, mais son module n'est pas actif",
    fix="Videz les colonnes « Réalisé » de cette ligne, ou activez le module dans la feuille "
    "« Modules ».",
    expected="des cellules vides",
    source=Guide("système de modules", "cinq modules obligatoires, trois à la carte"),
    ok=[
        [
            {
                "code": "HAS/PA",
                "realise_n2": 0.4,
                "@": {"modules": [{"code": "HAS", "actif": "Oui"}]},
            }
        ],
        [{"code": "HAS/PA", "realise_n2": 0.4}],
        [{"code": "HAS/PA", "@": {"modules": [{"code": "HAS", "actif": "Non"}]}}],
        [
            {
                "code": "HAS/PA",
                "realise_n2": 0.4,
                "@": {"modules": [{"code": "HAS", "actif": "Non"}], "has": [_CRITERE]},
            }
        ],
        [
            {
                "code": "TRANSFO/PA",
                "realise_n2": 0.4,
                "@": {"modules": [{"code": "TRANSFO", "actif": "Non"}]},
            }
        ],
    ],
    ko=[
        [
            {
                "code": "HAS/PA",
                "realise_n2": 0.4,
                "@": {"modules": [{"code": "HAS", "actif": "Non"}]},
            }
        ],
        [
            {
                "code": "HAS/PA",
                "realise_n1": 0.0,
                "@": {"modules": [{"code": "HAS", "actif": "Non"}]},
            }
        ],
    ],
)
def resultat_d_un_module_actif(indicateurs: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Seul un module actif a des résultats.

    Un module non actif mais rempli est signalé à part, ainsi qu'un module obligatoire marqué
    « Non ».
    """
    inactifs = {
        row.code
        for row in context.classeur["modules"]
        if row.actif == "Non" and row.statut != COMPULSORY and not module_rows(context, row.code)
    }
    for row in indicateurs:
        if row.module in inactifs and _realises(row):
            yield fault(row, columns=_realises(row))


@table_rule(
    "SUI-033",
    AVERTISSEMENT,
    on=INDICATEURS,
    columns=("code",),
    title="Résultat saisi pour un secteur sans ESMS",
    message="des résultats sont saisis pour {indicateurs}, alors qu'aucun ESMS du classeur ne "
    "relève du secteur {secteur}",
    fix="Videz les colonnes « Réalisé » de ces lignes, ou complétez la feuille « Établissements ».",
    expected="des cellules vides",
    source=Guide("généralités", "secteurs d'activité"),
    ok=[
        [{"code": "TRANSFO/PA", "realise_n2": 0.4, "@": {"etablissements": [_ESMS_PA]}}],
        [
            {
                "code": "TRANSFO/PH",
                "realise_n2": 0.4,
                "@": {"etablissements": [_ESMS_PA, {**_ESMS_PH, "secteur": None}]},
            }
        ],
        [{"code": "TRANSFO/PH", "@": {"etablissements": [_ESMS_PA]}}],
        [
            {
                "code": "TRANSFO/PH",
                "realise_n2": 0.4,
                "@": {"etablissements": [_ESMS_PA], "identification": [{"secteurs": "PA et PH"}]},
            }
        ],
        [
            {
                "code": "TRANSFO/PH",
                "realise_n2": 0.4,
                "@": {"etablissements": [_ESMS_PA], "actions": [{**_ACTION, "secteur": "PH"}]},
            }
        ],
        [{"code": "TRANSFO/PH", "realise_n2": 0.4}],
    ],
    ko=[
        [{"code": "TRANSFO/PH", "realise_n2": 0.4, "@": {"etablissements": [_ESMS_PA]}}],
        [{"code": "TRANSFO/PA", "realise_n1": 0.0, "@": {"etablissements": [_ESMS_PH]}}],
    ],
)
def resultat_d_un_secteur_present(indicateurs: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Un secteur sans ESMS n'a pas de résultat.

    Un secteur annoncé dans la fiche sans ESMS, ou des lignes d'un secteur sans ESMS, sont signalés
    à part.
    """
    presents = secteurs_du_contrat(context)
    if presents is None:
        return
    attendus = presents | secteurs_de_la_fiche(context)
    strangers: dict[str, list[Row]] = {}
    for row in indicateurs:
        if row.secteur not in attendus and _realises(row) and not _has_rows(row, context):
            strangers.setdefault(row.secteur, []).append(row)
    for rows in strangers.values():
        keys = tuple(dict.fromkeys(key for row in rows for key in _realises(row)))
        yield fault(*rows, columns=keys, indicateurs=some(row.code for row in rows))


def _has_rows(indicateur: Row, context: RuleContext) -> bool:
    lines = module_rows(context, indicateur.module)
    return any(row_secteur(line, context) == indicateur.secteur for line in lines)


@table_rule(
    "SUI-034",
    AVERTISSEMENT,
    on=INDICATEURS,
    columns=("code",),
    title="Résultat déclaré pour un indicateur sans objet",
    message="l'indicateur {code} est sans objet cette année : aucune ligne n'y compte, mais un "
    "résultat est déclaré",
    fix="Videz « {colonne} », ou vérifiez le statut et l'année d'entrée des lignes du module.",
    expected="une cellule vide",
    source=Usage("Un taux sans dénominateur est sans objet, et non égal à 0 % ou à 100 %"),
    requires=("IDE-024", "DIF-007"),
    on_rates=tuple(BY_MODULE),
    ok=[
        [{"code": "TRANSFO/PA", "realise_n2": 0.0, "@": _UNE}],
        [{"code": "TRANSFO/PA", "@": {"actions": [{**_ACTION, "statut": "Abandonnée"}]}}],
        [{"code": "TRANSFO/PA", "realise_n2": 1.0}],
        [
            {
                "code": "TRANSFO/PA",
                "realise_n1": 1.0,
                "@": {"actions": [{**_ACTION, "statut": "Abandonnée"}]},
            }
        ],
        [
            {
                "code": "TRANSFO/PA",
                "realise_n2": 1.0,
                "@": {
                    "actions": [{**_ACTION, "statut": "Abandonnée"}, {**_ACTION, "secteur": None}]
                },
            }
        ],
        [
            {
                "code": "HAS/PA",
                "realise_n2": 1.0,
                "@": {
                    "etablissements": [_ESMS_PA],
                    "modules": [{"code": "HAS", "actif": "Non"}],
                    "has": [{**_CRITERE, "statut": "Abandonnée"}],
                },
            }
        ],
        *(
            [
                {
                    "code": "DIFFICULTE/PA",
                    "realise_n2": 1.0,
                    "@": {
                        "etablissements": [_ESMS_PA],
                        "modules": [{"code": "DIFFICULTE", "actif": "Oui"}],
                        "difficulte": [
                            {
                                "finess_et": _ESMS_PA["finess_et"],
                                "exercice": 2026,
                                "base": "annuelle",
                                "exercice_reference": 2025,
                                "deficit_reference": deficit,  # DIF-007
                                "produits": 10.0,
                                "charges": 20.0,
                            }
                        ],
                    },
                }
            ]
            for deficit in (-100.0, 0.0)
        ),
    ],
    ko=[
        [
            {
                "code": "TRANSFO/PA",
                "realise_n2": 1.0,
                "@": {"actions": [{**_ACTION, "statut": "Abandonnée"}]},
            }
        ],
        [
            {
                "code": "TRANSFO/PA",
                "realise_n2": 0.0,
                "@": {"actions": [{**_ACTION, "annee_entree": 2028}]},
            }
        ],
        [
            {
                "code": "TRANSFO/PA",
                "realise_n2": 1.0,
                "@": {
                    "actions": [
                        {**_ACTION, "statut": "Abandonnée"},
                        {**_ACTION, "secteur": "PH", "statut": None},
                    ]
                },
            }
        ],
    ],
)
def resultat_avec_objet(indicateurs: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Un indicateur sans ligne à compter n'a pas de résultat.

    Diviser par zéro ne donne ni 0 % ni 100 % : la cellule reste vide. Un module sans aucune ligne
    est signalé à part.
    """
    for row in indicateurs:
        if declared(row, context.classeur) is None or not context.classeur.actif(row.module):
            continue
        empty = context.classeur.results[row.module, row.secteur].denominateur == 0
        certain = decompte_certain(context, row.module, row.secteur)
        if empty and certain and _has_rows(row, context):
            key = f"realise_n{context.classeur.followed_rank}"
            yield fault(row, columns=(key,), colonne=INDICATEURS[key].header)
