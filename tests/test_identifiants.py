"""FINESS, SIREN, SIRET: keys proved on real numbers, repairs that never guess."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.fr import siren as stdnum_siren
from stdnum.fr import siret as stdnum_siret

from xl_cpom import identifiants as ids

REAL = tuple(
    row
    for row in (Path(__file__).parent / "data" / "finess_reels.txt")
    .read_text(encoding="utf-8")
    .split("\n")
    if row and not row.startswith("#")
)
CORSES = tuple(numero for numero in REAL if not numero.isdigit())
ORDINAIRES = tuple(numero for numero in REAL if numero.isdigit())
DEPARTEMENTS_EN_ZERO = tuple(numero for numero in REAL if numero.startswith("0"))

chiffres = st.text("0123456789", min_size=1, max_size=20)
real = st.sampled_from(REAL)
sirens = st.text("0123456789", min_size=8, max_size=8).map(lambda t: t + ids.luhn_key(t))
sirets = st.builds(
    lambda siren, nic: siren + nic + ids.luhn_key(siren + nic),
    sirens,
    st.text("0123456789", min_size=4, max_size=4),
)
BLANKS = (" ", "\u00a0", "\u202f", "\u2009", "\t", "\n", "\u200b", "\ufeff")


# --- FINESS on the real numbers -----------------------------------------------------------------


def test_the_real_list_is_whole() -> None:
    assert len(REAL) == len(set(REAL)) == 7425
    assert len(CORSES) == 29


def test_every_real_finess_is_accepted() -> None:
    assert [numero for numero in REAL if not ids.finess_valide(numero)] == []
    assert [numero for numero in REAL if not ids.finess_troisieme_zero(numero)] == []
    assert [numero for numero in REAL if ids.finess_key(numero) != numero[-1]] == []


def test_every_error_of_one_digit_is_refused() -> None:
    acceptees = []
    for numero in REAL:
        for rank, character in enumerate(numero):
            if not character.isdigit():
                continue
            start, end = numero[:rank], numero[rank + 1 :]
            for other in "0123456789":
                if other != character and ids.finess_valide(start + other + end):
                    acceptees.append(start + other + end)
    assert acceptees == []


def test_every_swap_of_the_corsican_letter_is_refused() -> None:
    swap = str.maketrans("AB", "BA")
    assert [n for n in CORSES if ids.finess_valide(n.translate(swap))] == []


@pytest.mark.parametrize("position", range(8))
def test_swapped_neighbours_escape_only_for_0_and_9(position: int) -> None:
    for numero in ORDINAIRES[::7]:
        a, b = numero[position], numero[position + 1]
        inverse = numero[:position] + b + a + numero[position + 2 :]
        if a != b and {a, b} != {"0", "9"}:
            assert not ids.finess_valide(inverse), (numero, inverse)


@pytest.mark.parametrize("numero", ["210000022", "210780581", "250000015", "2A0000014"])
def test_reference_numeros(numero: str) -> None:
    assert ids.finess_valide(numero)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "21000002",
        "2100000220",
        " 210000022",
        "210000022 ",
        "210000022\n",
        "2a0000014",
        "2C0000012",
        "A20000014",
        "000000000",
        "٢١٠٠٠٠٠٢٢",
        "210000022.0",
    ],
)
def test_another_shape_is_no_finess(text: str) -> None:
    assert not ids.finess_valide(text)


def test_the_third_character_is_another_question() -> None:
    assert ids.finess_valide("211000021") and not ids.finess_troisieme_zero("211000021")


# --- keys ---------------------------------------------------------------------------------------


@given(chiffres)
def test_a_single_key_fits(start: str) -> None:
    key = ids.luhn_key(start)
    bonnes = [c for c in "0123456789" if ids._luhn_sum(start + c) % 10 == 0]
    assert bonnes == [key]


@pytest.mark.parametrize("text", ["", "12A", "1 2", "²"])
def test_luhn_key_refuses_all_but_digits(text: str) -> None:
    with pytest.raises(ValueError, match="chiffres"):
        ids.luhn_key(text)


@given(st.one_of(st.text("0123456789", min_size=7, max_size=11), sirens))
def test_siren_as_stdnum(text: str) -> None:
    assume(set(text) != {"0"})  # stdnum accepts 000000000, which names nobody
    assert ids.siren_valide(text) == stdnum_siren.is_valid(text)


@given(st.one_of(st.text("0123456789", min_size=12, max_size=16), sirets))
def test_siret_as_stdnum(text: str) -> None:
    assume(not text.startswith("000000000"))
    assert ids.siret_valide(text) == stdnum_siret.is_valid(text)


@given(st.text("0123456789", min_size=5, max_size=5))
def test_siret_of_la_poste_as_stdnum(nic: str) -> None:
    text = ids.SIREN_LA_POSTE + nic
    assert ids.siret_valide(text) == stdnum_siret.is_valid(text)


def test_la_poste() -> None:
    assert ids.siret_valide("35600000000048")  # the seat follows Luhn
    assert ids.siret_valide("35600000049837")  # the others, the sum of five
    assert not ids.siret_valide("35600000049838")


def test_the_numero_of_zeros_does_not_exist() -> None:
    assert not ids.siren_valide("0" * 9)
    assert not ids.siret_valide("0" * 14)


# --- repairs ------------------------------------------------------------------------------------


@given(real)
def test_a_valid_numero_has_nothing_to_repair(numero: str) -> None:
    assert ids.repair_finess(numero) is None


def test_every_lost_zero_is_given_back() -> None:
    assert len(DEPARTEMENTS_EN_ZERO) > 500
    rendus = [ids.repair_finess(numero[1:]) for numero in DEPARTEMENTS_EN_ZERO]
    assert rendus == list(DEPARTEMENTS_EN_ZERO)


def test_a_numero_that_lost_its_last_digit_is_not_repaired() -> None:
    faux = [n for n in REAL if not n.startswith("0") and ids.repair_finess(n[:-1]) is not None]
    # what is left begins like a number of a department in 0 whose key is right by chance
    assert all(n[1] == "0" for n in faux)
    assert len(faux) < len(REAL) / 100


@given(real, st.lists(st.tuples(st.integers(0, 9), st.sampled_from(BLANKS)), min_size=1))
def test_blanks_are_removed(numero: str, blanks: list[tuple[int, str]]) -> None:
    text = numero
    for rank, blank in blanks:
        text = text[:rank] + blank + text[rank:]
    assert ids.finess_repair(text) == (numero, ("espaces retirées",))


@given(st.sampled_from(ORDINAIRES), st.sampled_from([".0", ",0", ".00"]))
def test_the_point_zero_is_removed(numero: str, end: str) -> None:
    number = str(int(numero))  # what a number keeps: the leading zero goes too
    assert ids.repair_finess(number + end) == numero


@given(sirets)
def test_a_siret_that_became_a_number_is_given_back(siret: str) -> None:
    assume(ids.siret_valide(siret) and not siret.startswith("000"))
    number = str(int(siret))
    mantisse = f"{number[0]},{number[1:]}E+{len(number) - 1}"
    assert ids.repair_siret(mantisse) == siret
    assert ids.repair_siret(number + ".0") == siret


@given(sirets, st.integers(1, 10))
def test_a_truncated_scientific_notation_cannot_be_repaired(siret: str, perdus: int) -> None:
    assume(not siret.startswith("0"))
    garde = siret[1 : len(siret) - perdus]
    assert ids.repair_siret(f"{siret[0]}.{garde}E+13") is None


@pytest.mark.parametrize(
    ("text", "attendu", "steps"),
    [
        ("'210000022", "210000022", ("apostrophe retirée",)),
        ("’210000022", "210000022", ("apostrophe retirée",)),
        ("2a0000014", "2A0000014", ("lettre mise en majuscule",)),
        ("210000022.0", "210000022", ("«\u00a0.0\u00a0» retiré",)),
        ("2.10000022E+08", "210000022", ("notation scientifique développée",)),
        ("2,10000022e8", "210000022", ("notation scientifique développée",)),
        (
            " 10 002 228.0",
            "010002228",
            ("espaces retirées", "«\u00a0.0\u00a0» retiré", "zéro initial rétabli"),
        ),
    ],
)
def test_named_repairs(text: str, attendu: str, steps: tuple[str, ...]) -> None:
    assert ids.finess_repair(text) == (attendu, steps)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "EHPAD",
        "210000023",
        "2100000220",
        "210000022.5",
        "2,1E+08",
        "21000002O",
        "2C0000012",
        "1000222",
        "0,10000022E+08",
        "-210000022",
    ],
)
def test_what_cannot_be_repaired(text: str) -> None:
    assert ids.repair_finess(text) is None


@given(st.text(max_size=20))
def test_a_repair_is_always_valid_and_final(text: str) -> None:
    for repair, valide in (
        (ids.repair_finess, ids.finess_valide),
        (ids.repair_siren, ids.siren_valide),
        (ids.repair_siret, ids.siret_valide),
    ):
        value = repair(text)
        if value is not None:
            assert valide(value)
            assert value != text
            assert repair(value) is None


@given(sirens)
def test_a_siren_whose_zeros_are_missing(siren: str) -> None:
    assume(ids.siren_valide(siren))
    number = str(int(siren))
    attendu = None if len(number) in (9, *range(7)) else siren
    assert ids.repair_siren(number) == attendu
