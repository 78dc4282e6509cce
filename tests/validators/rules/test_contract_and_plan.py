"""The families IDE, MOD, SUI and IND, beyond their own examples.

What they promise all together: nothing on an honest workbook, one fault made by hand gives exactly
its findings at its cells, a cell that is empty or unreadable raises nothing here (its own finding
says it), the order of the rows does not matter, and every sentence can be read aloud.
"""

from __future__ import annotations

import copy
import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from xl_cpom.indicators import BY_MODULE
from xl_cpom.referentiel import load_referentiel
from xl_cpom.typography import typeset
from xl_cpom.validators import engine, judging
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.certainty import CERTAINTIES
from xl_cpom.validators.model import (
    AVERTISSEMENT,
    BLOQUANT,
    INFORMATION,
    Fault,
    Finding,
    Rule,
    Scope,
    Status,
)
from xl_cpom.validators.rule_context import RuleContext, active_context
from xl_cpom.validators.rule_examples import BASE, example_content, example_faults
from xl_cpom.validators.wording import finding_of_fault
from xl_cpom.workbook.building import build
from xl_cpom.workbook.computation import compute_workbook
from xl_cpom.workbook.examples import valid_content
from xl_cpom.workbook.interpretation.rows import missing_table
from xl_cpom.workbook.records import NON_LU, Classeur
from xl_cpom.workbook.sheets import SHEETS

FAMILIES = ("IDE", "MOD", "SUI", "IND")
SCOPES = (Scope.ROW, Scope.SHEET, Scope.CLASSEUR)
RULE_CODES = [r for r in RULES.values() if r.family in FAMILIES]
EXECUTABLES = [r for r in RULE_CODES if r.scope in SCOPES]

Contenu = dict[str, list[dict[str, Any]]]
Edit = Callable[[Contenu], object]


def classeur_de(contenu: Mapping[str, Any]) -> Classeur:
    return build(contenu, load_referentiel())


def fautes(rule: Rule, context: RuleContext) -> list[Finding]:
    """What a rule finds in a workbook, without the detour by pandera."""
    assert rule.sheet is not None and rule.check is not None
    rows = context.classeur[rule.sheet.key].rows
    if rule.scope is Scope.CLASSEUR:
        found = list(rule.check(context))
    elif rule.scope is Scope.SHEET:
        found = judging.faults_of(rule, rows, context)
    else:
        found = []
        for row in rows:
            result = judging.judge(rule, row, context)
            if isinstance(result, Fault):
                found.append(Fault((row,), result.columns, result.values))
            elif not judging.holds(result):
                found.append(Fault((row,)))
    return [finding_of_fault(rule, fault) for fault in found]


def controle(classeur: Classeur) -> set[tuple[str, tuple[str, ...]]]:
    """What the engine finds in these families, (code, cells); no rule may fail."""
    context = RuleContext(classeur, classeur.identification.date_arrete or None)
    findings, outcomes = engine.run((), context)
    assert not [outcome for outcome in outcomes if outcome.status is Status.EN_PANNE]
    return {(f.code, f.cells) for f in findings if f.code[:3] in FAMILIES}


def anomalies(classeur: Classeur) -> set[tuple[str, str, tuple[str, ...]]]:
    context = RuleContext(classeur, classeur.identification.date_arrete or None)
    with active_context(context):
        return {
            (finding.code, finding.sheet, finding.cells)
            for rule in EXECUTABLES
            for finding in fautes(rule, context)
        }


def test_the_valid_example_raises_nothing() -> None:
    assert anomalies(classeur_de(valid_content())) == set()


def test_an_empty_workbook_lacks_its_esms_and_its_compulsory_modules() -> None:
    found = anomalies(classeur_de({}))
    assert found == {
        ("IDE-002", "Établissements", ("A6",)),
        *(("MOD-001", "Modules", (f"A{line}",)) for line in range(6, 11)),
    }


# --- one fault, exactly its findings -------------------------------------------------------------


def jour(text: str) -> dt.date:
    return dt.datetime.strptime(text, "%d/%m/%Y").date()


def put(sheet: str, rank: int, **values: Any) -> Edit:
    return lambda contenu: contenu[sheet][rank].update(values)


def indicateur(code: str, **values: Any) -> Edit:
    def edit(contenu: Contenu) -> None:
        next(row for row in contenu["indicateurs"] if row["code"] == code).update(values)

    return edit


def module(code: str, **values: Any) -> Edit:
    def edit(contenu: Contenu) -> None:
        next(row for row in contenu["modules"] if row["code"] == code).update(values)

    return edit


def sans(sheet: str) -> Edit:
    return lambda contenu: contenu[sheet].clear()


