"""The pandera schemas by themselves, and in the path of every control."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.errors
import pandera.pandas as pa
import pytest

from tests.atelier import VALIDE
from xl_cpom import check
from xl_cpom.validators import schemas
from xl_cpom.workbook.sheets import SHEETS

ACTION: dict[str, Any] = {
    "numero": "A1", "module": "TRANSFO", "secteur": "PA", "type_action": "Autodétermination",
    "intitule": "Former les équipes à l'autodétermination", "pilote": "Directrice",
    "annee_entree": 2026, "echeance": dt.date(2028, 12, 31), "statut": "En cours",
    "avancement": 0.5,
}  # fmt: skip

AUTRE = {"numero": "A2", "intitule": "Créer un conseil de la vie sociale élargi"}


def refused(key: str, rows: list[dict[str, Any]]) -> list[int]:
    """Row numbers refused by the schema."""
    columns = [column.key for column in SHEETS[key].columns if column.is_entry]
    index = range(6, 6 + len(rows))
    frame = pd.DataFrame(rows, index=index, columns=columns, dtype=object)
    frame = frame.where(frame.notna(), None)
    try:
        schemas.schema(key).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as refusal:
        (error,) = refusal.schema_errors
        output = error.check_output
        return [int(number) for number, ok in output.items() if not ok]
    return []


def test_a_frame_of_ones_own() -> None:
    assert refused("actions", [ACTION]) == []


@pytest.mark.parametrize(
    "change",
    [{"avancement": "80 %"}, {"avancement": 1.2}, {"statut": "Terminée"}, {"pilote": None},
     {"echeance": "31/12/2028"}, {"annee_entree": 2026.5}, {"statut": "Réalisée"}],
    ids=str,
)  # fmt: skip
def test_types_lists_bounds_compulsory_cells_and_rules(change: dict[str, Any]) -> None:
    assert refused("actions", [ACTION | AUTRE, ACTION | change]) == [7]


def test_a_compulsory_column_must_be_there() -> None:
    frame = pd.DataFrame([{k: v for k, v in ACTION.items() if k != "statut"}], dtype=object)
    with pytest.raises(pandera.errors.SchemaErrors, match="statut"):
        schemas.schema("actions").validate(frame, lazy=True)


@pytest.mark.parametrize("key", list(SHEETS))
def test_an_empty_sheet_is_sound(key: str) -> None:
    if SHEETS[key].layout.value == "table":
        assert refused(key, []) == []


def test_every_sheet_goes_through_its_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    real = pa.DataFrameSchema.validate

    def spy(schema: pa.DataFrameSchema, frame: pd.DataFrame, **options: Any) -> pd.DataFrame:
        seen.append(str(schema.name))
        assert list(frame.columns) == [column.key for column in SHEETS[str(schema.name)].columns]
        assert [check.name for check in schema.checks] == [schemas.REGLES]
        return real(schema, frame, **options)

    monkeypatch.setattr(pa.DataFrameSchema, "validate", spy)
    assert check(VALIDE).verdict.value == "recevable"
    assert sorted(seen) == sorted(SHEETS)


def test_an_unread_or_wrong_value_is_refused_by_pandera_itself() -> None:
    """The schema a control runs, on a frame the reading would not make."""
    frame = pd.DataFrame([ACTION, ACTION | AUTRE | {"avancement": "80 %"}], dtype=object)
    frame = frame.reindex(columns=[column.key for column in SHEETS["actions"].columns])
    frame = frame.astype(object).where(frame.notna(), None)
    with pytest.raises(pandera.errors.SchemaErrors) as refusal:
        schemas.engine_schema("actions").validate(frame, lazy=True)
    (error,) = refusal.value.schema_errors
    assert error.check_output.tolist() == [True, False]


def test_finess_survives_as_text(tmp_path: Path) -> None:
    """pandas.read_excel would make a float of it; the frame of a table holds what was read."""
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.workbook.interpretation.interpret import interpret
    from xl_cpom.workbook.reader import read_workbook

    classeur = interpret(read_workbook(VALIDE), load_referentiel()).classeur
    frame = schemas.frame_of(classeur["etablissements"])
    assert all(isinstance(value, str) and len(value) == 9 for value in frame["finess_et"])
    assert set(frame.dtypes) == {frame["finess_et"].dtype}
