"""What changed between two publications of FINESS, and the commands that say it."""

from __future__ import annotations

import copy
import csv
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.finess.flows.flux import (
    CLOSED,
    EJ,
    ET,
    SECONDAIRE,
    activite,
    adresse,
    capacite,
    ege,
    pmej,
    pmej_activites,
    write,
)
from xl_cpom.cli import cli
from xl_cpom.finess.flows import comparer, load_structures
from xl_cpom.finess.flows.changes import ChangeKind
from xl_cpom.finess.layouts import POSITIONS

OTHER, NEW = "710099003", "210099016"
Avant = list[dict[str, Any]]


def avant() -> Avant:
    """Two organismes: the usual one, and another with one établissement of its own."""
    other = pmej(OTHER, "9", [ege("20", "710976507", infos={"siret": "99900030000010"})])
    return [pmej(), other]


def _closed(t: Avant) -> None:
    t[0]["ege"][0]["informationsGeneralesEGE"]["dateFermeture"] = "2026-07-01"
    t[0]["ege"][0]["etatObjet"] = "I"


def _ouvre(t: Avant) -> None:
    t[0]["ege"].append(ege("4", NEW, infos={"dateOuverture": "2026-08-15", "siret": None}))


def _cede(t: Avant) -> None:
    moved = t[0]["ege"].pop(0)
    moved["evenement"].append({"codeEvenement": "019", "dateEvenement": "2026-09-01"})
    t[1]["ege"].append(moved)


def _numero(t: Avant) -> None:
    """The technical identifier stays."""
    t[0]["ege"][0]["informationsGeneralesEGE"]["numFinessEge"] = NEW


def _deduced_number(t: Avant) -> None:
    """The old one closes, another opens under the same SIRET."""
    t[0]["ege"][2]["informationsGeneralesEGE"]["siret"] = "99900026800030"
    _closed(t)
    t[0]["ege"].append(ege("4", NEW, infos={"dateOuverture": "2026-07-02"}))


def _retire(t: Avant) -> None:
    del t[0]["ege"][0]


def _rouvre(t: Avant) -> None:
    del t[0]["ege"][1]["informationsGeneralesEGE"]["dateFermeture"]
    t[0]["ege"][1]["etatObjet"] = "A"


def _categorie(t: Avant) -> None:
    t[0]["ege"][0]["categorieentiteGeographiqueExercice"] = "202"


def _ej_fermee(t: Avant) -> None:
    t[1]["informationsGeneralesPMEJ"]["dateFermeture"] = "2026-06-30"
    t[1]["etatObjet"] = "I"


def _new_ej(t: Avant) -> None:
    t.append(pmej("390000206", "11", []))


def _closed_unknown(t: Avant) -> None:
    """One that closed before it was ever seen."""
    t[0]["ege"].append(ege("4", NEW, infos={"dateFermeture": "2019-01-01"}, etatObjet="I"))


J = dt.date
CAS: dict[str, tuple[Callable[[Avant], None], set[tuple[Any, ...]]]] = {
    "rien": (lambda t: None, set()),
    "fermeture": (_closed, {(ChangeKind.FERMETURE, ET, J(2026, 7, 1), "", "")}),
    "ouverture": (_ouvre, {(ChangeKind.OUVERTURE, NEW, J(2026, 8, 15), "", "")}),
    "cession": (_cede, {(ChangeKind.ENTITY, ET, J(2026, 9, 1), EJ, OTHER)}),
    "nouveau numéro": (_numero, {(ChangeKind.NUMERO, NEW, J(2001, 2, 3), ET, NEW)}),
    "nouveau numéro, déduit": (
        _deduced_number,
        {(ChangeKind.NUMERO, NEW, J(2026, 7, 2), ET, NEW)},
    ),
    "disparition": (_retire, {(ChangeKind.DISPARITION, ET, None, "", "")}),
    "réouverture": (_rouvre, {(ChangeKind.REOUVERTURE, CLOSED, None, "", "")}),
    "catégorie": (_categorie, {(ChangeKind.CATEGORIE, ET, None, "500", "202")}),
    "organisme fermé": (_ej_fermee, {(ChangeKind.EJ_FERMEE, "", J(2026, 6, 30), "", "")}),
    "organisme nouveau": (_new_ej, {(ChangeKind.EJ_OUVERTE, "", J(1990, 1, 1), "", "")}),
    "fermé avant d'être vu": (_closed_unknown, set()),
}


