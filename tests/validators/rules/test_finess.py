"""REF: a return against an extract of FINESS; and the extract itself, as it is read and kept."""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.validators.deux_ans import Contenu, cette_annee, confronter, ligne, places
from xl_cpom import check
from xl_cpom.finess.extract import FinessExtract, extrait, load_extract
from xl_cpom.finess.layouts import POSITIONS, UnreadableExtractError
from xl_cpom.identifiants import luhn_key
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.model import Rule, Scope, Status
from xl_cpom.validators.rule_examples import example_context
from xl_cpom.workbook.records import NON_LU

REF = [rule for rule in RULES.values() if rule.scope is Scope.REFERENTIEL]
EJ, OTHER_EJ = "210099008", "710099003"
TILLE, CHAROLAIS = "210781456", "710976507"


@pytest.mark.parametrize("rule", REF, ids=lambda r: r.code)
def test_a_cell_that_could_not_be_read_accuses_nobody(rule: Rule) -> None:
    assert rule.check is not None
    for example in rule.ok:
        context = example_context(rule, example, load_referentiel())
        for table in context.classeur.tables.values():
            for row in table:
                for key, value in row.values.items():
                    if value is None or not table.sheet[key].is_entry:
                        continue
                    row.values[key] = NON_LU
                    fresh = replace(context, classeur=replace(context.classeur))
                    assert list(rule.check(fresh)) == [], (example, table.name, key)
                    row.values[key] = value


def lignes(contenu: Contenu) -> list[dict[str, str]]:
    """What FINESS must say for a workbook to be right: upper case, cut short, as it does."""
    return [
        {"nofinesset": row["finess_et"], "nofinessej": EJ, "rs": row["raison_sociale"].upper()[:38],
         "categetab": row["categorie"], "departement": row["departement"],
         "ligneacheminement": f"21000 {row['commune'].upper().replace('-', ' ')} CEDEX",
         "siret": row["siret"]}
        for row in contenu["etablissements"]
    ]  # fmt: skip


def de(found: list[dict[str, str]]) -> FinessExtract:
    return extrait(iter(found), nom="extrait.csv")


def test_an_honest_return_says_nothing() -> None:
    findings, outcomes = confronter(finess=de(lignes(cette_annee())), families=("REF",))
    assert findings == []
    assert {outcomes[rule.code].status for rule in REF} == {Status.PASSEE}


def _finess(**valeurs: str) -> Callable[[Contenu, list[dict[str, str]]], None]:
    """FINESS says something else of the first ESMS."""
    return lambda contenu, known: known[0].update(valeurs)


def _saisi(**valeurs: Any) -> Callable[[Contenu, list[dict[str, str]]], None]:
    return lambda contenu, known: contenu["identification"][0].update(valeurs)


def _ajoute(**valeurs: str) -> Callable[[Contenu, list[dict[str, str]]], None]:
    return lambda contenu, known: known.append({"nofinessej": EJ, **valeurs})


def _et_ej(contenu: Contenu, known: list[dict[str, str]]) -> None:
    ligne(contenu, "etablissements", finess_et=TILLE)["finess_et"] = EJ


CAS: dict[str, tuple[Callable[[Contenu, list[dict[str, str]]], None], set[tuple[str, str]]]] = {
    "catégorie": (_finess(categetab="202"), {("REF-007", "Établissements!C6")}),
    "département, sans cascade": (_finess(departement="25", ligneacheminement="25000 BESANCON"),
                                  {("REF-008", "Établissements!K6")}),
    "commune": (_finess(ligneacheminement="21260 IS SUR TILLE"),
                {("REF-009", "Établissements!J6")}),
    "siret": (_finess(siret="99900026800030"), {("REF-010", "Établissements!I6")}),
    "siret faux dans FINESS": (_finess(siret="99900026800031"), set()),
    "nom": (_finess(rs="IME JEAN MOULIN"), {("REF-011", "Établissements!B6")}),
    "autre organisme, sans cascade": (_finess(nofinessej=OTHER_EJ, rs="IME JEAN MOULIN"),
                                      {("REF-002", "Établissements!A6")}),
    "inconnu": (lambda contenu, known: known.pop(0) and None,
                {("REF-001", "Établissements!A6")}),
    "département que l'extrait ne connaît pas": (
        lambda contenu, known: known.remove(
            next(k for k in known if k["nofinesset"].startswith("90"))), set()),
    "fermé": (_finess(datefermeture="2026-12-31"), {("REF-006", "Établissements!A6")}),
    "fermé en cours d'année": (_finess(datefermeture="01/01/2027"), set()),
    "absent du classeur": (
        _ajoute(nofinesset="210099073", categetab="500", departement="21", rs="EHPAD NEUF"),
        {("REF-012", "Établissements!A5")}),
    "absent, hors du champ de l'ARS": (
        _ajoute(nofinesset="210099073", categetab="446", departement="21"), set()),
    "EJ et ET échangés, sans cascade": (_saisi(finess_ej=TILLE),
                                        {("REF-004", "Identification!B8")}),
    "ET et EJ échangés": (_et_ej, {("REF-005", "Établissements!A6"),
                                   ("REF-012", "Établissements!A5")}),
    "EJ d'un autre, sans cascade": (_saisi(finess_ej="250000015"),
                                    {("REF-003", "Identification!B8")}),
}  # fmt: skip


