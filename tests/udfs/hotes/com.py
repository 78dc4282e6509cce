"""The COM path: `XLPython().CallUDF`, called as the VBA of the add-in calls it."""

from __future__ import annotations

from typing import Any

from tests.udfs.hotes import echange, pywin32

MANQUANT = -2147352572
"""What Excel passes for an argument left out."""

SCODES = {
    "#NULL!": -2146826288,
    "#DIV/0!": -2146826281,
    "#VALUE!": -2146826273,
    "#REF!": -2146826265,
    "#NAME?": -2146826259,
    "#NUM!": -2146826252,
    "#N/A": -2146826246,
}


def cellule(value: Any) -> Any:
    """One cell as COM hands it over."""
    if echange.est_vide(value):
        return None
    day = echange.date_de(value)
    if day is not None:
        return pywin32.TimeType(day.year, day.month, day.day)
    if isinstance(value, str):
        return SCODES.get(value, value)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def argument(value: Any) -> Any:
    """One argument: a column is a tuple of rows."""
    if value is None:
        return MANQUANT
    if isinstance(value, list):
        return tuple((cellule(cell),) for cell in value)
    return cellule(value)


def main() -> None:
    """Answer the calls of the standard input."""
    pywin32.installer()
    from xlwings import com_server

    server = com_server.XLPython()

    def appeler(name: str, args: list[Any]) -> Any:
        whole = (*args, *[MANQUANT] * (ARITES[name] - len(args)))
        return server.CallUDF("xl_cpom.udfs.xlwings_module", name, whole, None, None)

    from xl_cpom.udfs.core import FONCTIONS

    ARITES = {name: len(f.params) for name, f in FONCTIONS.items()}
    echange.repondre(appeler, argument)


if __name__ == "__main__":
    main()
