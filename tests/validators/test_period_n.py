"""Period N: a diagnostic is judged for what it holds; nothing of a follow-up year is asked."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commande import run
from tests.validators.deux_ans import Contenu, cette_annee, ligne
from xl_cpom import check
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators.model import PERIOD_N, Report, Verdict, exit_code
from xl_cpom.validators.stage import FAMILIES
from xl_cpom.workbook.template import write_template

REF = load_referentiel()
FOLLOWED = (
    "si",
    "has",
    "mesures",
    "difficulte",
    "activite",
    "indicateurs",
    "avenants",
    "fragilites",
)


def being_prepared() -> Contenu:
    """The example before its contract: no date of effect, no result, three à la carte unasked."""
    content = cette_annee()
    fiche = content["identification"][0]
    for key in ("date_signature", "date_effet", "date_echeance", "autorites",
                "conseils_departementaux", "referent_si", "referent_si_nomme"):  # fmt: skip
        fiche.pop(key, None)
    fiche.update(annee_n1=2027, annee_suivie="N", date_arrete=dt.date(2026, 12, 31))
    for key in FOLLOWED:
        content[key] = []
    for row in content["modules"]:
        if row["code"] in ("HAS", "INSPECTION", "DIFFICULTE"):
            row.update(dict.fromkeys(row, None), code=row["code"], actif="Non")
    content["actions"] = [
        {**row, "annee_entree": 2027, "echeance": dt.date(2029, 6, 30), "statut": "À démarrer",
         "avancement": 0.0, "date_realisation": None, "reference_avenant": None}
        for row in content["actions"]
    ]  # fmt: skip
    return content


def judged(folder: Path, content: Contenu) -> Report:
    write_template(folder / "n.xlsx", REF, contenu=content)
    return check(folder / "n.xlsx")


def places(report: Report) -> set[tuple[str, str, tuple[str, ...]]]:
    return {(f.code, f.sheet, f.cells) for f in report.findings}


def test_a_whole_diagnostic_is_ready_to_be_negotiated(tmp_path: Path) -> None:
    report = judged(tmp_path, being_prepared())
    assert places(report) == set()
    assert report.verdict is Verdict.READY and exit_code(report) == 0
    aside = {o.code for o in report.outcomes if o.reason == PERIOD_N}
    assert {code.split("-")[0] for code in aside} == FAMILIES | {"MOD", "HAS"}


def no_partner(content: Contenu) -> None:
    ligne(content, "contractualisation", code="TRANSFO/PH")["partenariats"] = None


def not_shared(content: Contenu) -> None:
    ligne(content, "contractualisation", code="SI/PA").update(partage_le=None, partage_avec=None)


def no_photograph(content: Contenu) -> None:
    content["photographie_si"] = content["photographie_si"][1:]


def no_pilot(content: Contenu) -> None:
    content["referents"] = [row for row in content["referents"] if row["role"] != "Référent SI"]


def an_unwritten_plan(content: Contenu) -> None:
    content["actions"] = [row for row in content["actions"] if row["module"] != "PREVENTION"]


def an_unfinished_action(content: Contenu) -> None:
    content["actions"][0].update(pilote=None, echeance=None)


@pytest.mark.parametrize(
    ("lack", "told"),
    [
        (no_partner, {("CTR-001", "Contractualisation", ("G7",))}),
        (not_shared, {("CTR-001", "Contractualisation", ("J14", "K14"))}),
        (no_photograph, {("CTR-002", "Établissements", ("A6",))}),
        (no_pilot, {("CTR-003", "Identification", ("B35", "B37"))}),
        (
            an_unwritten_plan,
            {
                ("CTR-004", "Contractualisation", ("I10",)),
                ("CTR-004", "Contractualisation", ("I11",)),
            },
        ),
        (an_unfinished_action, {("CTR-005", "Plan d'actions", ("G6", "I6"))}),
    ],
)
def test_what_is_missing_is_told_where_it_is_asked(
    lack: Callable[[Contenu], None], told: set[tuple[str, str, tuple[str, ...]]], tmp_path: Path
) -> None:
    content = being_prepared()
    lack(content)
    report = judged(tmp_path, content)
    assert places(report) == told
    assert report.verdict is Verdict.TO_COMPLETE and exit_code(report) == 0


def test_a_mistake_still_refuses_a_diagnostic(tmp_path: Path) -> None:
    content = being_prepared()
    content["etablissements"].append(dict(content["etablissements"][0]))
    report = judged(tmp_path, content)
    assert {f.code for f in report.findings} == {"IDE-003"}
    assert report.verdict is Verdict.NON_RECEVABLE


def test_the_words_of_the_verdict_reach_the_command(tmp_path: Path) -> None:
    content = being_prepared()
    no_partner(content)
    write_template(tmp_path / "n.xlsx", REF, contenu=content)
    ran = run("valider", str(tmp_path / "n.xlsx"), "--format", "json")
    assert ran.returncode == 0
    assert json.loads(ran.stdout)["verdict"] == "diagnostic à compléter"


def test_an_empty_diagnostic_is_begun_not_refused(tmp_path: Path) -> None:
    """What an OG deposits while its plan is being written: audited as refused eight times."""
    content = being_prepared()
    for key in ("actions", "contractualisation", "photographie_si", "referents"):
        content[key] = []
    report = judged(tmp_path, content)
    assert {f.code for f in report.findings} == {"CTR-001", "CTR-002", "CTR-003"}
    assert report.verdict is Verdict.TO_COMPLETE
