"""A workbook to prepare: for whom, what it holds, what it locks, and what became of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from xl_cpom.batch.programmation import Programme
from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.referentiel import load_referentiel
from xl_cpom.reports import harmless
from xl_cpom.version import __version__
from xl_cpom.workbook.control_page import CONTROL_PAGE
from xl_cpom.workbook.formulas.variants import Variante
from xl_cpom.workbook.mark import template_fingerprint

WRITTEN, UNCHANGED, CHANGED, WITHOUT_ESMS = (
    "écrit",
    "inchangé",
    "modifié depuis : laissé",
    "sans ESMS",
)
NON_PREPARE = "non préparé"
"""State of an organisme whose workbook cannot be made from what it sent."""
MISSING = "non écrit"


@dataclass(frozen=True)
class PlannedWorkbook:
    """A workbook to write: for whom, what it holds, its fingerprint."""

    programme: Programme
    file: str
    content: Mapping[str, Sequence[Mapping[str, Any]]]
    closed: tuple[str, ...] = ()
    """ESMS that FINESS says are closed: not written, but said."""
    variante: Variante = Variante.MIXTE
    """How its rates are computed."""
    locks: Mapping[str, Sequence[frozenset[str]]] = field(default_factory=dict)
    """Entries that the contract or a past year settled, as `write_template` takes them."""
    control_page: str = CONTROL_PAGE
    """What « Accueil » names to control it: an address, or a file."""
    source: str = ""
    """The return it comes from, "" when it comes from FINESS."""
    remarks: tuple[str, ...] = ()
    obstacle: str = ""
    """Why it cannot be made (French), "" when it can."""

    @property
    def finess_ej(self) -> str:
        """FINESS EJ of the organisme."""
        return self.programme.finess_ej

    @property
    def name(self) -> str:
        """Its name, "" when the list does not give it."""
        return self.programme.raison_sociale

    @property
    def etablissements(self) -> Sequence[Mapping[str, Any]]:
        """Its ESMS in the field of the CPOM."""
        return self.content.get("etablissements", ())

    @property
    def digest(self) -> str:
        """Fingerprint of the content, of the template and of the référentiel."""
        said = json.dumps(self.content, default=str, ensure_ascii=False, sort_keys=True)
        if self.locks:
            said += repr({key: [sorted(keys) for keys in v] for key, v in self.locks.items()})
        if self.control_page != CONTROL_PAGE:
            said += self.control_page
        known = (
            f"{__version__}{template_fingerprint()}{load_referentiel().digest}"
            f"{self.variante.value}{said}"
        )
        return hashlib.sha256(known.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Prepare:
    """What became of a workbook."""

    classeur: PlannedWorkbook
    state: str
    detail: str = ""


def workbook_name(finess_ej: str, nom: str, annee: str = "") -> str:
    """« CPOM_210099008_Association Les Tilleuls_N3.xlsx »."""
    stem = harmless.safe_file_name("_".join(filter(None, ("CPOM", finess_ej, nom))))
    return f"{stem}_{annee}.xlsx" if annee else f"{stem}.xlsx"
