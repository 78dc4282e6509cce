"""The add-ins and the server folder `xl-cpom complement construire` writes, and their notice."""

from __future__ import annotations

from pathlib import Path

from xl_cpom.files.atomic import atomic_write
from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import typeset
from xl_cpom.udfs import xlwings_server
from xl_cpom.udfs.libreoffice import oxt
from xl_cpom.version import __version__

from . import xlam

LIBREOFFICE = "CPOM.oxt"
SERVER = "serveur-excel"
CLASSEUR = "CPOM_socle_sans_complement_Excel_365.xlsx"
LISEZMOI = "LISEZMOI.txt"

CONTROLE = (
    "Fermez Excel, lancez « xl-cpom complement installer », rouvrez Excel.",
    "L'onglet « CPOM » est là, avec six boutons.",
    f"Version : les deux numéros sont {__version__}.",
    "Dans une cellule : =CPOM_RESORPTION(250000;-100000) donne 0,6.",
    "=CPOM_OCCUPATION(1;;365) donne #N/A, et =ESTERREUR() de cette cellule donne VRAI.",
    '=CPOM_OCCUPATION("a";1;365) donne #VALEUR!.',
    "Bouton fx, catégorie « CPOM » : les fonctions, leur aide en français.",
    "Ouvrez le classeur standard : la feuille « Indicateurs » se calcule.",
    "Vérifier : la feuille « Contrôles » se remplit, la première cellule fautive est choisie.",
    "Réparer : une copie « – réparé » s'ouvre, les valeurs réparées sont dites.",
    "Retirer les marques : une copie « – sans marques » s'ouvre, sans surlignage ni note.",
    "Figer les valeurs : une copie « – valeurs figées » apparaît à côté du classeur.",
)
"""What to look at once in a real Excel: the add-in was never opened in one here."""

NOTICE = f"""Compléments CPOM {__version__}

{xlam.FICHIER} : Excel pour Windows, avec Python. À installer par « xl-cpom complement installer ».
{LIBREOFFICE} : LibreOffice 7.4 ou plus récent. Outils, Gestionnaire des extensions, Ajouter.
{SERVER} : Excel sur le web et sur Mac, par un serveur. Voir son LISEZMOI.txt (licence).
{CLASSEUR} : Excel 365, rien à installer.

{xlam.FICHIER} contient xlwings (licence BSD à trois clauses, texte dans son module « xlwings »). Il
ne fonctionne qu'avec la version de xlwings pour laquelle il a été construit : {{xlwings}}.

Ce fichier a été construit et vérifié sans Excel. Contrôle à faire une fois, dans Excel :
{{controle}}
"""


@dataclass(frozen=True)
class Delivery:
    """What was written (path → what it is), and why the add-in of Excel could not be, if so."""

    written: dict[Path, str]
    missing: str = ""


def deliver(folder: Path) -> Delivery:
    """Write the add-ins, the server folder and the notice, each file whole or not at all.

    The settings of a server already there are kept: its licence and its name are in them. Without
    xlwings, everything but the add-in of Excel is written. Raises OSError when the folder cannot
    be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: dict[Path, str] = {}
    missing, made_for = "", "(non construit)"
    try:
        addin = xlam.construire()
    except xlam.XlwingsTemplateError as absent:
        missing = str(absent)
    else:
        made_for = xlam.xlwings_version(addin)
        _write(folder / xlam.FICHIER, addin)
        written[folder / xlam.FICHIER] = "complément Excel pour Windows"
    _write(folder / LIBREOFFICE, oxt.octets())
    written[folder / LIBREOFFICE] = "complément LibreOffice"
    for name, content in xlwings_server.fichiers().items():
        path = folder / SERVER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name != xlwings_server.SETTINGS or not path.exists():
            _write(path, content)
    written[folder / SERVER] = "serveur pour Excel sur le web et sur Mac"
    steps = (f"{rank:>2}. {step}" for rank, step in enumerate(CONTROLE, start=1))
    notice = typeset(NOTICE.format(xlwings=made_for, controle="\n".join(steps)))
    _write(folder / LISEZMOI, notice.encode("utf-8"))
    written[folder / LISEZMOI] = "mode d'emploi et contrôle à faire dans Excel"
    return Delivery(written, missing)


def _write(path: Path, content: bytes) -> None:
    with atomic_write(path) as temporary:
        temporary.write_bytes(content)
