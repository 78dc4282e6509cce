"""IDE: the ESMS of the contract, their numbers and their places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from xl_cpom.identifiants import finess_troisieme_zero
from xl_cpom.validators.declaration import rule, table_rule, workbook_rule
from xl_cpom.validators.facts.groups import duplicates
from xl_cpom.validators.facts.whole_workbook import finess_du_contrat, some, the_rows
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Fault, fault, missing_line
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Guide, RuleSource
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import ETABLISSEMENTS

_FINESS = RuleSource("FINESS, répertoire national des établissements", "trouvé")
_NUMERO = RuleSource("FINESS, construction du numéro (ANS, finess-plus)", "trouvé")
_SIRENE = RuleSource("Insee, répertoire Sirene", "connu")
_TILLE, _CHAROLAIS = "210781456", "710976507"
_THREE_OTHERS = (_CHAROLAIS, "250000015", "390000131")
_FICHE_SIREN = {"identification": [{"siren": "999000268"}]}
_FICHE_EJ = {"identification": [{"finess_ej": "210099008"}]}


@workbook_rule(
    "IDE-002",
    BLOQUANT,
    on=ETABLISSEMENTS,
    columns=("finess_et",),
    title="Aucun établissement ni service saisi",
    message="la feuille « {feuille} » est à compléter : aucun établissement ni service n'y est "
    "saisi",
    fix="Saisissez dans la feuille « Établissements » un ESMS par ligne, à commencer par son "
    "numéro dans « FINESS ET ».",
    expected="au moins un établissement",
    source=Guide("généralités", "établissements et services du CPOM"),
    ok=[{"etablissements": [{"finess_et": _TILLE}]}],
    ko=[{"etablissements": []}],
)
def au_moins_un_esms(context: RuleContext) -> Iterator[Fault]:
    """Un CPOM couvre au moins un établissement ou service.

    Sans ESMS, aucune ligne du classeur ne peut être rattachée à un secteur et aucun taux ne peut
    être calculé.
    """
    table = context.classeur["etablissements"]
    if not table.rows:
        yield missing_line(table, columns=("finess_et",))


@table_rule(
    "IDE-003",
    BLOQUANT,
    on=ETABLISSEMENTS,
    columns=("finess_et",),
    title="ESMS saisi plusieurs fois",
    message="le numéro FINESS ET {finess_et} est saisi {nombre} fois ({lignes})",
    fix="Gardez une seule ligne par ESMS, ou corrigez le numéro dans « FINESS ET ».",
    expected="un numéro par ligne",
    source=_FINESS,
    ok=[[{"finess_et": _TILLE}, {"finess_et": _CHAROLAIS}], [{}, {}]],
    ko=[
        [{"finess_et": _TILLE}, {"finess_et": _TILLE}],
        [{"finess_et": _TILLE}, {"finess_et": _CHAROLAIS}, {"finess_et": _TILLE}],
    ],
)
def finess_et_uniques(esms: list[Row]) -> Iterator[Fault]:
    """Chaque ESMS n'est saisi qu'une fois.

    Un numéro FINESS désigne un seul établissement ; répété, il ferait compter deux fois ses places
    et ses lignes.
    """
    for group in duplicates(esms, "finess_et"):
        yield fault(*group, nombre=str(len(group)), lignes=the_rows(group))


@rule(
    "IDE-004",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("departement", "finess_et"),
    title="ESMS hors de la région de l'ARS",
    message="l'établissement {finess_et} est dans le département {departement}, hors de la région",
    fix="Vérifiez « Département » ; si l'ESMS est bien hors de la région, dites dans « Commentaire "
    "ou justification » pourquoi il relève de ce CPOM.",
    expected="un département de la région",
    source=Guide("généralités", "périmètre régional"),
    ok=[
        {"finess_et": _TILLE, "departement": "21"},
        {"finess_et": _TILLE, "departement": "75"},
        {"finess_et": "960000012"},
        {"departement": "75"},
    ],
    ko=[
        {"finess_et": "750000010", "departement": "75"},
        {"finess_et": "960000012", "departement": "75"},
    ],
)
def esms_dans_la_region(esms: Row, context: RuleContext) -> bool | Fault | None:
    """Les ESMS du CPOM sont implantés dans la région de l'ARS.

    Le siège peut être ailleurs, mais l'autorisation d'un ESMS relève de l'ARS de son lieu
    d'implantation. Un département que le numéro FINESS contredit est signalé à part.
    """
    ref = context.referentiel
    if not esms.departement or not esms.finess_et:
        return None
    of_number = ref.departement_du_finess(esms.finess_et)
    if of_number is not None and of_number.code != esms.departement:
        return None
    if esms.departement in ref.departements:
        return True
    return fault(esms, columns=("departement",))


@rule(
    "IDE-008",
    BLOQUANT,
    on=ETABLISSEMENTS,
    columns=("finess_principal", "principal_secondaire"),
    title="Établissement secondaire sans établissement principal",
    message="l'établissement {finess_et} est secondaire, mais son établissement principal n'est "
    "pas indiqué",
    fix="Saisissez dans « FINESS de l'ET principal » le numéro que donne FINESS ; si FINESS le dit "
    "principal, choisissez « Principal ».",
    expected="un numéro FINESS ET",
    source=_FINESS,
    ok=[
        {"finess_et": _TILLE, "principal_secondaire": "Principal"},
        {"finess_et": _TILLE, "principal_secondaire": "Secondaire", "finess_principal": _CHAROLAIS},
        {"finess_et": _TILLE},
    ],
    ko=[{"finess_et": _TILLE, "principal_secondaire": "Secondaire"}],
)
def secondaire_rattache(esms: Row) -> bool:
    """Un établissement secondaire est rattaché à un établissement principal.

    Dans FINESS, un établissement secondaire porte toujours le numéro de son principal.
    """
    return esms.principal_secondaire != "Secondaire" or esms.finess_principal is not None


@table_rule(
    "IDE-009",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("siret",),
    title="SIRET d'un ESMS étranger au SIREN de l'organisme",
    message="le SIRET de {esms} commence par {lu}, qui n'est pas le SIREN de l'organisme ({siren})",
    fix="Vérifiez « SIRET » dans cette feuille et « SIREN » dans la fiche ; sinon, dites dans "
    "« Commentaire ou justification » pourquoi ils diffèrent.",
    expected="un SIRET qui commence par {siren}",
    source=_SIRENE,
    ok=[
        [{"finess_et": _TILLE, "siret": "99900026800022", "@": _FICHE_SIREN}],
        [{"finess_et": _TILLE, "@": _FICHE_SIREN}],
        [{"finess_et": _TILLE, "siret": "99900026800022"}],
        [
            {
                "finess_et": _TILLE,
                "siret": "35600000000048",
                "co_titulaire": "250000015",
                "@": _FICHE_SIREN,
            }
        ],
        [
            {
                "finess_et": _TILLE,
                "siret": "35600000000048",
                "categorie": "209",
                "@": {
                    "identification": [{"siren": "999000268", "date_arrete": dt.date(2027, 12, 31)}]
                },
            }
        ],
    ],
    ko=[
        [{"finess_et": _TILLE, "siret": "35600000000048", "@": _FICHE_SIREN}],
        [
            {"finess_et": _TILLE, "siret": "35600000000048", "@": _FICHE_SIREN},
            {"finess_et": _CHAROLAIS, "siret": "99900026800022"},
        ],
        [{"siret": "35600000000048", "@": _FICHE_SIREN}],
        *(
            [
                {"finess_et": _TILLE, "siret": "35600000000048", "@": _FICHE_SIREN},
                *({"finess_et": et, "siret": "35600000000048"} for et in others),
            ]
            for others in (_THREE_OTHERS, (*_THREE_OTHERS, "900002411"))
        ),
    ],
)
def siret_de_l_organisme(rows: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Le SIRET d'un ESMS commence par le SIREN de l'organisme gestionnaire.

    Il peut en être autrement (CCAS, groupement, mutualisation) : cela se justifie. Un service
    autonomie à domicile mixte est parfois autorisé conjointement à deux gestionnaires : rien n'est
    alors signalé. Les ESMS qui portent le même autre SIREN sont signalés ensemble.
    """
    siren = context.classeur.identification.siren
    if not siren:
        return
    others: dict[str, list[Row]] = {}
    for row in rows:
        if row.siret and row.siret[:9] != siren and not _shared(row, context):
            others.setdefault(row.siret[:9], []).append(row)
    for read, group in others.items():
        esms = some((row.finess_et or f"la ligne {row.number}" for row in group), 3)
        yield fault(*group, lu=read, siren=siren, esms=esms)


