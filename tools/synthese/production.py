"""Writes the synthetic campaign: the returns, the list of what is expected, the FINESS extract.

Workbooks are written in parallel, each one whole; `legers` leaves out the blank rows of the
template, which a return does not need and which cost most of the writing.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.synthese.contenu import Contenu, contenu
from tools.synthese.degats import DAMAGES
from tools.synthese.fautes import FAULTS, apply
from tools.synthese.population import BFC, OG, Organisme, Territory, organismes
from xl_cpom.files.atomic import atomic_write
from xl_cpom.referentiel import Referentiel, load_referentiel
from xl_cpom.reports.harmless import safe_file_name
from xl_cpom.workbook.model import Layout, Sheet
from xl_cpom.workbook.sheets import SHEETS
from xl_cpom.workers.pool import Pool, TaskFailure, WorkerSettings

QUALITES: Mapping[str, int] = {
    "honnête": 60, "fautif": 20, "manquant": 10, "abîmé": 3, "deux versions": 3, "copie": 2,
    "autre année": 1, "établissement d'autrui": 1,
}  # fmt: skip
"""Quality of a return -> its weight."""


@dataclass(frozen=True, slots=True)
class DrawnReturn:
    """A file to write: for whom, how good, and what is wrong with it (« » : nothing)."""

    fichier: str
    organisme: Organisme
    qualite: str
    detail: str = ""
    rang: int = 2
    attendu: str = ""
    """Code of the rule or of the refusal that must find the fault."""
    emprunt: Organisme | None = None


@dataclass(frozen=True)
class DrawnCampaign:
    """What was written."""

    dossier: Path
    organismes: tuple[Organisme, ...]
    retours: tuple[DrawnReturn, ...]

    @property
    def attendus(self) -> Path:
        """The list of what the ARS expects."""
        return self.dossier / "attendus.csv"

    @property
    def programmation(self) -> Path:
        """The programming list that the workbooks are prepared from."""
        return self.dossier / "programmation.csv"

    @property
    def extrait(self) -> Path:
        """A FINESS extract of the same ESMS."""
        return self.dossier / "extrait_finess.csv"

    @property
    def depot(self) -> Path:
        """The folder of the returns."""
        return self.dossier / "retours"


@dataclass(frozen=True)
class SyntheticTask:
    """A return to write, and where."""

    retour: DrawnReturn
    cible: str
    graine: int
    legers: bool
    referentiel: Path | None = None
    """Folder of the cycle, when it is not the default one."""


def produce(
    folder: Path,
    *,
    nombre: int = OG,
    graine: int = 2026,
    legers: bool = True,
    jobs: int | None = None,
    qualites: Mapping[str, int] = QUALITES,
    territory: Territory = BFC,
    referentiel: Path | None = None,
    here: bool = False,
) -> DrawnCampaign:
    """Write a campaign of `nombre` organismes under a folder.

    qualites: weights of the qualities of the returns. referentiel: folder of the cycle, when it is
    not the default one. here: see `WorkerSettings`. The same arguments give the same bytes.
    """
    drawn = draw(folder, nombre=nombre, graine=graine, qualites=qualites, territory=territory,
                 referentiel=referentiel)  # fmt: skip
    for _ in write(drawn, graine=graine, legers=legers, jobs=jobs, referentiel=referentiel,
                   here=here):  # fmt: skip
        pass
    return drawn


def draw(
    folder: Path,
    *,
    nombre: int = OG,
    graine: int = 2026,
    qualites: Mapping[str, int] = QUALITES,
    territory: Territory = BFC,
    referentiel: Path | None = None,
) -> DrawnCampaign:
    """Who there is and what each sends, nothing being written yet; arguments of `produce`."""
    ogs = tuple(organismes(nombre, graine, territory))
    return DrawnCampaign(folder, ogs, tuple(_retours(ogs, graine, qualites, _cycle(referentiel))))


def write(
    campagne: DrawnCampaign,
    *,
    graine: int = 2026,
    legers: bool = True,
    jobs: int | None = None,
    referentiel: Path | None = None,
    again: bool = True,
    here: bool = False,
) -> Iterator[str]:
    """Write what was drawn: the name of each return, once it is there.

    again: write anew those that are there already; a return is never there half written.
    """
    folder, ogs, retours = campagne.dossier, campagne.organismes, campagne.retours
    campagne.depot.mkdir(parents=True, exist_ok=True)
    tasks = [task for task in synthetic_tasks(campagne, graine, legers, referentiel)
             if again or not Path(task.cible).exists()]  # fmt: skip
    missing = {task.retour.fichier for task in tasks}
    yield from (retour.fichier for retour in retours if retour.fichier not in missing)
    pool = Pool(write_return, WorkerSettings(jobs=jobs, time_limit=120.0, here=here))
    for rank, answer in pool.run(tasks):
        if isinstance(answer, TaskFailure):
            raise RuntimeError(f"{tasks[rank].retour.fichier}: {answer.detail}")
        yield tasks[rank].retour.fichier
    _text(campagne.attendus, attendus_csv(ogs))
    _text(campagne.programmation, _programmation(ogs))
    _text(campagne.extrait, _extrait(ogs))
    _text(folder / "manifeste.json", _manifest(retours))


def synthetic_tasks(
    campagne: DrawnCampaign, graine: int, legers: bool, referentiel: Path | None = None
) -> list[SyntheticTask]:
    """One task a return, for `write_return`."""
    return [
        SyntheticTask(r, str(campagne.depot / r.fichier), graine, legers, referentiel)
        for r in campagne.retours
    ]


def _retours(
    ogs: Sequence[Organisme], graine: int, qualites: Mapping[str, int], cycle: Referentiel
) -> Iterable[DrawnReturn]:
    chance = random.Random(f"{graine}/qualités")
    for og in ogs:
        (qualite,) = chance.choices(list(qualites), list(qualites.values()))
        first = DrawnReturn(_name(og), og, qualite)
        if qualite == "manquant":
            continue
        if qualite == "fautif":
            detail = _fault(chance, og, graine, cycle)
            yield replace(first, detail=detail, attendu=FAULTS[detail][1])
        elif qualite == "abîmé":
            detail = chance.choice(list(DAMAGES))
            yield replace(first, detail=detail, attendu=DAMAGES[detail][1])
        elif qualite == "autre année":
            yield replace(first, rang=1, attendu="LOT-007")
        elif qualite == "établissement d'autrui":
            other = ogs[(og.rang + 1) % len(ogs)]
            yield replace(first, emprunt=other, attendu="LOT-012")
        else:
            yield first
        if qualite == "copie":
            yield replace(first, fichier=f"copie_de_{first.fichier}", attendu="LOT-004")
        elif qualite == "deux versions":
            yield replace(first, fichier=_name(og, "_v0"), detail="sans pilote", attendu="LOT-006")


def _fault(chance: random.Random, og: Organisme, graine: int, cycle: Referentiel) -> str:
    """A fault that this organisme can make."""
    for detail in chance.sample(list(FAULTS), len(FAULTS)):
        if apply(detail, contenu(og, cycle, graine)):
            return detail
    raise AssertionError("some faults are always possible")


def _name(og: Organisme, suffix: str = "") -> str:
    return f"CPOM_{og.finess}_{safe_file_name(og.nom)}{suffix}.xlsx"


@cache
def legeres() -> Mapping[str, Sheet]:
    """The sheets of the template with no blank row to spare."""
    return {
        key: replace(sheet, capacity=1) if sheet.layout is Layout.TABLE else sheet
        for key, sheet in SHEETS.items()
    }


def write_return(task: SyntheticTask) -> bytes:
    """Write one return (in a worker)."""
    from xl_cpom.workbook.template import write_template

    retour, cible = task.retour, Path(task.cible)
    cycle = _cycle(task.referentiel)
    found = _content(retour, task.graine, cycle)
    if retour.qualite == "deux versions" and retour.detail:
        fiche = found["identification"][0]
        fiche["date_arrete"] = fiche["date_arrete"].replace(month=11, day=30)
    if retour.detail in FAULTS:
        apply(retour.detail, found)
    sheets = legeres() if task.legers else SHEETS
    if retour.detail not in DAMAGES:
        write_template(cible, cycle, contenu=found, sheets=sheets)
        return b""
    with TemporaryDirectory() as folder:  # never there whole, since it is to be damaged
        whole = Path(folder) / "retour.xlsx"
        write_template(whole, cycle, contenu=found, sheets=sheets)
        damaged = DAMAGES[retour.detail][0](whole.read_bytes())
    with atomic_write(cible) as temporary:
        temporary.write_bytes(damaged)
    return b""


@cache
def _cycle(folder: Path | None) -> Referentiel:
    return load_referentiel() if folder is None else load_referentiel(folder)


def _content(retour: DrawnReturn, graine: int, cycle: Referentiel) -> Contenu:
    og = retour.organisme
    if retour.emprunt is not None:
        og = replace(og, esms=(*og.esms, replace(retour.emprunt.esms[0], siret=og.esms[0].siret)))
    return contenu(og, cycle, graine, retour.rang)


def _text(path: Path, text: str) -> None:
    with atomic_write(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")


def _table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows(rows)
    return "\ufeff" + out.getvalue()


def attendus_csv(ogs: Sequence[Organisme]) -> str:
    """The list of what the ARS expects, one line per ESMS."""
    return _table(
        ("finess_ej", "raison_sociale", "departement", "type_contrat", "secteurs", "courriel",
         "telephone", "annee", "finess_et", "raison_sociale_et", "categorie", "secteur",
         "principal_secondaire", "departement_et", "capacite"),
        (
            (og.finess, og.nom, og.departement, og.type_contrat, " et ".join(og.secteurs),
             *_contact(og), load_referentiel().annee_n1 + 1, e.finess, e.nom, e.categorie, e.secteur,  # noqa: E501
             "Secondaire" if e.principal else "Principal", e.departement, e.capacite)
            for og in ogs for e in og.esms
        ),
    )  # fmt: skip


def _programmation(ogs: Sequence[Organisme]) -> str:
    """As the arrêtés say it: day of entry, primo-CPOM or renouvellement, compétence."""
    categories, annee = load_referentiel().categories, load_referentiel().annee_n1
    return _table(
        ("FINESS EJ", "Organisme gestionnaire", "Département", "Type de contrat",
         "Date d'entrée en CPOM", "Compétence", "Courriel", "Téléphone"),
        (
            (og.finess, og.nom, og.departement, og.type_contrat, f"01/01/{annee}",
             "conjointe" if any("CD" in categories[e.categorie].autorite for e in og.esms)
             else "propre ARS", *_contact(og))
            for og in ogs
        ),
    )  # fmt: skip


def _contact(og: Organisme) -> tuple[str, str]:
    return (f"cpom{og.rang + 1}@organisme.example.fr",
            f"03 00 00 {og.rang // 100:02} {og.rang % 100:02}")  # fmt: skip


def _extrait(ogs: Sequence[Organisme]) -> str:
    return _table(
        ("nofinesset", "nofinessej", "raison_sociale", "categetab", "departement", "commune",
         "siret", "dateautor", "typeet", "nofinessppal", "capacite"),
        (
            (e.finess, og.finess, e.nom, e.categorie, e.departement, e.commune, e.siret,
             "2017-01-03", "S" if e.principal else "P", e.principal, e.capacite)
            for og in ogs for e in og.esms
        ),
    )  # fmt: skip


def _manifest(retours: Sequence[DrawnReturn]) -> str:
    rows = [
        {"fichier": r.fichier, "finess_ej": r.organisme.finess, "qualite": r.qualite,
         "detail": r.detail, "attendu": r.attendu}
        for r in retours
    ]  # fmt: skip
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