def twice(sheet: str, rank: int, **values: Any) -> Edit:
    return lambda contenu: contenu[sheet].append({**contenu[sheet][rank], **values})


CAS: list[tuple[str, Edit, dict[str, tuple[str, ...]]]] = [
    ("two ESMS with one number", put("etablissements", 3, finess_et="900002411",
                                     departement="90"), {"IDE-003": ("A8", "A9")}),
    ("secteur against the category", put("etablissements", 4, categorie="500"),
     {"IDE-007": ("L10", "C10")}),
    ("an ESMS of another région", put("etablissements", 2, finess_et="750000010",
                                      departement="75"), {"IDE-004": ("K8",)}),
    ("the département contradicts the number", put("etablissements", 2, departement="25"),
     {"IDE-031": ("K8", "A8")}),
    ("a secondaire without its principal", put("etablissements", 6, finess_principal=None),
     {"IDE-008": ("H12", "G12")}),
    ("a principal out of the workbook", put("etablissements", 6, finess_principal="210000022"),
     {"IDE-033": ("H12",)}),
    ("a SIREN that is not the organisme's", put("identification", 0, siren="356000000"),
     {"IDE-009": tuple(f"I{line}" for line in range(6, 16))}),
    ("a closed category", put("etablissements", 2, categorie="200"), {"IDE-015": ("C8",)}),
    ("places installed beyond the authorisation", put("etablissements", 3, capacite_installee=61),
     {"IDE-036": ("O9", "N9")}),
    ("a contract one day too long", put("identification", 0, date_echeance=jour("01/01/2031")),
     {"IDE-016": ("B20", "B19")}),
    ("a contract of seven years", put("identification", 0, date_echeance=jour("31/12/2032")),
     {"IDE-017": ("B20", "B19")}),
    ("inverted dates", put("identification", 0, date_echeance=jour("31/12/2025")),
     {"IDE-012": ("B20", "B19")}),
    ("another « Année suivie »", put("identification", 0, annee_suivie="N5"),
     {"IDE-024": ("B30", "B27")}),
    ("a renewal without the previous date", put("identification", 0, echeance_precedente=None),
     {"IDE-013": ("B21", "B15")}),
    ("a secteur forgotten on the fiche", put("identification", 0, secteurs="PH"),
     {"IDE-029": ("B22",)}),
    ("the conseil départemental forgotten", put("identification", 0, autorites="ARS",
                                                conseils_departementaux=None),
     {"IDE-028": ("B23",)}),
    ("a compulsory module marked « Non »", module("SI", actif="Non"), {"MOD-016": ("E10",)}),
    ("a module filled but not active", module("HAS", actif="Non"), {"MOD-002": ("E11",)}),
    ("an active module left empty, its rates declared", sans("has"), {"IND-009": ("N16", "N17")}),
    ("no point de fragilité", sans("fragilites"), {"MOD-001": ("A9",)}),
    ("a type not open to the secteur",
     put("actions", 0, type_action="Actions d'inclusion scolaire en milieu ordinaire"),
     {"MOD-004": ("D6", "B6", "C6")}),
    ("a type of another module", put("actions", 0, type_action="Vaccination"),
     {"MOD-022": ("D6", "B6")}),
    ("a sixth type", twice("actions", 0, numero="A99", annee_entree=2028, statut="À démarrer",
                               type_action="Transformation du secteur PA", avancement=0,
                               date_realisation=None, echeance=jour("31/12/2028"),
                               intitule="Ouvrir une deuxième plateforme de services"),
     {"MOD-021": tuple(f"A{line}" for line in (6, 7, 8, 9, 10, 34))}),
    ("an action typed twice", twice("actions", 2, numero="A99", annee_entree=2028,
                                        statut="À démarrer", avancement=0),
     {"MOD-008": ("E8", "E34"), "MOD-021": tuple(f"A{line}" for line in (6, 7, 8, 9, 10, 34))}),
    ("a number used twice", put("actions", 12, numero="A12"), {"MOD-023": ("A17", "A18")}),
    ("a due date after the contract", put("actions", 2, echeance=jour("01/01/2031")),
     {"MOD-006": ("I8",)}),
    ("an ESMS out of the contract", put("actions", 2, finess_et=("250000015",)),
     {"MOD-007": ("F8",)}),
    ("an ESMS of the other secteur", put("actions", 0, finess_et=("210099032",)),
     {"MOD-028": ("F6", "C6")}),
    ("a title that says nothing", put("actions", 2, intitule="à compléter"), {"MOD-009": ("E8",)}),
    ("a pilote by e-mail", put("actions", 2, pilote="dir@exemple.fr"), {"MOD-033": ("G8",)}),
    ("a point tied to no action of the plan", put("fragilites", 1, numero_action="A77"),
     {"MOD-030": ("G7",)}),
    ("done at 90 %", put("actions", 0, avancement=0.9), {"SUI-001": ("J6", "K6")}),
    ("not started at 20 %", put("actions", 3, avancement=0.2), {"SUI-015": ("K9", "J9")}),
    ("done tomorrow", put("actions", 0, date_realisation=jour("01/01/2028")),
     {"SUI-002": ("L6",)}),
    ("overdue", put("actions", 2, echeance=jour("30/06/2027")),
     {"SUI-003": ("I8", "J8")}),
    ("given up without an avenant", put("actions", 18, reference_avenant=None),
     {"SUI-005": ("N24", "J24")}),
    ("done without a date", put("actions", 0, date_realisation=None),
     {"SUI-023": ("L6", "J6")}),
    ("a date on an action in progress", put("actions", 2, date_realisation=jour("01/06/2027")),
     {"SUI-022": ("L8", "J8")}),
    ("a point resolved tomorrow", put("fragilites", 0, date_resolution=jour("01/01/2028")),
     {"SUI-025": ("I6",)}),
    ("targets that fall", indicateur("TRANSFO/PA", cible_n3=0.3), {"SUI-008": ("I6", "J6")}),
    ("a last target of 90 %", indicateur("TRANSFO/PA", cible_n5=0.9), {"SUI-009": ("L6",)}),
    ("a last target of 90 % for the measures", indicateur("INSPECTION/PA", cible_n5=0.9),
     {"SUI-020": ("L18",)}),
    ("a target forgotten", indicateur("TRANSFO/PA", cible_n3=None), {"SUI-031": ("J6",)}),
    ("next year's result", indicateur("TRANSFO/PA", realise_n3=0.6), {"SUI-010": ("O6",)}),
    ("this year's result forgotten", indicateur("SI/PH", realise_n2=None), {"SUI-011": ("N15",)}),
    ("last year's result erased", indicateur("SI/PH", realise_n1=None), {"SUI-021": ("M15",)}),
    ("a rate declared too high", indicateur("TRANSFO/PA", realise_n2=0.6), {"IND-001": ("N6",)}),
    ("a rate rounded to the point", indicateur("UNESANTE/PA", realise_n2=0.33),
     {"IND-102": ("N8",)}),
    ("a deficit absorbed too fast", indicateur("DIFFICULTE/PH", realise_n2=1.0),
     {"IND-008": ("N21",)}),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "expected"), [c[1:] for c in CAS], ids=[c[0] for c in CAS])
