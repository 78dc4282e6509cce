"""The life of a contract, replayed on files: what is legitimate is recevable, a lie has its code.

The situations are those of an audit by trade: an ESMS ceded (its lines kept, or taken away), a new
FINESS number, the merger of an organisme; then each of the lies beside them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.validators.deux_ans import Contenu, cette_annee, last_year, ligne
from xl_cpom import check
from xl_cpom.referentiel import Referentiel, load_referentiel
from xl_cpom.reports.renderings import FORMATS
from xl_cpom.validators.model import Report, Verdict
from xl_cpom.workbook.building import build
from xl_cpom.workbook.template import write_template

REF: Referentiel = load_referentiel()
EHPAD, NEW = "210099016", "210099073"
EJ, OLD_EJ = "210099008", "710099003"
JUNE = dt.date(2027, 6, 30)
OF_AN_ESMS = ("has", "mesures", "difficulte", "activite", "photographie_si")
OF_SEVERAL = ("actions", "fragilites")


def settled(content: Contenu) -> Contenu:
    """The content of an honest gestionnaire: what is declared is what the sheet computes."""
    classeur = build(content, REF)
    for (module, secteur), result in classeur.results.items():
        row = ligne(content, "indicateurs", code=f"{module}/{secteur}")
        key = f"realise_n{classeur.followed_rank}"
        row.pop(key, None)
        if result.value is not None:
            row[key] = round(result.value, 4)
    return content


def judged(folder: Path, after: Contenu, before: Contenu | None = None) -> Report:
    """The control of this year's file beside last year's."""
    write_template(folder / "apres.xlsx", REF, contenu=settled(after))
    write_template(folder / "avant.xlsx", REF, contenu=before or last_year())
    return check(folder / "apres.xlsx", precedent=folder / "avant.xlsx")


def found(report: Report) -> set[tuple[str, str, tuple[str, ...]]]:
    return {(f.code, f.sheet, f.cells) for f in report.findings}


def register(content: Contenu, objet: str = "périmètre", concerne: str = EHPAD) -> None:
    content["avenants"].append(
        {"numero": "2", "date_signature": JUNE, "date_effet": JUNE, "objet": objet,
         "concerne": concerne}
    )  # fmt: skip


def leave(content: Contenu, day: dt.date = JUNE) -> None:
    ligne(content, "etablissements", finess_et=EHPAD).update(
        sorti_le=day, motif_mouvement="cession", avenant="2"
    )


def take_away(content: Contenu) -> None:
    """Take every line of the ESMS away, its own included."""
    content["etablissements"].remove(ligne(content, "etablissements", finess_et=EHPAD))
    content["si"] = [row for row in content["si"] if row["entite"] != EHPAD]
    for key in OF_AN_ESMS:
        content[key] = [row for row in content[key] if row["finess_et"] != EHPAD]
    for key in OF_SEVERAL:
        for row in content[key]:
            row["finess_et"] = tuple(n for n in row.get("finess_et") or () if n != EHPAD)


def renumber(content: Contenu, **said: Any) -> None:
    """Give the ESMS another FINESS number, everywhere."""
    ligne(content, "etablissements", finess_et=EHPAD).update(finess_et=NEW, **said)
    for row in content["si"]:
        row["entite"] = NEW if row["entite"] == EHPAD else row["entite"]
    for key in OF_AN_ESMS:
        for row in content[key]:
            row["finess_et"] = NEW if row["finess_et"] == EHPAD else row["finess_et"]
    for key in OF_SEVERAL:
        for row in content[key]:
            row["finess_et"] = tuple(NEW if n == EHPAD else n for n in row.get("finess_et") or ())


def ceded_lines_kept(content: Contenu) -> None:
    register(content)
    leave(content)


def ceded_the_year_before(content: Contenu) -> None:
    """Nothing is asked of the year followed: no line of a system, no account, no activity."""
    register(content)
    leave(content, dt.date(2026, 12, 31))
    content["si"] = [row for row in content["si"] if row["entite"] != EHPAD]
    content["activite"] = [row for row in content["activite"] if row["finess_et"] != EHPAD]


def ceded_lines_taken_away(content: Contenu) -> None:
    register(content)
    take_away(content)


def new_number(content: Contenu) -> None:
    renumber(content, ancien_finess_et=EHPAD, motif_mouvement="changement de numéro")


def opened_in_the_year(content: Contenu) -> None:
    """An ESMS that came in after the deadlines of the year owes no deposit of that year."""
    register(content, concerne=NEW)
    model = ligne(content, "etablissements", finess_et=EHPAD)
    content["etablissements"].append(
        {**model, "finess_et": NEW, "raison_sociale": "EHPAD Les Tilleuls de la Vouge",
         "siret": None, "date_evaluation_has": None, "entre_le": dt.date(2027, 12, 31),
         "motif_mouvement": "ouverture", "avenant": "2"}
    )  # fmt: skip
    always = [
        row
        for row in content["si"]
        if row["entite"] == EHPAD and row["si"].startswith(("ROR", "V"))
    ]
    content["si"] += [
        {**row, "entite": NEW, "derniere_maj": dt.date(2027, 12, 31)} for row in always
    ]


def action_taken_out(content: Contenu) -> None:
    register(content, "action retirée", "A2")
    content["actions"].remove(ligne(content, "actions", numero="A2"))


def targets_changed(content: Contenu) -> None:
    register(content, "cible", "TRANSFO/PA")
    ligne(content, "indicateurs", code="TRANSFO/PA")["cible_n3"] = 0.5


@pytest.mark.parametrize(
    "event",
    [
        ceded_lines_kept, ceded_the_year_before, ceded_lines_taken_away, new_number,
        opened_in_the_year, action_taken_out, targets_changed,
    ],
)  # fmt: skip
def test_what_the_contract_lives_is_recevable(
    event: Callable[[Contenu], None], tmp_path: Path
) -> None:
    content = cette_annee()
    event(content)
    report = judged(tmp_path, content)
    assert found(report) == set()
    assert report.verdict is Verdict.RECEVABLE


def test_a_merged_organisme_is_compared_with_its_former_self(tmp_path: Path) -> None:
    """Another FINESS EJ, said: last year's return is found in a folder, and compared."""
    before, after = last_year(), settled(cette_annee())
    before["identification"][0]["finess_ej"] = OLD_EJ
    for row in before["si"]:
        row["entite"] = OLD_EJ if row["entite"] == EJ else row["entite"]
    after["identification"][0]["ancien_finess_ej"] = OLD_EJ
    (tmp_path / "avant").mkdir()
    write_template(tmp_path / "avant" / "retour.xlsx", REF, contenu=before)
    write_template(tmp_path / "apres.xlsx", REF, contenu=after)
    report = check(tmp_path / "apres.xlsx", precedent=tmp_path / "avant")
    assert found(report) == set()
    assert "SHA-256" in report.options["precedent"]


