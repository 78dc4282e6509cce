"""The fiche of a dialogue: what it tells, in which order, and that it prints on two pages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from tools.vies.files import read_content, write_content
from xl_cpom.batch.consolidation.peer_tables import NoPeersError, read_peers
from xl_cpom.cli import cli
from xl_cpom.reports.dialogue import brief_page
from xl_cpom.reports.dialogue.meeting_brief import MeetingBrief, meeting_brief
from xl_cpom.reports.dialogue.peers import HIGH, HIGHEST, LOW, LOWEST, Peers, Quartiles
from xl_cpom.reports.dialogue.talking_points import talking_points
from xl_cpom.validators.check import check_and_keep

VALID = Path("workbooks/exemple_valide.xlsx")
JUNE, LONG = (
    dt.date(2026, 6, 30),
    "Développer une offre graduée de répit sur tout le territoire " * 3,
)


def plain(text: str) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", text)


def brief_of(path: Path, peers: Peers | None = None) -> MeetingBrief:
    report, read = check_and_keep(path)
    assert read is not None
    return meeting_brief([(read.classeur, report)], report, peers)


def peers() -> Peers:
    narrow = Quartiles(9, 0.02, 0.03, 0.04)
    spread = {f"{m}/{s}": Quartiles(12, 0.3, 0.5, 0.9) for m in ("TRANSFO", "HAS", "PREVENTION")
              for s in ("PA", "PH")}  # fmt: skip
    return Peers(2027, 12, spread, {"21/TRANSFO/PA": Quartiles(6, 0.1, 0.2, 0.3)},
                 {f"500/{year}/taux_caf": narrow for year in (2026, 2027)})  # fmt: skip


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A return where everything is late, long and many: what two pages must hold."""
    content = read_content(VALID)
    (fiche,) = content["identification"]
    fiche["raison_sociale"] = "Association départementale des amis et parents " * 4
    for esms in content["etablissements"]:
        esms["raison_sociale"] = (
            f"Établissement d'hébergement Les Grands Tilleuls de la Côte {LONG}"
        )
    for module in content["modules"]:
        module["actif"] = "Oui"
    for action in content["actions"]:
        action.update(
            statut="En cours", avancement=0.4, echeance=JUNE, date_realisation=None, intitule=LONG
        )
    late = {"statut": "En cours", "echeance": JUNE, "date_levee": None, "libelle": LONG}
    first = {**content["mesures"][0], **late, "type": "injonction"}
    content["mesures"] = [{**m, **late} for m in content["mesures"]]
    content["mesures"] += [{**first, "numero": f"X{rank}"} for rank in range(30)]
    for criterion in content["has"]:
        criterion.update(
            type=None, critere="2.2.3", cotation=1, statut="En cours", action=LONG, echeance=JUNE
        )
    for line in content["si"]:
        line["taux_completude"] = 0.5
    known = content["difficulte"][0]
    content["difficulte"] += [
        {**known, "finess_et": esms["finess_et"], "exercice": 2026, "produits": 3e6,
         "charges": 3_999_999.0, "plan_retour": "Non"}
        for esms in content["etablissements"][:8]
    ]  # fmt: skip
    for row in content["activite"]:
        row["caf"] = -9e6
    path = tmp_path_factory.mktemp("dialogue") / "tout_en_retard.xlsx"
    write_content(path, content)
    return path


def test_what_the_valid_example_tells() -> None:
    brief = brief_of(VALID)
    assert (brief.organisme, brief.year, brief.civil_year, brief.date) == (
        "Association Les Tilleuls (exemple fictif)", "N2", 2027, "31/12/2027")  # fmt: skip
    assert (brief.actions, brief.measures) == ((), ())
    assert [line.number for line in brief.waiting] == ["2026-BFC-0142 P2"]
    assert [plain(line.number) for line in brief.criteria] == ["3.6.2 coté 3", "3.14.1 coté 2,5"]
    assert [(line.who, line.absorbed) for line in brief.money] == [
        ("EHPAD Les Tilleuls de l'Ouche", 0.6),
        ("MAS Les Tilleuls", 0.7),
    ]
    assert [(line.text, line.who, plain(line.state)) for line in brief.systems][-2:] == [
        ("Cybersécurité sur la période CPOM", "organisme gestionnaire", "80 %"),
        ("Suivi d'activité par dispositif complémentaire", "PCPE", "50 %"),
    ]
    assert len(brief.systems) == 7
    assert plain(brief.compared).startswith("Sans consolidation")
    assert [plain(point.title) for point in talking_points(brief)] == [
        "Inspection – Contrôle : cible non atteinte",
        "Tableaux de bord et systèmes d'information : cible non atteinte",
        "Une seule santé, vers une transition écologique : cible non atteinte",
        "Prévention : cible non atteinte",
        "Systèmes d'information absents ou incomplets",
        "1 mesure réalisée attend sa levée : à l'autorité de répondre",
    ]


def test_safety_comes_first_and_figures_last(crowded: Path) -> None:
    brief = brief_of(crowded, peers())
    titles = [plain(point.title) for point in talking_points(brief)]
    assert titles[:3] == [
        "Le retour n'est pas recevable : ses chiffres peuvent changer",
        "31 injonctions échues et non réalisées",
        "6 prescriptions échues et non réalisées",
    ]
    order = [
        next(rank for rank, title in enumerate(titles) if word in title)
        for word in ("retour à l'équilibre", "cible non atteinte", "critères impératifs",
                     "actions en retard", "Systèmes", "même catégorie", "avertissements")
    ]  # fmt: skip
    assert order == sorted(order)
    assert {line.who for line in brief.figures} == {
        f.who for f in brief.figures if f.distance > 1.5
    }
    assert {line.place for line in brief.figures} == {LOWEST}
    first = brief.trajectories[0]
    assert first.region is not None and first.departement is not None
    assert (first.module, first.reached, first.region.place(0.0)) == ("TRANSFO", 0.0, LOWEST)


