"""Ways in, immutability, frozen form, the invented region, and every refusal with its place."""

from __future__ import annotations

import ast
import dataclasses
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import xl_cpom
from tests.neustrie import BOOK, neustrie, replace
from xl_cpom.referentiel import (
    DEFAULT_REFERENTIEL,
    InvalidReferentielError,
    available_referentiels,
    expected_names,
    freeze_referentiel,
    frozen_tables,
    load_referentiel,
    raw_files,
    referentiel_from_json,
)
from xl_cpom.referentiel.construction import build_referentiel
from xl_cpom.workbook.blank_name import blank_name

PACKAGE = Path(xl_cpom.__file__).parent


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    """A copy of the shipped cycle, to spoil."""
    return Path(shutil.copytree(BOOK, tmp_path / "cycle"))


# --- ways in ------------------------------------------------------------------------------------


def test_by_identifiant_and_by_folder() -> None:
    assert load_referentiel(BOOK).digest == load_referentiel(DEFAULT_REFERENTIEL).digest


def test_unknown_identifiant() -> None:
    with pytest.raises(InvalidReferentielError, match=r"«\u00a0XXX\u00a0».*BFC-2026-2030"):
        load_referentiel("XXX")
    with pytest.raises(InvalidReferentielError):
        load_referentiel("FR-2025")