# --- the lies, each with its code ----------------------------------------------------------------


def line_dropped(content: Contenu) -> None:
    content["mesures"].pop(0)


def number_changed_in_silence(content: Contenu) -> None:
    renumber(content)


def number_that_never_was(content: Contenu) -> None:
    ligne(content, "etablissements", finess_et=EHPAD)["ancien_finess_et"] = NEW


def exit_before_entry(content: Contenu) -> None:
    register(content)
    leave(content)
    ligne(content, "etablissements", finess_et=EHPAD)["entre_le"] = dt.date(2027, 7, 1)


def avenant_not_in_the_register(content: Contenu) -> None:
    leave(content)


def two_avenants_with_one_number(content: Contenu) -> None:
    register(content, "autre", "")
    register(content, "cible", "TRANSFO/PA")
    content["avenants"][-1]["date_effet"] = dt.date(2027, 7, 1)


def gone_without_avenant(content: Contenu) -> None:
    leave(content)
    ligne(content, "etablissements", finess_et=EHPAD)["avenant"] = None


def sixth_year_without_prorogation(content: Contenu) -> None:
    ligne(content, "indicateurs", code="TRANSFO/PA")["cible_n6"] = 1.0


@pytest.mark.parametrize(
    ("lie", "codes"),
    [
        (line_dropped, {("EVO-013", ("G5", "B5", "A5"))}),
        (number_changed_in_silence, {("EVO-038", ("A9", "W9"))}),
        (number_that_never_was, {("PER-006", ("W9", "A9"))}),
        (exit_before_entry, {("PER-001", ("S9", "T9"))}),
        (avenant_not_in_the_register, {("PER-011", ("V9",))}),
        (two_avenants_with_one_number, {("PER-010", ("A7", "A8"))}),
        (gone_without_avenant, {("PER-003", ("V9", "S9", "T9"))}),
        (sixth_year_without_prorogation, {("PER-015", ("R6",))}),
    ],
)
def test_a_lie_or_a_mistake_has_its_code_and_the_rest_is_judged(
    lie: Callable[[Contenu], None], codes: set[tuple[str, tuple[str, ...]]], tmp_path: Path
) -> None:
    content = cette_annee()
    lie(content)
    report = judged(tmp_path, content)
    assert {(code, cells) for code, _, cells in found(report)} == codes
    assert len([o for o in report.outcomes if o.status.value == "passée"]) > 300


