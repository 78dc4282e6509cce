"""The ESMS of each conseil départemental, and what the returns say of them alone.

A conseil is given the ESMS of its département that it has authorised, alone or with the ARS (one
out of the region counts when a CPOM names it); of the other lines of an organisme, nothing. Rates
are computed again on the lines of those ESMS.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from xl_cpom.batch.answer import RowsBySheet
from xl_cpom.batch.campagne import CampaignResult
from xl_cpom.indicators import BY_MODULE, InvalidInputError
from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.dialogue.due_lines import WAITING
from xl_cpom.validators.model import TAKEN
from xl_cpom.validators.retours import Rendu
from xl_cpom.workbook.model import Kind
from xl_cpom.workbook.sheets import HAS, MESURES, SHEETS
from xl_cpom.workbook.sheets.indicateurs import SECTEURS, indicateur_columns, module_sheet

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

CouncilRow = Mapping[str, Any]

BY_ESMS = ("SI", "HAS", "INSPECTION", "DIFFICULTE")
"""Modules whose every line names one ESMS: their rates have a sense for some of them."""

NAMED_BY = {"si": "entite"}
"""Column that names the ESMS of a line, where it is not `finess_et`."""


@dataclass(frozen=True, slots=True)
class CouncilEsms:
    """An ESMS of a conseil. late: measures whose deadline is past; signed: the CPOM names it."""

    finess_et: str
    name: str
    categorie: str
    secteur: str
    capacite: int | None
    finess_ej: str
    organisme: str
    verdict: str
    signed: bool
    left_on: str
    to_lift: int
    late: int
    criteria: int
    systems: int
    deficit: float | None


@dataclass(frozen=True, slots=True)
class CouncilRate:
    """A rate of the ESMS of a conseil, all organismes together."""

    module: str
    libelle: str
    secteur: str
    numerateur: float
    denominateur: float

    @property
    def taux(self) -> float:
        """The pooled rate."""
        return self.numerateur / self.denominateur


@dataclass(frozen=True)
class Council:
    """A conseil départemental. lines: key of a sheet -> its lines about the ESMS, as tables."""

    code: str
    libelle: str
    annee: int | None
    esms: tuple[CouncilEsms, ...]
    rates: tuple[CouncilRate, ...]
    lines: Mapping[str, Sequence[CouncilRow]]

    @property
    def organismes(self) -> int:
        """How many organismes hold these ESMS."""
        return len({one.finess_ej for one in self.esms})

    @property
    def places(self) -> int:
        """Places of the ESMS that are still in a contract."""
        return sum(one.capacite or 0 for one in self.esms if not one.left_on)


def council_figures(result: CampaignResult, referentiel: Referentiel) -> tuple[Council, ...]:
    """Every conseil that has authorised an ESMS of the returns that count, by code."""
    esms: dict[str, list[CouncilEsms]] = {}
    sums: dict[str, dict[tuple[str, str], list[tuple[float, float]]]] = {}
    lines: dict[str, dict[str, list[CouncilRow]]] = {}
    for rendu, these in result.rows():
        rows = {key: list(_named_rows(key, these)) for key in SHEETS}
        own: dict[str, list[CouncilRow]] = {}
        signatories = _signatories(rows)
        for row in rows["etablissements"]:
            code = row["departement"] or ""
            known = code in referentiel.departements or code in signatories
            if row["finess_et"] and known and "CD" in (row["autorite"] or ""):
                own.setdefault(code, []).append(row)
        for code, mine in own.items():
            numbers = {row["finess_et"] for row in mine}
            kept = {key: [r for r in rows[key] if _about(r, key, numbers)] for key in _SHOWN}
            esms.setdefault(code, []).extend(_esms(rendu, kept, mine, code in signatories))
            for key, some in kept.items():
                told = [{"organisme": rendu.raison_sociale, **row} for row in some]
                lines.setdefault(code, {}).setdefault(key, []).extend(told)
            for place, pair in _rates(kept, referentiel) if rendu.verdict in TAKEN else ():
                sums.setdefault(code, {}).setdefault(place, []).append(pair)
    return tuple(
        Council(
            code,
            referentiel.departements_france[code].libelle
            if code in referentiel.departements_france
            else code,
            result.campagne.annee,
            tuple(esms[code]),
            tuple(_pooled(sums.get(code, {}), referentiel)),
            lines[code],
        )
        for code in sorted(esms)
    )


_SHOWN = ("mesures", "has", "si", "difficulte", "actions")


def _named_rows(key: str, these: RowsBySheet) -> Iterator[CouncilRow]:
    names = [column.key for column in SHEETS[key].columns]
    for row in these.get(key, ()):
        yield dict(zip(names, row, strict=True))


def _about(row: CouncilRow, key: str, numbers: set[str]) -> bool:
    """Is a line about these ESMS, and about them only?"""
    named = row[NAMED_BY.get(key, "finess_et")]
    if not isinstance(named, str):
        return False
    told = {part.strip() for part in named.split(";")}
    return bool(told) and told <= numbers


def _esms(
    rendu: Rendu,
    kept: Mapping[str, Sequence[CouncilRow]],
    mine: Sequence[CouncilRow],
    signed: bool,
) -> Iterator[CouncilEsms]:
    day = rendu.date_arrete.isoformat() if rendu.date_arrete else ""
    for row in mine:
        number = row["finess_et"]

        def own(key: str, number: str = number) -> list[CouncilRow]:
            name = NAMED_BY.get(key, "finess_et")
            return [r for r in kept[key] if r[name] == number and r["perimetre"]]

        open_ = [r for r in own("mesures") if r["statut"] not in MESURES.closed]
        criteria = [r for r in own("has") if r["type_retenu"] == "impératif"
                    and r["statut"] not in HAS.closed]  # fmt: skip
        deficits = [r["deficit_residuel"] for r in own("difficulte")]
        known = [value for value in deficits if isinstance(value, int | float)]
        yield CouncilEsms(
            number, row["raison_sociale"] or "", row["libelle_categorie"] or row["categorie"] or "",
            row["secteur"] or "", _int(row["capacite_autorisee"]), rendu.finess_ej or "",
            rendu.raison_sociale, rendu.verdict.value, signed, row["sorti_le"] or "",
            len(open_), sum(_late(r, day) for r in open_),
            len(criteria), sum(r["complet"] != "Oui" for r in own("si")),
            math.fsum(known) if known else None,
        )  # fmt: skip


def _signatories(rows: Mapping[str, Sequence[CouncilRow]]) -> set[str]:
    """Codes of the conseils that the fiche names."""
    fiche = rows["identification"][0] if rows["identification"] else {}
    said = fiche.get("conseils_departementaux") or ""
    return {part.strip() for part in said.split(";")} - {""}


def _late(measure: CouncilRow, day: str) -> bool:
    """Is its deadline past? One that is done waits for the authority, it is not late."""
    due = measure["echeance"]
    return bool(day and due and due < day) and measure["statut"] != WAITING


def _int(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) else None


def _rates(
    kept: Mapping[str, Sequence[CouncilRow]], referentiel: Referentiel
) -> Iterator[tuple[tuple[str, str], tuple[float, float]]]:
    """((module, secteur), (numerator, denominator)) of one organisme, on the lines kept."""
    from xl_cpom.indicators import parameters_of

    parameters = parameters_of(referentiel)
    for module in BY_ESMS:
        sheet = module_sheet(module)
        dates = {column.key for column in sheet.columns if column.kind is Kind.DATE}
        for secteur in SECTEURS:
            code = f"{module}/{secteur}"
            rows = [row for row in kept[sheet.key] if row["perimetre"] == code]
            data: dict[str, Any] = {"code": code}
            for key, column in indicateur_columns(module).items():
                data[key] = [_typed(row[column], column in dates) for row in rows]
            try:
                found = BY_MODULE[module].compute(data, parametres=parameters)
            except InvalidInputError:  # an entry rule has told it in the return
                continue
            if found.numerateur is not None and found.denominateur:
                yield (module, secteur), (found.numerateur, found.denominateur)


def _typed(value: Any, is_date: bool) -> Any:
    return dt.date.fromisoformat(value) if is_date and isinstance(value, str) else value


def _pooled(
    sums: Mapping[tuple[str, str], Sequence[tuple[float, float]]], referentiel: Referentiel
) -> Iterator[CouncilRate]:
    for module in BY_ESMS:
        for secteur in SECTEURS:
            pairs = sums.get((module, secteur), ())
            below = math.fsum(den for _, den in pairs)
            if below:
                yield CouncilRate(module, referentiel.modules[module].indicateur, secteur,
                                  math.fsum(num for num, _ in pairs), below)  # fmt: skip
