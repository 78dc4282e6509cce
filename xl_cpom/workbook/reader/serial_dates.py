"""Excel's serial dates: the two epochs, the day that never was, and ISO dates."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

_EPOCH_1904 = datetime(1904, 1, 1)
_EPOCH_1900 = datetime(1899, 12, 30)
_LAST_1900 = 2_958_466  # first serial after 9999-12-31
_SHIFT_1904 = 1_462  # days from 1899-12-30 to 1904-01-01
_DAY_MS = 86_400_000


def serial_to_datetime(serial: float, *, date1904: bool = False) -> datetime | None:
    """The date and time of a serial number, to the millisecond; None when it has none.

    Excel's 1900 system believes in 29 February 1900 (serial 60): that serial has no date, and
    those before it are one day later than a plain count of days says. Negative serials and those
    after 9999-12-31 have no date.
    """
    if not 0 <= serial < (_LAST_1900 - _SHIFT_1904 if date1904 else _LAST_1900):
        return None
    days, fraction = divmod(serial, 1)
    if date1904:
        epoch = _EPOCH_1904
    else:
        if days == 60:
            return None
        epoch = _EPOCH_1900 + timedelta(days=1) if days < 60 else _EPOCH_1900
    try:
        return epoch + timedelta(days=days, milliseconds=round(fraction * _DAY_MS))
    except OverflowError:  # the last half millisecond of 9999-12-31
        return None


def iso_to_serial(text: str, *, date1904: bool = False) -> float | None:
    """The serial number of an ISO 8601 date, date-time or time; None when it is none.

    A time zone is dropped: a sheet knows none.
    """
    text = text.strip()
    try:
        if text.startswith("T") or (":" in text[:3] and "-" not in text):
            clock = time.fromisoformat(text.removeprefix("T").removesuffix("Z"))
            moment = datetime.combine(date(2000, 1, 1), clock.replace(tzinfo=None))
            return (moment - datetime(2000, 1, 1)) / timedelta(days=1)
        moment = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
    serial = (moment - (_EPOCH_1904 if date1904 else _EPOCH_1900)) / timedelta(days=1)
    if not date1904 and serial < 61:
        serial -= 1  # the 29 February 1900 that Excel counts
    return serial if serial >= 0 else None
