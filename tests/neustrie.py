"""An invented region, as a folder of data: two modules, two départements, another calendar."""

from __future__ import annotations

import shutil
from pathlib import Path

from xl_cpom.referentiel import DEFAULT_REFERENTIEL, raw_files

BOOK = raw_files.DATA_FOLDER / DEFAULT_REFERENTIEL


def replace(fichier: Path, ancien: str, new: str) -> None:
    """Replace the first occurrence, which must be there."""
    text = fichier.read_text(encoding="utf-8")
    assert ancien in text, ancien
    fichier.write_text(text.replace(ancien, new, 1), encoding="utf-8")


def neustrie(dossier: Path) -> Path:
    """Write the data of the region under this folder."""
    region = dossier / "Neustrie-2027-2029"
    region.mkdir()
    source = 'source = "GUIDE"\ncertitude = "guide"\n'
    (region / "cycle.toml").write_text(
        'id = "NEU-2027-2029"\nlibelle = "CPOM de Neustrie"\nregion = "Neustrie"\n'
        'autorite = "ARS Neustrie"\nannee_n1 = 2027\nduree = 3\nduree_maximale = 4\n'
        'depuis = 2027-01-01\ndepartements = ["27", "50"]\nnomenclatures = "FR-2025"\n'
        'guide = "Guide de Neustrie"\nguide_complet = "ARS Neustrie, guide du CPOM"\n'
        + source
        + '[carte]\n"50" = [1, 1]\n"27" = [2, 1]\n',
        encoding="utf-8",
    )
    (region / "sources.toml").write_text(
        (BOOK / "sources.toml")
        .read_text(encoding="utf-8")
        .replace("Bourgogne-Franche-Comté", "Neustrie"),
        encoding="utf-8",
    )
    (region / "modules.toml").write_text(
        "".join(
            f'[{code}]\nlibelle = "{libelle}"\nstatut = "Obligatoire"\nattendu = "…"\n'
            f'indicateur = "Taux"\nfamille = "avancement"\ncertitude_famille = "guide"\n{source}'
            for code, libelle in (("MER", "Accès à la mer"), ("BOCAGE", "Vie au bocage"))
        ),
        encoding="utf-8",
    )
    (region / "types_action.csv").write_text(
        "module;libelle;secteurs;source;certitude\n"
        "MER;Baignade;PA|PH;GUIDE;guide\nMER;Voile;PH;GUIDE : page 3;guide\n"
        "BOCAGE;Haies;PA;GUIDE;guide\n",
        encoding="utf-8",
    )
    (region / "si.toml").write_text(
        '[MAREE]\nlibelle = "Marée"\nniveau = "ET"\ncategories = ["500"]\ntest_complet = "…"\n'
        f'calendrier = "1er mai"\n{source}'
        f'[[MAREE.echeances]]\nlibelle = "1er mai"\njour = 1\nmois = 5\n{source}',
        encoding="utf-8",
    )
    (region / "seuils.toml").write_text(
        f'[OCCUPATION]\nlibelle = "Occupation"\nmaximum = 1.5\n{source}', encoding="utf-8"
    )
    shutil.copy(BOOK / "listes.toml", region)
    shutil.copy(BOOK / "parametres.toml", region)
    parameters = region / "parametres.toml"
    replace(parameters, '["INSPECTION"]', '["MER"]')
    replace(
        parameters,
        "{ SI = [1.0, 1.0, 1.0, 1.0, 1.0], HAS = [0.25, 0.5, 0.75, 1.0, 1.0], "
        "INSPECTION = [0.5, 1.0, 1.0, 1.0, 1.0] }",
        "{ MER = [0.3, 0.6, 1.0] }",
    )
    replace(parameters, '["TRANSFO", "UNESANTE", "PREVENTION", "EFFICIENCE", "SI"]', '["BOCAGE"]')
    replace(parameters, 'valeur = "REALISEES"', 'valeur = "MOYENNE"')
    replace(parameters, "valeur = 10.0", "valeur = 5.0")
    return region
