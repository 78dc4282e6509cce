"""STR: what was done to the workbook itself. Found by the reading of the tabs and the headers.

These rules have no example of their own: a file is needed. Each one has at least one case in the
corpus of altered workbooks (`tests/corpus/`), and a test refuses a rule without one.
"""

from __future__ import annotations

from xl_cpom.validators.declaration import reading_rule
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, INFORMATION, Scope
from xl_cpom.validators.rule_sources import Template

_GABARIT = Template("Classeur standard « CPOM socle »")
_EXCEL = Template("Comportement connu d'Excel et des autres tableurs")

reading_rule(
    "STR-002",
    BLOQUANT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.location",),
    title="Feuille attendue introuvable",
    message="la feuille « {feuille} » est introuvable dans le classeur",
    fix="Remettez la feuille « {feuille} » du modèle, avec vos données, sous ce nom exact.",
    source=_GABARIT,
    doc="""Chaque feuille du modèle est attendue, même vide. Une feuille supprimée ou renommée au
    point de n'être plus reconnue ne peut pas être contrôlée.""",
)

reading_rule(
    "STR-003",
    BLOQUANT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.interpret",),
    title="Version du modèle absente",
    message="le classeur ne dit pas de quelle version du modèle il vient (attendue : {attendu})",
    fix="Reportez vos données dans le modèle transmis par l'ARS (« transvaser » le fait, sans "
    "rien ressaisir), puis renvoyez ce nouveau classeur.",
    expected="{attendu}",
    source=_GABARIT,
    doc="""Le modèle porte sa version dans une propriété cachée. Un classeur recréé à la main ou
    recopié dans un autre fichier l'a perdue.""",
)

reading_rule(
    "STR-004",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.location",),
    title="Feuille inconnue du modèle",
    message="la feuille « {lu} » n'existe pas dans le modèle : elle n'est ni lue ni contrôlée",
    fix="Supprimez cette feuille, ou reportez ses données dans la feuille prévue.",
    source=_GABARIT,
    doc="""Le contrôle ne lit que les feuilles du modèle : ce qui est saisi ailleurs serait perdu.
    """,
)

reading_rule(
    "STR-005",
    BLOQUANT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.headers", "xl_cpom.workbook.interpretation.rows"),
    title="Colonne obligatoire introuvable",
    message="{objet} « {colonne} » est introuvable dans la feuille « {feuille} »",
    fix="Remettez {objet} « {colonne} » du modèle, avec ses données, sous ce nom exact.",
    expected="{colonne}",
    source=_GABARIT,
    doc="""Une colonne obligatoire a été supprimée, ou renommée au point de n'être plus reconnue.
    Les règles qui en dépendent ne sont pas contrôlées.""",
)

reading_rule(
    "STR-006",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.headers", "xl_cpom.workbook.interpretation.rows"),
    title="Colonne renommée mais reconnue",
    message="{objet} « {lu} » a été lue comme « {colonne} »",
    fix="Rétablissez {nom} « {colonne} ».",
    expected="{colonne}",
    source=_GABARIT,
    doc="""L'en-tête, ou le libellé d'une ligne de la fiche, diffère de celui du modèle ; son nom,
    sa place ou son contenu ne laissent qu'une possibilité. Les données sont lues ; vérifiez que
    c'est bien cette colonne.""",
)

reading_rule(
    "STR-007",
    INFORMATION,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.headers",),
    title="Lignes insérées au-dessus des en-têtes",
    message="des lignes ont été insérées au-dessus des en-têtes de la feuille « {feuille} » "
    "(nombre de lignes : {lignes})",
    fix="Rien à faire ; supprimez-les si possible.",
    source=_GABARIT,
    doc="""Un titre ou une consigne ajoutés au-dessus du tableau déplacent ses en-têtes. Ils sont
    retrouvés à leur nouvelle place, et les données sont lues comme ailleurs.""",
)

reading_rule(
    "STR-008",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.formula_remarks",),
    title="Formule remplacée par une valeur",
    message="la formule de la colonne « {colonne} » a été remplacée par « {lu} »",
    fix="Saisissez la formule du modèle, « {attendu} », dans la cellule{copie}.",
    expected="{attendu}",
    source=_GABARIT,
    doc="""Une cellule calculée a été écrasée, souvent par un collage. La valeur n'est pas retenue :
    le contrôle la recalcule.""",
)

