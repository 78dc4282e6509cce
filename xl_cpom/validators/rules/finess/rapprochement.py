"""What the rules against FINESS share: the extract of a control, and that of their examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from xl_cpom.finess.extract import FinessExtract, FinessRecord
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.workbook.records import Row

EJ, AUTRE_EJ = "210099008", "710099003"
EHPAD: Mapping[str, Any] = {"finess_et": "210781456"}
"""The ESMS of the examples that FINESS says is theirs."""

LIGNES: tuple[Mapping[str, str], ...] = (
    {
        "nofinesset": "210781456",
        "nofinessej": EJ,
        "rs": "EHPAD LES TILLEULS DE LA TILLE",
        "categetab": "500",
        "departement": "21",
        "commune": "SELONGEY",
        "siret": "99900026800022",
    },
    {
        "nofinesset": "710976507",
        "nofinessej": AUTRE_EJ,
        "rs": "EHPAD DU CHAROLAIS",
        "categetab": "500",
        "departement": "71",
        "commune": "PARAY LE MONIAL",
    },
    {
        "nofinesset": "390000123",
        "nofinessej": AUTRE_EJ,
        "rs": "EHPAD DES MONTS",
        "categetab": "500",
        "departement": "39",
        "datefermeture": "2025-06-30",
    },
    {
        "nofinesset": "390000131",
        "nofinessej": AUTRE_EJ,
        "rs": "EHPAD DES LACS",
        "categetab": "500",
        "departement": "39",
        "etat": "Fermé",
    },
)
"""The extract of the examples."""


def extrait_finess(contexte: RuleContext) -> FinessExtract:
    """The extract given; the engine runs no rule of this scope without it."""
    assert contexte.finess is not None
    return contexte.finess


def connus(contexte: RuleContext) -> Iterator[tuple[Row, FinessRecord]]:
    """The ESMS of the workbook that the extract knows, with what it knows."""
    known = extrait_finess(contexte)
    for row in contexte.classeur["etablissements"]:
        if row.finess_et in known.par_et:
            yield row, known.par_et[row.finess_et]


def retour(
    *etablissements: Mapping[str, Any],
    finess_ej: str | None = EJ,
    extrait: Sequence[Mapping[str, str]] = (),
    identification: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """An example: a return of these ESMS, and the extract, with more lines than usual."""
    return {
        "@finess": [*LIGNES, *extrait],
        "identification": [{"finess_ej": finess_ej, **(identification or {})}],
        "etablissements": list(etablissements or (EHPAD,)),
    }
