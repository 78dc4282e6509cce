"""The look of the standard workbook: few sober colours, contrasts checked, formats shared.

Every pair of colours reaches a contrast of 4.5 (WCAG AA); a test computes it. No meaning is told
by colour alone: each state has a symbol and a word. A cell without fill is readable on a light page
and on a dark one: a dark theme paints the page, not the text that has a colour of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xl_cpom.workbook.lists import is_code_list
from xl_cpom.workbook.model import Column, Kind

FONT = "Arial"

INK = "#1B2733"
MUTED = "#52606D"
NAVY = "#16324F"
WHITE = "#FFFFFF"
RULE = "#C5CED6"
HEADER_OPTIONAL = "#DCE6F0"
HEADER_COMPUTED = "#E4E7EB"
COMPUTED = "#F3F5F7"
MISSING = "#FFF3CD"
LINK = "#0B4F8A"
BANDS = ("#DCEBFA", "#DDF1E4", "#FFEFD2")
"""Fills of the bands of columns, in turn."""

STATES: Mapping[str, tuple[str, str, str]] = {
    "fait": ("✓", "#14532D", "#DDF1E4"),
    "en cours": ("◐", "#0B3B66", "#DCEBFA"),
    "à venir": ("○", "#3D4852", "#FFFFFF"),
    "reporté": ("↷", "#6B4300", "#FFEFD2"),
    "refusé": ("✗", "#7A1A14", "#FBE3E1"),
    "hors compte": ("–", "#4A4A4A", "#ECECEC"),
}
"""State (`referentiel.contrat.ETATS`) -> symbol, ink, fill. The words of each are data."""

AUTOMATIC = "automatic"
"""The colour of text of the program: black on a light page, white on a dark one."""

ON_ANY_PAGE: Mapping[str, str] = {
    INK: AUTOMATIC,
    NAVY: AUTOMATIC,
    MUTED: "#697580",
    LINK: "#1F6FC4",
    STATES["refusé"][1]: "#D0342C",
}
"""Ink -> what stands for it in a cell without fill, which a dark theme shows on a dark page."""

DATE = "dd/mm/yyyy"
EUROS = '#,##0 "€";[Red]-#,##0 "€"'
RATE = "0.0\\ %"
TEXT = "@"

NUMBER_FORMATS: Mapping[Kind, str] = {
    Kind.TEXT: "General",
    Kind.CODE: TEXT,
    Kind.FINESS: TEXT,
    Kind.FINESS_LIST: TEXT,
    Kind.SIREN: TEXT,
    Kind.SIRET: TEXT,
    Kind.LISTING: "General",
    Kind.DATE: DATE,
    Kind.TAUX: RATE,
    Kind.RATIO: RATE,
    Kind.INTEGER: "#,##0",
    Kind.NUMBER: "#,##0",
    Kind.MONTANT: EUROS,
    Kind.ANNEE: "0",
    Kind.EMAIL: TEXT,
    Kind.COTATION: "General",
}

_NUMBERS_BY_UNIT: Mapping[str, str] = {
    "": "[>=1000]#,##0;General",
    "points": "+0.0;-0.0;0.0",
    "ETP": "#,##0.00",
    "ETP pour 100 places": "#,##0.0",
    "jours": "#,##0.0",
    "années": "#,##0.0",
}

_CENTRED = {Kind.DATE, Kind.ANNEE, Kind.COTATION, Kind.FINESS, Kind.SIREN, Kind.SIRET, Kind.CODE}


def number_format(column: Column) -> str:
    """Number format of the cells of a column, in the stored grammar."""
    if is_code_list(column):
        return TEXT
    if column.kind is Kind.TEXT and column.is_entry and column.width <= 12:
        return TEXT  # short marks such as « A1 », « 3 » or « 2026-1 » are not numbers
    if column.kind is Kind.NUMBER and not (column.is_entry and column.unit == "jours"):
        return _NUMBERS_BY_UNIT.get(column.unit, NUMBER_FORMATS[Kind.NUMBER])
    return NUMBER_FORMATS[column.kind]


def alignment(column: Column) -> str:
    """Horizontal alignment of the cells of a column."""
    if column.kind in _CENTRED or is_code_list(column):
        return "center"
    return "right" if column.kind.is_number else "left"


class TemplateStyles:
    """The formats of one workbook, each created once."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._known: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __call__(self, **properties: Any) -> Any:
        """The format with these XlsxWriter properties, over the font of the workbook."""
        merged = {"font_name": FONT, "font_size": 10, "font_color": INK, **properties}
        if "bg_color" not in merged:
            ink = merged["font_color"]
            merged["font_color"] = ON_ANY_PAGE.get(ink, ink)
        key = tuple(sorted(merged.items()))
        if key not in self._known:
            self._known[key] = self._workbook.add_format(dict(key))
        return self._known[key]

    def difference(self, **properties: Any) -> Any:
        """A format for a conditional format: only what it changes."""
        key = (("dxf", True), *sorted(properties.items()))
        if key not in self._known:
            self._known[key] = self._workbook.add_format(dict(properties))
        return self._known[key]

    @property
    def title(self) -> Any:
        """Title of a sheet."""
        return self(bold=True, font_size=16, font_color=NAVY, valign="vcenter")

    @property
    def purpose(self) -> Any:
        """The line that says what the sheet is for."""
        return self(font_color=MUTED, italic=True, valign="vcenter")

    @property
    def link(self) -> Any:
        """A link to another sheet."""
        return self(font_color=LINK, underline=1, valign="vcenter")

    @property
    def nature(self) -> Any:
        """The word above a header: obligatoire, calculé, the unit."""
        return self(
            font_size=8, italic=True, font_color=MUTED, align="center", valign="bottom",
            text_wrap=True,
        )  # fmt: skip

    def header(self, column: Column) -> Any:
        """Header of a column: full colour when it must be filled, lighter otherwise."""
        look: dict[str, Any] = {"bold": True, "text_wrap": True, "valign": "vcenter",
                                "align": "center", "border": 1, "border_color": RULE}  # fmt: skip
        if column.technical:
            return self(**{**look, "bold": False, "font_size": 8, "font_color": MUTED,
                           "bg_color": HEADER_COMPUTED})  # fmt: skip
        if not column.is_entry:
            return self(bg_color=HEADER_COMPUTED, **look)
        if column.required:
            return self(**{**look, "bg_color": NAVY, "font_color": WHITE})
        return self(bg_color=HEADER_OPTIONAL, **look)

    def cell(
        self,
        column: Column,
        *,
        align: str | None = None,
        valign: str = "top",
        locked: bool = False,
        ruled: bool = True,
    ) -> Any:
        """Cell of a column: open when it is an entry, locked and grey when it is not.

        locked: an entry that the contract or a past year settled; ruled: with lines around.
        """
        open_ = column.is_entry and not locked
        look: dict[str, Any] = {
            "num_format": number_format(column),
            "align": align or alignment(column),
            "valign": valign,
            "locked": not open_,
            "text_wrap": not column.kind.is_number and column.kind is not Kind.DATE,
        }
        if ruled:
            look.update(border=1, border_color=RULE)
        if column.technical:
            look.update(font_size=8, font_color=MUTED)
        if look["align"] == "left":
            look["indent"] = 1
        if not open_:
            look["bg_color"] = COMPUTED
        return self(**look)