# --- the other situations of the audit -----------------------------------------------------------


def test_a_cumulated_deficit_that_grows_is_no_resorption(tmp_path: Path) -> None:
    """600 000 € cumulated, then −180 000 and −100 000: 880 000 are left, 46,7 % more."""
    content = cette_annee()
    rows = sorted(
        (r for r in content["difficulte"] if r["finess_et"] == EHPAD),
        key=lambda row: row["exercice"],
    )
    for row, result, left in zip(rows, (-180_000, -100_000), (780_000, 880_000), strict=True):
        row.update(base="cumulée", deficit_reference=600_000, produits=3_000_000,
                   charges=3_000_000 - result, deficit_cumule=left)  # fmt: skip
    report = judged(tmp_path, content)
    (one,) = (i for i in report.indicateurs if (i.module, i.secteur) == ("DIFFICULTE", "PA"))
    assert (one.numerateur, one.denominateur, one.state) == (-280_000, 600_000, "Non atteint")
    assert one.taux == pytest.approx(-280 / 600)
    assert report.verdict is Verdict.WITH_RESERVES
    assert "DIF-006" in {finding.code for finding in report.findings}


def test_a_contract_extended_by_several_avenants_is_not_refused(tmp_path: Path) -> None:
    content = cette_annee()
    content["identification"][0].update(
        date_signature=dt.date(2018, 12, 15),
        date_effet=dt.date(2019, 1, 1),
        date_entree=dt.date(2019, 1, 1),
        type_contrat="CPOM en cours de validité",
        echeance_precedente=None,
    )
    write_template(tmp_path / "retour.xlsx", REF, contenu=settled(content))
    assert check(tmp_path / "retour.xlsx").findings == ()


def test_half_of_the_measures_lifted_in_the_last_year_is_told(tmp_path: Path) -> None:
    content = cette_annee()
    content["identification"][0].update(annee_suivie="N5", date_arrete=dt.date(2030, 12, 31))
    write_template(tmp_path / "retour.xlsx", REF, contenu=settled(content))
    told = {f.code for f in check(tmp_path / "retour.xlsx").findings if f.code.startswith("BIL-")}
    assert told == {f"BIL-00{rank}" for rank in range(1, 6)}


def test_a_sixth_year_has_a_target_and_a_result(tmp_path: Path) -> None:
    content = cette_annee()
    register(content, "prorogation", "")
    content["identification"][0].update(
        annee_suivie="N6", date_arrete=dt.date(2031, 12, 31), date_echeance=dt.date(2031, 12, 31)
    )
    ligne(content, "indicateurs", code="TRANSFO/PA")["cible_n6"] = 1.0
    write_template(tmp_path / "retour.xlsx", REF, contenu=settled(content))
    report = check(tmp_path / "retour.xlsx")
    (one,) = (i for i in report.indicateurs if (i.module, i.secteur) == ("TRANSFO", "PA"))
    assert (one.annee, one.cible, one.cibles[5], one.realises[5]) == (2031, 1.0, 1.0, one.declare)
    assert one.declare is not None and one.taux == pytest.approx(one.declare)
    assert not [f for f in report.findings if f.code in ("PER-014", "PER-015", "IDE-017")]
    page = FORMATS["html"].content([report]).decode()
    assert "de N1 à N6" in page and ">N6</th>" in page
