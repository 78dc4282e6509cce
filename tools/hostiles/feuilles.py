"""Traps of the sheets: lying dimensions, whole-column ranges, disorder, doubles, limits."""

from __future__ import annotations

from collections.abc import Callable

from tests.atelier import R, q
from tools.hostiles.modele import ACTIONS, WITNESS, Content, Trap, cas

_WITNESS = (ACTIONS, "Q6", WITNESS)


def _row(xml: Content, feuille: str = ACTIONS) -> Callable[[], bytes]:
    return lambda: Trap().temoin().ligne(feuille, xml).comprime()


def _after(xml: Content) -> Callable[[], bytes]:
    return lambda: Trap().temoin().apres("Accueil", xml).comprime()


def _replaced(old: Content, new: Content, feuille: str = ACTIONS) -> Callable[[], bytes]:
    return lambda: Trap().temoin().inside(feuille, old, new).octets()


def _dimension(ref: str) -> bytes:
    trap = Trap().temoin()
    trap.feuille(ACTIONS).find(q("dimension")).set("ref", ref)
    return trap.octets()


def _merges(*refs: str) -> bytes:
    trap = Trap().temoin()
    merges = "".join(f'<mergeCell ref="{ref}"/>' for ref in refs)
    return trap.ligne("_cpom", "").apres("_cpom", f"<mergeCells>{merges}</mergeCells>").comprime()


def _sheets(count: int) -> bytes:
    trap = Trap()
    part = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    entries, links = [], []
    for n in range(count):
        trap.put(f"xl/worksheets/x{n}.xml", part)
        entries.append(f'<sheet name="x{n}" sheetId="{n + 100}" r:id="rIdN{n}"/>')
        links.append(
            f'<Relationship Id="rIdN{n}" Type="{R}/worksheet" Target="worksheets/x{n}.xml"/>'
        )
    trap.texte("xl/workbook.xml", "</sheets>", "".join(entries) + "</sheets>")
    rels = "xl/_rels/workbook.xml.rels"
    return trap.texte(rels, "</Relationships>", "".join(links) + "</Relationships>").comprime()


def _named(name: str) -> Callable[[], bytes]:
    return lambda: Trap().temoin().add_sheet(name).octets()


def _row_order() -> bytes:
    trap = Trap().temoin()
    data = trap.feuille(ACTIONS).find(q("sheetData"))
    data[:] = list(reversed(data))
    return trap.octets()


def _cell_order() -> bytes:
    trap = Trap().temoin()
    for row in trap.feuille(ACTIONS).find(q("sheetData")):
        row[:] = list(reversed(row))
    return trap.octets()


def _state(state: str) -> bytes:
    return Trap().temoin().hide(ACTIONS, state).octets()


def _cible(target: str, *, external: bool = False) -> Callable[[], bytes]:
    """The relationship of the plan of actions points elsewhere."""

    def make() -> bytes:
        trap = Trap().temoin()
        rels = trap.tree("xl/_rels/workbook.xml.rels")
        wanted = trap.partie(ACTIONS).removeprefix("xl/")
        for link in rels:
            if link.get("Target").endswith(wanted):
                link.set("Target", target)
                if external:
                    link.set("TargetMode", "External")
        return trap.octets()

    return make


def _under_merge() -> bytes:
    trap = Trap().temoin()
    trap.cellule(ACTIONS, "Q7", "sous la fusion")
    return trap.apres(ACTIONS, '<mergeCells><mergeCell ref="Q6:Q7"/></mergeCells>').octets()


