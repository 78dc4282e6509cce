"""Persons in a free text: who is named, and is it somebody who is accompanied?

A CPOM names its directors and its pilots; it has no reason to name a resident, nor the daughter of
one. What tells them apart is next to the name, in the same sentence: a title, what the person is
(« résidente », « cadre de santé »), what happened (« chute de »), where (« chambre 12 »), whose
relative. A profession clears the name it is attached to, and no other. Houses, streets and schools
that bear a name are set aside first.

The words are those of the sector; `tests/data/personnes.txt` holds the texts they are judged on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

MASK = "•••"

_MAJ = "A-ZÀ-ÖØ-Þ"
_WORD = rf"[{_MAJ}][\wÀ-ÿ'’-]*"
_TITLE = r"(?:M\.|MM\.|Mr\.?|MR|Mme\.?|MME|Mmes|Mlle\.?|[Mm]onsieur|[Mm]adame|[Mm]ademoiselle)"
_TITULAIRE = rf"{_TITLE}(?:\s+et\s+{_TITLE})?\s*{_WORD}\.?(?:\s+{_WORD}\.?){{0,2}}"
_LIBRE = rf"(?:[{_MAJ}]\.\s?-?[{_MAJ}]\.|{_WORD}(?:\s+{_WORD}\.?){{0,2}})"

_ACCOMPAGNE = (
    r"(?:résident|usager|usagère|patient|pensionnaire|bénéficiaire|jeune|enfant|adolescent|"
    r"personne (?:accompagnée|accueillie|âgée|handicapée|protégée)|travailleur handicapé|"
    r"travailleuse handicapée|couple de résidents)"
)
_ACC = rf"(?i:{_ACCOMPAGNE}e?)(?![\w’'-])"
_ACCS = rf"(?i:{_ACCOMPAGNE}e?s?)(?![\w’'-])"
_CLOSE = (
    r"(?i:fille|fils|mère|père|maman|papa|sœur|soeur|frère|épouse|époux|mari|conjointe?|compagne|"
    r"compagnon|nièce|neveu|petite?-fille|petits?-fils|parents?|enfants|famille|tutrice|"
    r"curatrice|belle-fille|gendre|couple)"
)
_EVENEMENT = (
    r"(?i:hospitalisation|décès|chutes?|fugues?|suicide|agression|agressée?|contention|curatelle|"
    r"tutelle|sauvegarde|maltraitance|escarres?|troubles? du comportement|pathologie|maladie|"
    r"handicap|démence|dossier(?: médical)?|admission|sortie|relogement|orientation|exclusion|"
    r"projet (?:personnalisé|individualisé|de vie)|PAP|PVI|contrat de séjour|directives anticipées|"
    r"régime(?: mixé)?|retour à domicile|suivi (?:psychiatrique|médical)|fin de vie|traitement|"
    r"erreur (?:médicamenteuse|d'administration)|vol|conflit|situation|notification|amendement "
    r"creton|protéger|signalement|accompagnement|plan (?:d'aide|personnalisé)|mise sous contention|"
    r"expulsion|impayés?|facture|GIR|E\.?I\.?G\.?S?|plainte|réclamation|incontinence|dénutrition|"
    r"douleurs?|troubles?|notification|perte|sondage|pansement|poids|toilette|traitement|"
    r"prise en charge|hébergement|expulsion|violences?|fracture|plaies?)"
)
_STATE = (
    r"(?i:atteinte?s?\b|souffr\w+|hospitalisée?s?\b|décédée?\b|diagnostiquée?\b|handicapée?\b|"
    r"démente?\b|sous (?:tutelle|curatelle|contention|sauvegarde)|dépendante?\b|grabataire|"
    r"(?:est )?tombée?\b|a chuté|a fugué|refuse|ne (?:supporte|se lève|mange|marche)|présente des|"
    r"agressi\w+|diabétique|épileptique|désorientée?|s'est (?:plainte?|aggravée?)|a quitté|"
    r"a mordu|a été (?:retrouvée?|placée?|exclue?|relogée?|admise?)|est en fin de vie|GIR\s*\d|"
    r"Alzheimer|Parkinson|démen\w+|autis\w+|trisomi\w+|schizophr\w+|épilep\w+|cancer|"
    r"diab[èé]t\w+|VIH|escarres?|souhaite (?:un|une|partir|rester)|conteste|partagent|"
    r"relogée?|relogés|suivie? par|insuline|amendement creton|vieillissante?|hébergée?|accueillie?|"
    r"retrouvée?|inconscient|s'alimente|ne mange|n'accepte pas|ne veut|dort|déambule|dénutri|"
    r"incontinen|transférée?|fracture|neuroleptique|somnolent|poids|vit (?:à|au|dans)|veut rentrer|"
    r"rentrer chez|et (?:sa|son) (?:fille|fils|mari|épouse|mère|père|famille)|violences? de son)"
)
_AGE = r"\d{1,3}\s+ans\b"
_CHAMBRE = r"(?i:\b(?:chambre|ch\.?)\s*(?:n°\s*)?\d{1,4}\b)"
_PROFESSION = (
    r"(?i:direct|référent|responsable|pilote|président|médecin|docteur|infirmi|psycholog|cadre|"
    r"chef|coordin|format|animat|représentant|administrat|secrétaire|comptable|éducat|conseill|"
    r"chargée?|élue?\b|maire|salariée?|agent|professionnel|intervenant|consultant|avocat|"
    r"qualiticien|ergothérap|kinésithérap|diététicien|assistante?\b|aide-soign|architecte|inspect|"
    r"préf[eè]|IDEC|DSI|ARS|délégation|tuteur de stage|moniteur|juriste|expert|auditeur|notaire|"
    r"commissaire|technicien|gestionnaire|adjointe?|qualité|RH\b|DRH|RAQ|AMP|AES|cuisin)"
)
_AFTER_PRO = re.compile(
    r"\s*[,(–-]?\s*(?:(?:une?|le|la|notre|leur|nouvelle|nouveau|ancienne?|future?|par intérim)"
    rf"\s+){{0,3}}{_PROFESSION}"
)
_BEFORE_PRO = re.compile(
    rf"(?:{_PROFESSION}[\wÀ-ÿ-]*(?:\s+(?:de|du|des|la|technique|général\w*|médical\w*)(?:\s+\w+)?)?"
    r"|\b(?i:suivi|contact|validation par|recrutement d[e']|arrivée d[e']|"
    r"départ en retraite d[e']))"
    r"\s*[,:(]?\s*$"
)
_EMPLOI = re.compile(
    r"[^.;!?\n]{0,30}?(?i:son arrêt|ses fonctions|remplacée?|équipe|au siège|pilote|anime|poste)"
)
_EMPLOI_BEFORE = re.compile(
    r"(?i:poste|congé|arrêt|remplacement|recrutement|fonctions|astreinte|équipe)[^.;!?\n]{0,20}$"
)
"""What says of a name that somebody works there."""
_SPOT = re.compile(
    r"\b(?i:résidences?|ehpad|foyers?|rue|avenue|boulevard|place|allée|impasse|chemin|quai|"
    r"lotissement|écoles?|collège|lycée|crèche|université|unité|hôpital|clinique|centre|"
    r"associations?|fondation|groupe|cabinet|maison|mas|fam|ime|itep|esat|site|salle|bâtiment|"
    r"pavillon|projet|villa|domaine|château|institut|logiciel|audit|loi|plan|syndrome|maladie|"
    r"échelle|méthode|grille|accueil de jour)\s+"
    rf"(?:(?:de|du|des|d['’]|la|le|les|l['’])\s*)*{_WORD}(?:[\s-]+(?:d['’]|de\s+|et\s+)?{_WORD})*"
)
_SIGLES = frozenset(
    [
        "EHPAD",
        "ESAT",
        "IME",
        "FAM",
        "MAS",
        "SAVS",
        "SAMSAH",
        "SSIAD",
        "ITEP",
        "SESSAD",
        "CAMSP",
        "CMPP",
        "USLD",
        "UVP",
        "UHR",
        "PASA",
        "HAD",
        "GIR",
        "ARS",
        "CPOM",
        "CVS",
        "MDPH",
        "PAP",
        "PVI",
        "AGGIR",
        "PATHOS",
        "DUERP",
        "CPAM",
        "CAF",
        "ASE",
        "PJJ",
        "RGPD",
        "HAS",
        "ANAP",
        "DUI",
        "ERRD",
        "EPRD",
        "APA",
        "PCH",
        "AAH",
        "UDAF",
        "MJPM",
        "IDEC",
        "DITEP",
        "SAAD",
        "SPASAD",
        "AJ",
        "HT",
        "HP",
        "TSA",
        "TND",
    ]
)
_MALADIES = frozenset(("alzheimer", "parkinson", "creton", "rett", "diogène", "down"))


class NamedPerson(NamedTuple):
    """A name found: the text, and whether health or age is what gives it away."""

    text: str
    health: bool


class _Patterns(NamedTuple):
    titled: re.Pattern[str]
    free_before: re.Pattern[str]
    free_after: re.Pattern[str]
    relative: re.Pattern[str]
    room: re.Pattern[str]
    event: re.Pattern[str]
    after_accompanied: re.Pattern[str]
    before_accompanied: re.Pattern[str]
    after_health: re.Pattern[str]
    before_event: re.Pattern[str]
    before_relative: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    """Compiled at the first text that needs them: most workbooks have none."""
    comp = re.compile
    return _Patterns(
        titled=comp(rf"(?<![\w.]){_TITULAIRE}"),
        free_before=comp(rf"\b{_ACC}\s*[,:(]?\s*(?P<nom>{_LIBRE})"),
        free_after=comp(
            rf"(?P<nom>{_LIBRE})\s*[,(]\s*(?:{_ACC}|{_AGE}|née?\s+le\b|GIR\s*\d)"
            rf"|(?P<nom2>{_WORD}\s+{_WORD})\s+née?\s+le\b"
        ),
        relative=comp(
            rf"\b{_CLOSE}\s+(?:d['’]\s*|de\s+|du\s+)(?P<nom>{_LIBRE})"
            rf"|\b(?i:famille|couple)\s+(?P<nom2>{_WORD})"
        ),
        room=comp(rf"\b{_ACC}\s+(?:(?:de\s+)?la\s+)?(?P<nom>{_CHAMBRE})"),
        event=comp(
            r"\b(?i:hospitalisation|décès|chute|fugue|suicide|admission|sortie|orientation|"
            r"relogement|curatelle|tutelle|exclusion|amendement creton)\s*"
            rf"(?::|d['’]|de)\s*(?P<nom>{_WORD}(?:\s+{_WORD}\.?)?)"
        ),
        after_accompanied=comp(
            rf"\s*[,(]?\s*(?:(?:une?|le|la|notre|ce|cette|ancienne?|autre)\s+)?{_ACCS}"
            rf"|\s*,\s*{_CLOSE}\s+d"
        ),
        before_accompanied=comp(rf"\b{_ACCS}\s*[,:(]?\s*(?:de\s+)?$"),
        after_health=comp(rf"[^.;!?\n]{{0,45}}?(?:{_STATE}|{_CHAMBRE})|\s*[,(]\s*{_AGE}"),
        before_event=comp(
            rf"\b{_EVENEMENT}\b[^.;!?\n]{{0,32}}?(?:\bd['’e]\s*|\bde\s+|\bpar\s+|\bpour\s+|\bchez\s+"
            r"|\bconcernant\s+|\bentre\s+|\bet\s+|\bde\s+la\s+|:\s*)$"
            r"|\b(?i:régime\w*(?: \w+)?) pour\s+$|\bchez\s+$"
            rf"|\b{_EVENEMENT}\s*$"
        ),
        before_relative=comp(rf"\b{_CLOSE}\s+(?:de|d['’])\s*$|\b(?i:famille|couple)\s+$"),
    )


_INDICE = re.compile(
    rf"{_TITLE}|[{_MAJ}]\.|{_ACC}|{_CLOSE}\s+d|née?\s+le\b|{_AGE}|(?i:famille|couple)\s+[{_MAJ}]"
    r"|(?i:orientation|relogement|admission|creton)"
)
"""Without one of these no name is recognised: most texts end here."""


_WINDOW, _OVERLAP = 400, 100
"""Characters looked at together: what tells who a name is stands near it, and the time that a text
takes stays in proportion to its length."""


_NEAR = 70
"""Characters before or after a name that say who it is."""


@lru_cache(maxsize=1024)
def named_persons(text: str) -> tuple[NamedPerson, ...]:
    """The persons accompanied, or their relatives, whom a text names."""
    found: dict[NamedPerson, None] = {}
    for start in range(0, len(text), _WINDOW - _OVERLAP):
        window = text[start : start + _WINDOW]
        if _INDICE.search(window) is not None:
            found.update(dict.fromkeys(_in_window(window)))
        if start + _WINDOW >= len(text):
            break
    return tuple(found)


def _in_window(text: str) -> Iterator[NamedPerson]:
    shown = _SPOT.sub(lambda found: found[0].lower(), text)
    seen: set[tuple[int, int]] = set()
    yield from _titled(shown, seen)
    yield from _untitled(shown, seen)


def _titled(text: str, seen: set[tuple[int, int]]) -> Iterator[NamedPerson]:
    patterns = _patterns()
    for match in patterns.titled.finditer(text):
        before = text[max(0, match.start() - _NEAR) : match.start()]
        after = text[match.end() : match.end() + _NEAR]
        seen.add(match.span())
        if _AFTER_PRO.match(after) or _BEFORE_PRO.search(before):
            continue
        name = match[0].strip()
        if (
            patterns.after_accompanied.match(after)
            or patterns.before_accompanied.search(before)
            or patterns.before_relative.search(before)
        ):
            yield NamedPerson(name, health=False)
        elif _EMPLOI.match(after) or _EMPLOI_BEFORE.search(before):
            continue
        elif patterns.after_health.match(after) or patterns.before_event.search(before):
            yield NamedPerson(name, health=True)


def _untitled(text: str, seen: set[tuple[int, int]]) -> Iterator[NamedPerson]:
    patterns = _patterns()
    for match in patterns.room.finditer(text):
        yield NamedPerson(match["nom"], health=False)
    for pattern in (patterns.free_before, patterns.free_after, patterns.relative, patterns.event):
        for match in pattern.finditer(text):
            group = "nom" if match["nom"] else "nom2"
            name, (start, end) = match[group].strip(), match.span(group)
            if any(start < stop and begin < end for begin, stop in seen):
                continue
            if not _is_a_name(name) or _AFTER_PRO.match(text[end:]):
                continue
            yield NamedPerson(name, health=pattern is patterns.event)


def _is_a_name(name: str) -> bool:
    """Neither a sigle, nor an illness, nor the first word of a sentence in capitals."""
    words = name.replace(".", " ").split()
    first = words[0]
    if first in _SIGLES or first.lower() in _MALADIES:
        return False
    return not (len(words) == 1 and first.isupper() and 1 < len(first) < 4)
