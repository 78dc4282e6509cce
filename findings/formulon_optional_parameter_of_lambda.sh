#!/usr/bin/env bash
# formulon 0.18.0 reading a workbook of XlsxWriter 3.3.1 (Python 3.11), seen on 2026-12-01.
#
# A name of the workbook is a LAMBDA whose second parameter may be left out. In a file, Excel 365
# stores such a parameter as `_xlop.b` where it is declared and `_xlpm.b` where it is read. Called
# with one argument, it gives #VALUE!; a LAMBDA without optional parameter is right.
#
# Expected: 2 (IronCalc 0.9.1 answers 2).
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


FORMULAS = ["ONE(2)", "TWO(2)"]
SEEN = [3.0, "#VALUE!"]
file = xlsxwriter.Workbook("essai.xlsx")
sheet = file.add_worksheet()
file.define_name("ONE", "=_xlfn.LAMBDA(_xlpm.a,_xlpm.a+1)")
file.define_name(
    "TWO", "=_xlfn.LAMBDA(_xlpm.a,_xlop.b,IF(_xlfn.ISOMITTED(_xlpm.b),_xlpm.a,_xlpm.b))"
)
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
