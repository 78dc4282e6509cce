"""Where cells are: order, duplicates, absent and impossible references. Nothing is lost unsaid."""

from __future__ import annotations

import pytest

from xl_cpom.workbook.reader import RawWorkbook, read_workbook

from .builders import workbook


def read(rows: str, **options: object) -> tuple[dict[tuple[int, int], object], list[tuple]]:
    raw = read_workbook(workbook(rows, **options))
    values = {place: cell.value for place, cell in raw.sheets[0].cells.items()}
    return values, [(r.code, r.cell) for r in raw.remarks]


def test_cells_and_rows_without_reference_follow_each_other() -> None:
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row/><row><c><v>3</v></c></row>"
    assert read(rows) == ({(1, 1): 1.0, (1, 2): 2.0, (3, 1): 3.0}, [])


def test_mixed_references_count_on_from_the_last_one() -> None:
    rows = (
        '<row r="4"><c r="C4"><v>1</v></c><c><v>2</v></c><c r="F4"><v>3</v></c></row>'
        "<row><c><v>4</v></c></row>"
    )
    assert read(rows) == ({(4, 3): 1.0, (4, 4): 2.0, (4, 6): 3.0, (5, 1): 4.0}, [])


def test_a_cell_written_twice_keeps_the_last_value_and_is_said() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="A1"><v>3</v></c></row>'
    assert read(rows) == ({(1, 1): 3.0, (1, 2): 2.0}, [("CEL-DOUBLON", "A1")])


def test_a_blank_duplicate_erases_nothing() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="A1" s="0"/></row>'
    assert read(rows) == ({(1, 1): 1.0}, [("CEL-DOUBLON", "A1")])


def test_a_row_written_twice_is_said_with_its_duplicate_cells() -> None:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1"><c r="A1"><v>2</v></c><c r="B1"><v>3</v></c></row>'
    )
    values, remarks = read(rows)
    assert values == {(1, 1): 2.0, (1, 2): 3.0}
    assert remarks == [("LIG-ORDRE", None), ("CEL-DOUBLON", "A1")]


def test_rows_out_of_order_are_all_read() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in (3, 1, 2, 4))
    values, remarks = read(rows)
    assert values == {(3, 1): 3.0, (1, 1): 1.0, (2, 1): 2.0, (4, 1): 4.0}
    assert remarks == [("LIG-ORDRE", None), ("LIG-ORDRE", None)]


def test_cells_out_of_order_are_all_read() -> None:
    rows = '<row r="1"><c r="C1"><v>3</v></c><c r="A1"><v>1</v></c><c r="D1"><v>4</v></c></row>'
    assert read(rows) == ({(1, 3): 3.0, (1, 1): 1.0, (1, 4): 4.0}, [("CEL-ORDRE", "A1")])


def test_a_cell_in_the_wrong_row_stays_where_it_says() -> None:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B9"><v>9</v></c><c r="C1"><v>3</v></c></row>'
        '<row r="2"><c r="A2"><v>2</v></c></row><row r="9"><c r="B9"><v>8</v></c></row>'
    )
    values, remarks = read(rows)
    assert values == {(1, 1): 1.0, (9, 2): 8.0, (1, 3): 3.0, (2, 1): 2.0}
    assert ("CEL-LIGNE", "B9") in remarks
    assert ("CEL-DOUBLON", "B9") in remarks


@pytest.mark.parametrize(
    "ref", ["ZZZZZZZZZ1", "A0", "A1048577", "XFE1", "1A", "A", "7", "A1:B2", "é1", "A-1", "A1.5"]
)
def test_an_impossible_reference_loses_only_its_cell(ref: str) -> None:
    rows = f'<row r="1"><c r="{ref}"><v>1</v></c><c r="C1"><v>3</v></c></row>'
    raw = read_workbook(workbook(rows))
    assert {k: c.value for k, c in raw.sheets[0].cells.items()} == {(1, 3): 3.0}
    assert [r.code for r in raw.remarks] == ["CEL-REF"]
    assert ref[:5] in raw.remarks[0].detail


@pytest.mark.parametrize("number", ["0", "1048577", "-1", "x", "99999999999999999999", "1.0", ""])
def test_an_impossible_row_number_loses_no_cell_that_says_where_it_is(number: str) -> None:
    rows = f'<row r="{number}"><c r="A5"><v>1</v></c></row><row r="6"><c r="A6"><v>2</v></c></row>'
    values, remarks = read(rows)
    assert values == {(5, 1): 1.0, (6, 1): 2.0}
    assert remarks == [("LIG-REF", None)]