def _shared(row: Row, context: RuleContext) -> bool:
    """Is the service authorised to two gestionnaires together (SAD mixte), or may it be?"""
    if row.co_titulaire is not None:
        return True
    found = context.referentiel.reforme("SAD_MIXTE", context.date, categorie=row.categorie or "")
    return found is not None


@rule(
    "IDE-010",
    BLOQUANT,
    on=ETABLISSEMENTS,
    columns=("finess_et",),
    title="Numéro FINESS EJ saisi à la place d'un FINESS ET",
    message="{finess_et} est le numéro FINESS EJ de l'organisme, et non celui d'un établissement",
    fix="Saisissez dans « FINESS ET » le numéro géographique de l'ESMS, ou corrigez « FINESS EJ » "
    "dans la fiche.",
    expected="un numéro FINESS ET",
    source=_FINESS,
    ok=[
        {"finess_et": _TILLE, "@": _FICHE_EJ},
        {"finess_et": "210099008"},
        {"@": {"identification": [{"finess_ej": None}]}},
    ],
    ko=[{"finess_et": "210099008", "@": _FICHE_EJ}],
)
def finess_et_et_non_ej(esms: Row, context: RuleContext) -> bool | None:
    """Un numéro FINESS ET n'est pas celui de l'entité juridique.

    Un numéro est unique dans FINESS : il désigne soit l'organisme, soit un établissement.
    """
    if not esms.finess_et:
        return None
    return bool(esms.finess_et != context.classeur.identification.finess_ej)


