"""REF: this return against an extract of FINESS, which alone says who a number belongs to.

The extract may be regional or some weeks old: an absence is only told where the extract knows the
département, and what may have changed since is a warning.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xl_cpom.validators.declaration import workbook_rule
from xl_cpom.validators.facts.whole_workbook import some
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, INFORMATION, Fault, Scope, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Casf, RuleSource
from xl_cpom.validators.rules.finess.rapprochement import (
    EHPAD,
    EJ,
    extrait_finess,
    known_rows,
    retour,
)
from xl_cpom.workbook.records import NON_LU, Row
from xl_cpom.workbook.sheets import ETABLISSEMENTS, IDENTIFICATION

if TYPE_CHECKING:
    from xl_cpom.finess.extract import FinessRecord

_FINESS = RuleSource("Répertoire FINESS, extrait donné avec le contrôle", "trouvé")
_CITES = 4


@workbook_rule(
    "REF-004",
    BLOQUANT,
    on=IDENTIFICATION,
    columns=("finess_ej",),
    scope=Scope.REFERENTIEL,
    title="Numéro d'établissement à la place du FINESS EJ",
    message="{finess_ej} est le numéro d'un établissement, et non d'une entité juridique",
    fix="Saisissez le numéro FINESS de l'entité juridique : dans FINESS, cet établissement relève "
    "de {attendu}.",
    expected="{attendu}",
    source=_FINESS,
    ok=[retour(), retour(finess_ej="250000015"), retour(finess_ej=None)],
    ko=[retour(finess_ej="210781456")],
)
def ej_n_est_pas_un_et(context: RuleContext) -> Iterator[Fault]:
    """Le numéro de l'organisme est celui d'une entité juridique.

    Les numéros d'entité juridique et d'établissement ont la même forme et la même clé : seul FINESS
    les distingue. Les autres rapprochements qui partent de ce numéro ne sont alors pas faits.
    """
    fiche, known = context.classeur.identification, extrait_finess(context)
    if fiche.finess_ej in known.by_et and fiche.finess_ej not in known.by_ej:
        yield fault(fiche, attendu=known.by_et[fiche.finess_ej].finess_ej)


@workbook_rule(
    "REF-005",
    BLOQUANT,
    on=ETABLISSEMENTS,
    columns=("finess_et",),
    scope=Scope.REFERENTIEL,
    title="Numéro d'entité juridique à la place du FINESS ET",
    message="{finess_et} est le numéro d'une entité juridique, et non d'un établissement",
    fix="Saisissez le numéro FINESS géographique de l'établissement, celui de son arrêté "
    "d'autorisation.",
    expected="un numéro FINESS ET",
    source=_FINESS,
    ok=[retour(), retour({"finess_et": "250000015"})],
    ko=[retour({"finess_et": EJ})],
)
def et_n_est_pas_une_ej(context: RuleContext) -> Iterator[Fault]:
    """Le numéro d'un établissement n'est pas celui d'une entité juridique."""
    known = extrait_finess(context)
    for row in context.classeur["etablissements"]:
        if row.finess_et in known.by_ej and row.finess_et not in known.by_et:
            yield fault(row)


@workbook_rule(
    "REF-003",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("finess_ej",),
    scope=Scope.REFERENTIEL,
    requires=("REF-004",),
    title="Entité juridique différente de celle des établissements",
    message="dans FINESS, les établissements du classeur relèvent de {attendu}, et non de "
    "{finess_ej}",
    fix="Vérifiez le numéro FINESS EJ de l'organisme. S'il est juste, faites mettre FINESS à jour "
    "par l'ARS avant de transmettre.",
    expected="{attendu}",
    source=_FINESS,
    ok=[
        retour(),
        retour({"finess_et": "250000015"}),
        retour({"finess_et": "210781456"}, {"finess_et": "710976507"}),
        retour(finess_ej=None),
    ],
    ko=[
        retour(finess_ej="250000015"),
        retour({"finess_et": "710976507"}, {"finess_et": "390000123"}),
    ],
)
def ej_des_etablissements(context: RuleContext) -> Iterator[Fault]:
    """L'entité juridique de la fiche est celle des établissements.

    Quand aucun établissement connu de FINESS ne relève du numéro saisi, c'est lui qui est en cause
    : les établissements ne sont alors pas signalés un par un.
    """
    fiche, table = context.classeur.identification, context.classeur["etablissements"]
    if not fiche.finess_ej or any(row.finess_et is NON_LU for row in table):
        return
    owners = {known.finess_ej for _, known in known_rows(context)}
    if owners and fiche.finess_ej not in owners:
        yield fault(fiche, attendu=some(sorted(owners), _CITES))


