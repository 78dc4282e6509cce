"""One page per indicator: what it counts, its formula, its functions in cells, its source."""

from __future__ import annotations

from collections.abc import Iterator

from tools.markdown import cellule
from xl_cpom.indicators import INDICATORS, Indicator
from xl_cpom.referentiel import load_referentiel
from xl_cpom.typography import number_text, rate_text


def indicateur_pages() -> Iterator[tuple[str, str]]:
    """(path, Markdown) of every page."""
    yield "indicateurs/index.md", _index()
    for indicator in INDICATORS.values():
        yield f"indicateurs/{indicator.code}.md", _page(indicator)


def _index() -> str:
    lines = [
        "# Les indicateurs",
        "",
        f"{len(INDICATORS)} indicateurs. La certitude dit d'où vient la formule : « guide » si le "
        "texte de l'ARS la donne, « trouvé » si une source publique la donne, « connu » si c'est "
        "l'usage, « inféré » si elle est déduite et reste à confirmer par l'ARS.",
        "",
        "| Code | Module | Indicateur | Certitude |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| [{i.code}]({i.code}.md) | {i.module or '—'} | {cellule(i.libelle)} | {i.certitude} |"
        for i in INDICATORS.values()
    ]
    return "\n".join(lines)


def _page(indicator: Indicator) -> str:
    denominateur = indicator.denominateur_libelle
    computation = indicator.numerateur_libelle + (f" ÷ {denominateur}" if denominateur else "")
    lines = [
        f"# {indicator.code} – {indicator.libelle}",
        "",
        indicator.explication,
        "",
        f"**Calcul** : {computation}",
        "",
        f"**Unité** : {indicator.unite} · **Bornes** : {_bounds(indicator)} · "
        f"**Certitude** : {indicator.certitude}",
        "",
        "## Entrées",
        "",
        "| Entrée | Forme | Unité | Exemple | Facultative |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {cellule(entry.libelle)} | {'plage' if entry.kind == 'vector' else 'cellule'} | "
        f"{entry.unite} | {entry.example} | {'oui' if entry.optional else 'non'} |"
        for entry in indicator.inputs
    ]
    lines += ["", "## Méthodes", ""]
    lines += [f"- **{name}** : {method.libelle}" for name, method in indicator.methodes.items()]
    lines += ["", "## Source", "", f"{load_referentiel().cite(indicator.source)}."]
    return "\n".join(lines)


def _bounds(indicator: Indicator) -> str:
    shown = rate_text if indicator.unite == "ratio" else number_text
    low, high = (None if bound is None else shown(bound) for bound in indicator.bounds)
    if low is None and high is None:
        return "aucune"
    return f"de {low or '−∞'} à {high or '+∞'}"
