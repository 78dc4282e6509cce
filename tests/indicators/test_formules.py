"""The same values from plain Excel formulas (LibreOffice) and from LAMBDA (IronCalc)."""

import random
import re

import pytest

from tools.bureau import SOFFICE
from xl_cpom.indicators import INDICATORS, NoExcelFormError, find_indicator
from xl_cpom.indicators.cibles import TARGET_FUNCTIONS
from xl_cpom.indicators.excel_text import FORMULA_LENGTH, nombre, texte

from .cases import CAS, FUNCTION_CASES, VALUE, Cas
from .classeur import Feuille, recompute

PARTS = ("numerateur", "denominateur", "value")


def attendu_cell(valeur):
    """What a cell shows for a Python result."""
    return "#N/A" if valeur is None else valeur


def pareil(cellule, valeur) -> bool:
    expected = attendu_cell(valeur)
    if isinstance(expected, str) or isinstance(cellule, str):
        return cellule == expected
    return cellule == pytest.approx(expected, rel=1e-12, abs=1e-12)


def vectors(code):
    return [i.key for i in INDICATORS[code].inputs if i.kind == "vector"]


def formules(cas: Cas, refs: dict[str, str]) -> list[str]:
    return [INDICATORS[cas.code].excel_formula(refs, p, cas.methode) for p in PARTS]


def at_random(graine: int) -> Cas:
    """A case whose inputs are drawn at random, its expected values computed in Python."""
    rng = random.Random(graine)
    code = rng.choice(["TRANSFO", "EFFICIENCE", "SI", "HAS", "LEVEE", "RESORPTION", "ECHUES"])
    indicator = INDICATORS[code]
    methode = rng.choice([None, *indicator.methodes])
    rows = rng.randint(1, 9)
    drawn = {
        "perimetre": ["X/PA", "x/pa", "X/PH", "", None],
        "statut": ["Réalisée", "Levée", "Résolu", "En cours", "Abandonnée", "Annulée", "", None],
        "avancement": [0, 0.25, 0.5, 1, None, "", "à voir"]
        if graine % 5 == 0
        else [0, 0.5, 1, None],
        "poids": [1, 2, 0.5, None],
        "taux_completude": [0, 0.99, 1, 1, None],
        "si": ["A", "a", "B", "Ç", None],
        "exigible": ["Oui", "Non", "OUI", None],
        "date_levee": [46000, 46400, 46800, None],
        "echeance": [46000, 46400, 46800, None],
        "reference": ["ARS", None, ""],
        "type_mesure": ["injonction", "recommandation", "Prescription", None],
        "deficit_reference": [100000, 0, -5, 33333.33, None],
        "resultat": [-40000, 12000, 0, -150000.55] + [None] * (graine % 3 == 0),
        "code": ["X/PA", "x/PA", "Y", None],
        "au": [46400, None],
    }
    data = {}
    for entry in indicator.inputs:
        needed = entry.key in indicator.methode(methode).requis
        if entry.optional and not needed and rng.random() < 0.3:
            continue
        values = drawn[entry.key]
        vector = entry.kind == "vector"
        data[entry.key] = (
            [rng.choice(values) for _ in range(rows)]
            if vector
            else values[int(rng.random() ** 3 * len(values))]
        )
    if "perimetre" in data:
        data.setdefault("code", "X/PA")
    try:
        found = indicator.compute(data, methode)
        expected = (found.numerateur, found.denominateur, found.value)
    except ValueError:
        expected = (VALUE, VALUE, VALUE)
    return Cas(f"tirage {graine}", code, data, expected, methode)


DRAWS = tuple(at_random(seed) for seed in range(400))


@pytest.mark.soffice
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice absent : parité des formules non vérifiée")
def test_plain_formulas_in_libreoffice(tmp_path):
    sheet = Feuille(tmp_path / "cas.xlsx")
    expected = []
    for cas in (*CAS, *DRAWS):
        if "libreoffice" in cas.hors:
            continue
        refs = sheet.put(cas.data, vectors(cas.code))
        sheet.compute(*formules(cas, refs))
        expected.append((f"{cas.code} {cas.nom} {cas.data} {cas.methode}", cas.attendu))
    for cas in FUNCTION_CASES:
        refs = sheet.put(cas.data, [])
        sheet.compute(TARGET_FUNCTIONS[cas.code].excel_formula(refs))
        expected.append((f"{cas.code} {cas.nom}", (cas.attendu,)))
    sheet.close()
    rows = recompute(sheet.path, tmp_path)
    assert len(rows) == len(expected)
    wrong = [
        (name, value, row)
        for (name, value), row in zip(expected, rows, strict=True)
        if not all(pareil(cell, v) for cell, v in zip(row, value, strict=False))
    ]
    assert wrong == [], len(wrong)


