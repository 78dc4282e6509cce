"""The sources of the référentiel, with what rests on each: for the terminal, JSON and a page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from xl_cpom.light_dataclass import dataclass
from xl_cpom.referentiel import Referentiel, Source
from xl_cpom.typography import date_text, plural, typeset
from xl_cpom.validators.catalogue import RULES

ANNEES = 2
"""Age from which a source is to be read again before a release."""

_TABLES = {
    "categories": "catégories FINESS", "statuts_juridiques": "statuts juridiques",
    "departements": "départements", "serafin": "concepts SERAFIN-PH", "chapitres_has": "chapitres",
    "cotations_has": "cotations HAS", "criteres_has": "critères impératifs",
    "manuel_has": "critères du manuel HAS", "modules": "modules", "types_action": "types d'action",
    "si": "systèmes d'information", "listes": "listes", "parametres": "paramètres",
    "seuils": "seuils", "reformes": "réformes", "formules": "formules", "cycle": "durée du contrat",
}  # fmt: skip
_CITES = 6


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source, and what rests on it: « 3 paramètres (…) », the codes of rules that cite it."""

    source: Source
    data: tuple[str, ...]
    rules: tuple[str, ...]
    old: bool


def lines(referentiel: Referentiel, au: dt.date) -> tuple[SourceLine, ...]:
    """The sources in the order of the files; old at that date or not."""
    return tuple(
        SourceLine(
            source,
            tuple(_data(source, referentiel)),
            tuple(_rules(source)),
            source.ancienne(au, ANNEES),
        )
        for source in referentiel.sources.values()
    )


def _data(source: Source, referentiel: Referentiel) -> Iterator[str]:
    for table, rows in referentiel.tables.items():
        if table == "sources":
            continue
        codes = [row["code"] for row in rows if source.code in _citees(row["valeurs"])]
        if codes:
            kind = _TABLES.get(table, table)
            if len(codes) == 1:
                kind = re.sub(r"([a-zéè]{3,})s\b", r"\1", kind)
            shown = ", ".join(code for code in codes[:_CITES] if code)
            more = ", …" if len(codes) > _CITES else ""
            yield f"{len(codes)} {kind} ({shown}{more})" if shown else kind


def _citees(values: Any) -> set[str]:
    """Codes of the sources that a row cites, those of its own rows included."""
    found: set[str] = set()
    for key, value in values.items():
        if key.startswith("source") and isinstance(value, str):
            found.add(value.partition(":")[0].strip())
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, dict):
                    found |= _citees(item)
    return found


_PROOFS = {
    "GUIDE": "{guide}", "CASF-L313-11": "L. 313-11", "CASF-R314-214": "R. 314-214",
    "CASF-R314-232": "R. 314-232", "CASF-L313-3": "L. 313-3", "HAS-MANUEL": "HAS, référentiel",
    "HAS-COTATION": "HAS, fiches", "HAS-IMPERATIFS": "HAS, liste des 18", "HELIOS": "Hélios",
    "UNCCAS": "UNCCAS", "DECRET-EVAL": "2021-1476", "DECRET-ROR": "2023-1057",
}  # fmt: skip
"""Source -> what the rules that rest on it write of it."""


def _rules(source: Source) -> Iterator[str]:
    said = _PROOFS.get(source.code)
    if said is not None:
        yield from (rule.code for rule in RULES.values() if said in rule.source.text)


def as_object(line: SourceLine) -> dict[str, Any]:
    """What `sources --format json` publishes of one."""
    source = line.source
    return {
        "code": source.code,
        "titre": source.texte,
        "date": source.date.isoformat() if source.date else None,
        "adresse": source.url or None,
        "lue": source.lu.isoformat() if source.lu else None,
        "licence": source.licence or None,
        "ancienne": line.old,
        "donnees": list(line.data),
        "regles": list(line.rules),
    }


def as_text(found: tuple[SourceLine, ...]) -> str:
    """The list, for the terminal."""
    blocks = []
    for line in found:
        source = line.source
        dated = f"du {date_text(source.date)}" if source.date else "sans date"
        read = f"lue le {date_text(source.lu)}" if source.lu else "jamais lue"
        flag = f"  ⚠ plus de {ANNEES} ans : à relire" if line.old else ""
        said = [f"{source.code} – {source.texte}", f"  {dated}, {read}{flag}"]
        if source.url:
            said.append(f"  {source.url}")
        said += [f"  {part}" for part in line.data]
        if line.rules:
            more = ", …" if len(line.rules) > _CITES else ""
            cited = ", ".join(line.rules[:_CITES])
            said.append(f"  {plural(len(line.rules), 'règle')} ({cited}{more})")
        blocks.append("\n".join(said))
    return typeset("\n\n".join(blocks))


def as_markdown(found: tuple[SourceLine, ...]) -> str:
    """The page of the documentation; ages are not on it, since it has no date of its own."""
    head = [
        "# Les sources",
        "",
        "Chaque valeur du référentiel et chaque règle disent d'où elles viennent. Voici les "
        "textes, le jour où chacun a été lu, et ce qui en dépend. `xl-cpom sources --anciennes` "
        f"donne ceux de plus de {ANNEES} ans, à relire avant une publication.",
        "",
        "| Source | Date | Lue le | Ce qui en dépend |",
        "|---|---|---|---|",
    ]
    for line in found:
        source = line.source
        title = f"[{source.texte}]({source.url})" if source.url else source.texte
        rests = [*line.data]
        if line.rules:
            rests.append(f"{len(line.rules)} règles")
        head.append(
            f"| {title} | {date_text(source.date) if source.date else '—'} | "
            f"{date_text(source.lu) if source.lu else '—'} | {' ; '.join(rests) or '—'} |"
        )
    return typeset("\n".join(head)) + "\n"
