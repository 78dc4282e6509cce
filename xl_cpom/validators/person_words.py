"""The words of the sector that tell a person accompanied from one who works there.

What is said near a name: what the person is, whose relative, what happened, where; a profession,
a meeting, a signature. `named_persons` puts them together; `tests/data/personnes.txt` judges them.
"""

from __future__ import annotations

import re

from xl_cpom.lazy_regex import lazy_pattern

MAJ = "A-ZÀ-ÖØ-Þ"
MOT = rf"[{MAJ}][\wÀ-ÿ'’-]*"
TITLE = r"(?:M\.|MM\.|Mr\.?|MR|Mme\.?|MME|Mmes|Mlle\.?|[Mm]onsieur|[Mm]adame|[Mm]ademoiselle)"
TITULAIRE = rf"{TITLE}(?:\s+et\s+{TITLE})?\s*{MOT}\.?(?:\s+{MOT}\.?){{0,2}}"
LIBRE = rf"(?:[{MAJ}]\.\s?-?[{MAJ}]\.|{MOT}(?:\s+{MOT}\.?){{0,2}})"

ACCOMPAGNE = (
    r"(?:résident|usager|usagère|patient|pensionnaire|bénéficiaire|jeune|enfant|adolescent|"
    r"personne (?:accompagnée|accueillie|âgée|handicapée|protégée)|travailleur handicapé|"
    r"travailleuse handicapée|couple de résidents|locataire|stagiaire accueilli|élève|"
    r"adulte accueilli|majeure? protégé|mineure? accueilli)"
)
ACC = rf"(?i:{ACCOMPAGNE}e?)(?![\w’'-])"
ACCS = rf"(?i:{ACCOMPAGNE}e?s?)(?![\w’'-])"
CLOSE = (
    r"(?i:fille|fils|mère|père|maman|papa|sœur|soeur|frère|épouse|époux|mari|conjointe?|compagne|"
    r"compagnon|nièce|neveu|petite?-fille|petits?-fils|parents?|enfants|famille|tutrice|"
    r"curatrice|tuteur|curateur|mandataire(?: judiciaire)?|aidante?|proches?|entourage|"
    r"représentante? légale?|belle-fille|beau-fils|belle-mère|gendre|oncle|tante|cousine?|"
    r"grand-mère|grand-père|grands-parents|veuve|veuf|couple)"
)
EVENEMENT = (
    r"(?i:hospitalisation|décès|chutes?|fugues?|suicide|agression|agressée?|contention|curatelle|"
    r"tutelle|sauvegarde|maltraitance|escarres?|troubles? du comportement|pathologie|maladie|"
    r"handicap|démence|dossier(?: médical)?|admission|sortie|relogement|orientation|exclusion|"
    r"projet (?:personnalisé|individualisé|de vie)|PAP|PVI|contrat de séjour|directives anticipées|"
    r"régime(?: mixé)?|retour à domicile|suivi (?:psychiatrique|médical)|fin de vie|traitement|"
    r"erreur (?:médicamenteuse|d'administration)|vol|conflit|situation|notification|amendement "
    r"creton|protéger|signalement|accompagnement|plan (?:d'aide|personnalisé)|mise sous contention|"
    r"expulsion|impayés?|facture|GIR|E\.?I\.?G\.?S?|plainte|réclamation|incontinence|dénutrition|"
    r"douleurs?|troubles?|notification|perte|sondage|pansement|poids|toilette|traitement|"
    r"prise en charge|hébergement|expulsion|violences?|fracture|plaies?|PPA|PPI|PPS|projet(?= d)|"
    r"MDPH|CDAPH|chambre|soins?(?= d)|accueil de jour|accueil temporaire|répit|scolarisation|"
    r"placement|transfert|inclusion|crises?(?= d)|angoisses?|isolement|errance|médicaments?|"
    r"mesure de protection|dettes?|obsèques|enterrement|anniversaire|"
    r"évaluation (?:gériatrique|médicale|cognitive|des besoins)|grille|"
    r"carte (?:mobilité|d'invalidité)|"
    r"APA|PCH|AAH|aide sociale|"
    r"allocation|prothèses?|dentier|lunettes|appareils? auditifs?|fauteuil(?: roulant)?|"
    r"lit médicalisé|effets personnels|bijoux|compte bancaire|mobilité|nutrition|autonomie|"
    r"glycémie|perfusion|sonde|transferts|levers?|couchers?|coucher|vêtements|linge(?= d))"
)
STATE = (
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
    r"rentrer chez|se plaint|partage (?:la|sa|une) chambre|vient (?:le|les|chaque|deux|trois)|"
    r"chambre|en unité protégée|unité de vie|en internat|en famille d'accueil|scolarisée?|"
    r"déscolarisée?|orientée?|réorientée?|prise? en charge|bénéfici\w+|accompagnée?\b|admise?\b|"
    r"hospitalis\w+|est malade|a été vue?|crise|s'isole|s'ennuie|pleure|crie|insult\w+|frapp\w+|"
    r"est sous|vit\b|ne [\wà-ÿ]+ (?:plus|pas|que)\b|n'[\wà-ÿ]+ (?:plus|pas)\b|AVC|"
    r"demande (?:à|de) (?:changer|sortir|rentrer|partir|quitter|voir|rester|dormir|être)|"
    r"en hébergement|en accueil|a (?:fait|eu) (?:un|une) (?:malaise|crise|chute|AVC|infarctus)|"
    r"malaise|opérée?|se déplace|en fauteuil|aveugle|malvoyante?|malentendante?|sourde?\b|"
    r"appareillée?|alitée?|perfus\w+|veuve?\b|tutelle|curatelle|présente (?:un|une|des)|"
    r"et (?:sa|son) (?:fille|fils|mari|épouse|mère|père|famille)|"
    r"violences? de son)"
)
ACCUEILLI = (
    r"(?i:accueillie?|hébergée?|admise?|suivie?|scolarisée?|placée?|prise? en charge|orientée?|"
    r"sous (?:tutelle|curatelle))(?![\w’'-])"
)
PRENOM = (
    r"(?:(?:Jean|Marie|Anne|Pierre|Paul)[- ])?"
    r"(?:Aaron|Adam|Adèle|Adrien|Agathe|Alain|Albert|Alexandre|"
    r"Alice|Alicia|Amélie|Amina|Amir|André|Andrée|Anaïs|Anna|Anne|Antoine|Antonin|Arthur|Aurélie|"
    r"Axel|Aya|Baptiste|Bastien|Benjamin|Benoît|Bernadette|Bernard|Brigitte|Bruno|Camille|"
    r"Candice|Caroline|Catherine|Cécile|Céline|Chantal|Charles|Charlotte|Chloé|Christian|"
    r"Christiane|Christine|Christophe|Claire|Clara|Claude|Claudette|Clémence|Clément|Colette|"
    r"Corentin|Damien|Daniel|Danielle|David|Denis|Denise|Didier|Dominique|Dylan|Éden|Edith|"
    r"Édith|Éléna|Élise|Élodie|Éliane|Élisabeth|Emma|Emmanuel|Émile|Émilie|Enzo|Éric|Ethan|"
    r"Étienne|Eugène|Eva|Éva|Évelyne|Fatima|Fabien|Fabrice|Félix|Florence|Florian|Francis|"
    r"Franck|François|Françoise|Frédéric|Gabin|Gabriel|Gabrielle|Gaëtan|Geneviève|Georges|"
    r"Georgette|Gérard|Germaine|Gilbert|Gilles|Ginette|Gisèle|Gaston|Guillaume|Guy|Henri|"
    r"Henriette|Hélène|Hervé|Hugo|Ibrahim|Inès|Irène|Isabelle|Jacqueline|Jacques|Jade|Jean|"
    r"Jeanne|Jeannine|Jérôme|Joseph|Josette|Josiane|Jocelyne|Jordan|Jules|Julie|Julien|Juliette|"
    r"Justine|Karim|Karine|Kévin|Kylian|Laetitia|Laura|Laurence|Laurent|Léa|Léo|Léon|Léonie|"
    r"Liam|Lina|Lola|Louane|Louis|Louise|Loïc|Lucas|Lucie|Lucien|Lucienne|Lucette|Ludovic|Luna|"
    r"Maël|Maëlys|Madeleine|Malo|Manon|Marc|Marcel|Marcelle|Margaux|Marguerite|Maria|Marie|Marine|"
    r"Marion|Marius|Martin|Martine|Mathéo|Mathieu|Mathilde|Mathis|Matthieu|Maurice|Maxime|Mehdi|"
    r"Michel|Michèle|Micheline|Mila|Mireille|Mohamed|Monique|Morgane|Myriam|Nadia|Nadine|Nathalie|"
    r"Nathan|Nicolas|Nicole|Nina|Noa|Noah|Noé|Noémie|Océane|Odette|Odile|Olivia|Olivier|Pascal|"
    r"Pascale|Patrice|Patricia|Patrick|Paul|Paule|Paulette|Pauline|Philippe|Pierre|Pierrette|"
    r"Quentin|Raphaël|Raymond|Raymonde|Rachid|Rayan|Régine|Rémi|Renée?|Robert|Roger|Roland|"
    r"Romain|Romane|Rosa|Rose|Sabrina|Sacha|Samir|Samuel|Sandra|Sandrine|Sarah|Sébastien|Serge|"
    r"Simone?|Sofia|Solène|Sonia|Sophie|Stéphane|Stéphanie|Suzanne|Sylvain|Sylvie|Théo|Théa|"
    r"Thérèse|Thibault|Thierry|Thomas|Timéo|Tom|Tony|Valentin|Valérie|Valentine|Véronique|Victor|"
    r"Vincent|Viviane|Virginie|Yanis|Yannick|Yasmine|Yves|Yvette|Yvonne|Zoé|Zacharie)(?![\w’'-])"
)
"""Given names usual in France, for names without a title: « Retour à domicile de Jeanne »."""
NUMEROTE = (
    r"(?i:annexe|bâtiment|unité|groupe|niveau|catégorie|étage|axe|module|service|option|lot|zone|"
    r"type|classe|grade|pavillon|équipe|partie|point|action|objectif|fiche|mme|m|mr|mlle|pr|dr|me)\b"
)
"""What a letter numbers, and is not somebody's initial."""
AGE = r"\d{1,3}\s+ans\b"
CHAMBRE = r"(?i:\b(?:chambre|ch\.?)\s*(?:n°\s*)?\d{1,4}\b)"
PROFESSION = (
    r"(?i:direct|référent|responsable|pilote|président|médecin|docteur|infirmi|psycholog|cadre|"
    r"chef|coordin|format|animat|représentant|administrat|secrétaire|comptable|éducat|conseill|"
    r"chargée?|élue?\b|maire|salariée?|agent|professionnel|intervenant|consultant|avocat|"
    r"qualiticien|ergothérap|kinésithérapeut|diététicien|assistante?\b|aide-soign|architecte|inspect|"
    r"préf[eè]|IDEC|DSI|ARS|délégation|tuteur de stage|moniteur|juriste|expert|auditeur|notaire|"
    r"commissaire|technicien|gestionnaire|adjointe?|qualité|RH\b|DRH|RAQ|AMP|AES|cuisin|gouvernante|ling[eè]r|veilleu|économe|"
    r"intendante?|jardinier|maîtresse? de maison|chauffeur|orthophon|psychomot|ouvri|archiviste|"
    r"trésori|vice-|sous-préf|ministre|\bIDE\b|\bASH?\b|aide-médico|surveillant)"
)
AFTER_PRO = lazy_pattern(
    r"\s*[,(–-]?\s*(?:(?:une?|le|la|notre|leur|nouvelle|nouveau|ancienne?|future?|par intérim)"
    rf"\s+){{0,3}}{PROFESSION}"
)
BEFORE_PRO = lazy_pattern(
    rf"(?:{PROFESSION}[\wÀ-ÿ-]*(?:\s+(?:de|du|des|la|technique|général\w*|médical\w*)(?:\s+\w+)?)?"
    r"|\b(?i:suivi|contact|validation par|recrutement d[e']|arrivée d[e']|"
    r"départ en retraite d[e']))"
    r"\s*[,:(]?\s*$"
)
EMPLOI = lazy_pattern(
    r"[^.;!?\n]{0,30}?(?i:son arrêt|ses fonctions|remplacée?|(?<!en )équipe|au siège|pilote|anime|"
    r"poste|assure|présente (?:le|la|les|au|aux|en)|rédige|transmet|valide|coordonne|forme\b|signe)"
)
EMPLOI_BEFORE = lazy_pattern(
    r"(?i:poste|congé|arrêt|remplacement|recrutement|fonctions|astreinte|équipe)[^.;!?\n]{0,20}$"
)
"""What says of a name that somebody works there."""
WORK = (
    r"réunions?|présents?|conseil d'administration|CA\b|CODIR|CVS|CSE|comité|bureau\b|"
    r"commission|groupe de travail|signée?s?\b|signature|signataires?|validée?s?\b|"
    r"rédigée?s?\b|anim\w+|pilot\w+|form\w+|nommée?|nomination|recrut\w+|embauch\w+|succède|"
    r"succession|intérim|siègent?|siège|départ|retraite|congés?|remplac\w+|équipes?|service\b|"
    r"poste|mission|audit\w*|inspect\w+|évaluat\w+|contrôle|présente (?:le|la|les|au|aux|en)|"
    r"présentée?s?\b|assure|transmet|coordonne|dirige|rejoint|inaugur\w+|ARS|département|"
    r"cabinet|prestataire|fournisseur|entretien annuel|entretiens? professionnels?|mandat\b|"
    r"élections?|élue?s?\b|bénévol\w+|partenari\w+|convention|diplôm\w+|VAE|ratio|ETP|CDI|CDD|"
    r"stagiaire|intervien\w+|intervention|intervenue|accompagne les|échange|courriel|mail|"
    r"téléphone|tél|adresse|copie|vœux|remerci\w+|diffus\w+|en charge d|chargée? d|référen\w+|"
    r"qualité|projet d'établissement|règlement|budget|EPRD|ERRD|CPOM|DUI|logiciel|"
    r"informatique|travaux|chantier|salles?|dénommée?|baptisée?|appui|l'association|soutien de|"
    r"facturation|paie|comptab\w+|gestion|organise|réorganise|gère|tient\b|supervise|encadre|"
    r"prépare|met à jour|planning|permanence|relaie|contrôle|réception\w*|suit (?:le|la|les)\b"
)
SENTENCE_END = re.compile(r"(?<![A-ZÀ-Þ])(?<!\bMme)[.;!?]\s|\n")
WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
_RELIE = r"(?:(?:de|du|des|d['’]|la|le|les|l['’])\s*)*"
_SUITE = r"(?:[\s-]+(?:d['’]|de\s+|et\s+)?"
SPOT = re.compile(
    r"\b(?i:rue|avenue|boulevard|place|allée|impasse|chemin|quai|lotissement|école|collège|lycée)\s+"
    rf"{_RELIE}{MOT}{_SUITE}{MOT})*"
    r"|\b(?i:résidences?(?: autonomie| services?| sociale)?|ehpad|foyers?|écoles|crèche|université|"
    r"unité|hôpital|clinique|centre|"
    r"associations?|fondation|groupe|cabinet|maison|mas|fam|ime|itep|esat|site|salle|bâtiment|"
    r"pavillon|projet|villa|domaine|château|institut|logiciel|audit|loi|plan|syndrome|maladie|"
    r"échelle|méthode|grille|accueil de jour)\s+"
    rf"{_RELIE}(?!{TITLE}\s){MOT}{_SUITE}(?!{TITLE}\s){MOT})*"
)
"""What bears somebody's name: a street keeps a title (« rue du Général M. Leclerc »), a house does
not (« le projet de Mme Girard »)."""
SIGLES = frozenset(
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
MALADIES = frozenset(("alzheimer", "parkinson", "creton", "rett", "diogène", "down"))
