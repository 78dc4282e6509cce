"""The control of one file: read, type, run the rules, recompute the indicators, conclude."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from xl_cpom.referentiel import Referentiel, load_referentiel
from xl_cpom.typography import displayable_name
from xl_cpom.validators import engine
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.companions import NO_COMPLEMENT, Complements, completed
from xl_cpom.validators.grouped_causes import group_causes
from xl_cpom.validators.model import DIRECT, Finding, ProfileEffect, Report, verdict_of
from xl_cpom.validators.planned_actions import planned_actions
from xl_cpom.validators.profil import NO_PROFIL, Profil
from xl_cpom.validators.reported_indicators import computed_indicators
from xl_cpom.validators.rule_context import NO_PRECEDENT, RuleContext
from xl_cpom.validators.unreadable import file_fingerprint, unreadable_report
from xl_cpom.version import __version__
from xl_cpom.workbook.decryption import Password, open_encrypted
from xl_cpom.workbook.filled_share import workbook_fills
from xl_cpom.workbook.interpretation.interpret import Retour, interpret, say_foreign
from xl_cpom.workbook.interpretation.notices import Notice
from xl_cpom.workbook.reader import UnreadableWorkbookError
from xl_cpom.workbook.reader.collector import collector_paused
from xl_cpom.workbook.reader.remarks import oddities
from xl_cpom.workbook.records import NON_LU

if TYPE_CHECKING:
    from xl_cpom.finess.extract import FinessExtract
    from xl_cpom.validators.derogations import Derogations
    from xl_cpom.validators.precedents import Precedents


def check(
    path: Path | str,
    *,
    referentiel: Referentiel | None = None,
    date: dt.date | None = None,
    precedent: Precedents | Path | str | None = None,
    finess: FinessExtract | Path | str | None = None,
    derogations: Derogations | Path | str | None = None,
    profil: Profil | Path | str | None = None,
    mot_de_passe: Password | str | None = None,
    juge: str = DIRECT,
) -> Report:
    """Control one returned workbook.

    path: the .xlsx or .xlsm file, opened for reading only. referentiel: the cycle to judge it
    under (the default one if None). date: the date at which deadlines are judged (the workbook's
    « date d'arrêté des données » if None).

    What follows is a path, or what was read from one. precedent: last year's return, or a folder
    where that of the same FINESS EJ is looked up. finess: an extract of FINESS. derogations: what
    the ARS accepts. profil: the severities of the campaign.

    mot_de_passe: opens an encrypted workbook (extra « chiffre »); its box is then read here by the
    parsers of others, which `check_batch` does in a process of its own.

    juge: which judge says what rows are at fault, « direct » (standard library only), « pandera »
    (its schemas) or « deux » (both, compared); their findings are the same.

    A file that cannot be read does not raise: its report says « illisible » and why. Raises
    FileNotFoundError when there is no such file, UnreadableExtractError and BadFileError (both
    XlCpomError) when what goes with it cannot be used, ValueError for an unknown judge.
    """
    with collector_paused():  # what was read is freed inside: the collector need not walk it
        report, retour = check_and_keep(
            path,
            referentiel=referentiel,
            date=date,
            precedent=precedent,
            finess=finess,
            derogations=derogations,
            profil=profil,
            mot_de_passe=mot_de_passe,
            juge=juge,
        )
        del retour
    return report


def check_and_keep(
    path: Path | str,
    *,
    referentiel: Referentiel | None = None,
    date: dt.date | None = None,
    precedent: Precedents | Path | str | None = None,
    finess: FinessExtract | Path | str | None = None,
    derogations: Derogations | Path | str | None = None,
    profil: Profil | Path | str | None = None,
    mot_de_passe: Password | str | None = None,
    juge: str = DIRECT,
) -> tuple[Report, Retour | None]:
    """The same, with the workbook as read (None when it could not be) for who needs its rows."""
    path = Path(path)
    referentiel = referentiel or load_referentiel()
    complements = completed(
        precedent=precedent, finess=finess, derogations=derogations, profil=profil
    )
    if isinstance(mot_de_passe, str):
        mot_de_passe = Password(mot_de_passe)
    with collector_paused():
        try:
            retour = interpret(open_encrypted(path, mot_de_passe), referentiel)
        except UnreadableWorkbookError as refusal:
            say_foreign(refusal)
            sha256 = file_fingerprint(path)
            return unreadable_report(
                displayable_name(path.name), sha256, refusal, referentiel.id, juge
            ), None
        report = check_retour(path.name, retour, date=date, complements=complements, juge=juge)
        return report, retour


def check_retour(
    fichier: str,
    retour: Retour,
    *,
    date: dt.date | None = None,
    complements: Complements = NO_COMPLEMENT,
    juge: str = DIRECT,
) -> Report:
    """Control a workbook already read.

    fichier: its name as the system gives it; the report holds it as it can be shown.
    """
    classeur = retour.classeur
    identification = classeur.identification
    context = RuleContext(
        classeur, date or identification.date_arrete or None, finess=complements.finess
    )
    options: dict[str, str] = {}
    if complements.precedents is not None:
        found = complements.precedents.find(classeur, retour.raw.sha256)
        options["precedent"] = found.text
        context = replace(
            context, precedent=found.classeur, without_precedent=found.reason or NO_PRECEDENT
        )
    if complements.finess is not None:
        options["finess"] = str(complements.finess)
    notices = (*retour.notices, *_name_notices(fichier))
    lifted = None
    if complements.derogations is not None:
        from xl_cpom.validators.derogations import accepted

        lifted = accepted(complements.derogations, classeur, context.date)
    findings, outcomes = engine.run(notices, context, complements.profil, juge, lifted)
    effect = None
    if complements.profil is not NO_PROFIL:
        effect = _profile_effect(notices, context, complements, findings, lifted)
        options["profil"] = str(complements.profil)
    if complements.derogations is not None:
        from xl_cpom.validators.derogations import apply_derogations

        bilan = apply_derogations(
            complements.derogations, findings, outcomes, classeur, context.date
        )
        findings, outcomes = engine.ordered(bilan.findings), bilan.outcomes
        options["derogations"] = bilan.summary
    findings = group_causes(findings, RULES)
    return Report(
        file=displayable_name(fichier),
        sha256=retour.raw.sha256,
        gabarit=retour.gabarit,
        verdict=verdict_of(findings, outcomes),
        finess_ej=_known(identification.finess_ej),
        raison_sociale=_known(identification.raison_sociale),
        findings=findings,
        indicateurs=computed_indicators(classeur),
        outcomes=outcomes,
        engine=__version__,
        referentiel=classeur.referentiel.id,
        reference_date="" if context.date is None else context.date.isoformat(),
        annee=classeur.annee_suivie,
        limits=oddities(retour.raw.remarks),
        application=retour.raw.application,
        options=options,
        judge=juge,
        effect=effect,
        etablissements=tuple(
            (finess_et, _known(row.secteur) or "")
            for finess_et, row in classeur.etablissements.items()
        ),
        fills=workbook_fills(classeur),
        actions=planned_actions(classeur),
    )


def _profile_effect(
    notices: Sequence[Notice],
    context: RuleContext,
    complements: Complements,
    findings: Sequence[Finding],
    accepted: Callable[[Finding], bool] | None,
) -> ProfileEffect:
    """What the profile changes: the rules are run again without it."""
    from xl_cpom.validators.profile_effect import profile_effect

    bare, outcomes = engine.run(notices, context, NO_PROFIL, accepted=accepted)
    if complements.derogations is not None:
        from xl_cpom.validators.derogations import apply_derogations

        lifted = apply_derogations(
            complements.derogations, bare, outcomes, context.classeur, context.date
        )
        bare, outcomes = tuple(lifted.findings), lifted.outcomes
    return profile_effect(bare, findings, verdict_of(bare, outcomes))


def _name_notices(fichier: str) -> Iterator[Notice]:
    shown = displayable_name(fichier)
    if shown != fichier:
        yield Notice("STR-043", "", value=shown, values={"lu": shown})


def _known(value: object) -> str | None:
    return None if value is NON_LU or value is None else str(value)
