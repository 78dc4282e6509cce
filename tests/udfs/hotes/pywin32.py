"""The leaves of pywin32 that xlwings imports on Windows, so that its own COM code runs here.

Only pywin32 and the DLL loaders of ctypes are stand-ins; `xlwings.udfs`, `xlwings._xlwindows` and
`xlwings.com_server` are the real modules.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import importlib.machinery
import sys
import types
from unittest.mock import MagicMock


class ComError(Exception):
    """pywintypes.com_error."""


class TimeType(dt.datetime):
    """What pywin32 turns a date cell into."""


def _module(name: str, **content: object) -> types.ModuleType:
    module = types.ModuleType(name)
    module.__dict__.update(content)
    module.__spec__ = importlib.machinery.ModuleSpec(name, None)
    module.__path__ = []
    sys.modules[name] = module
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, module)
    return module


def _anything(name: str) -> MagicMock:
    return MagicMock(name=name)


def _no_server(wrapped: object) -> object:
    raise ComError


def installer() -> types.ModuleType:
    """Put the stand-ins in place, return `xlwings.udfs`, whose decorators become xlwings'."""
    _module("pywintypes", com_error=ComError, error=ComError, TimeType=TimeType, IID=str, Time=str)
    _module(
        "pythoncom",
        __file__="pythoncom",
        com_error=ComError,
        ole_error=ComError,
        CoInitialize=lambda *args: None,
        IID_IDispatch="IDispatch",
        IID_IEnumVARIANT="IEnum",
        TypeIIDs={"IDispatch": type("PyIDispatch", (), {})},
        CoMarshalInterThreadInterfaceInStream=lambda iid, held: held,
        CoGetInterfaceAndReleaseStream=lambda held, iid: held,
        new=MagicMock(),
    )
    for name in ("win32api", "win32con", "win32gui", "win32process", "win32event"):
        _module(name, __getattr__=_anything)
    _module("win32timezone", TimeZoneInfo=types.SimpleNamespace(utc=lambda: dt.UTC))
    _module("win32com")
    _module(
        "win32com.client",
        Dispatch=lambda held, *args, **options: held,
        CDispatch=type("CDispatch", (), {}),
        CoClassBaseClass=object,
        DispatchBaseClass=object,
        DispatchEx=MagicMock(),
        gencache=MagicMock(),
        GetActiveObject=MagicMock(),
    )
    _module("win32com.client.dynamic", __getattr__=_anything)
    _module("win32com.server")
    _module("win32com.server.dispatcher")
    _module("win32com.server.policy", DefaultPolicy=object)
    _module("win32com.server.util", unwrap=_no_server, wrap=lambda held, *args, **options: held)
    loaders = ("windll", "oledll", "PyDLL")
    before = {name: getattr(ctypes, name, None) for name in loaders}
    for name in loaders:
        setattr(ctypes, name, MagicMock())
    import xlwings

    try:
        from xlwings import _xlwindows
    finally:
        for name, loader in before.items():
            if loader is None:
                delattr(ctypes, name)
            else:
                setattr(ctypes, name, loader)
    xlwings.engines.add(xlwings.Engine(impl=_xlwindows.engine))
    xlwings.engines.active = xlwings.engines["excel"]
    import xlwings.udfs

    xlwings.func, xlwings.arg, xlwings.ret = (
        xlwings.udfs.xlfunc,
        xlwings.udfs.xlarg,
        xlwings.udfs.xlret,
    )
    return xlwings.udfs
