"""The returns of a campaign as the rules across returns see them: light, typed, without a file.

A return is summed up where it was read (in a worker, on another machine); what crosses is this
summary. `Campagne` then says which returns count: a copy, or a version replaced by a later one,
is told and left aside.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property, cmp_to_key
from typing import Any, TypeVar

from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.validators.model import Verdict
from xl_cpom.validators.numbers_meant import numbers_meant
from xl_cpom.validators.versions import Trace, comparer

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class EtablissementRendu:
    """An ESMS of a return; cells: key of the column -> A1 address."""

    finess_et: str
    raison_sociale: str = ""
    categorie: str = ""
    secteur: str = ""
    departement: str = ""
    capacite_autorisee: int | None = None
    principal_secondaire: str = ""
    entre_le: dt.date | None = None
    sorti_le: dt.date | None = None
    ancien_finess_et: str = ""
    co_titulaire: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rendu:
    """One file of the campaign, summed up.

    content: fingerprint of the typed content without the fiche, "" when the file could not be read
    or holds nothing; gabarit: version of the template; cycle: référentiel it was written for;
    saved: when it was last saved (ISO);
    cells: key of the fiche -> address; sheets: key of a sheet -> name of its tab.
    """

    file: str
    sha256: str
    verdict: Verdict
    content: str = ""
    gabarit: str | None = None
    cycle: str | None = None
    annee: int | None = None
    annee_n1: int | None = None
    date_arrete: dt.date | None = None
    saved: str = ""
    finess_ej: str | None = None
    raison_sociale: str = ""
    departement: str = ""
    type_contrat: str = ""
    secteurs: str = ""
    referent: str = ""
    courriel: str = ""
    etablissements: tuple[EtablissementRendu, ...] = ()
    cells: Mapping[str, str] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)
    wrong_numbers: tuple[str, ...] = ()
    """What stands, in the column of the FINESS ET, for a number that could not be read."""
    nature: str = ""
    """« provisoire », « définitif », or "" when nothing says it."""
    motif: str = ""
    """Why it is sent, as its fiche says."""
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    """Key of a sheet -> fingerprint of what was typed in it."""
    annotated: bool = False
    """Our annotated copy of a return, as it was sent back."""

    @property
    def readable(self) -> bool:
        """True when the workbook was read: its sheets are then known."""
        return bool(self.sheets)

    @property
    def trace(self) -> Trace:
        """What the return says of its age."""
        return Trace(self.file, self.date_arrete, self.saved, self.nature)

    @property
    def name(self) -> str:
        """How the return is called in a sentence: its organisme, else its file."""
        return self.raison_sociale or self.finess_ej or self.file

    @property
    def et_numbers(self) -> frozenset[str]:
        """FINESS ET of the return, with those that its ESMS had before."""
        ets = self.etablissements
        return frozenset(n for et in ets for n in (et.finess_et, et.ancien_finess_et) if n)


@dataclass(frozen=True, slots=True)
class EtAttendu:
    """An ESMS that the ARS expects; what is not known is empty."""

    finess_et: str
    raison_sociale: str = ""
    categorie: str = ""
    secteur: str = ""
    departement: str = ""
    capacite: int | None = None
    principal_secondaire: str = ""


@dataclass(frozen=True, slots=True)
class Attendu:
    """An organisme gestionnaire that the ARS expects a return from."""

    finess_ej: str
    raison_sociale: str = ""
    departement: str = ""
    type_contrat: str = ""
    secteurs: str = ""
    contact: str = ""
    courriel: str = ""
    telephone: str = ""
    annee: int | None = None
    suspendu: bool = False
    """Its CPOM is suspended: nothing is expected of it (reform « SUSPENSION_EHPAD »)."""
    etablissements: tuple[EtAttendu, ...] = ()

    @property
    def name(self) -> str:
        """How the organisme is called in a sentence."""
        return self.raison_sociale or self.finess_ej


@dataclass(frozen=True)
class Ecart:
    """Why a return is left aside, and the return that counts instead (None: there is none).

    motif: « copie », « version » or « annee » (the return of another year than the campaign's).
    reason: how the later version is known to be, or which year it is (French).
    """

    motif: str
    kept: Rendu | None
    reason: str = ""
    nuance: str = ""
    """What a copy is, when it is more than a copy (`ANNOTEE`, `RENVOI`)."""

    @property
    def text(self) -> str:
        """Why, in words (French): shown beside the file in the tables of the ARS."""
        if self.kept is None:
            return self.reason
        return f"{self.nuance or MOTIFS[self.motif]} : {self.kept.file}"


ANNOTATED, RENVOI = "notre copie annotée, renvoyée telle quelle", "renvoyé sans changement"
MOTIFS = {"copie": "copie d'un autre fichier", "version": "remplacé par une version plus récente"}


@dataclass(frozen=True)
class Campagne:
    """All the returns, in a stable order, and what the ARS expected (empty: not given).

    annee, gabarit: what is expected of every return; when not given, what most returns say.
    """

    rendus: Sequence[Rendu]
    attendus: Mapping[str, Attendu] = field(default_factory=dict)
    expected_annee: int | None = None

    @cached_property
    def discarded(self) -> Mapping[str, Ecart]:
        """Returns left aside, by file: copies, versions that a later one replaces, other years."""
        found = dict(self._doubles)
        for rendu in self._current:
            if self.annee is not None and rendu.annee not in (None, self.annee):
                said = f"retour de {rendu.annee}, pour une campagne de {self.annee}"
                found[rendu.file] = Ecart("annee", None, said)
        return found

    @cached_property
    def _doubles(self) -> Mapping[str, Ecart]:
        """Copies first, then the versions that a later one replaces.

        Two workbooks of one organisme for one year are two versions when they share an ESMS, or
        when one of them lists none; otherwise both count. Of two files that say the same thing, the
        one that we annotated is the copy.
        """
        found: dict[str, Ecart] = {}
        originals: dict[tuple[str, str], Rendu] = {}
        for rendu in sorted(
            self.rendus, key=lambda r: r.annotated
        ):  # stable: in the order of files
            for key in _same(rendu):
                if key[1] and key in originals:
                    found[rendu.file] = _copy(rendu, originals[key])
                    break
            else:
                for key in _same(rendu):
                    originals[key] = rendu
        rivals: dict[tuple[str, int | None], list[Rendu]] = {}
        for rendu in self.rendus:
            if rendu.readable and rendu.finess_ej and rendu.file not in found:
                rivals.setdefault((rendu.finess_ej, rendu.annee), []).append(rendu)
        for versions in rivals.values():
            found.update(_replaced(versions))
        return found

    @cached_property
    def _current(self) -> tuple[Rendu, ...]:
        """The readable returns that are neither copies nor replaced, whatever their year."""
        return tuple(r for r in self.rendus if r.readable and r.file not in self._doubles)

    @cached_property
    def of_another_annee(self) -> Mapping[str, tuple[Rendu, ...]]:
        """FINESS EJ -> its returns of another year than the campaign's."""
        found: dict[str, list[Rendu]] = {}
        for rendu in self._current:
            if rendu.finess_ej and self.discarded.get(rendu.file):
                found.setdefault(rendu.finess_ej, []).append(rendu)
        return {key: tuple(values) for key, values in found.items()}

    @cached_property
    def counted(self) -> tuple[Rendu, ...]:
        """The readable returns that count, in the order of the files."""
        return tuple(r for r in self.rendus if r.readable and r.file not in self.discarded)

    @cached_property
    def by_organisme(self) -> Mapping[str, tuple[Rendu, ...]]:
        """FINESS EJ -> its returns that count."""
        found: dict[str, list[Rendu]] = {}
        for rendu in self.counted:
            if rendu.finess_ej:
                found.setdefault(rendu.finess_ej, []).append(rendu)
        return {key: tuple(values) for key, values in found.items()}

    @cached_property
    def by_etablissement(self) -> Mapping[str, tuple[tuple[Rendu, EtablissementRendu], ...]]:
        """FINESS ET -> where it stands in the returns that count."""
        found: dict[str, list[tuple[Rendu, EtablissementRendu]]] = {}
        for rendu in self.counted:
            for et in rendu.etablissements:
                found.setdefault(et.finess_et, []).append((rendu, et))
        return {key: tuple(values) for key, values in found.items()}

    @cached_property
    def ej_attendu(self) -> Mapping[str, str]:
        """FINESS ET expected -> FINESS EJ it is expected from."""
        return {
            et.finess_et: attendu.finess_ej
            for attendu in self.attendus.values()
            for et in attendu.etablissements
        }

    @cached_property
    def replaced(self) -> Mapping[str, tuple[Rendu, ...]]:
        """File that counts -> the versions that it replaces, in the order of the files."""
        found: dict[str, list[Rendu]] = {}
        for rendu in self.rendus:
            ecart = self.discarded.get(rendu.file)
            if ecart is not None and ecart.motif == "version" and ecart.kept is not None:
                found.setdefault(ecart.kept.file, []).append(rendu)
        return {key: tuple(values) for key, values in found.items()}

    @cached_property
    def sent_again(self) -> Mapping[str, tuple[Rendu, ...]]:
        """File that counts -> the same sent again, unchanged, while corrections were awaited."""
        found: dict[str, list[Rendu]] = {}
        for rendu in self.rendus:
            ecart = self.discarded.get(rendu.file)
            if ecart is not None and ecart.nuance == RENVOI and ecart.kept is not None:
                found.setdefault(ecart.kept.file, []).append(rendu)
        return {key: tuple(values) for key, values in found.items()}

    @cached_property
    def meant_numbers(self) -> Mapping[str, Mapping[str, str]]:
        """File -> what was typed for a FINESS ET -> the ESMS expected there that it stands for."""
        found = {}
        for number, rendus in self.by_organisme.items():
            attendu = self.attendus.get(number)
            wrong = [text for rendu in rendus for text in rendu.wrong_numbers]
            if attendu is None or not wrong:
                continue
            present = {et for rendu in rendus for et in rendu.et_numbers}
            missing = [e.finess_et for e in attendu.etablissements if e.finess_et not in present]
            meant = numbers_meant(wrong, missing)
            for rendu in rendus:
                mine = {text: meant[text] for text in rendu.wrong_numbers if text in meant}
                if mine:
                    found[rendu.file] = mine
        return found

    @cached_property
    def annee(self) -> int | None:
        """Year of the campaign: given, else expected of the organismes, else the commonest."""
        if self.expected_annee is not None:
            return self.expected_annee
        expected = [a.annee for a in self.attendus.values() if a.annee is not None]
        return shared_esms(expected or [r.annee for r in self._current if r.annee is not None])

    @cached_property
    def gabarit(self) -> str | None:
        """Version of the template that most returns were made from."""
        return shared_esms([r.gabarit for r in self.counted if r.gabarit])

    @cached_property
    def cycle(self) -> str | None:
        """Référentiel that most returns were made for."""
        return shared_esms([r.cycle for r in self.counted if r.cycle])


@dataclass(frozen=True)
class CampaignFault:
    """What a rule across returns found, for one return, or for an organisme without return.

    et: the ESMS of the return it is about (its cells are then those of `colonnes`); else the cells
    are those of the fiche. valeurs fill the words of the message.
    """

    rendu: Rendu | None = None
    et: EtablissementRendu | None = None
    columns: tuple[str, ...] = ()
    finess_ej: str = ""
    finess_et: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def shared_esms(values: Sequence[T]) -> T | None:
    """The value that more than half of them have, None when there is none."""
    for value, count in Counter(values).most_common(1):
        if 2 * count > len(values):
            return value
    return None


def changed_sheets(new: Rendu, old: Rendu) -> tuple[str, ...]:
    """Keys of the sheets that two versions do not fill in alike."""
    keys = dict.fromkeys((*old.fingerprints, *new.fingerprints))
    return tuple(key for key in keys if old.fingerprints.get(key) != new.fingerprints.get(key))


def same_esms(one: Rendu, other: Rendu) -> bool:
    """Do two workbooks of one organisme speak of the same ESMS, at least of one?"""
    mine, theirs = one.et_numbers, other.et_numbers
    return not mine or not theirs or bool(mine & theirs)


def _same(rendu: Rendu) -> tuple[tuple[str, str], ...]:
    """What makes two files copies: the same bytes, or the same words of one organisme.

    Two organismes may send the same bytes that nobody can read: each has to send a return.
    """
    raw_bytes = rendu.sha256
    if raw_bytes and not rendu.readable:
        raw_bytes = f"{rendu.sha256} {rendu.finess_ej}"
    return ("fichier", raw_bytes), ("contenu", _content(rendu))


def _copy(rendu: Rendu, original: Rendu) -> Ecart:
    """A copy; it is more than one when corrections were awaited, or when we made it."""
    nuance = ""
    if rendu.annotated and not original.annotated:
        nuance = ANNOTATED
    elif original.readable and original.verdict is Verdict.NON_RECEVABLE:
        nuance = RENVOI
    return Ecart("copie", original, nuance=nuance)


def _content(rendu: Rendu) -> str:
    """Content of a return of one organisme: the same text from two organismes is no copy."""
    return f"{rendu.finess_ej} {rendu.content}" if rendu.content and rendu.finess_ej else ""


def _replaced(versions: Sequence[Rendu]) -> dict[str, Ecart]:
    """Among the returns of one organisme for one year, those that a later one replaces."""
    found: dict[str, Ecart] = {}
    kept: list[Rendu] = []
    for rendu in sorted(versions, key=_ANCIENNETE, reverse=True):
        newer = next((other for other in kept if same_esms(rendu, other)), None)
        if newer is None:
            kept.append(rendu)
        else:
            _, why = comparer(newer.trace, rendu.trace)
            found[rendu.file] = Ecart("version", newer, why)
    return found


def _age(one: Rendu, other: Rendu) -> int:
    return comparer(one.trace, other.trace)[0]


_ANCIENNETE = cmp_to_key(_age)
"""Latest last."""
