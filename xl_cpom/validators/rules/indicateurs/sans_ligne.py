"""IND: a rate declared for a module whose sheet has no row left.

A sheet emptied by mistake must not be judged more kindly than a fault in one of its rows: the rate
that the workbook still declares says that there was something to count.
"""

from __future__ import annotations

from collections.abc import Iterator

from xl_cpom.typography import listing, rate_text
from xl_cpom.validators.declaration import table_rule
from xl_cpom.validators.model import BLOQUANT, Fault, fault
from xl_cpom.validators.reported_indicators import declared_without_rows
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Logical
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import INDICATEURS
from xl_cpom.workbook.sheets.indicateurs import module_sheet

_HAS = {"modules": [{"code": "HAS", "actif": "Oui"}]}
_INSPECTION = {"modules": [{"code": "INSPECTION", "actif": "Oui"}]}
_DIFFICULTE = {"modules": [{"code": "DIFFICULTE", "actif": "Oui"}]}


@table_rule(
    "IND-009",
    BLOQUANT,
    on=INDICATEURS,
    columns=("code",),
    title="Taux déclaré pour un module dont la feuille est vide",
    message="la feuille « {a_remplir} » est à compléter : elle est vide, alors que le taux déclaré "
    "compte ses lignes ({taux})",
    fix="Remettez les lignes dans la feuille « {a_remplir} », depuis une copie du classeur si "
    "elles ont été effacées ; s'il n'y en a jamais eu, corrigez « {colonne} ».",
    expected="au moins une ligne dans « {a_remplir} »",
    source=Logical("Un taux déclaré compte des lignes : sans aucune ligne, il est contredit"),
    requires=("IDE-024",),
    ok=[
        [{"code": "HAS/PA", "realise_n2": 0.6, "@": {**_HAS, "has": [{"critere": "2.2.1"}]}}],
        [{"code": "HAS/PA", "realise_n2": 0.0, "@": _HAS}],
        [{"code": "HAS/PA", "@": _HAS}],
        [{"code": "HAS/PA", "realise_n1": 0.6, "@": _HAS}],
        [{"code": "HAS/PA", "realise_n2": 0.6}],
        [{"code": "HAS/PA", "realise_n2": 0.6, "@": _INSPECTION}],
        [{"code": "TRANSFO/PA", "realise_n2": 0.6}],  # module obligatoire : MOD-001
    ],
    ko=[
        [{"code": "HAS/PA", "realise_n2": 0.6, "@": _HAS}],
        [{"code": "HAS/PH", "realise_n2": 0.001, "@": _HAS}],
        [
            {"code": "HAS/PA", "realise_n2": 0.6, "@": _HAS},
            {"code": "HAS/PH", "realise_n2": 0.4},
        ],
        [{"code": "INSPECTION/PA", "realise_n2": 0.6, "@": _INSPECTION}],
        [{"code": "DIFFICULTE/PA", "realise_n2": 0.6, "@": _DIFFICULTE}],
    ],
)
def taux_avec_des_lignes(indicateurs: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Le taux déclaré d'un module à la carte actif compte au moins une ligne de sa feuille.

    Une feuille vidée par mégarde ne laisse pas son indicateur « sans objet » : le taux déclaré dit
    qu'il y avait quelque chose à compter. Un taux vide ou nul ne dit rien de tel. Les deux secteurs
    d'un module sont dits ensemble.
    """
    classeur = context.classeur
    groups: dict[str, list[Row]] = {}
    for row in indicateurs:
        if declared_without_rows(row, classeur):
            groups.setdefault(row.module, []).append(row)
    key = f"realise_n{classeur.followed_rank}"
    for module, rows in groups.items():
        yield fault(
            *rows,
            columns=(key,),
            taux=listing(f"{rate_text(row[key], 2)} pour le secteur {row.secteur}" for row in rows),
            a_remplir=module_sheet(module).name,
            colonne=INDICATEURS[key].header,
        )
