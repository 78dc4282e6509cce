"""Dérogations and profile: what they lift or change, what is said of them, what is refused."""

from __future__ import annotations

import datetime as dt
import json
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.atelier import VALIDE, Workshop
from tests.corpus.cas import controler
from xl_cpom import check
from xl_cpom.cli.valider import valider
from xl_cpom.validators.across_returns import campaign_report
from xl_cpom.validators.campaign_examples import campagne
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.companion_files import BadFileError
from xl_cpom.validators.companions import completed
from xl_cpom.validators.derogations import Derogations
from xl_cpom.validators.derogations_file import load_derogations
from xl_cpom.validators.model import (
    AVERTISSEMENT,
    BLOQUANT,
    INFORMATION,
    Report,
    Status,
    Verdict,
)
from xl_cpom.validators.profil import load_profil

EJ, EHPAD_D, MAS = "210099008", "210099016", "210099065"
HEADER = "code;finess;cellule;enregistrement;motif;accordee_par;jusqu_au"
END = "31/12/2028"


@pytest.fixture(scope="module")
def fautif(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two faults of one rule (rows 8 and 9), and a warning of the reading (K10)."""
    return (
        Workshop()
        .cellule("Plan d'actions", "K8", 1)
        .cellule("Plan d'actions", "K9", 1)
        .cellule("Plan d'actions", "K10", 25)
        .cellule("Établissements", "N14", 41)
        .write(tmp_path_factory.mktemp("retour") / "retour.xlsx")
    )


def fichier(dossier: Path, *lignes: str, nom: str = "derogations.csv") -> Path:
    path = dossier / nom
    path.write_text("\n".join((HEADER, *lignes)) + "\n", encoding="utf-8")
    return path


def levees(report: Report) -> set[tuple[str, str]]:
    return {(f.code, cell) for f in report.findings if f.waiver for cell in f.cells}


def said(report: Report) -> list[str]:
    return [f.code for f in report.findings if f.code.startswith("DER")]


def test_the_faults_to_lift(fautif: Path) -> None:
    report = check(fautif)
    assert {(f.code, f.cells) for f in report.findings} == {
        ("SUI-001", ("J8", "K8")),
        ("SUI-001", ("J9", "K9")),
        ("FMT-010", ("K10",)),
    }
    assert report.verdict is Verdict.WITH_RESERVES, "SUI-001 waits for a confirmation"


TWO = {("SUI-001", cell) for cell in ("J8", "K8", "J9", "K9")}
A3 = {("SUI-001", "J8"), ("SUI-001", "K8")}
K10 = {("FMT-010", "K10")}
CE_QUI_LEVE: dict[str, tuple[str, set[tuple[str, str]]]] = {
    "tout le retour": (f"SUI-001;{EJ};;", TWO),
    "un enregistrement": (f"SUI-001;{EJ};;A3", A3),
    "un enregistrement, en toutes lettres": (f"SUI-001;{EJ};;l'action A3", A3),
    "un enregistrement, sans FINESS": ("sui-001;;;a3", A3),
    "une cellule": (f"SUI-001;{EJ};Plan d'actions!K8;", A3),
    "une cellule, comme Excel l'écrit": ("SUI-001;;'Plan d''actions'!$K$8;", A3),
    "une cellule de la lecture": ("FMT-010;;plan d’actions!k10;", K10),
    "un enregistrement de la lecture": (f"FMT-010;{EJ};;A5", K10),
    "une autre cellule": (f"SUI-001;{EJ};Plan d'actions!K12;", set()),
    "une autre feuille": (f"SUI-001;{EJ};Établissements!K8;", set()),
    "un autre enregistrement": (f"SUI-001;{EJ};;A30", set()),
    "un autre organisme": ("SUI-001;710099003;;", set()),
    "un ET concerné par la ligne": ("SUI-001;210781456;;", A3),
    "un ET d'une autre ligne": (f"SUI-001;{MAS};;", set()),
}


@pytest.mark.parametrize("cas", CE_QUI_LEVE)
def test_what_a_derogation_lifts(cas: str, fautif: Path, tmp_path: Path) -> None:
    """A3 is about two ESMS, A4 about EHPAD_D alone."""
    start, expected = CE_QUI_LEVE[cas]
    path = fichier(tmp_path, f"{start};Chantier retardé;DA, C. Martin;{END}")
    report = check(fautif, derogations=path)
    assert levees(report) == expected
    told = (not expected and EJ in start) or (not expected and MAS in start)
    assert said(report) == (["DER-002"] if told else [])
    text = "Chantier retardé (accordée par DA, C. Martin, jusqu'au 31/12/2028)"
    assert {f.waiver for f in report.findings if f.waiver} <= {text}


def test_what_is_lifted_stays_in_place_and_does_not_count(fautif: Path, tmp_path: Path) -> None:
    path = fichier(tmp_path, f"SUI-001;{EJ};;;Motif;DA;{END}", f"FMT-010;{EJ};;;Motif;DA;{END}")
    report = check(fautif, derogations=path)
    assert report.verdict is Verdict.RECEVABLE
    assert [f.code for f in report.findings] == ["FMT-010", "SUI-001", "SUI-001"]
    assert (report.count(BLOQUANT), report.count(AVERTISSEMENT)) == (0, 0)
    assert report.options["derogations"] == "derogations.csv\u00a0: 2 dérogations appliquées"
    one = check(fautif, derogations=fichier(tmp_path, f"SUI-001;{EJ};;;Motif;DA;{END}"))
    assert one.verdict is Verdict.WITH_RESERVES


def test_no_rate_waits_for_what_is_lifted(tmp_path: Path) -> None:
    """A measure « Levée » without its letter: accepted, it still does not count in the rate."""
    sheet = "Inspection-contrôle"
    path = Workshop().cellule(sheet, "S10", None).cellule(sheet, "T10", None)
    written = path.write(tmp_path / "retour.xlsx")
    fault = ("INS-002", ("Q10", "S10", "T10"))
    assert {(f.code, f.cells) for f in check(written).findings} == {fault}
    waiver = fichier(tmp_path, f"INS-002;{EJ};;;Motif;DA;{END}")
    report = check(written, derogations=waiver)
    assert {(f.code, f.cells) for f in report.findings} == {fault, ("IND-007", ("N19",))}
    assert report.verdict is Verdict.WITH_RESERVES


@pytest.mark.parametrize(
    ("date", "levee"),
    [(None, True), ("2027-12-31", True), ("2028-01-01", False), ("2020-01-01", True)],
)
def test_the_term_is_judged_at_the_date_of_the_control(
    date: str | None, levee: bool, fautif: Path, tmp_path: Path
) -> None:
    path = fichier(tmp_path, f"SUI-001;{EJ};;;Motif;DA;31/12/2027")
    day = dt.date.fromisoformat(date) if date else None
    report = check(fautif, derogations=path, date=day)
    assert bool(levees(report)) is levee
    assert said(report) == ([] if levee else ["DER-001"])
    if not levee:
        (found,) = [f for f in report.findings if f.code == "DER-001"]
        assert (found.severity, found.cells) == (INFORMATION, ("J8", "K8"))
        assert "a expiré le 31/12/2027" in found.message
        assert "1 expirée" in report.options["derogations"]
        assert {o.code: o.status for o in report.outcomes}["DER-001"] is Status.EN_ANOMALIE


def test_without_a_date_nothing_is_known_to_be_in_force(tmp_path: Path) -> None:
    retour = Workshop().cellule("Plan d'actions", "K8", 1).cellule("Identification", "B30", None)
    path = retour.write(tmp_path / "r.xlsx")
    report = check(path, derogations=fichier(tmp_path, f"SUI-001;{EJ};;;Motif;DA;{END}"))
    assert levees(report) == set() and said(report) == ["DER-003"]


def test_others_derogations_are_not_told(fautif: Path, tmp_path: Path) -> None:
    lines = [f"SUI-001;710099003;;;Motif;DA;{END}", f"SUI-001;;;Z9;Motif;DA;{END}",
             f"EVO-010;{EJ};;;Motif;DA;{END}", f"LOT-001;{EJ};;;Motif;DA;{END}"]  # fmt: skip
    report = check(fautif, derogations=fichier(tmp_path, *lines))
    assert said(report) == []
    assert report.options["derogations"].endswith("0 dérogation appliquée et 4 sans objet ici")


def test_a_renamed_tab_is_still_the_sheet(tmp_path: Path) -> None:
    retour = Workshop().cellule("Plan d'actions", "K8", 1).rename("Plan d'actions", "Actions (2)")
    path = retour.write(tmp_path / "r.xlsx")
    lines = [f"SUI-001;;Plan d'actions!K8;;Motif;DA;{END}"]
    assert levees(check(path, derogations=fichier(tmp_path, *lines))) == A3


def test_toml_and_csv_say_the_same(tmp_path: Path) -> None:
    path = tmp_path / "derogations.toml"
    path.write_text(
        f"""[[derogation]]
code = "SUI-001"
finess = "{EJ}"
enregistrement = "A3"
motif = "Chantier retardé."
accordee_par = "DA"
jusqu_au = 2028-12-31
""",
        encoding="utf-8",
    )
    (one,) = load_derogations(path).entries
    (other,) = load_derogations(
        fichier(tmp_path, f"SUI-001;{EJ};;A3;Chantier retardé;DA;2028-12-31")
    ).entries
    assert (one.where, other.where) == ("dérogation n° 1", "ligne 2")
    assert [getattr(one, k) for k in ("code", "text", "target")] == [
        getattr(other, k) for k in ("code", "text", "target")
    ]


def test_a_file_kept_in_excel(tmp_path: Path) -> None:
    """Windows code page, headers in French, a lost zero, blank lines, a quoted line feed."""
    path = tmp_path / "d.csv"
    path.write_bytes(
        "Code;FINESS;Motif;Accordée par;Jusqu'au\r\n;;;;\r\n"
        f'ide-004;{EJ};"Antenne\r\nhors région";Délégué;31/12/2028\r\n'
        f"IDE-004;{EJ[:3]} {EJ[3:]};Autre;Délégué;31/12/2028\r\n".encode("cp1252")
    )
    one, other = load_derogations(path).entries
    assert (one.code, one.where, other.where) == ("IDE-004", "ligne 3", "ligne 5")
    assert one.granted_by == "Délégué" and other.finess == EJ


REFUSAL: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "code inconnu": (f"SUI-01;{EJ};;;M;DA;{END}", ("ligne 2", "« SUI-01 »", "SUI-001")),
    "lecture": (f"LEC-ZIP;{EJ};;;M;DA;{END}", ("ligne 2", "LEC-ZIP")),
    "finess": (f"SUI-001;210099009;;;M;DA;{END}", ("ligne 2", "210099009")),
    "rien": (f"SUI-001;;;;M;DA;{END}", ("ligne 2", "à quoi elle s'applique", "profil")),
    "date": (f"SUI-001;{EJ};;;M;DA;fin 2028", ("ligne 2", "« fin 2028 »", "JJ/MM/AAAA")),
    "sans terme": (f"SUI-001;{EJ};;;M;DA;", ("ligne 2", "jusqu_au")),
    "sans motif": (f"SUI-001;{EJ};;;;DA;{END}", ("ligne 2", "motif")),
    "feuille": (f"SUI-001;;Plan d'action!K8;;M;DA;{END}", ("ligne 2", "« Plan d'actions »")),
    "cellule": (f"SUI-001;;K8;;M;DA;{END}", ("ligne 2", "« K8 »", "feuille!cellule")),
}


@pytest.mark.parametrize("cas", REFUSAL)
def test_a_line_that_cannot_be_used(cas: str, tmp_path: Path) -> None:
    line, said = REFUSAL[cas]
    with pytest.raises(BadFileError) as refusal:
        load_derogations(fichier(tmp_path, line))
    text = str(refusal.value).replace("\u00a0", " ").replace("\u202f", " ")
    assert text.startswith("« derogations.csv », ligne 2 : ") and text.endswith((".", "?"))
    assert all(word in text for word in said), text


@pytest.mark.parametrize(
    ("name", "content", "this_said"),
    [("d.csv", "code;motif\n", "accordee_par"), ("d.csv", "", "ligne 1"),
     ("d.toml", "[[derogation]\n", "ligne 1"), ("d.toml", "derogation = 3\n", "[[derogation]]"),
     ("d.toml", "derogation = [3]\n", "dérogation n° 1"),
     ("d.toml", "[[derogation]]\ncod = 'SUI-001'\n", "« cod »"),
     ("d.csv", "PK\x03\x04\0\0", "CSV")],
)  # fmt: skip
def test_a_file_that_cannot_be_used(
    name: str, content: str, this_said: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(BadFileError) as refusal:
        load_derogations(tmp_path / name)
    text = str(refusal.value).replace("\u00a0", " ")
    assert text.startswith(f"« {name} »") and this_said in text


# --- profile -------------------------------------------------------------------------------------


def profil(dossier: Path, *regles: tuple[str, str], nom: str = "Campagne 2027") -> Path:
    path = dossier / "profil.toml"
    blocks = "".join(
        f'[[regle]]\ncode = "{code}"\ngravite = "{gravite}"\nmotif = "Pas cette année"\n'
        for code, gravite in regles
    )
    path.write_text(f'nom = "{nom}"\n{blocks}', encoding="utf-8")
    return path


def test_severities_change_and_the_report_says_it(fautif: Path, tmp_path: Path) -> None:
    path = profil(tmp_path, ("sui-001", "Information"), ("FMT", "bloquant"))
    report = check(fautif, profil=path)
    assert {(f.code, f.severity) for f in report.findings} == {
        ("SUI-001", INFORMATION),
        ("FMT-010", BLOQUANT),
    }
    assert report.verdict is Verdict.NON_RECEVABLE
    said = report.options["profil"].replace("\u00a0", " ").replace("\u202f", " ")
    assert said == (
        "Campagne 2027 – SUI-001 : information (Pas cette année) ; FMT : bloquant (Pas cette année)"
    )
    assert RULES["SUI-001"].severity is AVERTISSEMENT


def test_a_rule_left_out_is_not_passed(fautif: Path, tmp_path: Path) -> None:
    path = profil(
        tmp_path, ("SUI", "désactivée"), ("SUI-008", "avertissement"), ("FMT-010", "desactivee")
    )
    report = check(fautif, profil=path)
    assert report.findings == () and report.verdict is Verdict.RECEVABLE
    outcomes = {o.code: o for o in report.outcomes}
    assert outcomes["SUI-008"].status is Status.PASSEE
    for code in ("SUI-001", "FMT-010"):
        assert outcomes[code].status is Status.NON_CONTROLEE
        assert outcomes[code].reason == "désactivée par le profil de la campagne (Pas cette année)"


def test_the_right_template_is_asked_whatever_the_profile(tmp_path: Path) -> None:
    retour = Workshop().property_text("cpom_gabarit", None)
    names = [e.get("name") for e in retour.tree("docProps/custom.xml")]
    for name in names:
        retour.property_text(name, None)
    path = profil(tmp_path, ("STR", "désactivée"))
    report = check(retour.remove("_cpom").write(tmp_path / "r.xlsx"), profil=path)
    outcomes = {o.code: o for o in report.outcomes}
    assert outcomes["STR-003"].status is not Status.NON_CONTROLEE
    assert outcomes["STR-002"].status is Status.NON_CONTROLEE


PROFIL_REFUSAL: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "STR-003": ('[[regle]]\ncode="STR-003"\ngravite="information"\nmotif="m"\n', ("STR-003",)),
    "LEC": ('[[regle]]\ncode="LEC-ZIP"\ngravite="désactivée"\nmotif="m"\n', ("LEC",)),
    "inconnue": ('[[regle]]\ncode="SUI-01"\ngravite="bloquant"\nmotif="m"\n',
                 ("règle n° 1", "SUI-001", "xl-cpom regles")),
    "gravité": ('[[regle]]\ncode="SUI-001"\ngravite="grave"\nmotif="m"\n', ("« grave »",)),
    "motif": ('[[regle]]\ncode="SUI-001"\ngravite="bloquant"\n', ("motif",)),
    "deux fois": ('[[regle]]\ncode="SUI-001"\ngravite="bloquant"\nmotif="m"\n' * 2,
                  ("règle n° 2", "déjà")),
    "vide": ("", ("ne règle rien",)),
    "clé": ("regles = []\n", ("« regles »",)),
    "toml": ("[[regle\n", ("ligne 1",)),
    "type": ("regle = [1]\n", ("règle n° 1",)),
}  # fmt: skip


@pytest.mark.parametrize("cas", PROFIL_REFUSAL)
def test_a_profile_that_cannot_be_used(cas: str, tmp_path: Path) -> None:
    content, said = PROFIL_REFUSAL[cas]
    (tmp_path / "p.toml").write_text(content, encoding="utf-8")
    with pytest.raises(BadFileError) as refusal:
        load_profil(tmp_path / "p.toml")
    text = str(refusal.value).replace("\u00a0", " ")
    assert text.startswith("« p.toml »") and all(word in text for word in said), text


# --- across returns, workers, command line -------------------------------------------------------


def test_findings_across_returns_are_lifted_and_changed_too(tmp_path: Path) -> None:
    returns = campagne(
        {"retours": [
            {"fichier": "a.xlsx", "finess_ej": EJ, "etablissements": [{"finess_et": MAS}]},
            {"fichier": "b.xlsx", "finess_ej": "710099003", "etablissements": [{"finess_et": MAS}]},
        ]}
    )  # fmt: skip
    path = fichier(tmp_path, f"LOT-001;{EJ};;;Cession en cours;DA;{END}")
    reports = [_empty(name, "2027-12-31") for name in ("a.xlsx", "b.xlsx")]
    plain = campaign_report(returns, reports)
    assert [r.verdict for r in plain.reports] == [Verdict.NON_RECEVABLE] * 2
    lifted = campaign_report(returns, reports, derogations=load_derogations(path))
    assert [r.verdict for r in lifted.reports] == [Verdict.RECEVABLE, Verdict.NON_RECEVABLE]
    late = [_empty(name, "2029-01-01") for name in ("a.xlsx", "b.xlsx")]
    expired = campaign_report(returns, late, derogations=load_derogations(path))
    assert [r.verdict for r in expired.reports] == [Verdict.NON_RECEVABLE] * 2
    changed = campaign_report(
        returns, reports, profil=load_profil(profil(tmp_path, ("LOT", "aucune")))
    )
    assert (
        changed.constats == () and [r.verdict for r in changed.reports] == [Verdict.RECEVABLE] * 2
    )
    assert {o.status for o in changed.outcomes} == {Status.NON_CONTROLEE}


def _empty(name: str, date: str) -> Report:
    return Report(
        name, "", None, Verdict.RECEVABLE, None, None, (), (), (), "", "", reference_date=date
    )


def test_what_goes_to_the_workers_pickles_and_names_its_content(tmp_path: Path) -> None:
    line = f"SUI-001;{EJ};;;Motif;DA;{END}"
    given = {"derogations": fichier(tmp_path, line), "precedent": VALIDE,
             "profil": profil(tmp_path, ("SUI", "bloquant"))}  # fmt: skip
    sent = completed(**given).as_arguments()
    assert set(sent) == set(given)
    assert pickle.loads(pickle.dumps(sent)) == sent
    again = completed(**given).as_arguments()
    assert {k: v.digest for k, v in sent.items()} == {k: v.digest for k, v in again.items()}
    fichier(tmp_path, line.replace("Motif", "Autre"))
    changed = completed(derogations=given["derogations"]).derogations
    assert isinstance(changed, Derogations)
    assert changed.digest != sent["derogations"].digest
    assert completed().as_arguments() == {}


def launch(*arguments: object) -> Result:
    return CliRunner().invoke(valider, [str(a) for a in arguments])


def test_the_command_line_takes_them_all(fautif: Path, tmp_path: Path) -> None:
    run = launch(
        fautif, "--format", "json", "--precedent", VALIDE,
        "--derogations", fichier(tmp_path, f"SUI-001;{EJ};;;Motif;DA;{END}"),
        "--profil", profil(tmp_path, ("EVO", "désactivée")),
    )  # fmt: skip
    assert run.exit_code == 0, run.output
    report: dict[str, Any] = json.loads(run.stdout)
    assert set(report["options"]) == {"precedent", "derogations", "profil"}
    assert {a["code"]: a["derogation"] is not None for a in report["anomalies"]} == {
        "SUI-001": True,
        "FMT-010": False,
    }


@pytest.mark.parametrize(
    ("option", "name", "content", "code"),
    [("--derogations", "d.csv", "code\n", 2), ("--profil", "p.toml", "x = 1\n", 2),
     ("--finess", "f.csv", "a;b\n", 3), ("--precedent", "p.xlsx", "rien", 3)],
)  # fmt: skip
def test_the_command_line_refuses_in_one_sentence(
    option: str, name: str, content: str, code: int, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    run = launch(VALIDE, option, tmp_path / name)
    assert run.exit_code == code and name in run.output
    assert "Traceback" not in run.output and run.output.count("\n") <= 2


def test_a_folder_is_controlled_with_them(fautif: Path, tmp_path: Path) -> None:
    folder = tmp_path / "retours"
    folder.mkdir()
    (folder / "retour.xlsx").write_bytes(fautif.read_bytes())
    waivers = fichier(tmp_path, f"SUI-001;{EJ};;;Motif;DA;{END}")
    run = launch(folder, "-j", 1, "--derogations", waivers, "--journal", tmp_path / "j.sqlite",
                 "--format", "json")  # fmt: skip
    assert run.exit_code == 0, run.output
    report = json.loads(run.stdout)
    assert report["verdict"] == "recevable avec réserves"
    assert report["options"]["derogations"].startswith("derogations.csv")


def test_justified_warnings_are_counted_in_the_verdict(tmp_path: Path) -> None:
    base = Workshop().cellule("Plan d'actions", "K10", 25).cellule("Plan d'actions", "K8", 50)
    one = launch(base.cellule("Plan d'actions", "Q8", "Saisi ainsi").write(tmp_path / "r.xlsx"))
    assert "2 avertissements dont 1 justifié." in one.output.replace("\u00a0", " ")
    assert "corrigé ou justifié l’avertissement" in " ".join(one.output.split())
    base.cellule("Plan d'actions", "Q10", "Saisi ainsi")
    two = launch(base.write(tmp_path / "r.xlsx"))
    assert "2 avertissements tous justifiés." in two.output.replace("\u00a0", " ")
    assert "l'ARS appréciera vos justifications" in " ".join(two.output.split())
    assert two.exit_code == 0


@pytest.mark.parametrize(
    ("comment", "justifie"),
    [
        ("Saisi ainsi", True),
        ("FMT-010 : saisi ainsi", True),
        ("Voir sui-003 et fmt-010.", True),
        ("SUI-003 : retard du prestataire", False),
        ("Courrier DOC-018 du 3 mars", True),
    ],
)
def test_a_comment_that_cites_codes_justifies_them_and_no_other(
    comment: str, justifie: bool
) -> None:
    """One comment per row, several warnings on it: each may have its own sentence."""
    base = Workshop().cellule("Plan d'actions", "K8", 50)
    (finding,) = controler(base.cellule("Plan d'actions", "Q8", comment).octets()).findings
    assert (finding.code, finding.cells) == ("FMT-010", ("K8",))
    assert finding.justification == (comment if justifie else None)