@pytest.mark.parametrize("cas", CAS)
def test_one_change_and_what_is_told_of_it(tmp_path: Path, cas: str) -> None:
    edit, expected = CAS[cas]
    before, after = avant(), copy.deepcopy(avant())
    edit(after)
    old = load_structures(write(tmp_path / "a", before)[0])
    new = load_structures(write(tmp_path / "b", after)[0])
    found = comparer(old, new)
    assert {(c.nature, c.finess_et, c.date, c.before, c.after) for c in found} == expected
    assert len(found) == len(expected)
    assert [c.deduced for c in found] == ["même SIRET et même catégorie"] * ("déduit" in cas) + [
        ""
    ] * (len(expected) - ("déduit" in cas))


def test_since_a_date(tmp_path: Path) -> None:
    after = avant()
    for edit in (_closed, _ouvre, _rouvre):
        edit(after)
    old = load_structures(write(tmp_path / "a", avant())[0])
    new = load_structures(write(tmp_path / "b", after)[0])
    found = comparer(old, new, dt.date(2026, 8, 1))
    assert {c.nature for c in found} == {ChangeKind.OUVERTURE, ChangeKind.REOUVERTURE}


# --- the commands ---------------------------------------------------------------------------------


def launch(*arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli, [str(a) for a in arguments])
    return done.exit_code, plat(done.stdout), plat(done.stderr)


def plat(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_the_command_in_its_three_forms(tmp_path: Path) -> None:
    after = avant()
    _closed(after)
    more = [pmej_activites(exercees={
        ET: [activite("e1", None, capacite("09", "80"))],
        SECONDAIRE: [activite("e2", None, capacite("09", "12"))]})]  # fmt: skip
    less = [pmej_activites(exercees={
        ET: [activite("e1", None, capacite("09", "80"))],
        SECONDAIRE: [activite("e2", None, capacite("09", "10"))]})]  # fmt: skip
    write(tmp_path / "a", avant(), less, jour="2026-05-04")
    write(tmp_path / "b", after, more)
    pair = (tmp_path / "a", tmp_path / "b")
    code, out, _ = launch("finess", "changements", *pair)
    assert code == 0
    assert "2 changements entre « finess-structures-journalier-20260911.json » (04/05/2026)" in out
    assert (
        "01/07/2026  fermeture  210781456 EHPAD LES TILLEULS DE LA TILLE (500), de 210099008"
    ) in out
    assert (
        "places autorisées  210780565 EHPAD LES TILLEULS DE LA TILLE (500), de 210099008 : "
        "10 → 12" in out
    )
    code, out, _ = launch("finess", "changements", *pair, "--format", "json")
    told = json.loads(out)
    assert told["ancien"]["date"] == "2026-05-04"
    assert [(c["nature"], c["finess_et"], c["date"]) for c in told["changements"]] == [
        ("places autorisées", SECONDAIRE, None),
        ("fermeture", ET, "2026-07-01"),
    ]
    target = tmp_path / "c.csv"
    assert launch("finess", "changements", *pair, "--format", "csv", "-o", target)[0] == 0
    rows = list(csv.DictReader(target.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert [(r["nature"], r["finess_et"]) for r in rows] == [
        ("places autorisées", SECONDAIRE),
        ("fermeture", ET),
    ]
    assert launch("finess", "changements", *pair, "--departement", "39")[1].startswith("Rien n'a")


def test_from_the_frozen_extract_to_the_new_flow(tmp_path: Path) -> None:
    """The extract of May 2026 knows neither identifiers nor closed ones."""
    old = tmp_path / "etalab-cs1100502.csv"
    values = {"section": "structureet", "nofinesset": ET, "nofinessej": EJ, "categetab": "500",
              "departement": "21", "rs": "EHPAD TILLEULS", "siret": "99900026800022"}  # fmt: skip
    old.write_text("finess;etalab;93;2026-05-04\n"
                   + ";".join(values.get(name, "") for name in POSITIONS) + "\n")  # fmt: skip
    tree = [pmej(egs=pmej()["ege"][:2])]
    tree[0]["ege"][0]["informationsGeneralesEGE"]["dateFermeture"] = "2026-07-01"
    structures, activites = write(tmp_path, tree)
    activites.unlink()
    code, out, _ = launch("finess", "changements", old, structures)
    assert code == 0
    assert "1 changement entre « etalab-cs1100502.csv » (04/05/2026)" in out
    assert "places non comparées" in out
    assert "01/07/2026  fermeture  210781456" in out


def test_a_light_extract_gives_the_same_control(tmp_path: Path) -> None:
    from xl_cpom.finess.extract import load_extract

    structures, _ = write(tmp_path)
    light = tmp_path / "extrait.csv"
    code, out, _ = launch("finess", "extraire", structures, "-o", light)
    assert (code, out.split(" : ")[0]) == (
        0,
        "3 établissements, dont 1 fermé, sur 1 entité juridique lue",
    )
    assert load_extract(light).by_et == load_extract(structures).by_et
    assert load_extract(light).by_et[CLOSED].fermeture == dt.date(2025, 6, 30)
    assert launch("finess", "extraire", light, "-o", tmp_path / "x.csv")[0] == 3


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("finess", "extraire", "{f}", "-o", "{d}/x.csv"), 3),
        (("finess", "changements", "{f}", "{f}"), 3),
        (("valider", "{v}", "--finess", "{f}"), 3),
        (("gabarit", "-o", "{d}/g.xlsx", "--finess-ej", EJ, "--referentiel", "{f}"), 3),
        (("preparer", "--referentiel", "{f}", "-o", "{d}/out"), 2),
    ],
)
def test_a_truncated_flow_leaves_nothing(
    tmp_path: Path, command: tuple[str, ...], code: int
) -> None:
    from tests.atelier import VALIDE

    structures, _ = write(tmp_path / "flux")
    raw = structures.read_bytes()
    structures.write_bytes(raw[: len(raw) - 10])
    given = [part.format(f=structures, d=tmp_path, v=VALIDE) for part in command]
    found = launch(*given)
    assert found[0] == code, found
    assert "tronqué" in found[2]
    assert [p.name for p in tmp_path.iterdir()] == ["flux"]