def test_no_row_after_the_last_one() -> None:
    rows = '<row r="1048576"><c r="A1048576"><v>1</v></c></row><row><c><v>2</v></c></row>'
    values, remarks = read(rows)
    assert values == {(1048576, 1): 1.0}
    assert remarks == [("LIG-REF", None), ("CEL-REF", None)]


def test_no_cell_after_the_last_column() -> None:
    values, remarks = read('<row r="1"><c r="XFD1"><v>1</v></c><c><v>2</v></c></row>')
    assert values == {(1, 16384): 1.0}
    assert remarks == [("CEL-REF", None)]


def test_corner_cells_cost_nothing() -> None:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    )
    assert read(rows) == ({(1, 1): 1.0, (1048576, 16384): 2.0}, [])


@pytest.mark.parametrize("dimension", ["A1", "A1:XFD1048576", "Z99:A1", "n'importe quoi", ""])
def test_the_dimension_is_never_trusted(dimension: str) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 50))
    values, remarks = read(rows, before=f'<dimension ref="{dimension}"/>')
    assert len(values) == 49
    assert remarks == []


def test_lower_case_and_absolute_references_are_understood() -> None:
    rows = '<row r="2"><c r="a2"><v>1</v></c><c r="$B$2"><v>2</v></c></row>'
    assert read(rows)[0] == {(2, 1): 1.0, (2, 2): 2.0}


def test_columns_beyond_the_usual_ones() -> None:
    rows = '<row r="11"><c r="IW11"><v>1</v></c><c r="AAA11"><v>2</v></c></row>'
    assert read(rows * 1) == ({(11, 257): 1.0, (11, 703): 2.0}, [])
    assert read(rows * 1) == ({(11, 257): 1.0, (11, 703): 2.0}, [])


def test_cells_outside_rows_and_foreign_elements_are_not_cells() -> None:
    rows = (
        '<c r="A1"><v>1</v></c>'
        '<row r="2"><c r="A2"><v>2</v></c>'
        '<x:c xmlns:x="urn:autre" r="B2"><x:v>9</x:v></x:c>'
        '<c r="C2"><extLst><ext><c r="D2"><v>9</v></c></ext></extLst><v>3</v></c></row>'
    )
    assert read(rows)[0] == {(2, 1): 2.0, (2, 3): 3.0}


def test_prefixed_and_redeclared_namespaces() -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = (
        f'<x:worksheet xmlns:x="{main}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c>'
        f'<c xmlns="{main}" r="B1"><v>2</v></c></x:row></x:sheetData></x:worksheet>'
    )
    raw = read_workbook(workbook(sheets={"F": xml}))
    assert {k: c.value for k, c in raw.sheets[0].cells.items()} == {(1, 1): 1.0, (1, 2): 2.0}


def test_comments_and_sections_hide_what_they_hide() -> None:
    row = '<row r="{0}"><c r="A{0}"><v>{0}</v></c></row>'
    rows = (
        row.format(1) + f"<!-- {row.format(2)} -->" + row.format(3) + "<?pi " + row.format(4)
        + "?>" + row.format(5) + '<row r="6"><c r="A6"><v><![CDATA[6]]></v></c></row>'
    )  # fmt: skip
    assert read(rows) == ({(1, 1): 1.0, (3, 1): 3.0, (5, 1): 5.0, (6, 1): 6.0}, [])


def test_remarks_are_kept_in_bounded_number() -> None:
    rows = "".join(f'<row r="1"><c r="A1"><v>{n}</v></c></row>' for n in range(1000))
    raw: RawWorkbook = read_workbook(workbook(rows))
    assert raw.sheets[0].cells[1, 1].value == 999.0
    assert sum(r.code == "CEL-DOUBLON" for r in raw.remarks) == 200
    assert [r.detail for r in raw.remarks if r.code == "SUITE"] == [
        "LIG-ORDRE\u00a0: 799 remarques de plus, sans détail",
        "CEL-DOUBLON\u00a0: 799 remarques de plus, sans détail",
    ]


def test_two_sheet_data_are_both_read() -> None:
    raw = read_workbook(
        workbook(
            '<row r="1"><c r="A1"><v>1</v></c></row>',
            after='<sheetData><row r="1"><c r="A1"><v>2</v></c><c r="B1"><v>3</v></c></row>'
            "</sheetData>",
        )
    )
    assert {k: c.value for k, c in raw.sheets[0].cells.items()} == {(1, 1): 2.0, (1, 2): 3.0}
    assert "CEL-DOUBLON" in [r.code for r in raw.remarks]
