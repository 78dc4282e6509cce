"""The list of what the ARS expects: what is understood, what is refused, with the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from xl_cpom.batch.given_lists import UnreadableListError, read_attendus
from xl_cpom.identifiants import finess_key
from xl_cpom.validators.retours import Attendu, EtAttendu


def write(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "attendus.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_one_row_by_etablissement(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, (
        "N° inutile;FINESS EJ;Organisme gestionnaire;Dép;Type;Année;FINESS ET;Établissement;"
        "Catégorie;Places;TypeET\r\n"
        "x;210099008;Les Tilleuls;21;renouvellement;2027;210781456;EHPAD d'été;500;80;P\r\n"
        "y; 210099008 ;;;;;210099032;IME;183;1 060;secondaire\r\n"
        ";;;;;;;;;\r\n"
        "z;710099003;Les Érables;71;;;;;;\r\n"
    ).replace("Dép", "dep"), encoding)  # fmt: skip
    path.write_bytes(path.read_bytes().replace(b"N\xc2\xb0 inutile", b"inutile"))
    assert read_attendus(path) == {
        "210099008": Attendu(
            "210099008", "Les Tilleuls", "21", "renouvellement", annee=2027, etablissements=(
                EtAttendu("210781456", "EHPAD d'été", "500", "", "21", 80, "Principal"),
                EtAttendu("210099032", "IME", "183", "", "", 1060, "Secondaire"),
            )),
        "710099003": Attendu("710099003", "Les Érables", "71"),
    }  # fmt: skip


def test_a_lost_zero_is_found_again(tmp_path: Path) -> None:
    number = "01000000" + str(finess_key("01000000"))
    path = write(tmp_path, f"finess_ej\n{number.lstrip('0')}\n")
    assert list(read_attendus(path)) == [number]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("raison_sociale\nX\n", "il manque la colonne « finess_ej »"),
        ("finess_ej\n210099009\n", "ligne 2 : « 210099009 » n'est pas un numéro FINESS"),
        (
            "finess_ej;places\n210099008;\n210099008;80\n710099003;douze\n",
            "ligne 4 : « douze » n'est pas un nombre entier (capacite)",
        ),
        ("PK\x03\x04", "n'est pas un CSV"),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str, said: str) -> None:
    text = text.replace("finess_ej;places\n", "finess_ej;finess_et;places\n").replace(
        "210099008;\n210099008;80\n710099003;douze",
        "210099008;;\n210099008;210781456;80\n710099003;710976507;douze",
    )
    with pytest.raises(UnreadableListError) as refusal:
        read_attendus(write(tmp_path, text))
    assert said in str(refusal.value).replace("\u00a0", " ").replace("\u202f", " ")


def test_an_absent_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableListError, match=r"ne peut pas être lu \(introuvable\)"):
        read_attendus(tmp_path / "absent.csv")
