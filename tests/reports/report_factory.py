"""Reports built by hand for the tests of the renderings: each verdict, all kinds of texts."""

from __future__ import annotations

from typing import Any

from xl_cpom.validators.model import (
    AVERTISSEMENT,
    BLOQUANT,
    INFORMATION,
    Finding,
    Outcome,
    Report,
    Rule,
    Scope,
    Severity,
    Status,
    Verdict,
    verdict_of,
)
from xl_cpom.validators.recomputed import ComputedIndicator
from xl_cpom.validators.rule_sources import Guide

WITHOUT_PRECEDENT = "aucun classeur de l'année précédente n'est donné"
GUIDE_LEVEE = "Guide CPOM 2026-2030, Inspection – Contrôle – Taux de levée des mesures"


def anomalie(
    code: str = "INS-002",
    severity: Severity = BLOQUANT,
    sheet: str = "Inspection-contrôle",
    cells: tuple[str, ...] = ("P7", "Q7"),
    **others: Any,
) -> Finding:
    values: dict[str, Any] = {
        "value": "Levée",
        "expected": "une date de levée et une référence de courrier",
        "message": "La mesure M1 est «\u00a0Levée\u00a0» sans date de levée.",
        "fix": "Saisissez la date de levée et la référence du courrier de l'autorité.",
        "source": GUIDE_LEVEE,
    }
    return Finding(code, severity, sheet, cells, **(values | others))


def indicateur(**others: Any) -> ComputedIndicator:
    values: dict[str, Any] = {
        "code": "LEVEE",
        "module": "INSPECTION",
        "libelle": "Taux de levée des mesures (injonctions et prescriptions)",
        "secteur": "PH",
        "annee": 2027,
        "numerateur": 3.0,
        "denominateur": 4.0,
        "taux": 0.75,
        "declare": 0.75,
        "cible": 0.4,
        "atteinte": "Atteint",
        "cell": "G20",
        "certitude": "guide",
        "cibles": (0.2, 0.4, 0.6, 0.8, 1.0),
        "realises": (0.25, 0.75, None, None, None),
    }
    return ComputedIndicator(**(values | others))


def rapport(
    findings: tuple[Finding, ...] = (),
    indicateurs: tuple[ComputedIndicator, ...] = (),
    outcomes: tuple[Outcome, ...] = (),
    **others: Any,
) -> Report:
    values: dict[str, Any] = {
        "file": "retour.xlsx",
        "sha256": "ab" * 32,
        "gabarit": "2026.1",
        "verdict": verdict_of(findings, outcomes),
        "finess_ej": "390000123",
        "raison_sociale": "Association des Monts",
        "engine": "0.1.0",
        "referentiel": "BFC-2026-2030",
        "reference_date": "2027-12-31",
        "annee": 2027,
    }
    values |= others
    return Report(findings=findings, indicateurs=indicateurs, outcomes=outcomes, **values)


def complete_indicateurs() -> tuple[ComputedIndicator, ...]:
    """The eight modules in both secteurs, with every achievement and a sans objet."""
    found = []
    codes = {"INSPECTION": "LEVEE", "DIFFICULTE": "RESORPTION"}
    libelles = {
        "TRANSFO": "Taux d'avancement du projet de transformation",
        "UNESANTE": "Taux d'avancement du plan d'actions «\u00a0une seule santé\u00a0»",
        "PREVENTION": "Taux d'avancement du plan d'actions de prévention",
        "EFFICIENCE": "Taux de résolution des points de fragilité",
        "SI": "Taux de SI complétés ou mis à jour à 100\u202f%",
        "HAS": "Taux d'avancement du plan d'amélioration (évaluation HAS)",
        "INSPECTION": "Taux de levée des mesures (injonctions et prescriptions)",
        "DIFFICULTE": "Taux de résorption du déficit",
    }
    atteintes = ("Atteint", "Partiellement atteint", "Non atteint")
    for rank, (module, libelle) in enumerate(libelles.items()):
        for shift, secteur in enumerate(("PA", "PH")):
            taux = round(0.5 - 0.06 * ((rank + shift) % 3), 2)
            base = {
                "code": codes.get(module, module),
                "module": module,
                "libelle": libelle,
                "secteur": secteur,
                "certitude": "guide" if module in ("SI", "INSPECTION") else "inféré",
            }
            if module == "DIFFICULTE" and secteur == "PH":
                base |= {
                    "numerateur": 0.0,
                    "denominateur": 0.0,
                    "taux": None,
                    "declare": None,
                    "atteinte": "Sans objet",
                    "cible": None,
                    "cibles": (None,) * 5,
                    "realises": (None,) * 5,
                }
            elif module == "DIFFICULTE":
                base |= {
                    "numerateur": -61_728.4,
                    "denominateur": 246_913.6,
                    "taux": -0.25,
                    "declare": -0.25,
                    "atteinte": "Non atteint",
                    "realises": (-0.1, -0.25, None, None, None),
                }
            else:
                base |= {
                    "numerateur": round(taux * 50),
                    "denominateur": 50.0,
                    "taux": taux,
                    "declare": taux,
                    "atteinte": atteintes[(rank + shift) % 3],
                    "realises": (0.2, taux, None, None, None),
                }
            found.append(indicateur(**base))
    return tuple(found)


