"""Every way a file can be refused: a stable code, one French sentence, what to do next.

Codes are part of the public face: they are never renamed nor used for something else.
"""

from __future__ import annotations

from typing import NamedTuple

from xl_cpom.errors import XlCpomError
from xl_cpom.typography import typeset, visible


class Refusal(NamedTuple):
    """The sentence and the cure of a refusal; `{…}` is filled with what was met."""

    message: str
    fix: str


_SAVE_AS = (
    "Ouvrez-le dans Excel, puis « Fichier », « Enregistrer sous », type « Classeur Excel (*.xlsx) »"
)
_SEND_BOOK = "Transmettez le classeur « CPOM socle » lui-même, au format .xlsx."
_REPAIR = (
    "Ouvrez-le dans Excel : s'il propose de réparer le classeur, acceptez, vérifiez les saisies "
    "puis enregistrez-le sous un nouveau nom ; sinon repartez d'un exemplaire sain."
)
_SUSPECT = (
    "Un classeur enregistré par Excel n'est jamais fait ainsi : n'ouvrez pas ce fichier et "
    "redemandez-le à son auteur."
)
_SHRINK = (
    "Recopiez les saisies dans un classeur vierge, sans les feuilles, les lignes ni les images "
    "étrangères au modèle, puis enregistrez-le."
)

