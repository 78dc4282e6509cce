"""Activity, resources and indicators of the valid example."""

from __future__ import annotations

from typing import Any

from xl_cpom.workbook.examples.compact_rows import lignes
from xl_cpom.workbook.examples.organisme import EHPAD_A, EHPAD_B, ESAT, IME, MAS

_KEYS = (
    "finess_et exercice capacite_financee jours_ouverture journees_realisees journees_financees "
    "absences_72h effectif_31_12 sorties admissions durees_accompagnement jours_absence_personnes "
    "personnes_absentes personnes_derogation etp_budgetes etp_realises jours_abs_courte "
    "jours_abs_moyenne jours_abs_longue jours_abs_maternite jours_abs_at_mp "
    "jours_abs_conges_speciaux recrutements departs effectif_reel_n1 depenses_personnel "
    "prestations_externes sous_traitance caf produits_caf amortissements_constructions "
    "immobilisations_constructions emprunts financements_stables frng charges_courantes produits "
    "charges recettes_realisees recettes_previsionnelles depenses_realisees "
    "depenses_previsionnelles depenses_soins dotation_soins"
)

ACTIVITE = lignes(
    _KEYS,
    (EHPAD_A, 2026, 80, 365, 27740, 28324, 310, 78, 24, 22, 21600, 640, 40, 0, 58.5, 56.2, 420,
     510, 365, 224, 190, 45, 7, 6, 64, 2_850_000, 110_000, 40_000, 165_000, 4_150_000, 1_900_000,
     4_700_000, 1_200_000, 3_600_000, 540_000, 3_900_000, 4_150_000, 4_080_000, 4_150_000,
     4_120_000, 4_080_000, 4_100_000, 1_350_000, 1_380_000),
    (EHPAD_A, 2027, 80, 365, 28105, 28324, 298, 79, 22, 23, 20500, 612, 38, 0, 59, 57.1, 405, 480,
     340, 112, 160, 40, 6, 5, 65, 2_930_000, 98_000, 38_000, 182_000, 4_240_000, 2_040_000,
     4_700_000, 1_120_000, 3_650_000, 575_000, 3_960_000, 4_240_000, 4_150_000, 4_240_000,
     4_230_000, 4_150_000, 4_190_000, 1_392_000, 1_410_000),
    (EHPAD_B, 2027, 64, 365, 22484, 22659, 240, 63, 19, 19, 17300, 510, 31, 0, 46, 44.4, 350, 410,
     300, 0, 122, 30, 5, 6, 50, 2_240_000, 84_000, 30_000, 121_000, 3_300_000, 1_310_000,
     3_900_000, 980_000, 2_900_000, 410_000, 3_080_000, 3_300_000, 3_250_000, 3_300_000,
     3_290_000, 3_250_000, 3_270_000, 1_085_000, 1_102_000),
    (IME, 2027, 60, 210, 11970, 12096, None, 61, 9, 10, 18900, 420, 35, 4, 52, 50.5, 310, 360, 280,
     150, 90, 35, 5, 4, 57, 2_610_000, 75_000, 20_000, 140_000, 3_640_000, 1_050_000, 2_800_000,
     600_000, 2_500_000, 480_000, 3_400_000, 3_640_000, 3_580_000, 3_640_000, 3_600_000, 3_580_000,
     3_590_000, None, None),
    (ESAT, 2027, 90, 225, 19440, 19845, None, 91, 6, 7, 26000, 700, 52, 0, 24, 23.5, 140, 160, 120,
     0, 60, 12, 2, 2, 26, 1_180_000, 30_000, 10_000, 96_000, 1_920_000, 610_000, 1_900_000,
     300_000, 1_400_000, 260_000, 1_760_000, 1_920_000, 1_880_000, 1_920_000, 1_910_000, 1_880_000,
     1_900_000, None, None),
    (MAS, 2027, 40, 365, 13870, 14235, None, 39, 3, 3, 7100, 380, 24, 0, 61, 58.4, 460, 540, 420,
     190, 210, 50, 7, 8, 66, 3_180_000, 120_000, 45_000, 88_000, 4_180_000, 1_720_000, 4_300_000,
     1_450_000, 3_300_000, 390_000, 4_020_000, 4_180_000, 4_216_000, 4_180_000, 4_150_000,
     4_216_000, 4_190_000, None, None),
)  # fmt: skip

ACTIVITE_MODES = lignes(
    "finess_et exercice mode_accueil capacite_financee jours_ouverture journees_realisees "
    "journees_financees absences_72h",
    (EHPAD_B, 2027, "hébergement permanent", 60, 365, 21584, 21659, 240),
    (EHPAD_B, 2027, "accueil de jour", 4, 250, 900, 1000, 0),
)

_CIBLES = {"SI": (1, 1, 1, 1, 1), "INSPECTION": (0.5, 1, 1, 1, 1), "HAS": (0.25, 0.5, 0.75, 1, 1)}
_BY_STEPS = (0.2, 0.4, 0.6, 0.8, 1)
"""Targets of the modules, as the référentiel proposes them."""

_REALISES: dict[str, tuple[float, float]] = {
    "TRANSFO/PA": (0.2, 0.4),
    "TRANSFO/PH": (0.2, 0.4),
    "UNESANTE/PA": (0, 0.333),
    "UNESANTE/PH": (0, 0.5),
    "PREVENTION/PA": (0.333, 0.667),
    "PREVENTION/PH": (0, 0.333),
    "EFFICIENCE/PA": (0.25, 0.5),
    "EFFICIENCE/PH": (0, 0.5),
    "SI/PA": (0.714, 0.857),
    "SI/PH": (0.696, 0.87),
    "HAS/PA": (0.2, 0.6),
    "HAS/PH": (0, 0.5),
    "INSPECTION/PA": (0.25, 0.5),
    "INSPECTION/PH": (0, 0.667),
    "DIFFICULTE/PA": (0.28, 0.6),
    "DIFFICULTE/PH": (0.3, 0.7),
}
"""Results declared for N1 and N2, as recomputed from the rows."""


def _indicateurs() -> list[dict[str, Any]]:
    rows = []
    for code, realises in _REALISES.items():
        row: dict[str, Any] = {"code": code}
        cibles = _CIBLES.get(code.partition("/")[0], _BY_STEPS)
        row.update({f"cible_n{rank}": cible for rank, cible in enumerate(cibles, start=1)})
        row.update({f"realise_n{rank}": taux for rank, taux in enumerate(realises, start=1)})
        rows.append(row)
    return rows


INDICATEURS = _indicateurs()
