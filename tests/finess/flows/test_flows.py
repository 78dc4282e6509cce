"""The two national flows: both spellings read alike, nothing taken from what is not whole."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from tests.finess.flows.flux import (
    CLOSED,
    EJ,
    ET,
    SECONDAIRE,
    activite,
    adresse,
    capacite,
    ege,
    pmej,
    pmej_activites,
    write,
)
from tools.finess_synthetique import write as invent
from xl_cpom.finess.flows import Filter, UnreadableFlowError, load_directory, load_structures

ALL = Filter()


def test_what_the_files_of_the_ans_say(tmp_path: Path) -> None:
    structures, _ = write(tmp_path)
    known = load_directory(structures)
    assert (known.version, known.date, known.read) == ("v1.0.0", dt.date(2026, 9, 11), 1)
    (entity,) = known.entities
    assert (entity.finess_ej, entity.name, entity.siren) == (
        EJ, "ASSOCIATION LES TILLEULS", "999000268")  # fmt: skip
    assert (entity.statut_juridique, entity.address, entity.departement, entity.closed) == (
        "60", "1 RUE DU MOULIN", "21", False)  # fmt: skip
    one, closed, other = entity.etablissements
    assert (one.finess_et, one.long_name, one.categorie, one.siret, one.commune, one.departement,
            one.ouverture, one.autorisation, one.main, one.closed) == (
        ET, "EHPAD LES TILLEULS DE LA TILLE", "500", "99900026800022", "SELONGEY", "21",
        dt.date(2001, 2, 3), dt.date(2017, 1, 3), ET, False)  # fmt: skip
    assert (closed.finess_et, closed.closed, closed.fermeture) == (CLOSED, True,
                                                                  dt.date(2025, 6, 30))  # fmt: skip
    assert (other.finess_et, other.main) == (SECONDAIRE, ET)
    assert one.events[0].code == "003"
    assert known.places(ET) == (80, 78)
    assert known.places(SECONDAIRE) == (None, None)


def _first_schema(structures: dict[str, Any], activites: dict[str, Any]) -> None:
    """The spellings of the schemas of December 2025 instead of those of the files."""
    for entity in structures["pmej"]:
        infos = entity.pop("informationsGeneralesPMEJ")
        infos["pm_smsseId"] = infos.pop("pmSmsseId")
        infos["statutJuridique"] = {"code": infos["statutJuridique"], "system": "tre_r400"}
        infos["etatObjet"] = {"code": entity.pop("etatObjet")}
        entity["informationsGeneralesPmej"] = infos
        for eg in entity["ege"]:
            eg["categorieEntiteGeographiqueExercice"] = {
                "code": eg.pop("categorieentiteGeographiqueExercice")
            }
            eg["siret"] = eg["informationsGeneralesEGE"].pop("siret")
            eg["etatObjet"] = {"code": eg["etatObjet"]}
    for entity in activites["pmej"]:
        entity["numeroFiness"] = entity.pop("numFiness")
        lists = [entity["activitesAutorisees"], *(eg["activitesExercees"] for eg in entity["ege"])]
        for found in lists:
            found[:] = [{"natureASMR": {
                "caracteristiquesGeneriques": a["caracteristiquesGeneriques"],
                "caracteristiquesSpecifiquesASMR": a["nature"]["caracteristiquesSpecifiques"],
                "capacite": a["capacite"]}, "natureAMM": None} for a in found]  # fmt: skip


def _metadata(structures: dict[str, Any], activites: dict[str, Any]) -> None:
    activites["metadata"] = {key: activites.pop(key) for key in ("schemaVersion", "generatedAt")}


def _header_at_the_end(structures: dict[str, Any], activites: dict[str, Any]) -> None:
    for key in ("schemaVersion", "generatedAt"):
        structures[key] = structures.pop(key)


def _renamed_nature(structures: dict[str, Any], activites: dict[str, Any]) -> None:
    for entity in activites["pmej"]:
        for eg in entity["ege"]:
            for a in eg["activitesExercees"]:
                a["nature"]["codeNature"] = "AMSR"


@pytest.mark.parametrize("edit", [_first_schema, _metadata, _header_at_the_end, _renamed_nature])
def test_every_spelling_says_the_same(tmp_path: Path, edit: Any) -> None:
    paths = write(tmp_path)
    known = load_directory(paths[0])
    trees = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    edit(*trees)
    for path, tree in zip(paths, trees, strict=True):
        path.write_text("\ufeff" + json.dumps(tree), encoding="utf-8")
    again = load_directory(tmp_path)
    assert again.entities == known.entities
    assert again.capacites == known.capacites
    assert again.date == known.date


CAPACITES: dict[str, tuple[list[dict[str, Any]], dict[str, list[dict[str, Any]]], tuple[Any, Any]]]
CAPACITES = {
    "le détail par habilitation n'est pas ajouté au total": (
        [], {ET: [activite("e", None, capacite("09", "17"), capacite("09", "5", habilitation="A"),
                           capacite("08", "16"))]}, (17, 16)),
    "une ligne de zéro place habilitée ne dit pas zéro place": (
        [], {ET: [activite("e", None, capacite("09", "0", habilitation="A"))]}, (None, None)),
    "l'autorisation liée dit les places autorisées": (
        [activite("a", None, capacite("09", "30"))],
        {ET: [activite("e", "a", capacite("08", "28"))]}, (30, 28)),
    "une autorisation exercée en deux lieux n'est donnée entière à aucun": (
        [activite("a", None, capacite("09", "30"))],
        {ET: [activite("e", "a", capacite("08", "10"))],
         SECONDAIRE: [activite("f", "a", capacite("08", "20"))]}, (None, 10)),
    "les activités d'un établissement s'ajoutent": (
        [], {ET: [activite("e", None, capacite("09", "60")),
                  activite("f", None, capacite("09", "12"))]}, (72, None)),
    "une activité inactive ne compte pas": (
        [], {ET: [activite("e", None, capacite("09", "60"), caracteristiquesGeneriques={
            "activiteAeId": "e", "etatObjet": "I"})]}, (None, None)),
    "une activité sanitaire ne compte pas": (
        [], {ET: [activite("e", None, capacite("09", "60"), nature={
            "codeNature": "AMF", "caracteristiquesSpecifiques": {"typeActiviteAMF": {}}})]},
        (None, None)),
    "un nombre qui n'en est pas un est laissé": (
        [], {ET: [activite("e", None, capacite("09", "dix"))]}, (None, None)),
}  # fmt: skip


@pytest.mark.parametrize("cas", CAPACITES)
def test_the_places_of_an_etablissement(tmp_path: Path, cas: str) -> None:
    authorised, exercised, expected = CAPACITES[cas]
    write(tmp_path, activites=[pmej_activites(EJ, authorised, exercised)])
    assert load_directory(tmp_path).places(ET) == expected


def test_what_a_filter_keeps(tmp_path: Path) -> None:
    elsewhere = [adresse(cogCommune="2A004", codePostal="20000")]
    other = pmej("750712184", "8", [ege("9", "2A0000014", adresse=elsewhere,
                                        categorieentiteGeographiqueExercice="183")])  # fmt: skip
    other["adresse"] = [adresse("02", cogCommune="75056")]
    write(tmp_path, [pmej(), other])

    def kept(**criteria: set[str]) -> set[str]:
        return set(load_directory(tmp_path, Filter(**criteria)).by_et)

    assert kept() == {ET, CLOSED, SECONDAIRE, "2A0000014"}
    assert kept(departements={"2A"}) == {"2A0000014"}
    assert kept(departements={"20"}) == set()
    assert kept(categories={"500"}) == {ET, CLOSED, SECONDAIRE}
    assert kept(entities={"750712184"}) == {"2A0000014"}
    assert kept(departements={"21"}, categories={"183"}) == set()
    alone = load_structures(tmp_path, Filter(departements={"75"}))
    assert [(e.finess_ej, e.etablissements) for e in alone.entities] == [("750712184", ())]


# --- what is refused ------------------------------------------------------------------------------


def _truncated(structures: Path, activites: Path) -> None:
    raw = activites.read_bytes()
    activites.write_bytes(raw[: len(raw) - 30])


def _inverse(structures: Path, activites: Path) -> None:
    structures.write_bytes(activites.read_bytes())


def _melange(structures: Path, activites: Path) -> None:
    tree = json.loads(structures.read_text(encoding="utf-8"))
    tree["pmej"].append(pmej_activites())
    structures.write_text(json.dumps(tree), encoding="utf-8")


def _colle(structures: Path, activites: Path) -> None:
    structures.write_bytes(structures.read_bytes() * 2)


def _etranger(structures: Path, activites: Path) -> None:
    activites.write_text(activites.read_text().replace(EJ, "710099003"))


def _latin(structures: Path, activites: Path) -> None:
    structures.write_bytes(structures.read_text().replace("MOULIN", "BÉ").encode("latin-1"))


def _other_json(structures: Path, activites: Path) -> None:
    structures.write_text('{"etablissements": []}')


def _empty(structures: Path, activites: Path) -> None:
    structures.write_text('{"pmej": []}')


REFUSAL: dict[str, tuple[Any, str]] = {
    "tronqué": (_truncated, r"finess-activites-.*tronqué.*Rien n'en a été repris"),
    "deux fois le même": (_inverse, r"c'est le flux « activités ».*structures.*version v1"),
    "mélangés": (_melange, r"c'est le flux « activités » après 1 entités"),
    "bout à bout": (_colle, r"suit le JSON"),
    "deux pays": (_etranger, r"ne parle d'aucune des entités"),
    "latin-1": (_latin, r"pas en UTF-8"),
    "un autre JSON": (_other_json, r"« pmej » manque|n'est pas un flux FINESS"),
    "aucune entité": (_empty, r"aucune entité|n'est pas un flux FINESS"),
    "activités absentes": (
        lambda s, a: a.unlink(),
        r"« activités » manque.*finess-activites-journalier-20260911\.json.*v1",
    ),
    "structures absentes": (lambda s, a: s.unlink(), r"« structures » manque"),
}


def plat(message: str) -> str:
    return message.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("cas", REFUSAL)
def test_one_sentence_and_nothing_taken(tmp_path: Path, cas: str) -> None:
    edit, said = REFUSAL[cas]
    edit(*write(tmp_path))
    with pytest.raises(UnreadableFlowError) as refusal:
        load_directory(tmp_path)
    assert re.search(said, plat(str(refusal.value))), refusal.value


@pytest.mark.parametrize("version", ["v2.0.0", "2.0", "1beta"])
def test_a_version_nobody_knows(tmp_path: Path, version: str) -> None:
    write(tmp_path, version=version)
    with pytest.raises(UnreadableFlowError) as refusal:
        load_directory(tmp_path)
    assert f"« {version} »" in plat(str(refusal.value))
    assert "Version attendue : v1 (v1.0.0, v1.0.1)." in plat(str(refusal.value))


@pytest.mark.parametrize(("day", "refused"), [("2026-10-12", False), ("2026-10-13", True)])
def test_two_flows_of_different_months(tmp_path: Path, day: str, refused: bool) -> None:
    write(tmp_path, activites_day=day)
    if not refused:
        assert load_directory(tmp_path).places(ET) == (80, 78)
        return
    with pytest.raises(UnreadableFlowError, match=r"11/09/2026.*13/10/2026.*du même jour"):
        load_directory(tmp_path)


def test_several_pairs_in_one_folder(tmp_path: Path) -> None:
    structures, activites = write(tmp_path)
    for path in (structures, activites):
        path.with_name(path.name.replace("20260911", "20261001")).write_bytes(path.read_bytes())
    assert load_directory(structures).places(ET) == (80, 78)  # its twin, by the date
    with pytest.raises(UnreadableFlowError, match="Plusieurs flux"):
        load_directory(tmp_path)


def test_an_entity_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from xl_cpom.finess.flows import stream

    monkeypatch.setattr(stream, "MAX_ENTITY", 200_000)
    monkeypatch.setattr(stream, "MAX_HEAD", 200_000)
    write(tmp_path, [pmej(egs=[ege(str(n), ET) for n in range(3000)])])
    with pytest.raises(UnreadableFlowError, match="pas de fin raisonnable"):
        load_structures(tmp_path)


# --- against the whole file, at a size that tells -------------------------------------------------


def test_the_same_as_reading_the_whole_file(tmp_path: Path) -> None:
    """The reader, against what `json.load` gives, on invented flows."""
    structures, activites = invent(tmp_path, 120, seed=random.Random(7).randrange(1000))
    known = load_directory(tmp_path)
    tree = json.loads(structures.read_text(encoding="utf-8"))
    assert [e.finess_ej for e in known.entities] == [
        p["informationsGeneralesPMEJ"]["numFinessPm"] for p in tree["pmej"]
    ]
    whole = {
        eg["informationsGeneralesEGE"]["numFinessEge"]: (
            eg["informationsGeneralesEGE"].get("dateFermeture"),
            eg["etatObjet"],
            eg["categorieentiteGeographiqueExercice"],
        )
        for p in tree["pmej"]
        for eg in p["ege"]
    }
    assert whole == {
        n: (et.fermeture and et.fermeture.isoformat(), "A" if et.active else "I", et.categorie)
        for n, et in known.by_et.items()
    }
    places = json.loads(activites.read_text(encoding="utf-8"))
    totals = {
        eg["numFinessEge"]: sum(
            int(c["nombre"]) for a in eg["activitesExercees"] for c in a["capacite"]
            if c["statutCapacite"] == "09" and c["habilitation"] is None)
        for p in places["pmej"] for eg in p["ege"]
    }  # fmt: skip
    assert totals == {n: known.places(n)[0] for n in known.by_et}


def test_memory_follows_what_is_kept(tmp_path: Path) -> None:
    """Four times the file: what is held while a département is read stays the same."""

    def peak(count: int) -> int:
        folder = tmp_path / str(count)
        invent(folder, count)
        tracemalloc.start()
        load_directory(folder, Filter(departements={"90"}))
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    small, large = peak(100), peak(400)
    assert large < small + 1_500_000
