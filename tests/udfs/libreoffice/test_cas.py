"""The shared table of calls in LibreOffice with the extension, what differs being declared here."""

from __future__ import annotations

import openpyxl
import pytest

from tests.udfs.bilan import CLE
from tests.udfs.cases import APPELS, pareil
from tests.udfs.feuille import calculer, feuille, textes
from xl_cpom.udfs.libreoffice.workbook_copy import prepare_for_libreoffice

from .bureau import NOMS_D_EXCEL, version

TROIS = ("CPOM_NUMERATEUR", "CPOM_DENOMINATEUR", "CPOM_TAUX")
EXCEPTIONS = {
    "une cellule vide donnée comme valeur est un 0": {
        ("CPOM_NUMERATEUR", "actions échues, sans date"),
        ("CPOM_DENOMINATEUR", "actions échues, sans date"),
        ("CPOM_NUMERATEUR", "date vide : toutes"),
        ("CPOM_TAUX", "date vide : toutes"),
        ("CPOM_DENOMINATEUR", "occupation, capacité vide"),
        ("CPOM_NUMERATEUR", "file active inconnue"),
        ("CPOM_TAUX", "file active inconnue"),
        ("CPOM_NUMERATEUR", "absentéisme, motif manquant"),
        ("CPOM_TAUX", "absentéisme, motif manquant"),
        ("CPOM_ECART", "écart sans cible"),
    },
    "un booléen est un nombre": {
        *((name, "occupation, booléen") for name in (*TROIS, "CPOM_OCCUPATION")),
        ("CPOM_SI", "SI, booléen"),
        ("CPOM_HAS_SOUS_SEUIL", "cotation booléenne"),
    },
    "une plage où une cellule est en erreur donne #VALEUR!, quelle que soit l'erreur": {
        ("CPOM_AVANCEMENT", "un poids en erreur fait la ligne, il est lu"),
        ("CPOM_AVANCEMENT", "erreur dans les statuts"),
        ("CPOM_SI", "SI, erreur"),
        ("CPOM_TAUX", "périmètre en erreur"),
        ("CPOM_FINESS_VALIDE", "FINESS, une colonne"),
        ("CPOM_FINESS_VALIDE", "FINESS, une colonne pleine"),
    },
    "une cellule en erreur donnée comme valeur arrête le calcul": {
        ("CPOM_TAUX", "erreur dans ce qui n'est pas lu"),
        ("CPOM_ATTEINTE", "cible sans objet"),
    },
}


def montre(attendu):
    """What a cell of Calc shows: VRAI and FAUX are 1 and 0."""
    if isinstance(attendu, list):
        return [[montre(cell) for cell in row] for row in attendu]
    return float(attendu) if isinstance(attendu, bool) else attendu


@pytest.mark.soffice
@pytest.mark.xdist_group("libreoffice")
@pytest.mark.parametrize("noms", ["longs", "d'Excel"])
def test_cas(bureau, tmp_path, record_property, noms):
    shown = ".".join(map(str, version()))
    if noms != "longs" and version() < NOMS_D_EXCEL:
        pytest.skip(f"LibreOffice {shown} ne lit que les noms longs")
    sheet = feuille(tmp_path / "cas.xlsx")
    places = []
    for appel in APPELS:
        text = f"{appel.fonction}({','.join(textes(sheet, appel.args))})"
        rows = len(appel.attendu) if isinstance(appel.attendu, list) else 1
        places.append((calculer(sheet, text, rows), rows))
    sheet.fermer()
    opened = sheet.path
    if noms == "longs":
        opened = prepare_for_libreoffice(sheet.path, tmp_path / "prepare.xlsx")
    (path,) = bureau.recalculer(opened)
    cells = openpyxl.load_workbook(path, data_only=True)["Formules"]
    wrong = {}
    for appel, (first, count) in zip(APPELS, places, strict=True):
        column = [[cells.cell(first + n, 1).value] for n in range(count)]
        found = column if count > 1 else column[0][0]
        if not pareil(found, montre(appel.attendu)):
            wrong[appel.fonction, appel.nom] = found
    declared = set().union(*EXCEPTIONS.values())
    host = f"LibreOffice {shown}, noms {noms}"
    record_property(
        CLE, (host, len(APPELS) - len(wrong), len(APPELS) - len(declared), len(declared))
    )
    assert set(wrong) == declared, {k: v for k, v in wrong.items() if k not in declared}
