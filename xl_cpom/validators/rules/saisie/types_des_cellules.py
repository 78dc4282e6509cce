"""FMT: what a cell holds, against the type of its column. Found by the coercion of the cells.

Examples are (kind, what the cell holds): a str is a text cell, a number a numeric cell, a date a
numeric cell shown as a date.
"""

from __future__ import annotations

import datetime as dt

from xl_cpom.validators.declaration import reading_rule
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, INFORMATION, Scope
from xl_cpom.validators.rule_sources import RuleSource, Template
from xl_cpom.workbook.model import Kind

_FINESS = RuleSource("FINESS, structure du numéro (ANS)", "trouvé")
_SAISIE = Template("Saisie d'un classeur Excel en français")
_EXCEL = Template("Dégâts connus d'Excel sur les identifiants et les codes")

reading_rule(
    "FMT-001",
    BLOQUANT,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.interpretation.coercion.identifiers",),
    title="Numéro FINESS mal formé",
    message="« {lu} » n'est pas un numéro FINESS : il faut 9 chiffres, ou « 2A » ou « 2B » puis "
    "7 chiffres{suggestion}",
    fix="Recopiez le numéro (exemple : 210780581) depuis FINESS, au format texte ; "
    "{conseil}{sinon}.",
    expected="9 chiffres : département, puis 7 chiffres",
    source=_FINESS,
    doc="""Un numéro FINESS compte neuf caractères : deux pour le département (2A et 2B en Corse),
    puis sept chiffres dont le dernier est une clé de contrôle.""",
    ok=[(Kind.FINESS, "210780581"), (Kind.FINESS, "2A0000014")],
    ko=[
        (Kind.FINESS, "2107805"),
        (Kind.FINESS, "EHPAD"),
        (Kind.FINESS, 21078),
        (Kind.FINESS, "21O780581"),
    ],
)

reading_rule(
    "FMT-002",
    BLOQUANT,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.interpretation.coercion.identifiers",),
    title="Clé du numéro FINESS fausse",
    message="la clé du numéro FINESS « {lu} » est fausse : un chiffre a dû être mal recopié",
    fix="Vérifiez le numéro dans FINESS et recopiez-le chiffre par chiffre.",
    expected="un numéro dont la clé est juste",
    source=_FINESS,
    doc="""Le dernier chiffre d'un numéro FINESS est une clé de Luhn calculée sur les huit autres
    (A vaut 1 et B vaut 2 pour la Corse). Une clé fausse signale une erreur de saisie.""",
    ok=[(Kind.FINESS, "210780581")],
    ko=[(Kind.FINESS, "210780582"), (Kind.FINESS, 210780582)],
)

reading_rule(
    "FMT-003",
    INFORMATION,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.interpretation.coercion.identifiers",),
    title="Zéro de tête perdu dans un identifiant",
    message="le numéro {nom} « {lu} » a perdu son zéro de tête ; il a été lu « {attendu} »",
    together="{nombre} numéros ont perdu leur zéro de tête ; il a été rétabli",
    together_fix="Rien à faire ; pour réparer les cellules, mettez-les au format Texte et "
    "saisissez de nouveau les numéros.",
    fix="Rien à faire ; pour réparer la cellule, mettez-la au format Texte et saisissez "
    "« {attendu} ».",
    source=_EXCEL,
    doc="""Excel retire les zéros de tête d'un identifiant saisi dans une cellule de nombre. Le
    zéro n'est rétabli que si le numéro obtenu a une clé juste.""",
    ok=[(Kind.FINESS, "010002228")],
    ko=[(Kind.FINESS, 10002228), (Kind.FINESS, "10002228")],
)

