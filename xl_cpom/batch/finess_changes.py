"""What FINESS says otherwise than the returns the next workbooks are made from.

The perimeter of a contract changes by avenant, not by FINESS: nothing of it is written in the
workbooks, the ARS is given the list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from xl_cpom.finess.extract import FinessExtract, FinessRecord
from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import date_text, typeset
from xl_cpom.validators.retours import EtablissementRendu, Rendu

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel


@dataclass(frozen=True, slots=True)
class FinessChange:
    """One difference: what the return said, what FINESS says (French)."""

    finess_ej: str
    organisme: str
    finess_et: str
    name: str
    nature: str
    retour: str
    finess: str


def finess_changes(
    returns: Mapping[str, Sequence[Rendu]], extract: FinessExtract, referentiel: Referentiel
) -> list[FinessChange]:
    """The differences of each organisme (FINESS EJ -> the workbooks of its return)."""
    return [
        change
        for number, rendus in sorted(returns.items())
        for change in _of_one(number, rendus, extract, referentiel)
    ]


def _of_one(
    number: str, rendus: Sequence[Rendu], extract: FinessExtract, referentiel: Referentiel
) -> Iterator[FinessChange]:
    name = rendus[0].raison_sociale
    told = {et.finess_et: et for rendu in rendus for et in rendu.etablissements}
    for finess_et, et in sorted(told.items()):
        known = extract.by_et.get(finess_et)
        if known is None and finess_et[:2] not in extract.departements:
            continue  # the extract does not cover its département
        for nature, before, after in _differences(number, et, known):
            yield FinessChange(number, name, finess_et, et.raison_sociale, nature, before, after)
    for record in extract.by_ej.get(number, ()):
        if record.finess_et in told or record.closed or not _in_field(record, referentiel):
            continue
        since = f"ouvert le {date_text(record.ouverture)}" if record.ouverture else "ouvert"
        yield FinessChange(
            number, name, record.finess_et, record.raison_sociale,
            "Établissement absent du retour", "", since,
        )  # fmt: skip


def _in_field(record: FinessRecord, referentiel: Referentiel) -> bool:
    category = referentiel.categories.get(record.categorie)
    return (
        category is not None
        and category.dans_le_champ
        and (not record.departement or record.departement in referentiel.departements)
    )


def _differences(
    finess_ej: str, et: EtablissementRendu, known: FinessRecord | None
) -> Iterator[tuple[str, str, str]]:
    if known is None:
        yield "Numéro inconnu de FINESS", et.finess_et, ""
        return
    if known.closed:
        day = f" le {date_text(known.fermeture)}" if known.fermeture else ""
        yield "Établissement fermé", "", f"fermé{day}"
    if known.finess_ej and known.finess_ej != finess_ej:
        yield "Autre entité juridique", finess_ej, known.finess_ej
    if known.categorie and et.categorie and known.categorie != et.categorie:
        yield "Catégorie", et.categorie, known.categorie
    if known.places is not None and et.capacite_autorisee not in (None, known.places):
        places = typeset(f"{et.capacite_autorisee} places")
        yield "Capacité autorisée", places, typeset(f"{known.places} places")
    if known.departement and et.departement and known.departement != et.departement:
        yield "Département", et.departement, known.departement
