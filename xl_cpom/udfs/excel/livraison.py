"""The add-ins and the server folder `xl-cpom complement construire` writes, and their notice."""

from __future__ import annotations

from pathlib import Path

from xl_cpom import __version__
from xl_cpom.typographie import typographie
from xl_cpom.udfs import serveur
from xl_cpom.udfs.libreoffice import oxt

from . import xlam

LIBREOFFICE = "CPOM.oxt"
SERVEUR = "serveur-excel"
CLASSEUR = "CPOM_socle_sans_complement_Excel_365.xlsx"
LISEZMOI = "LISEZMOI.txt"

CONTROLE = (
    "Fermez Excel, lancez « xl-cpom complement installer », rouvrez Excel.",
    "L'onglet « CPOM » est là, avec quatre boutons.",
    f"Version : les deux numéros sont {__version__}.",
    "Dans une cellule : =CPOM_RESORPTION(250000;-100000) donne 0,6.",
    "=CPOM_OCCUPATION(1;;365) donne #N/A, et =ESTERREUR() de cette cellule donne VRAI.",
    '=CPOM_OCCUPATION("a";1;365) donne #VALEUR!.',
    "Bouton fx, catégorie « CPOM » : les fonctions, leur aide en français.",
    "Ouvrez le classeur standard : la feuille « Indicateurs » se calcule.",
    "Vérifier : la feuille « Contrôles » se remplit, la première cellule fautive est choisie.",
    "Figer les valeurs : une copie « – valeurs figées » apparaît à côté du classeur.",
)
"""What to look at once in a real Excel: the add-in was never opened in one here."""

NOTICE = f"""Compléments CPOM {__version__}

CPOM.xlam : Excel pour Windows, avec Python. À installer par « xl-cpom complement installer ».
CPOM.oxt : LibreOffice 7.4 ou plus récent. Outils, Gestionnaire des extensions, Ajouter.
{SERVEUR} : Excel sur le web et sur Mac, par un serveur. Voir son LISEZMOI.txt (licence).
{CLASSEUR} : Excel 365, rien à installer.

CPOM.xlam contient xlwings (licence BSD à trois clauses, texte dans son module « xlwings »). Il ne
fonctionne qu'avec la version de xlwings pour laquelle il a été construit : {{xlwings}}.

Ce fichier a été construit et vérifié sans Excel. Contrôle à faire une fois, dans Excel :
{{controle}}
"""


def livrer(dossier: Path) -> dict[Path, str]:
    """Write the add-ins, the server folder and the notice; path → what it is.

    Raises ModeleXlwingsError without xlwings, OSError when the folder cannot be written.
    """
    dossier.mkdir(parents=True, exist_ok=True)
    written: dict[Path, str] = {}
    addin = xlam.construire()
    (dossier / xlam.FICHIER).write_bytes(addin)
    written[dossier / xlam.FICHIER] = "complément Excel pour Windows"
    oxt.construire_oxt(dossier / LIBREOFFICE)
    written[dossier / LIBREOFFICE] = "complément LibreOffice"
    for name, content in serveur.fichiers().items():
        path = dossier / SERVEUR / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    written[dossier / SERVEUR] = "serveur pour Excel sur le web et sur Mac"
    steps = (f"{rank:>2}. {step}" for rank, step in enumerate(CONTROLE, start=1))
    said = NOTICE.format(xlwings=xlam.version_xlwings(addin), controle="\n".join(steps))
    notice = typographie(said)
    (dossier / LISEZMOI).write_text(notice, encoding="utf-8")
    written[dossier / LISEZMOI] = "mode d'emploi et contrôle à faire dans Excel"
    return written
