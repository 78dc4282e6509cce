"""Two versions of one return: what changed, what was corrected, by record and not by position."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.atelier import WORKBOOKS, Workshop
from tests.reports.comparison import rounds
from xl_cpom.reports.comparison import (
    Comparison,
    ComparisonRefusedError,
    Nature,
    UnreadableSideError,
    comparer,
    console,
    html_page,
    json_document,
)
from xl_cpom.reports.comparison.model import ReadValue, TrackedFinding
from xl_cpom.workbook.model import HEADER_ROW

FAULTY = WORKBOOKS / "exemple_fautif.xlsx"
UNBREAKABLE = "\u202f"


def codes(
    constats: tuple[TrackedFinding, ...],
) -> set[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return {
        (
            c.finding.code,
            () if c.before is None else c.before.cells,
            () if c.after is None else c.after.cells,
        )
        for c in constats
    }


def cellules(comparaison: Comparison) -> set[tuple[str, str, str, str, str, str, str]]:
    return {
        (c.sheet, c.record, c.column, c.before.cell, c.before.value, c.after.cell, c.after.value)
        for c in comparaison.cells
    }


def test_first_round(fichiers: dict[str, Path]) -> None:
    found = comparer(fichiers["un"], fichiers["deux"])
    assert found.nature is Nature.CORRECTIONS
    assert found.rows == () and found.structure == () and found.remarks == ()
    assert cellules(found) == {
        ("Plan d'actions", "l'action A1", "Statut", "J6", "Terminée", "J6", "Réalisée"),
        ("Plan d'actions", "l'action A2", "Avancement", "K7", f"80,0{UNBREAKABLE}%", "K7",
         f"100,0{UNBREAKABLE}%"),
        ("Plan d'actions", "l'action A4", "Pilote", "G9", "Directeur de l'EHPAD de l'Ouche",
         "G11", ""),
        ("Inspection-contrôle", "la mesure 2026-BFC-0142 · 210099016 · I1", "FINESS ET", "B6",
         "210000023", "B6", "210099016"),
    }  # fmt: skip
    assert {c.nature for c in found.cells} == {"valeur"}
    assert codes(found.fixed) == {
        ("FMT-013", ("J6",), ()),
        ("FMT-018", ("K7",), ()),
        ("SUI-001", ("J7", "K7"), ()),
        ("FMT-002", ("B6",), ()),
    }
    assert codes(found.new) == {("MOD-005", (), ("G11",))}
    assert codes(found.remaining) == {
        ("FMT-007", ("I9",), ("I11",)),
        ("FMT-007", ("F7",), ("F7",)),
        ("FMT-023", ("N7",), ("N7",)),
    }


def test_second_and_third_rounds(fichiers: dict[str, Path]) -> None:
    second = comparer(fichiers["deux"], fichiers["trois"])
    assert {c for c, _, _ in codes(second.fixed)} == {"FMT-007", "MOD-005"}
    assert len(second.fixed) == 3
    assert codes(second.new) == set()
    assert codes(second.remaining) == {("FMT-023", ("N7",), ("N7",))}
    third = comparer(fichiers["trois"], fichiers["valide"])
    assert codes(third.fixed) == {("FMT-023", ("N7",), ())}
    assert third.remaining == third.new == ()
    assert [(c.before.value, c.after.value) for c in third.cells] == [("80,5", "64")]


def test_the_same_file_has_nothing_to_say(fichiers: dict[str, Path]) -> None:
    found = comparer(fichiers["un"], fichiers["un"])
    assert found.cells == found.rows == found.structure == ()
    assert found.fixed == found.new == ()
    assert len(found.remaining) == len(found.after.findings) > 0
    assert len(found.remarks) == 1 and "identiques" in found.remarks[0]


@settings(max_examples=5)
@given(
    st.permutations(range(HEADER_ROW + 1, HEADER_ROW + 9)),
    st.integers(6, 20),
    st.sampled_from([{2: 3, 3: 2}, {10: 11, 11: 10}]),
)
def test_moved_rows_and_columns_change_nothing(
    fichiers: dict[str, Path],
    tmp_path_factory: pytest.TempPathFactory,
    order: list[int],
    avant: int,
    columns: dict[int, int],
) -> None:
    moves = dict(zip(range(HEADER_ROW + 1, HEADER_ROW + 9), order, strict=True))
    moved = (
        rounds.premier()
        .swap_rows(rounds.ACTIONS, moves)
        .insert_rows(rounds.ACTIONS, avant, 2)
        .swap_columns(rounds.ACTIONS, columns, HEADER_ROW)
        .insert_rows(rounds.MESURES, 7, 1)
        .insert_columns(rounds.ESMS, 3)
    )
    found = comparer(fichiers["un"], rounds.write(moved, tmp_path_factory.mktemp("m"), "b"))
    assert found.cells == found.rows == found.structure == ()
    assert found.fixed == ()
    assert {c.finding.code for c in found.new} == {"STR-031"}
    assert len(found.remaining) == len(found.before.findings)


def test_a_row_added_a_row_removed_a_key_put_right(
    fichiers: dict[str, Path], tmp_path: Path
) -> None:
    """A4 is removed, A99 added with another content, and the number of A2 is typed again."""
    changed = rounds.premier().cellule(rounds.ACTIONS, "A7", "A2 bis")
    for col in range(1, 18):
        changed.cellule(rounds.ACTIONS, f"{chr(64 + col)}9", None)
    values = {"A40": "A99", "B40": "SI", "C40": "PA", "E40": "Former au dossier usager",
              "G40": "Cadre", "J40": "En cours"}  # fmt: skip
    for address, value in values.items():
        changed.cellule(rounds.ACTIONS, address, value)
    found = comparer(fichiers["un"], rounds.write(changed, tmp_path, "b"))
    assert {(one.way, one.record, one.row) for one in found.rows} == {
        ("ajoutée", "l'action A99", 40),
        ("retirée", "l'action A4", 9),
    }
    added = next(one for one in found.rows if one.way == "ajoutée")
    assert {header: read.value for header, read in added.values} == {
        "N°": "A99", "Module": "SI", "Secteur": "PA", "Intitulé": "Former au dossier usager",
        "Pilote": "Cadre", "Statut": "En cours",
    }  # fmt: skip
    assert cellules(found) == {
        ("Plan d'actions", "l'action A2 bis", "N°", "A7", "A2", "A7", "A2 bis")
    }
    kept = {c.finding.code for c in found.remaining if c.finding.sheet == rounds.ACTIONS}
    assert {"FMT-013", "FMT-018", "SUI-001"} <= kept  # the renamed action keeps its findings


def test_the_same_value_written_otherwise_is_said_so(tmp_path: Path) -> None:
    one = rounds.write(Workshop().cellule(rounds.ESMS, "A6", 210781456), tmp_path, "a")
    two = rounds.write(Workshop(), tmp_path, "b")
    found = comparer(one, two)
    assert [(c.nature, c.before, c.after) for c in found.cells] == [
        (
            "écriture",
            ReadValue("210781456", "A6", "nombre"),
            ReadValue("210781456", "A6", "texte"),
        )
    ]
    text = console.render(found, 200)
    assert (
        "FINESS ET (A6)\u00a0: «\u00a0210781456\u00a0» (nombre) → «\u00a0210781456\u00a0» (texte)"
        in text
    )
    assert '<td class="texte">210781456 <span class="note">(nombre)</span></td>' in (
        html_page.render(found)
    )
    (cell,) = json.loads(json_document.render(found))["cellules"]
    assert cell["avant"] == {"valeur": "210781456", "cellule": "A6", "type": "nombre"}


def test_a_type_that_did_not_change_is_not_said(tmp_path: Path) -> None:
    one = rounds.write(Workshop().cellule(rounds.ACTIONS, "J8", "a demarrer"), tmp_path, "a")
    two = rounds.write(Workshop().cellule(rounds.ACTIONS, "J8", "À démarrer"), tmp_path, "b")
    found = comparer(one, two)
    assert [(c.nature, c.before, c.after) for c in found.cells] == [
        ("écriture", ReadValue("a demarrer", "J8"), ReadValue("À démarrer", "J8"))
    ]


def test_the_findings_come_by_severity_then_in_the_order_of_the_tabs(tmp_path: Path) -> None:
    """« Établissements » comes before « Plan d'actions »: tabs, not letters."""
    spoiled = (
        Workshop()
        .cellule(rounds.ACTIONS, "I9", "fin 2029")
        .cellule(rounds.ESMS, "N7", 80.5)
        .cellule(rounds.MESURES, "F7", "31/02/2026")
    )
    found = comparer(rounds.write(Workshop(), tmp_path, "a"), rounds.write(spoiled, tmp_path, "b"))
    text = console.render(found, 200).split("Nouvelles")[1]
    places = [text.index(f" {name}, ") for name in (rounds.ESMS, rounds.ACTIONS, rounds.MESURES)]
    assert places == sorted(places)