reading_rule(
    "STR-009",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.rows",),
    title="Cellules fusionnées dans les données",
    message="les cellules {plage} sont fusionnées",
    fix="Annulez la fusion, puis répétez la valeur sur chaque ligne remplie.",
    source=_GABARIT,
    doc="""Une fusion ne laisse de valeur que dans la première cellule. Fusionnée sur plusieurs
    lignes, cette valeur a été lue pour chacune de celles qui sont remplies ; une ligne vide sous la
    fusion reste une ligne vide.""",
)

reading_rule(
    "STR-010",
    BLOQUANT,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.interpretation.coercion",),
    title="Erreur d'Excel dans une cellule de saisie",
    message="la cellule contient l'erreur {erreur} dans la colonne « {colonne} »",
    fix="Saisissez dans la cellule la valeur que demande « {colonne} » ; si c'est une formule, "
    "remplacez-la par son résultat.",
    source=_EXCEL,
    doc="""Une erreur comme #REF! ou #DIV/0! n'est pas une cellule vide : une formule ou un collage
    s'est cassé, et la donnée est perdue.""",
    ok=[("texte", "EHPAD")],
    ko=[("texte", "#REF!")],
)

reading_rule(
    "STR-011",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.sheet_remarks",),
    title="Lien vers un autre fichier",
    message="le classeur contient des liens vers d'autres fichiers : {cibles}",
    fix="Dans Excel, Données, Modifier les liaisons, choisissez « Rompre la liaison ».",
    source=_EXCEL,
    doc="""Une valeur tirée d'un autre fichier change ou se perd hors de votre poste. Aucun lien
    n'est suivi par le contrôle.""",
)

reading_rule(
    "STR-012",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.sheet_remarks",),
    title="Données masquées",
    message="des données de la feuille « {feuille} » sont masquées : {quoi}",
    fix="Affichez les lignes, les colonnes ou la feuille masquées, et vérifiez leurs données.",
    source=_EXCEL,
    doc="""Les données masquées sont lues et contrôlées comme les autres. Elles sont souvent
    oubliées là, et ne devraient plus compter.""",
)

reading_rule(
    "STR-013",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.rows",),
    title="Donnée sous le tableau",
    message="« {lu} » est saisi sous le tableau, ligne {ligne}",
    fix="Étendez le tableau jusqu'à cette ligne, ou déplacez la donnée dans le tableau.",
    source=_GABARIT,
    doc="""Les formules du modèle ne comptent que les lignes du tableau. Une ligne saisie au-dessous
    est contrôlée, mais les taux calculés dans Excel ne la voient pas.""",
)

reading_rule(
    "STR-014",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.sheet_remarks",),
    title="Liste déroulante perdue",
    message="la liste déroulante de la colonne « {colonne} » a disparu de ces cellules : une "
    "valeur mal orthographiée n'y est plus refusée à la saisie",
    fix="Copiez une cellule intacte de la colonne, puis collez-la ici par Collage spécial, "
    "Validation (dans LibreOffice : Données, Validité).",
    source=_EXCEL,
    doc="""Un collage remplace aussi la liste déroulante. La saisie n'est plus guidée : les valeurs
    sont contrôlées ici.""",
)

reading_rule(
    "STR-015",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=(
        "xl_cpom.workbook.interpretation.formula_remarks",
        "xl_cpom.workbook.interpretation.rows",
    ),
    title="Formules jamais calculées",
    message="des formules de la feuille « {feuille} » n'ont jamais été calculées",
    fix="Ouvrez le classeur dans Excel, appuyez sur F9, enregistrez-le, puis renvoyez-le.",
    source=_EXCEL,
    doc="""Le fichier contient des formules sans résultat : un programme l'a écrit sans le calculer.
    Le contrôle recalcule lui-même ; l'ARS, en l'ouvrant, verrait des cellules vides.""",
)