@workbook_rule(
    "REF-001",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("finess_et",),
    scope=Scope.REFERENTIEL,
    requires=("REF-005",),
    while_present=True,
    title="Établissement inconnu de FINESS",
    message="l'établissement {finess_et} n'est pas dans l'extrait FINESS",
    fix="Vérifiez le numéro sur l'arrêté d'autorisation. Si l'établissement vient d'ouvrir, "
    "dites-le dans « Commentaire ou justification ».",
    expected="un numéro connu de FINESS",
    source=_FINESS,
    ok=[retour(), retour({"finess_et": "900002411"})],
    ko=[retour({"finess_et": "210000022"}), retour(EHPAD, {"finess_et": "210000022"})],
)
def et_connu(context: RuleContext) -> Iterator[Fault]:
    """L'établissement existe dans FINESS.

    Un numéro dont la clé est juste peut ne désigner personne, ou être un SIREN. L'absence n'est
    signalée que si l'extrait connaît d'autres établissements du même département.
    """
    known = extrait_finess(context)
    for row in context.classeur["etablissements"]:
        number = row.finess_et
        if number and number not in known.by_et and number[:2] in known.departements:
            yield fault(row)


@workbook_rule(
    "REF-002",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("finess_et",),
    scope=Scope.REFERENTIEL,
    requires=("REF-003", "REF-004"),
    while_present=True,
    title="Établissement d'une autre entité juridique dans FINESS",
    message="dans FINESS, l'établissement {finess_et} relève de l'entité juridique {attendu}",
    fix="Vérifiez le numéro. Si l'établissement vous a été confié depuis, citez l'arrêté dans "
    "« Commentaire ou justification » et faites mettre FINESS à jour.",
    expected="un établissement de votre organisme",
    source=Casf("L. 313-1 (cession d'autorisation)"),
    ok=[
        retour(),
        retour({"finess_et": "250000015"}),
        retour(finess_ej=None),
        retour(EHPAD, {"finess_et": "710976507", "co_titulaire": "710099003"}),
    ],
    ko=[
        retour(EHPAD, {"finess_et": "710976507"}),
        retour(EHPAD, {"finess_et": "710976507", "co_titulaire": "250000015"}),
    ],
)
def et_de_l_organisme(context: RuleContext) -> Iterator[Fault]:
    """L'établissement relève de l'organisme qui rend le classeur."""
    ej = context.classeur.identification.finess_ej
    for row, known in known_rows(context):
        if not ej or not known.finess_ej or row.unread(("co_titulaire",)):
            continue
        if known.finess_ej not in (ej, row.co_titulaire):
            yield fault(row, attendu=known.finess_ej)


@workbook_rule(
    "REF-006",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("finess_et",),
    scope=Scope.REFERENTIEL,
    while_present=True,
    title="Établissement fermé dans FINESS",
    message="dans FINESS{au}, l'établissement {finess_et} est fermé{depuis}",
    fix="Vérifiez le numéro. Si l'établissement est fermé, gardez sa ligne et saisissez « Sorti du "
    "CPOM le », le motif et l'avenant.",
    expected="un établissement ouvert",
    source=_FINESS,
    ok=[
        retour(),
        retour({"finess_et": "390000123"}, identification={"annee_suivie": "N"}),
        retour(
            {"finess_et": "390000149"},
            extrait=[
                {
                    "nofinesset": "390000149",
                    "nofinessej": EJ,
                    "categetab": "500",
                    "datefermeture": "2027-01-01",
                }
            ],
        ),
    ],
    ko=[retour({"finess_et": "390000123"}), retour({"finess_et": "390000131"})],
)
def et_ouvert(context: RuleContext) -> Iterator[Fault]:
    """L'établissement est ouvert l'année suivie.

    Un établissement fermé en cours d'année a encore des résultats à rendre : seule une fermeture
    antérieure à l'année suivie, ou sans date, est signalée. Beaucoup d'extraits ne contiennent que
    des établissements ouverts.
    """
    year = context.classeur.annee_suivie
    for row, known in known_rows(context):
        if not known.closed or year is None:
            continue
        if known.fermeture is None or known.fermeture < dt.date(year, 1, 1):
            since = f" depuis le {known.fermeture:%d/%m/%Y}" if known.fermeture else ""
            yield fault(row, depuis=since, au=_au(context))


