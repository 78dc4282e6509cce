"""The UNO component of the add-in: what LibreOffice starts to compute a CPOM_… cell.

Passive registration (cpom.components) names this file; the interface comes from XCpom.idl. Each
method hands its arguments over to the core and computes nothing.
"""

from __future__ import annotations

from typing import Any

import unohelper
from com.sun.star.lang import XServiceInfo
from fr.cpom.calc import XCpom

from xl_cpom.udfs.libreoffice import frozen_referentiel

frozen_referentiel.installer()

from xl_cpom.functions import FUNCTIONS, CellFunction  # noqa: E402
from xl_cpom.udfs.libreoffice.conversion import appeler, call_table  # noqa: E402
from xl_cpom.udfs.libreoffice.uno_names import SERVICE, SERVICE_CALC  # noqa: E402

SERVICES = (SERVICE_CALC, SERVICE)


class CpomAddIn(unohelper.Base, XCpom, XServiceInfo):  # type: ignore[misc]
    """The functions, as methods added below."""

    def __init__(self, context: Any) -> None:
        self.context = context

    def getImplementationName(self) -> str:  # noqa: N802
        """UNO: name of this implementation."""
        return SERVICE

    def supportsService(self, name: str) -> bool:  # noqa: N802
        """UNO: does it offer a service?"""
        return name in SERVICES

    def getSupportedServiceNames(self) -> tuple[str, ...]:  # noqa: N802
        """UNO: the services it offers."""
        return SERVICES


def _method(function: CellFunction) -> Any:
    call = call_table if function.array else appeler

    def method(self: Any, *args: Any) -> Any:
        return call(function.name, args)

    return method


for _name, _function in FUNCTIONS.items():
    setattr(CpomAddIn, _name, _method(_function))

g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816
g_ImplementationHelper.addImplementation(CpomAddIn, SERVICE, SERVICES)
