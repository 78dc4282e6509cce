"""Traps of the container: lying, overlapping, climbing, doubled, truncated or endless zips."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.atelier import R
from tests.workbook.reader.builders import ForgedZip, zipped
from tools.hostiles.modele import WITNESS, Trap, cas, honest, membres

_SHEET = "xl/worksheets/sheet5.xml"
_WITNESS = ("Plan d'actions", "Q6", WITNESS)


def _plus(name: str, content: bytes = b"x") -> Callable[[], bytes]:
    return lambda: zipped([*membres().items(), (name, content)])


def _sauf(name: str) -> Callable[[], bytes]:
    return lambda: zipped((k, v) for k, v in membres().items() if k != name)


def _forge(name: str, **lies: object) -> Callable[[], bytes]:
    """The honest workbook, the member `name` being written with lies."""

    def make() -> bytes:
        archive = ForgedZip()
        for member, content in membres().items():
            archive.add(member, content, **(lies if member == name else {}))  # type: ignore[arg-type]
        return archive.close()

    return make


def _cut(size: int) -> Callable[[], bytes]:
    return lambda: honest()[:size]


def _double(name: str) -> bytes:
    other = membres()[_SHEET].replace(b"A1", b"A2")
    return zipped([*membres().items(), (name, other)])


def _counted(count: int) -> bytes:
    archive = ForgedZip()
    for member, content in membres().items():
        archive.add(member, content)
    return archive.close(count)


def _recouvre() -> bytes:
    archive = ForgedZip()
    for member, content in membres().items():
        archive.add(member, content)
    archive.add("xl/media/a.bin", b"x" * 50, offset=0)
    return archive.close()


def _prefix(prefix: bytes) -> Callable[[], bytes]:
    return lambda: prefix + honest()


def _comment(comment: bytes) -> bytes:
    buffer = io.BytesIO(Trap().temoin().octets())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = comment
    return buffer.getvalue()


def _descriptors() -> bytes:
    """Sizes after the data, as a program that writes to a pipe does."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in membres().items():
            archive.writestr(name, content)
    return pipe.getvalue()


def _bomb(name: str, megabytes: int) -> Callable[[], bytes]:
    def make() -> bytes:
        return zipped([*membres().items(), (name, b"\0" * (megabytes << 20))])

    return make


def _bomb_in_sheet() -> bytes:
    trap = Trap()
    return zipped(
        trap.inside("Accueil", "<sheetData>", b"<sheetData>" + b" " * (40 << 20)).membres.items()
    )


def _covers_by_citing() -> bytes:
    """Each member quotes the header of the next one: the same bytes inflate many times."""
    archive = ForgedZip()
    for member, content in membres().items():
        archive.add(member, content)
    fields = (zlib.crc32(b"x" * 400), 400, 400, 9, 0)
    tail = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 0, *fields) + b"xl/z2.bin"
    archive.add("xl/z1.bin", tail + b"x" * 400, method=0)
    archive.add("xl/z2.bin", b"x" * 400, method=0, offset=len(archive.body) - len(tail) - 400)
    return archive.close()


def _two_roles(kind: str, part: str) -> Callable[[], bytes]:
    """A second relationship of the workbook for a role that only one part can play."""

    def make() -> bytes:
        trap = Trap().temoin()
        trap.put(f"xl/autre/{part}", trap.membres[f"xl/{part}"])
        return trap.relation(kind, f"autre/{part}").octets()

    return make


def _two_classeurs() -> bytes:
    trap = Trap().temoin()
    trap.put("xl/autre.xml", trap.membres["xl/workbook.xml"])
    entry = f'<Relationship Id="rIdX" Type="{R}/officeDocument" Target="xl/autre.xml"/>'
    return trap.texte("_rels/.rels", "</Relationships>", f"{entry}</Relationships>").octets()