@pytest.mark.soffice
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice absent : parité des formules non vérifiée")
def test_errors_of_ranges_come_through(tmp_path):
    sheet = Feuille(tmp_path / "erreurs.xlsx")
    cells = []
    for cas in CAS:
        indicator = INDICATORS[cas.code]
        if cas.attendu[2] is None or cas.attendu[2] == VALUE:
            continue
        for key in indicator.useful_inputs(cas.data, cas.methode):
            given = cas.data[key]
            broken = [*given[:-1], "#DIV/0!"] if isinstance(given, list) else "#DIV/0!"
            refs = sheet.put({**cas.data, key: broken}, vectors(cas.code))
            sheet.compute(indicator.excel_formula(refs, methode=cas.methode))
            cells.append(f"{cas.code} {cas.nom} {key}")
    sheet.close()
    rows = recompute(sheet.path, tmp_path)
    assert [c for c, row in zip(cells, rows, strict=True) if row[0] != "#DIV/0!"] == []
    assert len(cells) > 100


def test_lambda_in_ironcalc(tmp_path):
    ironcalc = pytest.importorskip("ironcalc", reason="IronCalc absent : LAMBDA non évaluées")
    sheet = Feuille(tmp_path / "lambda.xlsx")
    names: dict[str, str] = {}
    expected = []
    for cas in (*CAS, *DRAWS):
        if cas.methode == "PAR_SI":
            continue  # this engine does not spread a criterion of COUNTIFS; Excel and Calc do
        refs = sheet.put(cas.data, vectors(cas.code))
        keys = tuple(refs)
        body = INDICATORS[cas.code].lambda_(keys, (), "value", cas.methode)
        name = names.setdefault(body, f"CPOM_ESSAI_{len(names)}")
        sheet.compute(f"{name}({','.join(refs.values())})")
        expected.append((f"{cas.code} {cas.nom} {cas.data} {cas.methode}", cas.attendu[2]))
    for body, name in names.items():
        sheet.book.define_name(name, "=" + body)
    sheet.close()
    model = ironcalc.load_from_xlsx(str(sheet.path))
    model.evaluate()
    wrong = []
    for row, (label, value) in enumerate(expected, start=1):
        cell = model.get_cell_value(0, row, 1)
        if not pareil(cell, value):
            wrong.append((label, value, cell))
    assert wrong == []


def test_formula_text_is_plain_and_short_enough():
    refs = {
        "perimetre": "tActions[Périmètre]",
        "code": '"TRANSFO/PA"',
        "statut": "tActions[Statut]",
        "avancement": "tActions[Avancement]",
        "poids": "tActions[Poids]",
    }
    known = {
        "SUMPRODUCT", "COUNTIFS", "ROUND", "CHOOSE", "IF", "OR", "MIN", "MAX", "NA",
    }  # fmt: skip
    for methode in find_indicator("TRANSFO").methodes:
        text = find_indicator("TRANSFO").excel_formula(refs, "value", methode)
        assert len(text) < FORMULA_LENGTH / 2
        assert set(re.findall(r"([A-Z.]+)\(", text)) <= known
    assert find_indicator("OCCUPATION").excel_formula(
        {"journees_realisees": "A2", "capacite_financee": "B2", "jours_ouverture": "C2"},
        "numerateur",
    ) == ('IF(OR(A2>"",B2>"",C2>""),#VALUE!,IF(A2="",NA(),A2))')
    assert find_indicator("TRANSFO").excel_formula(refs) == (
        'IF(SUMPRODUCT(--(tActions[Périmètre]="TRANSFO/PA"),--(tActions[Statut]<>"Abandonnée"),'
        '--(tActions[Statut]<>"Sans objet"))>0,'
        'SUMPRODUCT(--(tActions[Périmètre]="TRANSFO/PA"),--(tActions[Statut]<>"Abandonnée"),'
        '--(tActions[Statut]<>"Sans objet"),--(tActions[Statut]="Réalisée"))'
        '/SUMPRODUCT(--(tActions[Périmètre]="TRANSFO/PA"),--(tActions[Statut]<>"Abandonnée"),'
        '--(tActions[Statut]<>"Sans objet")),NA())'
    )


def test_lambda_takes_optional_inputs():
    text = find_indicator("TRANSFO").lambda_(
        ("code", "perimetre", "statut"), ("avancement", "poids"), methode="PONDEREE"
    )
    head = "_xlfn.LAMBDA(_xlpm.code,_xlpm.perimetre,_xlpm.statut,_xlop.avancement,_xlop.poids,"
    assert text.startswith(head + "IF(_xlfn.ISOMITTED(_xlpm.avancement),")
    plain = find_indicator("TRANSFO").lambda_(("code", "perimetre", "statut"), ("poids",))
    assert "ISOMITTED" not in plain  # the method does not read it


def test_names_of_inputs_are_legal_lambda_parameters():
    for indicator in INDICATORS.values():
        for entry in indicator.inputs:
            assert re.fullmatch(r"[a-z][a-z0-9_]*", entry.key)
            assert not re.fullmatch(r"[a-z]{1,3}\d+|r\d*c?\d*|c\d*", entry.key)


def test_what_cannot_be_written_is_refused():
    with pytest.raises(NoExcelFormError, match="statut"):
        find_indicator("TRANSFO").excel_formula({"perimetre": "A1:A2", "code": '"X"'})
    with pytest.raises(NoExcelFormError, match="code"):
        find_indicator("TRANSFO").excel_formula({"perimetre": "A1:A2", "statut": "B1:B2"})


def test_constants():
    assert texte('dit « "oui" »') == '"dit « ""oui"" »"'
    assert [nombre(v) for v in (1.0, 0.5, -3, 1e-7)] == ["1", "0.5", "-3", "1E-07"]
