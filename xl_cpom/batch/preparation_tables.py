"""The tables beside the prepared workbooks: who is followed, and the list of what is expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from xl_cpom.batch.follow_up import ATTENDUS, NUMERO, RECEIVED, SUIVI, read_follow_up, read_table
from xl_cpom.batch.planned_workbook import UNCHANGED, WRITTEN, PlannedWorkbook, Prepare
from xl_cpom.validators.unreadable import file_fingerprint

COLUMNS = (NUMERO, "Raison sociale", "Département", "Type de contrat", "ESMS", "Places",
            "Fichier", "État", "Courriel", "Envoyé le", RECEIVED, "Remarque",
            "Empreinte du contenu", "Empreinte du fichier")  # fmt: skip
ORIGINE = "Retour d'origine"
"""Last year's return that a workbook was made from: a column there is when one was."""
ATTENDUS_COLUMNS = ("finess_ej", "raison_sociale", "departement", "type_contrat", "secteurs",
                     "contact", "courriel", "telephone", "annee", "finess_et", "raison_sociale_et",
                     "categorie", "secteur", "principal_secondaire", "departement_et",
                     "capacite")  # fmt: skip
_GARDEES = ("Envoyé le", RECEIVED, "Remarque")
"""Columns that the ARS fills in: they are kept from one run to the next."""

_CONTACT = ("contact", "courriel", "telephone")
"""What the ARS may have completed in the list of those expected."""


def not_in_the_list(wanted: Sequence[PlannedWorkbook], folder: Path) -> list[str]:
    """FINESS EJ followed in the folder and not in the list at hand: their lines are kept."""
    listed = {classeur.finess_ej for classeur in wanted}
    return [number for number in read_follow_up(folder / SUIVI) if number not in listed]


def same_file(classeur: PlannedWorkbook, folder: Path, known: Mapping[str, str]) -> PlannedWorkbook:
    """An organisme that changes its name keeps its workbook: never two for one."""
    name = known.get("Fichier", "")
    plain = name == Path(name).name and name.lower().endswith(".xlsx") and "\\" not in name
    if plain and (folder / name).is_file():
        return replace(classeur, file=name)
    return classeur


def write_follow_up(
    folder: Path,
    wanted: Sequence[PlannedWorkbook],
    results: Mapping[str, Prepare],
    known: Mapping[str, Mapping[str, str]],
) -> None:
    """Bring the lines of what was done up to date in « suivi.csv ». Raises WriteError."""
    before = read_table(folder / SUIVI, NUMERO)
    lines = [_row(results[c.finess_ej], folder, known.get(c.finess_ej, {}))
             for c in wanted if c.finess_ej in results]  # fmt: skip
    origin = (ORIGINE,) if any(ORIGINE in line for line in lines) else ()
    before.merge((*COLUMNS, *origin), lines, lambda line: line.get(NUMERO, "")).write(
        folder / SUIVI
    )


def write_expected(folder: Path, wanted: Sequence[PlannedWorkbook]) -> None:
    """Those expected: the lines of this list, then those of the organismes it does not name."""
    key = ATTENDUS_COLUMNS[0]
    before = read_table(folder / ATTENDUS, key)
    listed = {classeur.finess_ej for classeur in wanted}
    typed = {line[key]: line for line in reversed(before.rows)}
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
        fiche = next(iter(classeur.content.get("identification", ())), {})
        head = {
            "finess_ej": programme.finess_ej, "raison_sociale": programme.raison_sociale,
            "departement": programme.departement, "type_contrat": programme.type_contrat,
            "secteurs": str(fiche.get("secteurs", "")), "contact": programme.contact,
            "courriel": programme.courriel, "telephone": programme.telephone,
            "annee": str(_annee_civile(fiche) or ""),
        }  # fmt: skip
        if not classeur.etablissements:
            yield head
        for et in classeur.etablissements:
            yield {
                **head,
                "finess_et": et["finess_et"],
                "raison_sociale_et": et.get("raison_sociale", ""),
                "categorie": et.get("categorie", ""),
                "secteur": et.get("secteur", ""),
                "principal_secondaire": et.get("principal_secondaire", ""),
                "departement_et": et.get("departement", ""),
                "capacite": str(et.get("capacite_autorisee", "")),
            }


def _annee_civile(fiche: Mapping[str, Any]) -> int | None:
    """Civil year of a workbook to come back: said as such, or « N3 » of a contract."""
    said, first = fiche.get("annee_suivie"), fiche.get("annee_n1")
    if isinstance(said, str) and isinstance(first, int):
        return first - 1 + int(said[1:] or 0)
    return said if isinstance(said, int) else None


def followed_elsewhere(wanted: Sequence[PlannedWorkbook], folder: Path) -> list[str]:
    """Workbooks that the folder follows for another year than the one to prepare.

    Two campaigns in one folder would mix what was sent and received.
    """
    known = read_follow_up(folder / SUIVI)
    return [
        name
        for classeur in wanted
        if classeur.source
        and (name := known.get(classeur.finess_ej, {}).get("Fichier", ""))
        and Path(name).stem.rpartition("_")[2] != Path(classeur.file).stem.rpartition("_")[2]
    ]


def _row(done: Prepare, folder: Path, before: Mapping[str, str]) -> dict[str, str]:
    classeur = done.classeur
    ets = classeur.etablissements
    departements = sorted({str(et.get("departement", "")) for et in ets} - {""})
    return {
        "FINESS EJ": classeur.finess_ej,
        "Raison sociale": classeur.name,
        "Département": " ".join(departements),
        "Type de contrat": classeur.programme.type_contrat,
        "ESMS": str(len(ets)),
        "Places": str(sum(et.get("capacite_autorisee", 0) for et in ets) or ""),
        "Fichier": classeur.file,
        "État": f"{done.state} : {done.detail}" if done.detail else done.state,
        "Courriel": classeur.programme.courriel or before.get("Courriel", ""),
        **({ORIGINE: classeur.source} if classeur.source else {}),
        **{key: before.get(key, "") for key in _GARDEES},
        "Empreinte du contenu": classeur.digest
        if done.state in (WRITTEN, UNCHANGED)
        else before.get("Empreinte du contenu", ""),
        "Empreinte du fichier": file_fingerprint(folder / classeur.file)
        if done.state in (WRITTEN, UNCHANGED)
        else before.get("Empreinte du fichier", ""),
    }