def _two_relations() -> bytes:
    """Two relationships of one name, to two sheets: each reader takes the one it likes."""
    entry = f'<Relationship Id="rId2" Type="{R}/worksheet" Target="worksheets/sheet3.xml"/>'
    rels = "xl/_rels/workbook.xml.rels"
    return Trap().texte(rels, "</Relationships>", f"{entry}</Relationships>").octets()


def _matriochka() -> bytes:
    inner = b"\0" * (8 << 20)
    for _ in range(3):
        inner = zipped([("a.zip", inner)])
    return zipped([*membres().items(), ("xl/embeddings/a.zip", inner)])


def _with_witness() -> list[tuple[str, bytes]]:
    trap = Trap().temoin()
    return [(name, trap.bytes_of(name)) for name in trap.membres]


def _folders() -> bytes:
    return zipped([("xl/", b""), ("xl/worksheets/", b""), *_with_witness()])


_C = "conteneur"
cas(_C, "temoin", "un classeur honnête, pour étalon", lambda: Trap().temoin().octets(),
    temoin=_WITNESS)  # fmt: skip
cas(_C, "vide", "aucun octet", lambda: b"")
cas(_C, "un-octet", "un seul octet", lambda: b"P")
cas(_C, "signature", "la signature d'un zip et rien d'autre", lambda: b"PK\3\4")
cas(_C, "zip-vide", "une archive sans membre", lambda: b"PK\5\6" + b"\0" * 18)
cas(_C, "coupe-1000", "coupé après mille octets", _cut(1000))
cas(_C, "coupe-moitie", "coupé au milieu", lambda: honest()[: len(honest()) // 2])
cas(_C, "coupe-fin-1", "il manque le dernier octet", _cut(-1))
cas(_C, "coupe-fin-22", "il manque la fin de l'annuaire", _cut(-22))
cas(_C, "coupe-fin-500", "il manque un bout de l'annuaire", _cut(-500))
cas(_C, "prefixe-html", "une page d'erreur avant le classeur", _prefix(b"<html></html>\n"))
cas(_C, "prefixe-pdf", "à la fois PDF et classeur", _prefix(b"%PDF-1.7\n"))
cas(_C, "prefixe-exe", "à la fois programme et classeur", _prefix(b"MZ" + b"\0" * 62))
cas(_C, "suffixe", "des octets après la fin", lambda: honest() + b"\0" * 300)
cas(_C, "deux-zips", "un classeur à la suite d'un autre", lambda: honest() + honest())
cas(_C, "commentaire", "un commentaire d'archive", lambda: _comment(b"x" * 60_000), temoin=_WITNESS)
cas(_C, "commentaire-annuaire", "un faux annuaire dans le commentaire",
    lambda: _comment(b"PK\5\6" + b"\0" * 18))  # fmt: skip
cas(_C, "doublon", "deux feuilles du même nom dans l'archive", lambda: _double(_SHEET))
cas(_C, "doublon-casse", "le même nom à la casse près", lambda: _double("xl/worksheets/SHEET5.xml"))
cas(_C, "doublon-barre", "le même nom avec une barre inverse",
    lambda: _double("xl\\worksheets\\sheet5.xml"))  # fmt: skip
cas(
    _C, "doublon-point", "le même nom avec un détour", lambda: _double("xl/./worksheets/sheet5.xml")
)
cas(_C, "grimpe", "un membre qui sort du dossier", _plus("../../../tmp/piege"))
cas(_C, "grimpe-windows", "la même chose avec des barres inverses", _plus("..\\..\\piege.bat"))
cas(_C, "absolu", "un membre à la racine du disque", _plus("/etc/cron.d/piege"))
cas(_C, "disque", "un membre sur un disque de Windows", _plus("C:\\Windows\\piege.dll"))
cas(_C, "flux", "un flux caché de Windows", _plus("xl/workbook.xml:flux"))
cas(_C, "nul", "un caractère nul dans un nom", _plus("xl/a\0b.xml"))
cas(_C, "nom-long", "un nom de membre de 60 000 caractères", _plus("x/" + "a" * 60_000))
cas(_C, "nom-rtl", "un nom de membre écrit à l'envers", _plus("xl/\u202elmx.a"))
cas(_C, "dossiers", "des entrées de dossiers", _folders, temoin=_WITNESS)
cas(_C, "nom-local", "deux noms pour un même membre", _forge(_SHEET, local_name="xl/autre.xml"))
cas(_C, "taille-moins", "taille annoncée trop petite", _forge(_SHEET, size=10))
cas(_C, "taille-plus", "taille annoncée énorme", _forge(_SHEET, size=0xFFFFFFF0))
cas(_C, "comprime-plus", "taille compressée énorme", _forge(_SHEET, csize=0x7FFFFFF0))
cas(_C, "somme", "somme de contrôle fausse", _forge(_SHEET, crc=1))
cas(_C, "chiffre", "membre chiffré", _forge(_SHEET, flags=1))
cas(_C, "methode-99", "méthode de compression AES", _forge(_SHEET, method=99))
cas(_C, "methode-9", "méthode Deflate64", _forge(_SHEET, method=9))
cas(_C, "bzip2", "méthode bzip2", lambda: zipped(membres().items(), zipfile.ZIP_BZIP2))
cas(_C, "lzma", "méthode LZMA", lambda: zipped(membres().items(), zipfile.ZIP_LZMA))
cas(_C, "deflate-casse", "flux compressé abîmé", _forge(_SHEET, data=b"\xff" * 500))
cas(_C, "decalage", "membre placé hors du fichier", _forge(_SHEET, offset=0x7FFFFFFF))
cas(_C, "recouvrement", "deux membres sur les mêmes octets", _recouvre)
cas(_C, "compte-plus", "annuaire qui annonce plus de membres", lambda: _counted(9000))
cas(_C, "compte-moins", "annuaire qui en annonce moins", lambda: _counted(3))
cas(_C, "descripteurs", "tailles écrites après les données", _descriptors)
cas(_C, "bombe", "20 Mio de zéros dans une image", _bomb("xl/media/image1.png", 20))
cas(_C, "bombe-xml", "60 Mio de zéros dans un XML", _bomb("xl/theme/theme2.xml", 60))
cas(_C, "bombe-feuille", "40 Mio de blancs dans une feuille", _bomb_in_sheet)
cas(_C, "recouvrement-cite", "un membre caché dans un autre", _covers_by_citing)
cas(_C, "taille-locale", "deux tailles pour un même membre", _forge(_SHEET, local_size=77))
cas(_C, "deux-chaines", "deux listes de textes", _two_roles("sharedStrings", "sharedStrings.xml"))
cas(_C, "deux-styles", "deux listes de formats", _two_roles("styles", "styles.xml"))
cas(_C, "deux-classeurs", "deux listes de feuilles", _two_classeurs)
cas(_C, "deux-relations", "deux relations du même nom", _two_relations)
cas(_C, "matriochka", "une bombe en trois archives emboîtées", _matriochka)
cas(_C, "membres", "cinq mille membres",
    lambda: zipped([*membres().items(), *((f"x/{n}", b"") for n in range(5000))]))  # fmt: skip
cas(_C, "sans-types", "sans liste des types", _sauf("[Content_Types].xml"))
cas(_C, "sans-rels", "sans relations", _sauf("_rels/.rels"))
cas(_C, "sans-classeur", "sans liste des feuilles", _sauf("xl/workbook.xml"))
cas(_C, "sans-liens", "sans relations du classeur", _sauf("xl/_rels/workbook.xml.rels"))
cas(_C, "sans-chaines", "sans les textes partagés", _sauf("xl/sharedStrings.xml"))
cas(_C, "sans-styles", "sans les formats", _sauf("xl/styles.xml"))
cas(_C, "sans-theme", "sans le thème", _sauf("xl/theme/theme1.xml"))
cas(_C, "zip64", "tailles sur 64 bits mensongères",
    lambda: honest()[:-22] + b"PK\6\7" + struct.pack("<LQL", 0, 2**60, 1) + honest()[-22:])  # fmt: skip
