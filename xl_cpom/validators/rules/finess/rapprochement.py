"""What the rules against FINESS share: the extract of a control, and that of their examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.workbook.records import Row

if TYPE_CHECKING:
    from xl_cpom.finess.extract import FinessExtract, FinessRecord

EJ, OTHER_EJ = "210099008", "710099003"
EHPAD: Mapping[str, Any] = {"finess_et": "210781456"}
"""The ESMS of the examples that FINESS says is theirs."""

ROWS: tuple[Mapping[str, str], ...] = (
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
        "nofinessej": OTHER_EJ,
        "rs": "EHPAD DU CHAROLAIS",
        "categetab": "500",
        "departement": "71",
        "commune": "PARAY LE MONIAL",
    },
    {
        "nofinesset": "390000123",
        "nofinessej": OTHER_EJ,
        "rs": "EHPAD DES MONTS",
        "categetab": "500",
        "departement": "39",
        "datefermeture": "2025-06-30",
    },
    {
        "nofinesset": "390000131",
        "nofinessej": OTHER_EJ,
        "rs": "EHPAD DES LACS",
        "categetab": "500",
        "departement": "39",
        "etat": "Fermé",
    },
)
"""The extract of the examples."""


def extrait_finess(context: RuleContext) -> FinessExtract:
    """The extract given; the engine runs no rule of this scope without it."""
    assert context.finess is not None
    return context.finess


def known_rows(context: RuleContext) -> Iterator[tuple[Row, FinessRecord]]:
    """The ESMS of the workbook that the extract knows, with what it knows."""
    known = extrait_finess(context)
    for row in context.classeur["etablissements"]:
        if row.finess_et in known.by_et:
            yield row, known.by_et[row.finess_et]


def retour(
    *etablissements: Mapping[str, Any],
    finess_ej: str | None = EJ,
    extrait: Sequence[Mapping[str, str]] = (),
    identification: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """An example: a return of these ESMS, and the extract, with more lines than usual."""
    return {
        "@finess": [*ROWS, *extrait],
        "identification": [{"finess_ej": finess_ej, **(identification or {})}],
        "etablissements": list(etablissements or (EHPAD,)),
    }
