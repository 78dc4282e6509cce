"""Who a message speaks of, by name: « l'EHPAD Les Tilleuls (210099016) », and not a bare number.

The one place that words an ESMS. A rule writes « de l'établissement {finess_et} »; once its
sentence is filled, the number is told by the name that the workbook gives it, with the right
article. The article stays masculine (« le SESSAD », « l'établissement « MAS Les Tilleuls » »): the
words a rule puts around it then agree. A number that a sentence quotes stays alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import fold, guillemets, visible
from xl_cpom.validators.model import Finding

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel
    from xl_cpom.validators.retours import Campagne, EtablissementRendu, EtAttendu
    from xl_cpom.workbook.records import Classeur

LONGEST = 60
"""Characters of a name that a sentence shows."""

_FEMININE = frozenset(("MAS", "RA", "UEROS", "USLD", "PCPE"))
"""Sigles that call for « la », which no rule agrees with: they are told as « l'établissement »."""
_WORDS = frozenset(
    (
        "foyer", "centre", "service", "institut", "accueil", "dispositif", "pole", "jardin",
        "etablissement",
    )
)  # fmt: skip
"""First words of a name that are masculine nouns."""
_SIGLE = re.compile(r"[A-Z]{2,7}")

_NUMBER = r"(?:\d{9}|2[AB]\d{7})(?!\w)"
_LONG_NUMBER = re.compile(r"\d{7}")
"""In every FINESS number; most sentences have none, and nothing more is asked of them."""
_QUOTED = re.compile(r"(«[^«»]*»|“[^“”]*”)")
_LISTED = re.compile(rf"\b((?:établissements|ESMS) )((?:{_NUMBER}(?:, | et | ou )?){{2,}})")
_ALONE = re.compile(
    rf"(?P<lead>\b(?:[Dd]e |[Àà] )?[Ll]['’](?:établissement|ESMS) |\b[Dd]e |\b[Àà] |\b[Pp]our "
    rf"|\((?:établissement |ESMS )?)(?P<number>{_NUMBER})(?P<close>\)?)"
)
_OF_MODULE = re.compile(r"\b([A-Z]{2,12})/(PA|PH)\b")
_MODULE = re.compile(r"\b(module) ([A-Z]{2,12})\b")
_YEAR = re.compile(r"\b(année suivie)\b(?! est| \(|,? N\d|\u00a0:| :)")


@dataclass(frozen=True, slots=True)
class EsmsName:
    """The name of an ESMS. noun: without article; elided: « l' » and not « le »."""

    number: str
    noun: str
    elided: bool

    @property
    def bare(self) -> str:
        """« EHPAD Les Tilleuls (210099016) », in a list."""
        return f"{self.noun} ({self.number})"

    @property
    def the(self) -> str:
        """« l'EHPAD Les Tilleuls (210099016) »."""
        return f"l'{self.bare}" if self.elided else f"le {self.bare}"

    @property
    def of(self) -> str:
        """« de l'EHPAD… », « du SESSAD… »."""
        return f"de l'{self.bare}" if self.elided else f"du {self.bare}"

    @property
    def to(self) -> str:
        """« à l'EHPAD… », « au SESSAD… »."""
        return f"à l'{self.bare}" if self.elided else f"au {self.bare}"


def esms_name(number: str, name: str, sigle: str = "") -> EsmsName:
    """How an ESMS is called. sigle: that of its category (« EHPAD »), told when its name is not."""
    shown = visible(name, LONGEST)
    first = re.split(r"[\s'’-]", shown, maxsplit=1)[0]
    if first in _FEMININE or fold(first) in ("maison", "residence", "unite", "plateforme"):
        return EsmsName(number, f"établissement {guillemets(shown)}", elided=True)
    if fold(first) in _WORDS or (_SIGLE.fullmatch(first) and (first == sigle or len(first) > 2)):
        noun = shown if first.isupper() else first.lower() + shown[len(first) :]
        return EsmsName(number, noun, elided=fold(first)[0] in "aeiouy")
    if _SIGLE.fullmatch(sigle) and sigle not in _FEMININE:
        return EsmsName(number, f"{sigle} {guillemets(shown)}", elided=sigle[0] in "AEIOUY")
    return EsmsName(number, f"établissement {guillemets(shown)}", elided=True)


@dataclass(frozen=True, slots=True)
class KnownNames:
    """What the sentences of a run are told with.

    esms: FINESS ET -> how it is called; modules: code -> « Transformation de l'offre »; year: the
    civil year followed (« 2027 »), "" when it is not known.
    """

    esms: Mapping[str, EsmsName]
    modules: Mapping[str, str]
    year: str = ""


