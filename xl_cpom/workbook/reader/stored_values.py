"""From the stored text of a cell to its value, strictly: what does not follow its type is said."""

from __future__ import annotations

from xl_cpom.workbook.reader.escapes import decode
from xl_cpom.workbook.reader.raw_cells import KNOWN_ERRORS, ExcelError, Malformed, NonFinite, Value
from xl_cpom.workbook.reader.reading_state import PackageReading
from xl_cpom.workbook.reader.serial_dates import iso_to_serial

_ERRORS = {code: ExcelError(code) for code in KNOWN_ERRORS}
_XML_BLANKS = " \t\r\n"
_BOOLEANS = {"1": True, "0": False, "true": True, "false": False}


def to_number(raw: str) -> float | ExcelError:
    """A number as XML Schema spells it. Python's `float` takes more: `1_000`, `nan`, `١٢`."""
    if not raw.isascii() or "_" in raw:
        return Malformed(raw)
    try:
        number = float(raw)
    except ValueError:
        return Malformed(raw)
    return number if number - number == 0.0 else NonFinite(raw)


def to_value(reading: PackageReading, kind: str, raw: str) -> tuple[str, Value, str | None]:
    """(text, value, code of the remark or None) of a stored text of that type.

    `text` is what `RawCell.raw` keeps: the string itself for a shared string, never its index.
    """
    if kind == "s":
        raw = raw.strip(_XML_BLANKS)
        index = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else -1
        if 0 <= index < len(reading.strings):
            text = reading.strings[index]
            return text, text, None
        return raw, Malformed(raw), "CEL-VALEUR"
    if kind in ("str", "inlineStr"):
        text = decode(raw)
        return text, text, None
    if kind == "b":
        flag = _BOOLEANS.get(raw.strip().lower())
        return (raw, Malformed(raw), "CEL-VALEUR") if flag is None else (raw, flag, None)
    if kind == "e":
        raw = raw.strip(_XML_BLANKS)
        error = _ERRORS.get(raw)
        return (raw, ExcelError(raw), "CEL-ERREUR") if error is None else (raw, error, None)
    if kind == "d":
        serial = iso_to_serial(raw, date1904=reading.date1904)
        return (raw, Malformed(raw), "CEL-VALEUR") if serial is None else (raw, serial, None)
    if kind != "n":
        return raw, Malformed(raw), "CEL-TYPE"
    number = to_number(raw)
    if type(number) is float:
        return raw, number, None
    return raw, number, "CEL-NON-FINI" if isinstance(number, NonFinite) else "CEL-VALEUR"