def test_a_return_without_consolidation_is_not_compared(crowded: Path) -> None:
    brief = brief_of(crowded)
    assert (brief.figures, brief.figures_compared) == ((), 0)
    assert all(line.region is None for line in brief.trajectories)


def test_two_printed_pages_whatever_is_told(
    crowded: Path, navigateur: Any, axe: Callable[[Any], list[tuple[str, str]]], tmp_path: Path
) -> None:
    tab = navigateur.new_page()
    for rank, path in enumerate((crowded, VALID)):
        page = tmp_path / f"{rank}.html"
        page.write_text(brief_page.render(brief_of(path, peers())), "utf-8")
        tab.goto(page.as_uri())
        printed = tab.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
        assert axe(tab) == []
    tab.get_by_role("textbox", name="Décisions").fill("Reporter l'action A3")
    assert "Reporter l'action A3" in tab.content()
    tab.close()


def test_the_quarter_of_a_value() -> None:
    four = Quartiles(8, 10.0, 20.0, 30.0)
    assert [four.place(value) for value in (9.9, 10.0, 20.0, 30.0)] == [LOWEST, LOW, HIGH, HIGHEST]
    assert [four.distance(value) for value in (10.0, 30.0, 60.0, -10.0)] == [0.0, 0.0, 1.5, 1.0]
    assert Quartiles(8, 5.0, 5.0, 5.0).distance(9.0) == 0.0


def write_tables(folder: Path) -> None:
    """A consolidation of seven organismes, one of them refused, as Parquet."""
    folder.mkdir(parents=True)
    base = duckdb.connect()
    base.execute("""
        CREATE TABLE retours AS SELECT CAST(i AS VARCHAR) AS finess_ej, i || '.xlsx' AS fichier,
            true AS retenu, CASE WHEN i = 7 THEN 'non recevable' ELSE 'recevable' END AS verdict
        FROM range(1, 8) t(i);
        CREATE TABLE indicateurs AS SELECT r.*, 'SI' AS module, 'PA' AS secteur,
            CASE WHEN CAST(finess_ej AS INT) = 1 THEN '39' ELSE '21' END AS departement,
            CAST(finess_ej AS INT) / 10 AS taux FROM retours r;
        CREATE TABLE etablissements AS SELECT fichier, 'E' || finess_ej AS finess_et,
            CASE WHEN finess_ej = '6' THEN '354' ELSE '500' END AS categorie FROM retours
    """)
    rates = ", ".join(
        f"CAST(NULL AS DOUBLE) AS {column}" for column in _rate_columns() if column != "taux_caf"
    )
    base.execute(f"""
        CREATE TABLE activite AS SELECT 2026 AS exercice, 'x' AS organisme, 1 AS rang,
            '' AS commentaire, e.fichier, e.finess_et, {rates},
            CAST(substr(finess_et, 2) AS DOUBLE) AS taux_caf FROM etablissements e
    """)
    for table in ("retours", "indicateurs", "etablissements", "activite"):
        base.execute(f"COPY {table} TO '{folder}/{table}.parquet' (FORMAT parquet)")
    base.close()


def _rate_columns() -> list[str]:
    from xl_cpom.indicators.anap import INDICATEURS_ANAP

    return [f"taux_{indicator.code.lower()}" for indicator in INDICATEURS_ANAP]


def test_quartiles_are_those_of_the_returns_that_can_be_taken(tmp_path: Path) -> None:
    write_tables(tmp_path / "parquet" / "annee=2027")
    found = read_peers(tmp_path, 2027)
    assert found.organismes == 6
    assert set(found.region) == {"SI/PA"}
    assert found.region["SI/PA"] == Quartiles(6, 0.225, pytest.approx(0.35), 0.475)  # type: ignore[arg-type]
    assert {key: one.count for key, one in found.departements.items()} == {"21/SI/PA": 5}
    assert found.figures == {"500/2026/taux_caf": Quartiles(5, 2.0, 3.0, 4.0)}
    assert found.only_for(frozenset({"354"})).figures == {}
    with pytest.raises(NoPeersError, match="n'a pas l'année 2028, celle du retour"):
        read_peers(tmp_path, 2028)


def test_the_command(tmp_path: Path) -> None:
    runner, target = CliRunner(), tmp_path / "fiche.html"
    done = runner.invoke(cli, ["dialogue", str(VALID), "-o", str(target)])
    assert (done.exit_code, plain(done.output).splitlines()[1]) == (0, "  6 points à négocier")
    page = target.read_text("utf-8")
    assert page == brief_page.render(brief_of(VALID))
    for field in ("Date", "Participants", "Décisions", "Prochaine étape, qui et quand"):
        assert f">{field}</span>" in page
    refused = runner.invoke(cli, ["dialogue", str(VALID), "--consolidation", str(tmp_path), "-o",
                                  str(tmp_path / "autre.html")])  # fmt: skip
    assert refused.exit_code == 2 and "n'est pas une consolidation" in plain(refused.output)
    assert not (tmp_path / "autre.html").exists()
    (tmp_path / "texte.xlsx").write_text("bonjour")
    unread = runner.invoke(cli, ["dialogue", str(tmp_path / "texte.xlsx"), "-o", str(target)])
    assert unread.exit_code == 3 and target.read_text("utf-8") == page