def names_of(classeur: Classeur, precedent: Classeur | None = None) -> KnownNames:
    """The names of a workbook; an ESMS that it no longer lists has that of last year's."""
    found: dict[str, EsmsName] = {}
    for one in (classeur, precedent):
        if one is None:
            continue
        for row in one.tables["etablissements"].rows:
            number, name, category = (row.values[key] for key in _NAMED_BY)
            if number not in found and isinstance(number, str) and isinstance(name, str):
                found[number] = esms_name(number, name, sigle_of(category, one.referentiel))
    fiche = classeur.identification
    if isinstance(fiche.finess_ej, str) and isinstance(fiche.raison_sociale, str):
        noun = f"organisme {guillemets(visible(fiche.raison_sociale, LONGEST))}"
        found.setdefault(fiche.finess_ej, EsmsName(fiche.finess_ej, noun, elided=True))
    year = classeur.annee_suivie
    return KnownNames(found, module_names(classeur.referentiel), str(year) if year else "")


def names_across(campagne: Campagne, referentiel: Referentiel) -> KnownNames:
    """The names of the returns of a campaign; what no return names, as the ARS's list does."""
    found: dict[str, EsmsName] = {}
    known: list[EtablissementRendu | EtAttendu] = []
    for rendu in campagne.counted:
        known += rendu.etablissements
    for attendu in campagne.attendus.values():
        known += attendu.etablissements
    for et in known:
        if et.raison_sociale and et.finess_et not in found:
            sigle = sigle_of(et.categorie, referentiel)
            found[et.finess_et] = esms_name(et.finess_et, et.raison_sociale, sigle)
    return KnownNames(found, module_names(referentiel))


def module_names(referentiel: Referentiel) -> Mapping[str, str]:
    """Code of a module -> its name in the guide."""
    return {code: module.libelle for code, module in referentiel.modules.items()}


_NAMED_BY = ("finess_et", "raison_sociale", "categorie")


def sigle_of(category: object, referentiel: Referentiel) -> str:
    """« EHPAD » for 500; "" when the category is unknown, or could not be read."""
    known = referentiel.categories.get(category) if isinstance(category, str) else None
    return known.sigle if known else ""


def tell_names(text: str, names: KnownNames) -> str:
    """A sentence, what it speaks of told by name. What it quotes stays as it was typed."""
    if text.startswith("=") or not _may_name(text):  # a formula to put back; nothing to tell
        return text
    parts = _QUOTED.split(text)
    return "".join(part if index % 2 else _named(part, names) for index, part in enumerate(parts))


def _may_name(text: str) -> bool:
    return (
        "année suivie" in text
        or "module " in text
        or "/P" in text
        or _LONG_NUMBER.search(text) is not None
    )


def _named(text: str, names: KnownNames) -> str:
    if _LONG_NUMBER.search(text):
        text = _ALONE.sub(lambda match: _alone(match, names.esms), text)
        text = _LISTED.sub(lambda match: _in_list(match, names.esms), text)
    if "/P" in text:
        text = _OF_MODULE.sub(lambda match: _module(match, names.modules), text)
    if "module " in text:
        text = _MODULE.sub(lambda match: _alone_module(match, names.modules), text)
    if names.year:
        text = _YEAR.sub(f"\\1 ({names.year})", text, count=1)
    return text


def _in_list(match: re.Match[str], esms: Mapping[str, EsmsName]) -> str:
    def bare(number: re.Match[str]) -> str:
        return esms[number[0]].bare if number[0] in esms else number[0]

    return match[1] + re.sub(_NUMBER, bare, match[2])


def _module(match: re.Match[str], modules: Mapping[str, str]) -> str:
    """« TRANSFO/PA » -> « Transformation de l'offre » (PA)."""
    name = modules.get(match[1])
    return match[0] if name is None else f"{guillemets(name)} ({match[2]})"


def _alone_module(match: re.Match[str], modules: Mapping[str, str]) -> str:
    """« module TRANSFO » -> « module « Transformation de l'offre » »."""
    name = modules.get(match[2])
    return match[0] if name is None else f"{match[1]} {guillemets(name)}"


def _alone(match: re.Match[str], esms: Mapping[str, EsmsName]) -> str:
    name = esms.get(match["number"])
    if name is None:
        return match[0]
    lead = match["lead"]
    if lead.startswith("("):
        return f"({name.noun}, {name.number}{match['close']}"
    word = lead.strip().lower()
    if word == "pour":
        said = f"pour {name.the}"
    elif word.startswith("de"):
        said = name.of
    elif word.startswith("à"):
        said = name.to
    else:
        said = name.the
    return (said[0].upper() + said[1:] if lead[0].isupper() else said) + match["close"]


def with_names(findings: Sequence[Finding], names: KnownNames) -> list[Finding]:
    """The findings, their sentences telling what they speak of by name."""
    told = []
    for one in findings:
        said = {name: tell_names(getattr(one, name), names) for name in _SENTENCES}
        changed: dict[str, Any] = {n: t for n, t in said.items() if t != getattr(one, n)}
        told.append(replace(one, **changed) if changed else one)
    return told


_SENTENCES = ("message", "fix", "expected")
"""The texts of a finding that a rule words (what was read in the workbook stays as it is)."""