reading_rule(
    "FMT-004",
    INFORMATION,
    Scope.CELL,
    raised_by=(
        "xl_cpom.workbook.interpretation.coercion.identifiers",
        "xl_cpom.workbook.interpretation.coercion.texts",
    ),
    title="Identifiant enregistré comme un nombre",
    message="« {lu} » est enregistré comme un nombre, et non comme un texte ; il a été lu "
    "« {attendu} »",
    together="{nombre} identifiants sont enregistrés comme des nombres, et non comme des "
    "textes ; ils ont été lus",
    together_fix="Rien à faire ; pour réparer les cellules, mettez-les au format Texte et "
    "saisissez de nouveau les numéros.",
    fix="Rien à faire ; pour réparer la cellule, mettez-la au format Texte et saisissez "
    "« {attendu} ».",
    source=_EXCEL,
    doc="""Un identifiant n'est pas un nombre : Excel l'arrondit, l'affiche en notation
    scientifique ou en retire les zéros. La valeur a pu être relue sans perte cette fois.""",
    ok=[(Kind.FINESS, "210780581"), (Kind.SIRET, "35600000000048")],
    ko=[(Kind.FINESS, 210780581), (Kind.FINESS, "210780581.0")],
)

reading_rule(
    "FMT-005",
    BLOQUANT,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.interpretation.coercion.identifiers",),
    title="Numéro SIREN ou SIRET faux",
    message="« {lu} » n'est pas un numéro {nom} valable",
    fix="Mettez la cellule au format Texte, puis recopiez le numéro ({longueur} chiffres) depuis "
    "l'avis de situation de l'Insee{sinon}.",
    expected="{longueur} chiffres dont la clé est juste",
    source=RuleSource("Insee, répertoire Sirene", "connu"),
    doc="""Un SIREN compte 9 chiffres et un SIRET 14 ; leur dernier chiffre est une clé de Luhn.
    Les SIRET de La Poste suivent une règle particulière, admise ici.""",
    ok=[(Kind.SIREN, "356000000"), (Kind.SIRET, "35600000000048")],
    ko=[(Kind.SIREN, "356000001"), (Kind.SIRET, "3560000000004"), (Kind.SIREN, "abc")],
)

reading_rule(
    "FMT-006",
    INFORMATION,
    Scope.CELL,
    raised_by=(
        "xl_cpom.workbook.interpretation.coercion",
        "xl_cpom.workbook.interpretation.coercion.identifiers",
        "xl_cpom.workbook.interpretation.coercion.texts",
    ),
    title="Espaces, apostrophe ou guillemets superflus",
    message="« {lu} » contient des espaces, des guillemets ou d'autres signes en trop ; il a été "
    "lu « {attendu} »",
    together="{nombre} cellules contiennent des espaces, des guillemets ou d'autres signes "
    "en trop ; elles ont été lues sans eux",
    together_fix="Rien à faire ; pour réparer les cellules, saisissez leur valeur sans rien "
    "autour.",
    fix="Rien à faire ; pour réparer la cellule, saisissez « {attendu} », sans rien autour.",
    source=_SAISIE,
    doc="""Les espaces, souvent insécables, viennent d'un copier-coller ; d'autres signes ne se
    voient pas, ou entourent la valeur : guillemets, apostrophe, chiffres d'une autre largeur. Ils
    font échouer les recherches et les rapprochements.""",
    ok=[(Kind.FINESS, "210780581")],
    ko=[
        (Kind.FINESS, "21 078 058 1"),
        (Kind.FINESS, "210780581\u00a0"),
        (Kind.FINESS, "« 210780581 »"),
    ],
)

reading_rule(
    "FMT-007",
    BLOQUANT,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.interpretation.coercion.dates",),
    title="Date illisible",
    message="« {lu} » n'est pas une date lisible dans la colonne « {colonne} »{suggestion}",
    fix="Saisissez la date sous la forme 31/12/2026{sinon}.",
    expected="une date (jj/mm/aaaa)",
    source=_SAISIE,
    doc="""Une date se saisit sous la forme jj/mm/aaaa. « 31/12/28 » ou « le 31 déc. 2028 » n'ont
    qu'une lecture plausible : ils sont lus, et dits. Un trimestre, un mois ou un texte ne disent
    pas un jour : rien n'est deviné.""",
    ok=[(Kind.DATE, dt.date(2026, 12, 31))],
    ko=[(Kind.DATE, "fin 2026"), (Kind.DATE, "31/02/2026"), (Kind.DATE, 2026)],
)

