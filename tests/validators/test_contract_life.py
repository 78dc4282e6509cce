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
        if result.valeur is not None:
            row[key] = round(result.valeur, 4)
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
