"""The shared table of calls in LibreOffice with the extension, what differs being declared here."""

from __future__ import annotations

import openpyxl
import pytest

from tests.udfs.bilan import KEY
from tests.udfs.cases import CALLS, pareil
from tests.udfs.feuille import compute, feuille, texts
from xl_cpom.udfs.libreoffice.workbook_copy import prepare_for_libreoffice

from .bureau import EXCEL_NAMES, version

THREE = ("CPOM_NUMERATEUR", "CPOM_DENOMINATEUR", "CPOM_TAUX")
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
        *((name, "occupation, booléen") for name in (*THREE, "CPOM_OCCUPATION")),
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


def shown(attendu):
    """What a cell of Calc shows: VRAI and FAUX are 1 and 0."""
    if isinstance(attendu, list):
        return [[shown(cell) for cell in row] for row in attendu]
    return float(attendu) if isinstance(attendu, bool) else attendu


@pytest.mark.soffice
@pytest.mark.xdist_group("libreoffice")
@pytest.mark.parametrize("noms", ["longs", "d'Excel"])
def test_case(bureau, tmp_path, record_property, noms):
    this_shown = ".".join(map(str, version()))
    if noms != "longs" and version() < EXCEL_NAMES:
        pytest.skip(f"LibreOffice {this_shown} ne lit que les noms longs")
    sheet = feuille(tmp_path / "cas.xlsx")
    places = []
    for call in CALLS:
        text = f"{call.fonction}({','.join(texts(sheet, call.args))})"
        rows = len(call.attendu) if isinstance(call.attendu, list) else 1
        places.append((compute(sheet, text, rows), rows))
    sheet.close()
    opened = sheet.path
    if noms == "longs":
        opened = prepare_for_libreoffice(sheet.path, tmp_path / "prepare.xlsx")
    (path,) = bureau.recompute(opened)
    cells = openpyxl.load_workbook(path, data_only=True)["Formules"]
    wrong = {}
    for call, (first, count) in zip(CALLS, places, strict=True):
        column = [[cells.cell(first + n, 1).value] for n in range(count)]
        found = column if count > 1 else column[0][0]
        if not pareil(found, shown(call.attendu)):
            wrong[call.fonction, call.nom] = found
    declared = set().union(*EXCEPTIONS.values())
    host = f"LibreOffice {this_shown}, noms {noms}"
    record_property(KEY, (host, len(CALLS) - len(wrong), len(CALLS) - len(declared), len(declared)))
    assert set(wrong) == declared, {k: v for k, v in wrong.items() if k not in declared}
