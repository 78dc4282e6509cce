"""The pandera schemas as a data engineer uses them, and the one a batch runs."""

from __future__ import annotations

import datetime as dt
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.errors
import pandera.pandas as pa
import pytest

from tests.atelier import VALIDE, Workshop
from xl_cpom import check
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators import schemas
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.judges import by_pandera
from xl_cpom.validators.model import INFORMATION, Finding, Scope
from xl_cpom.workbook.interpretation.interpret import interpret
from xl_cpom.workbook.lists import admitted
from xl_cpom.workbook.model import Layout
from xl_cpom.workbook.reader import read_workbook
from xl_cpom.workbook.sheets import SHEETS

FAULTY = VALIDE.with_name("exemple_fautif.xlsx")
ACTION: dict[str, Any] = {
    "numero": "A1", "module": "TRANSFO", "secteur": "PA", "type_action": "Autodétermination",
    "intitule": "Former les équipes à l'autodétermination", "pilote": "Directrice",
    "annee_entree": 2026, "echeance": dt.date(2028, 12, 31), "statut": "En cours",
    "avancement": 0.5,
}  # fmt: skip

OTHER = {"numero": "A2", "intitule": "Créer un conseil de la vie sociale élargi"}

pytestmark = pytest.mark.filterwarnings("ignore::pandera.errors.SchemaWarning")


def cases(key: str, frame: pd.DataFrame) -> list[tuple[str, str, Any]]:
    """(check, column, index) of each failure case."""
    try:
        schemas.schema(key).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as refusal:
        found = refusal.failure_cases
        return sorted(zip(found["check"], found["column"], found["index"], strict=True), key=str)
    return []


@cache
def frames(path: Path) -> dict[str, pd.DataFrame]:
    """The frames of an example, read once: no test changes them."""
    return schemas.frames(path)


@cache
def names(path: Path) -> dict[str, str]:
    """Key of a sheet -> its name in the example."""
    classeur = interpret(read_workbook(path), load_referentiel()).classeur
    return {key: classeur[key].name for key in SHEETS}


@cache
def findings(path: Path) -> tuple[Finding, ...]:
    return check(path).findings


def own(*rows: dict[str, Any]) -> pd.DataFrame:
    """A frame of one's own: entry columns, objects."""
    columns = [column.key for column in SHEETS["actions"].columns if column.is_entry]
    return pd.DataFrame(rows, index=range(6, 6 + len(rows)), columns=columns, dtype=object)


def test_a_frame_of_ones_own() -> None:
    assert cases("actions", own(ACTION)) == []
    assert cases("actions", pd.DataFrame([ACTION])) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"avancement": "80 %"}, ("dtype('Float64')", "avancement", 7)),
        ({"avancement": 1.2}, ("FMT-022", "avancement", 7)),
        ({"avancement": True}, ("dtype('Float64')", "avancement", 7)),
        ({"statut": "Terminée"}, ("FMT-013", "statut", 7)),
        ({"pilote": None}, ("not_nullable", "pilote", 7)),
        ({"pilote": ""}, ("not_nullable", "pilote", 7)),
        ({"echeance": "31/12/2028"}, ("dtype('datetime64[ns]')", "echeance", 7)),
        ({"echeance": dt.date(9999, 1, 1)}, ("dtype('datetime64[ns]')", "echeance", 7)),
        ({"annee_entree": 2026.5}, ("dtype('Int64')", "annee_entree", 7)),
        ({"annee_entree": "n"}, ("dtype('Int64')", "annee_entree", 7)),
        ({"statut": "Réalisée"}, ("SUI-001", "statut", 7)),
        ({"finess_et": "210780000 ; 12"}, ("FMT-001", "finess_et", 7)),
        ({"finess_et": "210780582"}, ("FMT-002", "finess_et", 7)),
        ({"numero": "A1", "intitule": OTHER["intitule"]}, ("MOD-023", "numero", 6)),
    ],
    ids=lambda value: str(value)[:40],
)
def test_each_fault_is_one_line_with_its_code_and_its_row(
    change: dict[str, Any], expected: tuple[str, str, int]
) -> None:
    assert cases("actions", own(ACTION, ACTION | OTHER | change)) == [expected]


def test_pandera_s_own_checks_are_told_by_code_too() -> None:
    frame = own(ACTION, ACTION | OTHER | {"pilote": None, "avancement": "80 %"})
    with pytest.raises(pandera.errors.SchemaErrors) as refusal:
        schemas.schema("actions").validate(frame, lazy=True)
    found = schemas.fautes(refusal.value, "actions")
    assert sorted(zip(found["code"], found["index"], found["colonne"], strict=True)) == [
        ("FMT-009", 7, "avancement"),
        ("MOD-005", 7, "pilote"),
    ]
    assert found.loc[found["code"] == "FMT-009", "valeur"].item() == "80 %"
    assert all(found["titre"])