def test_a_column_that_disappears_is_one_line(fichiers: dict[str, Path], tmp_path: Path) -> None:
    without = rounds.premier().remove_column(rounds.ACTIONS, 7, HEADER_ROW)
    found = comparer(fichiers["un"], rounds.write(without, tmp_path, "b"))
    assert [(s.sheet, s.column, s.way) for s in found.structure] == [
        ("Plan d'actions", "Pilote", "retirée")
    ]
    assert found.cells == ()
    gone = comparer(
        fichiers["un"], rounds.write(rounds.premier().remove("Évaluation HAS"), tmp_path, "c")
    )
    assert [(s.sheet, s.column, s.way) for s in gone.structure] == [
        ("Évaluation HAS", "", "retirée")
    ]
    assert gone.rows == ()


def test_two_organismes_are_refused(fichiers: dict[str, Path]) -> None:
    with pytest.raises(ComparisonRefusedError, match=r"210099008.*010099000"):
        comparer(fichiers["valide"], FAULTY)


def test_an_unreadable_number_is_no_obstacle_when_the_siren_is_the_same(
    fichiers: dict[str, Path], tmp_path: Path
) -> None:
    broken = Workshop().cellule("Identification", rounds.fiche("finess_ej"), "à demander")
    path = rounds.write(broken, tmp_path, "a")
    found = comparer(path, fichiers["valide"])
    assert [(c.column, c.before.value, c.after.value) for c in found.cells] == [
        ("FINESS EJ", "à demander", "210099008")
    ]
    assert len(found.remarks) == 1 and "SIREN" in found.remarks[0]
    other = Workshop(FAULTY).cellule("Identification", rounds.fiche("raison_sociale"), "Autre")
    other.cellule("Identification", rounds.fiche("siren"), None)
    other.cellule("Identification", rounds.fiche("finess_ej"), None)
    other.remove("Établissements")
    with pytest.raises(ComparisonRefusedError, match="Rien ne dit"):
        comparer(path, rounds.write(other, tmp_path, "b"))


def test_an_unreadable_file_is_named(fichiers: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "casse.xlsx").write_bytes(fichiers["un"].read_bytes()[:5000])
    with pytest.raises(UnreadableSideError, match=r"casse\.xlsx"):
        comparer(fichiers["un"], tmp_path / "casse.xlsx")
