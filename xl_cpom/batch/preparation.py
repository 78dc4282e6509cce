"""One pre-filled workbook per organisme, the table to follow them, the list of what is expected.

Resumable: a workbook already written with the same content is not written again; one that somebody
has filled in since is never touched. The fingerprints are in the table itself.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xl_cpom.batch.follow_up import ATTENDUS, NUMERO, RECEIVED, SUIVI, read_follow_up, read_table
from xl_cpom.batch.programmation import Programme, read_programmation
from xl_cpom.files.temporaries import private_folder
from xl_cpom.finess.flows import Filter, ReadProgress
from xl_cpom.finess.layouts import departement
from xl_cpom.referentiel import load_referentiel
from xl_cpom.reports import harmless
from xl_cpom.validators.unreadable import file_fingerprint
from xl_cpom.version import __version__
from xl_cpom.workbook.formulas.variants import Variante
from xl_cpom.workbook.mark import template_fingerprint
from xl_cpom.workbook.template.prefill import UnknownOrganismeError, build, read_extract
from xl_cpom.workers.pool import Pool, TaskFailure, WorkerSettings

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

COLUMNS = (NUMERO, "Raison sociale", "Département", "Type de contrat", "ESMS", "Places",
            "Fichier", "État", "Courriel", "Envoyé le", RECEIVED, "Remarque",
            "Empreinte du contenu", "Empreinte du fichier")  # fmt: skip
WRITTEN, UNCHANGED, CHANGED, WITHOUT_ESMS = (
    "écrit",
    "inchangé",
    "modifié depuis : laissé",
    "sans ESMS",
)
MISSING = "non écrit"
ATTENDUS_COLUMNS = ("finess_ej", "raison_sociale", "departement", "type_contrat", "secteurs",
                     "contact", "courriel", "telephone", "annee", "finess_et", "raison_sociale_et",
                     "categorie", "secteur", "principal_secondaire", "departement_et",
                     "capacite")  # fmt: skip
_GARDEES = ("Envoyé le", RECEIVED, "Remarque")
"""Columns that the ARS fills in: they are kept from one run to the next."""

_CONTACT = ("contact", "courriel", "telephone")
"""What the ARS may have completed in the list of those expected."""


@dataclass(frozen=True)
class PlannedWorkbook:
    """A workbook to write: for whom, what it holds, its fingerprint."""

    programme: Programme
    fichier: str
    contenu: Mapping[str, Sequence[Mapping[str, Any]]]
    closed: tuple[str, ...] = ()
    """ESMS that FINESS says are closed: not written, but said."""
    variante: Variante = Variante.MIXTE
    """How its rates are computed."""

    @property
    def finess_ej(self) -> str:
        """FINESS EJ of the organisme."""
        return self.programme.finess_ej

    @property
    def nom(self) -> str:
        """Its name, "" when the list does not give it."""
        return self.programme.raison_sociale

    @property
    def etablissements(self) -> Sequence[Mapping[str, Any]]:
        """Its ESMS in the field of the CPOM."""
        return self.contenu.get("etablissements", ())

    @property
    def empreinte(self) -> str:
        """Fingerprint of the content, of the template and of the référentiel."""
        said = json.dumps(self.contenu, default=str, ensure_ascii=False, sort_keys=True)
        known = (f"{__version__}{template_fingerprint()}{load_referentiel().empreinte}"
                 f"{self.variante.value}{said}")  # fmt: skip
        return hashlib.sha256(known.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Prepare:
    """What became of a workbook."""

    classeur: PlannedWorkbook
    etat: str
    detail: str = ""


def classeurs(
    extrait: Path,
    programmation: Path | None,
    referentiel: Referentiel,
    sieve: Filter | None = None,
    suivi: ReadProgress | None = None,
) -> Iterator[PlannedWorkbook]:
    """The workbooks to write: one per organisme of the programming list, else of the extract.

    filtre: what to keep of the extract (the région if None). suivi: told of the bytes read.

    An organisme without ESMS in the field of the CPOM gives a workbook without content. Raises
    UnreadableExtractError, UnreadableListError.
    """
    by_ej: dict[str, list[Mapping[str, str]]] = {}
    asked = sieve or Filter(departements=frozenset(referentiel.departements))
    for line in read_extract(extrait, asked, suivi):
        if sieve is not None and not sieve.garde(*_place(line)):
            continue
        by_ej.setdefault(line.get("nofinessej", "").strip(), []).append(line)
    by_ej.pop("", None)
    if programmation is None:
        programmed = {ej: Programme(ej) for ej in sorted(by_ej)}
    else:
        programmed = read_programmation(programmation, referentiel)
    for ej, programme in programmed.items():
        closed: tuple[str, ...] = ()
        try:
            filled = build(iter(by_ej.get(ej, ())), ej, referentiel)
            found, closed = filled.contenu, filled.closed
            found["identification"][0].update(_fiche(programme, referentiel))
        except UnknownOrganismeError:
            found = {}
        words = ("CPOM", ej, programme.raison_sociale)
        stem = harmless.safe_file_name("_".join(filter(None, words)))
        yield PlannedWorkbook(programme, f"{stem}.xlsx", found, closed)


def for_year(classeur: PlannedWorkbook, annee: int) -> PlannedWorkbook:
    """The workbook for the year that the campaign follows: the gestionnaire need not choose it."""
    fiche = classeur.contenu.get("identification")
    if not fiche:
        return classeur
    dated = [{**fiche[0], "annee_suivie": annee}, *fiche[1:]]
    return replace(classeur, contenu={**classeur.contenu, "identification": dated})


def _place(line: Mapping[str, str]) -> tuple[str, str, str]:
    """What a filter asks of a line: its département, its category, its entité juridique."""
    return departement(line), line.get("categetab", "").strip(), line.get("nofinessej", "").strip()


def _fiche(programme: Programme, referentiel: Referentiel) -> dict[str, Any]:
    """What the programming list says of the contract."""
    found: dict[str, Any] = {"annee_n1": referentiel.annee_n1}
    for key in ("raison_sociale", "departement", "type_contrat", "autorites"):
        if value := getattr(programme, key):
            found[key] = value
    day = programme.date_entree
    if day is not None:
        found["date_entree"] = day
        found["date_effet"] = day
        found["date_echeance"] = _echeance(day, referentiel.duree)
        found["annee_n1"] = day.year
    return found


def _echeance(effet: dt.date, duree: int) -> dt.date:
    """Last day of a contract: date d'effet + 5 years − 1 day."""
    last = effet.replace(day=28) if (effet.month, effet.day) == (2, 29) else effet
    return last.replace(year=effet.year + duree) - dt.timedelta(days=1)