def _au(context: RuleContext) -> str:
    """« au 11/09/2026 »: the day of the extract, when it says it."""
    from xl_cpom.finess.flows.fields import jour  # read with an extract, which few controls have

    day = jour(extrait_finess(context).date)
    return f" au {day:%d/%m/%Y}" if day else ""


@workbook_rule(
    "REF-014",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("finess_et",),
    scope=Scope.REFERENTIEL,
    requires=("REF-006",),
    while_present=True,
    title="Établissement ouvert après l'année suivie dans FINESS",
    message="dans FINESS{au}, l'établissement {finess_et} n'ouvre que le {ouverture}",
    fix="Vérifiez le numéro. Si l'établissement n'était pas ouvert, retirez sa ligne : il entrera "
    "dans le classeur de l'année de son ouverture.",
    expected="un établissement ouvert dans l'année suivie",
    source=_FINESS,
    ok=[
        retour(),
        retour(
            {"finess_et": "390000149"},
            extrait=[
                {
                    "nofinesset": "390000149",
                    "nofinessej": EJ,
                    "categetab": "500",
                    "dateouv": "2027-12-31",
                }
            ],
        ),
    ],
    ko=[
        retour(
            {"finess_et": "390000149"},
            extrait=[
                {
                    "nofinesset": "390000149",
                    "nofinessej": EJ,
                    "categetab": "500",
                    "dateouv": "2028-01-01",
                }
            ],
        )
    ],
)
def et_deja_ouvert(context: RuleContext) -> Iterator[Fault]:
    """L'établissement est ouvert au plus tard pendant l'année suivie.

    Un établissement que FINESS n'ouvre que plus tard n'a pas de résultats à rendre : son numéro
    est peut-être celui d'un autre.
    """
    year = context.classeur.annee_suivie
    for row, known in known_rows(context):
        if year is not None and known.ouverture and known.ouverture > dt.date(year, 12, 31):
            yield fault(row, ouverture=f"{known.ouverture:%d/%m/%Y}", au=_au(context))


@workbook_rule(
    "REF-015",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("finess_ej",),
    scope=Scope.REFERENTIEL,
    requires=("REF-003", "REF-004"),
    title="Entité juridique fermée dans FINESS",
    message="dans FINESS{au}, l'entité juridique {finess_ej} est fermée{depuis}",
    fix="Vérifiez le numéro FINESS EJ. Si l'organisme a été repris par un autre, dites-le à l'ARS "
    "et citez l'avenant dans « Commentaire ou justification ».",
    expected="une entité juridique ouverte",
    source=_FINESS,
    ok=[retour()],
    ko=[
        retour(
            {"finess_et": "390000149"},
            finess_ej="250000015",
            extrait=[
                {
                    "nofinesset": "390000149",
                    "nofinessej": "250000015",
                    "categetab": "500",
                    "etat_ej": "Fermé",
                    "datefermeture_ej": "2026-06-30",
                }
            ],
        )
    ],
)
def ej_ouverte(context: RuleContext) -> Iterator[Fault]:
    """L'entité juridique qui rend le classeur est ouverte.

    Une fusion ou une cession ferme l'ancienne entité : le contrat suit la nouvelle par avenant.
    """
    fiche = context.classeur.identification
    for known in extrait_finess(context).by_ej.get(fiche.finess_ej or "", ()):
        if known.ej_fermee:
            day = known.ej_fermeture
            since = f" depuis le {day:%d/%m/%Y}" if day else ""
            yield fault(fiche, depuis=since, au=_au(context))
            return


