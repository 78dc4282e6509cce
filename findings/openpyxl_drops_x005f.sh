#!/usr/bin/env bash
# openpyxl 3.1.5 reading a workbook of XlsxWriter 3.3.1 (Python 3.11), seen on 2026-11-30.
#
# A cell holds the plain text « Lot x005F_ nord ». Nothing in it has to be escaped (an escape is
# `_x005F_`, with both underscores) and the file says it as it is; openpyxl gives « Lot  nord »: the
# six characters are gone without a word. python-calamine 0.9.1 reads the text whole.
#
# Expected: only `_x005F_` is undone, as ECMA-376 (part 1, 22.9.2.19) says.
# Ends 0 while this is so, 1 when it changes.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"${PYTHON:-python3}" -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check \
    openpyxl==3.1.5 XlsxWriter==3.3.1 python-calamine==0.9.1
cd "$place"
"$place/venv/bin/python" - <<'PY'
import zipfile

import openpyxl
import python_calamine
import xlsxwriter

TEXT = "Lot x005F_ nord"
book = xlsxwriter.Workbook("lots.xlsx")
book.add_worksheet().write_string(0, 0, TEXT)
book.close()
written = zipfile.ZipFile("lots.xlsx").read("xl/sharedStrings.xml").decode()
assert f"<t>{TEXT}</t>" in written, written
seen = openpyxl.load_workbook("lots.xlsx").active["A1"].value
other = python_calamine.load_workbook("lots.xlsx").get_sheet_by_index(0).to_python()[0][0]
print("openpyxl:", repr(seen))
print("calamine:", repr(other))
assert other == TEXT, other
if seen != "Lot  nord":
    raise SystemExit("CHANGED")
PY
