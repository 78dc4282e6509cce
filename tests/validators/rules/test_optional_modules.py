"""The families SI, HAS, INS, DIF and VRA (the optional modules), beyond their own examples.

What they promise all together: they never fail nor accuse because of a cell that could not be
read, they do not depend on the order of the rows, they change nothing; and in the valid example,
one fault made by hand gives exactly the findings it must, in the whole catalogue.
"""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from tests.atelier import VALIDE
from xl_cpom.indicators.anap import INDICATEURS_ANAP
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators import engine, judging
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.model import BLOQUANT, Fault, Finding, Rule, Scope, Status
from xl_cpom.validators.rule_context import RuleContext, active_context
from xl_cpom.validators.rule_examples import BASE, example_content
from xl_cpom.validators.rules.vraisemblance.valeurs_usuelles import CONTROLES
from xl_cpom.validators.wording import finding_of_fault
from xl_cpom.workbook.building import build
from xl_cpom.workbook.computation import compute_workbook
from xl_cpom.workbook.interpretation.interpret import interpret
from xl_cpom.workbook.reader import read_workbook
from xl_cpom.workbook.records import NON_LU, Classeur, Row, Table

D = dt.date
FAMILIES = ("SI", "HAS", "INS", "DIF", "VRA")
EXECUTABLES = (Scope.ROW, Scope.SHEET, Scope.CLASSEUR)
RULE_CODES = [r for r in RULES.values() if r.family in FAMILIES and r.scope in EXECUTABLES]


def classeur_de(rule: Rule, example: Any) -> Classeur:
    return build({**BASE, **example_content(rule, example)}, load_referentiel())


def fautes(rule: Rule, classeur: Classeur) -> list[Fault]:
    """What a rule finds in a workbook, as the engine would ask it."""
    assert rule.sheet is not None and rule.check is not None
    context = RuleContext(classeur, classeur.identification.date_arrete or None)
    rows = classeur[rule.sheet.key].rows
    with active_context(context):
        if rule.scope is Scope.CLASSEUR:
            return list(rule.check(context))
        if rule.scope is Scope.SHEET:
            return judging.faults_of(rule, rows, context)
        judged = [(row, judging.judge(rule, row, context)) for row in rows]
    return [
        Fault((row,), result.columns, result.values) if isinstance(result, Fault) else Fault((row,))
        for row, result in judged
        if not judging.holds(result)
    ]


def cellules(rule: Rule, faults: list[Fault]) -> set[str]:
    return {cell for found in faults for cell in finding_of_fault(rule, found).cells}


def filled_inputs(classeur: Classeur) -> Iterator[tuple[str, int, str]]:
    """Where the filled entry cells are: sheet, rank of the row, column."""
    for key, table in classeur.tables.items():
        for rank, row in enumerate(table.rows):
            for column in table.sheet.columns:
                if column.is_entry and row.values[column.key] is not None:
                    yield key, rank, column.key


def without_cell(classeur: Classeur, value: Any) -> Iterator[tuple[str, Classeur]]:
    """The workbook with each filled entry cell made unread or blank in turn."""
    for key, rank, column in list(filled_inputs(classeur)):
        values = classeur[key].rows[rank].values
        kept, values[column] = values[column], value
        changed = Classeur(classeur.referentiel, classeur.tables)  # nothing cached
        compute_workbook(changed)
        yield f"{key}.{column}", changed
        values[column] = kept


@pytest.mark.parametrize("rule", RULE_CODES, ids=lambda r: r.code)
def test_an_unread_cell_accuses_nobody(rule: Rule) -> None:
    """One cell that could not be read already has its finding: no other rule may build on it."""
    for example in rule.ok:
        for where, classeur in without_cell(classeur_de(rule, example), NON_LU):
            assert fautes(rule, classeur) == [], (example, where)


