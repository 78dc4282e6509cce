"""VRA: the rates of the sheet « Activité et ressources » against the usual values. Never blocking.

One rule per indicator, generated from the table below: the indicator says how the rate is
computed, the référentiel which values are atypical. The codes are written here because a code is
never reused, whatever the order of the indicators. How the figures agree is judged in
`chiffres_lus` and `concordance`. The rate of CAF belongs to the family DIF.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from xl_cpom.indicators import INDICATORS, Indicator
from xl_cpom.referentiel import Categorie, Referentiel, Seuil
from xl_cpom.validators.declaration import table_rule
from xl_cpom.validators.facts.thresholds import hors_bornes, usuel
from xl_cpom.validators.model import AVERTISSEMENT, Fault, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import RuleSource
from xl_cpom.validators.rules.vraisemblance.chiffres_lus import montants_negatifs, nombre_lu
from xl_cpom.workbook.records import NON_LU, Row
from xl_cpom.workbook.sheets import ACTIVITE

_HELIOS = RuleSource("Hélios (ANAP, ATIH, CNSA) : valeurs atypiques", "trouvé")
_UNCCAS = RuleSource("UNCCAS, éléments d'analyse financière des ESSMS", "trouvé")
_CREATION = RuleSource("Une personne en dérogation fait partie de l'effectif", "inféré")
_ET = "210780581"
_LIGNE = {"finess_et": _ET, "exercice": 2027}
_EHPAD = {"etablissements": [{"finess_et": _ET, "categorie": "500", "secteur": "PA"}]}
_IME = {"etablissements": [{"finess_et": _ET, "categorie": "183", "secteur": "PH"}]}

Ecarte = Callable[[Row, RuleContext], bool]


def colonne(code: str) -> str:
    """Key of the calculated column of an indicator on the sheet."""
    return f"taux_{code.lower()}"


def _jamais(ligne: Row, contexte: RuleContext) -> bool:
    return False


def _categorie(ligne: Row, contexte: RuleContext) -> Categorie | None:
    et = contexte.classeur.etablissements.get(ligne.finess_et)
    return contexte.referentiel.categories.get(et.categorie) if et is not None else None


def _hors_ehpad(ligne: Row, contexte: RuleContext) -> bool:
    categorie = _categorie(ligne, contexte)
    return categorie is None or categorie.sigle != "EHPAD"


def _ehpad_calcule(ligne: Row, contexte: RuleContext) -> bool:
    """The rate of the EHPAD, absences included, may already say it."""
    categorie = _categorie(ligne, contexte)
    peut_etre = categorie is None or categorie.sigle == "EHPAD"
    return peut_etre and ligne[colonne("OCCUPATION_EHPAD")] is not None


def _deja_dit(ligne: Row, contexte: RuleContext, *codes: str) -> bool:
    """Is one of these rates atypical, or unread (another finding then says why)?"""
    for code in codes:
        seuil, valeur = seuil_de(INDICATORS[code], contexte.referentiel), ligne[colonne(code)]
        if valeur is NON_LU:
            return True
        if seuil is not None and nombre_lu(valeur) and hors_bornes(valeur, seuil):
            return True
    return False


def _occupation_atypique(ligne: Row, contexte: RuleContext) -> bool:
    """Too many days: the occupation rate says it."""
    return _deja_dit(ligne, contexte, "OCCUPATION")


_MOTIFS = tuple(code for code in INDICATORS if code.startswith("ABSENTEISME_"))


def _motif_atypique(ligne: Row, contexte: RuleContext) -> bool:
    """One reason of absence is already atypical: the total follows from it."""
    return _deja_dit(ligne, contexte, *_MOTIFS)


@dataclass(frozen=True)
class Controle:
    """One threshold: the code of the rule, what to verify, its examples (boundaries included).

    titre: what the fault is called, when the name of the rate is too long for a heading. ecarte:
    lines of which another rule already says the same fault.
    """

    code: str
    indicateur: str
    verifier: str
    ok: Sequence[Any]
    ko: Sequence[Any]
    ecarte: Ecarte = _jamais
    source: RuleSource = _HELIOS
    titre: str = ""


def _ligne(**values: Any) -> list[dict[str, Any]]:
    return [{**_LIGNE, **values}]


def _journees(nombre: float, **values: Any) -> list[dict[str, Any]]:
    return _ligne(
        capacite_financee=10.0, jours_ouverture=100.0, journees_realisees=nombre, **values
    )


def _motif(key: str, jours: float) -> list[dict[str, Any]]:
    return _ligne(etp_realises=10.0, **{key: jours})


def _absences(jours: float, **autres: float) -> list[dict[str, Any]]:
    """Six reasons of absence of the same length, for 100 ETP (36 500 days)."""
    keys = [entry.key for entry in INDICATORS["ABSENTEISME"].inputs][:-1]
    return _ligne(etp_realises=100.0, **{**dict.fromkeys(keys, jours), **autres})


def _du_motif(code: str, indicateur: str, titre: str = "") -> Controle:
    entree = INDICATORS[indicateur].inputs[0]
    return Controle(
        code, indicateur, f"« {entree.libelle} » et « ETP réalisés au 31 décembre »",
        ok=[_motif(entree.key, 0), _motif(entree.key, 728), _ligne(etp_realises=10.0)],
        ko=[_motif(entree.key, 730), _motif(entree.key, 4200)],
        titre=titre,
    )  # fmt: skip


CONTROLES: tuple[Controle, ...] = (
    Controle(
        "VRA-001", "REALISATION_ACTIVITE", "« Journées réalisées » et « Journées financées »",
        ok=[
            _ligne(journees_realisees=1200.0, journees_financees=1000.0),
            _ligne(journees_realisees=0.0, journees_financees=1000.0),
            _journees(2000.0, journees_financees=1000.0),  # VRA-004
            _ligne(journees_realisees=1200.0),
        ],
        ko=[
            _ligne(journees_realisees=1201.0, journees_financees=1000.0),
            _journees(1200.0, journees_financees=900.0),
        ],
        ecarte=_occupation_atypique,
    ),
    Controle(
        "VRA-002", "REALISATION_ACTES",
        "« Séances ou actes réalisés » et « Séances ou actes financés »",
        ok=[_ligne(actes_realises=1200.0, actes_finances=1000.0), _ligne(actes_realises=1.0)],
        ko=[_ligne(actes_realises=1201.0, actes_finances=1000.0)],
    ),
    Controle(
        "VRA-003", "OCCUPATION_EHPAD",
        "« Journées réalisées », les absences, la capacité et « Jours d'ouverture dans l'année »",
        ok=[
            _journees(1100.0, absences_72h=100.0, **{"@": _EHPAD}),
            _journees(1100.0, absences_72h=900.0, **{"@": _IME}),
            _journees(1300.0, **{"@": _EHPAD}),
        ],
        ko=[_journees(1100.0, absences_72h=101.0, **{"@": _EHPAD})],
        ecarte=_hors_ehpad,
    ),
    Controle(
        "VRA-004", "OCCUPATION",
        "« Journées réalisées », la capacité et « Jours d'ouverture dans l'année »",
        ok=[
            _journees(1200.0), _journees(0.0),
            _journees(1300.0, absences_72h=0.0, **{"@": _EHPAD}),  # VRA-003
        ],
        ko=[
            _journees(1201.0), _journees(1201.0, absences_72h=0.0, **{"@": _IME}),
            _journees(1300.0, **{"@": _EHPAD}),
        ],
        ecarte=_ehpad_calcule,
    ),
    Controle(
        "VRA-005", "ABSENTEISME",
        "les jours d'absence par motif et « ETP réalisés au 31 décembre »",
        ok=[
            _absences(2430.0), _absences(0.0), _absences(2430.0, jours_abs_longue=7300.0),
            _ligne(etp_realises=100.0, jours_abs_courte=7000.0),
        ],
        ko=[_absences(2434.0), _absences(7000.0)],
        ecarte=_motif_atypique,
    ),
    _du_motif("VRA-006", "ABSENTEISME_COURTE"),
    _du_motif("VRA-007", "ABSENTEISME_MOYENNE"),
    _du_motif("VRA-008", "ABSENTEISME_LONGUE"),
    _du_motif("VRA-009", "ABSENTEISME_MATERNITE"),
    _du_motif(
        "VRA-010", "ABSENTEISME_AT_MP",
        titre="Absentéisme inhabituel, accident ou maladie du travail",
    ),
    _du_motif("VRA-011", "ABSENTEISME_CONGES_SPECIAUX"),
    Controle(
        "VRA-012", "ROTATION_PERSONNEL", "les recrutements, les départs et l'effectif réel N-1",
        ok=[
            _ligne(recrutements=60.0, departs=40.0, effectif_reel_n1=100.0),
            _ligne(recrutements=0.0, departs=0.0, effectif_reel_n1=100.0),
            _ligne(recrutements=60.0, effectif_reel_n1=100.0),
        ],
        ko=[_ligne(recrutements=60.0, departs=41.0, effectif_reel_n1=100.0)],
    ),
    Controle(
        "VRA-013", "ETP_VACANTS",
        "« ETP budgétés au 31 décembre » et « ETP réalisés au 31 décembre »",
        ok=[
            _ligne(etp_budgetes=100.0, etp_realises=80.0),
            _ligne(etp_budgetes=100.0, etp_realises=100.0), _ligne(etp_realises=100.0),
        ],
        ko=[
            _ligne(etp_budgetes=100.0, etp_realises=79.9),
            _ligne(etp_budgetes=100.0, etp_realises=100.1),
        ],
    ),
    Controle(
        "VRA-014", "PRESTATIONS_EXTERNES",
        "les prestations externes, les dépenses de personnel et la sous-traitance",
        ok=[
            _ligne(prestations_externes=200.0, depenses_personnel=900.0, sous_traitance=100.0),
            _ligne(prestations_externes=-1.0, depenses_personnel=900.0, sous_traitance=0.0),
        ],
        ko=[_ligne(prestations_externes=201.0, depenses_personnel=900.0, sous_traitance=100.0)],
    ),
    Controle(
        "VRA-015", "VETUSTE_CONSTRUCTION",
        "les amortissements et les immobilisations brutes des constructions",
        ok=[
            _ligne(amortissements_constructions=800.0, immobilisations_constructions=1000.0),
            _ligne(amortissements_constructions=0.0, immobilisations_constructions=1000.0),
            _ligne(amortissements_constructions=-1.0, immobilisations_constructions=1000.0),
        ],
        ko=[_ligne(amortissements_constructions=801.0, immobilisations_constructions=1000.0)],
    ),
    Controle(
        "VRA-016", "ENDETTEMENT", "les emprunts et « Financements stables du FRI »",
        ok=[
            _ligne(emprunts=499.0, financements_stables=1000.0), _ligne(emprunts=1.0),
            _ligne(emprunts=-600.0, financements_stables=-1000.0),
        ],
        ko=[_ligne(emprunts=500.0, financements_stables=1000.0)],
        source=_UNCCAS,
    ),
    Controle(
        "VRA-017", "DEROGATION",
        "les personnes en dérogation et « Personnes dans l'effectif au 31 décembre »",
        ok=[_ligne(personnes_derogation=10.0, effectif_31_12=10.0)],
        ko=[_ligne(personnes_derogation=11.0, effectif_31_12=10.0)],
        source=_CREATION,
    ),
)  # fmt: skip
"""Every threshold that is controlled."""


def seuil_de(indicateur: Indicator, referentiel: Referentiel) -> Seuil | None:
    """Usual values of an indicator: its threshold of the référentiel, else its possible values."""
    if indicateur.seuil is not None:
        return referentiel.seuils.get(indicateur.seuil)
    bas, haut = indicateur.bornes
    return Seuil(
        indicateur.code, indicateur.libelle, bas, haut, False, None,
        indicateur.source, indicateur.certitude,
    )  # fmt: skip


def _declarer(controle: Controle) -> None:
    indicateur = INDICATORS[controle.indicateur]
    entrees = tuple(entry.key for entry in indicateur.inputs)
    valeur = colonne(indicateur.code)

    def negatif(ligne: Row, contexte: RuleContext) -> bool:
        """VRA-029 says it."""
        return bool(montants_negatifs(ligne, entrees))

    ecarts: tuple[Ecarte, ...] = (controle.ecarte, negatif)

    def verifier(lignes: list[Row], contexte: RuleContext) -> Iterator[Fault]:
        seuil = seuil_de(indicateur, contexte.referentiel)
        if seuil is None:
            return
        for ligne in lignes:
            if not nombre_lu(ligne[valeur]) or not hors_bornes(ligne[valeur], seuil):
                continue
            if not any(ecarte(ligne, contexte) for ecarte in ecarts):
                yield fault(ligne, columns=(valeur, *entrees), usuel=usuel(seuil))

    libelle = indicateur.libelle
    virgule = "," if "," in libelle else ""
    nom = f"le {libelle[0].lower()}{libelle[1:]}{virgule}"
    verifier.__doc__ = (
        f"{nom[0].upper()}{nom[1:]} reste dans les valeurs usuelles.\n\n"
        f"{indicateur.explication} Une valeur atypique est à vérifier ; elle peut être exacte, et "
        "n'empêche jamais le retour d'être recevable."
    )
    table_rule(
        controle.code,
        AVERTISSEMENT,
        on=ACTIVITE,
        columns=(valeur, *entrees, "finess_et", "exercice"),
        title=controle.titre or f"{libelle}{virgule} inhabituel",
        message=f"{nom} de l'établissement {{finess_et}} pour {{exercice}} est de {{valeur}}, hors "
        "des valeurs usuelles ({usuel})",
        fix=f"Vérifiez {controle.verifier} ; si la valeur est exacte, expliquez-la dans "
        "« Commentaire ou justification ».",
        expected="{usuel}",
        source=controle.source,
        ok=controle.ok,
        ko=controle.ko,
    )(verifier)


for _controle in CONTROLES:
    _declarer(_controle)