def test_the_frozen_tables_are_those_of_the_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`python -m tools.gabarits` writes them again; a file that changed since is read instead."""
    asked: list[Path] = []

    def read(folder: Path) -> raw_files.Tables:
        asked.append(folder)
        return raw_files.read_folder(folder)

    monkeypatch.setattr(frozen_tables, "read_folder", read)
    for identifiant in available_referentiels():
        found = frozen_tables.shipped_tables(identifiant)
        assert not asked, "python -m tools.gabarits"
        assert found == raw_files.read_folder(raw_files.DATA_FOLDER / identifiant)
    data = Path(shutil.copytree(raw_files.DATA_FOLDER, tmp_path / "donnees"))
    monkeypatch.setattr(frozen_tables, "DATA_FOLDER", data)
    assert frozen_tables.shipped_tables(DEFAULT_REFERENTIEL) and not asked
    changed = data / DEFAULT_REFERENTIEL / "parametres.toml"
    replace(changed, "valeur = 0.9", "valeur = 0.8")
    after = build_referentiel(frozen_tables.shipped_tables(DEFAULT_REFERENTIEL))
    assert asked == [changed.parent] and after.valeur("seuil_tdb_validation") == 0.8


def test_a_folder_is_read_again(dossier: Path) -> None:
    before = load_referentiel(dossier)
    replace(dossier / "parametres.toml", "valeur = 0.9", "valeur = 0.8")
    after = load_referentiel(dossier)
    assert (before.valeur("seuil_tdb_validation"), after.valeur("seuil_tdb_validation")) == (
        0.9,
        0.8,
    )
    assert before.digest != after.digest


def test_immutable() -> None:
    ref = load_referentiel()
    with pytest.raises(dataclasses.FrozenInstanceError):
        ref.id = "autre"  # type: ignore[misc]
    for table in (ref.modules, ref.categories, ref.listes, ref.parametres, ref.serafin):
        with pytest.raises(TypeError):
            table["x"] = 1  # type: ignore[index]
    with pytest.raises(TypeError):
        ref.valeur("avancement_par_statut")["En cours"] = 1


def test_nomenclatures() -> None:
    ref = load_referentiel()
    assert set(ref.nomenclatures) == {
        *("categories", "statuts_juridiques", "departements", "modules", "si"),
        *("criteres", "serafin", "cotations", "chapitres"),
    }
    assert ref.nomenclature("departements")["01"] == "Ain"
    assert ref.nomenclature("statuts_juridiques")["17"] == "Centre Communal d'Action Sociale"
    assert ref.nomenclature("criteres")["2.2.5"] == "Droit à l'image"
    with pytest.raises(KeyError, match=r"nomenclature inconnue «\u00a0pays\u00a0».*categories"):
        ref.nomenclature("pays")
    with pytest.raises(KeyError, match=r"paramètre inconnu «\u00a0seuil\u00a0»"):
        ref.valeur("seuil")


def test_the_contract_names_exactly_the_parameters_and_the_lists() -> None:
    ref = load_referentiel()
    assert set(ref.parametres) == set(expected_names.PARAMETERS)
    assert set(ref.listes) == set(expected_names.LISTS)


# --- frozen form --------------------------------------------------------------------------------


def test_freeze_and_read_again() -> None:
    ref = load_referentiel()
    for other in (referentiel_from_json(freeze_referentiel(ref)), pickle.loads(pickle.dumps(ref))):
        assert freeze_referentiel(other) == freeze_referentiel(ref) and other.digest == ref.digest
        for champ in dataclasses.fields(ref):
            assert getattr(other, champ.name) == getattr(ref, champ.name), champ.name


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 99, "tables": {}}'])
def test_text_that_is_no_frozen_referentiel(text: str) -> None:
    with pytest.raises(InvalidReferentielError, match="référentiel figé"):
        referentiel_from_json(text)


def test_the_frozen_form_does_without_tomllib() -> None:
    programme = (
        "import sys; sys.modules['tomllib'] = None\n"
        "from xl_cpom.referentiel import referentiel_from_json\n"
        "ref = referentiel_from_json(sys.stdin.buffer.read().decode('utf-8'))\n"
        "print(ref.id, len(ref.categories))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", programme],
        input=freeze_referentiel(load_referentiel()).encode("utf-8"),
        capture_output=True,
        cwd=PACKAGE.parent,
        check=True,
    )
    assert result.stdout.split() == [b"BFC-2026-2030", b"312"]


@pytest.mark.parametrize(
    "module",
    sorted([PACKAGE / "identifiants.py", *(PACKAGE / "referentiel").glob("*.py")]),
    ids=lambda chemin: chemin.stem,
)
def test_standard_library_and_python_3_9(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"), feature_version=(3, 9))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        else:
            continue
        permis = {*sys.stdlib_module_names, "xl_cpom.errors", "xl_cpom.light_dataclass"}
        assert all({name, name.split(".")[0]} & permis for name in names), names


# --- another region: data only ------------------------------------------------------------------


def test_an_invented_region(tmp_path: Path) -> None:
    """Two modules, two départements, other thresholds, another calendar: no line of code."""
    region = neustrie(tmp_path)

    ref = load_referentiel(region)

    assert (ref.id, ref.region, ref.duree) == ("NEU-2027-2029", "Neustrie", 3)
    assert list(ref.modules) == ["MER", "BOCAGE"] == list(ref.listes["module"])
    assert [t.libelle for t in ref.types_de("MER", "PA")] == ["Baignade"]
    assert ref.listes["departement"] == ("27", "50")
    assert ref.departements["50"].libelle == "Manche"
    assert ref.nomenclature("modules") == {"MER": "Accès à la mer", "BOCAGE": "Vie au bocage"}
    assert ref.calendrier("MAREE", 2028).isoformat() == "2028-05-01"
    assert ref.annee_civile("N1") == 2027
    assert blank_name(ref) == "CPOM_socle_2027-2029.xlsx"
    assert ref.valeur("methode_avancement") == "MOYENNE"
    assert ref.valeur("seuil_atteinte_partielle") == 5.0
    assert ref.parametres["seuil_atteinte_partielle"].depuis.isoformat() == "2027-01-01"
    assert not ref.seuils["OCCUPATION"].atypique(1.4)
    assert ref.types_action[1].source.endswith("gestionnaires – page 3")
    assert "Neustrie" in ref.types_action[1].source
    assert ref.cite("{guide}, page 3") == "Guide de Neustrie, page 3"
    assert ref.cite("{guide_complet}") == "ARS Neustrie, guide du CPOM"
    assert ref.carte == {"50": (1, 1), "27": (2, 1)}
    assert ref.categories["500"].libelle == load_referentiel().categories["500"].libelle
    assert referentiel_from_json(freeze_referentiel(ref)).digest == ref.digest


def test_a_nomenclature_of_the_cycle_replaces_the_national_one(dossier: Path) -> None:
    commune = raw_files.DATA_FOLDER / "FR-2025" / "departements.csv"
    shutil.copy(commune, dossier)
    replace(dossier / "departements.csv", "21;Côte-d'Or", "21;Côte-d’Argent")
    assert load_referentiel(dossier).departements["21"].libelle == "Côte-d’Argent"


def test_a_file_of_excel_with_a_byte_order_mark_is_read(dossier: Path) -> None:
    file = dossier / "types_action.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert load_referentiel(dossier).digest == load_referentiel().digest
