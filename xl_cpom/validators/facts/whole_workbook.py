"""What several rules ask of the whole workbook; None when it cannot be said.

A workbook rule sees rows that could not be read. Each question here answers None as soon as the
unread part could change the answer, so that one fault never raises another one elsewhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from xl_cpom.identifiants import finess_valide
from xl_cpom.indicators import BY_MODULE, ParameterSet
from xl_cpom.typography import fold, listing, plural
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.workbook.computation import parametres, used_keys
from xl_cpom.workbook.presence import still_asked
from xl_cpom.workbook.records import NON_LU, Row
from xl_cpom.workbook.sheets.indicateurs import (
    SECTEURS,
    indicateur_columns,
    module_sheet,
)
from xl_cpom.workbook.sheets.si import secteur_count


def finess_du_contrat(context: RuleContext) -> frozenset[str] | None:
    """FINESS ET of the sheet « Établissements ».

    None when it holds no ESMS, or an ESMS whose number is empty, unread, or that of another row:
    it could be any.
    """
    rows = context.classeur["etablissements"].rows
    numbers = frozenset(row.finess_et for row in rows if row.finess_et)
    return numbers if rows and len(numbers) == len(rows) else None


SHEETS_OF_ESMS = (
    "actions", "fragilites", "has", "mesures", "difficulte", "activite", "activite_modes",
)  # fmt: skip
"""The sheets whose lines name the ESMS they are about by its number, and nothing else."""


def finess_named(row: Row) -> tuple[str, ...]:
    """FINESS ET a row names: none, one, or several (never one that could not be read)."""
    found = row.finess_et
    if not found:
        return ()
    return found if isinstance(found, tuple) else (found,)


def unknown_numbers(context: RuleContext, key: str) -> dict[str, list[Row]]:
    """FINESS ET of a sheet that « Établissements » does not give -> the rows that name them."""
    found: dict[str, list[Row]] = {}
    if (known := finess_du_contrat(context)) is None:
        return found
    for row in context.classeur[key]:
        for number in finess_named(row):
            if number not in known:
                found.setdefault(number, []).append(row)
    return found


def missing_esms(context: RuleContext) -> dict[str, dict[str, list[Row]]]:
    """FINESS ET that several sheets name and « Établissements » lacks -> who names it, by sheet.

    One sheet alone may have a typing mistake; two with the same number name an ESMS.
    """
    answer: dict[str, dict[str, list[Row]]] = context.classeur.once(
        "missing esms", lambda: _missing_esms(context)
    )
    return answer


def _missing_esms(context: RuleContext) -> dict[str, dict[str, list[Row]]]:
    citing: dict[str, dict[str, list[Row]]] = {}
    for key in SHEETS_OF_ESMS:
        for number, rows in unknown_numbers(context, key).items():
            citing.setdefault(number, {})[key] = rows
    for number, rows in _unknown_of_systems(context).items():
        citing.setdefault(number, {})["si"] = rows
    return {number: by_sheet for number, by_sheet in citing.items() if len(by_sheet) > 1}


def never_cited(context: RuleContext) -> list[Row]:
    """The rows of « Établissements » whose number no other sheet names."""
    cited = {
        number
        for key in SHEETS_OF_ESMS
        for row in context.classeur[key]
        for number in finess_named(row)
    } | {row.entite for row in context.classeur["si"]}
    return [row for row in context.classeur["etablissements"] if row.finess_et not in cited]


def _unknown_of_systems(context: RuleContext) -> dict[str, list[Row]]:
    """The same of « Systèmes d'information », whose column also holds an EJ or a scheme's name."""
    found: dict[str, list[Row]] = {}
    if (known := finess_du_contrat(context)) is None:
        return found
    for row in context.classeur["si"]:
        other = row.entite and row.entite != context.classeur.identification.finess_ej
        if other and row.entite not in known and finess_valide(row.entite):
            found.setdefault(row.entite, []).append(row)
    return found


OTHER_CHAMP = "autre champ"
"""Secteur of an ESMS that no rate counts: addictologie, hébergement social…"""


def secteur_certain(esms: Row, context: RuleContext) -> str | None:
    """PA, PH or « autre champ »; None when empty, unread, or contradicted by its category."""
    if esms.secteur not in (*SECTEURS, OTHER_CHAMP):
        return None
    categorie = context.referentiel.categories.get(esms.categorie) if esms.categorie else None
    if categorie is not None and categorie.secteurs and esms.secteur not in categorie.secteurs:
        return None
    return str(esms.secteur)


def secteurs_du_contrat(context: RuleContext) -> frozenset[str] | None:
    """PA, PH or both, after the ESMS; None when there is no ESMS, or when one is doubtful.

    Those of another field are of neither.
    """
    secteurs = [secteur_certain(esms, context) for esms in context.classeur["etablissements"]]
    if not secteurs or None in secteurs:
        return None
    return frozenset(secteur for secteur in secteurs if secteur in SECTEURS)


def secteurs_encore_suivis(context: RuleContext) -> frozenset[str] | None:
    """The same, of the ESMS that are still in the contract in the year followed."""
    classeur = context.classeur
    asked = [esms for esms in classeur["etablissements"] if still_asked(esms, classeur)]
    secteurs = [secteur_certain(esms, context) for esms in asked]
    if None in secteurs:
        return None
    return frozenset(secteur for secteur in secteurs if secteur is not None)


def secteurs_de_la_fiche(context: RuleContext) -> frozenset[str]:
    """Secteurs declared on the fiche (none when the cell is empty or unread)."""
    declares = context.classeur.identification.secteurs or ""
    return frozenset(secteur for secteur in SECTEURS if secteur in declares)


def module_rows(context: RuleContext, module: str) -> list[Row]:
    """The rows that feed the indicator of a module, whatever the year."""
    rows = context.classeur[module_sheet(module).key].rows
    if "module" not in module_sheet(module).by_key:
        return rows
    return [row for row in rows if row.module == module]


def row_secteur(row: Row, context: RuleContext) -> str | None:
    """Secteur of a row of any sheet: its own, else that of its ESMS; None when not known."""
    if row.table.sheet.key == "si":
        secteur = secteur_count(row, context.classeur)
    else:
        own = "secteur" in row.values
        secteur = row.secteur if own else context.classeur.secteur(row.finess_et)
    return secteur if secteur in SECTEURS else None


def secteurs_a_suivre(context: RuleContext, module: str) -> frozenset[str]:
    """Secteurs where an active module has at least one line that its indicator can count."""
    if not context.classeur.actif(module):
        return frozenset()
    secteurs = {
        row_secteur(row, context)
        for row in module_rows(context, module)
        if _comptable(row, context)
    }
    return frozenset(secteur for secteur in secteurs if secteur is not None)


def _comptable(row: Row, context: RuleContext) -> bool:
    match row.table.sheet.key:
        case "has":
            return bool(row.sous_seuil == "Oui")
        case "mesures":
            out = (NON_LU, *context.parameter("statuts_mesure_exclus"))
            return row.type in context.parameter("types_mesure_suivis") and row.statut not in out
        case "si":
            return bool(row.exigible == "Oui")
    return True


def decompte_certain(context: RuleContext, module: str, secteur: str) -> bool:
    """Can the rate of a module and secteur be recomputed beyond doubt?

    Not when a row that may belong to it lacks a compulsory value the rate depends on, or when its
    ESMS has no certain secteur: these faults are already said.
    """
    return bool(
        context.classeur.once(
            ("decompte certain", module, secteur),
            lambda: _decompte_certain(context, module, secteur),
        )
    )


def _decompte_certain(context: RuleContext, module: str, secteur: str) -> bool:
    if not context.classeur.identification.annee_n1:
        return False
    sheet = module_sheet(module)
    keys = _taux_keys(module, parametres(context.referentiel))
    for row in context.classeur[sheet.key]:
        if "module" in sheet.by_key and row.module and row.module != module:
            continue
        own = _secteur_du_taux(row, context)
        if own is None:
            return False
        if own == secteur and not (all(filled(row[key]) for key in keys) and coherent(row)):
            return False
    return True


def coherent(row: Row) -> bool:
    """No deficit typed with its sign: a rule says it, and the rate would lose the row."""
    if row.table.sheet.key != "difficulte":
        return True
    return bool(row.deficit_reference > 0)


def _secteur_du_taux(row: Row, context: RuleContext) -> str | None:
    if "secteur" in row.values:
        outside = row.secteur == OTHER_CHAMP
        return OTHER_CHAMP if outside else row_secteur(row, context)
    esms = context.classeur.etablissements.get(row.finess_et)
    return None if esms is None else secteur_certain(esms, context)


@lru_cache(maxsize=16)
def _taux_keys(module: str, valeurs: ParameterSet) -> tuple[str, ...]:
    """Compulsory columns the rate of a module depends on."""
    sheet = module_sheet(module)
    return tuple(sorted(k for k in entries_of_the_rate(module, valeurs) if sheet[k].required))


@lru_cache(maxsize=16)
def entries_of_the_rate(module: str, valeurs: ParameterSet) -> frozenset[str]:
    """Entry columns the rate of a module depends on, through the calculated ones too."""
    sheet, columns = module_sheet(module), indicateur_columns(module)
    read = BY_MODULE[module].useful_inputs((*columns, "code"), parametres=valeurs)
    pending, entries = ["perimetre", *(columns[key] for key in read if key in columns)], set()
    while pending:
        column = sheet[pending.pop()]
        if column.formula is not None:
            pending.extend(used_keys(column))
        else:
            entries.add(column.key)
    return frozenset(entries)


def period(context: RuleContext) -> tuple[dt.date, dt.date] | None:
    """First and last day of the contract, in the widest reading; None when N1 is not known."""
    fiche = context.classeur.identification
    if not fiche.annee_n1:
        return None
    starts = [day for day in (context.start, fiche.date_effet) if day]
    fins = [day for day in (context.end, fiche.date_echeance) if day]
    return min(starts), max(fins)


def realisee(action: Row, context: RuleContext) -> bool:
    """True for an action that counts in the numerator of its rate."""
    return action.statut in context.parameter("statuts_action_realises")


def filled(value: Any) -> bool:
    """True for a value that was typed and read; 0 % is one."""
    return value is not None and value is not NON_LU


def some(items: Iterable[str], limite: int = 4) -> str:
    """The first of a list in words: « A, B, C, D et 3 autres »."""
    found = list(items)
    if len(found) <= limite + 1:
        return listing(found)
    return listing([*found[:limite], plural(len(found) - limite, "autre")])


def the_rows(rows: Iterable[Row]) -> str:
    """« lignes 6 et 9 »: where to look on the sheet."""
    numbers = [str(row.number) for row in rows]
    return f"{'ligne' if len(numbers) == 1 else 'lignes'} {some(numbers)}"


def meaningless(text: str, context: RuleContext) -> bool:
    """True for a text that only holds the place: « à compléter », « xxx », « ----- »."""
    folded = fold(text)
    known = {fold(word) for word in context.parameter("intitules_vides_de_sens")}
    return folded in known or len(set(folded.replace(" ", ""))) <= 1