reading_rule(
    "FMT-008",
    AVERTISSEMENT,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.interpretation.coercion.dates",),
    title="Date hors de la période plausible",
    message="la date {lu} est très éloignée du cycle du CPOM",
    fix="Vérifiez l'année : le jour et le mois, ou l'année, ont pu être mal saisis.",
    expected="une date entre {debut} et {fin}",
    source=_SAISIE,
    doc="""Les dates du classeur se situent autour du cycle du CPOM, entre les deux années que
    l'anomalie rappelle. Une date hors de ces bornes vient presque toujours d'une faute de frappe
    (1926 pour 2026) : elle n'est pas retenue, et les règles qui en dépendent ne sont pas
    contrôlées.""",
    ok=[(Kind.DATE, dt.date(2026, 1, 1))],
    ko=[(Kind.DATE, dt.date(1926, 1, 1)), (Kind.DATE, dt.date(2062, 1, 1))],
)

reading_rule(
    "FMT-009",
    BLOQUANT,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.interpretation.coercion.numbers",),
    title="Taux illisible",
    message="« {lu} » n'est pas un taux lisible dans la colonne « {colonne} »{suggestion}",
    fix="Saisissez un nombre seul (exemple : 85 % ou 0,85), sans texte{sinon}.",
    expected="un taux entre 0 % et 100 %",
    source=_SAISIE,
    doc="""Un taux est un nombre. « environ 80 », « en cours » ou « 80-90 % » ne peuvent être
    comptés.""",
    ok=[(Kind.TAUX, 0.85)],
    ko=[(Kind.TAUX, "environ 80 %"), (Kind.TAUX, "en cours")],
)

reading_rule(
    "FMT-010",
    AVERTISSEMENT,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.interpretation.coercion.numbers",),
    title="Taux saisi en points au lieu d'un pourcentage",
    message="« {lu} » n'est pas un pourcentage dans la colonne « {colonne} » ; il a été lu "
    "{attendu}",
    fix="Mettez la cellule au format Pourcentage, puis saisissez {attendu}.",
    source=_SAISIE,
    doc="""Dans une cellule sans format pourcentage, 85 vaut 8 500 %. La valeur a été divisée par
    cent, ce que vous devez confirmer.""",
    ok=[(Kind.TAUX, 0.85), (Kind.TAUX, 1)],
    ko=[(Kind.TAUX, 85)],
)

reading_rule(
    "FMT-011",
    AVERTISSEMENT,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.interpretation.coercion.numbers",),
    title="Point décimal au lieu de la virgule",
    message="« {lu} » est un texte écrit avec un point ; il a été lu {attendu}",
    fix="Saisissez le nombre avec une virgule : {attendu}.",
    source=_SAISIE,
    doc="""Dans un Excel français, « 0.85 » est un texte et non un nombre : il n'entre dans aucun
    calcul.""",
    ok=[(Kind.NUMBER, 0.85)],
    ko=[(Kind.NUMBER, "0.85"), (Kind.TAUX, "0.85")],
)

reading_rule(
    "FMT-012",
    INFORMATION,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.interpretation.coercion.codes",),
    title="Code transformé en date par Excel",
    message="Excel a transformé le code en date ({lu}) ; il a été lu « {attendu} »",
    fix="Rien à faire ; pour réparer la cellule, mettez-la au format Texte et saisissez "
    "« {attendu} ».",
    source=_EXCEL,
    doc="""Excel prend « 2.2.1 » pour le 2 février 2001, « 2.1 » pour le 2 janvier de l'année et
    « 1-2 » pour le 1er février. Le code est relu depuis la date quand un seul code de la liste, ou
    de la forme attendue, a pu la donner ; vous devez le confirmer.""",
    ok=[(Kind.CODE, "2.2.1")],
    ko=[(Kind.CODE, dt.date(2001, 2, 2))],
)

reading_rule(
    "FMT-013",
    BLOQUANT,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.model",),
    title="Valeur absente de la liste",
    message="« {lu} » n'est pas dans la liste de la colonne « {colonne} »{suggestion}",
    fix="Choisissez une valeur dans la liste déroulante de la cellule{sinon}.",
    expected="{attendu}",
    source=_SAISIE,
    doc="""La colonne n'admet que les valeurs de sa liste déroulante. Une valeur proche est
    proposée, mais jamais retenue à votre place.""",
    ok=[("statut_action", "Réalisée")],
    ko=[("statut_action", "Terminée"), ("statut_action", "Réalisé")],
)

