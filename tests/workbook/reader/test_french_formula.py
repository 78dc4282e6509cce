"""The formula to put back: in the words of a French Excel, in the variant of the workbook."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.atelier import Workshop
from xl_cpom import check
from xl_cpom.referentiel import load_referentiel
from xl_cpom.workbook.examples import valid_content
from xl_cpom.workbook.formulas.french import french_formula
from xl_cpom.workbook.reader import read_workbook
from xl_cpom.workbook.template import Variante, write_template


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        (
            'IF(OR(t[[#This Row],[Produits]]="",t[[#This Row],[N° de l\'\'action, liée]]=""),"a,b"'
            ",t[Type d''action])",
            'SI(OU([@Produits]="";[@[N° de l\'\'action, liée]]="");"a,b";t[Type d\'\'action])',
        ),
        ('_xlfn.IFNA(CPOM_TAUX("IF(",A2:A9,0.5),#VALUE!)',
         'SI.NON.DISP(CPOM_TAUX("IF(";A2:A9;0,5);#VALEUR!)'),
        ('SUMPRODUCT(--(A1={"0.5","1"}))+MAX({1.5,2})',
         'SOMMEPROD(--(A1={"0.5"."1"}))+MAX({1,5.2})'),
        ('IF(A1="TRUE",TRUE,"""x"",")', 'SI(A1="TRUE";VRAI;"""x"",")'),
        ("t[a,b]&SI_1", "t[a,b]&SI_1"),
    ],
)  # fmt: skip
def test_a_formula_in_the_words_of_a_french_excel(stored: str, typed: str) -> None:
    assert french_formula(stored) == typed


def test_a_function_unknown_is_never_left_in_english() -> None:
    with pytest.raises(KeyError, match="INDIRECT"):
        french_formula("INDIRECT(A1)")


VARIANTES = (Variante.MIXTE, Variante.XLWINGS, Variante.NATIVE)


@pytest.fixture(scope="module")
def classeurs(tmp_path_factory: pytest.TempPathFactory) -> dict[Variante, Path]:
    """The valid example, in the variants whose formulas differ."""
    folder = tmp_path_factory.mktemp("variantes")
    made = {variante: folder / f"{variante.value}.xlsx" for variante in VARIANTES}
    for variante, path in made.items():
        write_template(path, load_referentiel(), contenu=valid_content(), variante=variante)
    return made


def noms(text: str) -> list[str]:
    """Names of Excel's functions in a formula, in order, outside quotes and brackets."""
    bare = re.sub(r'"(?:[^"]|"")*"|\[(?:[^\[\]]|\[[^\]]*\])*\]', "", text)
    return re.findall(r"(?<![\w.])(?!CPOM_)([A-Z][A-Z0-9._]*)\(", bare)


@pytest.mark.parametrize("variante", VARIANTES)
def test_every_formula_of_the_template_has_the_words_of_ironcalc(
    classeurs: dict[Variante, Path], variante: Variante
) -> None:
    """IronCalc speaks French too: another translator, made by others."""
    ironcalc = pytest.importorskip("ironcalc", reason="IronCalc absent : traduction non comparée")
    path = classeurs[variante]
    model = ironcalc.load_from_xlsx(str(path), "fr", "Europe/Paris", "fr")
    seen: set[str] = set()
    for number, sheet in enumerate(read_workbook(path).sheets):
        for (row, column), cell in sheet.cells.items():
            if not cell.formula or cell.formula in seen or "OFFSET(" in cell.formula:
                continue
            if sheet.name in ("Accueil", "Contrôles", "Listes"):
                continue  # locked, never asked to be put back
            seen.add(cell.formula)
            ours = french_formula(cell.formula)
            theirs = model.get_cell_content(number, row, column)
            assert noms(ours) == noms(theirs), cell.formula
            assert "#This Row" not in ours
            assert "," not in re.sub(r'"(?:[^"]|"")*"|\[[^\]]*\]|\d,\d', "", ours)
    assert len(seen) > 60


@pytest.mark.parametrize(
    ("variante", "expected"),
    [
        (
            Variante.XLWINGS,
            '=CPOM_TAUX("TRANSFO/PA";tActions[Périmètre];tActions[Statut];tActions[Avancement];'
            "tActions[Poids])",
        ),
        (
            Variante.NATIVE,
            '=SI(SOMMEPROD(--(tActions[Périmètre]="TRANSFO/PA");--(tActions[Statut]<>"Abandonnée");'
            '--(tActions[Statut]<>"Sans objet"))>0;SOMMEPROD(--(tActions[Périmètre]="TRANSFO/PA");'
            '--(tActions[Statut]<>"Abandonnée");--(tActions[Statut]<>"Sans objet");'
            '--(tActions[Statut]="Réalisée"))/SOMMEPROD(--(tActions[Périmètre]="TRANSFO/PA");'
            '--(tActions[Statut]<>"Abandonnée");--(tActions[Statut]<>"Sans objet"));NA())',
        ),
    ],
)
def test_an_overwritten_formula_is_given_back_as_one_types_it(
    classeurs: dict[Variante, Path], tmp_path: Path, variante: Variante, expected: str
) -> None:
    shop = Workshop(classeurs[variante])
    shop.cellule("Indicateurs", "G6", 0.95).cellule("Difficulté financière", "H7", -90000)
    found = {
        (f.code, f.sheet, f.cells): f.expected
        for f in check(shop.write(tmp_path / "retour.xlsx")).findings
    }
    assert found == {
        ("STR-008", "Indicateurs", ("G6",)): expected,
        ("STR-008", "Difficulté financière", ("H7",)):
            '=SI(OU([@Produits]="";[@Charges]="");"";[@Produits]-[@Charges])',
    }  # fmt: skip