@pytest.mark.long
@pytest.mark.parametrize("rule", RULE_CODES, ids=lambda r: r.code)
def test_unread_or_blank_cells_never_crash(rule: Rule) -> None:
    for example in rule.ko:
        for value in (NON_LU, None):
            for _, classeur in without_cell(classeur_de(rule, example), value):
                for found in fautes(rule, classeur):
                    assert finding_of_fault(rule, found).message


@pytest.mark.long
@pytest.mark.parametrize("rule", RULE_CODES, ids=lambda r: r.code)
def test_all_unread_or_all_blank_finds_nothing(rule: Rule) -> None:
    for value in (NON_LU, None):
        classeur = build(BASE, load_referentiel())
        for table in classeur.tables.values():
            rows = (
                table.rows
                or build({**BASE, table.sheet.key: [{}, {}, {}]}, load_referentiel())[
                    table.sheet.key
                ].rows
            )
            table.rows[:] = rows
            for row in rows:
                for column in table.sheet.columns:
                    if column.is_entry and table.sheet.key != "modules":
                        row.values[column.key] = value
        compute_workbook(classeur)
        assert fautes(rule, classeur) == []


@pytest.mark.long
@pytest.mark.parametrize("rule", RULE_CODES, ids=lambda r: r.code)
def test_the_order_of_the_rows_does_not_matter(rule: Rule) -> None:
    for example in rule.ko:
        straight, reverse = classeur_de(rule, example), classeur_de(rule, example)
        for table in reverse.tables.values():
            table.rows.reverse()
        assert cellules(rule, fautes(rule, straight)) == cellules(rule, fautes(rule, reverse))


@pytest.mark.long
@pytest.mark.parametrize("rule", RULE_CODES, ids=lambda r: r.code)
def test_a_rule_changes_nothing(rule: Rule) -> None:
    for example in rule.ko:
        classeur = classeur_de(rule, example)
        before = {
            key: [copy.deepcopy(row.values) for row in table.rows]
            for key, table in classeur.tables.items()
        }
        fautes(rule, classeur)
        after = {key: [row.values for row in table.rows] for key, table in classeur.tables.items()}
        assert after == before


@pytest.mark.parametrize("rule", RULE_CODES, ids=lambda r: r.code)
def test_the_sentences(rule: Rule) -> None:
    for example in rule.ko:
        for found in fautes(rule, classeur_de(rule, example)):
            finding = finding_of_fault(rule, found)
            for text in (finding.message, finding.fix, finding.expected):
                assert len(text) <= 240
                assert "  " not in text and "None" not in text and "{" not in text
                assert not any(f" {sign}" in text for sign in ":;?!%»")
                assert "« " not in text
            assert finding.message[0] == finding.message[0].upper()
            assert finding.message.endswith(".") and finding.fix.endswith(".")


# --- the catalogue -------------------------------------------------------------------------------


def test_plausibility_never_refuses_a_return() -> None:
    assert [r.code for r in RULES.values() if r.family == "VRA" and r.severity is BLOQUANT] == []


def test_every_threshold_of_an_indicator_is_controlled_once() -> None:
    with_threshold = {i.code for i in INDICATEURS_ANAP if i.seuil is not None}
    controlled = Counter(c.indicateur for c in CONTROLES)
    assert set(controlled.values()) == {1}
    assert with_threshold - set(controlled) == {"CAF"}, "the rate of CAF is judged by DIF-004"


@pytest.mark.parametrize("code", ["SI-001", "SI-005", "HAS-005", "DIF-009", "DIF-010"])
def test_what_the_indicator_cannot_do_without_is_blocking(code: str) -> None:
    assert RULES[code].severity is BLOQUANT


def test_another_cycle_without_thresholds_finds_nothing_atypical() -> None:
    rule = RULES["VRA-004"]
    classeur = classeur_de(rule, rule.ko[0])
    object.__setattr__(classeur, "referentiel", _WithoutSeuils(load_referentiel()))
    assert fautes(rule, classeur) == []


class _WithoutSeuils:
    def __init__(self, ref: Any) -> None:
        self._ref, self.seuils = ref, {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ref, name)


