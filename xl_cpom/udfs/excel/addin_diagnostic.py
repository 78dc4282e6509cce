"""What is missing for the functions to compute in Excel: one finding per question, in French.

The machine is seen through `Probes`, so that every answer can be tried on any machine.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from xl_cpom.extras import install_command
from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import typeset
from xl_cpom.version import __version__

from .installation import InstallationError, Locations, read_settings
from .xlam import DamagedAddInError, xlwings_version

OFFICE = r"Software\Microsoft\Office\16.0\Excel"
STRATEGY = r"Software\Policies\Microsoft\Office\16.0\Excel"
PYTHON_MINIMAL = (3, 11)


@dataclass(frozen=True)
class AddInCheck:
    """One answer. etat: True = right, False = to mend, None = not known here."""

    question: str
    state: bool | None
    detail: str
    remedy: str = ""


@dataclass(frozen=True)
class Probes:
    """What the diagnostic asks the machine. Each answers None when it cannot know."""

    platform: str
    python: tuple[int, int]
    version: Callable[[str], str | None]
    read: Callable[[Path], bytes | None]
    exists: Callable[[Path], bool]
    register: Callable[[str, str], object | None]
    blocked: Callable[[str], tuple[str, ...]]
    places: Callable[[], Locations]
    expected_addin: Callable[[], bytes | None]


def diagnose(sondes: Probes) -> list[AddInCheck]:
    """Every answer, in the order in which to mend them."""
    found = [_python(sondes), _xlwings(sondes)]
    try:
        places = sondes.places()
    except InstallationError as refusal:
        return [*found, AddInCheck("Windows et Excel", None, str(refusal))]
    found.append(_pywin32(sondes))
    found.extend(_complement(sondes, places))
    found.append(_interpreter(sondes, places))
    found.extend(_securite(sondes))
    return [AddInCheck(c.question, c.state, typeset(c.detail), typeset(c.remedy)) for c in found]


def _python(sondes: Probes) -> AddInCheck:
    shown = ".".join(map(str, sondes.python))
    return AddInCheck(
        "Python",
        sondes.python >= PYTHON_MINIMAL,
        f"version {shown}, xl_cpom {__version__}",
        f"installez Python {'.'.join(map(str, PYTHON_MINIMAL))} ou plus récent",
    )


def _xlwings(sondes: Probes) -> AddInCheck:
    found = sondes.version("xlwings")
    if found is None:
        return AddInCheck("xlwings", False, "absent", f"installez-le : {install_command('excel')}")
    return AddInCheck("xlwings", True, f"version {found}")


def _pywin32(sondes: Probes) -> AddInCheck:
    found = sondes.version("pywin32")
    if found is None:
        return AddInCheck("pywin32", False, "absent", "installez-le : pip install pywin32")
    return AddInCheck("pywin32", True, f"version {found}")


def _complement(sondes: Probes, places: Locations) -> Iterator[AddInCheck]:
    question, again = "complément", "relancez : xl-cpom complement installer"
    data = sondes.read(places.complement)
    if data is None:
        yield AddInCheck(question, False, f"« {places.complement} » est absent", again)
        return
    yield AddInCheck(question, True, f"présent : {places.complement}")
    try:
        built_for = xlwings_version(data)
    except DamagedAddInError as broken:
        yield AddInCheck("contenu du complément", False, str(broken), again)
        return
    installed = sondes.version("xlwings")
    yield AddInCheck(
        "accord des versions",
        built_for == installed,
        f"complément prévu pour xlwings {built_for}, xlwings {installed or 'absent'} installé",
        again,
    )
    expected = sondes.expected_addin()
    if expected is not None:
        same = hashlib.sha256(expected).digest() == hashlib.sha256(data).digest()
        detail = "identique" if same else "différent de celui que produit ce programme"
        yield AddInCheck("contenu du complément", same, detail, again)
    zone = sondes.read(Path(f"{places.complement}:Zone.Identifier"))
    yield AddInCheck(
        "provenance",
        zone is None,
        "fichier non bloqué" if zone is None else "Windows bloque ce fichier venu d'Internet",
        "clic droit sur le fichier, Propriétés, cochez « Débloquer »",
    )


def _interpreter(sondes: Probes, places: Locations) -> AddInCheck:
    question, again = "Python du complément", "relancez : xl-cpom complement installer"
    content = sondes.read(places.settings)
    told = read_settings(content) if content is not None else ""
    if not told:
        return AddInCheck(question, False, f"« {places.settings} » ne dit pas où est Python", again)
    if not sondes.exists(Path(told)):
        return AddInCheck(question, False, f"« {told} » n'existe plus", again)
    version = sondes.version("xlwings")
    dll = f"xlwings64-{version}.dll"
    folder = Path(told).parent
    if version and not any(sondes.exists(d / dll) for d in (folder, folder.parent)):
        remedy = "réinstallez xlwings dans ce Python : pip install --force-reinstall xlwings"
        return AddInCheck(question, False, f"« {dll} » est absent à côté de « {told} »", remedy)
    return AddInCheck(question, True, told)


def _securite(sondes: Probes) -> Iterator[AddInCheck]:
    question = "réglages de sécurité d'Excel"
    ask_dsi = "demandez à votre DSI d'autoriser ce complément"
    refusals = {
        "VBAWarnings": (4, "toutes les macros sont désactivées"),
        "DisableAllAddins": (1, "tous les compléments sont désactivés"),
        "RequireAddinSig": (1, "seuls les compléments signés sont admis"),
    }
    clean = True
    for value, (blocking, said) in refusals.items():
        for key, remedy in (
            (rf"{STRATEGY}\Security", ask_dsi),
            (rf"{OFFICE}\Security", "Fichier, Options, Centre de gestion de la confidentialité"),
        ):
            if sondes.register(key, value) == blocking:
                clean = False
                yield AddInCheck(question, False, said, remedy)
                break
    disabled = sondes.register(rf"{STRATEGY}\Security\Trusted Locations", "AllLocationsDisabled")
    if disabled == 1:
        clean = False
        yield AddInCheck(question, False, "les emplacements approuvés sont désactivés", ask_dsi)
    if any("CPOM" in name.upper() for name in sondes.blocked(rf"{OFFICE}\Resiliency")):
        clean = False
        yield AddInCheck(
            question,
            False,
            "Excel a désactivé le complément après un incident",
            "Fichier, Options, Compléments, Gérer : Éléments désactivés, Atteindre…, Activer",
        )
    if clean:
        yield AddInCheck(question, True, "rien n'empêche le complément de se charger")


def machine_probes() -> Probes:
    """The real machine."""
    from importlib.metadata import PackageNotFoundError, version

    from . import windows_registry
    from .xlam import XlwingsTemplateError, construire

    def installed(name: str) -> str | None:
        try:
            return version(name)
        except PackageNotFoundError:
            return None

    def expected() -> bytes | None:
        try:
            return construire()
        except XlwingsTemplateError:
            return None

    def read(path: Path) -> bytes | None:
        try:
            return path.read_bytes()
        except OSError:
            return None

    return Probes(
        platform=sys.platform,
        python=sys.version_info[:2],
        version=installed,
        read=read,
        exists=Path.is_file,
        register=windows_registry.register,
        blocked=windows_registry.disabled_items,
        places=Locations.ici,
        expected_addin=expected,
    )