reading_rule(
    "STR-016",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.interpret",),
    title="Dates comptées depuis 1904",
    message="le classeur compte les dates depuis 1904 : elles ont été lues dans ce calendrier",
    fix="Laissez ce réglage comme il est : le décocher décalerait toutes vos dates de quatre ans. "
    "Pour en sortir, reportez vos données dans un modèle vierge (« transvaser » le fait).",
    source=_EXCEL,
    doc="""D'anciens Excel pour Mac comptent les jours depuis 1904. Les dates sont lues justes, mais
    elles se décaleront de quatre ans si elles sont collées ailleurs.""",
)

reading_rule(
    "STR-017",
    INFORMATION,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.formula_remarks",),
    title="Complément CPOM absent",
    message="des fonctions CPOM de la feuille « {feuille} » affichent {erreur} : "
    "le complément n'est pas installé",
    fix="Rien à faire : le contrôle recalcule ces valeurs. Le complément est facultatif.",
    source=_EXCEL,
    doc="""Sans le complément, Excel ne connaît pas les fonctions CPOM et affiche #NOM?. D'autres
    erreurs disent la même chose : #REF! quand le complément n'est plus à sa place, #VALEUR! quand
    LibreOffice ouvre un classeur en LAMBDA. Les valeurs sont recalculées par le contrôle.""",
)

reading_rule(
    "STR-020",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.location",),
    title="Feuille renommée mais reconnue",
    message="la feuille « {lu} » a été lue comme « {feuille} »",
    fix="Rétablissez le nom « {feuille} ».",
    expected="{feuille}",
    source=_GABARIT,
    doc="""Le nom de la feuille diffère de celui du modèle, mais il n'y a pas de doute sur ce
    qu'elle est : nom voisin, ou colonnes de cette feuille. Ses données sont lues.""",
)

reading_rule(
    "STR-021",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.location",),
    title="Feuille en double",
    message="la feuille « {lu} » fait double emploi avec « {lue} », qui a seule été lue",
    fix="Gardez une seule des deux feuilles, avec toutes les données.",
    source=_GABARIT,
    doc="""Deux feuilles portent le nom d'une même feuille du modèle. La plus remplie est lue ;
    l'autre est ignorée.""",
)

reading_rule(
    "STR-022",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.headers",),
    title="Colonne en double",
    message="la colonne « {lu} » figure deux fois dans la feuille « {feuille} » ; "
    "seule la première est lue",
    fix="Gardez une seule des deux colonnes, avec toutes les données.",
    source=_GABARIT,
    doc="""Deux en-têtes désignent la même colonne du modèle. La première est lue.""",
)

reading_rule(
    "STR-023",
    INFORMATION,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.headers",),
    title="Colonne ajoutée",
    message="la colonne « {lu} » n'existe pas dans le modèle : elle n'est pas lue",
    fix="Rien à faire si cette colonne est un aide-mémoire ; sinon, reportez ses données.",
    source=_GABARIT,
    doc="""Le contrôle ne lit que les colonnes du modèle.""",
)

reading_rule(
    "STR-024",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.headers", "xl_cpom.workbook.interpretation.rows"),
    title="Colonne facultative introuvable",
    message="{objet} « {colonne} » est introuvable dans la feuille « {feuille} »",
    fix="Remettez {objet} « {colonne} » du modèle.",
    expected="{colonne}",
    source=_GABARIT,
    doc="""Une colonne facultative ou calculée a été supprimée. Les règles qui en dépendent ne sont
    pas contrôlées.""",
)

reading_rule(
    "STR-025",
    BLOQUANT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.rows",),
    title="Ligne fixe du modèle supprimée",
    message="la ligne {ligne_attendue} de la feuille « {feuille} » est introuvable",
    fix="Remettez la ligne {ligne_attendue} du modèle.",
    expected="la ligne {ligne_attendue}",
    source=_GABARIT,
    doc="""Les feuilles « Modules » et « Indicateurs » ont des lignes fixes, toutes attendues.""",
)

reading_rule(
    "STR-026",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.rows",),
    title="Ligne inconnue dans une feuille à lignes fixes",
    message="la ligne « {lu} » n'est pas une ligne du modèle : elle n'est pas lue",
    fix="Supprimez cette ligne, ou rétablissez le code du modèle.",
    source=_GABARIT,
    doc="""Les feuilles « Modules » et « Indicateurs » n'admettent que les lignes du modèle.""",
)