# --- one fault in the valid example, the whole catalogue -----------------------------------------


@cache
def valide() -> Classeur:
    return interpret(read_workbook(VALIDE), load_referentiel()).classeur


def copie(table: Table) -> Table:
    fresh = dataclasses.replace(table, rows=[])
    fresh.rows.extend(Row(fresh, row.number, dict(row.values)) for row in table.rows)
    return fresh


def controle(feuille: str, this_row: int, change: dict[str, Any] | None) -> tuple[Finding, ...]:
    """Findings of the whole catalogue on the valid example, one row changed or taken away.

    ligne 0: the fiche.
    """
    classeur = Classeur(load_referentiel(), {key: copie(t) for key, t in valide().tables.items()})
    table = classeur[feuille]
    (row,) = (row for row in table.rows if row.number == this_row)
    if change is None:
        table.rows.remove(row)
    else:
        row.values.update(change)
    compute_workbook(classeur)
    context = RuleContext(classeur, classeur.identification.date_arrete)
    findings, outcomes = engine.run((), context)
    assert [o.code for o in outcomes if o.status is Status.EN_PANNE] == []
    return findings


def test_the_valid_example_has_no_fault() -> None:
    assert controle("si", 6, {}) == ()


SI_ROW = {"secteur": "PA", "exigible": "Oui", "taux_completude": 1.0,
            "motif_non_exigibilite": None}  # fmt: skip