@pytest.mark.parametrize("key", list(SHEETS))
def test_what_a_schema_declares(key: str) -> None:
    sheet, found = SHEETS[key], schemas.schema(key)
    assert (found.name, found.title, found.description) == (key, sheet.name, sheet.purpose)
    assert list(found.columns) == [column.key for column in sheet.columns]
    for column in sheet.columns:
        declared = found.columns[column.key]
        compulsory = column.required and column.is_entry
        assert (declared.title, declared.description) == (column.header, column.help)
        assert (declared.nullable, declared.required) == (not compulsory, compulsory)
        assert str(declared.dtype) in {"string[python]", "Float64", "Int64", "datetime64[ns]"}
        lists = [list(c.statistics["allowed_values"]) for c in declared.checks if c.name == "isin"]
        listed = admitted(column, load_referentiel()) if column.is_entry else ()
        assert lists == ([list(listed)] if listed else [])
        assert all(check.error in RULES for check in declared.checks)
    codes = [check.error for check in found.checks]
    scopes = (Scope.ROW, Scope.SHEET, Scope.CLASSEUR)
    wanted = {r.code for r in RULES.values() if r.sheet is sheet and r.scope in scopes}
    assert set(codes) == wanted == set(found.metadata["regles"]) and len(codes) == len(wanted)
    assert all(check.title and check.description for check in found.checks)
    for code, said in found.metadata["regles"].items():
        assert said["gravite"] == RULES[code].severity.value and said["source"]


@pytest.mark.parametrize("key", list(SHEETS))
def test_a_schema_as_yaml_reads_back_with_its_rules(key: str) -> None:
    read = pa.DataFrameSchema.from_yaml(schemas.to_yaml(key))
    assert [c.error for c in read.checks] == [c.error for c in schemas.schema(key).checks]
    assert list(read.columns) == list(schemas.schema(key).columns)


def test_a_schema_read_back_still_finds_the_faults() -> None:
    read = pa.DataFrameSchema.from_yaml(schemas.to_yaml("actions"))
    frame = schemas.frames(VALIDE)["actions"]
    read.validate(frame, lazy=True)
    frame.loc[frame.index[0], "avancement"] = 0.123
    frame.loc[frame.index[0], "statut"] = "Réalisée"
    with pytest.raises(pandera.errors.SchemaErrors) as refusal:
        read.validate(frame, lazy=True)
    assert "SUI-001" in set(refusal.value.failure_cases["check"])


def test_a_compulsory_column_must_be_there() -> None:
    frame = pd.DataFrame([{k: v for k, v in ACTION.items() if k != "statut"}])
    assert cases("actions", frame) == [("column_in_dataframe", "actions", None)]
    with pytest.raises(pandera.errors.SchemaErrors, match="statut"):
        schemas.schema("actions").validate(frame, lazy=True)


@pytest.mark.parametrize("key", list(SHEETS))
def test_an_empty_frame_is_sound(key: str) -> None:
    empty = frames(VALIDE)[key].iloc[:0]
    assert cases(key, empty) == []


@pytest.mark.parametrize("dtype", [object, "float64", "int64", "bool", "datetime64[ns]"])
def test_wrong_dtypes_are_refused_by_pandera_never_by_a_crash(dtype: Any) -> None:
    columns = [column.key for column in SHEETS["actions"].columns if column.is_entry]
    frame = pd.DataFrame(0, index=range(3), columns=columns).astype(dtype)
    found = cases("actions", frame)
    assert found and not any("Error" in str(case) for case in found)


@pytest.mark.parametrize("whole", [False, True], ids=["alone", "with its workbook"])
@pytest.mark.parametrize("key", list(SHEETS))
def test_the_valid_example_is_sound(key: str, whole: bool) -> None:
    frame = frames(VALIDE)[key]
    if not whole:
        assert cases(key, frame) == []
        return
    with schemas.context(VALIDE):
        assert cases(key, frame) == []


ELSEWHERE = {"STR-010", "SUI-003"}
"""Said by the reading alone, or of a sheet as a whole."""


@pytest.mark.parametrize("key", [k for k in SHEETS if SHEETS[k].layout is Layout.TABLE])
def test_with_its_workbook_a_table_says_what_the_control_says(key: str) -> None:
    """The rules that the control found at fault on the sheet, at the same rows."""
    rules = set(schemas.schema(key).metadata["regles"])
    name = names(FAULTY)[key]
    rows = set(frames(FAULTY)[key].index)  # a missing line is told below the table

    def row_of(cell: str) -> int | None:
        number = int("".join(filter(str.isdigit, cell)))
        return number if number in rows else None

    wanted = {
        (f.code, row_of(f.cells[0]))
        for f in findings(FAULTY)
        if f.sheet == name and f.code in rules and f.severity is not INFORMATION
    }
    with schemas.context(FAULTY):
        found = {
            (code, index) for code, _, index in cases(key, frames(FAULTY)[key]) if code in rules
        }
    assert found == wanted


