"""When each SI is due, and for whom: known dates are exact, unknown ones stay unknown."""

from __future__ import annotations

import datetime as dt

import pytest

from xl_cpom.referentiel import load_referentiel

REF = load_referentiel()
ESMS_DU_CHAMP = REF.listes["categorie"]


@pytest.mark.parametrize(
    ("si", "categorie", "options", "attendu"),
    [
        ("ANNEXE_ACTIVITE", "500", {}, dt.date(2027, 10, 31)),
        ("ANNEXE_ACTIVITE", "", {}, dt.date(2027, 10, 31)),
        ("ANNEXE_ACTIVITE", "209", {}, dt.date(2027, 3, 15)),
        ("ANNEXE_ACTIVITE", "460", {}, dt.date(2027, 3, 15)),
        ("ANNEXE_ACTIVITE", "183", {"objet": "Creton"}, dt.date(2027, 1, 31)),
        ("TDB_PERF", "500", {}, dt.date(2027, 6, 30)),
        ("EPRD_ERRD", "", {}, dt.date(2027, 4, 30)),
        ("EPRD_ERRD", "500", {"statut_juridique": "13"}, dt.date(2027, 7, 8)),
        ("EPRD_ERRD", "500", {"statut_juridique": "60"}, dt.date(2027, 4, 30)),
        ("EPRD", "500", {"statut_juridique": "13"}, dt.date(2027, 6, 30)),
        ("EPRD", "", {}, dt.date(2027, 6, 30)),
        ("ERRD", "", {}, dt.date(2027, 4, 30)),
        ("ERRD", "", {"statut_juridique": "13"}, dt.date(2027, 7, 8)),
        ("ROR_ET", "500", {}, dt.date(2027, 12, 31)),
        ("CYBER", "", {}, dt.date(2027, 12, 31)),
        ("SUIVI_DISPOSITIF", "", {}, None),
        ("ECARS", "", {}, None),
    ],
)
def test_echeances_of_2027(
    si: str, categorie: str, options: dict[str, str], attendu: dt.date | None
) -> None:
    assert REF.calendrier(si, 2027, categorie, **options) == attendu


def test_an_unknown_date_is_deduced_and_says_so() -> None:
    assert REF.echeance("ECARS").certitude == "inféré"
    assert REF.echeance("SUIVI_DISPOSITIF").certitude == "inféré"


def test_every_si_has_a_usual_echeance() -> None:
    for si in REF.si:
        for categorie in ("", *ESMS_DU_CHAMP):
            assert REF.echeance(si, categorie).source


def test_unknown_si_or_depot() -> None:
    with pytest.raises(KeyError, match=r"SI inconnu «\u00a0RPU\u00a0».*ROR_ET"):
        REF.calendrier("RPU", 2027)
    with pytest.raises(KeyError, match=r"VT n'a pas d'échéance pour «\u00a0Creton\u00a0»"):
        REF.calendrier("VT", 2027, objet="Creton")


@pytest.mark.parametrize(
    ("si", "categorie", "attendu"),
    [
        ("ROR_ET", "354", "exigible"),
        ("ROR_HEBERGEMENT", "500", "exigible"),
        ("ROR_HEBERGEMENT", "183", "sous condition"),
        ("ROR_HEBERGEMENT", "182", "non exigible"),
        ("VT", "354", "non exigible"),
        ("VT", "246", "exigible"),
        ("VT", "207", "sous condition"),
        ("TDB_PERF", "460", "exigible"),
        ("TDB_PERF", "202", "non exigible"),
        ("ANNEXE_ACTIVITE", "202", "exigible"),
        ("ECARS", "500", "exigible"),
    ],
)
def test_exigibilite(si: str, categorie: str, attendu: str) -> None:
    assert REF.si[si].exigibilite(categorie) == attendu


def test_the_perimetre_of_the_tableau_de_bord() -> None:
    """The 21 categories of the ANAP guide (2021), and home-help services since 2025."""
    guide = [
        "190",
        "189",
        "249",
        "252",
        "500",
        "246",
        "192",
        "188",
        "437",
        "448",
        "449",
        "183",
        "195",
        "194",
        "196",
        "186",
        "255",
        "446",
        "445",
        "354",
        "382",
        "209",
        "182",
    ]
    assert REF.si["TDB_PERF"].categories == {*guide, "460", "252", "382"}


def test_a_categorie_is_not_both_exigible_and_conditional() -> None:
    for si in REF.si.values():
        assert not si.categories & si.categories_sous_condition, si.code
        exigibles = si.categories | si.categories_sous_condition
        assert exigibles <= set(ESMS_DU_CHAMP), (si.code, exigibles - set(ESMS_DU_CHAMP))


def test_si_by_libelle() -> None:
    for si in REF.si.values():
        assert REF.si_by_libelle(si.libelle) is si
    assert REF.si_by_libelle("ror par et") is None


@pytest.mark.parametrize(
    ("annee", "n1", "attendu"),
    [
        ("N", None, 2025),
        ("N1", None, 2026),
        ("N5", None, 2030),
        ("N6", 2027, 2032),
        ("N", 2027, 2026),
    ],
)
def test_annee_civile(annee: str, n1: int | None, attendu: int) -> None:
    assert REF.annee_civile(annee, n1) == attendu


@pytest.mark.parametrize("annee", ["", "N7", "N0", "2027", "n1"])
def test_unknown_annee_civile(annee: str) -> None:
    with pytest.raises(ValueError, match="année suivie inconnue"):
        REF.annee_civile(annee)
