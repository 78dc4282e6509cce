"""`xl-cpom calendrier`: each deposit of the year, by ESMS, with its date and its reason."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.atelier import VALIDE
from xl_cpom.cli import cli
from xl_cpom.referentiel import load_referentiel
from xl_cpom.workbook.building import build
from xl_cpom.workbook.deposit_calendar import calendar_of

D = dt.date
EJ, SAD, IME, FOYER = "210099008", "210780581", "210099032", "250000015"


def launch(*arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli, [str(a) for a in arguments])
    return done.exit_code, plat(done.stdout), plat(done.stderr)


def plat(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


CONTENT = {
    "identification": [{"finess_ej": EJ, "statut_juridique": "13", "annee_n1": 2026,
                        "annee_suivie": "N2", "secteurs": "PA et PH"}],
    "etablissements": [
        {"finess_et": SAD, "raison_sociale": "SAD", "categorie": "209", "secteur": "PA"},
        {"finess_et": IME, "raison_sociale": "IME", "categorie": "183", "secteur": "PH"},
        {"finess_et": FOYER, "raison_sociale": "Foyer", "categorie": "252", "secteur": "PH"},
    ],
    "si": [
        {"si": "Import EPRD et ERRD", "entite": EJ, "secteur": "PA", "exigible": "Oui",
         "date_depot": D(2027, 7, 1)},
        {"si": "Suivi d'activité par dispositif complémentaire", "entite": "PCPE",
         "secteur": "PH", "exigible": "Oui"},
    ],
}  # fmt: skip


def test_each_deposit_of_the_year_and_why() -> None:
    found = calendar_of(build(CONTENT, load_referentiel()))
    said = {(d.entity.numero, d.system.code, d.echeance.objet): d for d in found}
    dates = {key: d.date for key, d in said.items() if key[1] in ("ANNEXE_ACTIVITE", "TDB_PERF",
                                                                 "EPRD", "ERRD")}  # fmt: skip
    assert dates == {
        (EJ, "EPRD", ""): D(2027, 6, 30),
        (EJ, "ERRD", ""): D(2027, 7, 8),  # an établissement public de santé
        (SAD, "ANNEXE_ACTIVITE", ""): D(2027, 3, 15),
        (SAD, "TDB_PERF", ""): D(2027, 6, 30),
        (IME, "ANNEXE_ACTIVITE", ""): D(2027, 10, 31),
        (IME, "ANNEXE_ACTIVITE", "Creton"): D(2027, 1, 31),
        (IME, "TDB_PERF", ""): D(2027, 6, 30),
        (FOYER, "ANNEXE_ACTIVITE", ""): D(2027, 10, 31),
        (FOYER, "TDB_PERF", ""): D(2027, 6, 30),  # 252: arrêté du 29 mai 2024
    }
    assert said[EJ, "ERRD", ""].why.startswith("organisme gestionnaire, statut 13")
    assert said[SAD, "ANNEXE_ACTIVITE", ""].why == "catégorie 209 (SAAS)"
    assert said[IME, "ROR_HEBERGEMENT", ""].condition.startswith("si l'établissement propose")
    assert "Creton" in said[IME, "ANNEXE_ACTIVITE", "Creton"].condition
    assert said["PCPE", "SUIVI_DISPOSITIF", ""].date is None
    assert [key[1] for key in said if key[0] == EJ] == ["EPRD", "ERRD", "CYBER", "ECARS"]


def test_one_line_of_the_first_template_stands_for_both_deposits() -> None:
    found = {d.system.code: d for d in calendar_of(build(CONTENT, load_referentiel()))
             if d.entity.numero == EJ}  # fmt: skip
    assert found["EPRD"].deposited_on == found["ERRD"].deposited_on == D(2027, 7, 1)


def test_the_command_on_a_workbook(tmp_path: Path) -> None:
    code, out, _ = launch("calendrier", VALIDE)
    assert code == 0
    assert "Ce qui est à déposer pendant l'année 2027" in out
    assert "30/04/2027      Import ERRD : ERRD ou compte administratif de l'année précédente" in out
    assert "organisme gestionnaire – déposé le 28/04/2027" in out
    code, out, _ = launch("calendrier", VALIDE, "--annee", "2028", "--format", "json")
    told = json.loads(out)
    assert told["annee"] == 2028
    eprd = next(d for d in told["depots"] if d["systeme"] == "Import EPRD")
    assert (eprd["date"], eprd["niveau"], eprd["certitude"]) == ("2028-06-30", "OG", "trouvé")
    target = tmp_path / "c.csv"
    assert launch("calendrier", VALIDE, "--format", "csv", "-o", target)[0] == 0
    rows = list(csv.DictReader(target.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert len(rows) == len(told["depots"])


def test_the_command_without_a_workbook() -> None:
    code, out, _ = launch("calendrier", "--categorie", "460", "--annee", "2027")
    assert code == 0
    assert "15/03/2027      Annexe d'activité pour tous les ESMS" in out
    code, out, _ = launch("calendrier", "--statut", "60", "--annee", "2027")
    assert "30/04/2027      Import ERRD" in out
    assert "08/07/2027" not in out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "Donnez un classeur, ou --categorie, ou --statut"),
        ((VALIDE, "--categorie", "500"), 2, "l'un d'eux seulement"),
        (("--categorie", "999"), 2, "Catégorie FINESS inconnue : « 999 »"),
        (("--statut", "999"), 2, "Statut juridique inconnu : « 999 »"),
        (("{txt}",), 3, ""),
    ],
)
def test_bad_use(tmp_path: Path, arguments: tuple[object, ...], code: int, said: str) -> None:
    text = tmp_path / "note.txt"
    text.write_text("bonjour")
    given = [str(a).format(txt=text) for a in arguments]
    found, _, err = launch("calendrier", *given)
    assert (found, said in err) == (code, True)