@pytest.mark.parametrize("cas", CAS)
def test_one_difference_and_what_is_told_of_it(cas: str) -> None:
    edit, expected = CAS[cas]
    content = cette_annee()
    known = lignes(content)
    edit(content, known)
    findings, outcomes = confronter(content, finess=de(known), families=("REF",))
    assert places(findings) == expected
    assert not any(outcome.status is Status.EN_PANNE for outcome in outcomes.values())


def test_without_an_extract_nothing_is_checked() -> None:
    _, outcomes = confronter(families=("REF",))
    assert {(outcomes[r.code].status, outcomes[r.code].reason) for r in REF} == {
        (Status.NON_CONTROLEE, "l'extrait FINESS n'est pas joint au contrôle")
    }


# --- the extract ---------------------------------------------------------------------------------


def classique(**values: str) -> str:
    return ";".join(values.get(name, "") for name in POSITIONS)


def test_the_classic_extract_as_a_lookup(tmp_path: Path) -> None:
    path = tmp_path / "etalab-cs1100502.csv"
    path.write_bytes(
        "\n".join(
            (
                "finess;etalab;93;2026-05-04",
                classique(section="structureet", nofinesset=TILLE, nofinessej=EJ, categetab="500",
                          rslongue="EHPAD DE L'ÉTÉ", ligneacheminement="21260 SELONGEY"),
                classique(section="structureet", nofinesset=TILLE, nofinessej="000000000"),
                classique(section="structureej", nofinesset=EJ),
            )
        ).encode("latin-1")
    )  # fmt: skip
    known = load_extract(path)
    assert str(known) == "etalab-cs1100502.csv (1 établissements, du 2026-05-04)"
    assert known.by_et[TILLE].raison_sociale == "EHPAD DE L'ÉTÉ"
    assert known.by_et[TILLE].commune == "Selongey"
    assert [et.finess_et for et in known.by_ej[EJ]] == [TILLE]
    assert known.departements == {"21"}


def test_a_csv_that_went_through_excel(tmp_path: Path) -> None:
    path = tmp_path / "extrait.csv"
    numero = "01078058" + luhn_key("01078058")
    path.write_text(
        "FINESS ET;FINESS EJ;Catégorie;Date de fermeture\n"
        f'{numero[1:]};210099008;"500";31/12/2024\n;;;\n',
        encoding="utf-8-sig",
    )
    (known,) = load_extract(path).by_et.values()
    assert (known.finess_et, known.closed) == (numero, True)
    assert known.fermeture == dt.date(2024, 12, 31)


def test_it_is_read_once_and_pickles_as_its_path(tmp_path: Path) -> None:
    path = tmp_path / "extrait.csv"
    path.write_text(f"finess_et;finess_ej;categorie\n{TILLE};{EJ};500\n", encoding="utf-8")
    known = load_extract(path)
    assert load_extract(str(path)) is known
    assert len(pickle.dumps(known)) < 400
    assert pickle.loads(pickle.dumps(known)) is known
    loose = de([{"nofinesset": TILLE, "nofinessej": EJ}])
    assert pickle.loads(pickle.dumps(loose)).by_et == loose.by_et


def test_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadableExtractError, match=r"absent\.csv"):
        load_extract(tmp_path / "absent.csv")
    (tmp_path / "x.csv").write_bytes(b"nom;prenom\n")
    with pytest.raises(UnreadableExtractError, match="colonnes absentes"):
        load_extract(tmp_path / "x.csv")


def test_a_control_from_the_file(tmp_path: Path) -> None:
    from tests.atelier import VALIDE

    path = tmp_path / "extrait.csv"
    rows = lignes(cette_annee())
    keys = [*rows[0]]
    keys[keys.index("ligneacheminement")] = "commune"
    text = ";".join(keys) + "\n"
    rows[2]["categetab"] = "202"
    for row in rows:
        row["ligneacheminement"] = row["ligneacheminement"][6:]
        text += ";".join(row.values()) + "\n"
    path.write_text(text, encoding="utf-8")
    report = check(VALIDE, finess=path)
    assert [(f.code, f.cells) for f in report.findings] == [("REF-007", ("C8",))]
    assert report.options == {"finess": "extrait.csv (10 établissements)"}
