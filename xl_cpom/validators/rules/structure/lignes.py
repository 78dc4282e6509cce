"""STR: lines of a table that are no record, what other programs lose or add, old marks.

Found by the reading (`interpretation.row_kinds`, `interpretation.program_losses`,
`interpretation.former_marks`).
"""

from __future__ import annotations

from xl_cpom.validators.declaration import reading_rule
from xl_cpom.validators.model import AVERTISSEMENT, INFORMATION, Scope
from xl_cpom.validators.rule_sources import Template, Usage

_OTHER = Usage("Comportement connu des programmes qui enregistrent des classeurs Excel")

reading_rule(
    "STR-042",
    INFORMATION,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.non_records",),
    title="Ligne de total parmi les données",
    message="« {lu} » est une ligne de total ({lignes}) : elle n'est pas lue",
    fix="Rien à faire ; supprimez-la si possible : les totaux et les taux sont calculés dans la "
    "feuille « Indicateurs ».",
    source=Usage("Une ligne du tableau est un enregistrement"),
    doc="""Chaque ligne d'un tableau est une action, un établissement ou une mesure. Une ligne de
    total, avec ou sans libellé, compterait deux fois ce qu'elle additionne : elle est reconnue à
    ses sommes, à son nom ou à ce que déclare le tableau, et n'entre dans aucun contrôle ni dans
    aucun taux.""",
)

reading_rule(
    "STR-051",
    INFORMATION,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.non_records",),
    title="Ligne qui n'est pas un enregistrement",
    message="{lignes} de la feuille « {feuille} » {lues} : {quoi}",
    fix="Rien à faire si c'est un titre, une note ou une signature ; si c'est un enregistrement, "
    "complétez-le, à commencer par son numéro.",
    source=Usage("Une ligne du tableau est un enregistrement"),
    doc="""Un titre de section, une note, une source, une légende, une signature, des en-têtes
    recopiés ou une formule étirée trop loin ne sont pas des enregistrements. Une telle ligne n'a ni
    numéro, ni valeur que ses colonnes attendent ; elle n'est pas jugée et ne compte dans aucun
    taux. Une ligne qui a un numéro, ou des valeurs attendues, est toujours jugée, même
    incomplète.""",
)

reading_rule(
    "STR-052",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.program_losses",),
    title="Tableaux perdus",
    message="les tableaux du modèle ont été perdus (feuilles {feuilles})",
    fix="Reportez vos données dans un classeur neuf (« transvaser » le fait), qui a ses tableaux ; "
    "rien n'est à ressaisir.",
    source=_OTHER,
    doc="""Le programme qui a enregistré le classeur n'a pas gardé ses tableaux, ou ils ont été
    convertis en plages. Les données sont lues et contrôlées ; mais une ligne ajoutée n'entre plus
    dans les formules.""",
)

reading_rule(
    "STR-053",
    INFORMATION,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.program_losses",),
    title="Formules réécrites sans leurs références de tableau",
    message="des formules ont été réécrites sans leurs références de tableau, avec les mêmes "
    "valeurs (feuilles {feuilles} ; cellules : {nombre})",
    fix="Rien à faire : ces formules calculent la même chose depuis les mêmes cellules.",
    source=_OTHER,
    doc="""Un programme sans tableaux écrit « $B6 » à la place de « [@Module] ». La formule est
    reconnue quand elle lit les mêmes cellules, même sous un autre nom ou en minuscules.""",
)

reading_rule(
    "STR-054",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.program_losses",),
    title="Formules perdues",
    message="les formules du modèle ont été perdues par le programme qui a enregistré le classeur "
    "(feuilles {feuilles} ; cellules : {nombre})",
    fix="Reportez vos données dans un classeur neuf (« transvaser » le fait), qui a ses formules ; "
    "rien n'est à ressaisir.",
    source=_OTHER,
    doc="""Presque toutes les formules d'une feuille sont devenues des valeurs, des erreurs ou
    d'autres formules : c'est un programme, non une saisie. Le contrôle recalcule tout. Une valeur
    qui diffère de la valeur recalculée reste dite à sa cellule.""",
)

reading_rule(
    "STR-055",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.program_losses",),
    title="Listes déroulantes perdues partout",
    message="les listes déroulantes du modèle ont été perdues (feuilles {feuilles})",
    fix="Reportez vos données dans un classeur neuf (« transvaser » le fait), qui a ses "
    "listes ; rien n'est à ressaisir.",
    source=_OTHER,
    doc="""Le programme qui a enregistré le classeur n'a gardé aucune liste. La saisie n'est plus
    guidée ; les valeurs sont contrôlées ici.""",
)

reading_rule(
    "STR-056",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.program_losses",),
    title="Listes déroulantes qui ne mènent à rien",
    message="des listes déroulantes ne mènent plus à rien : leurs noms sont perdus ou cassés "
    "(feuilles {feuilles})",
    fix="Reportez vos données dans un classeur neuf (« transvaser » le fait) ; rien n'est à "
    "ressaisir.",
    source=_OTHER,
    doc="""Une liste déroulante lit un nom du classeur (Formules, Gestionnaire de noms). Quand ce
    nom vaut #REF! ou n'existe plus, la liste ne s'ouvre pas : la saisie n'est plus guidée.""",
)

reading_rule(
    "STR-058",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.program_losses",),
    title="Types des cellules perdus partout",
    message="dans tout le classeur, {quoi} (feuilles {feuilles} ; cellules : {nombre})",
    fix="Reportez vos données dans un classeur neuf, qui a ses formats (« transvaser » le fait "
    "sans rien ressaisir).",
    source=_OTHER,
    doc="""Un programme qui n'écrit que des textes, ou que des nombres, change le type de toutes les
    cellules. Elles sont lues sans perte et contrôlées ; les formules du classeur, elles, ne les
    comptent plus. Une cellule qui n'a pas pu être lue reste dite à sa place.""",
)

reading_rule(
    "STR-057",
    INFORMATION,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.rows",),
    title="Ligne ajoutée dans la fiche",
    message="la feuille « {feuille} » a des lignes qui n'existent pas dans le modèle : {libelles}",
    fix="Rien à faire si c'est un aide-mémoire ; sinon, reportez ces précisions dans « Commentaire "
    "ou justification ».",
    source=Usage("Une fiche garde les lignes du modèle"),
    doc="""Le contrôle ne lit que les lignes du modèle. Les autres ne sont pas perdues : un
    transvasement les met dans la feuille « Non repris ».""",
)

reading_rule(
    "STR-065",
    INFORMATION,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.former_marks",),
    title="Marques d'un contrôle précédent",
    message="le classeur porte encore les marques d'un contrôle précédent (feuille « {feuille} », "
    "nombre de lignes : {nombre}) ; elles ne disent rien de son état actuel",
    fix="Rien à faire pour le contrôle. Pour transmettre un classeur sans marques : bouton "
    "« Retirer les marques » (ruban CPOM, ou page de contrôle).",
    source=Template("Copie annotée rendue par le contrôle"),
    doc="""Une copie annotée puis corrigée garde ses surlignages, ses notes et les lignes de la
    feuille « Contrôles » : l'ARS, en l'ouvrant, lirait des anomalies qui n'y sont plus. Elles ne
    sont jamais lues comme des données.""",
)
