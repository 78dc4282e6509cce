"""The deposit of forty organismes: every file, every organisme and every count, week after week.

What is expected is the table of `tools/synthese/deposit_table.py`, which the product does not make;
what each output says is read back by what did not write it: lxml, pandas, DuckDB.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from lxml import html

from tests.commande import End, run
from tools.synthese.deposit import Deposit, population, weeks
from tools.synthese.deposit_table import EXPECTED, WEEKS, Sent

KEYS = ("organismes", "recus", "recevables", "reserves", "a_corriger", "illisibles", "manquants")
RECEVABLE = ("recevable", "recevable avec réserves")


@dataclass(frozen=True)
class Run:
    """One week: what lay there, how the command ended, what it wrote."""

    deposit: Deposit
    files: Mapping[str, Sent]
    counts: Mapping[str, int]
    states: Mapping[str, str]
    fin: End
    out: Path

    @property
    def conso(self) -> Path:
        return self.out / "conso"

    def reports(self) -> dict[str, dict[str, object]]:
        read = json.loads((self.out / "r.json").read_text("utf-8"))
        return {report["fichier"]: report for report in read}

    def table(self, name: str) -> pd.DataFrame:
        return duckdb.sql(f"SELECT * FROM '{self.conso}/parquet/*/{name}.parquet'").df()

    def sheet(self, title: str, book: str = "consolidation.xlsx") -> pd.DataFrame:
        return pd.read_excel(self.conso / book, sheet_name=title, dtype=object, engine="openpyxl")


def control(deposit: Deposit, out: Path, *options: object) -> Run:
    end = run("valider", deposit.returns, *deposit.options(), "--consolidation", out / "conso",
                   "--lots", out / "lots", "--format", "json", "-o", out / "r.json", "-j", 2,
                   *options)  # fmt: skip
    return Run(deposit, dict(deposit.files), deposit.counts(), dict(deposit.states), end, out)


@pytest.fixture(scope="module")
def week(first_week: Deposit, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return control(first_week, tmp_path_factory.mktemp("depot"))


def plain(text: str) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", text)


def differences(run: Run) -> Iterator[str]:
    """Where what was told of a file or of an organisme is not what the table says."""
    reports = run.reports()
    if set(reports) != set(run.files):
        yield f"files: {set(reports) ^ set(run.files)}"
    kept = {row.fichier: row for row in run.table("retours").itertuples()}
    for name, sent in run.deposit.files.items():
        report = reports[name]
        codes = {finding["code"] for finding in report["anomalies"]}  # type: ignore[attr-defined]
        if report["verdict"] != sent.verdict or not set(sent.codes) <= codes:
            yield f"{name}: {report['verdict']} {sorted(codes)}"
        if bool(kept[name].retenu) is bool(sent.aside):
            yield f"{name}: counted {kept[name].retenu}, {kept[name].motif}"
        if pd.isna(kept[name].finess_ej) is not sent.unattached:
            yield f"{name}: of {kept[name].finess_ej}"
    found = dict(run.table("organismes")[["finess_ej", "etat"]].itertuples(index=False))
    if found != run.states:
        yield f"organismes: {set(found.items()) ^ set(run.states.items())}"


# --- what each output counts


def of_the_terminal(run: Run) -> dict[str, int]:
    said = plain(run.fin.stderr)

    def number(word: str) -> int:
        found = re.search(rf"(\d+) {word}", line)
        return int(found[1]) if found else 0

    (line,) = [text for text in said.splitlines() if "organismes attendus :" in text]
    clear, reserves = number(r"recevables?(?! avec)"), number("recevables? avec réserves")
    (files,) = re.findall(r"Non comptés, sur (\d+) fichiers", said)
    return {
        "organismes": number("organismes attendus"), "recus": number("reçus?"),
        "recevables": clear + reserves, "reserves": reserves, "a_corriger": number("à corriger"),
        "illisibles": number("illisibles?"), "manquants": number("manquants?"),
        "fichiers": int(files),
    }  # fmt: skip


def of_the_page(run: Run) -> dict[str, int]:
    page = html.parse(run.conso / "region.html")
    figures = {e.get("data-figure"): e.text_content() for e in page.iter()
               if isinstance(e.tag, str) and e.get("data-figure")}  # fmt: skip
    keys = (*KEYS, "hors_liste", "fichiers", "comptes", "non_rattaches")
    return {key: int(plain(figures.get(f"region.{key}", "0")).replace(" ", "")) for key in keys}


def of_a_table(rows: pd.DataFrame, returns: pd.DataFrame) -> dict[str, int]:
    """rows: the table of the organismes, returns: that of the files, whoever wrote them."""
    mine = rows[rows["attendu"]]
    return {
        "organismes": len(mine),
        "recus": int(mine["recu"].sum()),
        "recevables": int(mine["etat"].isin(RECEVABLE).sum()),
        "reserves": int((mine["etat"] == RECEVABLE[1]).sum()),
        "a_corriger": int(mine["etat"].isin(("à corriger", "contrôle incomplet")).sum()),
        "illisibles": int((mine["etat"] == "illisible").sum()),
        "manquants": int((mine["etat"] == "manquant").sum()),
        "hors_liste": int(rows["hors_liste"].sum()),
        "fichiers": len(returns),
        "comptes": int(returns["retenu"].sum()),
        "non_rattaches": int(returns["finess_ej"].isna().sum()),
    }


def of_parquet(run: Run) -> dict[str, int]:
    return of_a_table(run.table("organismes"), run.table("retours"))


def of_the_workbook(run: Run) -> dict[str, int]:
    rows = run.sheet("Organismes").rename(
        columns={"Attendu": "attendu", "Reçu": "recu", "État": "etat", "Hors liste": "hors_liste"}
    )
    for key in ("attendu", "recu", "hors_liste"):
        rows[key] = rows[key] == "Oui"
    returns = run.sheet("Retours").rename(columns={"Compté": "retenu", "FINESS EJ": "finess_ej"})
    returns["retenu"] = returns["retenu"] == "Oui"
    return of_a_table(rows, returns)


def of_region_workbook(run: Run) -> dict[str, int]:
    last = run.sheet("Départements", "region.xlsx").iloc[-1]
    titles = ("Attendus", "Reçus", "Recevables", "dont réserves", "À corriger", "Illisibles",
              "Manquants")  # fmt: skip
    return {key: int(last[title]) for key, title in zip(KEYS, titles, strict=True)}


OUTPUTS = {
    "terminal": of_the_terminal, "page": of_the_page, "parquet": of_parquet,
    "consolidation.xlsx": of_the_workbook, "region.xlsx": of_region_workbook,
}  # fmt: skip


def wrong_counts(run: Run) -> dict[str, dict[str, int]]:
    """Output -> the counts that are not those of the table."""
    found = {}
    for name, read in OUTPUTS.items():
        counts = read(run)
        wrong = {key: n for key, n in counts.items() if n != run.counts[key]}
        if wrong:
            found[name] = wrong
    return found


def test_every_file_and_every_organisme(week: Run) -> None:
    assert list(differences(week)) == []
    assert week.fin.returncode == 3


@pytest.mark.parametrize("output", list(OUTPUTS))
def test_every_count_is_the_same_everywhere(week: Run, output: str) -> None:
    assert week.counts["recus"] + week.counts["manquants"] == EXPECTED
    counts = OUTPUTS[output](week)
    assert counts == {key: week.counts[key] for key in counts}
    assert set(KEYS) <= set(counts)


def test_the_departements_add_up(week: Run) -> None:
    """Each tile and each row of the page, from the table and from nothing else."""
    page = html.parse(week.conso / "region.html")
    where = {og.finess: og.departement for og in population()[:EXPECTED]}
    for code in sorted(set(where.values())):
        mine = Counter(week.states[ej] for ej, place in where.items() if place == code)
        wanted = {"organismes": sum(mine.values()), "manquants": mine["manquant"],
                  "recus": sum(mine.values()) - mine["manquant"],
                  "a_corriger": mine["à corriger"]}  # fmt: skip
        for key, count in wanted.items():
            (found,) = page.xpath(f"//*[@data-figure='tuile.{code}.{key}']")
            assert int(found.text_content()) == count, (code, key)


def stale_pieces(run: Run) -> list[str]:
    """What an earlier week left in a folder that is to be sent."""
    table = pd.read_csv(
        run.out / "lots" / "publipostage.csv", sep=";", dtype=str, encoding="utf-8-sig"
    )
    found = []
    for folder, kind in table[["Dossier", "Courrier"]].itertuples(index=False):
        names = sorted(path.name for path in (run.out / "lots" / folder).iterdir())
        other = "lettre" if kind == "relance" else "relance"
        files = [
            name
            for name, sent in run.files.items()
            if population()[sent.rank].finess in folder and not sent.aside
        ]
        copies = sum("_annoté." in name for name in names)
        if any(name.startswith(other) for name in names) or copies > max(1, len(files)):
            found.append(f"{folder}: {names}")
    return found


def bundle(run: Run, rank: int) -> Path:
    (folder,) = (run.out / "lots").glob(f"{population()[rank].finess}_*")
    return folder


def test_the_sender_of_another_year_is_answered_and_still_awaited(week: Run) -> None:
    """One letter, no reminder beside it, no figures to enter; missing in every count."""
    late = population()[22]
    folder = bundle(week, 22)
    letter = plain((folder / "lettre.md").read_text("utf-8"))
    assert (
        "Ce fichier porte sur l'année 2026, et non sur 2027 : votre classeur de l'année 2027 "
        "reste attendu."
    ) in letter
    names = {path.name for path in folder.iterdir()}
    assert not names & {"relance.md", "saisie_e-CARS.xlsx"}
    said = plain(week.fin.stderr)
    assert f"Parmi eux, retour d'une autre année : {late.nom} ({late.finess})." in said
    table = pd.read_csv(
        week.out / "lots" / "publipostage.csv", sep=";", dtype=str, encoding="utf-8-sig"
    ).set_index("FINESS EJ")
    row = table.loc[late.finess]
    assert (row["État"], row["Courrier"]) == ("manquant", "lettre")
    assert row["Précision"] == "celui qui est venu porte sur 2026, et non sur 2027"
    waited = Counter(table["État"])
    assert waited["manquant"] == week.counts["manquants"]
    assert list(table[table["Courrier"] == "relance"]["État"]) == ["manquant"] * 5
    (unattached,) = table[table.index.isna()].itertuples()
    assert unattached.État == "à rattacher"
    (file,) = week.table("retours").query("fichier == '710090424 CPOM.xlsx'").itertuples()
    assert (file.annee, file.organisme) == (2027, population()[30].nom)


def test_a_reminder_speaks_to_who_it_is_for(week: Run) -> None:
    """Neither what the ARS is to do in its list, nor whose return holds the ESMS."""
    reminders = {
        path.parent.name[:9]: plain(path.read_text("utf-8")).replace("\\", "")
        for path in (week.out / "lots").glob("*/relance.md")
    }
    absorbed, other = population()[18].finess, population()[17].nom
    assert set(reminders) == {population()[rank].finess for rank in (14, 16, 18, 31, 34)}
    told = {number for number, text in reminders.items() if "À notre connaissance" in text}
    assert told == {absorbed}
    assert (
        "À notre connaissance, votre établissement figure dans le retour d'un autre organisme."
    ) in reminders[absorbed]
    assert not any(other in text or "suspendu" in text for text in reminders.values())


@pytest.mark.long
def test_three_weeks_in_a_row(tmp_path: Path) -> None:
    """The same outputs, whether the weeks came one by one or the last one alone, read anew."""
    runs = []
    for deposit in weeks(tmp_path):
        run = control(deposit, tmp_path, "--reprendre")
        assert list(differences(run)) == []
        assert wrong_counts(run) == {}
        assert stale_pieces(run) == []
        runs.append(run)
    assert len(runs) == len(WEEKS)
    alone = control(deposit, tmp_path / "seule")
    for name in ("organismes", "retours", "totaux", "indicateurs", "anomalies"):
        pd.testing.assert_frame_equal(alone.table(name), runs[-1].table(name))


def test_each_bundle_has_a_fiche_of_dialogue_held_against_the_region(week: Run) -> None:
    bundles = [path.parent for path in (week.out / "lots").glob("*/rapport.html")]
    read = {path.parent for path in (week.out / "lots").glob("*/dialogue.html")}
    unread = {path for path in bundles if not list(path.glob("*_annoté.*"))}
    assert read == set(bundles) - unread and len(read) > 20
    for folder in read:
        page = plain((folder / "dialogue.html").read_text("utf-8"))
        assert "organismes de la consolidation 2027 dont le retour est recevable" in page
        assert "dialogue.html" not in (folder / "courriel.eml").read_text("utf-8")


def test_each_conseil_departemental_is_given_its_own_esms(week: Run) -> None:
    all_esms = week.table("etablissements")
    own = all_esms[all_esms["autorite"].str.contains("CD", na=False)]
    lines = week.table("mesures")
    taken = set(week.table("retours").query("verdict.str.startswith('recevable')")["fichier"])
    for place in ("conso", "lots"):
        folders = {path.parent for path in (week.out / place).glob("*/*/conseil.html")}
        assert {path.name for path in folders} == set(own["departement"]) and len(folders) > 3
    for folder in folders:
        mine = own[own["departement"] == folder.name]
        book = pd.read_excel(
            folder / "conseil.xlsx", sheet_name=None, dtype=object, engine="openpyxl"
        )
        assert sorted(book["ESMS"]["FINESS ET"].dropna()) == sorted(mine["finess_et"].dropna())
        page = (folder / "conseil.html").read_text("utf-8")
        others = set(all_esms["finess_et"].dropna()) - set(mine["finess_et"])
        assert not [number for number in others if number in page]
        told = " ".join(str(cell) for sheet in book.values() for cell in sheet.values.ravel())
        assert not [number for number in others if number in told]
        ours = lines[lines["finess_et"].isin(mine["finess_et"]) & lines["fichier"].isin(taken)
                     & (lines["perimetre"] == "INSPECTION/PA")]  # fmt: skip
        figures = dict(re.findall(r'data-figure="(.+?)">(.+?)<', page))
        if len(ours):
            lifted = float((ours["statut"] == "Levée").mean() * 100)
            assert figures["INSPECTION.PA"] == f"{lifted:.1f}\u202f%".replace(".", ",")
        message = week.out / "lots" / folder.relative_to(week.out / "lots") / "courriel.eml"
        assert message.is_file()
