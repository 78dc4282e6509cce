"""What the example tells of the life of its contract: its avenant, its diagnostic, its pilots."""

from __future__ import annotations

from xl_cpom.workbook.examples.compact_rows import jour, lignes
from xl_cpom.workbook.examples.organisme import (
    EAM,
    EHPAD_A,
    EHPAD_B,
    EHPAD_C,
    EHPAD_D,
    ESAT,
    IME,
    MAS,
    SESSAD,
    SSIAD,
)

AVENANTS = lignes(
    "numero date_signature date_effet objet concerne signataires",
    ("1", jour("20/06/2026"), jour("01/07/2026"), "module activé ou retiré", "DIFFICULTE",
     "ARS ; CD 21 ; organisme gestionnaire"),
)  # fmt: skip

REFERENTS = lignes(
    "role nom fonction courriel nomme_le forme forme_le",
    ("Référent CPOM", "Camille Martin", "Responsable qualité",
     "camille.martin@les-tilleuls.example.fr", jour("05/01/2026"), None, None),
    ("Référent SI", "Dominique Bernard", "Responsable des systèmes d'information",
     "dominique.bernard@les-tilleuls.example.fr", jour("05/01/2026"), "Oui", jour("12/03/2026")),
)  # fmt: skip

PHOTOGRAPHIE_SI = lignes(
    "finess_et completude mises_a_jour date_autodiagnostic",
    (EHPAD_A, 0.9, 6, jour("12/09/2025")),
    (EHPAD_B, 0.85, 5, jour("12/09/2025")),
    (EHPAD_C, 0.7, 4, jour("16/09/2025")),
    (EHPAD_D, 0.8, 4, jour("16/09/2025")),
    (SSIAD, 0.6, 2, jour("18/09/2025")),
    (IME, 0.75, 4, jour("23/09/2025")),
    (SESSAD, 0.65, 3, jour("23/09/2025")),
    (ESAT, 0.5, 2, jour("25/09/2025")),
    (MAS, 0.7, 3, jour("25/09/2025")),
    (EAM, 0.55, 2, jour("30/09/2025")),
)

_SHARED = (jour("14/11/2025"), "ARS ; CD 21, 71 et 90 ; conseils de la vie sociale")
_REDIGE = (None, None, None, None, "Oui", *_SHARED)

CONTRACTUALISATION = lignes(
    "code offre autorisations partenariats fragilites plan_redige partage_le partage_avec",
    ("TRANSFO/PA", "Quatre EHPAD et un SSIAD ; accueil de jour saturé à Dijon.",
     "Toutes en cours de validité ; quatre places d'hébergement temporaire à redéployer.",
     "Convention avec le DAC 21 et deux centres hospitaliers.", None, "Oui", *_SHARED),
    ("TRANSFO/PH", "IME, SESSAD, ESAT, MAS et EAM ; liste d'attente au SESSAD.",
     "Toutes en cours de validité ; douze places d'IME à transformer en SESSAD.",
     "Conventions avec l'Éducation nationale et le DITEP voisin.", None, "Oui", *_SHARED),
    *((f"{module}/{secteur}", *_REDIGE) for module in ("UNESANTE", "PREVENTION", "SI", "HAS")
      for secteur in ("PA", "PH")),
    *((f"EFFICIENCE/{secteur}", None, None, None, "Voir la feuille « Points de fragilité ».",
       None, *_SHARED) for secteur in ("PA", "PH")),
    ("INSPECTION/PA", *_REDIGE),
)  # fmt: skip
