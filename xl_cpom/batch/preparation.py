"""One pre-filled workbook per organisme, and the table to follow them with.

Resumable: a workbook already written with the same content is not written again; one that somebody
has filled in since is never touched. The fingerprints are in the table itself.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xl_cpom
from xl_cpom.batch.listes import lire
from xl_cpom.batch.pool import Echec, Pool, Reglages
from xl_cpom.batch.travail import empreinte_du_fichier
from xl_cpom.referentiel import charger
from xl_cpom.reports import neutre
from xl_cpom.typographie import plier, visible
from xl_cpom.workbook.atomic import atomic_write
from xl_cpom.workbook.parsing import parse_date
from xl_cpom.workbook.template.marque import empreinte
from xl_cpom.workbook.template.prefill import OrganismeInconnu, build, read_extract

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

SUIVI = "suivi.csv"
COLONNES = ("FINESS EJ", "Raison sociale", "Département", "Type de contrat", "ESMS", "Places",
            "Fichier", "État", "Courriel", "Envoyé le", "Reçu le", "Remarque",
            "Empreinte du contenu", "Empreinte du fichier")  # fmt: skip
ECRIT, INCHANGE, MODIFIE, SANS_ESMS = "écrit", "inchangé", "modifié depuis : laissé", "sans ESMS"
_GARDEES = ("Envoyé le", "Reçu le", "Remarque")
"""Columns that the ARS fills in: they are kept from one run to the next."""


@dataclass(frozen=True)
class Classeur:
    """A workbook to write: for whom, what it holds, its fingerprint."""

    finess_ej: str
    nom: str
    fichier: str
    contenu: Mapping[str, Sequence[Mapping[str, Any]]]
    courriel: str = ""

    @property
    def empreinte(self) -> str:
        """Fingerprint of the content, of the template and of the référentiel."""
        said = json.dumps(self.contenu, default=str, ensure_ascii=False, sort_keys=True)
        known = f"{xl_cpom.__version__}{empreinte()}{charger().empreinte}{said}"
        return hashlib.sha256(known.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Prepare:
    """What became of a workbook."""

    classeur: Classeur
    etat: str
    detail: str = ""


def classeurs(
    extrait: Path, programmation: Path | None, referentiel: Referentiel
) -> Iterator[Classeur]:
    """The workbooks to write: one per organisme of the programming list, else of the extract.

    An organisme without ESMS in the field of the CPOM gives a workbook without content. Raises
    ExtraitIllisible, ListeIllisibleError.
    """
    by_ej: dict[str, list[Mapping[str, str]]] = {}
    for line in read_extract(extrait):
        by_ej.setdefault(line.get("nofinessej", "").strip(), []).append(line)
    by_ej.pop("", None)
    if programmation is None:
        programmed: Mapping[str, Mapping[str, str]] = {ej: {} for ej in sorted(by_ej)}
    else:
        lines = list(lire(programmation))
        programmed = {line["finess_ej"]: line for line in reversed(lines)}
        programmed = {line["finess_ej"]: programmed[line["finess_ej"]] for line in lines}
    for ej, line in programmed.items():
        name = visible(line.get("raison_sociale", ""))
        try:
            found = build(iter(by_ej.get(ej, ())), ej, referentiel).contenu
            found["identification"][0].update(_fiche(line, referentiel))
        except OrganismeInconnu:
            found = {}
        stem = neutre.nom_de_fichier("_".join(filter(None, ("CPOM", ej, name))))
        yield Classeur(ej, name, f"{stem}.xlsx", found, visible(line.get("courriel", "")))


def _fiche(line: Mapping[str, str], referentiel: Referentiel) -> dict[str, Any]:
    """What the programming list says of the contract."""
    found: dict[str, Any] = {"annee_n1": referentiel.annee_n1}
    if name := visible(line.get("raison_sociale", "")):
        found["raison_sociale"] = name
    for key, column, names in (
        ("type_contrat", "type_contrat", referentiel.listes["type_contrat"]),
        ("competence", "autorites", referentiel.listes["autorites_signataires"]),
    ):
        folded = {plier(value).replace(" ", ""): value for value in names}
        value = folded.get(plier(line.get(key, "")).replace(" ", ""))
        if value is not None:
            found[column] = value
    day = parse_date(line.get("date_entree", ""))
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


def preparer(
    wanted: Sequence[Classeur], dossier: Path, reglages: Reglages | None = None
) -> Iterator[Prepare]:
    """Write the workbooks under a folder, then the table; what is done is told as it is done.

    Raises EcritureImpossible when the table cannot be written; a workbook that cannot be is told.
    """
    dossier.mkdir(parents=True, exist_ok=True)
    known = lire_suivi(dossier / SUIVI)
    results: dict[str, Prepare] = {}
    todo: list[Classeur] = []
    for classeur in wanted:
        etat = _avant(classeur, dossier, known.get(classeur.finess_ej))
        if etat is None:
            todo.append(classeur)
        else:
            results[classeur.finess_ej] = Prepare(classeur, etat)
            yield results[classeur.finess_ej]
    pool = Pool(_ecrire, reglages or Reglages(delai=120.0),
                warm_up=("xl_cpom.workbook.template.writer",))  # fmt: skip
    tasks = [(str(dossier / c.fichier), c.contenu) for c in todo]
    for count, (rank, answer) in enumerate(pool.run(tasks), 1):
        failed = isinstance(answer, Echec)
        detail = answer.detail if isinstance(answer, Echec) else ""
        done = Prepare(todo[rank], "non écrit" if failed else ECRIT, detail)
        results[done.classeur.finess_ej] = done
        if count % 20 == 0:
            _ecrire_suivi(dossier, wanted, results, known)
        yield done
    _ecrire_suivi(dossier, wanted, results, known)


def _avant(classeur: Classeur, dossier: Path, known: Mapping[str, str] | None) -> str | None:
    """State of a workbook that is not to be written; None when it is."""
    path = dossier / classeur.fichier
    if not classeur.contenu.get("etablissements"):
        return SANS_ESMS
    if not path.exists():
        return None
    if known is None or known.get("Empreinte du fichier") != empreinte_du_fichier(path):
        return MODIFIE if known is not None or not _le_notre(classeur, path) else INCHANGE
    return INCHANGE if known["Empreinte du contenu"] == classeur.empreinte else None


def _le_notre(classeur: Classeur, path: Path) -> bool:
    """Is the file what we would write? (An interrupted run left it without its line.)"""
    with tempfile.TemporaryDirectory() as folder:
        witness = Path(folder) / path.name
        _ecrire((str(witness), classeur.contenu))
        return empreinte_du_fichier(witness) == empreinte_du_fichier(path)


@cache
def _referentiel() -> Referentiel:
    return charger()


def _ecrire(task: tuple[str, Mapping[str, Sequence[Mapping[str, Any]]]]) -> bytes:
    """Write one workbook (in a worker)."""
    from xl_cpom.workbook.template import write_template

    path, contenu = task
    write_template(path, _referentiel(), contenu=contenu)
    return b""


# --- the table


def lire_suivi(path: Path) -> dict[str, dict[str, str]]:
    """The lines of the table by FINESS EJ; {} when there is none yet."""
    if not path.exists():
        return {}
    text = path.read_text(encoding="utf-8-sig")
    rows = csv.DictReader(io.StringIO(text), delimiter=";")
    return {row["FINESS EJ"]: row for row in rows if row.get("FINESS EJ")}


def _ecrire_suivi(
    dossier: Path,
    wanted: Sequence[Classeur],
    results: Mapping[str, Prepare],
    known: Mapping[str, Mapping[str, str]],
) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLONNES, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for classeur in wanted:
        done = results.get(classeur.finess_ej)
        if done is not None:
            before = known.get(classeur.finess_ej, {})
            line = _ligne(done, dossier, before)
            writer.writerow({key: neutre.csv(text) for key, text in line.items()})
    with atomic_write(dossier / SUIVI) as temporary:
        temporary.write_text("\ufeff" + out.getvalue(), encoding="utf-8", newline="")


def _ligne(done: Prepare, dossier: Path, before: Mapping[str, str]) -> dict[str, str]:
    classeur = done.classeur
    fiche = next(iter(classeur.contenu.get("identification", ())), {})
    ets = classeur.contenu.get("etablissements", ())
    departements = sorted({str(et.get("departement", "")) for et in ets} - {""})
    return {
        "FINESS EJ": classeur.finess_ej,
        "Raison sociale": classeur.nom,
        "Département": " ".join(departements),
        "Type de contrat": str(fiche.get("type_contrat", "")),
        "ESMS": str(len(ets)),
        "Places": str(sum(et.get("capacite_autorisee", 0) for et in ets) or ""),
        "Fichier": classeur.fichier,
        "État": f"{done.etat} : {done.detail}" if done.detail else done.etat,
        "Courriel": classeur.courriel or before.get("Courriel", ""),
        **{key: neutre.csv_inverse(before.get(key, "") or "") for key in _GARDEES},
        "Empreinte du contenu": classeur.empreinte
        if done.etat in (ECRIT, INCHANGE)
        else before.get("Empreinte du contenu", ""),
        "Empreinte du fichier": empreinte_du_fichier(dossier / classeur.fichier)
        if done.etat in (ECRIT, INCHANGE)
        else before.get("Empreinte du fichier", ""),
    }
