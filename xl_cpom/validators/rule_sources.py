"""Where a rule comes from: a text, a usage, the standard workbook, mere logic, or a deduction."""

from __future__ import annotations

from xl_cpom.light_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class RuleSource:
    """Where a rule comes from, and how sure that is (`certainty` says what each word commits to).

    certitude: guide, trouvé, connu, modèle, logique or inféré. formula: the formula of the
    référentiel that an unpublished text fixes, when the rule rests on one. blocks: once the ARS has
    confirmed that formula, the rule refuses the return.
    """

    text: str
    certitude: str = "guide"
    formula: str = ""
    blocks: bool = False

    def __str__(self) -> str:
        suffix = "" if self.certitude == "guide" else f" [{self.certitude}]"
        return f"{self.text}{suffix}"


def Guide(module: str, detail: str = "") -> RuleSource:  # noqa: N802 - reads as a noun in the rules
    """A passage of the guide of the region, which the référentiel names (`Referentiel.citer`)."""
    return RuleSource(f"{{guide}}, {module}" + (f" – {detail}" if detail else ""), "guide")


def Annexe(formule: str, detail: str, *, bloque: bool = False) -> RuleSource:  # noqa: N802
    """What annexe 2 of the guide probably says: only the titles of its formulas are public."""
    text = f"{{guide}}, annexe 2 (non publiée) – {detail}"
    return RuleSource(text, "inféré", formule, bloque)


def Casf(article: str) -> RuleSource:  # noqa: N802
    """An article of the Code de l'action sociale et des familles."""
    return RuleSource(f"CASF, art. {article}", "trouvé")


def Template(texte: str) -> RuleSource:  # noqa: N802
    """What the standard workbook is by construction: it is ours."""
    return RuleSource(texte, "modèle")


def Logical(texte: str) -> RuleSource:  # noqa: N802
    """Chronology or arithmetic: no text is needed."""
    return RuleSource(texte, "logique")


def Usage(texte: str) -> RuleSource:  # noqa: N802
    """A reasoned rule of the profession or of the tool, not written by the authority."""
    return RuleSource(texte, "inféré")
