"""LOT: the versions of a return, and the workbooks it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from xl_cpom.typography import guillemets
from xl_cpom.validators.declaration import campaign_rule
from xl_cpom.validators.facts.whole_workbook import some
from xl_cpom.validators.model import INFORMATION
from xl_cpom.validators.retours import Campagne, CampaignFault, changed_sheets
from xl_cpom.validators.rule_sources import Usage
from xl_cpom.validators.versions import PROVISOIRE
from xl_cpom.workbook.sheets import IDENTIFICATION, SHEETS

_CAMPAGNE = Usage("Rapprochement des retours d'une campagne")
_TILLEULS = {"fichier": "a.xlsx", "finess_ej": "210099008", "raison_sociale": "Les Tilleuls"}
_ERABLES = {"fichier": "b.xlsx", "finess_ej": "710099003", "raison_sociale": "Les Érables"}
_ET = {"finess_et": "210781456", "categorie": "500", "secteur": "PA", "capacite_autorisee": 80}
_OTHER = {"finess_et": "710976507", "categorie": "500", "secteur": "PA", "capacite_autorisee": 64}
_CITES = 3


@campaign_rule(
    "LOT-015",
    INFORMATION,
    on=IDENTIFICATION,
    title="Nouvelle version d'un retour",
    message="ce retour remplace {ancien} : {motif} ; {changes}",
    fix="Rien à faire. Pour dire pourquoi une version est renvoyée, écrivez « Motif : … » dans "
    "« Commentaire ou justification » de la feuille « Identification ».",
    source=_CAMPAGNE,
    ok=[
        {"retours": [_TILLEULS, _ERABLES]},
        {
            "retours": [
                {**_TILLEULS, "sha256": "aa"},
                {**_TILLEULS, "fichier": "c.xlsx", "sha256": "aa"},
            ]
        },
    ],
    ko=[
        {
            "retours": [
                {**_TILLEULS, "fichier": "retour_v1.xlsx", "fingerprints": {"actions": "aa"}},
                {**_TILLEULS, "fichier": "retour_v2.xlsx", "motif": "pilote ajouté"},
            ]
        },
        {
            "retours": [
                {**_TILLEULS, "fichier": "retour_v1.xlsx"},
                {**_TILLEULS, "fichier": "retour_v2.xlsx"},
            ]
        },
    ],
)
def nouvelle_version(campagne: Campagne) -> Iterator[CampaignFault]:
    """Une version qui en remplace une autre dit pourquoi, et ce qu'elle change.

    Le motif est celui que donne le commentaire de la fiche (« Motif : … ») ; les feuilles changées
    sont trouvées en comparant les deux fichiers.
    """
    by_file = {rendu.file: rendu for rendu in campagne.rendus}
    for file, replaced in campagne.replaced.items():
        rendu = by_file[file]
        names = some([guillemets(PurePosixPath(r.file).name) for r in replaced], _CITES)
        sheets = [SHEETS[key].name for key in changed_sheets(rendu, replaced[-1])]
        changed = "feuilles changées : " + some([guillemets(n) for n in sheets], _CITES)
        yield CampaignFault(
            rendu,
            columns=("annee_suivie",),
            values={
                "ancien": names,
                "motif": f"motif « {rendu.motif} »" if rendu.motif else "sans motif donné",
                "changes": changed if sheets else "aucune feuille changée",
            },
        )


@campaign_rule(
    "LOT-016",
    INFORMATION,
    on=IDENTIFICATION,
    title="Retour provisoire",
    message="le retour est déclaré provisoire : le retour définitif reste attendu",
    fix="Renvoyez le classeur, sous un nom sans « provisoire », quand les données sont arrêtées.",
    source=_CAMPAGNE,
    ok=[{"retours": [_TILLEULS, {**_ERABLES, "nature": "définitif"}]}],
    ko=[{"retours": [{**_TILLEULS, "nature": "provisoire"}]}],
)
def retour_provisoire(campagne: Campagne) -> Iterator[CampaignFault]:
    """Un retour déclaré provisoire compte, et le définitif reste attendu.

    Il se déclare par le nom du fichier (« provisoire ») ou par le commentaire de la fiche (« Retour
    provisoire »). Entre deux versions de même date d'arrêté, la définitive l'emporte.
    """
    for rendu in campagne.counted:
        if rendu.nature == PROVISOIRE:
            yield CampaignFault(rendu, columns=("annee_suivie",))


@campaign_rule(
    "LOT-014",
    INFORMATION,
    on=IDENTIFICATION,
    title="Retour en plusieurs classeurs",
    message="le retour est fait de {nombre} classeurs, jugés ensemble : {autres}",
    fix="Rien à faire si c'est voulu : les lignes répétées sont comptées une fois, les taux sont "
    "ceux de l'organisme. Un seul classeur suffit l'an prochain.",
    source=_CAMPAGNE,
    ok=[
        {
            "retours": [
                {**_TILLEULS, "etablissements": [_ET]},
                {**_ERABLES, "etablissements": [_OTHER]},
            ]
        }
    ],
    ko=[
        {
            "retours": [
                {**_TILLEULS, "etablissements": [_ET]},
                {**_TILLEULS, "fichier": "c.xlsx", "etablissements": [_OTHER]},
            ]
        }
    ],
)
def retour_en_parties(campagne: Campagne) -> Iterator[CampaignFault]:
    """Deux classeurs d'un organisme, sans établissement commun, sont deux parties de son retour.

    Les indicateurs sont recalculés sur l'ensemble : une ligne répétée dans chaque partie ne compte
    qu'une fois, et les taux déclarés sont comparés à ceux de l'organisme entier.
    """
    for group in campagne.by_organisme.values():
        if len(group) < 2:
            continue
        names = some([guillemets(PurePosixPath(r.file).name) for r in group], _CITES)
        for rendu in group:
            yield CampaignFault(
                rendu, columns=("finess_ej",), values={"nombre": len(group), "autres": names}
            )
