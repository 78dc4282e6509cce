"""The glossary: words of the field, and the names the référentiel gives to modules and systems."""

from __future__ import annotations

from collections.abc import Iterator

from tools.markdown import cellule
from xl_cpom.referentiel import load_referentiel
from xl_cpom.typography import typeset

WORDS = {
    "Annexe activité": "tableau prévisionnel d'activité déposé avec l'EPRD, un par établissement.",
    "Anomalie": "ce qu'une règle trouve : une cellule, une faute, une correction.",
    "ARS": "agence régionale de santé.",
    "Avertissement": "anomalie à corriger ou à justifier ; le classeur reste recevable avec "
    "réserves.",
    "Bloquant": "se dit d'une anomalie qui rend le classeur non recevable.",
    "CASF": "code de l'action sociale et des familles.",
    "CD": "conseil départemental.",
    "Certitude": "d'où vient une formule ou un seuil : « guide » (texte de l'ARS), « trouvé » "
    "(source publique), « connu » (usage), « inféré » (déduit, à confirmer par l'ARS).",
    "CPOM": "contrat pluriannuel d'objectifs et de moyens (CASF, art. L. 313-11), signé pour cinq "
    "ans entre un organisme gestionnaire et ses autorités.",
    "Dérogation": "accord écrit de l'ARS pour qu'une anomalie donnée ne compte pas, jusqu'à une "
    "date.",
    "e-CARS": "application nationale où sont saisis les objectifs et indicateurs des contrats.",
    "EHPAD": "établissement d'hébergement pour personnes âgées dépendantes.",
    "EPRD, ERRD": "état prévisionnel des recettes et des dépenses ; état réalisé.",
    "ESMS": "établissement ou service social ou médico-social.",
    "Exigible": "se dit d'un système d'information qu'une entité doit compléter l'année suivie.",
    "FINESS EJ": "numéro FINESS de l'entité juridique, c'est-à-dire de l'organisme gestionnaire.",
    "FINESS ET": "numéro FINESS de l'établissement ou du service (entité géographique).",
    "HAS": "Haute Autorité de santé, dont le référentiel sert à évaluer les ESMS ; critères "
    "impératifs et standards, cotés de 1 à 4, ★, NC ou RI.",
    "Levée": "une mesure est levée quand l'autorité l'écrit, par un courrier daté et référencé.",
    "Mesure": "injonction, prescription ou recommandation notifiée après un contrôle.",
    "N1 à N5": "première à cinquième année du contrat ; N6 en cas de prorogation.",
    "Non contrôlée": "se dit d'une règle qui n'a pas pu juger, avec sa raison : jamais une faute.",
    "OG": "organisme gestionnaire.",
    "PA, PH": "secteurs des personnes âgées et des personnes en situation de handicap.",
    "Périmètre": "colonne calculée qui dit pour quel module et quel secteur une ligne compte "
    "(« TRANSFO/PA ») ; vide, la ligne ne compte pas.",
    "Recevable": "verdict d'un classeur sans anomalie bloquante, avec ou sans réserves.",
    "SERAFIN-PH": "nomenclature nationale des besoins et prestations du secteur du handicap.",
    "SI": "système d'information.",
    "SIREN, SIRET": "numéros d'entreprise (9 chiffres) et d'établissement (14 chiffres) de "
    "l'INSEE.",
    "Transvaser": "reporter le contenu d'un classeur abîmé dans un classeur neuf.",
}


def pages_du_glossaire() -> Iterator[tuple[str, str]]:
    """(path, Markdown) of the page."""
    referentiel = load_referentiel()
    lines = ["# Glossaire", ""]
    lines += [f"- **{word}** : {sens}" for word, sens in WORDS.items()]
    lines += ["", f"## Modules du {referentiel.libelle}", "", "| Code | Module | Statut |",
              "|---|---|---|"]  # fmt: skip
    lines += [
        f"| {m.code} | {cellule(m.libelle)} | {m.statut} |" for m in referentiel.modules.values()
    ]
    lines += ["", "## Systèmes d'information", "", "| Code | Nom | Suivi par | Complet quand |",
              "|---|---|---|---|"]  # fmt: skip
    lines += [
        f"| {s.code} | {cellule(s.libelle)} | {s.niveau} | {cellule(s.test_complet)} |"
        for s in referentiel.si_proposes.values()
    ]
    yield "glossaire.md", typeset("\n".join(lines))