ONE_FAULT: list[tuple[str, int, dict[str, Any] | None, list[str]]] = [
    ("si", 6, None, ["SI-001 A58"]),
    ("si", 57, {**SI_ROW, "si": "ROR par ET", "entite": "210781456"},
     ["SI-008 A6,C6,D6,A57,C57,D57"]),
    ("si", 6, {"entite": "EHPAD de la Tille"}, ["SI-009 D6"]),
    ("si", 8, {"secteur": "PH"}, ["SI-017 C8"]),
    ("si", 53, {"entite": "210781456"}, ["SI-010 D53"]),
    ("si", 53, None, ["SI-001 A58"]),
    ("si", 8, {"exigible": "Non"}, ["SI-002 E8,F8"]),
    ("si", 8, {"exigible": "Non", "motif_non_exigibilite": "fermé"}, ["SI-007 E8,F8"]),
    ("si", 8, {"exigible": "Non", "motif_non_exigibilite": "fermé le 30/06/2027"},
     ["SI-021 E8,F8"]),
    ("si", 57, {"motif_non_exigibilite": None}, ["SI-012 F57"]),
    ("si", 8, {"taux_completude": None}, ["SI-011 G8,E8"]),
    ("si", 35, {"taux_completude": 0.95, "valide": "Oui"}, ["SI-003 G35,H35"]),
    ("si", 35, {"valide": "Oui"}, ["SI-013 G35,H35"]),
    ("si", 31, {"date_depot": D(2027, 7, 1)}, ["SI-004 K31"]),
    ("si", 31, {"date_depot": D(2026, 6, 15)}, ["SI-014 K31"]),
    ("si", 31, {"date_depot": D(2028, 6, 15)}, ["SI-015 K31"]),
    ("si", 6, {"derniere_maj": D(2026, 6, 15)}, ["SI-019 I6"]),
    ("si", 57, {"si": "Import EPRD et ERRD", "entite": "210099008", **SI_ROW},
     ["SI-022 A57,C57,A54,C54,A55,C55"]),
    ("si", 56, {"taux_completude": 0.5}, ["SI-024 G56"]),
    ("si", 8, {"exigible": "Non", "motif_reconnu": "fermé le"}, ["SI-026 P8,O8"]),
    ("cybersecurite", 10, {"en_place": None}, ["SI-023 D10"]),
    ("cybersecurite", 8, {"date": None}, ["SI-025 E8"]),
    ("identification", 0, {"referent_si_fin": D(2028, 6, 30)}, ["SI-006 B39,B40,B20"]),
    ("identification", 0, {"referent_si_forme": "Non"}, ["SI-016 B38"]),
    ("has", 8, {"critere": "3.6"}, ["HAS-001 C8"]),
    ("has", 12, {"critere": "3.10.3"}, ["HAS-021 C12"]),
    ("has", 8, {"type": "standard"}, ["HAS-002 D8,C8"]),
    ("has", 10, {"cotation": "RI"}, ["HAS-003 E10"]),
    ("has", 8, {"cotation": "NC"}, ["HAS-004 E8,C8,A8"]),
    ("has", 10, {"cotation": "NC"}, ["HAS-022 E10,C10,A10"]),
    ("has", 8, {"action": None}, ["HAS-006 G8"]),
    ("has", 8, {"pilote": None, "echeance": None}, ["HAS-010 H8,I8"]),
    ("has", 10, {"cotation": 3.2}, ["HAS-007 C10"]),
    ("has", 8, {"date_evaluation": D(2028, 5, 20)}, ["HAS-012 B8"]),
    ("has", 8, {"date_evaluation": D(2021, 5, 20)}, ["HAS-008 B8"]),
    ("has", 14, {"finess_et": "210099024"}, ["HAS-009 C14,A14,E14"]),
    ("has", 7, {"critere": "2.2.3", "type": "impératif"}, ["HAS-011 C6,C7"]),
    ("has", 6, {"date_realisation": None}, ["HAS-013 K6,J6"]),
    ("has", 6, {"date_realisation": D(2028, 6, 15)}, ["HAS-014 K6"]),
    ("has", 6, {"date_realisation": D(2025, 6, 15)}, ["HAS-015 K6,B6"]),
    ("has", 8, {"date_realisation": D(2027, 6, 15)}, ["HAS-016 J8,K8"]),
    ("has", 8, {"echeance": D(2027, 3, 31)}, ["HAS-017 I8,J8"]),
    ("has", 8, {"echeance": D(2026, 3, 31)}, ["HAS-020 I8,B8"]),
    ("has", 8, {"statut": "Abandonnée"}, ["HAS-018 J8,M8"]),
    ("mesures", 12, {"numero": "P2"}, ["INS-006 G11,G12"]),
    ("mesures", 7, {"date_realisation": None}, ["INS-007 R7,Q7,H7"]),
    ("mesures", 12, {"date_controle": D(2026, 10, 4)}, ["INS-008 E12,F12"]),
    ("mesures", 9, {"delai_valeur": 12}, ["INS-009 N9,L9,M9"]),
    ("mesures", 9, {"delai_unite": None}, ["INS-016 M9"]),
    ("mesures", 8, {"date_realisation": None}, ["INS-010 R8,Q8"]),
    ("mesures", 7, {"date_levee": D(2028, 3, 18)}, ["INS-011 S7"]),
    ("mesures", 9, {"date_levee": D(2027, 3, 18)}, ["INS-012 Q9,S9"]),
    ("mesures", 8, {"date_realisation": D(2028, 3, 18)}, ["INS-013 R8"]),
    ("mesures", 8, {"date_realisation": D(2026, 2, 9)}, ["INS-014 R8,E8"]),
    ("mesures", 9, {"echeance": D(2026, 6, 14)}, ["INS-015 N9,F9"]),
    ("mesures", 9, {"pilote": None}, ["INS-017 P9"]),
    ("mesures", 9, {"date_notification": D(2028, 6, 15)}, ["INS-018 F9"]),
    ("mesures", 9, {"statut": "Annulée"}, ["INS-019 Q9,T9"]),
    ("mesures", 7, {"date_levee": D(2026, 11, 18)}, ["INS-021 S7,R7"]),
    ("difficulte", 9, {"deficit_reference": -120000.0}, ["DIF-007 D9"]),
    ("difficulte", 8, {"charges": -4134000.0}, ["DIF-003 G8"]),
    ("difficulte", 9, {"charges": -4216000.0}, ["DIF-003 G9"]),
    ("difficulte", 8, {"charges": 4234000.0}, ["DIF-006 H8,D8"]),
    ("difficulte", 8, {"exercice": 2024}, ["DIF-009 E8,C8"]),
    ("difficulte", 8, {"exercice": 2026}, ["DIF-010 E8,E9"]),
    ("difficulte", 8, {"deficit_cumule": 5.0}, ["DIF-021 O8,B8"]),
    ("difficulte", 8, {"base": "cumulée"}, ["DIF-011 B8,B9"]),
    ("difficulte", 8, {"deficit_reference": 125000.0}, ["DIF-012 D8,D9"]),
    ("difficulte", 8, {"date_plan": None}, ["DIF-013 K8,J8"]),
    ("difficulte", 8, {"date_plan": D(2028, 1, 1)}, ["DIF-014 K8"]),
    ("difficulte", 9, {"plan_retour": "Non", "date_plan": None, "preconisations": None},
     ["DIF-015 J9,L9"]),
    ("difficulte", 8, {"produits": 4050.0}, ["DIF-018 F8,G8"]),
    ("difficulte", 9, {"deficit_reference": 12000000.0}, ["DIF-017 D9,F9"]),
    ("difficulte", 9, {"exercice": 2028}, ["DIF-019 E9"]),
    ("activite", 7, {"journees_realisees": 27000.0}, ["VRA-044 AW7"]),
    ("activite_modes", 7, {"jours_ouverture": 100}, ["VRA-042 J7,F7"]),
    ("activite_modes", 7, {"mode_accueil": "hébergement permanent"}, ["VRA-045 C6,C7"]),
    ("activite_modes", 7, {"journees_realisees": 800.0}, ["VRA-046 F6,F7"]),
    ("activite_modes", 7, {"mode_accueil": "internat"}, ["VRA-047 C7,A7"]),
    ("activite", 10, {"caf": 960000.0}, ["DIF-004 BP10,AE10,AF10"]),
    ("activite", 10, {"caf": 19000.0}, ["DIF-008 BP10"]),
    ("activite", 10, {"journees_realisees": 194400.0}, ["VRA-004 AX10,C10,H10,I10"]),
    ("activite", 7, {"journees_realisees": 281050.0}, ["VRA-003 AW7,C7,G7,H7,I7"]),
    ("activite", 10, {"jours_ouverture": 2250.0}, ["VRA-020 I10"]),
    ("activite", 10, {"etp_realises": 235.0}, ["VRA-013 BM10,AA10,W10"]),
    ("activite", 10, {"etp_realises": 2.35},
     ["VRA-005 BE10,Q10,R10,S10,T10,U10,V10,W10", "VRA-013 BM10,AA10,W10"]),
    ("activite", 10, {"jours_abs_longue": 12000.0}, ["VRA-008 BH10,S10,W10"]),
    ("activite", 10, {"effectif_reel_n1": 0.0}, ["VRA-021 Z10"]),
    ("activite", 10, {"capacite_financee": 95.0}, ["VRA-024 H10"]),
    ("activite", 10, {"exercice": 2028}, ["VRA-026 B10"]),
    ("activite", 10, {"exercice": 2024}, ["VRA-027 B10"]),
    ("activite", 6, {"exercice": 2027}, ["VRA-028 B6,B7"]),
    ("activite", 10, {"charges": -1880000.0}, ["VRA-029 AN10"]),
    ("activite", 10, {"personnes_absentes": 520.0}, ["VRA-030 N10,J10,K10"]),
    ("activite", 11, {"personnes_derogation": 400.0}, ["VRA-017 BD11,P11,J11"]),
    ("etablissements", 7, {"date_evaluation_has": D(2027, 3, 1)}, ["HAS-019 B8"]),
    ("mesures", 12, {"type": "recommandation"}, ["INS-001 H12"]),
    ("mesures", 7, {"reference_courrier": None}, ["INS-002 Q7,T7"]),
    ("mesures", 7, {"date_levee": D(2026, 6, 1)}, ["INS-003 S7,F7"]),
    ("mesures", 8, {"statut": "En cours", "date_realisation": None}, ["INS-004 N8,Q8"]),
    ("mesures", 12, {"date_controle": D(2026, 5, 5)}, ["INS-020 E10,E11,E12"]),
    ("difficulte", 9, None, ["DIF-005 E8"]),
    ("si", 57, {**SI_ROW, "si": "VT par ET", "entite": "210099024"}, ["SI-018 E57"]),
    ("identification", 0, {"referent_si_fin": D(2016, 1, 1), "referent_si_successeur": "Mme B."},
     ["SI-020 B39,B37"]),
    ("activite", 10, {"journees_financees": 1984.0}, ["VRA-001 AU10,C10,D10"]),
    ("activite", 10, {"actes_realises": 1300.0, "actes_finances": 1000.0},
     ["VRA-002 AV10,E10,F10"]),
    ("activite", 10, {"jours_abs_courte": 2500.0}, ["VRA-006 BF10,Q10,W10"]),
    ("activite", 10, {"jours_abs_moyenne": 2500.0}, ["VRA-007 BG10,R10,W10"]),
    ("activite", 10, {"jours_abs_maternite": 2500.0}, ["VRA-009 BI10,T10,W10"]),
    ("activite", 10, {"jours_abs_at_mp": 2500.0}, ["VRA-010 BJ10,U10,W10"]),
    ("activite", 10, {"jours_abs_conges_speciaux": 2500.0}, ["VRA-011 BK10,V10,W10"]),
    ("activite", 10, {"recrutements": 40.0}, ["VRA-012 BL10,X10,Y10,Z10"]),
    ("activite", 10, {"prestations_externes": 300000.0}, ["VRA-014 BO10,AB10,AC10,AD10"]),
    ("activite", 10, {"amortissements_constructions": 1800000.0}, ["VRA-015 BQ10,AG10,AH10"]),
    ("activite", 10, {"emprunts": 900000.0}, ["VRA-016 BR10,AI10,AJ10"]),
    ("activite", 10, {"absences_72h": 30000.0}, ["VRA-022 G10,C10"]),
    ("activite", 10, {"jours_absence_personnes": 19033.0}, ["VRA-023 M10,N10"]),
]  # fmt: skip
"""Sheet, row, what is changed (None: the row is deleted), the findings: code and cells.

A wrong number of full-time posts shows in two rates that both need it.
"""


