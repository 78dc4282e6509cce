"""Every figure of the region's page is found again by a query on the consolidation."""

from __future__ import annotations

import io
import math
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.batch.small_campaign import controler
from tests.neustrie import neustrie
from tools.requetes import QUERIES
from tools.synthese import DrawnCampaign
from xl_cpom.batch.campagne import CampaignResult, CampaignSettings, check_campaign
from xl_cpom.batch.check_files import BatchMeans
from xl_cpom.batch.consolidation.consolidate import Consolidation, consolidate
from xl_cpom.batch.consolidation.tables import DECLARES, TABLES
from xl_cpom.batch.deposit import CampaignFile, depot_files
from xl_cpom.batch.history import history_path
from xl_cpom.batch.journal import Journal
from xl_cpom.batch.region.figures import Region, region_figures
from xl_cpom.batch.region.page import region_page
from xl_cpom.batch.region.xlsx_tables import region_workbook
from xl_cpom.batch.situation import Situation, situations
from xl_cpom.batch.task import Options
from xl_cpom.referentiel import load_referentiel
from xl_cpom.typography import rate_text
from xl_cpom.workers.pool import WorkerSettings

duckdb = pytest.importorskip("duckdb", reason="extra « campagne » non installé")

RECEVABLES = "('recevable', 'recevable avec réserves')"
STATE_WORDS = {
    "organismes": "true", "attendus": "attendu", "recus": "recu",
    "recevables": f"etat IN {RECEVABLES}", "reserves": "etat = 'recevable avec réserves'",
    "a_corriger": "etat IN ('à corriger', 'contrôle incomplet')",
    "illisibles": "etat = 'illisible'", "manquants": "etat = 'manquant'",
}  # fmt: skip


@pytest.fixture(scope="module")
def known(resultat: CampaignResult) -> tuple[Situation, ...]:
    return situations(resultat.report)


@pytest.fixture(scope="module")
def consolidation(
    resultat: CampaignResult,
    known: tuple[Situation, ...],
    tmp_path_factory: pytest.TempPathFactory,
) -> Consolidation:
    return consolidate(resultat, known, tmp_path_factory.mktemp("conso d'ici"))


@pytest.fixture(scope="module")
def figures(
    resultat: CampaignResult, known: tuple[Situation, ...], consolidation: Consolidation
) -> Region:
    return region_figures(resultat, known, load_referentiel(), facts=consolidation.facts)