def test_rules_that_need_the_workbook_are_listed_and_told() -> None:
    frame = schemas.frames(VALIDE)["actions"]
    listed = schemas.non_controlables("actions")
    assert "MOD-006" in listed and "SUI-001" not in listed
    assert listed == schemas.schema("actions").metadata["non_controlables"]
    late = frame.assign(echeance=pd.Timestamp("2044-12-31"))
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        assert cases("actions", late) == []
    (said,) = [str(one.message) for one in told]
    assert all(code in said for code in listed)
    with schemas.context(VALIDE):
        assert {code for code, _, _ in cases("actions", late)} == {"MOD-006"}


def test_returns_are_judged_apart_by_their_file() -> None:
    frame = schemas.frames(VALIDE)["etablissements"]
    two = pd.concat([frame.assign(fichier="a"), frame.assign(fichier="b")], ignore_index=True)
    assert cases("etablissements", two) == []
    assert {code for code, _, _ in cases("etablissements", two.drop(columns="fichier"))} == {
        "IDE-003"
    }


def test_an_unread_cell_is_shown_as_the_file_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "retour.xlsx"
    path.write_bytes(Workshop(VALIDE).cellule("Plan d'actions", "L7", "80 pour cent").octets())
    with pytest.raises(pandera.errors.SchemaErrors) as refusal:
        schemas.schema("actions").validate(schemas.frames(path)["actions"], lazy=True)
    found = schemas.fautes(refusal.value, "actions")
    assert found[["index", "valeur"]].values.tolist() == [[7, "80 pour cent"]]


def test_what_read_excel_makes_of_a_finess_is_mended() -> None:
    """« 010780005 » comes back as 10780005.0: the zero is put back when the key agrees."""
    frame = own(ACTION | {"finess_et": 10780005.0, "numero": 1, "poids": "2.5"})
    made = schemas.schema("actions").validate(frame)
    assert made[["finess_et", "numero", "poids"]].values.tolist() == [["010780005", "1", 2.5]]
    wrong = own(ACTION | {"finess_et": 10780005.0 + 1})
    assert cases("actions", wrong) == [("dtype('string[python]')", "finess_et", 6)]


@pytest.mark.slow
def test_a_hundred_thousand_rows_take_a_time_that_grows_as_the_rows() -> None:
    """Counted in calls of the rules, not in seconds."""
    frame = own(ACTION)
    big = pd.concat([frame] * 20_000, ignore_index=True)
    big["numero"] = [f"A{n}" for n in range(len(big))]
    big["intitule"] = [f"Former l'équipe n° {n} à l'autodétermination" for n in range(len(big))]
    big["fichier"] = [str(n // 4) for n in range(len(big))]
    assert cases("actions", big) == []


OF_PERIOD_N = {"contractualisation", "photographie_si", "referents"}
"""Nothing is asked of these sheets once the contract is signed."""


def test_every_sheet_of_a_batch_goes_through_its_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    real = pa.DataFrameSchema.validate

    def spy(schema: pa.DataFrameSchema, frame: pd.DataFrame, **options: Any) -> pd.DataFrame:
        seen.append(str(schema.name))
        assert list(frame.columns) == [column.key for column in SHEETS[str(schema.name)].columns]
        assert [check.name for check in schema.checks] == [by_pandera.RULE_CODES]
        return real(schema, frame, **options)

    monkeypatch.setattr(pa.DataFrameSchema, "validate", spy)
    assert check(VALIDE, juge="pandera").verdict.value == "recevable"
    assert set(SHEETS) - set(seen) == OF_PERIOD_N
    assert len(seen) == len(set(seen))


def test_an_unread_or_wrong_value_is_refused_by_pandera_itself() -> None:
    """The schema a control runs, on a frame the reading would not make."""
    frame = pd.DataFrame([ACTION, ACTION | OTHER | {"avancement": "80 %"}], dtype=object)
    frame = frame.reindex(columns=[column.key for column in SHEETS["actions"].columns])
    frame = frame.astype(object).where(frame.notna(), None)
    with pytest.raises(pandera.errors.SchemaError) as refusal:
        by_pandera.wide_schema("actions").validate(frame, lazy=False)
    cause = refusal.value.__cause__
    assert isinstance(cause, by_pandera.RowsRefusedError) and cause.sound == [True, False]


@pytest.mark.parametrize("path", [VALIDE, FAULTY], ids=lambda p: p.stem)
def test_finess_survives_as_text(path: Path) -> None:
    """pandas.read_excel would make a float of it."""
    frame = schemas.frames(path)["etablissements"]
    assert all(isinstance(value, str) and len(value) == 9 for value in frame["finess_et"])
    assert str(frame["finess_et"].dtype) == "string"
