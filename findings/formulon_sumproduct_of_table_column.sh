#!/usr/bin/env bash
# formulon 0.18.0 reading a workbook of XlsxWriter 3.3.1 (Python 3.11), seen on 2026-12-01.
#
# A table has a calculated column whose last row shows an empty text. SUMPRODUCT of that column named
# as a structured reference gives 0, and #VALUE! with a second argument; the same cells named B2:B4
# give 60 and 60, and SUM of the structured reference gives 60.
#
# Expected: 60 everywhere. SUMPRODUCT takes an entry that is no number for zero, however its range
# is named.
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


FORMULAS = ["SUMPRODUCT(t[r])", "SUMPRODUCT(--(t[n]>0),t[r])", "SUM(t[r])",
            "SUMPRODUCT(B2:B4)", "SUMPRODUCT(--(A2:A4>0),B2:B4)"]
SEEN = [0.0, "#VALUE!", 60.0, 60.0, 60.0]
DOUBLED = '=IF(t[[#This Row],[n]]="","",t[[#This Row],[n]]*2)'
file = xlsxwriter.Workbook("essai.xlsx")
sheet = file.add_worksheet()
columns = [{"header": "n"}, {"header": "r", "formula": DOUBLED}]
sheet.add_table("A1:B4", {"name": "t", "columns": columns})
for row, number in enumerate((10, 20, None), start=1):
    if number is not None:
        sheet.write_number(row, 0, number)
    sheet.write_formula(row, 1, DOUBLED, None, "" if number is None else 2 * number)
for row, formula in enumerate(FORMULAS):
    sheet.write_formula(row, 5, "=" + formula)
file.close()
book = formulon.Workbook.load(open("essai.xlsx", "rb").read())
book.recalc()
seen = {formula: shown(book.get_value(0, row, 5)) for row, formula in enumerate(FORMULAS)}
for formula, value in seen.items():
    print(formula, "->", value)
if list(seen.values()) != SEEN:
    raise SystemExit("CHANGED")
PY
