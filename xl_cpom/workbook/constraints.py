"""What a column admits, said once for whoever describes it: pandera, Table Schema."""

from __future__ import annotations

from collections.abc import Mapping

from xl_cpom.workbook.model import Kind

SHAPES: Mapping[Kind, str] = {
    Kind.FINESS: r"^([0-9]{2}|2[AB])[0-9]{7}$",
    Kind.FINESS_LIST: r"^([0-9]{2}|2[AB])[0-9]{7}( ?; ?([0-9]{2}|2[AB])[0-9]{7})*$",
    Kind.SIREN: r"^[0-9]{9}$",
    Kind.SIRET: r"^[0-9]{14}$",
    Kind.COTATION: r"^([1-4]|[1-3][.,][0-9]+|4[.,]0+|★|NC|RI)$",
    Kind.EMAIL: r"^[^@\s:;,<>]+@[^@\s:;,<>]+\.[A-Za-z]{2,}$",
}
"""Shape of the texts of a kind."""

SHAPE_CODES: Mapping[Kind, str] = {
    Kind.FINESS: "FMT-001",
    Kind.FINESS_LIST: "FMT-001",
    Kind.SIREN: "FMT-005",
    Kind.SIRET: "FMT-005",
    Kind.COTATION: "HAS-005",
    Kind.EMAIL: "FMT-014",
}
"""Code of the rule that says that a text has not its shape."""

CODES_DE_TYPE: Mapping[Kind, str] = {
    Kind.DATE: "FMT-007",
    Kind.TAUX: "FMT-009",
    Kind.RATIO: "FMT-009",
    Kind.INTEGER: "FMT-020",
    Kind.ANNEE: "FMT-020",
    Kind.NUMBER: "FMT-020",
    Kind.MONTANT: "FMT-020",
    Kind.FINESS: "FMT-004",
    Kind.FINESS_LIST: "FMT-004",
    Kind.SIREN: "FMT-004",
    Kind.SIRET: "FMT-004",
    Kind.LISTING: "FMT-013",
}
"""Code of the rule that says that a value is not of the type of its kind (others: FMT-025)."""

CODE_OUT_OF_BOUNDS = "FMT-022"