@pytest.mark.parametrize(
    ("sheet", "row", "change", "attendu"), ONE_FAULT, ids=lambda x: str(x)[:40]
)
def test_one_fault_gives_one_finding(
    sheet: str, row: int, change: dict[str, Any] | None, attendu: list[str]
) -> None:
    """Beside it, only what the declared rates of the sheet « Indicateurs » owe to the change."""
    findings = controle(sheet, row, change)
    known = [f for f in findings if RULES[f.code].family in FAMILIES]
    assert [f"{f.code} {','.join(f.cells)}" for f in known] == attendu
    assert {RULES[f.code].family for f in findings} - set(FAMILIES) <= {"IND", "SUI"}


EXAMPLES_ONLY = {"DIF-016", "DIF-020", "DIF-022", "DIF-023", "INS-005", "VRA-025", "VRA-040",
                  "VRA-041", "VRA-043"}  # fmt: skip
"""One needs the accounts of a closed year on two sheets, two a base on every line, one an open year
that takes the rate away, two an empty sheet, one the same figure on every row, one three ESMS and
one exercise apart (tests/corpus/usage.toml), one an EHPAD less full on two sheets."""


def test_every_rule_of_the_families_has_a_case_or_examples_only() -> None:
    """The rules that the valid example cannot show by one change are listed, not forgotten."""
    shown = {text.split()[0] for *_, attendu in ONE_FAULT for text in attendu}
    assert {r.code for r in RULE_CODES} - shown == EXAMPLES_ONLY