CATALOGUE: dict[str, Refusal] = {
    # The file itself
    "LEC-ABSENT": Refusal(
        "Le fichier est introuvable.", "Vérifiez le nom et l'emplacement du fichier."
    ),
    "LEC-DOSSIER": Refusal(
        "C'est un dossier et non un fichier.", "Indiquez le classeur contenu dans ce dossier."
    ),
    "LEC-SPECIAL": Refusal("Ce n'est pas un fichier ordinaire (périphérique ou tube).", _SEND_BOOK),
    "LEC-ACCES": Refusal(
        "Le fichier ne peut pas être lu : l'accès est refusé.",
        "Fermez-le s'il est ouvert dans Excel, puis vérifiez vos droits sur le fichier.",
    ),
    "LEC-LECTURE": Refusal(
        "Le fichier n'a pas pu être lu jusqu'au bout ({detail}).",
        "Copiez-le sur le disque de votre poste puis recommencez.",
    ),
    "LEC-VERROU": Refusal(
        "C'est le fichier de verrou qu'Excel crée à côté d'un classeur ouvert (« ~$… »).",
        "Fermez le classeur dans Excel et transmettez le classeur lui-même, sans « ~$ ».",
    ),
    "LEC-VIDE": Refusal(
        "Le fichier est vide (0 octet).", "Enregistrez ou téléchargez de nouveau le classeur."
    ),
    # Another format
    "LEC-XLS": Refusal("C'est un classeur à l'ancien format Excel 97-2003 (.xls).", _SAVE_AS + "."),
    "LEC-CHIFFRE": Refusal(
        "Le classeur est protégé par un mot de passe à l'ouverture.",
        "Ouvrez-le dans Excel, puis « Fichier », « Informations », « Protéger le classeur », "
        "« Chiffrer avec mot de passe » : effacez le mot de passe et enregistrez ; ou donnez-le au "
        "contrôle par l'option --mot-de-passe.",
    ),
    "LEC-MOT-DE-PASSE": Refusal(
        "Le mot de passe donné n'ouvre pas ce classeur.",
        "Vérifiez le mot de passe, majuscules comprises, ou demandez-le à l'auteur du classeur.",
    ),
    "LEC-CHIFFREMENT": Refusal(
        "Le classeur protégé par un mot de passe est abîmé, ou chiffré d'une façon inconnue.",
        "Ouvrez-le dans Excel avec son mot de passe, retirez ce mot de passe (« Fichier », "
        "« Informations », « Protéger le classeur ») puis enregistrez-le.",
    ),
    "LEC-DRM": Refusal(
        "Le classeur est protégé par une gestion de droits (IRM ou étiquette de confidentialité).",
        "Retirez la restriction d'accès dans Excel (« Fichier », « Informations ») puis "
        "enregistrez-le au format .xlsx.",
    ),
    "LEC-OLE": Refusal("C'est {detail}, et non un classeur Excel.", _SEND_BOOK),
    "LEC-XLSB": Refusal("C'est un classeur binaire Excel (.xlsb).", _SAVE_AS + "."),
    "LEC-ODS": Refusal(
        "C'est un classeur OpenDocument (.ods), enregistré par LibreOffice ou équivalent.",
        "Dans LibreOffice : « Fichier », « Enregistrer sous », type « Classeur Excel 2007-365 "
        "(.xlsx) ».",
    ),
    "LEC-ODF": Refusal("C'est un document OpenDocument ({detail}) et non un classeur.", _SEND_BOOK),
    "LEC-CSV": Refusal(
        "C'est un fichier texte à colonnes (CSV), sans les feuilles du classeur.", _SEND_BOOK
    ),
    "LEC-TEXTE": Refusal("C'est un fichier de texte ({detail}).", _SEND_BOOK),
    "LEC-HTML": Refusal(
        "C'est une page web (HTML), même si son nom est celui d'un classeur.",
        _SAVE_AS + " ; si la page a été téléchargée, recommencez le téléchargement une fois "
        "connecté.",
    ),
    "LEC-XML2003": Refusal(
        "C'est un classeur au format « Feuille de calcul XML 2003 ».", _SAVE_AS + "."
    ),
    "LEC-XML": Refusal("C'est un fichier XML et non un classeur Excel.", _SEND_BOOK),
    "LEC-NUMBERS": Refusal(
        "C'est un classeur Apple Numbers.",
        "Dans Numbers : « Fichier », « Exporter vers », « Excel… », format .xlsx.",
    ),
    "LEC-PDF": Refusal("C'est un document PDF et non un classeur Excel.", _SEND_BOOK),
    "LEC-IMAGE": Refusal("C'est une image ({detail}) et non un classeur Excel.", _SEND_BOOK),
    "LEC-WORD": Refusal("C'est un document Word et non un classeur Excel.", _SEND_BOOK),
    "LEC-POWERPOINT": Refusal("C'est une présentation PowerPoint.", _SEND_BOOK),
    "LEC-ARCHIVE": Refusal(
        "C'est une archive ({detail}) et non un classeur.",
        "Décompressez l'archive et transmettez les classeurs qu'elle contient.",
    ),
    "LEC-DECOMPRESSE": Refusal(
        "C'est une archive du contenu d'un classeur décompressé puis recompressé.",
        "Transmettez le classeur .xlsx tel qu'Excel l'enregistre, sans le décompresser.",
    ),
    "LEC-INCONNU": Refusal("Ce n'est pas un classeur Excel.", _SEND_BOOK),
    # A damaged or tampered container
    "LEC-TRONQUE": Refusal(
        "Le classeur est incomplet : la fin du fichier manque.",
        "Le téléchargement ou la copie s'est interrompu : recommencez-le, ou enregistrez de "
        "nouveau le classeur.",
    ),
    "LEC-ZIP": Refusal("Le classeur est abîmé ({detail}).", _REPAIR),
    "LEC-ZIP-DOUBLON": Refusal(
        "Le fichier contient deux parties du même nom (« {detail} »).", _SUSPECT
    ),
    "LEC-ZIP-ROLE": Refusal(
        "Le fichier contient deux {detail} : rien ne dit laquelle est la bonne.", _SUSPECT
    ),
    "LEC-ZIP-CHEMIN": Refusal(
        "Le fichier contient une partie au nom interdit (« {detail} »).", _SUSPECT
    ),
    "LEC-ZIP-METHODE": Refusal(
        "Le fichier est compressé par une méthode qu'Excel n'emploie pas.", _REPAIR
    ),
    "LEC-ZIP-CHIFFRE": Refusal(
        "Le fichier est une archive zip protégée par un mot de passe.",
        "Transmettez le classeur .xlsx sans le placer dans une archive chiffrée.",
    ),
    "LEC-ZIP-RECOUVREMENT": Refusal(
        "Le fichier contient des parties qui se recouvrent (« {detail} »).", _SUSPECT
    ),
    "LEC-ZIP-TAILLE": Refusal("Le fichier ment sur la taille de sa partie « {detail} ».", _SUSPECT),
    "LEC-BOMBE": Refusal(
        "La partie « {detail} » du fichier est démesurément compressée : le fichier est refusé "
        "par sécurité.",
        _SUSPECT,
    ),
    "LEC-DTD": Refusal(
        "La partie « {detail} » du fichier contient une déclaration de type (DOCTYPE), interdite "
        "dans un classeur.",
        _SUSPECT,
    ),
    "LEC-PARTIE": Refusal("Une partie indispensable du classeur manque ({detail}).", _REPAIR),
    "LEC-PARTIE-XML": Refusal(
        "Une partie indispensable du classeur est illisible ({detail}).", _REPAIR
    ),
    "LEC-SANS-FEUILLE": Refusal("Le classeur ne contient aucune feuille lisible.", _REPAIR),
    # A limit reached
    "LEC-GABARIT": Refusal(
        "Ce classeur n'est pas un « CPOM socle » : ses feuilles ne sont pas celles du modèle.",
        "Vérifiez que vous avez choisi le bon fichier, ou repartez du modèle transmis par l'ARS.",
    ),
    "LEC-LIM-FICHIER": Refusal("Le fichier dépasse {detail}.", _SHRINK),
    "LEC-LIM-CONTENU": Refusal("Le contenu décompressé du classeur dépasse {detail}.", _SHRINK),
    "LEC-LIM-PARTIE": Refusal("Une partie du classeur dépasse {detail}.", _SHRINK),
    "LEC-LIM-MEMBRES": Refusal("Le fichier contient plus de {detail} parties.", _SHRINK),
    "LEC-LIM-FEUILLES": Refusal("Le classeur contient plus de {detail} feuilles.", _SHRINK),
    "LEC-LIM-CELLULES": Refusal("Le classeur contient plus de {detail} cellules.", _SHRINK),
    "LEC-LIM-FUSIONS": Refusal("Une feuille contient plus de {detail} fusions.", _SHRINK),
    "LEC-LIM-PLAGES": Refusal(
        "Le classeur contient plus de {detail} plages (validations, tableaux, lignes masquées…).",
        _SHRINK,
    ),
    "LEC-LIM-STYLES": Refusal("Le classeur contient plus de {detail} formats.", _SHRINK),
    "LEC-LIM-LIENS": Refusal("Le classeur contient plus de {detail} liens internes.", _SHRINK),
    "LEC-LIM-NOMS": Refusal("Le classeur contient plus de {detail} noms définis.", _SHRINK),
    "LEC-LIM-TEXTE": Refusal("Le classeur contient plus de {detail} de texte.", _SHRINK),
    "LEC-LIM-PROFONDEUR": Refusal(
        "La partie « {detail} » du fichier imbrique trop d'éléments.", _SUSPECT
    ),
    "LEC-LIM-JETON": Refusal(
        "La partie « {detail} » du fichier contient un élément démesuré.", _SUSPECT
    ),
    # The process that was reading it stopped (batches)
    "LEC-INTERROMPU": Refusal(
        "Le contrôle du fichier s'est interrompu sans réponse ({detail}).",
        "Relancez le contrôle de ce seul fichier. " + _REPAIR,
    ),
    "LEC-DELAI": Refusal("Le fichier n'a pas pu être contrôlé en {detail}.", _SHRINK),
    "LEC-MEMOIRE": Refusal("Le contrôle du fichier demande plus de {detail} de mémoire.", _SHRINK),
}


class UnreadableWorkbookError(XlCpomError):
    """A file that is not read: `code`, `message` and `fix` are ready to show, in French."""

    def __init__(self, code: str, detail: str = "") -> None:
        refusal = CATALOGUE[code]
        self.code = code
        self.detail = visible(detail)
        self.message = typeset(refusal.message.replace("{detail}", self.detail))
        self.fix = typeset(refusal.fix)
        self.sheets: tuple[str, ...] = ()
        """Names of its sheets, when the limit was reached after they were known."""
        super().__init__(f"{code} {self.message}")

    def say_foreign(self) -> None:
        """Say first that the workbook is none of ours: its size is then nobody's fault."""
        foreign = CATALOGUE["LEC-GABARIT"]
        self.message = typeset(f"{foreign.message} {self.message}")
        self.fix = typeset(foreign.fix)

    def __reduce__(self) -> tuple[type[UnreadableWorkbookError], tuple[str, str]]:
        return type(self), (self.code, self.detail)


class MalformedPartError(Exception):
    """A part that is not well-formed XML; the caller decides whether the workbook can do without.

    Never leaves the reader.
    """

    def __init__(self, part: str, detail: str) -> None:
        self.part = part
        self.detail = detail
        super().__init__(f"{part}: {detail}")