def prepare_workbooks(
    wanted: Sequence[PlannedWorkbook], folder: Path, settings: WorkerSettings | None = None
) -> Iterator[Prepare]:
    """Write the workbooks under a folder, then the tables; what is done is told as it is done.

    Raises WriteError when the table cannot be written; a workbook that cannot be is told.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = read_follow_up(folder / SUIVI)
    wanted = [_same_file(c, folder, known.get(c.finess_ej, {})) for c in wanted]
    results: dict[str, Prepare] = {}
    todo: list[PlannedWorkbook] = []
    for classeur in wanted:
        state = _before(classeur, folder, known.get(classeur.finess_ej))
        if state is None:
            todo.append(classeur)
        else:
            results[classeur.finess_ej] = Prepare(classeur, state)
            yield results[classeur.finess_ej]
    pool = Pool(_write, settings or WorkerSettings(delai=120.0),
                warm_up=("xl_cpom.workbook.template.writer",))  # fmt: skip
    tasks = [(str(folder / c.fichier), c.contenu, c.variante) for c in todo]
    for count, (rank, answer) in enumerate(pool.run(tasks), 1):
        failed = isinstance(answer, TaskFailure)
        detail = answer.detail if isinstance(answer, TaskFailure) else ""
        done = Prepare(todo[rank], MISSING if failed else WRITTEN, detail)
        results[done.classeur.finess_ej] = done
        if count % 20 == 0:
            _write_follow_up(folder, wanted, results, known)
        yield done
    _write_follow_up(folder, wanted, results, known)
    _write_expected(folder, wanted)


def _before(classeur: PlannedWorkbook, folder: Path, known: Mapping[str, str] | None) -> str | None:
    """State of a workbook that is not to be written; None when it is."""
    path = folder / classeur.fichier
    if not classeur.etablissements:
        return WITHOUT_ESMS
    if not path.exists():
        return None
    if known is None or known.get("Empreinte du fichier") != file_fingerprint(path):
        return CHANGED if known is not None or not _ours(classeur, path) else UNCHANGED
    return UNCHANGED if known["Empreinte du contenu"] == classeur.empreinte else None


def _ours(classeur: PlannedWorkbook, path: Path) -> bool:
    """Is the file what we would write? (An interrupted run left it without its line.)"""
    with private_folder() as folder:
        witness = folder / path.name
        _write((str(witness), classeur.contenu, classeur.variante))
        return file_fingerprint(witness) == file_fingerprint(path)


@cache
def _referentiel() -> Referentiel:
    return load_referentiel()


def _write(task: tuple[str, Mapping[str, Sequence[Mapping[str, Any]]], Variante]) -> bytes:
    """Write one workbook (in a worker)."""
    from xl_cpom.workbook.template import write_template

    path, content, variante = task
    write_template(path, _referentiel(), contenu=content, variante=variante)
    return b""


# --- the tables


def not_in_the_list(wanted: Sequence[PlannedWorkbook], folder: Path) -> list[str]:
    """FINESS EJ followed in the folder and not in the list at hand: their lines are kept."""
    listed = {classeur.finess_ej for classeur in wanted}
    return [number for number in read_follow_up(folder / SUIVI) if number not in listed]


def _same_file(
    classeur: PlannedWorkbook, folder: Path, known: Mapping[str, str]
) -> PlannedWorkbook:
    """An organisme that changes its name keeps its workbook: never two for one."""
    name = known.get("Fichier", "")
    plain = name == Path(name).name and name.lower().endswith(".xlsx") and "\\" not in name
    if plain and (folder / name).is_file():
        return replace(classeur, fichier=name)
    return classeur


def _write_follow_up(
    folder: Path,
    wanted: Sequence[PlannedWorkbook],
    results: Mapping[str, Prepare],
    known: Mapping[str, Mapping[str, str]],
) -> None:
    before = read_table(folder / SUIVI, NUMERO)
    lines = [_row(results[c.finess_ej], folder, known.get(c.finess_ej, {}))
             for c in wanted if c.finess_ej in results]  # fmt: skip
    before.merge(COLUMNS, lines, lambda line: line.get(NUMERO, "")).write(folder / SUIVI)


def _write_expected(folder: Path, wanted: Sequence[PlannedWorkbook]) -> None:
    """Those expected: the lines of this list, then those of the organismes it does not name."""
    key = ATTENDUS_COLUMNS[0]
    before = read_table(folder / ATTENDUS, key)
    listed = {classeur.finess_ej for classeur in wanted}
    typed = {line[key]: line for line in reversed(before.lignes)}
    lines = [
        {**line, **{c: line[c] or typed.get(line[key], {}).get(c, "") for c in _CONTACT}}
        for line in _attendus(wanted)
    ]
    before.merge(
        ATTENDUS_COLUMNS,
        lines,
        lambda line: f"{line.get(key, '')} {line.get('finess_et', '')}",
        replaced=lambda line: line[key] in listed,
    ).write(folder / ATTENDUS)


def _attendus(wanted: Sequence[PlannedWorkbook]) -> Iterator[Mapping[str, str]]:
    """What is to come back, as `xl-cpom valider --attendus` reads it: one line per ESMS."""
    for classeur in wanted:
        programme = classeur.programme
        fiche = next(iter(classeur.contenu.get("identification", ())), {})
        head = {
            "finess_ej": programme.finess_ej, "raison_sociale": programme.raison_sociale,
            "departement": programme.departement, "type_contrat": programme.type_contrat,
            "secteurs": str(fiche.get("secteurs", "")), "contact": programme.contact,
            "courriel": programme.courriel, "telephone": programme.telephone,
            "annee": str(fiche.get("annee_suivie", "")),
        }  # fmt: skip
        if not classeur.etablissements:
            yield head
        for et in classeur.etablissements:
            yield {
                **head, "finess_et": et["finess_et"],
                "raison_sociale_et": et.get("raison_sociale", ""),
                "categorie": et.get("categorie", ""), "secteur": et.get("secteur", ""),
                "principal_secondaire": et.get("principal_secondaire", ""),
                "departement_et": et.get("departement", ""),
                "capacite": str(et.get("capacite_autorisee", "")),
            }  # fmt: skip


def _row(done: Prepare, folder: Path, before: Mapping[str, str]) -> dict[str, str]:
    classeur = done.classeur
    ets = classeur.etablissements
    departements = sorted({str(et.get("departement", "")) for et in ets} - {""})
    return {
        "FINESS EJ": classeur.finess_ej,
        "Raison sociale": classeur.nom,
        "Département": " ".join(departements),
        "Type de contrat": classeur.programme.type_contrat,
        "ESMS": str(len(ets)),
        "Places": str(sum(et.get("capacite_autorisee", 0) for et in ets) or ""),
        "Fichier": classeur.fichier,
        "État": f"{done.etat} : {done.detail}" if done.detail else done.etat,
        "Courriel": classeur.programme.courriel or before.get("Courriel", ""),
        **{key: before.get(key, "") for key in _GARDEES},
        "Empreinte du contenu": classeur.empreinte
        if done.etat in (WRITTEN, UNCHANGED)
        else before.get("Empreinte du contenu", ""),
        "Empreinte du fichier": file_fingerprint(folder / classeur.fichier)
        if done.etat in (WRITTEN, UNCHANGED)
        else before.get("Empreinte du fichier", ""),
    }