reading_rule(
    "FMT-014",
    AVERTISSEMENT,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.interpretation.coercion.texts",),
    title="Adresse électronique mal formée",
    message="« {lu} » n'a pas la forme d'une adresse électronique",
    fix="Saisissez une seule adresse, sous la forme nom@organisme.fr.",
    expected="nom@organisme.fr",
    source=_SAISIE,
    doc="""L'ARS écrit à cette adresse ; elle doit comporter un nom, une arobase et un domaine.""",
    ok=[(Kind.EMAIL, "direction@exemple.fr")],
    ko=[(Kind.EMAIL, "direction.exemple.fr"), (Kind.EMAIL, "a@b, c@d")],
)

reading_rule(
    "FMT-015",
    BLOQUANT,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.model",),
    title="Cellule obligatoire vide",
    message="la cellule « {colonne} » est vide alors qu'elle est obligatoire",
    fix="Remplissez « {colonne} ».",
    expected="{attendu}",
    source=Template("Classeur standard « CPOM socle »"),
    doc="""Les colonnes marquées d'un astérisque sont obligatoires sur chaque ligne commencée.""",
)

reading_rule(
    "FMT-016",
    INFORMATION,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.interpretation.coercion.dates",),
    title="Date saisie comme un texte ou un nombre",
    message="« {lu} » n'est pas enregistré comme une date ; il a été lu {attendu}",
    fix="Rien à faire ; pour réparer la cellule, mettez-la au format Date et saisissez {attendu}.",
    source=_SAISIE,
    doc="""Une date enregistrée comme un texte n'entre dans aucun calcul. Elle a pu être relue sans
    doute possible.""",
    ok=[(Kind.DATE, dt.date(2026, 12, 31))],
    ko=[(Kind.DATE, "31/12/2026"), (Kind.DATE, "1er mars 2026"), (Kind.DATE, 46387)],
)

reading_rule(
    "FMT-018",
    INFORMATION,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.interpretation.coercion.numbers",),
    title="Taux saisi comme un texte",
    message="« {lu} » est enregistré comme un texte ; il a été lu {attendu}",
    together="{nombre} taux sont enregistrés comme des textes ; ils ont été lus",
    together_fix="Rien à faire ; pour réparer les cellules, mettez-les au format Pourcentage et "
    "saisissez de nouveau les taux.",
    fix="Rien à faire ; pour réparer la cellule, mettez-la au format Pourcentage et saisissez "
    "{attendu}.",
    source=_SAISIE,
    doc="""Un taux enregistré comme un texte n'entre dans aucun calcul. Il a pu être relu sans doute
    possible.""",
    ok=[(Kind.TAUX, 0.85)],
    ko=[(Kind.TAUX, "85 %"), (Kind.TAUX, "85"), (Kind.TAUX, "0,85")],
)

reading_rule(
    "FMT-019",
    INFORMATION,
    Scope.CELL,
    raised_by=(
        "xl_cpom.workbook.interpretation.coercion.numbers",
        "xl_cpom.workbook.interpretation.coercion.texts",
        "xl_cpom.workbook.interpretation.year_followed",
    ),
    title="Valeur de liste reconnue à une nuance près",
    message="« {lu} »{nuance} a été lu « {attendu} » dans la colonne « {colonne} »",
    fix="Rien à faire ; pour réparer la cellule, choisissez « {attendu} » dans sa liste.",
    source=_SAISIE,
    doc="""La valeur ne diffère de celle de la liste que par la casse, les accents, les espaces ou
    la ponctuation ; ou elle ne peut désigner qu'une valeur (« ☑ », « EHPAD (500) », « dépt 21 »).
    « Année suivie » est aussi lue quand elle est dite autrement (« 2027 », « année 2 »).
    Les formules d'Excel, elles, ne la reconnaissent pas toujours.""",
    ok=[("statut_action", "À démarrer")],
    ko=[
        ("statut_action", "a demarrer"),
        ("statut_action", "EN  COURS"),
        ("statut_action", "En-cours."),
        ("statut_action", "Re\u0301alise\u0301e"),
    ],
)

