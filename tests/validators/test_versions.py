"""Of two versions of a return, the later one: dates, names, and the day they were saved."""

from __future__ import annotations

import datetime as dt
from itertools import permutations

import pytest

from xl_cpom.validators.model import Verdict
from xl_cpom.validators.retours import Campagne, Rendu
from xl_cpom.validators.versions import Trace, comparer

D1, D2 = dt.date(2027, 11, 30), dt.date(2027, 12, 31)
S1, S2 = "2028-01-12T08:00:00Z", "2028-01-15T10:22:00Z"


@pytest.mark.parametrize(
    ("older", "newer", "why"),
    [
        (("b_v9.xlsx", D1, S2), ("a_v1.xlsx", D2, S1), "données arrêtées au 31/12/2027"),
        (("z.xlsx", D2, S1), ("a.xlsx", D2, S2), "enregistrée le 15/01/2028"),
        (("z.xlsx", None, S1), ("a.xlsx", D2, S2), "enregistrée le 15/01/2028"),
        (("CPOM2630_210099008_20280115_v1.xlsx", D2, S2),
         ("CPOM2630_210099008_20280115_v2.xlsx", D2, S1), "version 2 d'après son nom"),
        (("CPOM2630_210099008_20280115_v9.xlsx", D2, S2),
         ("CPOM2630_210099008_20280116_v1.xlsx", D2, S1), "datée du 16/01/2028 par son nom"),
        (("retour_v9.xlsx", D2, ""), ("retour_V10.xlsx", D2, ""), "version 10 d'après son nom"),
        (("Retour version 2.xlsx", D2, S2), ("retour_v3.xlsx", D2, S1),
         "version 3 d'après son nom"),
        (("retour_v2.xlsx", D2, S1), ("retour (corrigé).xlsx", D2, S2),
         "enregistrée le 15/01/2028"),
        (("avril2.xlsx", D2, S1), ("avril1.xlsx", D2, S2), "enregistrée le 15/01/2028"),
        (("retour.xlsx", D2, ""), ("retour_final.xlsx", D2, S2), "dernière par son nom"),
        (("retour 2.xlsx", None, ""), ("retour 10.xlsx", None, ""), "dernière par son nom"),
        (("20281399.xlsx", D2, S1), ("20280101.xlsx", D2, S2), "enregistrée le 15/01/2028"),
    ],
)  # fmt: skip
def test_the_latest(
    older: tuple[str, dt.date | None, str], newer: tuple[str, dt.date | None, str], why: str
) -> None:
    first, second = Trace(*older), Trace(*newer)
    assert comparer(second, first) == (1, why)
    assert comparer(first, second) == (-1, why)


def test_a_single_version_is_counted_whatever_the_order() -> None:
    rendus = [
        Rendu(name, name, Verdict.RECEVABLE, finess_ej="210099008", annee=2027, date_arrete=day,
              saved=saved, sheets={"identification": "Identification"})
        for name, day, saved in (("a.xlsx", D2, S1), ("b_v1.xlsx", D2, S2), ("c_v2.xlsx", D1, S2))
    ]  # fmt: skip
    for order in permutations(rendus):
        campagne = Campagne(order)
        assert [r.file for r in campagne.counted] == ["b_v1.xlsx"]
        assert {
            name: (e.motif, e.kept.file, e.reason) for name, e in campagne.discarded.items()
        } == {
            "a.xlsx": ("version", "b_v1.xlsx", "enregistrée le 15/01/2028"),
            "c_v2.xlsx": ("version", "b_v1.xlsx", "données arrêtées au 31/12/2027"),
        }


def test_two_empty_files_of_two_organismes_are_no_copy() -> None:
    """An empty file, or the same web page, comes from several: each is to be asked again."""
    empty = [
        Rendu(f"{ej}.xlsx", "e3b0", Verdict.ILLISIBLE, finess_ej=ej)
        for ej in ("210099008", "710099003")
    ]
    assert Campagne(empty).discarded == {}
    twice = [*empty, Rendu("210099008_v2.xlsx", "e3b0", Verdict.ILLISIBLE, finess_ej="210099008")]
    assert {n: e.motif for n, e in Campagne(twice).discarded.items()} == {
        "210099008_v2.xlsx": "copie"
    }