class Reader(HTMLParser):
    """Text of every element that carries a figure."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.current: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.current = dict(attrs).get("data-figure")
        if self.current is not None:
            self.found.setdefault(self.current, "")

    def handle_data(self, data: str) -> None:
        if self.current is not None:
            self.found[self.current] += data

    def handle_endtag(self, tag: str) -> None:
        self.current = None


@pytest.fixture(scope="module")
def lus(figures: Region) -> dict[str, str]:
    return Reader(region_page(figures)).found


class Base:
    """Queries on the Parquet files."""

    def __init__(self, consolidation: Consolidation) -> None:
        self.folder = consolidation.parquet[0].parent

    def __call__(self, query: str) -> list[tuple[object, ...]]:
        text = re.sub(r"\b(\w+)\.parquet", lambda m: self.path(m[1]), query)
        rows: list[tuple[object, ...]] = duckdb.sql(text).fetchall()
        return rows

    def path(self, name: str) -> str:
        return "'" + str(self.folder / f"{name}.parquet").replace("'", "''") + "'"


@pytest.fixture(scope="module")
def base(consolidation: Consolidation) -> Base:
    return Base(consolidation)


def entier(text: str) -> int:
    return int(re.sub(r"\s", "", text))


def pourcent(part: object, total: object) -> str:
    return f"{math.floor(100 * int(str(part)) / int(str(total)) + 0.5)} %"


def expected(base: Base) -> Iterator[tuple[str, object]]:
    """Every figure that the page must show, by queries that share nothing with what made it."""
    yield from _region(base)
    yield from _departements(base)
    yield from _calls(base)
    yield from _faults(base)
    yield from _taux(base)
    yield from _deploiement(base)
    yield from _couverture(base)
    yield from _actions(base)
    yield from _levees(base)


def _couverture(base: Base) -> Iterator[tuple[str, object]]:
    ((count, pa, ph, both, alone, several, known),) = base(
        "SELECT count(*), sum(et_pa), sum(et_ph), count(*) FILTER (et_pa > 0 AND et_ph > 0), "
        "count(*) FILTER (etablissements = 1), count(*) FILTER (autorites LIKE '%CD%'), "
        "count(autorites) FROM organismes.parquet "
        "LEFT JOIN (SELECT DISTINCT finess_ej, autorites FROM identification.parquet) "
        "USING (finess_ej) WHERE NOT hors_liste"
    )
    yield "couverture.PA.esms", pa
    yield "couverture.PH.esms", ph
    for rank, kind in enumerate((both, alone, several), 1):
        yield f"couverture.{rank}", kind
        yield f"couverture.{rank}.part", pourcent(kind, count)
    yield "couverture.signataires", known
    yield "couverture.organismes", count


def _actions(base: Base) -> Iterator[tuple[str, object]]:
    """An action counts once in each département that it concerns, and once in the region."""
    rows = base(
        "WITH a AS (SELECT a.fichier, rang, type_action, "
        "coalesce(e.departement, o.departement) AS ou FROM actions.parquet a "
        "JOIN organismes.parquet o USING (finess_ej) LEFT JOIN "
        "(SELECT DISTINCT finess_et, departement FROM etablissements.parquet) e "
        "ON e.finess_et = a.finess_et), d AS (SELECT DISTINCT * FROM a) "
        "SELECT type_action, ou, count(*) FROM d GROUP BY ALL UNION ALL "
        "SELECT type_action, 'total', count(*) FROM (SELECT DISTINCT fichier, rang, type_action "
        "FROM a) GROUP BY ALL"
    )
    total = {str(kind): int(str(n)) for kind, where, n in rows if where == "total"}
    ranks = {
        kind: rank
        for rank, kind in enumerate(sorted(total, key=lambda kind: (-total[kind], kind)), 1)
    }
    for kind, where, count in rows:
        yield f"actions.{ranks[str(kind)]}.{where}", count


def _levees(base: Base) -> Iterator[tuple[str, object]]:
    rows = base(
        "SELECT theme, count(*) n, count(*) FILTER (statut = 'Levée') FROM mesures.parquet "
        "GROUP BY theme ORDER BY n DESC, theme"
    )
    for rank, (_, count, lifted) in enumerate(rows, 1):
        yield f"levees.{rank}.mesures", count
        yield f"levees.{rank}.levees", lifted
        yield f"levees.{rank}.part", pourcent(lifted, count)


def _region(base: Base) -> Iterator[tuple[str, object]]:
    counts = ", ".join(f"count(*) FILTER ({cond})" for cond in STATE_WORDS.values())
    ((*values,),) = base(f"SELECT {counts} FROM organismes.parquet")
    known = dict(zip(STATE_WORDS, values, strict=True))
    for key in ("recus", "recevables", "a_corriger", "illisibles", "manquants"):
        yield f"region.{key}", known[key]
        yield f"region.{key}.part", pourcent(known[key], known["attendus"])
    yield "region.organismes", known["attendus"]
    yield "region.reserves", known["reserves"]
    ((files, kept, orphans),) = base(
        "SELECT count(*), count(*) FILTER (retenu), count(*) FILTER (finess_ej IS NULL) "
        "FROM retours.parquet"
    )
    yield "region.fichiers", files
    yield "region.comptes", kept
    if orphans:
        yield "region.non_rattaches", orphans


def _departements(base: Base) -> Iterator[tuple[str, object]]:
    counts = ", ".join(f"count(*) FILTER ({cond})" for cond in STATE_WORDS.values())
    asked = f"{counts}, sum(etablissements), sum(places)"
    keys = (*STATE_WORDS, "esms", "places")
    rows = {row[0]: row[1:] for row in base(
        f"SELECT departement, {asked} FROM organismes.parquet GROUP BY departement "
        f"UNION ALL SELECT 'total', {asked} FROM organismes.parquet")}  # fmt: skip
    codes = list(load_referentiel().departements)
    assert set(rows) <= {*codes, "total"}
    for code in (*codes, "total"):
        values = dict(zip(keys, rows.get(code, (0,) * len(keys)), strict=True))
        yield from ((f"{code}.{k}", v) for k, v in values.items() if k != "organismes")
        if code != "total":
            for key in ("recus", "organismes", "recevables", "a_corriger", "illisibles",
                        "manquants"):  # fmt: skip
                if key != "illisibles" or values[key]:
                    yield f"tuile.{code}.{key}", values[key]


def _calls(base: Base) -> Iterator[tuple[str, object]]:
    waiting = base(
        "SELECT finess_ej, places, etat, bloquants FROM organismes.parquet "
        f"WHERE etat NOT IN {RECEVABLES}"
    )
    for number, places, state, refusing in waiting:
        yield f"appel.{number}.places", places
        yield (
            f"appel.{number}.motif",
            {
                "manquant": "aucun retour",
                "illisible": "fichier illisible",
                "à corriger": f"{refusing} anomalie{'s' * (int(str(refusing)) > 1)} bloquante",
            }[str(state)],
        )
    if len(waiting) > 15:
        yield "appels.autres", len(waiting) - 15


def _faults(base: Base) -> Iterator[tuple[str, object]]:
    rows = base(
        "SELECT code, count(DISTINCT a.fichier) n, count(*) m FROM anomalies.parquet a "
        "JOIN retours.parquet r USING (fichier) WHERE gravite <> 'information' "
        "AND (r.retenu OR r.motif = 'illisible') GROUP BY code ORDER BY n DESC, m DESC, code"
    )
    for code, returns, times in rows[:15]:
        yield f"faute.{code}.retours", returns
        yield f"faute.{code}.fois", times
    if len(rows) > 15:
        yield "fautes.autres", len(rows) - 15


def _taux(base: Base) -> Iterator[tuple[str, object]]:
    rows = base(
        "WITH a AS (SELECT mode(annee) AS annee FROM retours.parquet WHERE retenu), "
        "i AS (SELECT i.*, i.annee = a.annee AND denominateur > 0 AS vu, "
        "[cible_n1, cible_n2, cible_n3, cible_n4, cible_n5][a.annee - f.annee_n1 + 1] AS visee "
        "FROM indicateurs.parquet i, a JOIN identification.parquet f ON f.fichier = i.fichier "
        f"WHERE verdict IN {RECEVABLES}) "
        "SELECT module, secteur, count(*) FILTER (vu), "
        "sum(numerateur) FILTER (vu) / sum(denominateur) FILTER (vu), avg(visee), "
        "count(*) FILTER (vu AND atteinte = 'Atteint'), "
        + ", ".join(
            f"count(*) FILTER (vu AND taux >= {n / 5 - 1e-9} "
            f"AND (taux < {(n + 1) / 5 - 1e-9} OR {n} = 4))"
            for n in range(5)
        )
        + " FROM i GROUP BY module, secteur"
    )
    for module, secteur, count, rate, target, reached, *spread in rows:
        head = f"taux.{module}.{secteur}"
        yield f"{head}.organismes", count
        yield f"{head}.taux", "–" if rate is None else rate_text(float(str(rate)))
        yield f"{head}.cible", "–" if target is None else rate_text(float(str(target)))
        yield f"{head}.atteints", reached
        yield from ((f"{head}.tranche{n}", c) for n, c in enumerate(spread, 1) if c)
        if rate is not None:
            yield f"trajectoire.{module}.{secteur}", rate_text(float(str(rate)))


def _deploiement(base: Base) -> Iterator[tuple[str, object]]:
    groups = {
        "contrat": ("type_contrat", load_referentiel().listes["type_contrat"]),
        "secteur": ("CASE WHEN et_pa > 0 AND et_ph > 0 THEN 'PA et PH' WHEN et_pa > 0 THEN 'PA' "
                    "ELSE 'PH' END", load_referentiel().listes["secteurs_og"]),
        "taille": ("CASE WHEN etablissements > 1 THEN 'plusieurs ESMS' ELSE 'un seul ESMS' END",
                   ("un seul ESMS", "plusieurs ESMS")),
    }  # fmt: skip
    for name, (expression, kinds) in groups.items():
        rows = {row[0]: row[1:] for row in base(
            f"SELECT {expression} g, count(*), sum(etablissements) FROM organismes.parquet "
            "GROUP BY g")}  # fmt: skip
        assert set(rows) <= set(kinds)
        for kind in kinds:
            og, et = rows.get(kind, (0, 0))
            yield f"{name}.{kind}.og", og
            yield f"{name}.{kind}.et", et
    ((og, et, first, second),) = base(
        "SELECT count(*), sum(etablissements), sum(et_principaux), sum(et_secondaires) "
        "FROM organismes.parquet"
    )
    yield "deploiement.og", og
    yield "deploiement.et", et
    yield "deploiement.principaux", first
    yield "deploiement.secondaires", second


def test_every_figure_of_the_page_is_found_again_by_a_query(
    lus: dict[str, str], base: Base
) -> None:
    this_expected = dict(expected(base))
    assert set(lus) == set(this_expected)
    for key, value in this_expected.items():
        read = lus[key].replace("\u202f", "").replace("\u00a0", " ").strip()
        if key.endswith(".motif"):
            assert read.startswith(str(value)), key
        elif isinstance(value, str):
            assert read == value.replace("\u202f", "").replace(" %", "%"), key
        else:
            assert read == str(int(str(value))), key
    assert min(int(str(this_expected[f"region.{k}"])) for k in
               ("recevables", "a_corriger", "illisibles", "manquants", "reserves")) > 0  # fmt: skip
    assert len(this_expected) > 250


def test_no_other_number_is_shown(figures: Region, base: Base) -> None:
    """What is left of the text once the figures are out: no count that no query has checked."""
    html = re.sub(r"<style>.*?</style>|<svg.*?</svg>", " ", region_page(figures), flags=re.DOTALL)
    html = re.sub(r"<(\w+)[^>]* data-figure=[^>]*>.*?</\1>", " ", html)
    text = re.sub(r"<[^>]*>", " ", html)
    names = [str(cell) for row in base(
        "SELECT organisme, finess_ej, contact, courriel, telephone FROM organismes.parquet")
        for cell in row]  # fmt: skip
    names += [
        str(row[0]).rstrip(".")
        for row in base("SELECT DISTINCT message FROM anomalies.parquet WHERE code LIKE 'LEC-%'")
    ]
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = text.replace(name, " ")
    text = re.sub(r"\b[A-Z]{2,3}-\d{3}\b", " ", text)  # rules
    text = re.sub(r"\b\d{4}-2030\b|\b2027\b|20 points|20\s?%|80 à 100|0 à", " ", text)
    left = set(re.findall(r"\d+(?:[.,]\d+)*", text))
    assert left <= {*load_referentiel().departements, figures.engine}


def test_the_drawings_say_the_same_figures(figures: Region, lus: dict[str, str]) -> None:
    """What a screen reader hears of a tile is what the eye reads under it."""
    labels = re.findall(
        r'class="tuile".*?aria-label="([^"]*)"', region_page(figures), flags=re.DOTALL
    )
    for code, label in zip(load_referentiel().departements, labels, strict=True):
        heard = {
            key: int(number)
            for number, word in re.findall(r"(\d+) ([^,]+)", label)
            for key, one in (("recevables", "recevable"), ("a_corriger", "à corriger"),
                             ("illisibles", "illisible"), ("manquants", "manquant"))
            if word == (one if int(number) < 2 or key == "a_corriger" else f"{one}s")
        }  # fmt: skip
        for key in ("recevables", "a_corriger", "illisibles", "manquants"):
            assert heard.get(key, 0) == entier(lus.get(f"tuile.{code}.{key}", "0"))


def test_an_invented_region_has_its_page(tmp_path: Path) -> None:
    """Its départements at their place, its name, its guide: nothing of another region is left."""
    ref = load_referentiel(neustrie(tmp_path))
    folder = tmp_path / "retours"
    folder.mkdir()
    workbook = Path(__file__).resolve().parents[2] / "workbooks" / "exemple_fautif.xlsx"
    shutil.copy(workbook, folder)
    reglement = CampaignSettings(options=Options(referentiel=ref), day="2028-02-01")
    result = check_campaign(
        depot_files([folder]),
        reglement,
        Journal(tmp_path / "j.sqlite"),
        moyens=BatchMeans(WorkerSettings(jobs=1)),
    )
    text = region_page(region_figures(result, situations(result.report), ref))
    assert "Neustrie" in text and "Bourgogne" not in text and "BFC" not in text
    places = re.findall(
        r'class="tuile"(?: style="([^"]*)")?>\n.*?<strong data-figure="tuile\.(\w+)\.recus"',
        text,
        flags=re.DOTALL,
    )
    assert places == [
        ("grid-column: 2; grid-row: 1", "27"),
        ("grid-column: 1; grid-row: 1", "50"),
        ("", "autre"),
    ]
    (report,) = result.reports
    sources = {finding.source for finding in report.findings}
    assert any(source.startswith("Guide de Neustrie, ") for source in sources)
    assert not any("2026-2030" in source or "{" in source for source in sources)


def test_what_changed_is_found_again_by_a_query(
    campagne: DrawnCampaign, dossier: list[CampaignFile], journal: Path, resultat: CampaignResult,
    consolidation: Consolidation, tmp_path: Path,
) -> None:  # fmt: skip
    """Two runs, two consolidations: the faults of one that the other has not."""
    shutil.copy(journal, tmp_path / "j.sqlite")
    shutil.copy(history_path(journal) or "", tmp_path / "j-historique.sqlite")
    copy = tmp_path / "retours"
    shutil.copytree(campagne.depot, copy)
    honest = next(r for r in campagne.retours if r.qualite == "honnête").fichier
    faulty = [r.fichier for r in campagne.retours if r.qualite == "fautif"][:2]
    (copy / faulty[0]).write_bytes((copy / honest).read_bytes())
    (copy / faulty[1]).unlink()
    with Journal(tmp_path / "j.sqlite") as kept:
        second = controler(campagne, depot_files([copy]), kept, reprendre=True, jour="2028-03-01")
        known = situations(second.report)
        after = Base(consolidate(second, known, tmp_path / "conso"))
        read = Reader(region_page(region_figures(second, known, load_referentiel()))).found
    query = (
        "SELECT coalesce(a.finess_ej, a.fichier), code, feuille, cellules, a.message "
        "FROM anomalies.parquet a LEFT JOIN retours.parquet r USING (fichier) "
        "WHERE gravite <> 'information' AND derogation IS NULL "
        "AND (a.fichier IS NULL OR r.retenu OR r.motif = 'illisible')"
    )
    before, now = Counter(Base(consolidation)(query)), Counter(after(query))
    kinds = ("corriges", "retires", "desactives", "leves", "nouveaux", "arrives", "restants")
    told = {key: entier(read.get(f"evolution.{key}", "0")) for key in kinds}
    assert told["restants"] == (before & now).total()
    assert told["corriges"] + told["retires"] + told["desactives"] == (before - now).total()
    assert told["nouveaux"] + told["arrives"] == (now - before).total()
    assert (told["retires"] > 0, told["leves"]) == (True, 0)
    assert (before - now).total() >= 2 and (now - before).total() >= 2
    sheet = load_workbook(
        io.BytesIO(region_workbook(region_figures(second, known, load_referentiel())))
    )
    rows = list(sheet["Depuis le passage"].iter_rows(min_row=2, values_only=True))
    assert Counter(row[0] for row in rows) == {
        "corrigée": told["corriges"], "fichier retiré": told["retires"],
        "nouvelle": told["nouveaux"], "pas au passage": told["arrives"],
        "qui reste": (before & now).total()}  # fmt: skip
    assert told["arrives"] == 1  # LOT-012 waited for LOT-001, whose other return is gone
    assert told["corriges"] + told["retires"] == (before - now).total()


def test_no_esms_is_counted_twice(lus: dict[str, str], base: Base, campagne: DrawnCampaign) -> None:
    expected = {e.finess for og in campagne.organismes for e in og.esms}
    read = {row[0] for row in base("SELECT DISTINCT finess_et FROM etablissements.parquet")}
    assert entier(lus["deploiement.et"]) == len((expected | read) - {None})
    ((twice,),) = base(
        "SELECT count(*) FROM (SELECT finess_et FROM etablissements.parquet "
        "GROUP BY finess_et HAVING count(DISTINCT finess_ej) > 1)"
    )
    assert twice == 1, "the campaign has an ESMS in two returns"


def test_the_totals_are_the_sum_of_the_retours(base: Base) -> None:
    mine = base(
        "SELECT annee, perimetre, departement, secteur, module, organismes, taux "
        "FROM totaux.parquet ORDER BY ALL"
    )
    theirs = base(
        "WITH i AS (SELECT *, unnest([departement, NULL]) AS ou FROM indicateurs.parquet "
        "WHERE denominateur > 0), p AS (SELECT *, 'tous les retours lisibles' AS p FROM i "
        f"UNION ALL SELECT *, 'retours recevables' FROM i WHERE verdict IN {RECEVABLES}) "
        "SELECT annee, p, ou, secteur, module, count(DISTINCT finess_ej), "
        "sum(numerateur) / sum(denominateur) FROM p GROUP BY ALL ORDER BY ALL"
    )
    assert [row[:6] for row in mine] == [row[:6] for row in theirs]
    assert [row[6] for row in mine] == pytest.approx([row[6] for row in theirs])
    assert len(mine) > 50


def test_the_keys_are_on_every_row(base: Base, resultat: CampaignResult) -> None:
    kept = {rendu.file for rendu in resultat.campagne.counted}
    for name in ("etablissements", "has", "mesures", "difficulte"):
        ((holes,),) = base(
            f"SELECT count(*) FROM {name}.parquet WHERE annee IS NULL "
            "OR finess_ej IS NULL OR finess_et IS NULL"
        )
        assert holes == 0 or name == "etablissements"  # a number that could not be read
    assert {row[0] for row in base("SELECT DISTINCT fichier FROM identification.parquet")} == kept
    columns = {row[0] for row in base("DESCRIBE SELECT * FROM indicateurs.parquet")}
    assert not columns & (DECLARES | {"declare"})


def test_the_queries_of_the_documentation(consolidation: Consolidation) -> None:
    folder = str(consolidation.parquet[0].parent).replace("'", "''")
    found = {
        title: duckdb.sql(query.format(d=folder)).fetchall() for title, query in QUERIES.items()
    }
    assert all(found[title] for title in list(QUERIES)[:4])


def test_the_classeur_says_the_same_as_the_parquet(
    consolidation: Consolidation, base: Base
) -> None:
    book = load_workbook(consolidation.classeur, read_only=False)
    assert book.sheetnames == ["Lisez-moi", *(t.title[:31] for t in TABLES)]
    for table in TABLES:
        sheet = book[table.title[:31]]
        ((count,),) = base(f"SELECT count(*) FROM {table.name}.parquet")
        assert consolidation.rows[table.name] == count
        assert sheet.max_row - 1 == count or count == 0
        assert [cell.value for cell in sheet[1]] == [c.title for c in table.columns]
        assert not [c for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    finess = [row[2].value for row in book["Établissements"].iter_rows(min_row=2)]
    assert all(isinstance(value, str) for value in finess if value is not None)


def test_the_page_calls_nothing_from_outside(figures: Region) -> None:
    html = region_page(figures)
    assert html.startswith('<!DOCTYPE html>\n<html lang="fr">')
    assert not re.search(r"(src|href)\s*=\s*[\"'](?!#|tel:|mailto:)", html)
    assert "<script" not in html and "@import" not in html and "url(" not in html
    assert html.count("<title>") >= 1 and 'role="img"' in html


def test_the_tables_of_the_page_as_a_workbook(figures: Region, tmp_path: Path) -> None:
    path = tmp_path / "region.xlsx"
    path.write_bytes(region_workbook(figures))
    assert path.read_bytes() == region_workbook(figures)
    book = load_workbook(path)
    calls = book["À appeler"]
    assert calls.max_row - 1 == len(figures.calls) > 3
    waiting = [row[5].value for row in calls.iter_rows(min_row=2)]
    assert waiting == sorted(waiting, reverse=True)
