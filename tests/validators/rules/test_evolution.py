"""EVO: this year's return beside last year's, exactly what must be told and nothing else."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.validators.deux_ans import (
    Contenu,
    cette_annee,
    confronter,
    last_year,
    ligne,
    places,
)
from xl_cpom import check
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.model import Rule, Scope, Status, Verdict
from xl_cpom.validators.precedents import UnreadablePrecedentError, load_precedents
from xl_cpom.validators.rule_examples import example_context
from xl_cpom.workbook.records import NON_LU
from xl_cpom.workbook.template import write_template

EVO = [rule for rule in RULES.values() if rule.scope is Scope.PRECEDENT]
EHPAD_D, MAS = "210099016", "210099065"


def test_every_comparison_is_forbidden_by_another_organisme() -> None:
    assert len(EVO) == 38
    assert {r.code for r in EVO if "EVO-001" not in r.requires} == {"EVO-001"}


def test_two_honest_returns_say_nothing() -> None:
    findings, outcomes = confronter()
    assert findings == []
    assert {outcomes[rule.code].status for rule in EVO} == {Status.PASSEE}


# --- one change, exactly what is told of it ------------------------------------------------------


def _retire(feuille: str, **ou: Any) -> Callable[[Contenu, Contenu], None]:
    return lambda avant, apres: apres[feuille].remove(ligne(apres, feuille, **ou))


def _change(feuille: str, ou: dict[str, Any], **valeurs: Any) -> Callable[[Contenu, Contenu], None]:
    return lambda avant, apres: ligne(apres, feuille, **ou).update(valeurs)


def _renumerote(avant: Contenu, apres: Contenu) -> None:
    ligne(apres, "actions", numero="A28")["numero"] = "A30"


def _swap(avant: Contenu, apres: Contenu) -> None:
    one, other = ligne(apres, "actions", numero="A1"), ligne(apres, "actions", numero="A2")
    one["numero"], other["numero"] = "A2", "A1"


def _between(avant: Contenu, apres: Contenu) -> None:
    avant["etablissements"].pop()


def _rien_fait(avant: Contenu, apres: Contenu) -> None:
    kept = apres["identification"]
    apres.clear()
    apres.update(last_year())
    apres["identification"] = kept


def _decale(avant: Contenu, apres: Contenu) -> None:
    _change("identification", {}, annee_n1=2027)(avant, apres)
    _change("indicateurs", {"code": "SI/PA"}, cible_n2=0.3, realise_n1=0)(avant, apres)


def _deficit(avant: Contenu, apres: Contenu) -> None:
    for row in apres["difficulte"]:
        if row["finess_et"] == EHPAD_D:
            row["deficit_reference"] = 300_000


CAS: dict[str, tuple[Callable[[Contenu, Contenu], None], set[tuple[str, str]]]] = {
    "action disparue": (_retire("actions", numero="A28"),
                        {("EVO-010", "Plan d'actions!A5"), ("EVO-010", "Plan d'actions!E5")}),
    "action renumérotée": (_renumerote, {("EVO-017", "Plan d'actions!A33")}),
    "numéros échangés": (_swap, {("EVO-011", f"Plan d'actions!{c}{r}")
                                    for c in "AE" for r in (6, 7)}),
    "fragilité disparue": (_retire("fragilites", numero="F2"),
                           {("EVO-012", f"Points de fragilité!{c}5") for c in "AE"}),
    "mesure disparue": (_retire("mesures", finess_et=MAS, numero="P3"),
                        {("EVO-013", f"Inspection-contrôle!{c}5") for c in "ABG"}),
    "critère disparu": (_retire("has", critere="3.6.2"),
                        {("EVO-014", f"Évaluation HAS!{c}5") for c in "ABC"}),
    "établissement disparu": (_retire("etablissements", finess_et="210099024"),
                              {("EVO-015", f"Établissements!{c}5") for c in "AB"}),
    "établissement nouveau": (_between, {("EVO-016", "Établissements!A15")}),
    "avancement en baisse": (_change("actions", {"numero": "A3"}, avancement=0.1),
                             {("EVO-021", "Plan d'actions!K8")}),
    "retour en arrière, sans cascade": (
        _change("actions", {"numero": "A2"}, statut="En cours", avancement=0.2,
                date_realisation=dt.date(2027, 3, 1)),
        {("EVO-020", "Plan d'actions!J7")}),
    "levée reprise, sans cascade": (
        _change("mesures", {"finess_et": EHPAD_D, "numero": "I1"}, statut="En cours",
                date_levee=dt.date(2027, 5, 1)),
        {("EVO-022", "Inspection-contrôle!Q6")}),
    "cible abaissée": (_change("indicateurs", {"code": "SI/PA"}, cible_n2=0.3, cible_n5=0.9),
                       {("EVO-030", "Indicateurs!I14"), ("EVO-030", "Indicateurs!L14")}),
    "résultat réécrit": (_change("indicateurs", {"code": "TRANSFO/PA"}, realise_n1=0.9),
                         {("EVO-031", "Indicateurs!M6")}),
    "capacité": (_change("etablissements", {"finess_et": MAS}, capacite_autorisee=44),
                 {("EVO-032", "Établissements!N14")}),
    "déficit de référence": (
        _deficit,
        {("EVO-034", "Difficulté financière!D6")}),
    "notification": (_change("mesures", {"finess_et": MAS, "numero": "P1"},
                             date_notification=dt.date(2026, 9, 22)),
                     {("EVO-027", "Inspection-contrôle!F10")}),
    "date d'arrêté oubliée": (_change("identification", {}, date_arrete=dt.date(2026, 12, 31)),
                              {("EVO-008", "Identification!B30")}),
    "année sautée": (_change("identification", {}, annee_suivie="N3"),
                     {("EVO-003", "Identification!B26"), ("EVO-003", "Identification!B27")}),
    "fichier de l'an dernier": (_rien_fait, {("EVO-004", "Identification!B27")}),
    "autre organisme": (_change("identification", {}, finess_ej="710099003", siren="999000276"),
                        {("EVO-001", "Identification!B8")}),
    "même année": (_change("identification", {}, annee_suivie="N1",
                           date_effet=dt.date(2026, 7, 1)),
                   {("EVO-002", "Identification!B26"), ("EVO-002", "Identification!B27")}),
    "N1 décalée": (_decale, {("EVO-005", "Identification!B26")}),
}  # fmt: skip


@pytest.mark.parametrize("cas", CAS)
def test_one_change_and_what_is_told_of_it(cas: str) -> None:
    edit, expected = CAS[cas]
    before, after = last_year(), cette_annee()
    edit(before, after)
    findings, outcomes = confronter(after, before)
    assert places(findings) == expected
    assert not any(outcome.status is Status.EN_PANNE for outcome in outcomes.values())


@pytest.mark.parametrize("cas", ["autre organisme", "même année"])
def test_what_cannot_be_compared_is_not_and_says_why(cas: str) -> None:
    edit, expected = CAS[cas]
    before, after = last_year(), cette_annee()
    edit(before, after)
    _, outcomes = confronter(after, before)
    (code,) = {code for code, _ in expected}
    others = [outcomes[r.code] for r in EVO if r.code not in ("EVO-001", "EVO-002", "EVO-005")]
    assert {(o.status, o.reason) for o in others} == {
        (Status.NON_CONTROLEE, f"il faut d'abord corriger {code}")
    }


def test_a_row_left_unchecked_says_why() -> None:
    before, after = last_year(), cette_annee()
    ligne(after, "actions", numero="A2").update(statut="En cours", avancement=0.2)
    _, outcomes = confronter(after, before)
    assert outcomes["EVO-021"].status is Status.NON_CONTROLEE
    assert outcomes["EVO-021"].reason.replace("\u00a0", " ") == (
        "ligne 7 de « Plan d'actions » : il faut d'abord corriger EVO-020"
    )


def test_a_new_comment_justifies_and_an_old_one_does_not() -> None:
    before, after = last_year(), cette_annee()
    ligne(after, "actions", numero="A3").update(avancement=0.1, commentaire="Erreur en 2026")
    ligne(before, "actions", numero="A28")["commentaire"] = "Abandon envisagé"
    after["actions"].remove(ligne(after, "actions", numero="A28"))
    findings, _ = confronter(after, before)
    assert {f.code: f.justification for f in findings} == {
        "EVO-010": None, "EVO-021": "Erreur en 2026"}  # fmt: skip
    assert {f.record for f in findings} == {"l'action A28", "l'action A3"}


def test_the_order_of_the_rows_changes_nothing() -> None:
    before, after = last_year(), cette_annee()
    for edit, _ in (CAS["action disparue"], CAS["avancement en baisse"], CAS["capacité"]):
        edit(before, after)
    expected = {(f.code, f.record, f.message) for f in confronter(after, before)[0]}
    assert len(expected) == 3
    for content in (before, after):
        for rows in content.values():
            random.Random(3).shuffle(rows)
    assert {(f.code, f.record, f.message) for f in confronter(after, before)[0]} == expected


@pytest.mark.parametrize("rule", EVO, ids=lambda r: r.code)
def test_a_cell_that_could_not_be_read_accuses_nobody(rule: Rule) -> None:
    assert rule.check is not None
    for example in rule.ok:
        context = example_context(rule, example, load_referentiel())
        assert context.precedent is not None
        for classeur in (context.classeur, context.precedent):
            for table in classeur.tables.values():
                for row in table:
                    for key, value in row.values.items():
                        if value is None or not table.sheet[key].is_entry:
                            continue
                        row.values[key] = NON_LU
                        fresh = replace(
                            context,
                            classeur=replace(context.classeur),
                            precedent=replace(context.precedent),
                        )
                        assert list(rule.check(fresh)) == [], (example, table.name, key)
                        row.values[key] = value


# --- files and folders ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def retours(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("retours")
    (folder / "ranges").mkdir()
    contents = {"avant": last_year(), "apres": cette_annee()}
    contents["autre"] = last_year()
    contents["autre"]["identification"][0]["finess_ej"] = "710099003"
    contents["n"] = last_year()
    contents["n"]["identification"][0].update(annee_suivie="N", date_arrete=dt.date(2025, 12, 31))
    ligne(contents["apres"], "actions", numero="A3")["avancement"] = 0.1
    paths = {}
    for name, content in contents.items():
        paths[name] = folder / f"{name}.xlsx"
        write_template(paths[name], load_referentiel(), contenu=content)
    return paths


def test_a_file_is_compared_and_the_report_says_with_what(retours: dict[str, Path]) -> None:
    report = check(retours["apres"], precedent=retours["avant"])
    assert {(f.code, f.cells) for f in report.findings} == {("EVO-021", ("K8",))}
    assert report.verdict is Verdict.WITH_RESERVES
    assert report.options["precedent"].startswith("avant.xlsx, année suivie 2026, SHA-256 ")


def test_without_last_year_nothing_is_compared(retours: dict[str, Path]) -> None:
    report = check(retours["apres"])
    assert report.findings == () and report.options == {}
    said = {o.reason for o in report.outcomes if o.code.startswith("EVO")}
    assert said == {"le retour de l'année précédente n'est pas joint au contrôle"}


@pytest.mark.parametrize("this_name", ["{0}.xlsx", "CPOM_210099008_{0}.xlsx"])
def test_a_folder_gives_the_latest_return_before(
    this_name: str, retours: dict[str, Path], tmp_path: Path
) -> None:
    for name, path in retours.items():
        target = tmp_path / ("sous" if name == "avant" else "") / this_name.format(name)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    (tmp_path / "casse.xlsx").write_bytes(b"PK\x03\x04 rien")
    (tmp_path / "~$avant.xlsx").write_bytes(b"verrou")
    report = check(retours["apres"], precedent=tmp_path)
    assert {f.code for f in report.findings} == {"EVO-021"}
    assert report.options["precedent"].startswith(this_name.format("avant"))


def test_a_folder_without_the_organisme_says_so(retours: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "autre.xlsx").write_bytes(retours["autre"].read_bytes())
    (tmp_path / "casse.xlsx").write_bytes(b"PK\x03\x04 rien")
    report = check(retours["apres"], precedent=tmp_path)
    assert report.findings == ()
    (reason,) = {o.reason for o in report.outcomes if o.code.startswith("EVO")}
    assert "aucun retour antérieur de l'organisme 210099008" in reason
    assert "1 fichier illisible" in reason
    assert "aucun retour antérieur" in report.options["precedent"]


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, retours: dict[str, Path]) -> None:
    broken = tmp_path / "casse.xlsx"
    broken.write_bytes(b"PK\x03\x04 rien")
    with pytest.raises(UnreadablePrecedentError, match=r"casse\.xlsx"):
        load_precedents(broken).verifier(load_referentiel())
    report = check(retours["apres"], precedent=broken)
    (reason,) = {o.reason for o in report.outcomes if o.code.startswith("EVO")}
    assert "illisible" in reason and "illisible" in report.options["precedent"]


def test_a_sheet_that_last_year_did_not_have(retours: dict[str, Path]) -> None:
    from tests.atelier import Workshop
    from xl_cpom.validators.precedents import Precedents

    altered = Workshop(retours["avant"]).remove("Évaluation HAS")
    path = altered.write(retours["avant"].parent / "ranges" / "sans_has.xlsx")
    precedents = load_precedents(path)
    assert isinstance(precedents, Precedents)
    outcomes = {o.code: o for o in check(retours["apres"], precedent=precedents).outcomes}
    for code in ("EVO-014", "EVO-024", "EVO-037"):
        assert outcomes[code].status is Status.NON_CONTROLEE
        assert outcomes[code].reason.endswith("introuvable dans le retour précédent")
    assert outcomes["EVO-021"].status is Status.EN_ANOMALIE