reading_rule(
    "STR-028",
    INFORMATION,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.sheet_remarks",),
    title="Classeur enregistré par un autre programme qu'Excel",
    message="le classeur a été enregistré par {programme}",
    fix="Rien à faire si le classeur s'ouvre bien dans Excel.",
    source=_EXCEL,
    doc="""LibreOffice, Google Sheets et d'autres programmes lisent le modèle, mais peuvent
    perdre des listes, des couleurs ou des protections.""",
)

reading_rule(
    "STR-029",
    INFORMATION,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.sheet_remarks",),
    title="Filtre actif",
    message="un filtre est actif dans la feuille « {feuille} » : des lignes peuvent être cachées",
    fix="Retirez le filtre pour voir toutes les lignes. Elles sont toutes contrôlées.",
    source=_EXCEL,
    doc="""Les lignes qu'un filtre cache sont lues et contrôlées comme les autres.""",
)

reading_rule(
    "STR-030",
    BLOQUANT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.headers",),
    title="En-têtes introuvables",
    message="les en-têtes de la feuille « {feuille} » sont introuvables : elle n'a pas pu être lue",
    fix="Remettez la ligne d'en-têtes du modèle au-dessus des données.",
    source=_GABARIT,
    doc="""La feuille existe, mais aucune de ses lignes ne ressemble à celle des en-têtes.""",
)

reading_rule(
    "STR-031",
    INFORMATION,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.headers",),
    title="Colonnes déplacées",
    message="des colonnes de la feuille « {feuille} » ont été déplacées : {colonnes}",
    fix="Rien à faire ; remettez si possible les colonnes dans l'ordre du modèle.",
    source=_GABARIT,
    doc="""Les colonnes sont reconnues par leur en-tête, quel que soit leur ordre.""",
)

reading_rule(
    "STR-034",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.formula_remarks",),
    title="Cellule calculée en erreur",
    message="la formule de la colonne « {colonne} » affiche {erreur}",
    fix="Saisissez la formule du modèle, « {attendu} », dans la cellule{copie}.",
    expected="{attendu}",
    source=_EXCEL,
    doc="""Une formule du modèle est cassée, souvent après une suppression de lignes ou de feuilles.
    Le contrôle recalcule la valeur.""",
)

reading_rule(
    "STR-035",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.sheet_remarks",),
    title="Formule modifiée",
    message="la formule de la colonne « {colonne} » n'est plus celle du modèle",
    fix="Saisissez la formule du modèle, « {attendu} », dans la cellule{copie}.",
    expected="{attendu}",
    source=_GABARIT,
    doc="""La formule d'une cellule calculée a été changée. Le résultat affiché n'est pas retenu
    : le contrôle le recalcule.""",
)

reading_rule(
    "STR-036",
    BLOQUANT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.interpret",),
    title="Version du modèle inattendue",
    message="le classeur vient de la version {lu} du modèle ; la version attendue est {attendu}",
    fix="Demandez à l'ARS le modèle de l'année, et reportez-y vos données (« transvaser » le "
    "fait).",
    expected="{attendu}",
    source=_GABARIT,
    doc="""Chaque campagne a sa version du modèle. Un classeur d'une autre version peut être
    contrôlé, mais il n'est pas recevable.""",
)

reading_rule(
    "STR-070",
    INFORMATION,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.interpret",),
    title="Version antérieure du modèle",
    message="le classeur suit la version {lu} du modèle : il est contrôlé comme elle le demande",
    fix="Rien à faire pour ce retour. « Transvaser » le reporte dans la version "
    "{attendu}, sans rien perdre.",
    expected="{attendu}",
    source=_GABARIT,
    doc="""Le modèle gagne des feuilles et des colonnes d'une version à l'autre (entrées et sorties,
    avenants, contractualisation). Un retour fait sur une version plus ancienne reste contrôlé avec
    ce que sa version demandait : rien de ce qu'elle n'avait pas ne lui manque.""",
)
