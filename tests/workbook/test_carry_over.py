"""The workbook of the next year: what is locked, what is empty, what waits, what is over."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators.check import check
from xl_cpom.workbook.carry_over import Carried, CarryOverError, carry_over, merged, renew
from xl_cpom.workbook.geometry import Place
from xl_cpom.workbook.interpretation.interpret import Retour, interpret
from xl_cpom.workbook.lifetime import Lifetime
from xl_cpom.workbook.reader import read_workbook
from xl_cpom.workbook.sheets import SHEETS
from xl_cpom.workbook.template import write_template

EXAMPLE = Path("workbooks/exemple_valide.xlsx")


@pytest.fixture(scope="module")
def retour() -> Retour:
    return interpret(read_workbook(EXAMPLE), load_referentiel())


@pytest.fixture(scope="module")
def third(retour: Retour, tmp_path_factory: pytest.TempPathFactory) -> Path:
    carried = carry_over(retour, 3)
    path = tmp_path_factory.mktemp("suite") / "n3.xlsx"
    write_template(path, load_referentiel(), contenu=carried.content, locks=carried.locks)
    return path


def rows_of(carried: Carried, key: str) -> list[dict[str, Any]]:
    return carried.content[key]


def test_untouched_it_only_asks_to_be_filled_in(third: Path) -> None:
    report = check(third, precedent=EXAMPLE)
    assert {f.code for f in report.findings} == {"FMT-015", "SI-011", "SUI-011"}
    blank = {(f.sheet, cell) for f in report.findings if f.code == "FMT-015" for cell in f.cells}
    fiche = Place(SHEETS["identification"], 1)
    assert blank == {
        ("Identification", fiche.address("date_arrete")),
        *(("Difficulté financière", cell) for cell in ("F6", "G6", "F7", "G7")),
        *(("Activité par mode", f"{col}{row}") for col in "DEF" for row in (6, 7)),
    }
    (empty,) = (f for f in report.findings if f.code == "SUI-011")
    assert "Réalisé N3" in empty.message


def test_what_the_contract_or_a_past_year_settled_is_locked(third: Path) -> None:
    book = load_workbook(third)

    def locked(key: str, column: str, index: int = 0) -> bool:
        sheet = SHEETS[key]
        cell = Place(sheet, 60).address(column, index)
        return bool(book[sheet.name][cell].protection.locked)

    assert all(book[sheet.name].protection.sheet for sheet in SHEETS.values())
    settled = {("identification", "annee_suivie"), ("actions", "intitule"), ("mesures", "type"),
               ("mesures", "echeance"), ("indicateurs", "cible_n5"), ("indicateurs", "realise_n2"),
               ("difficulte", "deficit_reference"), ("has", "cotation")}  # fmt: skip
    waiting = {("identification", "date_arrete"), ("actions", "statut"), ("actions", "echeance"),
               ("mesures", "statut"), ("mesures", "date_levee"), ("indicateurs", "realise_n3"),
               ("difficulte", "produits"), ("si", "taux_completude"),
               ("etablissements", "capacite_autorisee")}  # fmt: skip
    assert {place for place in settled | waiting if locked(*place)} == settled
    blank_row = len([r for r in book["Plan d'actions"]["A"][5:] if r.value])
    assert not locked("actions", "numero", blank_row)


def test_what_is_over_goes_below_locked_and_open_rows_keep_their_order(retour: Retour) -> None:
    carried = carry_over(retour, 3)
    for key in ("actions", "fragilites", "has", "mesures"):
        closed = SHEETS[key].closed
        over = [row["statut"] in closed for row in rows_of(carried, key)]
        assert over == sorted(over)
        assert any(over)
        for row, locks in zip(rows_of(carried, key), carried.locks[key], strict=True):
            assert ("statut" in locks) is (row["statut"] in closed)
            assert "commentaire" not in locks
    before = [row.values for row in retour.classeur["mesures"]]
    kept = {(row["numero_mission"], row["numero"]) for row in rows_of(carried, "mesures")}
    assert kept == {(row["numero_mission"], row["numero"]) for row in before}


def test_an_exercise_is_opened_for_those_followed_last_year(retour: Retour) -> None:
    carried = carry_over(retour, 3)
    for key, last in (("difficulte", 2026), ("activite", 2027), ("activite_modes", 2027)):
        before = [row for row in retour.classeur[key] if row.exercice == last]
        opened = [row for row in rows_of(carried, key) if row["exercice"] == last + 1]
        assert {row["finess_et"] for row in opened} == {row.finess_et for row in before}
        yearly = [c.key for c in SHEETS[key].columns if c.is_entry and c.lasts is Lifetime.YEAR]
        assert {row.get(column) for row in opened for column in yearly} == {None}
    (reference,) = {
        (row["finess_et"], row["deficit_reference"])
        for row in rows_of(carried, "difficulte")
        if row["exercice"] == 2027
    } & {(row.finess_et, row.deficit_reference) for row in retour.classeur["difficulte"].rows[:1]}
    assert reference[1] > 0


def test_twice_the_same_year_opens_nothing_twice(third: Path) -> None:
    again = interpret(read_workbook(third), load_referentiel())
    with pytest.raises(CarryOverError, match="le retour porte déjà sur N3"):
        carry_over(again, 3)
    fourth = carry_over(again, 4)
    exercises = [(r["finess_et"], r["exercice"]) for r in rows_of(fourth, "difficulte")]
    assert len(exercises) == len(set(exercises))


@pytest.mark.parametrize(
    ("rank", "said"),
    [(1, "porte déjà sur N2"), (2, "porte déjà sur N2"), (6, "prend fin le 31/12/2030"),
     (7, "N7 n'est pas une année")],
)  # fmt: skip
def test_a_year_that_cannot_follow_is_refused(retour: Retour, rank: int, said: str) -> None:
    with pytest.raises(CarryOverError, match=said):
        carry_over(retour, rank)


def test_a_skipped_year_is_said(retour: Retour) -> None:
    assert carry_over(retour, 3).remarks == ()
    (said,) = carry_over(retour, 5).remarks
    assert "rien n'est repris de N3 à N4" in said


def test_the_next_contract_starts_where_this_one_ends(retour: Retour) -> None:
    carried = renew(retour)
    (fiche,) = rows_of(carried, "identification")
    assert (fiche["type_contrat"], fiche["annee_suivie"], fiche["annee_n1"]) == (
        "renouvellement", "N", 2031)  # fmt: skip
    assert (fiche["echeance_precedente"], fiche["date_effet"], fiche["date_echeance"]) == (
        dt.date(2030, 12, 31), dt.date(2031, 1, 1), dt.date(2035, 12, 31))  # fmt: skip
    assert fiche["date_signature"] is fiche["numero_cpom"] is None
    left = {row.numero for row in retour.classeur["actions"]
            if row.statut not in SHEETS["actions"].closed}  # fmt: skip
    assert {row["numero"] for row in rows_of(carried, "actions")} == left
    assert {row["echeance"] for row in rows_of(carried, "actions")} == {None}
    assert all(row["statut"] not in ("Levée", "Annulée") for row in rows_of(carried, "mesures"))
    assert rows_of(carried, "difficulte") == rows_of(carried, "activite") == []
    active = {row["code"]: row["actif"] for row in rows_of(carried, "modules")}
    assert active["TRANSFO"] == active["INSPECTION"] == active["HAS"] == "Oui"
    assert active["DIFFICULTE"] is None
    assert {key for keys in carried.locks.values() for row in keys for key in row} == set()


def test_the_parts_of_one_return_make_one_workbook(retour: Retour) -> None:
    whole, one, other = (carry_over(retour, 3) for _ in range(3))
    half = len(rows_of(one, "etablissements")) // 2
    for part, kept in ((one, slice(None, half)), (other, slice(half, None))):
        for table in (part.content, part.locks):
            table["etablissements"] = table["etablissements"][kept]  # type: ignore[index]
    again = merged([one, other])
    assert again.content == whole.content
    assert again.locks == whole.locks
