"""Traps of the XML: entities, endless tokens, depths, encodings, namespaces."""

from __future__ import annotations

import re
from collections.abc import Callable

from tools.hostiles.modele import ACTIONS, WITNESS, Content, Trap, cas

_WITNESS = (ACTIONS, "Q6", WITNESS)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_DECL = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_LAUGHS = "<!DOCTYPE a [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)
)


def _doctype(part: str, doctype: str) -> Callable[[], bytes]:
    def make() -> bytes:
        trap = Trap()
        data = trap.membres[part]
        head, tail = (_DECL, data.removeprefix(_DECL)) if data.startswith(b"<?") else (b"", data)
        if data.startswith(b"<?") and tail == data:
            end = data.index(b"?>") + 2
            head, tail = data[:end], data[end:]
        return trap.put(part, head + doctype.encode() + tail).octets()

    return make


def _entity(doctype: str) -> Callable[[], bytes]:
    """An entity declared in the sheet and used in a cell."""

    def make() -> bytes:
        trap = Trap()
        part = trap.partie(ACTIONS)
        trap.ligne(ACTIONS, '<row r="900"><c r="A900" t="str"><v>&e;</v></c></row>')
        data = trap.bytes_of(part)
        end = data.index(b"?>") + 2
        return trap.put(part, data[:end] + doctype.encode() + data[end:]).octets()

    return make


def _replaced(part: str, old: Content, new: Content) -> Callable[[], bytes]:
    return lambda: Trap().temoin().texte(part, old, new).octets()


def _sheet(xml: Content) -> Callable[[], bytes]:
    """Raw rows added to the plan of actions."""
    return lambda: Trap().temoin().ligne(ACTIONS, xml).comprime()


def _pose(part: str, content: Content) -> Callable[[], bytes]:
    return lambda: Trap().temoin().put(part, content).octets()


def _utf16() -> bytes:
    trap = Trap().temoin()
    part = trap.partie(ACTIONS)
    text = trap.bytes_of(part).decode().split("?>", 1)[1]
    return trap.put(part, ("\ufeff" + text).encode("utf-16-le")).octets()


def _encoding(name: str) -> bytes:
    trap = Trap().temoin()
    part = trap.partie(ACTIONS)
    text = trap.bytes_of(part).split(b"?>", 1)[1]
    return trap.put(part, f'<?xml version="1.0" encoding="{name}"?>'.encode() + text).octets()


def _strict() -> bytes:
    trap = Trap().temoin()
    for part in list(trap.membres):
        if part.endswith((".xml", ".rels")):
            data = trap.bytes_of(part).replace(_MAIN.encode(), _STRICT.encode())
            data = data.replace(
                b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                b"http://purl.oclc.org/ooxml/officeDocument/relationships",
            )
            trap.put(part, data)
    return trap.octets()


def _counted() -> bytes:
    """A shared strings part whose count lies."""
    trap = Trap().temoin()
    part = "xl/sharedStrings.xml"
    data = re.sub(rb'uniqueCount="\d+"', b'uniqueCount="4294967295"', trap.membres[part])
    return trap.put(part, data).octets()


_X = "xml"
_SYSTEM = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
_SHEET = "xl/worksheets/sheet5.xml"
for _name, _part in {
    "classeur": "xl/workbook.xml", "feuille": _SHEET, "chaines": "xl/sharedStrings.xml",
    "styles": "xl/styles.xml", "rels": "_rels/.rels", "types": "[Content_Types].xml",
    "theme": "xl/theme/theme1.xml", "proprietes": "docProps/custom.xml",
    "dessin": "xl/drawings/drawing1.xml", "notes": "xl/comments1.xml",
}.items():  # fmt: skip
    cas(
        _X, f"dtd-{_name}", f"une déclaration de type dans {_part}", _doctype(_part, "<!DOCTYPE a>")
    )
cas(_X, "rires", "dix puissance neuf fois « ha »", _entity(_LAUGHS + "<!ENTITY e '&a9;'>]>"))
cas(_X, "quadratique", "une entité longue répétée",
    _entity(f"<!DOCTYPE a [<!ENTITY e '{'x' * 100_000}'>]>"))  # fmt: skip
cas(_X, "fichier", "une entité qui lit un fichier du poste", _entity(_SYSTEM))
cas(_X, "reseau", "une entité qui appelle un site",
    _entity('<!DOCTYPE a [<!ENTITY e SYSTEM "http://127.0.0.1:18999/e">]>'))  # fmt: skip
cas(_X, "dtd-externe", "une déclaration de type sur un site",
    _doctype(_SHEET, '<!DOCTYPE a SYSTEM "http://127.0.0.1:18999/a.dtd">'))  # fmt: skip
