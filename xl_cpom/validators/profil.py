"""The profile of a campaign (`--profil`): severities changed, rules left out, each with a reason.

A TOML file, or a table (CSV, Excel) with the columns code, gravité, motif:

    nom = "Campagne 2027"

    [[regle]]
    code = "SUI-003"              # or the letters of a family: "VRA"
    gravite = "information"       # bloquant, avertissement, information ou désactivée
    motif = "Échéances du plan renégociées en 2027"

A rule named by its code wins over its family. Whatever the profile does is told in every report.
What says whether the file is a return of the campaign at all (STR-003, and the reading, LEC)
cannot be touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.typography import displayable_name, fold, listing, typeset, visible
from xl_cpom.validators.catalogue import FAMILIES, RULES
from xl_cpom.validators.companion_files import (
    BadFileError,
    fingerprint_of,
    is_workbook,
    table_rows,
    toml_table,
    unknown_code,
)
from xl_cpom.validators.model import Rule, Severity

INTOUCHABLES = frozenset({"STR-003"})
"""Rules that no profile changes."""

DESACTIVEE = "désactivée"
_GRAVITES = {fold(severity.value): severity for severity in Severity}
_DESACTIVEE = frozenset(fold(word) for word in (DESACTIVEE, "désactivé", "aucune"))
_KEYS = ("code", "gravite", "motif")


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """What the profile does to a rule or a family; severity None: left out."""

    code: str
    severity: Severity | None
    motif: str

    def __str__(self) -> str:
        done = DESACTIVEE if self.severity is None else self.severity.value
        return f"{self.code} : {done} ({self.motif})"


@dataclass(frozen=True)
class Profil:
    """The profile of a campaign. settings: by code or family."""

    name: str = ""
    settings: Mapping[str, RuleSetting] = field(default_factory=dict)
    file: str = ""
    digest: str = ""

    def setting(self, rule: Rule) -> RuleSetting | None:
        """What the profile says of a rule: of its code, else of its family."""
        if not self.settings or rule.code in INTOUCHABLES:
            return None
        return self.settings.get(rule.code) or self.settings.get(rule.family)

    def apply(self, rule: Rule) -> Rule:
        """The rule with the severity of the campaign."""
        found = self.setting(rule)
        if found is None or found.severity is None or found.severity is rule.severity:
            return rule
        return replace(rule, severity=found.severity)

    def desactivee(self, rule: Rule) -> str | None:
        """Why a rule is left out by the campaign; None when it is not."""
        found = self.setting(rule)
        if found is None or found.severity is not None:
            return None
        return f"désactivée par le profil de la campagne ({found.motif})"

    def __str__(self) -> str:
        """What every report prints of the profile."""
        name = self.name or self.file
        return typeset(f"{name} – {' ; '.join(map(str, self.settings.values()))}")


NO_PROFIL = Profil()
"""The profile that changes nothing."""


SHIPPED = Path(__file__).parent / "shipped_profiles"
"""Folder of the profiles that come with the program, each called by its name."""


def shipped_profiles() -> tuple[str, ...]:
    """The names of the profiles that come with the program."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def profile_path(given: Path | str) -> Path:
    """The file of a profile: the one given, or the one shipped under that name."""
    path = Path(given)
    if not path.exists() and str(given) in shipped_profiles():
        return SHIPPED / f"{given}.toml"
    return path


def load_profil(path: Path | str) -> Profil:
    """Read a profile: a file, or the name of one of those shipped. Raises BadFileError."""
    path = profile_path(path)
    if is_workbook(path) or path.suffix.lower() == ".csv":
        table: dict[str, Any] = {"regle": _lines(path)}
    else:
        table = toml_table(path)
    for key in table:
        if key not in ("nom", "regle"):
            raise BadFileError(path.name, "", f"« {visible(key)} » n'a pas de sens ici. "
                                "Un profil a un « nom » et des blocs « [[regle]] ».")  # fmt: skip
    blocks = table.get("regle", [])
    if not isinstance(blocks, list) or not blocks:
        raise BadFileError(path.name, "", "le profil ne règle rien. Ajoutez au moins un bloc "
                            "« [[regle]] » avec un code, une gravité et un motif.")  # fmt: skip
    settings: dict[str, RuleSetting] = {}
    for rank, block in enumerate(blocks, start=1):
        found = _setting(path.name, f"règle n° {rank}", block)
        if found.code in settings:
            raise BadFileError(path.name, f"règle n° {rank}", f"{found.code} est déjà réglé plus "
                                "haut. Gardez un seul des deux blocs.")  # fmt: skip
        settings[found.code] = found
    name = visible(str(table.get("nom", "")))
    return Profil(name, settings, displayable_name(path.name), fingerprint_of(path))


def _lines(path: Path) -> list[dict[str, str]]:
    """The settings of a table, as the blocks of a TOML file; its first line names the columns."""
    rows = iter(table_rows(path))
    headers = [fold(cell).replace("_", " ") for cell in next(rows, (1, []))[1]]
    missing = [key for key in _KEYS if key not in headers]
    if missing:
        raise BadFileError(path.name, "ligne 1", f"il manque {listing(missing)}. La première ligne "
                            "nomme les colonnes : code ; gravité ; motif.")  # fmt: skip
    places = {key: headers.index(key) for key in _KEYS}
    return [
        {key: cells[at].strip() if at < len(cells) else "" for key, at in places.items()}
        for _, cells in rows
        if any(cell.strip() for cell in cells)
    ]


def _setting(fichier: str, ou: str, block: Any) -> RuleSetting:
    if not isinstance(block, dict) or not all(isinstance(v, str) for v in block.values()):
        raise BadFileError(fichier, ou, "un bloc « [[regle]] » a un « code », une « gravite » et "
                            "un « motif », écrits entre guillemets droits.")  # fmt: skip
    missing = [key for key in _KEYS if not block.get(key, "").strip()]
    unknown = [key for key in block if key not in _KEYS]
    if missing or unknown:
        said = f"il manque {listing(missing)}" if missing else f"« {visible(unknown[0])} » en trop"
        raise BadFileError(fichier, ou, f"{said}. Donnez « code », « gravite » et « motif ».")
    code = _code(fichier, ou, block["code"])
    severity = fold(block["gravite"])
    if severity not in _GRAVITES and severity not in _DESACTIVEE:
        raise BadFileError(
            fichier,
            ou,
            f"« {visible(block['gravite'])} » n'est pas une gravité. Écrivez "
            f"« bloquant », « avertissement », « information » ou « {DESACTIVEE} ».",
        )
    return RuleSetting(code, _GRAVITES.get(severity), visible(block["motif"].strip(), 300))


def _code(fichier: str, ou: str, text: str) -> str:
    """A code or a family of the catalogue that may be changed."""
    code = text.strip().upper().rstrip("-*")
    if code.split("-")[0] == "LEC":
        raise BadFileError(
            fichier,
            ou,
            "les refus de lecture (LEC) ne se règlent pas : un fichier illisible ne "
            "peut pas être contrôlé. Retirez ce bloc.",
        )
    if code in INTOUCHABLES:
        raise BadFileError(fichier, ou, f"{code} ne peut être ni désactivée ni changée : elle dit "
                            "si le classeur est le bon. Retirez ce bloc.")  # fmt: skip
    if code in RULES or code in FAMILIES:
        return code
    raise unknown_code(fichier, ou, text, [*RULES, *FAMILIES])
