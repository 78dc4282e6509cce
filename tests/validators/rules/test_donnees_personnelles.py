"""DCP: what is found, what is not, and that nothing found is ever shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.atelier import Workshop
from tests.validators.deux_ans import cette_annee, confronter
from xl_cpom import check
from xl_cpom.reports.render_context import RenderOptions
from xl_cpom.reports.renderings import FORMATS
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.model import BLOQUANT
from xl_cpom.validators.personal_data import (
    dates_de_naissance,
    numeros_de_securite_sociale,
    personal_addresses,
    personnes_accompagnees,
    personnes_et_sante,
    telephones_portables,
)

DCP = [rule for rule in RULES.values() if rule.family == "DCP"]
FIND = (numeros_de_securite_sociale, dates_de_naissance, personnes_accompagnees,
            personnes_et_sante, personal_addresses, telephones_portables)  # fmt: skip


def test_nothing_here_ever_blocks() -> None:
    assert len(DCP) == 6 and all(rule.severity is not BLOQUANT for rule in DCP)


HONEST = (
    "Former un référent vie affective et sexuelle par établissement",
    "Organiser le dépistage bucco-dentaire annuel en établissement",
    "Prévenir les chutes : atelier animé par M. Durand, kinésithérapeute coordinateur",
    "Mme Martin, directrice, présente le projet aux résidents et à leurs familles",
    "M. le Président du conseil de la vie sociale a été consulté",
    "Pilotage : Mme A. Petit (responsable qualité), M. B. Roux (cadre de santé)",
    "Convention avec France Alzheimer et le Dr Leroy",
    "Enquête de satisfaction auprès de chaque résident et de chaque usager",
    "Accueillir 12 résidents de plus de 84 ans",
    "Le résident est informé par écrit ; l'usager signe le document",
    "Contrat n° 2026-21-017 du 01/07/2026, FINESS 210781456, SIRET 26010463300012",
    "Téléphone du secrétariat : 03 80 12 34 56 ; courriel qualite@association.example.fr",
    "Hospitalisation à domicile : partenariat avec le service de M. Petit, médecin coordonnateur",
    "Rue du Général M. Leclerc, résidence autonomie",
    "EHPAD Résidence Madame de Staël",
    "Décès et fugues : procédure revue en comité",
    "Taux 0,6 ; budget 612345678 €",
    "Réunion du 12/03/2027 avec les usagers, M. Roux directeur, Mme Petit psychologue",
)


@pytest.mark.parametrize("text", HONEST)
def test_what_a_director_writes_is_left_alone(text: str) -> None:
    assert [found for find in FIND for found in find(text)] == []


NAMED = {
    "Relogement de Mme Durand, résidente": {"Mme Durand"},
    "Plainte de la famille du résident M. D.": {"M. D."},
    "la résidente Madame Martin-Petit souhaite": {"Madame Martin-Petit"},
    "l'usager A. B. ; la patiente Mlle C.": {"A. B.", "Mlle C."},
    "Après l'hospitalisation de M. Durand en mars": {"M. Durand"},
    "Mme D., 84 ans, en chambre 12": {"Mme D."},
    "M. Petit (maladie d'Alzheimer)": {"M. Petit"},
    "Mme Roux est décédée en mai": {"Mme Roux"},
}


@pytest.mark.parametrize("text", NAMED)
def test_persons_are_found(text: str) -> None:
    found = [*personnes_accompagnees(text), *personnes_et_sante(text)]
    assert {name.text.rstrip(",") for name in found} == NAMED[text]


@given(
    st.sampled_from("12"), st.integers(0, 99), st.integers(1, 12),
    st.sampled_from(["21", "75", "2A", "2B", "99"]), st.integers(1, 999), st.integers(1, 999),
    st.sampled_from(["", " ", ".", "-"]), st.integers(1, 96),
)  # fmt: skip
def test_a_social_security_number_is_known_by_its_key(
    sexe: str, an: int, month: int, dep: str, commune: int, order: int, sep: str, ecart: int
) -> None:
    parts = [sexe, f"{an:02}", f"{month:02}", dep, f"{commune:03}", f"{order:03}"]
    number = int("".join(parts).replace("2A", "19").replace("2B", "18"))
    key = 97 - number % 97
    wrong = (key - 1 + ecart) % 97 + 1
    for value, expected in ((key, 1), (wrong, 0)):
        text = f"dossier {sep.join([*parts, f'{value:02}'])}, suivi"
        found = list(numeros_de_securite_sociale(text))
        assert len(found) == expected
        assert all(f.text in text and not any(c.isdigit() for c in f.hidden[1:]) for f in found)


@given(st.text(max_size=200))
def test_any_text_can_be_searched(text: str) -> None:
    for find in FIND:
        for found in find(text):
            assert found.text in text and found.text != found.hidden


def test_a_very_long_text_is_searched_at_once() -> None:
    for piece in ("Mme A ", "résident ", "né le 1 ", "1 85 05 78 ", "a@gmail", "M. A. B. C. "):
        text = piece * 4000
        for find in FIND:
            assert len(list(find(text))) < 20_000


def test_the_valid_example_names_nobody() -> None:
    findings, _ = confronter(families=("DCP",))
    assert findings == []


SECRETS = ("1 85 05 78 006 084 91", "12/03/1945", "M. Durand", "jeanne.durand38@gmail.com",
           "06 12 34 56 78")  # fmt: skip


def test_no_report_ever_shows_what_was_found(tmp_path: Path) -> None:
    """The comment holds it all; it is also shown as a justification of another finding."""
    nir, day, this_name, email, portable = SECRETS
    text = f"Résident {this_name}, né le {day}, NIR {nir}. Écrire à {email} ou au {portable}."
    path = (
        Workshop()
        .cellule("Plan d'actions", "Q8", text)
        .cellule("Plan d'actions", "K8", 1)
        .write(tmp_path / "retour.xlsx")
    )
    report = check(path)
    assert {f.code for f in report.findings} == {
        "SUI-001", "DCP-001", "DCP-002", "DCP-003", "DCP-005", "DCP-006"}  # fmt: skip
    justified = {f.code: f.justification for f in report.findings}
    assert justified["SUI-001"] and "•••" in justified["SUI-001"]
    assert {value for code, value in justified.items() if code.startswith("DCP")} == {None}
    for name, rendering in FORMATS.items():
        shown = rendering.content([report], RenderOptions(rules=RULES))
        if shown[:2] == b"PK":
            import openpyxl

            (tmp_path / "rapport.xlsx").write_bytes(shown)
            book = openpyxl.load_workbook(tmp_path / "rapport.xlsx")
            shown = "\n".join(str(c.value) for s in book for row in s for c in row).encode()
        for secret in SECRETS:
            assert secret not in shown.decode(), (name, secret)
            assert json.dumps(secret)[1:-1] not in shown.decode()


def test_one_cell_one_finding_per_kind_and_the_others_are_left() -> None:
    content = cette_annee()
    content["actions"][0]["commentaire"] = "Joindre le 06 12 34 56 78 ou le 06 12 34 56 79"
    content["identification"][0]["commentaire"] = "Écrire à a.b@orange.fr"
    content["identification"][0]["referent_cpom_courriel"] = "les.tilleuls@orange.fr"
    findings, _ = confronter(content, families=("DCP",))
    assert [(f.code, f.sheet, f.cells) for f in findings] == [
        ("DCP-005", "Identification", ("B45",)),
        ("DCP-006", "Plan d'actions", ("Q6",)),
    ]
