"""The lies a return may tell about the year before, and the codes that must say so."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tools.vies.events import present, replace_number
from tools.vies.numbers import NewNumbers

Content = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Lie:
    """What is told wrong. tell(content) changes it in place; codes: what the control must say."""

    title: str
    tell: Callable[[Content], None]
    codes: frozenset[str]
    needs: str = ""
    """Sheet that must have rows for the lie to be possible."""
    at_least: int = 1
    """How many rows: what is left must not tell another story."""


class CannotTellError(LookupError):
    """This return has nothing to tell that lie about."""


def first(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The first row. Raises CannotTellError."""
    for row in rows:
        return row
    raise CannotTellError


NEVER_LIVED = 9600
"""An order number that no opening of the lives has reached."""


def _drop_action(content: Content) -> None:
    linked = {row.get("numero_action") for row in content["fragilites"]}
    rows = content["actions"]
    plans = Counter((row["module"], row["secteur"]) for row in rows)
    rows.remove(
        first(
            row
            for row in rows
            if row["numero"] not in linked and plans[row["module"], row["secteur"]] > 1
        )
    )


def _drop_measure(content: Content) -> None:
    content["mesures"].pop(0)  # the last ones may be of the year


def _drop_criterion(content: Content) -> None:
    content["has"].pop()


def _lower_target(content: Content) -> None:
    row = first(row for row in content["indicateurs"] if row.get("cible_n2"))
    row["cible_n2"] -= 0.1


def _rewrite_the_past(content: Content) -> None:
    row = first(r for r in content["indicateurs"] if r.get("realise_n1") is not None)
    row["realise_n1"] = round(abs(row["realise_n1"] - 0.37), 3)


def _put_off(content: Content) -> None:
    row = first(r for r in content["actions"] if r["statut"] in ("À démarrer", "En cours"))
    row["echeance"] = row["echeance"].replace(day=30, month=11, year=row["echeance"].year + 1)


def _new_number_in_silence(content: Content) -> None:
    row = first(present(content))
    old = row["finess_et"]
    replace_number(content, old, NewNumbers(NEVER_LIVED).finess(old[:2]))


def _leave_without_avenant(content: Content) -> None:
    year = content["identification"][0]["date_arrete"].year
    first(present(content)).update(sorti_le=dt.date(year, 12, 31), motif_mouvement="fermeture")


def _take_an_esms(content: Content, other: Content) -> None:
    """An ESMS of another organisme, said to have come in: the other does not say it left."""
    year = content["identification"][0]["date_arrete"].year
    number = present(other)[0]["finess_et"]
    day = dt.date(year, 12, 31)
    content["avenants"].append({
        "numero": "99", "date_signature": day, "date_effet": day, "objet": "périmètre",
        "concerne": number,
    })  # fmt: skip
    content["etablissements"].append({
        **present(other)[0], "siret": None, "date_evaluation_has": None, "finess_principal": None,
        "principal_secondaire": "Principal", "entre_le": day, "motif_mouvement": "reprise",
        "avenant": "99",
    })  # fmt: skip
    for row in other["si"]:
        if row["entite"] == number and row["si"].startswith(("ROR", "VT")):
            content["si"].append(dict(row))


def _bigger_deficit(content: Content) -> None:
    for row in content["difficulte"]:
        row["deficit_reference"] += 50_000


LIES: dict[str, Lie] = {
    "action retirée": Lie("action retirée sans avenant", _drop_action, frozenset({"EVO-010"}),
                          "actions"),
    "mesure retirée": Lie("mesure notifiée retirée", _drop_measure, frozenset({"EVO-013"}),
                          "mesures", at_least=3),
    "critère retiré": Lie("critère HAS sous le seuil retiré", _drop_criterion,
                          frozenset({"EVO-014"}), "has", at_least=3),
    "cible abaissée": Lie("cible du contrat abaissée", _lower_target, frozenset({"EVO-030"})),
    "passé réécrit": Lie("résultat d'une année rendue réécrit", _rewrite_the_past,
                         frozenset({"EVO-031"})),
    "échéance repoussée": Lie("échéance d'une action repoussée sans explication", _put_off,
                              frozenset({"EVO-029"}), "actions"),
    "numéro changé": Lie("numéro FINESS changé en silence", _new_number_in_silence,
                         frozenset({"EVO-038"})),
    "sortie sans avenant": Lie("ESMS sorti sans avenant", _leave_without_avenant,
                               frozenset({"PER-003"})),
    "déficit agrandi": Lie("déficit de référence agrandi", _bigger_deficit,
                           frozenset({"EVO-034"}), "difficulte"),
}  # fmt: skip
"""Name -> lie told by one organisme."""

TWO_CONTRACTS = Lie("même ESMS dans deux contrats", lambda content: None, frozenset({"LOT-001"}))
"""A lie that only the returns of a campaign, held against each other, give away."""


def take_an_esms(content: Content, other: Content) -> bool:
    """Tell it in the return of an organisme; False when the two have no secteur in common."""
    mine = {row["secteur"] for row in present(content)}
    if not present(other) or present(other)[0]["secteur"] not in mine:
        return False
    _take_an_esms(content, other)
    return True
