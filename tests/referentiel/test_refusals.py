"""Every refusal of a spoiled référentiel names the file, the line or the key, in French."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from xl_cpom.referentiel import (
    DEFAULT_REFERENTIEL,
    InvalidReferentielError,
    load_referentiel,
    raw_files,
)

BOOK = raw_files.DATA_FOLDER / DEFAULT_REFERENTIEL
NATIONAL = raw_files.DATA_FOLDER / "FR-2025"


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    """A copy of the shipped cycle, to spoil."""
    return Path(shutil.copytree(BOOK, tmp_path / "cycle"))


# (file, text replaced, by, place in the file, message)
REFUSAL = [
    ("cycle.toml", "annee_n1 =", "anne_n1 =", "", "la clé « annee_n1 » manque ou est vide"),
    ("cycle.toml", "duree = 5", "duree = true", "", "« duree » doit être un nombre entier"),
    ("cycle.toml", "duree = 5", "duree = 5\nzone = 1", "", "clé inconnue « zone »"),
    ("cycle.toml", '"90"]', '"99"]', "", "« departements » : département inconnu 99"),
    (
        "cycle.toml",
        '"FR-2025"',
        '"FR-1789"',
        "",
        "le dossier de nomenclatures « FR-1789 » est introuvable",
    ),
    ("cycle.toml", "id = ", "id ", "", "TOML illisible"),
    (
        "cycle.toml",
        '"25" = [4, 2]',
        "",
        "",
        "« carte » et « departements » ne nomment pas les mêmes départements : 25",
    ),
    (
        "cycle.toml",
        '"25" = [4, 2]',
        '"25" = [0, 2]',
        "",
        "« carte » : la place de « 25 » est une colonne et un rang, à partir de 1",
    ),
    (
        "listes.toml",
        '"Résolu" = "fait"',
        '"Résolue" = "fait"',
        "clé statut_fragilite",
        "« etats » : « Résolue » n'est pas de la liste ; attendu : Identifié, En cours, Résolu",
    ),
    (
        "listes.toml",
        '"Résolu" = "fait"',
        '"Résolu" = "terminé"',
        "clé statut_fragilite",
        "« etats » : « terminé » n'est pas connu ; attendu : fait, en cours",
    ),
    (
        "modules.toml",
        'statut = "Obligatoire"',
        'statut = "obligatoire"',
        "clé TRANSFO",
        "« statut » vaut « obligatoire » ; attendu : Obligatoire, À la carte",
    ),
    (
        "modules.toml",
        'source = "GUIDE : module Prévention"\n',
        "",
        "clé PREVENTION",
        "la clé « source » manque ou est vide",
    ),
    (
        "modules.toml",
        'source = "GUIDE : module Prévention"',
        'source = "GIDE"',
        "clé PREVENTION",
        "la source « GIDE » n'existe pas dans sources.toml",
    ),
    (
        "modules.toml",
        'certitude = "guide"',
        'certitude = "sûr"',
        "clé TRANSFO",
        "« certitude » vaut « sûr » ; attendu : guide, trouvé, connu, inféré",
    ),
    ("modules.toml", "[TRANSFO]", "TITRE = 1\n[TRANSFO]", "clé TITRE", "attendu une table [TITRE]"),
    (
        "modules.toml",
        'indicateur = "',
        'indicateurs = "',
        "clé TRANSFO",
        "la clé « indicateur » manque ou est vide",
    ),
    (
        "types_action.csv",
        "TRANSFO;Autodétermination",
        "TRANSFORMATION;Autodétermination",
        "ligne 2",
        "« module » vaut « TRANSFORMATION » ; attendu : TRANSFO, UNESANTE, PREVENTION",
    ),
    (
        "types_action.csv",
        "Vaccination;PA|PH",
        "Vaccination;PA|PE",
        "ligne 26",
        "« secteurs » : « PE » n'existe pas parmi les secteurs",
    ),
    (
        "types_action.csv",
        "Vaccination;PA|PH;",
        "Vaccination;",
        "ligne 26",
        "4 cellules pour 5 colonnes",
    ),
    (
        "types_action.csv",
        "Vaccination",
        "Dépistages",
        "ligne 26",
        "« Dépistages » existe déjà dans le module PREVENTION",
    ),
    (
        "types_action.csv",
        "Vaccination;PA|PH",
        "Vaccination;",
        "ligne 26",
        "la clé « secteurs » manque ou est vide",
    ),
    (
        "si.toml",
        "\nmois = 6",
        "\nmois = 13",
        "clé TDB_PERF, échéance 1",
        "« 30/13 » n'est pas un jour de l'année",
    ),
    (
        "si.toml",
        "jour = 30\nmois = 6",
        "jour = 29\nmois = 2",
        "clé TDB_PERF, échéance 1",
        "« 29/2 » n'est pas un jour de l'année",
    ),
    (
        "si.toml",
        "\nmois = 6\n",
        "\n",
        "clé TDB_PERF, échéance 1",
        "« jour » et « mois » vont ensemble",
    ),
    (
        "si.toml",
        'niveau = "OG"',
        'niveau = "EJ"',
        "clé ECARS",
        "« niveau » vaut « EJ » ; attendu : ET, dispositif, OG",
    ),
    (
        "si.toml",
        '"500", "501", "252"',
        '"500", "999", "252"',
        "clé ROR_HEBERGEMENT",
        "« categories » : « 999 » n'existe pas parmi les catégories",
    ),
    ("listes.toml", "[oui_non]", "[oui_ou_non]", "@", "la liste « oui_non » manque"),
    (
        "listes.toml",
        'valeurs_de = "si"',
        'valeurs_de = "SI"',
        "clé si",
        "« valeurs_de » vaut « SI »",
    ),
    (
        "listes.toml",
        '["Oui", "Non"]',
        '["Oui", "Oui"]',
        "clé oui_non",
        "« valeurs » contient deux fois la même valeur",
    ),
    (
        "parametres.toml",
        "[seuil_tdb_validation]",
        "[seuil_tdb]",
        "@",
        "le paramètre « seuil_tdb_validation » manque",
    ),
    (
        "parametres.toml",
        'valeur = "REALISEES"',
        'valeur = "REALISEE"',
        "clé methode_avancement",
        "« REALISEE » n'est pas permis ; attendu : REALISEES, MOYENNE, PONDEREE",
    ),
    (
        "parametres.toml",
        'valeur = ["Résolu"]',
        'valeur = ["Résolue"]',
        "clé statuts_fragilite_resolus",
        "« Résolue » n'est pas permis ; attendu : Identifié, En cours, Résolu, Sans objet",
    ),
    (
        "parametres.toml",
        'liste = "statut_fragilite"',
        'liste = "statuts_fragilite"',
        "clé statuts_fragilite_resolus",
        "« liste » vaut « statuts_fragilite »",
    ),
    (
        "parametres.toml",
        '["INSPECTION"]',
        '["CONTROLE"]',
        "clé modules_cible_finale_imposee",
        "« CONTROLE » n'est pas permis",
    ),
    (
        "parametres.toml",
        "valeur = 2015-01-01",
        'valeur = "janvier"',
        "clé date_minimale",
        "« valeur » doit être une date AAAA-MM-JJ",
    ),
    (
        "seuils.toml",
        "minimum = 0.0\nmaximum = 1.2\n",
        "",
        "clé OCCUPATION",
        "un seuil a un minimum ou un maximum",
    ),
    (
        "seuils.toml",
        "minimum = 0.0",
        'minimum = "0"',
        "clé OCCUPATION",
        "« minimum » doit être un nombre",
    ),
    (
        "seuils.toml",
        "\nmaximum_exclu = true",
        '\nmaximum_exclu = "oui"',
        "clé ABSENTEISME",
        "« maximum_exclu » doit être true ou false",
    ),
    ("categories.csv", "\n101;", "\n;", "ligne 5", "le code manque"),
    ("categories.csv", "\n602;", "\n601;", "ligne 269", "le code « 601 » existe déjà"),
    (
        "categories.csv",
        "501|502",
        "501|599",
        "ligne 75",
        "« remplacee_par » : « 599 » n'existe pas parmi les catégories",
    ),
    (
        "categories.csv",
        ";ARS + CD;ARS + CD;2015",
        ";ARS-CD;ARS + CD;2015",
        "ligne 265",
        "« autorite » vaut « ARS-CD » ; attendu : ARS, CD, ARS + CD",
    ),
    (
        "categories.csv",
        ";2015-01-01;;",
        ";01/01/2015;;",
        "ligne 265",
        "« date_debut » doit être une date AAAA-MM-JJ",
    ),
    ("criteres_has.csv", "2.2.1;", "2.2;", "ligne 2", "« 2.2 » n'est pas un code de critère"),
    ("criteres_has.csv", "2.2.1;", "4.2.1;", "ligne 2", "« 4.2.1 » n'est pas un code de critère"),
    ("types_action.csv", "Vaccination;", '"Vaccination" !;', "ligne 26", "CSV illisible"),
    ("types_action.csv", "secteurs;", "libelle;", "", "deux colonnes portent le même nom"),
    ("types_action.csv", "secteurs;", "secteur;", "ligne 2", "la clé « secteurs » manque"),
]


@pytest.mark.parametrize(("fichier", "old", "new", "place", "message"), REFUSAL)
def test_refusal(dossier: Path, fichier: str, old: str, new: str, place: str, message: str) -> None:
    path = dossier / fichier
    if not path.exists():  # a national nomenclature, replaced by the cycle's own
        shutil.copy(NATIONAL / fichier, path)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidReferentielError) as refusal:
        load_referentiel(dossier)
    read = str(refusal.value).replace("\u00a0", " ").replace("\u202f", " ")
    ou = fichier if place == "@" else f"cycle/{fichier}, {place}" if place else f"cycle/{fichier}"
    assert read.startswith(f"{ou} : {message}")


def test_folder_without_cycle(tmp_path: Path) -> None:
    with pytest.raises(InvalidReferentielError, match=r"cycle\.toml manque"):
        load_referentiel(tmp_path)


def test_absent_or_unknown_file(dossier: Path) -> None:
    (dossier / "module.toml").write_text("", encoding="utf-8")
    with pytest.raises(InvalidReferentielError, match=r"cycle/module\.toml\u00a0: fichier inconnu"):
        load_referentiel(dossier)
    (dossier / "module.toml").unlink()
    (dossier / "modules.toml").unlink()
    with pytest.raises(
        InvalidReferentielError, match=r"cycle\u00a0: le fichier modules\.toml manque"
    ):
        load_referentiel(dossier)


def test_file_saved_in_latin_1(dossier: Path) -> None:
    file = dossier / "types_action.csv"
    file.write_bytes(file.read_text(encoding="utf-8").replace("–", "-").encode("cp1252"))
    with pytest.raises(
        InvalidReferentielError, match=r"types_action\.csv.*n'est pas enregistré en UTF-8"
    ):
        load_referentiel(dossier)
