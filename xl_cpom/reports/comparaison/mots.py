"""The words that the three renderings of a comparison share."""

from __future__ import annotations

from xl_cpom.reports.comparaison.modele import Comparaison, IndicateurCompare, Lecture, Nature
from xl_cpom.reports.mots import atteinte, combien, quantite, valeur_indicateur
from xl_cpom.typographie import FINE, INSECABLE, guillemets, nombre
from xl_cpom.validators.model import IndicateurCalcule, Report

ABSENT = "–"

TITRES = {
    Nature.CORRECTIONS: "Deux versions d'un retour",
    Nature.EVOLUTION: "Évolution entre deux années",
}


def annee(report: Report) -> str:
    """« 2027 », or what is said when it is not known."""
    return str(report.annee) if report.annee else "année non lue"


def resume(comparaison: Comparaison) -> str:
    """The comparison in one sentence."""
    if comparaison.nature is Nature.EVOLUTION:
        years = f"de {annee(comparaison.avant)} à {annee(comparaison.apres)}"
        count = combien(len(comparaison.indicateurs), "indicateur suivi", "indicateurs suivis")
        return f"{count} {years}."
    corrected = combien(len(comparaison.corriges), "anomalie corrigée", "anomalies corrigées")
    new = combien(len(comparaison.nouveaux), "nouvelle", "nouvelles")
    left = combien(len(comparaison.restants), "restante", "restantes")
    cells = combien(len(comparaison.cellules), "cellule modifiée", "cellules modifiées")
    return f"{corrected}, {new}, {left} ; {cells}.".replace(" ;", f"{FINE};")


def ecart(indicateur: IndicateurCompare) -> str:
    """« +12,5 points », in the unit of the indicator; "" when one side is unknown."""
    value = indicateur.ecart
    if value is None:
        return ""
    from xl_cpom.indicators import INDICATORS

    declared = INDICATORS.get(indicateur.code)
    ratio = declared is None or declared.unite == "ratio"
    text = nombre(value * 100 if ratio else value, 1)
    unit = "points" if ratio else declared.unite if declared else ""
    sign = "+" if value > 0 and text.strip("0,") else ""
    return f"{sign}{text}{INSECABLE}{unit}"


def cote(indicateur: IndicateurCalcule | None) -> dict[str, str]:
    """One side of an indicator, in words: rate, fraction, declared, target, achievement."""
    if indicateur is None:
        return dict.fromkeys(("taux", "fraction", "declare", "cible", "atteinte"), ABSENT)
    code = indicateur.code
    fraction = ""
    if indicateur.numerateur is not None and indicateur.denominateur is not None:
        fraction = f"{quantite(indicateur.numerateur)} / {quantite(indicateur.denominateur)}"
    return {
        "taux": valeur_indicateur(code, indicateur.taux) or ABSENT,
        "fraction": fraction or ABSENT,
        "declare": valeur_indicateur(code, indicateur.declare) or ABSENT,
        "cible": valeur_indicateur(code, indicateur.cible) or ABSENT,
        "atteinte": atteinte(indicateur),
    }


def citer(lecture: Lecture) -> str:
    """A value between quotes, with its type when it matters, or the word that says there is none.

    It must have been made safe for the format where it goes.
    """
    if not lecture.valeur:
        return "(vide)"
    quoted = guillemets(lecture.valeur)
    return f"{quoted} ({lecture.type})" if lecture.type else quoted
