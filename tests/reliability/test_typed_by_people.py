"""Values as people, exports and foreign keyboards write them: read when one reading is possible.

Each line is a text and what becomes of it: the value read and the code that says so, or nothing
read and what is proposed. Nothing is invented: where two readings are possible none is taken.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

import pytest

from xl_cpom.referentiel import load_referentiel
from xl_cpom.workbook.interpretation.coercion import CellReading, coerce
from xl_cpom.workbook.reader import RawCell
from xl_cpom.workbook.reader.raw_cells import GENERAL
from xl_cpom.workbook.records import NON_LU
from xl_cpom.workbook.sheets import SHEETS

END_2028 = dt.date(2028, 12, 31)

READ: dict[tuple[str, str], dict[Any, tuple[Any, str | None]]] = {
    ("actions", "echeance"): dict.fromkeys(
        ("31.12.28", "31/12/28", "le 31/12/2028", "31 / 12 / 2028", "31 déc. 2028", "31-Dec-28",
         "31//12//2028", "31,12,2028", "31\\12\\2028", "dim. 31 déc. 2028", "échéance : 31/12/2028",
         "\u200b31/12/2028", "31/12/2028\u00ad", "３１/１２/２０２８", "'31/12/2028", "« 31/12/2028 »",
         "31\u202f/\u202f12\u202f/\u202f2028", "47118", "47118.0", 20281231.0, "12/31/28"),
        (END_2028, "FMT-016"),
    ),
    ("difficulte", "deficit_reference"): {
        **dict.fromkeys(("12 k€", "12 K EUR", "12 keuros", "12 000,00 €", "12\u2009000", "12 mille",
                         "１２０００", "'12000", "12\u200b000", "\"12000\"", "12.000,00 €", "12 000 EUROS"),
                        (12000.0, "FMT-021")),
        "(12 000)": (-12000.0, "FMT-021"), "12 000-": (-12000.0, "FMT-021"),
        "1,2 M€": (1_200_000.0, "FMT-021"), "1,2 million d'euros": (1_200_000.0, "FMT-021"),
        "12000.0": (12000.0, "FMT-011"),
    },
    ("actions", "avancement"): {
        **dict.fromkeys(("85%", "85 %", "85\u202f%", "８５％", "85 pour cent", "85 pct", "'85%", "0,85"),
                        (0.85, "FMT-018")),
        "0.85": (0.85, "FMT-011"), 85.0: (0.85, "FMT-010"),
    },
    ("etablissements", "capacite_autorisee"): {
        "２５": (25, "FMT-021"), "25\u200b": (25, "FMT-021"), "25.0": (25, "FMT-011"),
        24.999999999999996: (25, None),
    },
    ("etablissements", "finess_et"): {
        **dict.fromkeys(("210 781 456", "210.781.456", "210-781-456", "\"210781456\"", '="210781456"',
                         "２１０７８１４５６", "\u202a210781456\u202c", "210\u00ad781\u00ad456",
                         "'210781456", "210781456;"), ("210781456", "FMT-006")),
        "210781456.0": ("210781456", "FMT-004"),
    },
    ("etablissements", "departement"): {
        **dict.fromkeys(("021", "Côte d’Or", "COTE D'OR", "dépt 21", "n° 21", "21 - Côte-d'Or",
                         "Côte-d'Or (21)", "département de la Côte-d'Or"), ("21", "FMT-019")),
        "21.0": ("21", "FMT-004"), "21\u200b": ("21", "FMT-006"), "Saône et Loire": ("71", "FMT-019"),
        "Territoire de Belfort": ("90", "FMT-019"),
    },
    ("etablissements", "categorie"): {
        **dict.fromkeys(("500 - EHPAD", "EHPAD (500)", "cat. 500", "Catégorie 500"), ("500", "FMT-019")),
        "500 – EHPAD": ("500", None), "500.0": ("500", "FMT-004"), "５００": ("500", "FMT-006"), 500.0: ("500", None),
    },
    ("etablissements", "secteur"): {
        **dict.fromkeys(("P.A.", "pa", "PA ;", "P A"), ("PA", "FMT-019")),
        **dict.fromkeys(("“PA”", "'PA", "P\u00adA", "ＰＡ", "\ufeffPA", "PA\u00a0"), ("PA", "FMT-006")),
    },
    ("etablissements", "autorite"): dict.fromkeys(
        ("ARS/CD", "ARS & CD", "ARS – CD", "A.R.S. + C.D."), ("ARS + CD", "FMT-019")
    ),
    ("si", "exigible"): {
        **dict.fromkeys(("oui", "OUI", "Oui !", "☑", "☑\ufe0f", "☒", "✔", "✔ oui", "[x]", "VRAI", "true",
                         "coché"), ("Oui", "FMT-019")),
        **dict.fromkeys(("☐", "[ ]", "faux", "non.", "non coché"), ("Non", "FMT-019")),
        True: ("Oui", None), False: ("Non", None),
    },
    ("actions", "statut"): dict.fromkeys(
        ("en-cours", "En cours.", "EN COURS", "encours"), ("En cours", "FMT-019")
    ),
    ("actions", "numero"): {
        **dict.fromkeys(("'A25", "« A25 »", "A25\u200b", "Ａ２５"), ("A25", "FMT-006")),
        "A 25": ("A 25", None), "n°A25": ("n°A25", None), "A-1": ("A-1", None),
    },
    ("si", "entite"): {
        **dict.fromkeys(("210 781 456", "'210781456", "«210781456»", "210781456\u200b"),
                        ("210781456", "FMT-006")),
        "210781456.0": ("210781456", "FMT-004"), "10002228": ("010002228", "FMT-003"),
        210781456.0: ("210781456", "FMT-004"), "PFR": ("PFR", None), "EHPAD 3": ("EHPAD 3", None),
    },
    ("has", "critere"): dict.fromkeys(("'2.2.1", "2.2.1\u200b", "２.２.１"), ("2.2.1", "FMT-006")),
    ("has", "cotation"): {
        "⭐": ("★", "FMT-019"), "N.C.": ("NC", "FMT-019"), "４": (4.0, "FMT-021"),
    },
}  # fmt: skip

PROPOSES: dict[tuple[str, str], dict[Any, tuple[str, str]]] = {
    ("actions", "echeance"): {
        **dict.fromkeys(("déc. 2028", "déc-28", "12/28", "12/2028", "2028", "fin 2028", "T4 2028",
                         "4e trimestre 2028", "2e semestre 2028", "31/12/2O28", "3l/12/2028",
                         "31/12/2028 (prévu)", "vers le 31/12/2028", "December 31, 2028"),
                        ("FMT-007", "31/12/2028")),
        "1er semestre 2028": ("FMT-007", "30/06/2028"), "31/06/2028": ("FMT-007", "30/06/2028"),
    },
    ("difficulte", "deficit_reference"): {
        "12OOO": ("FMT-020", "12\u202f000"), "env. 12 000": ("FMT-020", "12\u202f000"),
        "1.234": ("FMT-020", "1\u202f234 ou 1,234"), "–12000": ("FMT-020", "−12\u202f000"),
    },
    ("etablissements", "capacite_autorisee"): {"25 places": ("FMT-020", "25"), "1O": ("FMT-020", "10")},
    ("actions", "annee_entree"): {"année 2027": ("FMT-020", "2027"), "2O27": ("FMT-020", "2027")},
    ("etablissements", "finess_et"): {
        **dict.fromkeys(("21O781456", "2IO78I456", "FINESS 210781456", "ET210781456"),
                        ("FMT-001", "210781456")),
    },
    ("si", "exigible"): dict.fromkeys(("O", "x", "1", "Oui ?"), ("FMT-013", "Oui")),
}  # fmt: skip

RIEN = {
    ("actions", "echeance"): ("31/12/2028 ou 30/06/2029", "à définir", "–", "311228x"),
    ("difficulte", "deficit_reference"): (
        "de 12 000 à 15 000",
        "néant",
        "1 2 000",
        "12 000 en 2027",
    ),
    ("etablissements", "categorie"): ("500 ou 501", "PA 500 PH 501", "999.0"),
    ("etablissements", "departement"): ("Jura 21", "21 ou 39", "2100"),
    ("si", "exigible"): ("☐ Oui ☑ Non", "Oui/Non", "Oui ?!x"),
}


@cache
def lecture() -> CellReading:
    return CellReading(load_referentiel())


def read(place: tuple[str, str], contenu: Any) -> Any:
    kind = "b" if isinstance(contenu, bool) else "n" if isinstance(contenu, float) else "s"
    cell = RawCell(6, 1, kind, str(contenu), contenu, None, False, GENERAL)
    sheet, key = place
    return coerce(cell, SHEETS[sheet][key], lecture())


def trials(table: dict[tuple[str, str], Any]) -> list[Any]:
    return [
        pytest.param(place, content, id=f"{place[1]}-{content!a}")
        for place, contents in table.items()
        for content in contents
    ]


@pytest.mark.parametrize(("place", "content"), trials(READ))
def test_one_reading_is_taken_and_said(place: tuple[str, str], content: Any) -> None:
    value, code = READ[place][content]
    was_read = read(place, content)
    assert was_read.value == value and type(was_read.value) is type(value)
    assert [remark.code for remark in was_read.remarks] == ([code] if code else [])


@pytest.mark.parametrize(("place", "content"), trials(PROPOSES))
def test_what_has_no_certain_reading_is_proposed(place: tuple[str, str], content: Any) -> None:
    code, proposition = PROPOSES[place][content]
    was_read = read(place, content)
    assert was_read.value is NON_LU
    assert [remark.code for remark in was_read.remarks] == [code]
    assert proposition in was_read.remarks[0].values["suggestion"]


@pytest.mark.parametrize(("place", "content"), trials(RIEN))
def test_nothing_is_invented(place: tuple[str, str], content: str) -> None:
    was_read = read(place, content)
    assert was_read.value is NON_LU
    assert not was_read.remarks[0].values.get("suggestion")