reading_rule(
    "FMT-020",
    BLOQUANT,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.interpretation.coercion.numbers",),
    title="Nombre illisible",
    message="« {lu} » n'est pas un nombre lisible dans la colonne « {colonne} »{suggestion}",
    fix="Saisissez un nombre seul{forme}{sinon}.",
    expected="un nombre",
    source=_SAISIE,
    doc="""La cellule attend un nombre. « 1.234 » peut se lire mille deux cent trente-quatre ou un
    peu plus d'un : rien n'est deviné.""",
    ok=[(Kind.NUMBER, 12.5)],
    ko=[(Kind.NUMBER, "1.234"), (Kind.NUMBER, "douze"), (Kind.NUMBER, dt.date(2026, 1, 1))],
)

reading_rule(
    "FMT-021",
    INFORMATION,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.interpretation.coercion.numbers",),
    title="Nombre saisi comme un texte",
    message="« {lu} » est enregistré comme un texte ; il a été lu {attendu}",
    together="{nombre} nombres sont enregistrés comme des textes ; ils ont été lus",
    together_fix="Rien à faire ; pour réparer les cellules, mettez-les au format Nombre et "
    "saisissez de nouveau les nombres.",
    fix="Rien à faire ; pour réparer la cellule, mettez-la au format Nombre et saisissez "
    "{attendu}.",
    source=_SAISIE,
    doc="""Un nombre enregistré comme un texte n'entre dans aucun calcul. Il a pu être relu sans
    doute possible.""",
    ok=[(Kind.NUMBER, 1234.5)],
    ko=[(Kind.NUMBER, "1 234,5"), (Kind.MONTANT, "250 000 €")],
)

reading_rule(
    "FMT-022",
    BLOQUANT,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.interpretation.coercion.numbers",),
    title="Nombre hors bornes",
    message="{lu} n'est pas possible dans la colonne « {colonne} », qui attend un nombre {bornes}",
    fix="Corrigez la valeur : il faut un nombre {bornes}.",
    expected="un nombre {bornes}",
    source=Template("Classeur standard « CPOM socle »"),
    doc="""Chaque colonne de nombre a des bornes : un taux va de 0 % à 100 %, une capacité n'est pas
    négative.""",
    ok=[(Kind.TAUX, 1)],
    ko=[(Kind.TAUX, -0.1), (Kind.TAUX, 1.2)],
)

reading_rule(
    "FMT-023",
    BLOQUANT,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.interpretation.coercion.numbers",),
    title="Nombre à virgule au lieu d'un nombre entier",
    message="{lu} n'est pas un nombre entier dans la colonne « {colonne} »",
    fix="Saisissez un nombre entier, sans décimale.",
    expected="un nombre entier",
    source=_SAISIE,
    doc="""Les places, les délais et les années se comptent en nombres entiers.""",
    ok=[(Kind.INTEGER, 80)],
    ko=[(Kind.INTEGER, 80.5)],
)

reading_rule(
    "FMT-025",
    BLOQUANT,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.interpretation.coercion",),
    title="Contenu de cellule abîmé",
    message="le contenu de la cellule est abîmé (« {lu} ») dans la colonne « {colonne} »",
    fix="Effacez la cellule, puis saisissez de nouveau sa valeur.",
    source=Template("Norme ECMA-376 (Office Open XML)"),
    doc="""Le fichier contient dans cette cellule une valeur qu'Excel ne peut pas écrire : un nombre
    infini ou une valeur sans rapport avec son type. Un autre programme l'a abîmée.""",
    ok=[(Kind.NUMBER, 1.0)],
    ko=[(Kind.NUMBER, "NaN!")],
)

reading_rule(
    "FMT-026",
    BLOQUANT,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.interpretation.coercion.codes",),
    title="Date à la place d'un code",
    message="la colonne « {colonne} » attend un code et contient la date {lu}{suggestion}",
    fix="Mettez la cellule au format Texte, puis saisissez le code{sinon}.",
    expected="un code au format texte",
    source=_EXCEL,
    doc="""Excel transforme en date ce qui y ressemble. Quand aucun code de la liste n'a pu donner
    cette date, ou que plusieurs l'ont pu, rien n'est deviné : le code est à ressaisir.""",
    ok=[(Kind.CODE, "2.2.1")],
    ko=[(Kind.CODE, dt.date(2024, 3, 15)), (Kind.CODE, "2024-03-15 00:00:00")],
)
