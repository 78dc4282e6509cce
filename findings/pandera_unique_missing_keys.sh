#!/usr/bin/env bash
# pandera 0.35.0 (pandas 3.1.1, Python 3.11), seen on 2026-11-30.
#
# A key column declared `unique` and `nullable`, where two rows have no key. `validate(lazy=True)`
# refuses the frame (missing keys count as equal), and `failure_cases`, the table that says which
# rows are at fault, is EMPTY: a report made of it shows a refusal without a single fault. With a
# key of two columns, the rows are given, but under the column that is filled in alone.
#
# Expected: either missing keys are not duplicates (as in SQL), or the rows are listed.
# Ends 0 while this is so, 1 when it changes.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"${PYTHON:-python3}" -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check pandera==0.35.0 pandas==3.1.1
"$place/venv/bin/python" - <<'PY'
import pandas as pd
import pandera.pandas as pa

text = pa.Column("string", nullable=True)
keys = pd.array(["21-A", None, None], dtype="string")


def cases(schema: pa.DataFrameSchema, frame: pd.DataFrame) -> list[tuple[object, object]]:
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as refusal:
        table = refusal.failure_cases
        return [(column, index) for column, index in zip(table["column"], table["index"])]
    raise SystemExit("CHANGED: the frame is accepted")


one = cases(pa.DataFrameSchema({"finess": text}, unique=["finess"]), pd.DataFrame({"finess": keys}))
print("refused, failure cases of a key of one column:", one)
column = pa.Column("string", nullable=True, unique=True)
same = cases(pa.DataFrameSchema({"finess": column}), pd.DataFrame({"finess": keys}))
print("refused, failure cases of a column that is unique:", same)
two = cases(
    pa.DataFrameSchema({"finess": text, "annee": pa.Column(int)}, unique=["finess", "annee"]),
    pd.DataFrame({"finess": keys, "annee": [1, 2, 2]}),
)
print("refused, failure cases of a key of two columns:", two)
if (one, same, two) != ([], [], [("annee", 1), ("annee", 2)]):
    raise SystemExit("CHANGED: see above")
PY
