"""The text files of the extension that say what it offers: types, help, registration, identity.

LibreOffice reads a plain `.idl` as a type library, so no SDK compiles anything. Registration is
passive: `cpom.components` names the Python file, which is only imported to compute a first cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from xl_cpom.functions import FUNCTIONS, CellFunction, FunctionParam
from xl_cpom.typography import typeset
from xl_cpom.version import __version__

from . import uno_names
from .install_notice import NOTICE

COMPONENT: Final = "cpom_addin.py"
HEADER: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
LANGUAGES: Final = ("en", "fr")
"""« en » is what old and new versions fall back to: the names and the help are the same."""

WANTED_CELL: Final = typeset("Dans LibreOffice : une cellule, pas une valeur écrite ici.")
VERSION_MINIMALE: Final = "7.0"


def fichiers() -> Iterator[tuple[str, str]]:
    """(name, text) of every descriptive file."""
    yield "META-INF/manifest.xml", manifest()
    yield "description.xml", description()
    yield "description_fr.txt", NOTICE
    yield "XCpom.idl", idl()
    yield "CalcAddIns.xcu", configuration()
    yield "cpom.components", components()


def manifest() -> str:
    """What LibreOffice must read in the extension."""
    parts = {
        "XCpom.idl": "application/vnd.sun.star.uno-typelibrary;type=RDB",
        "CalcAddIns.xcu": "application/vnd.sun.star.configuration-data",
        "cpom.components": "application/vnd.sun.star.uno-components",
    }
    entries = "".join(
        f' <manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>\n'
        for name, kind in parts.items()
    )
    return (
        f'{HEADER}<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">\n'
        f"{entries}</manifest:manifest>\n"
    )


def description() -> str:
    """Identity of the extension, as the extension manager shows it."""
    return (
        f'{HEADER}<description xmlns="http://openoffice.org/extensions/description/2006"'
        ' xmlns:l="http://libreoffice.org/extensions/description/2011"'
        ' xmlns:xlink="http://www.w3.org/1999/xlink">\n'
        f' <identifier value="{uno_names.IDENTIFIANT}"/>\n'
        f' <version value="{__version__}"/>\n'
        ' <platform value="all"/>\n'
        " <display-name>\n"
        '  <name lang="fr">Fonctions CPOM</name>\n'
        " </display-name>\n"
        ' <publisher><name lang="fr">xl_cpom</name></publisher>\n'
        " <extension-description>\n"
        '  <src xlink:href="description_fr.txt" lang="fr"/>\n'
        " </extension-description>\n"
        " <registration>\n"
        '  <simple-license accept-by="admin" default-license-id="fr" suppress-if-required="true"'
        ' suppress-on-update="true">\n'
        '   <license-text xlink:href="LICENCE.txt" lang="fr" license-id="fr"/>\n'
        "  </simple-license>\n"
        " </registration>\n"
        " <dependencies>\n"
        f'  <l:LibreOffice-minimal-version l:name="LibreOffice {VERSION_MINIMALE}"'
        f' value="{VERSION_MINIMALE}"/>\n'
        " </dependencies>\n"
        "</description>\n"
    )


def idl() -> str:
    """The interface whose methods are the functions."""
    methods = "".join(f"    {_signature(f)};\n" for f in FUNCTIONS.values())
    opening = " ".join(f"module {m} {{" for m in uno_names.MODULES)
    closing = " ".join("};" for _ in uno_names.MODULES)
    return (
        f"{opening}\n  interface {uno_names.INTERFACE} : com::sun::star::uno::XInterface {{\n"
        f"{methods}  }};\n{closing}\n"
    )


def _signature(function: CellFunction) -> str:
    params = ", ".join(
        f"[in] {uno_names.type_argument(function, p)} {uno_names.argument_name(p)}"
        for p in function.params
    )
    return f"{uno_names.result_type(function)} {function.name}({params})"


def components() -> str:
    """Where the component is, and what starts it."""
    return (
        f'{HEADER}<components xmlns="http://openoffice.org/2010/uno-components">\n'
        f' <component loader="com.sun.star.loader.Python" uri="{COMPONENT}">\n'
        f'  <implementation name="{uno_names.SERVICE}">\n'
        f'   <service name="{uno_names.SERVICE_CALC}"/>\n'
        f'   <service name="{uno_names.SERVICE}"/>\n'
        "  </implementation>\n </component>\n</components>\n"
    )


def configuration() -> str:
    """Names and help of the functions and of their arguments."""
    functions = "".join(_function(f) for f in FUNCTIONS.values())
    return (
        f"{HEADER}<oor:component-data"
        ' xmlns:oor="http://openoffice.org/2001/registry"'
        ' xmlns:xs="http://www.w3.org/2001/XMLSchema"'
        ' oor:name="CalcAddIns" oor:package="org.openoffice.Office">\n'
        f'<node oor:name="AddInInfo"><node oor:name="{uno_names.SERVICE}" oor:op="replace">'
        f'<node oor:name="AddInFunctions">\n{functions}</node></node></node>\n'
        "</oor:component-data>\n"
    )


def _function(function: CellFunction) -> str:
    params = "".join(_param(function, p) for p in function.params)
    return (
        f" {_node(function.name)}{_prop('DisplayName', function.name)}"
        f"{_prop('CompatibilityName', function.name)}{_prop('Description', function.description)}"
        '<prop oor:name="Category"><value>Add-In</value></prop>\n'
        f'  <node oor:name="Parameters">\n{params}  </node>\n </node>\n'
    )


def _param(function: CellFunction, param: FunctionParam) -> str:
    return (
        f"  {_node(uno_names.argument_name(param))}{_prop('DisplayName', param.name)}"
        f"{_prop('Description', aide(function, param))}</node>\n"
    )


def aide(function: CellFunction, param: FunctionParam) -> str:
    """Help of an argument: where a reference is needed, it is said."""
    return f"{param.doc} {WANTED_CELL}" if uno_names.by_cells(function, param) else param.doc


def _node(name: str) -> str:
    return f'<node oor:name={quoteattr(name)} oor:op="replace">'


def _prop(name: str, text: str) -> str:
    values = "".join(f'<value xml:lang="{lang}">{escape(text)}</value>' for lang in LANGUAGES)
    return f'<prop oor:name="{name}">{values}</prop>'
