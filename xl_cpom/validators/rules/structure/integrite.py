"""STR: what is doubtful in the file itself, before its data: damage, ambiguity, macros, calls out.

Found by the reading (`workbook.intrusions`); the hostile workbooks of `tests/reliability` are their
examples.
"""

from __future__ import annotations

from xl_cpom.validators.declaration import reading_rule
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, INFORMATION, Scope
from xl_cpom.validators.rule_sources import Template

_EXCEL = Template("Comportement connu d'Excel et des autres tableurs")

reading_rule(
    "STR-037",
    BLOQUANT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.file_remarks",),
    title="Feuille abîmée",
    message="la feuille « {feuille} » est abîmée dans le fichier et n'a pas pu être lue ({raison})",
    fix="Ouvrez le classeur dans Excel ; s'il propose de le réparer, acceptez, vérifiez cette "
    "feuille et enregistrez. Sinon, reportez vos données dans un modèle vierge "
    "(« transvaser » le fait pour les autres feuilles).",
    source=_EXCEL,
    doc="""Le contenu de la feuille est interrompu ou mal formé : ce qui y est saisi est inconnu. Un
    classeur dont une feuille n'a pas été lue n'est jamais recevable.""",
)

reading_rule(
    "STR-038",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.file_remarks",),
    title="Cellules écrites deux fois ou en désordre",
    message="la feuille « {feuille} » n'est pas écrite comme le fait Excel ({raison})",
    fix="Ouvrez le classeur dans Excel, vérifiez ces cellules, puis enregistrez-le sous un "
    "nouveau nom.",
    source=_EXCEL,
    doc="""Une cellule écrite deux fois, ou rangée ailleurs qu'à sa place, n'est pas lue de la même
    façon par tous les programmes : la valeur contrôlée peut différer de celle qu'Excel affiche.""",
)

reading_rule(
    "STR-039",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.file_remarks",),
    title="Macros dans le classeur",
    message="le classeur contient des macros ; le modèle n'en a pas",
    fix="Dans Excel, enregistrez-le au format « Classeur Excel (*.xlsx) », sans macros.",
    source=_EXCEL,
    doc="""Les macros ne sont jamais exécutées par le contrôle. Elles le seraient par la
    personne qui ouvrira le classeur.""",
)

reading_rule(
    "STR-040",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.file_remarks",),
    title="Formule qui sort du classeur",
    message="des formules {lieu} appellent un autre programme ou internet ({fonction})",
    fix="Remplacez ces formules par leur valeur (Collage spécial, Valeurs).",
    source=_EXCEL,
    doc="""Ces formules interrogent un site ou un autre programme à l'ouverture. Le contrôle n'en
    suit aucune et lit la dernière valeur enregistrée.""",
)

reading_rule(
    "STR-043",
    INFORMATION,
    Scope.FICHIER,
    raised_by=("xl_cpom.validators.check",),
    title="Nom de fichier qui ne peut pas s'afficher",
    message="le nom du fichier contient des caractères qui ne s'affichent pas ; il est montré "
    "« {lu} »",
    fix="Renommez le fichier avec des lettres, des chiffres, des espaces et des tirets.",
    source=Template("Noms de fichiers d'un système à l'autre"),
    doc="""Un nom abîmé par une archive ou une messagerie, ou qui contient des caractères
    invisibles, n'est pas le même pour tous les programmes. Le classeur est contrôlé comme les
    autres ; seul son nom est remplacé dans les rapports, par un nom que rien d'autre ne porte.""",
)

reading_rule(
    "STR-041",
    AVERTISSEMENT,
    Scope.FICHIER,
    raised_by=("xl_cpom.workbook.interpretation.file_remarks",),
    title="Contenu actif dans le classeur",
    message="le classeur contient {contenu} ; le modèle n'en a pas",
    fix="Retirez ce contenu et transmettez à part les pièces jointes ; ou reportez vos données "
    "dans un modèle vierge.",
    source=_EXCEL,
    doc="""Un objet incorporé, un contrôle ActiveX, une connexion de données ou une extension web
    n'est ni lu ni lancé par le contrôle. Il peut l'être par qui ouvrira le classeur.""",
)