@workbook_rule(
    "REF-012",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("finess_et",),
    scope=Scope.REFERENTIEL,
    requires=("REF-003", "REF-004"),
    title="Établissement de l'organisme absent du classeur",
    message="dans FINESS, l'organisme gère aussi « {raison_sociale} » ({finess_et}), absent de la "
    "feuille",
    fix="Ajoutez sa ligne. S'il relève d'un autre CPOM, dites-le dans le « Commentaire ou "
    "justification » de la fiche d'identification.",
    expected="une ligne pour {finess_et}",
    source=Casf("L. 313-12 et L. 313-12-2"),
    ok=[
        retour(),
        retour(
            extrait=[
                {
                    "nofinesset": "210099032",
                    "nofinessej": EJ,
                    "categetab": "183",
                    "departement": "21",
                }
            ],
            identification={"secteurs": "PA"},
        ),
        retour(
            extrait=[
                {
                    "nofinesset": "210099040",
                    "nofinessej": EJ,
                    "categetab": "355",
                    "departement": "21",
                }
            ]
        ),
        retour(
            extrait=[
                {
                    "nofinesset": "690000013",
                    "nofinessej": EJ,
                    "categetab": "500",
                    "departement": "69",
                }
            ]
        ),
        retour(
            extrait=[
                {
                    "nofinesset": "210099016",
                    "nofinessej": EJ,
                    "categetab": "500",
                    "departement": "21",
                    "etat": "Fermé",
                }
            ]
        ),
        retour({"raison_sociale": "EHPAD sans numéro"}),
        retour(
            {**EHPAD, "ancien_finess_et": "210099016"},
            extrait=[
                {
                    "nofinesset": "210099016",
                    "nofinessej": EJ,
                    "categetab": "500",
                    "departement": "21",
                }
            ],
        ),
    ],
    ko=[
        retour(
            extrait=[
                {
                    "nofinesset": "210099016",
                    "nofinessej": EJ,
                    "rs": "EHPAD DE L'OUCHE",
                    "categetab": "500",
                    "departement": "21",
                }
            ]
        )
    ],
)
def et_de_l_organisme_presents(context: RuleContext) -> Iterator[Fault]:
    """Les ESMS de l'organisme qui doivent entrer dans le CPOM sont dans le classeur.

    Sont attendus les ESMS ouverts de la région, des secteurs annoncés dans la fiche, dont la
    catégorie relève de l'ARS. Un numéro vide ou illisible dans la feuille pourrait être l'un d'eux
    : rien n'est alors signalé.
    """
    table, fiche = context.classeur["etablissements"], context.classeur.identification
    unsure = any(not row.finess_et or row.unread(("ancien_finess_et",)) for row in table)
    if not fiche.finess_ej or fiche.secteurs is NON_LU or unsure:
        return
    present = {number for row in table for number in (row.finess_et, row.ancien_finess_et)}
    for known in extrait_finess(context).by_ej.get(fiche.finess_ej, ()):
        if known.finess_et not in present and _attendu(known, context):
            values: dict[str, Any] = dict.fromkeys(table.sheet.by_key)
            values.update(
                finess_et=known.finess_et, raison_sociale=known.raison_sociale or "sans nom"
            )
            yield fault(Row(table, table.header_row, values))


def _attendu(known: FinessRecord, context: RuleContext) -> bool:
    """Must an ESMS of FINESS be in the CPOM of its organisme?"""
    category = context.referentiel.categories.get(known.categorie)
    if category is None or not category.dans_le_champ or "ARS" not in category.autorite:
        return False
    declared = context.classeur.identification.secteurs or ""
    sector = not declared or any(secteur in declared for secteur in category.secteurs)
    return sector and not known.closed and known.departement in context.referentiel.departements


@workbook_rule(
    "REF-013",
    INFORMATION,
    on=IDENTIFICATION,
    columns=("finess_ej",),
    scope=Scope.REFERENTIEL,
    requires=("REF-003", "REF-004"),
    title="Organisme sans établissement dans l'extrait FINESS",
    message="l'organisme {finess_ej} n'a aucun établissement dans l'extrait FINESS",
    fix="Vérifiez le numéro FINESS EJ. Rien à faire si l'extrait ne couvre pas le siège ni les "
    "établissements de l'organisme.",
    expected="un organisme connu de l'extrait",
    source=_FINESS,
    ok=[retour(), retour(finess_ej=None)],
    ko=[retour({"finess_et": "900002411"}, finess_ej="250000015")],
)
def ej_connue(context: RuleContext) -> Iterator[Fault]:
    """L'organisme est connu de l'extrait FINESS par au moins un établissement."""
    fiche = context.classeur.identification
    if fiche.finess_ej and fiche.finess_ej not in extrait_finess(context).by_ej:
        yield fault(fiche)