@rule(
    "IDE-031",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("departement", "finess_et"),
    title="Département contredit par le numéro FINESS ET",
    message="l'établissement {finess_et} est déclaré dans le département {departement}, mais son "
    "numéro FINESS est du département {attendu}",
    fix="Corrigez « Département » ou « FINESS ET » : les premiers caractères du numéro sont ceux "
    "du département.",
    expected="{attendu}",
    source=_NUMERO,
    ok=[
        {"finess_et": _TILLE, "departement": "21"},
        {"finess_et": "2A0000014", "departement": "2A"},
        {"finess_et": _TILLE},
        {"departement": "25"},
        {"finess_et": "960000012", "departement": "21"},
    ],
    ko=[{"finess_et": _TILLE, "departement": "25"}, {"finess_et": _TILLE, "departement": "75"}],
)
def departement_du_numero(esms: Row, context: RuleContext) -> bool | Fault | None:
    """Un numéro FINESS commence par le département de l'établissement.

    Une contradiction vient d'un numéro recopié d'une autre ligne, ou d'un département mal choisi.
    """
    if not esms.finess_et or not esms.departement:
        return None
    of_number = context.referentiel.departement_du_finess(esms.finess_et)
    if of_number is None:
        return None
    return bool(of_number.code == esms.departement) or fault(attendu=of_number.code)


_PRINCIPAL = {"finess_et": _TILLE, "principal_secondaire": "Principal"}
_SECONDAIRE = {"finess_et": _CHAROLAIS, "principal_secondaire": "Secondaire"}


@table_rule(
    "IDE-033",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("finess_principal", "principal_secondaire"),
    title="Établissement principal absent du classeur",
    message="l'établissement {finess_et} dépend de {finess_principal}, qui n'est pas dans la "
    "feuille",
    fix="Ajoutez l'établissement principal, ou corrigez « FINESS de l'ET principal ».",
    expected="le numéro d'un établissement de la feuille",
    source=_FINESS,
    ok=[
        [_PRINCIPAL, {**_SECONDAIRE, "finess_principal": _TILLE}],
        [_PRINCIPAL, _SECONDAIRE],
        [{**_PRINCIPAL, "finess_principal": "210000022"}],
        [{}, {**_SECONDAIRE, "finess_principal": _TILLE}],
    ],
    ko=[[_PRINCIPAL, {**_SECONDAIRE, "finess_principal": "210000022"}]],
)
def principal_present(rows: list[Row], context: RuleContext) -> Iterator[Fault]:
    """L'établissement principal d'un secondaire est dans le même classeur.

    Les deux relèvent de la même entité juridique, donc du même CPOM.
    """
    known = finess_du_contrat(context)
    for row in rows:
        secondaire = row.principal_secondaire == "Secondaire" and row.finess_principal
        if secondaire and known is not None and row.finess_principal not in known:
            yield fault(row, columns=("finess_principal",))


