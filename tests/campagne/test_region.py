"""Every figure of the region's page is found again by a query on the consolidation."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from openpyxl import load_workbook

from xl_cpom.batch.campagne import ResultatCampagne
from xl_cpom.batch.consolidation import Consolidation, consolider
from xl_cpom.batch.page import page
from xl_cpom.batch.region import Region, region
from xl_cpom.batch.region_xlsx import classeur
from xl_cpom.batch.requetes import REQUETES
from xl_cpom.batch.situation import Situation, situations
from xl_cpom.batch.synthese import Campagne
from xl_cpom.batch.tables import DECLARES, TABLEAUX
from xl_cpom.referentiel import charger

duckdb = pytest.importorskip("duckdb", reason="extra « campagne » non installé")

RECEVABLES = "('recevable', 'recevable avec réserves')"
ETATS = {
    "organismes": "true", "attendus": "attendu", "recus": "recu",
    "recevables": f"etat IN {RECEVABLES}", "reserves": "etat = 'recevable avec réserves'",
    "a_corriger": "etat IN ('à corriger', 'contrôle incomplet')",
    "illisibles": "etat = 'illisible'", "manquants": "etat = 'manquant'",
}  # fmt: skip


@pytest.fixture(scope="module")
def connues(resultat: ResultatCampagne) -> tuple[Situation, ...]:
    return situations(resultat.rapport)


@pytest.fixture(scope="module")
def consolidation(
    resultat: ResultatCampagne, connues: tuple[Situation, ...],
    tmp_path_factory: pytest.TempPathFactory,
) -> Consolidation:  # fmt: skip
    return consolider(resultat, connues, tmp_path_factory.mktemp("conso d'ici"))


@pytest.fixture(scope="module")
def figures(resultat: ResultatCampagne, connues: tuple[Situation, ...]) -> Region:
    return region(resultat, connues, charger())


class Lecteur(HTMLParser):
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
    return Lecteur(page(figures)).found


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


def test_les_comptes_par_departement(lus: dict[str, str], base: Base) -> None:
    codes = list(charger().departements)
    asked = ", ".join(f"count(*) FILTER ({cond})" for cond in ETATS.values())
    rows = {row[0]: row[1:] for row in base(
        f"SELECT departement, {asked}, sum(etablissements), sum(places) "
        "FROM organismes.parquet GROUP BY departement")}  # fmt: skip
    assert set(rows) <= set(codes)
    shown = [key for key in (*ETATS, "esms", "places") if key != "organismes"]
    for code in codes:
        values = dict(zip((*ETATS, "esms", "places"), rows.get(code, (0,) * 10), strict=True))
        assert {k: entier(lus[f"{code}.{k}"]) for k in shown} == {
            k: int(values[k]) for k in shown}  # type: ignore[call-overload]  # fmt: skip
    (total,) = base(f"SELECT {asked}, sum(etablissements), sum(places) FROM organismes.parquet")
    values = dict(zip((*ETATS, "esms", "places"), total, strict=True))
    assert {k: entier(lus[f"total.{k}"]) for k in shown} == {k: int(values[k]) for k in shown}  # type: ignore[call-overload]
    for key in ("recus", "recevables", "a_corriger", "illisibles", "manquants", "reserves"):
        assert entier(lus[f"region.{key}"]) == values[key]
    assert entier(lus["region.organismes"]) == values["attendus"]
    assert min(int(values[k]) for k in ("recevables", "a_corriger", "illisibles", "manquants")) > 0  # type: ignore[call-overload]


def test_les_retours_comptes(lus: dict[str, str], base: Base) -> None:
    ((kept,),) = base("SELECT count(*) FROM retours.parquet WHERE retenu")
    assert entier(lus["region.comptes"]) == kept
    ((left,),) = base("SELECT count(*) FROM retours.parquet WHERE NOT retenu AND motif IS NULL")
    assert left == 0


def test_les_fautes(lus: dict[str, str], base: Base) -> None:
    rows = base(
        "SELECT code, count(DISTINCT a.fichier), count(*) FROM anomalies.parquet a "
        "JOIN retours.parquet r USING (fichier) WHERE gravite <> 'information' "
        "AND (r.retenu OR r.motif = 'illisible') GROUP BY code"
    )
    found = {key.split(".")[1] for key in lus if key.startswith("faute.")}
    assert found <= {row[0] for row in rows} and len(found) == min(15, len(rows))
    for code, returns, times in rows:
        if code in found:
            assert (entier(lus[f"faute.{code}.retours"]), entier(lus[f"faute.{code}.fois"])) == (
                returns, times)  # fmt: skip


def test_les_taux(lus: dict[str, str], base: Base, figures: Region) -> None:
    rows = base(
        "SELECT module, secteur, count(*), sum(numerateur) / sum(denominateur) "
        f"FROM indicateurs.parquet WHERE verdict IN {RECEVABLES} AND annee = {figures.annee} "
        "AND denominateur > 0 GROUP BY module, secteur"
    )
    shown = {key for key in lus if key.startswith("taux.") and key.endswith(".taux")
             and lus[key] != "–"}  # fmt: skip
    assert shown == {f"taux.{module}.{secteur}.taux" for module, secteur, *_ in rows}
    for module, secteur, count, rate in rows:
        assert entier(lus[f"taux.{module}.{secteur}.organismes"]) == count
        read = float(lus[f"taux.{module}.{secteur}.taux"].rstrip("%\u202f").replace(",", "."))
        assert read == pytest.approx(100 * float(str(rate)), abs=0.0501)
    (spread,) = {sum(t.repartition) == t.organismes for t in figures.taux}
    assert spread


def test_le_deploiement(lus: dict[str, str], base: Base) -> None:
    groups = {
        "contrat": "type_contrat",
        "secteur": "CASE WHEN et_pa > 0 AND et_ph > 0 THEN 'PA et PH' WHEN et_pa > 0 THEN 'PA' "
                   "ELSE 'PH' END",
        "taille": "CASE WHEN etablissements > 1 THEN 'plusieurs ESMS' ELSE 'un seul ESMS' END",
    }  # fmt: skip
    for name, expression in groups.items():
        rows = base(f"SELECT {expression} g, count(*), sum(etablissements) FROM organismes.parquet "
                    "GROUP BY g")  # fmt: skip
        expected = {f"{name}.{g}.{what}": int(str(value)) for g, og, et in rows
                    for what, value in (("og", og), ("et", et))}  # fmt: skip
        read = {key: entier(text) for key, text in lus.items() if key.startswith(f"{name}.")}
        assert {k: v for k, v in read.items() if v} == {k: v for k, v in expected.items() if v}
    ((og, et),) = base("SELECT count(*), sum(etablissements) FROM organismes.parquet")
    assert (entier(lus["deploiement.og"]), entier(lus["deploiement.et"])) == (og, et)


def test_aucun_esms_n_est_compte_deux_fois(
    lus: dict[str, str], base: Base, campagne: Campagne
) -> None:
    expected = {e.finess for og in campagne.organismes for e in og.esms}
    read = {row[0] for row in base("SELECT DISTINCT finess_et FROM etablissements.parquet")}
    assert entier(lus["deploiement.et"]) == len((expected | read) - {None})
    ((twice,),) = base("SELECT count(*) FROM (SELECT finess_et FROM etablissements.parquet "
                       "GROUP BY finess_et HAVING count(DISTINCT finess_ej) > 1)")  # fmt: skip
    assert twice == 1, "the campaign has an ESMS in two returns"


def test_les_totaux_sont_la_somme_des_retours(base: Base) -> None:
    mine = base(
        "SELECT annee, perimetre, departement, secteur, module, organismes, taux "
        "FROM totaux.parquet ORDER BY ALL"
    )
    theirs = base(
        "WITH i AS (SELECT *, unnest([departement, 'région']) AS ou FROM indicateurs.parquet "
        "WHERE denominateur > 0), p AS (SELECT *, 'tous les retours lisibles' AS p FROM i "
        f"UNION ALL SELECT *, 'retours recevables' FROM i WHERE verdict IN {RECEVABLES}) "
        "SELECT annee, p, ou, secteur, module, count(DISTINCT finess_ej), "
        "sum(numerateur) / sum(denominateur) FROM p GROUP BY ALL ORDER BY ALL"
    )
    assert [row[:6] for row in mine] == [row[:6] for row in theirs]
    assert [row[6] for row in mine] == pytest.approx([row[6] for row in theirs])
    assert len(mine) > 50


def test_les_cles_sont_sur_chaque_ligne(base: Base, resultat: ResultatCampagne) -> None:
    kept = {rendu.fichier for rendu in resultat.campagne.retenus}
    for name in ("etablissements", "has", "mesures", "difficulte"):
        ((holes,),) = base(f"SELECT count(*) FROM {name}.parquet WHERE annee IS NULL "
                           "OR finess_ej IS NULL OR finess_et IS NULL")  # fmt: skip
        assert holes == 0 or name == "etablissements"  # a number that could not be read
    assert {row[0] for row in base("SELECT DISTINCT fichier FROM identification.parquet")} == kept
    columns = {row[0] for row in base("DESCRIBE SELECT * FROM indicateurs.parquet")}
    assert not columns & (DECLARES | {"declare"})


def test_les_requetes_de_la_documentation(consolidation: Consolidation) -> None:
    folder = str(consolidation.parquet[0].parent).replace("'", "''")
    found = {title: duckdb.sql(query.format(d=folder)).fetchall()
             for title, query in REQUETES.items()}  # fmt: skip
    assert all(found[title] for title in list(REQUETES)[:4])


def test_le_classeur_dit_la_meme_chose_que_les_parquet(
    consolidation: Consolidation, base: Base
) -> None:
    book = load_workbook(consolidation.classeur, read_only=False)
    assert book.sheetnames == ["Lisez-moi", *(t.titre[:31] for t in TABLEAUX)]
    for tableau in TABLEAUX:
        sheet = book[tableau.titre[:31]]
        ((count,),) = base(f"SELECT count(*) FROM {tableau.nom}.parquet")
        assert consolidation.lignes[tableau.nom] == count
        assert sheet.max_row - 1 == count or count == 0
        assert [cell.value for cell in sheet[1]] == [c.titre for c in tableau.colonnes]
        assert not [c for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    finess = [row[2].value for row in book["Établissements"].iter_rows(min_row=2)]
    assert all(isinstance(value, str) for value in finess if value is not None)


def test_la_page_n_appelle_rien_de_l_exterieur(figures: Region) -> None:
    html = page(figures)
    assert html.startswith('<!DOCTYPE html>\n<html lang="fr">')
    assert not re.search(r"(src|href)\s*=\s*[\"'](?!#)", html)
    assert "<script" not in html and "@import" not in html and "url(" not in html
    assert html.count("<title>") >= 1 and 'role="img"' in html


def test_les_tables_de_la_page_en_classeur(figures: Region, tmp_path: Path) -> None:
    path = tmp_path / "region.xlsx"
    path.write_bytes(classeur(figures))
    assert path.read_bytes() == classeur(figures)
    book = load_workbook(path)
    calls = book["À appeler"]
    assert calls.max_row - 1 == len(figures.appels) > 3
    waiting = [row[5].value for row in calls.iter_rows(min_row=2)]
    assert waiting == sorted(waiting, reverse=True)
