"""The words that the three renderings of a comparison share."""

from __future__ import annotations

from xl_cpom.reports.comparison.model import ComparedIndicator, Comparison, Nature, ReadValue
from xl_cpom.reports.words import atteinte, how_many, indicator_value, quantity
from xl_cpom.typography import FINE, NBSP, guillemets, number_text
from xl_cpom.validators.model import Report
from xl_cpom.validators.recomputed import ComputedIndicator

ABSENT = "–"

TITLES = {
    Nature.CORRECTIONS: "Deux versions d'un retour",
    Nature.EVOLUTION: "Évolution entre deux années",
}


def annee(report: Report) -> str:
    """« 2027 », or what is said when it is not known."""
    return str(report.annee) if report.annee else "année non lue"


def resume(comparaison: Comparison) -> str:
    """The comparison in one sentence."""
    if comparaison.nature is Nature.EVOLUTION:
        years = f"de {annee(comparaison.before)} à {annee(comparaison.after)}"
        count = how_many(len(comparaison.indicateurs), "indicateur suivi", "indicateurs suivis")
        return f"{count} {years}."
    corrected = how_many(len(comparaison.fixed), "anomalie corrigée", "anomalies corrigées")
    new = how_many(len(comparaison.new), "nouvelle", "nouvelles")
    left = how_many(len(comparaison.remaining), "restante", "restantes")
    cells = how_many(len(comparaison.cells), "cellule modifiée", "cellules modifiées")
    return f"{corrected}, {new}, {left} ; {cells}.".replace(" ;", f"{FINE};")


def ecart(indicateur: ComparedIndicator) -> str:
    """« +12,5 points », in the unit of the indicator; "" when one side is unknown."""
    value = indicateur.ecart
    if value is None:
        return ""
    from xl_cpom.indicators import INDICATORS

    declared = INDICATORS.get(indicateur.code)
    ratio = declared is None or declared.unite == "ratio"
    text = number_text(value * 100 if ratio else value, 1)
    unit = "points" if ratio else declared.unite if declared else ""
    sign = "+" if value > 0 and text.strip("0,") else ""
    return f"{sign}{text}{NBSP}{unit}"


def side(indicateur: ComputedIndicator | None) -> dict[str, str]:
    """One side of an indicator, in words: rate, fraction, declared, target, achievement."""
    if indicateur is None:
        return dict.fromkeys(("taux", "fraction", "declare", "cible", "atteinte"), ABSENT)
    code = indicateur.code
    fraction = ""
    if indicateur.numerateur is not None and indicateur.denominateur is not None:
        fraction = f"{quantity(indicateur.numerateur)} / {quantity(indicateur.denominateur)}"
    return {
        "taux": indicator_value(code, indicateur.taux) or ABSENT,
        "fraction": fraction or ABSENT,
        "declare": indicator_value(code, indicateur.declare) or ABSENT,
        "cible": indicator_value(code, indicateur.cible) or ABSENT,
        "atteinte": atteinte(indicateur),
    }


def cited(reading: ReadValue) -> str:
    """A value between quotes, with its type when it matters, or the word that says there is none.

    It must have been made safe for the format where it goes.
    """
    if not reading.value:
        return "(vide)"
    quoted = guillemets(reading.value)
    return f"{quoted} ({reading.type})" if reading.type else quoted