@table_rule(
    "IDE-034",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("finess_principal", "principal_secondaire"),
    title="Établissement secondaire rattaché à un autre secondaire",
    message="l'établissement {finess_et} dépend de {finess_principal}, qui est lui-même secondaire",
    fix="Saisissez dans « FINESS de l'ET principal » le numéro d'un établissement principal, ou "
    "corrigez « Principal ou secondaire ».",
    expected="le numéro d'un établissement principal",
    source=_FINESS,
    ok=[
        [_PRINCIPAL, {**_SECONDAIRE, "finess_principal": _TILLE}],
        [_PRINCIPAL, _SECONDAIRE],
        [
            {**_PRINCIPAL, "finess_principal": _CHAROLAIS},
            {**_SECONDAIRE, "finess_principal": _TILLE},
        ],
        [{**_SECONDAIRE, "finess_principal": _TILLE}],
        [{"finess_et": _TILLE}, {**_SECONDAIRE, "finess_principal": _TILLE}],
    ],
    ko=[
        [{**_SECONDAIRE, "finess_principal": _CHAROLAIS}],
        [
            _PRINCIPAL,
            {**_SECONDAIRE, "finess_principal": _TILLE},
            {
                "finess_et": "210000022",
                "principal_secondaire": "Secondaire",
                "finess_principal": _CHAROLAIS,
            },
        ],
    ],
)
def principal_est_principal(rows: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Un établissement secondaire dépend d'un établissement principal, pas d'un autre secondaire.

    Il ne dépend pas non plus de lui-même.
    """
    for row in rows:
        principal = context.classeur.etablissements.get(row.finess_principal)
        if principal is None or row.principal_secondaire != "Secondaire":
            continue
        if principal.principal_secondaire == "Secondaire":
            yield fault(row)


@rule(
    "IDE-035",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("finess_principal", "principal_secondaire"),
    title="Établissement principal rattaché à un autre",
    message="l'établissement {finess_et} est principal, mais il est rattaché à {finess_principal}",
    fix="Vérifiez dans FINESS : s'il est principal, videz « FINESS de l'ET principal » ; sinon, "
    "choisissez « Secondaire ».",
    source=_FINESS,
    ok=[
        _PRINCIPAL,
        {**_PRINCIPAL, "finess_principal": _TILLE},
        {**_SECONDAIRE, "finess_principal": _TILLE},
        {"finess_et": _TILLE, "finess_principal": _CHAROLAIS},
    ],
    ko=[{**_PRINCIPAL, "finess_principal": _CHAROLAIS}],
)
def principal_sans_rattachement(esms: Row) -> bool | None:
    """Un établissement principal ne dépend d'aucun autre."""
    if esms.principal_secondaire != "Principal" or not esms.finess_principal:
        return None
    return bool(esms.finess_principal == esms.finess_et)


@rule(
    "IDE-038",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("finess_et",),
    title="Troisième caractère du FINESS ET différent de 0",
    message="le troisième caractère du numéro « {finess_et} » n'est pas 0 : ce n'est sans doute "
    "pas un numéro FINESS",
    fix="Recopiez dans « FINESS ET » le numéro qui figure dans FINESS : un SIREN a aussi neuf "
    "chiffres.",
    expected="deux caractères de département, puis 0",
    source=_NUMERO,
    ok=[{"finess_et": "210000022"}, {}],
    ko=[{"finess_et": "775672272"}],
)
def finess_et_plausible(esms: Row) -> bool | None:
    """Un numéro FINESS ET commence par le département, puis un zéro.

    Tous les numéros connus ont un zéro en troisième position. Un SIREN saisi à la place peut avoir
    une clé juste : c'est son troisième chiffre qui le trahit.
    """
    return finess_troisieme_zero(esms.finess_et) if esms.finess_et else None
