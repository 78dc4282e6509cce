"""Pre-filling from the two layouts of a FINESS extract, and what is refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from openpyxl import load_workbook

from xl_cpom.referentiel import Referentiel
from xl_cpom.validators.check import check
from xl_cpom.workbook.template import write_template
from xl_cpom.workbook.template.prefill import (
    POSITIONS,
    UnknownOrganismeError,
    UnreadableExtractError,
    prefill,
)

EJ = "210099008"


def _line(**values: str) -> str:
    return ";".join(values.get(name, "") for name in POSITIONS)


CLASSIC = "\n".join(
    (
        "finess;etalab;93;2026-01-07",
        _line(section="structureet", nofinesset="210781456", nofinessej=EJ, rs="EHPAD COURT",
              rslongue="EHPAD LES TILLEULS DE L'ÉTÉ", departement="21", code_commune="599",
              ligneacheminement="21260 SELONGEY", categetab="500", siret="99900026800022",
              dateautor="2017-01-03"),
        _line(section="structureet", nofinesset="210099024", nofinessej=EJ, rs="SSIAD",
              departement="21", ligneacheminement="21000 DIJON CEDEX 9", categetab="354"),
        _line(section="structureet", nofinesset="210780581", nofinessej=EJ, rs="HOPITAL",
              departement="21", categetab="355"),
        _line(section="structureet", nofinesset="690000013", nofinessej=EJ, rs="EHPAD DE LYON",
              departement="69", categetab="500"),
        _line(section="structureet", nofinesset="710976507", nofinessej="710000001", rs="AUTRE",
              departement="71", categetab="500"),
        _line(section="structureej", nofinesset="x", nofinessej=EJ, categetab="500"),
    )
)  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_the_classic_extract(tmp_path: Path, ref: Referentiel, encoding: str) -> None:
    extract = tmp_path / "etalab-cs1100502.csv"
    extract.write_bytes(CLASSIC.encode(encoding))
    found = prefill(extract, EJ, ref)
    told = {key: found.content[key] for key in ("identification", "etablissements")}
    assert told == {
        "identification": [{"finess_ej": EJ}],
        "etablissements": [
            {"finess_et": "210099024", "raison_sociale": "SSIAD", "categorie": "354",
             "departement": "21", "commune": "Dijon", "autorite": "ARS",
             "public": "Personnes âgées et personnes handicapées"},
            {"finess_et": "210781456", "raison_sociale": "EHPAD LES TILLEULS DE L'ÉTÉ",
             "categorie": "500", "departement": "21", "commune": "Selongey",
             "autorite": "ARS + CD", "public": "Personnes âgées", "secteur": "PA",
             "siret": "99900026800022", "date_autorisation": dt.date(2017, 1, 3)},
        ],
    }  # fmt: skip
    assert (found.etablissements, found.hors_champ, found.hors_region) == (2, 1, 1)


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_plain_csv_with_headers(tmp_path: Path, ref: Referentiel, separator: str) -> None:
    lines = (
        ("NoFinessET", "nofinessej", "raison_sociale", "categetab", "Département", "commune"),
        ("210781456", EJ, "EHPAD Un", "500", "21", "Selongey"),
        ("210099032", EJ, "IME", "183", "21", "Quetigny"),
        ("210099032", EJ, "IME (deux fois)", "183", "21", "Quetigny"),
    )
    extract = tmp_path / "extrait.csv"
    extract.write_text("\n".join(separator.join(line) for line in lines), encoding="utf-8")
    found = prefill(extract, EJ, ref)
    assert found.content["identification"] == [{"finess_ej": EJ, "secteurs": "PA et PH"}]
    assert [row["raison_sociale"] for row in found.content["etablissements"]] == ["IME", "EHPAD Un"]
    assert [row["secteur"] for row in found.content["etablissements"]] == ["PH", "PA"]


def test_what_the_contract_and_the_categories_impose_is_filled_in(
    tmp_path: Path, ref: Referentiel
) -> None:
    """The prefilled workbook lacks neither the compulsory modules nor a line of SI."""
    extract = tmp_path / "extrait.csv"
    extract.write_text(
        "nofinesset;nofinessej;raison_sociale;categetab;departement\n"
        f"210781456;{EJ};EHPAD;500;21\n210099032;{EJ};IME;183;21\n210099024;{EJ};SSIAD;354;21\n",
        encoding="utf-8",
    )
    found = prefill(extract, EJ, ref)
    assert found.content["modules"] == [
        {"code": code, "actif": "Oui"}
        for code in ("TRANSFO", "UNESANTE", "PREVENTION", "EFFICIENCE", "SI")
    ]
    path = tmp_path / "pre.xlsx"
    write_template(path, ref, contenu=found.content)
    findings = check(path).findings
    assert {(f.code, f.sheet) for f in findings} == {("STR-060", "Identification")}, "not begun"


def test_principal_secondaire_and_places(tmp_path: Path, ref: Referentiel) -> None:
    extract = tmp_path / "extrait.csv"
    extract.write_text(
        "finess_et;finess_ej;categorie;departement;typeet;nofinessppal;capacite\n"
        f"210781456;{EJ};500;21;P;210781456;80\n"
        f"210099024;{EJ};354;21;S;210781456;-3\n"
        f"210099032;{EJ};183;21;S;absent;12,5\n"
        f"710976507;{EJ};500;71;?;;999999\n",
        encoding="utf-8",
    )
    keys = ("principal_secondaire", "finess_principal", "capacite_autorisee")
    found = {
        row["finess_et"]: {key: row[key] for key in keys if key in row}
        for row in prefill(extract, EJ, ref).content["etablissements"]
    }
    assert found == {
        "210781456": {"principal_secondaire": "Principal", "capacite_autorisee": 80},
        "210099024": {"principal_secondaire": "Secondaire", "finess_principal": "210781456"},
        "210099032": {"principal_secondaire": "Secondaire"},
        "710976507": {},
    }


def test_a_hostile_name_is_written_as_plain_text(tmp_path: Path, ref: Referentiel) -> None:
    extract = tmp_path / "extrait.csv"
    extract.write_text(
        "nofinesset;nofinessej;raison_sociale;categetab;departement\n"
        f'210781456;{EJ};=HYPERLINK("http://x")\u202e;500;21\n',
        encoding="utf-8",
    )
    (row,) = prefill(extract, EJ, ref).content["etablissements"]
    assert row["raison_sociale"] == '=HYPERLINK("http://x")\ufffd'
    path = tmp_path / "p.xlsx"
    write_template(path, ref, contenu=prefill(extract, EJ, ref).content)
    cell = load_workbook(path)["Établissements"]["B6"]
    assert (cell.data_type, cell.value) == ("s", row["raison_sociale"])


def test_nobody_of_that_number(tmp_path: Path, ref: Referentiel) -> None:
    extract = tmp_path / "extrait.csv"
    extract.write_text(CLASSIC, encoding="utf-8")
    with pytest.raises(UnknownOrganismeError, match="rattaché à l'entité juridique 250000015"):
        prefill(extract, "250000015", ref)
    with pytest.raises(UnknownOrganismeError, match="clé valide"):
        prefill(extract, "250000016", ref)


def test_only_esms_that_cannot_be_written(tmp_path: Path, ref: Referentiel) -> None:
    extract = tmp_path / "extrait.csv"
    kept = [line for line in CLASSIC.split("\n") if ";355;" in line or "LYON" in line]
    extract.write_text("\n".join(("finess;etalab;93;x", *kept)), encoding="utf-8")
    with pytest.raises(
        UnknownOrganismeError, match="1 hors du champ du CPOM et 1 hors de la région"
    ):
        prefill(extract, EJ, ref)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04 un classeur", "n'est pas un fichier CSV"),
        (b"nom;prenom\nA;B\n", "colonnes absentes"),
        (b"", "colonnes absentes"),
    ],
)
def test_what_is_no_extract(tmp_path: Path, ref: Referentiel, content: bytes, message: str) -> None:
    extract = tmp_path / "extrait.csv"
    extract.write_bytes(content)
    with pytest.raises(UnreadableExtractError, match=message):
        prefill(extract, EJ, ref)


def test_an_extract_that_is_not_there(tmp_path: Path, ref: Referentiel) -> None:
    with pytest.raises(UnreadableExtractError, match="Impossible de lire"):
        prefill(tmp_path / "absent.csv", EJ, ref)
