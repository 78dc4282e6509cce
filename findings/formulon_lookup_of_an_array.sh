#!/usr/bin/env bash
# formulon 0.18.0 reading a workbook of XlsxWriter 3.3.1 (Python 3.11), seen on 2026-12-01.
#
# LOOKUP(2,1/(A1:A3="b"),B1:B3), an old way to find a row, in an ordinary cell: #DIV/0! on the first
# row, since the range is cut down to the row of the formula before LOOKUP sees it. Stored as a
# dynamic array formula, the same text gives « y ».
#
# Expected: « y » both times. The second argument of LOOKUP is an array: no spreadsheet asks for
# Ctrl+Shift+Enter there (LibreOffice 7.4 and IronCalc 0.9.1 answer « y »).
# Ends 0 while this is so, 1 when it changes.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"${PYTHON:-python3}" -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check \
    formulon==0.18.0 XlsxWriter==3.3.1
cd "$place"
"$place/venv/bin/python" - <<'PY'
import formulon
import xlsxwriter


def shown(value):
    if value.kind == formulon.ValueKind.ERROR:
        return formulon.error_display_name(value.error_code)
    return value.to_python()


FORMULAS = ['LOOKUP(2,1/(A1:A3="b"),B1:B3)', 'LOOKUP(2,1/(A1:A3&""="b"),B1:B3)']
SEEN = ["#DIV/0!", "y"]
file = xlsxwriter.Workbook("essai.xlsx")
sheet = file.add_worksheet()
for row, (key, label) in enumerate((("a", "x"), ("b", "y"), ("c", "z"))):
    sheet.write_string(row, 0, key)
    sheet.write_string(row, 1, label)
sheet.write_formula(0, 5, "=" + FORMULAS[0])
sheet.write_dynamic_array_formula(1, 5, 1, 5, "=" + FORMULAS[1])
file.close()
book = formulon.Workbook.load(open("essai.xlsx", "rb").read())
book.recalc()
seen = {formula: shown(book.get_value(0, row, 5)) for row, formula in enumerate(FORMULAS)}
for formula, value in seen.items():
    print(formula, "->", value)
if list(seen.values()) != SEEN:
    raise SystemExit("CHANGED")
PY
