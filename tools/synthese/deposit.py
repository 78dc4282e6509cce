"""Writes the deposit of forty organismes, week after week: `python -m tools.synthese.deposit OUT`.

A folder as mail leaves it: versions, copies, our own annotated copy, an archive, a return in two
workbooks, encrypted and damaged files, last year's return, an ESMS taken from another. What each
file is and what must be said of it stand in `deposit_table`.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import click

from tools.synthese.contenu import Contenu, contenu
from tools.synthese.degats import DAMAGES
from tools.synthese.deposit_table import (
    EXPECTED,
    LETTERS,
    NOISE,
    RECEVABLE,
    SEED,
    WEEKS,
    Sent,
    Week,
)
from tools.synthese.fautes import apply
from tools.synthese.population import Organisme, organismes
from tools.synthese.production import attendus_csv, legeres
from xl_cpom.referentiel import load_referentiel

PASSWORD = "Trois-Rivières 27"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096)
_RANK = re.compile(r"\{(\d+)\}")


SIZE = 4
"""ESMS of an organisme at most: what is tried here does not grow with them."""


@cache
def population() -> tuple[Organisme, ...]:
    """Those of the list, then the one that is not in it."""
    return tuple(map(_small, organismes(EXPECTED + 1, SEED)))


def _small(og: Organisme) -> Organisme:
    kept = [e for e in og.esms if not e.principal][:SIZE]
    numbers = {e.finess for e in kept}
    seconds = [e for e in og.esms if e.principal in numbers]
    return replace(og, esms=(*kept, *seconds)[:SIZE])


@dataclass
class Deposit:
    """The folder, the lists that go with it, and what is in it this week."""

    folder: Path
    files: dict[str, Sent] = field(default_factory=dict)
    """Name in the deposit -> what it is."""
    states: dict[str, str] = field(default_factory=dict)
    """FINESS EJ -> the state it must be in."""
    week: Week | None = None

    @property
    def returns(self) -> Path:
        """The folder to control."""
        return self.folder / "retours"

    @property
    def expected(self) -> Path:
        """The list of the organismes expected."""
        return self.folder / "attendus.csv"

    def counts(self) -> dict[str, int]:
        """What must be counted, by adding up the table."""
        mine = Counter(s for ej, s in self.states.items() if ej != population()[EXPECTED].finess)
        received = EXPECTED - mine["manquant"]
        return {
            "organismes": EXPECTED, "recus": received, "manquants": mine["manquant"],
            "recevables": mine[RECEVABLE] + mine["recevable avec réserves"],
            "reserves": mine["recevable avec réserves"], "a_corriger": mine["à corriger"],
            "illisibles": mine["illisible"], "hors_liste": 1, "fichiers": len(self.files),
            "comptes": sum(not sent.aside for sent in self.files.values()),
            "non_rattaches": sum(sent.unattached for sent in self.files.values()),
        }  # fmt: skip

    def options(self) -> list[str]:
        """What the command is given this week beside the folder."""
        assert self.week is not None
        given = ["--attendus", str(self.expected)]
        for asked, name, option in (
            (self.week.waiver, "derogations.toml", "--derogations"),
            (self.week.profile, "profil.toml", "--profil"),
            (self.week.passwords, "mots_de_passe.csv", "--mots-de-passe"),
        ):
            if asked:
                given += [option, str(self.folder / name)]
        return given

    def pass_week(self, number: int) -> Deposit:
        """Change the folder as the week does, and what is expected with it."""
        week = self.week = WEEKS[number - 1]
        for name in map(self._named, week.removed):
            (self.returns / name).unlink()
            del self.files[name]
        self.files |= {self._named(name): sent for name, sent in week.told.items()}
        for sent in week.added:
            self.files[name_of(sent)] = sent
        for name, data in written(week).items():
            path = self.returns / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        self.states |= {population()[rank].finess: state for rank, state in week.states.items()}
        self._lists()
        return self

    def _named(self, name: str) -> str:
        return _RANK.sub(lambda m: population()[int(m[1])].finess, name)

    def _lists(self) -> None:
        ten, locked = population()[10], population()[27]
        self.expected.write_text(attendus_csv(population()[:EXPECTED]), "utf-8", newline="")
        (self.folder / "derogations.toml").write_text(
            f'[[derogation]]\ncode = "INS-002"\nfiness = "{ten.esms[0].finess}"\n'
            'motif = "courrier en cours de signature"\naccordee_par = "Direction de l\'autonomie"\n'
            'jusqu_au = "2028-12-31"\n',
            "utf-8",
        )
        (self.folder / "profil.toml").write_text(
            'nom = "Campagne 2027, troisième semaine"\n\n[[regle]]\ncode = "MOD-005"\n'
            'gravite = "avertissement"\nmotif = "les pilotes sont désignés en mars"\n',
            "utf-8",
        )
        (self.folder / "mots_de_passe.csv").write_text(
            f"finess_ej;mot_de_passe\n{locked.finess};{PASSWORD}\n", "utf-8"
        )


def name_of(sent: Sent) -> str:
    """Name of a file in the deposit."""
    return sent.name.replace("{ej}", population()[sent.rank].finess)


def written(week: Week) -> dict[str, bytes]:
    """Path under the folder -> bytes, of what a week brings; archives are packed."""
    made: dict[str, bytes] = {}
    packed: dict[str, dict[str, bytes]] = {}
    for sent in week.added:
        name = name_of(sent)
        data = _bytes(sent, made)
        archive, slash, inside = name.partition(".zip/")
        if slash:
            packed.setdefault(f"{archive}.zip", {})[inside] = data
        else:
            made[name] = data
    for name, members in packed.items():
        made[name] = _archive(members)
    if week.number == 1:
        made |= dict.fromkeys((*NOISE, *LETTERS), b"x")
    return made


def _bytes(sent: Sent, made: Mapping[str, bytes]) -> bytes:
    kind, _, detail = sent.content.partition(":")
    og = population()[sent.rank]
    if kind == "copie":
        return made.get(detail.replace("{ej}", og.finess)) or _bytes(_first(sent), made)
    if kind == "annotée":
        return _annotated(made[detail.replace("{ej}", og.finess)])
    if kind in DAMAGES:
        return DAMAGES[kind][0](_workbook(contenu(og, load_referentiel(), SEED)))
    return MAKERS[kind](og, detail)


def _first(sent: Sent) -> Sent:
    """The file of the week before that a copy is of."""
    return next(s for s in WEEKS[0].added if s.rank == sent.rank and not s.aside)


def _honest(og: Organisme, _: str = "", rank: int = 2) -> bytes:
    content = contenu(og, load_referentiel(), SEED, rank)
    if og.rang in WITH_ACTIVITY:
        for row in content["activite"]:
            days = row["capacite_financee"] * 365
            row |= {"jours_ouverture": 365, "journees_financees": round(days * 0.96),
                    "journees_realisees": round(days * 0.92)}  # fmt: skip
    return _workbook(content)


WITH_ACTIVITY = frozenset({0, 1, 7})
"""Ranks of the organismes that fill in their activity."""


def _faulty(og: Organisme, fault: str) -> bytes:
    """A fault, in the first content drawn for the organisme that has something to make it with."""
    for shift in range(20):
        content = contenu(og, load_referentiel(), SEED + shift)
        if apply(fault, content):
            return _workbook(content)
    raise ValueError(f"{og.finess}: {fault} is not possible")


def _outdated(og: Organisme, _: str) -> bytes:
    content = contenu(og, load_referentiel(), SEED)
    fiche = content["identification"][0]
    fiche["date_arrete"] = fiche["date_arrete"].replace(month=11, day=30)
    apply("sans pilote", content)
    return _workbook(content)


def _borrowing(og: Organisme, other: str) -> bytes:
    taken = population()[int(other)].esms[0]
    esms = (*og.esms, replace(taken, siret=og.esms[0].siret))
    return _workbook(contenu(replace(og, esms=esms), load_referentiel(), SEED))


def _part(og: Organisme, which: str) -> bytes:
    """The whole cut in two by ESMS, the rows of the organisme in both."""
    whole = contenu(og, load_referentiel(), SEED)
    head = og.esms[0].finess
    mine = {head} | {e.finess for e in og.esms if e.principal == head}
    kept = mine if which == "1" else {e.finess for e in og.esms} - mine
    everybody = {e.finess for e in og.esms}

    def here(row: Mapping[str, object]) -> bool:
        number = str(row.get("finess_et") or row.get("entite") or "")
        return number not in everybody or number in kept

    return _workbook({key: [row for row in rows if here(row)] for key, rows in whole.items()})


def _prefilled(og: Organisme, _: str) -> bytes:
    """As the ARS prepares it: who and where, and nothing of the year."""
    whole = contenu(og, load_referentiel(), SEED)
    fiche = {key: whole["identification"][0][key] for key in
             ("raison_sociale", "finess_ej", "departement", "type_contrat", "annee_n1",
              "annee_suivie")}  # fmt: skip
    keys = ("finess_et", "raison_sociale", "categorie", "secteur", "departement",
            "principal_secondaire", "capacite_autorisee")  # fmt: skip
    rows = [{key: row[key] for key in keys} for row in whole["etablissements"]]
    return _workbook({"identification": [fiche], "etablissements": rows})


def _encrypted(og: Organisme, _: str) -> bytes:
    from msoffcrypto.method.ecma376_agile import ECMA376Agile

    found: bytes = ECMA376Agile.encrypt(PASSWORD, io.BytesIO(_honest(og)))
    return found


MAKERS: Mapping[str, Callable[[Organisme, str], bytes]] = {
    "honnête": _honest,
    "corrigé": _honest,
    "faute": _faulty,
    "ancien": _outdated,
    "an passé": lambda og, _: _honest(og, rank=1),
    "emprunt": _borrowing,
    "partie": _part,
    "prérempli": _prefilled,
    "chiffré": _encrypted,
    "xls": lambda og, _: _OLE,
}
"""First word of a content -> what makes it; a copy and a damage are made from another file."""


def _workbook(content: Contenu) -> bytes:
    from tempfile import TemporaryDirectory

    from xl_cpom.workbook.template import write_template

    with TemporaryDirectory() as folder:
        path = Path(folder) / "retour.xlsx"
        write_template(path, load_referentiel(), contenu=content, sheets=legeres())
        return path.read_bytes()


def _annotated(data: bytes) -> bytes:
    """Our annotated copy, as it was sent back to the gestionnaire who forwarded it."""
    from tempfile import TemporaryDirectory

    from xl_cpom.reports.annotate import annotate
    from xl_cpom.validators.check import check

    with TemporaryDirectory() as folder:
        path, out = Path(folder) / "retour.xlsx", Path(folder) / "annotée.xlsx"
        path.write_bytes(data)
        annotate(path, check(path).findings, out)
        return out.read_bytes()


def _archive(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2028, 1, 20, 9, 0, 0)), data)
            archive.writestr(zipfile.ZipInfo(f"__MACOSX/._{Path(name).name}"), b"x")
        archive.writestr(zipfile.ZipInfo("~$CPOM.xlsx"), b"x")
    return out.getvalue()


def weeks(folder: Path) -> Iterator[Deposit]:
    """The same deposit, as each week leaves it."""
    deposit = Deposit(folder)
    for week in WEEKS:
        yield deposit.pass_week(week.number)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--semaine", type=click.IntRange(1, len(WEEKS)), default=1, show_default=True)
def main(folder: Path, semaine: int) -> None:
    """Écrire le dépôt de quarante organismes tel qu'il est à la fin d'une semaine."""
    folder.mkdir(parents=True, exist_ok=True)
    for deposit in weeks(folder):
        if deposit.week is not None and deposit.week.number == semaine:
            click.echo(f"xl-cpom valider '{deposit.returns}' {' '.join(deposit.options())}")
            for name, count in deposit.counts().items():
                click.echo(f"{name:14} {count}")
            return


if __name__ == "__main__":
    main()