def faulty_report() -> Report:
    """A refused return, with faults of every severity over several sheets, and a waiver."""
    missing = tuple(
        anomalie(
            "FMT-015",
            AVERTISSEMENT,
            "Plan d'actions",
            (f"G{row}",),
            value="",
            expected="un pilote",
            message=f"Le pilote de l'action A{row - 5} n'est pas renseigné.",
            fix="Saisissez le nom ou la fonction du pilote.",
            source="Guide CPOM 2026-2030, plan d'actions",
        )
        for row in range(6, 26)
    )
    findings = (
        anomalie(),
        anomalie(cells=("P9", "Q9"), message="La mesure M3 est «\u00a0Levée\u00a0» sans courrier."),
        anomalie(
            "IDE-001",
            BLOQUANT,
            "Établissements",
            tuple(f"A{row}" for row in range(6, 18)),
            value="39078601",
            expected="neuf caractères dont la clé est juste",
            message="Ce numéro FINESS n'est pas valide\u00a0: sa clé de contrôle est fausse.",
            fix="Recopiez le numéro depuis l'arrêté d'autorisation ou depuis le répertoire FINESS.",
            source="Agence du numérique en santé, structure du numéro FINESS [trouvé]",
        ),
        *missing,
        anomalie(
            "SUI-004",
            AVERTISSEMENT,
            "Plan d'actions",
            ("J8", "K8"),
            value="Abandonnée",
            expected="la référence de l'avenant",
            message="L'action A3 est abandonnée sans référence d'avenant.",
            fix="Saisissez la référence de l'avenant ou de l'accord de l'ARS.",
            waiver="Accordée par l'ARS le 12/03/2027 (courrier 2027-114), jusqu'au 31/12/2027",
            justification="Fermeture du site décidée avant la signature",
        ),
        anomalie(
            "STR-010",
            INFORMATION,
            "",
            (),
            value="",
            expected="",
            message="Le classeur a été enregistré par LibreOffice\u00a0; rien n'a été perdu.",
            fix="Rien à faire.",
            source="Usage du contrôle [inféré]",
        ),
        anomalie(
            "IND-007",
            AVERTISSEMENT,
            "Indicateurs",
            ("N20",),
            value="80,0\u202f%",
            expected="75,0\u202f%",
            message="Le taux déclaré (80,0\u202f%) diffère du taux recalculé (75,0\u202f%).",
            fix="Reprenez le taux calculé par le classeur ou corrigez les mesures levées.",
            source=GUIDE_LEVEE,
        ),
    )
    outcomes = (
        *(Outcome(f"FMT-{rank:03}", Status.PASSEE) for rank in range(1, 15)),
        *(
            Outcome(code, Status.EN_ANOMALIE)
            for code in ("INS-002", "IDE-001", "FMT-015", "SUI-004", "STR-010", "IND-007")
        ),
        Outcome(
            "PRE-001", Status.NON_CONTROLEE, "aucun classeur de l'année précédente n'est donné"
        ),
        Outcome(
            "PRE-002", Status.NON_CONTROLEE, "aucun classeur de l'année précédente n'est donné"
        ),
        Outcome("HAS-004", Status.NON_CONTROLEE, "la colonne «\u00a0Cotation\u00a0» est absente"),
    )
    return rapport(
        findings,
        complete_indicateurs(),
        outcomes,
        application="LibreOffice 7.4",
        options={"profil": "campagne-2027.toml", "derogations": "derogations.csv"},
    )


def valid_report() -> Report:
    return rapport(
        (),
        complete_indicateurs(),
        tuple(Outcome(f"FMT-{rank:03}", Status.PASSEE) for rank in range(1, 120)),
        file="exemple_valide.xlsx",
    )


def unreadable_report() -> Report:
    return rapport(
        (
            anomalie(
                "LEC-CHIFFRE",
                sheet="",
                cells=(),
                value="",
                expected="",
                message="Le classeur est protégé par un mot de passe à l'ouverture.",
                fix="Retirez le mot de passe (Fichier, Informations, Protéger le classeur).",
                source="Usage du contrôle [inféré]",
            ),
        ),
        file="protege.xlsx",
        verdict=Verdict.ILLISIBLE,
        gabarit=None,
        finess_ej=None,
        raison_sociale=None,
        annee=None,
    )


def failed_report() -> Report:
    outcomes = (
        Outcome("FMT-001", Status.PASSEE),
        Outcome("SI-003", Status.EN_PANNE, "ZeroDivisionError dans la règle"),
    )
    return rapport((), (), outcomes, file="panne.xlsx")


def levee_rule() -> Rule:
    return Rule(
        code="INS-002",
        severity=BLOQUANT,
        scope=Scope.ROW,
        sheet=None,
        columns=("statut", "date_levee", "reference_courrier"),
        title="Mesure levée sans justificatif",
        message="la mesure {numero} est «\u00a0Levée\u00a0» sans {manque}",
        fix="Saisissez la date de levée et la référence du courrier de l'autorité.",
        source=Guide("Inspection – Contrôle", "Taux de levée des mesures"),
        doc="Une mesure n'est levée que par un courrier de l'autorité, daté et référencé.\n\n"
        "Sans ces deux preuves, elle reste «\u00a0Réalisée – en attente de levée\u00a0».",
    )


def hostile(text: str) -> Report:
    """A report where every text that comes from the file is `text`."""
    return rapport(
        (
            anomalie(
                "FMT-001",
                sheet=text,
                cells=("A1", text),
                value=text,
                expected=text,
                message=text,
                fix=text,
                source=text,
                waiver=text,
                justification=text,
            ),
            anomalie("FMT-002", sheet=text, message=text, fix=text, value=text),
        ),
        (indicateur(libelle=text, atteinte=text, secteur=text),),
        (Outcome("FMT-003", Status.NON_CONTROLEE, text),),
        file=text,
        raison_sociale=text,
        finess_ej=text,
        gabarit=text,
        limits=(text,),
        application=text,
        options={"profil": text},
    )