def _interrompue() -> bytes:
    trap = Trap()
    part = trap.partie(ACTIONS)
    return trap.put(part, trap.membres[part][: len(trap.membres[part]) // 3]).octets()


_F = "feuille"
cas(_F, "interrompue", "une feuille coupée net", _interrompue)
cas(_F, "dimension-petite", "une étendue annoncée d'une cellule", lambda: _dimension("A1"),
    temoin=_WITNESS)  # fmt: skip
cas(_F, "dimension-grande", "une étendue annoncée de toute la feuille",
    lambda: _dimension("A1:XFD1048576"), temoin=_WITNESS)  # fmt: skip
cas(_F, "dimension-fausse", "une étendue qui n'en est pas une",
    lambda: _dimension("'; DROP TABLE"), temoin=_WITNESS)  # fmt: skip
cas(_F, "coins", "deux cellules aux coins opposés",
    _row('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "_cpom"), temoin=_WITNESS)  # fmt: skip
cas(_F, "coins-tableau", "une cellule au bout d'un tableau",
    _row('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'), temoin=_WITNESS)  # fmt: skip
cas(_F, "hors-bornes-ligne", "une ligne qui n'existe pas",
    _row('<row r="1048577"><c r="A1048577"><v>1</v></c></row>'), temoin=_WITNESS)  # fmt: skip
cas(_F, "hors-bornes-colonne", "une colonne qui n'existe pas",
    _row('<row r="900"><c r="XFE900"><v>1</v></c></row>'), temoin=_WITNESS)  # fmt: skip
cas(_F, "adresse-geante", "une adresse à dix lettres",
    _row('<row r="900"><c r="ZZZZZZZZZ1"><v>1</v></c></row>'), temoin=_WITNESS)  # fmt: skip
cas(_F, "adresse-zero", "une ligne zéro",
    _row('<row r="0"><c r="A0"><v>1</v></c></row>'), temoin=_WITNESS)  # fmt: skip
cas(_F, "adresse-negative", "une ligne négative",
    _row('<row r="-5"><c r="A-5"><v>1</v></c></row>'), temoin=_WITNESS)  # fmt: skip
cas(_F, "adresse-arabe", "une ligne en chiffres arabes",
    _row('<row r="٩٠"><c r="A٩٠"><v>1</v></c></row>'), temoin=_WITNESS)  # fmt: skip
cas(_F, "doublon", "une cellule écrite deux fois",
    _replaced("</sheetData>", '<row r="6"><c r="Q6" t="str"><v>autre</v></c></row></sheetData>'))  # fmt: skip
cas(_F, "ailleurs", "une cellule rangée dans une autre ligne",
    _replaced("</sheetData>",
              '<row r="40"><c r="Q6" t="str"><v>autre</v></c></row></sheetData>'))  # fmt: skip
cas(_F, "lignes-inversees", "les lignes de bas en haut", _row_order, temoin=_WITNESS)
cas(_F, "cellules-inversees", "les cellules de droite à gauche", _cell_order, temoin=_WITNESS)
cas(_F, "sous-fusion", "une valeur cachée sous une fusion", _under_merge, temoin=_WITNESS)
cas(_F, "fusion-colonne", "une colonne entière fusionnée", lambda: _merges("D1:D1048576"),
    temoin=_WITNESS)  # fmt: skip
cas(_F, "fusion-feuille", "une feuille entière fusionnée", lambda: _merges("D5:XFD1048576"),
    temoin=_WITNESS)  # fmt: skip
cas(_F, "fusion-donnees", "le tableau fusionné jusqu'en bas",
    lambda: Trap().temoin().apres(
        ACTIONS, '<mergeCells><mergeCell ref="Q6:Q1048576"/></mergeCells>').octets())  # fmt: skip
cas(_F, "fusions", "soixante mille fusions",
    lambda: _merges(*(f"A{2 * n + 10}:B{2 * n + 10}" for n in range(60_000))))  # fmt: skip
cas(_F, "fusion-fausse", "une fusion qui n'en est pas une", lambda: _merges("A1:", "::", ""),
    temoin=_WITNESS)  # fmt: skip
cas(_F, "lien-partout", "un lien sur toute la feuille",
    _after('<hyperlinks><hyperlink ref="A1:XFD1048576" location="A1"/></hyperlinks>'),
    temoin=_WITNESS)  # fmt: skip
cas(_F, "validation-partout", "une liste sur toute la feuille",
    _after('<dataValidations count="1"><dataValidation type="list" sqref="A1:XFD1048576">'
           "<formula1>A:XFD</formula1></dataValidation></dataValidations>"), temoin=_WITNESS)  # fmt: skip
cas(_F, "validations", "trois cent mille plages de validation",
    _after('<dataValidations><dataValidation type="list" sqref="'
           + " ".join(f"A{n}" for n in range(1, 120_000)) + '"/><dataValidation sqref="'
           + " ".join(f"B{n}" for n in range(1, 120_000)) + '"/></dataValidations>'))  # fmt: skip
cas(_F, "cellules", "cinq cent mille cellules pleines",
    lambda: Trap().ligne("_cpom", "".join(
        f'<row r="{n}">{"<c><v>1</v></c>" * 50}</row>' for n in range(10, 10_010))).comprime())  # fmt: skip
cas(_F, "lignes-vides", "un million de lignes vides",
    lambda: Trap().temoin().ligne("_cpom", "<row/>" * 1_000_000).comprime(), temoin=_WITNESS)  # fmt: skip
cas(_F, "lignes-grisees", "des lignes mises en forme jusqu'en bas",
    lambda: Trap().temoin().ligne(ACTIONS, "".join(
        f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(900, 100_000))).comprime(),
    temoin=_WITNESS)  # fmt: skip
cas(_F, "trois-cents", "trois cents feuilles", lambda: _sheets(300))
cas(_F, "dix-mille", "trois mille feuilles", lambda: _sheets(3000))
cas(_F, "tres-masquee", "une feuille masquée par programme", lambda: _state("veryHidden"),
    temoin=_WITNESS)  # fmt: skip
cas(_F, "etat-inconnu", "un état de feuille inconnu", lambda: _state("piege"), temoin=_WITNESS)
for _name, _sheet in {
    "formule": "=cmd|'/c calc'!A0", "html": "<script>alert(1)</script>",
    "echappement": "a_x001B_[31mb", "rtl": "a\u202eb", "long": "x" * 5000, "vide": "",
    "markdown": "[x](javascript:alert(1))", "jinja": "{{ 7*7 }}", "double": "Modules",
    "rich": "[red]a[/red]", "chemin": "../../etc/passwd",
}.items():  # fmt: skip
    cas(_F, f"nom-{_name}", "une feuille au nom piégé", _named(_sheet), temoin=_WITNESS)
cas(_F, "absente", "une feuille dont le contenu manque", _cible("worksheets/absente.xml"))
cas(_F, "externe", "une feuille sur un site", _cible("http://127.0.0.1:18999/s.xml", external=True))
cas(_F, "grimpe", "une feuille hors de l'archive", _cible("../../../../etc/passwd"))
cas(_F, "jumelle", "deux feuilles sur un même contenu", _cible("worksheets/sheet6.xml"))
cas(_F, "styles", "une feuille qui est la liste des formats", _cible("styles.xml"))
cas(_F, "elle-meme", "une feuille qui est le classeur", _cible("workbook.xml"))
cas(_F, "deux-donnees", "deux blocs de données",
    _replaced("</sheetData>", '</sheetData><sheetData><row r="6"><c r="Q6" t="str"><v>autre</v>'
              "</c></row></sheetData>"))  # fmt: skip
cas(_F, "sans-donnees", "une feuille sans données",
    lambda: Trap().put(Trap().partie(ACTIONS), '<worksheet xmlns="http://schemas.openxmlformats'
                          '.org/spreadsheetml/2006/main"/>').octets())  # fmt: skip
cas(_F, "sans-adresse", "des cellules sans adresse",
    _row('<row><c t="str"><v>x</v></c></row>'), temoin=_WITNESS)  # fmt: skip
cas(_F, "extension", "une extension inconnue",
    _after('<extLst><ext uri="{0}"><p:piege xmlns:p="urn:p">x</p:piege></ext></extLst>'),
    temoin=_WITNESS)  # fmt: skip
