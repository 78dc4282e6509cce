"""FINESS, SIREN, SIRET: keys proved on real numbers, repairs that never guess."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.fr import siren as stdnum_siren
from stdnum.fr import siret as stdnum_siret

from xl_cpom import identifiants as ids

REELS = tuple(
    ligne
    for ligne in (Path(__file__).parent / "data" / "finess_reels.txt")
    .read_text(encoding="utf-8")
    .split("\n")
    if ligne and not ligne.startswith("#")
)
CORSES = tuple(numero for numero in REELS if not numero.isdigit())
ORDINAIRES = tuple(numero for numero in REELS if numero.isdigit())
DEPARTEMENTS_EN_ZERO = tuple(numero for numero in REELS if numero.startswith("0"))

chiffres = st.text("0123456789", min_size=1, max_size=20)
reels = st.sampled_from(REELS)
sirens = st.text("0123456789", min_size=8, max_size=8).map(lambda t: t + ids.cle_luhn(t))
sirets = st.builds(
    lambda siren, nic: siren + nic + ids.cle_luhn(siren + nic),
    sirens,
    st.text("0123456789", min_size=4, max_size=4),
)
BLANCS = (" ", "\u00a0", "\u202f", "\u2009", "\t", "\n", "\u200b", "\ufeff")


# --- FINESS on the real numbers -----------------------------------------------------------------


def test_la_liste_reelle_est_entiere() -> None:
    assert len(REELS) == len(set(REELS)) == 7425
    assert len(CORSES) == 29


def test_chaque_finess_reel_est_accepte() -> None:
    assert [numero for numero in REELS if not ids.finess_valide(numero)] == []
    assert [numero for numero in REELS if not ids.finess_troisieme_zero(numero)] == []
    assert [numero for numero in REELS if ids.finess_cle(numero) != numero[-1]] == []


def test_chaque_erreur_d_un_chiffre_est_refusee() -> None:
    acceptees = []
    for numero in REELS:
        for rang, caractere in enumerate(numero):
            if not caractere.isdigit():
                continue
            debut, fin = numero[:rang], numero[rang + 1 :]
            for autre in "0123456789":
                if autre != caractere and ids.finess_valide(debut + autre + fin):
                    acceptees.append(debut + autre + fin)
    assert acceptees == []


def test_chaque_echange_de_la_lettre_corse_est_refuse() -> None:
    echange = str.maketrans("AB", "BA")
    assert [n for n in CORSES if ids.finess_valide(n.translate(echange))] == []


@pytest.mark.parametrize("position", range(8))
def test_une_inversion_de_voisins_n_echappe_que_pour_0_et_9(position: int) -> None:
    for numero in ORDINAIRES[::7]:
        a, b = numero[position], numero[position + 1]
        inverse = numero[:position] + b + a + numero[position + 2 :]
        if a != b and {a, b} != {"0", "9"}:
            assert not ids.finess_valide(inverse), (numero, inverse)


@pytest.mark.parametrize("numero", ["210000022", "210780581", "250000015", "2A0000014"])
def test_numeros_de_reference(numero: str) -> None:
    assert ids.finess_valide(numero)


@pytest.mark.parametrize(
    "texte",
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
def test_une_autre_forme_n_est_pas_un_finess(texte: str) -> None:
    assert not ids.finess_valide(texte)


def test_le_troisieme_caractere_est_une_autre_question() -> None:
    assert ids.finess_valide("211000021") and not ids.finess_troisieme_zero("211000021")


# --- keys ---------------------------------------------------------------------------------------


@given(chiffres)
def test_une_seule_cle_convient(debut: str) -> None:
    cle = ids.cle_luhn(debut)
    bonnes = [c for c in "0123456789" if ids._somme_luhn(debut + c) % 10 == 0]
    assert bonnes == [cle]


@pytest.mark.parametrize("texte", ["", "12A", "1 2", "²"])
def test_cle_luhn_refuse_autre_chose_que_des_chiffres(texte: str) -> None:
    with pytest.raises(ValueError, match="chiffres"):
        ids.cle_luhn(texte)


@given(st.one_of(st.text("0123456789", min_size=7, max_size=11), sirens))
def test_siren_comme_stdnum(texte: str) -> None:
    assume(set(texte) != {"0"})  # stdnum accepts 000000000, which names nobody
    assert ids.siren_valide(texte) == stdnum_siren.is_valid(texte)


@given(st.one_of(st.text("0123456789", min_size=12, max_size=16), sirets))
def test_siret_comme_stdnum(texte: str) -> None:
    assume(not texte.startswith("000000000"))
    assert ids.siret_valide(texte) == stdnum_siret.is_valid(texte)


@given(st.text("0123456789", min_size=5, max_size=5))
def test_siret_de_la_poste_comme_stdnum(nic: str) -> None:
    texte = ids.SIREN_LA_POSTE + nic
    assert ids.siret_valide(texte) == stdnum_siret.is_valid(texte)


def test_la_poste() -> None:
    assert ids.siret_valide("35600000000048")  # the seat follows Luhn
    assert ids.siret_valide("35600000049837")  # the others, the sum of five
    assert not ids.siret_valide("35600000049838")


def test_le_numero_nul_n_existe_pas() -> None:
    assert not ids.siren_valide("0" * 9)
    assert not ids.siret_valide("0" * 14)


# --- repairs ------------------------------------------------------------------------------------


@given(reels)
def test_un_numero_valide_n_a_rien_a_reparer(numero: str) -> None:
    assert ids.repair_finess(numero) is None


def test_chaque_zero_perdu_est_rendu() -> None:
    assert len(DEPARTEMENTS_EN_ZERO) > 500
    rendus = [ids.repair_finess(numero[1:]) for numero in DEPARTEMENTS_EN_ZERO]
    assert rendus == list(DEPARTEMENTS_EN_ZERO)


def test_un_numero_qui_a_perdu_son_dernier_chiffre_n_est_pas_repare() -> None:
    faux = [n for n in REELS if not n.startswith("0") and ids.repair_finess(n[:-1]) is not None]
    # what is left begins like a number of a department in 0 whose key is right by chance
    assert all(n[1] == "0" for n in faux)
    assert len(faux) < len(REELS) / 100


@given(reels, st.lists(st.tuples(st.integers(0, 9), st.sampled_from(BLANCS)), min_size=1))
def test_les_blancs_sont_retires(numero: str, blancs: list[tuple[int, str]]) -> None:
    texte = numero
    for rang, blanc in blancs:
        texte = texte[:rang] + blanc + texte[rang:]
    assert ids.finess_repair(texte) == (numero, ("espaces retirées",))


@given(st.sampled_from(ORDINAIRES), st.sampled_from([".0", ",0", ".00"]))
def test_le_point_zero_est_retire(numero: str, fin: str) -> None:
    nombre = str(int(numero))  # what a number keeps: the leading zero goes too
    assert ids.repair_finess(nombre + fin) == numero


@given(sirets)
def test_un_siret_devenu_nombre_est_rendu(siret: str) -> None:
    assume(ids.siret_valide(siret) and not siret.startswith("000"))
    nombre = str(int(siret))
    mantisse = f"{nombre[0]},{nombre[1:]}E+{len(nombre) - 1}"
    assert ids.repair_siret(mantisse) == siret
    assert ids.repair_siret(nombre + ".0") == siret


@given(sirets, st.integers(1, 10))
def test_une_notation_scientifique_tronquee_ne_se_repare_pas(siret: str, perdus: int) -> None:
    assume(not siret.startswith("0"))
    garde = siret[1 : len(siret) - perdus]
    assert ids.repair_siret(f"{siret[0]}.{garde}E+13") is None


@pytest.mark.parametrize(
    ("texte", "attendu", "etapes"),
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
def test_reparations_nommees(texte: str, attendu: str, etapes: tuple[str, ...]) -> None:
    assert ids.finess_repair(texte) == (attendu, etapes)


@pytest.mark.parametrize(
    "texte",
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
def test_ce_qui_ne_se_repare_pas(texte: str) -> None:
    assert ids.repair_finess(texte) is None


@given(st.text(max_size=20))
def test_une_reparation_est_toujours_valide_et_definitive(texte: str) -> None:
    for reparer, valide in (
        (ids.repair_finess, ids.finess_valide),
        (ids.repair_siren, ids.siren_valide),
        (ids.repair_siret, ids.siret_valide),
    ):
        valeur = reparer(texte)
        if valeur is not None:
            assert valide(valeur)
            assert valeur != texte
            assert reparer(valeur) is None


@given(sirens)
def test_un_siren_dont_les_zeros_manquent(siren: str) -> None:
    assume(ids.siren_valide(siren))
    nombre = str(int(siren))
    attendu = None if len(nombre) in (9, *range(7)) else siren
    assert ids.repair_siren(nombre) == attendu