def test_preparer_and_gabarit_from_the_flows(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    structures, _ = write(tmp_path / "flux")
    out = tmp_path / "out"
    code, _, err = launch("preparer", "--referentiel", tmp_path / "flux", "-o", out, "-j", "1")
    assert code == 0
    assert (
        "210099008 : non prérempli, EHPAD LES TILLEULS DE LA TILLE (210780524), fermé le 30/06/2025"
    ) in err
    (path,) = out.glob("CPOM_*.xlsx")
    book = load_workbook(path)
    cells = {row[0].value: row for row in book["Établissements"].iter_rows(min_row=5)}
    assert {ET, SECONDAIRE} <= set(cells)
    assert CLOSED not in cells
    names = [cell.value for cell in book["Établissements"][5]]
    by_name = dict(zip(names, (c.value for c in cells[ET]), strict=True))
    assert (by_name["Capacité autorisée"], by_name["Capacité installée"]) == (80, 78)
    assert by_name["Principal ou secondaire"] == "Principal"
    said = [cell.value for row in book["Identification"].iter_rows() for cell in row]
    assert {"ASSOCIATION LES TILLEULS", "999000268"} <= set(said)
    target = tmp_path / "g.xlsx"
    code, told, _ = launch("gabarit", "-o", target, "--finess-ej", EJ, "--referentiel", structures)
    assert code == 0
    assert "2 établissements" in told
    assert "(210780524), fermé le 30/06/2025" in told


def test_preparer_filters(tmp_path: Path) -> None:
    other = pmej(OTHER, "9", [ege("20", "710976507", adresse=[adresse(cogCommune="71270")])])
    write(tmp_path / "flux", [pmej(), other])
    out = tmp_path / "out"
    code, _, _ = launch(
        "preparer", "--referentiel", tmp_path / "flux", "-o", out, "-j", "1", "--departement", "71"
    )
    assert code == 0
    assert [p.name for p in out.glob("*.xlsx")] == [f"CPOM_{OTHER}.xlsx"]
    code, _, err = launch("preparer", "--referentiel", tmp_path / "flux", "-o", tmp_path / "o2",
                          "--departement", "999")  # fmt: skip
    assert (code, "Département inconnu : 999" in err) == (2, True)