def test_one_fault_gives_exactly_its_findings(
    edit: Edit, expected: dict[str, tuple[str, ...]]
) -> None:
    content = valid_content()
    edit(content)
    assert controle(classeur_de(content)) == set(expected.items())


def test_the_engine_finds_what_the_rules_find() -> None:
    """pandera stands between the two: it must lose nothing."""
    content = valid_content()
    for _, edit, _ in CAS[-10:]:
        edit(content)
    classeur = classeur_de(content)
    own = {(code, cells) for code, _, cells in anomalies(classeur)}
    assert controle(classeur) == own and len(own) >= 9


# --- no cascade ----------------------------------------------------------------------------------

SAISIES = [(s.key, c.key, c.required) for s in SHEETS.values() for c in s.columns if c.is_entry]


def blanked(sheet: str, column: str, value: Any, ranks: list[int]) -> Classeur:
    content = valid_content()
    for rank in ranks:
        content[sheet][rank][column] = value
    return classeur_de(content)


@pytest.mark.parametrize("sheet", SHEETS)
def test_an_unread_cell_raises_nothing_more(sheet: str) -> None:
    for key, column, _ in SAISIES:
        if key == sheet:
            everywhere = list(range(len(valid_content()[sheet])))
            assert anomalies(blanked(sheet, column, NON_LU, [0])) == set(), column
            assert anomalies(blanked(sheet, column, NON_LU, everywhere)) == set(), column


@pytest.mark.parametrize("sheet", SHEETS)
def test_an_empty_compulsory_cell_raises_nothing_more(sheet: str) -> None:
    for key, column, required in SAISIES:
        if key == sheet and required:
            last = len(valid_content()[sheet]) - 1
            assert anomalies(blanked(sheet, column, None, [0])) == set(), column
            assert anomalies(blanked(sheet, column, None, [last])) == set(), column


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_missing_sheet_raises_nothing_more(sheet: str) -> None:
    classeur = classeur_de(valid_content())
    classeur = Classeur(
        classeur.referentiel,
        {**classeur.tables, sheet: missing_table(SHEETS[sheet])},
    )
    compute_workbook(classeur)
    assert controle(classeur) == set()