cas(_X, "parametre", "une entité de paramètre",
    _doctype(_SHEET, '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:18999/p">%p;]>'))  # fmt: skip
cas(_X, "entite-inconnue", "une entité jamais déclarée",
    _sheet('<row r="900"><c r="A900" t="str"><v>&e;</v></c></row>'))  # fmt: skip
cas(_X, "xinclude", "une inclusion de fichier",
    _sheet('<row r="900"><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" '
             'href="file:///etc/passwd" parse="text"/></row>'), temoin=_WITNESS)  # fmt: skip
cas(_X, "instruction", "une feuille de style à suivre",
    _replaced("xl/workbook.xml", "?>", '?><?xml-stylesheet href="http://127.0.0.1:18999/x"?>'),
    temoin=_WITNESS)  # fmt: skip
cas(_X, "profondeur", "cent mille éléments emboîtés", _sheet("<a>" * 100_000 + "</a>" * 100_000))
cas(_X, "attribut", "un attribut de 8 Mio", _sheet(f'<row r="900" x="{"a" * (8 << 20)}"/>'))
cas(_X, "attributs", "cinquante mille attributs",
    _sheet("<row " + " ".join(f'a{n}="1"' for n in range(50_000)) + "/>"))  # fmt: skip
cas(_X, "commentaire", "un commentaire de 3 Mio", _sheet(f"<!--{'a' * (3 << 20)}-->"))
cas(_X, "texte", "un texte de 3 Mio dans une cellule",
    _sheet(f'<row r="900"><c r="A900" t="str"><v>{"a" * (3 << 20)}</v></c></row>'))  # fmt: skip
cas(_X, "noms", "cent mille noms d'éléments", _sheet("".join(f"<e{n}/>" for n in range(100_000))))
cas(_X, "nul", "un caractère nul", _sheet(b"\0"))
cas(_X, "controle", "un caractère de commande",
    _sheet(b'<row r="900"><c r="A900" t="str"><v>\x1b[2J</v></c></row>'))  # fmt: skip
cas(_X, "utf8-casse", "un accent qui n'est pas de l'UTF-8",
    _sheet(b'<row r="900"><c r="A900" t="str"><v>\xe9</v></c></row>'))  # fmt: skip
cas(_X, "utf16", "une feuille en UTF-16", _utf16, temoin=_WITNESS)
cas(_X, "utf7", "une feuille qui se dit en UTF-7", lambda: _encoding("UTF-7"))
cas(_X, "codage-inconnu", "un codage qui n'existe pas", lambda: _encoding("x-piege"))
cas(_X, "ebcdic", "un codage de grand système", lambda: _encoding("IBM037"))
cas(_X, "strict", "Open XML strict, tout à fait permis", _strict, temoin=_WITNESS)
cas(_X, "espace-de-noms", "des feuilles d'un autre langage",
    _replaced("xl/workbook.xml", _MAIN, "urn:autre"))  # fmt: skip
cas(_X, "classeur-vide", "une liste de feuilles vide", _pose("xl/workbook.xml", ""))
cas(_X, "classeur-coupe", "une liste de feuilles interrompue",
    lambda: Trap().put("xl/workbook.xml", Trap().membres["xl/workbook.xml"][:300]).octets())  # fmt: skip
cas(_X, "chaines-coupees", "des textes partagés interrompus",
    lambda: Trap().put("xl/sharedStrings.xml",
                          Trap().membres["xl/sharedStrings.xml"][:900]).octets())  # fmt: skip
cas(_X, "chaines-compte", "un nombre de textes mensonger", _counted, temoin=_WITNESS)
cas(_X, "styles-casses", "des formats illisibles", _pose("xl/styles.xml", "<styleSheet"),
    temoin=_WITNESS)  # fmt: skip
cas(_X, "theme-casse", "un thème illisible", _pose("xl/theme/theme1.xml", b"\xff\xfe\0"),
    temoin=_WITNESS)  # fmt: skip
cas(_X, "notes-cassees", "des commentaires illisibles", _pose("xl/comments1.xml", "<comments><"),
    temoin=_WITNESS)  # fmt: skip
cas(_X, "tableau-casse", "un tableau illisible", _pose("xl/tables/table3.xml", "<table"),
    temoin=_WITNESS)  # fmt: skip
cas(_X, "styles-nombreux", "soixante-dix mille formats",
    _replaced("xl/styles.xml", "</cellXfs>", "<xf/>" * 70_000 + "</cellXfs>"))  # fmt: skip