@pytest.mark.long
@pytest.mark.parametrize("rule", EXECUTABLES, ids=lambda r: r.code)
def test_the_order_of_the_rows_does_not_matter(rule: Rule) -> None:
    for example in (*rule.ok, *rule.ko):
        content = {**BASE, **example_content(rule, example)}
        results = []
        for this_content in (content, {key: list(reversed(rows)) for key, rows in content.items()}):
            classeur = classeur_de(this_content)
            context = RuleContext(classeur, classeur.identification.date_arrete)
            with active_context(context):
                results.append(sum(len(finding.cells) for finding in fautes(rule, context)))
        assert results[0] == results[1], example


@pytest.mark.long
@pytest.mark.parametrize("rule", EXECUTABLES, ids=lambda r: r.code)
def test_a_rule_changes_nothing_in_what_it_reads(rule: Rule) -> None:
    for example in rule.ko:
        classeur = classeur_de({**BASE, **example_content(rule, example)})
        before = {key: [copy.copy(row.values) for row in t] for key, t in classeur.tables.items()}
        context = RuleContext(classeur, classeur.identification.date_arrete)
        with active_context(context):
            fautes(rule, context)
        assert {key: [row.values for row in t] for key, t in classeur.tables.items()} == before


# --- what is said --------------------------------------------------------------------------------

PHRASE = re.compile(r"[A-ZÀÉÈÊ« 0-9].*\.", re.DOTALL)
FORBIDDEN = re.compile(r"None|NON_LU|illisible|\{|\}|_|  |\bFalse\b|\bTrue\b")


@pytest.mark.parametrize("rule", EXECUTABLES, ids=lambda r: r.code)
def test_sentences_can_be_read_aloud(rule: Rule) -> None:
    for example in rule.ko:
        for fault in example_faults(rule, example, load_referentiel()):
            finding = finding_of_fault(rule, fault)
            assert len(finding.message) <= 240, finding.message
            for text in (finding.message, finding.fix):
                assert PHRASE.fullmatch(text), text
                assert not FORBIDDEN.search(text), text
                assert typeset(text) == text, text
            assert not FORBIDDEN.search(finding.expected), finding.expected


@pytest.mark.parametrize("rule", EXECUTABLES, ids=lambda r: r.code)
def test_a_page_has_a_cure_that_names_a_place(rule: Rule) -> None:
    assert rule.fix.endswith(".") and "«" in rule.fix
    assert rule.source.certitude in CERTAINTIES


def test_the_messages_of_a_few_faults() -> None:
    content = valid_content()
    put("actions", 0, avancement=0.9)(content)
    put("mesures", 0, finess_et="250000015")(content)
    indicateur("EFFICIENCE/PA", realise_n2=0.75)(content)
    classeur = classeur_de(content)
    context = RuleContext(classeur, classeur.identification.date_arrete)
    with active_context(context):
        said = [f.message for rule in EXECUTABLES for f in fautes(rule, context)]
    assert said == [
        typeset(text)
        for text in (
            "Le numéro 250000015 (ligne 6) n'est celui d'aucun ESMS de la feuille "
            "« Établissements ».",
            "L'action A1 « Ouvrir une plateforme de services aux seniors… » est « Réalisée » avec "
            "un avancement de 90,0 %.",
            "Le taux déclaré de l'indicateur EFFICIENCE/PA est de 75,00 %, mais les lignes donnent "
            "50,00 % (points de fragilité résolus : 2 ; points de fragilité identifiés : 4).",
        )
    ]


def test_the_numbers_of_the_catalogue_are_kept() -> None:
    """Codes and severities are public: a profile, a waiver, a letter may name them."""
    severities = {rule.code: rule.severity for rule in RULE_CODES}
    blocking = {code for code, severity in severities.items() if severity is BLOQUANT}
    assert blocking == {
        *(f"IDE-{n:03d}" for n in (1, 2, 3, 5, 8, 10, 12, 17, 24, 50)),
        *(f"MOD-{n:03d}" for n in (1, 2, 3, 4, 5, 7, 16, 22, 23, 24, 39)),
        *(f"SUI-{n:03d}" for n in (2, 20, 25)),
        "IND-009",
    }
    a_confirmer = {rule.code for rule in RULE_CODES if rule.source.blocks}
    assert a_confirmer == {
        *(f"SUI-{n:03d}" for n in (1, 5, 11)),
        *(f"IND-{n:03d}" for n in range(1, len(BY_MODULE) + 1)),
    }
    assert {c for c, s in severities.items() if s is INFORMATION} == {"IDE-040", "MOD-060"}
    warnings = {c for c, s in severities.items() if s is AVERTISSEMENT}
    assert {f"IND-{100 + n}" for n in range(1, len(BY_MODULE) + 1)} <= warnings
    assert not {"IDE-014", "SUI-004", "SUI-006", "SUI-007"} & severities.keys()
