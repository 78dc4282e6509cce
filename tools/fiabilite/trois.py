"""The three-reader table: ours, openpyxl, LibreOffice (converted), on every file there is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.fiabilite.corpus import Public
from tools.fiabilite.desaccords import LIBREOFFICE, UNEXPLAINED, Desaccord, communes, comparer
from tools.fiabilite.lecteurs import OPENPYXL, OUR, Reading, read_all
from tools.fiabilite.libreoffice import SOFFICE, convert

BOOKS = Path(__file__).resolve().parents[2] / "workbooks"
OG_DE_CAMPAGNE = 60
SEEDS = (2026, 7)


@dataclass
class Bilan:
    """What comparing with one reader gave."""

    lecteur: str
    fichiers: int = 0
    cellules: int = 0
    desaccords: list[Desaccord] = field(default_factory=list)
    fins: Counter[tuple[str, str]] = field(default_factory=Counter)
    """files that one of the two did not read: (our end, its end)"""
    examples: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def unexplained(self) -> int:
        """Disagreements without a reason."""
        return sum(d.raison == UNEXPLAINED for d in self.desaccords)


def compare_all(publics: Sequence[Public], folder: Path) -> int:
    """Print the tables and every disagreement; how many have no reason."""
    classeurs = [one for one in publics if one.path.suffix.startswith((".xlsx", ".xlsm", ".xlt"))]
    sets = {
        "tout ce qui est livré": [Public(p, p.name) for p in sorted(BOOKS.glob("*.xlsx"))],
        "campagnes engendrées": _campagnes(folder),
        "fichiers publics": classeurs,
    }
    wrong = 0
    for title, files in sets.items():
        if files:
            wrong += _un_ensemble(title, files, folder / title.replace(" ", "_"))
    return wrong + _others([one for one in publics if one not in set(classeurs)])


def _campagnes(folder: Path) -> list[Public]:
    from tools.synthese import produce

    found = []
    for seed in SEEDS:
        made = produce(folder / f"campagne{seed}", nombre=OG_DE_CAMPAGNE, graine=seed)
        paths = sorted(made.depot.rglob("*.xlsx"))
        found += [Public(path, f"campagne {seed} {path.name}") for path in paths]
    return found


def _un_ensemble(titre: str, files: Sequence[Public], work: Path) -> int:
    """One set of files: its table, its reasons, its list. How many disagreements have no reason."""
    origins = {one.path: one.origine for one in files}
    ours = dict(read_all(OUR, list(origins)))
    bilans = [_comparer(OPENPYXL, origins, ours, dict(read_all(OPENPYXL, list(origins))))]
    if SOFFICE is not None:
        bilans.append(_comparer(LIBREOFFICE, origins, ours, _by_libreoffice(origins, work)))
    print(f"\nTrois lecteurs, cellule par cellule : {titre}, {len(files)} fichiers")
    print("  le nôtre et…  lus par les deux   cellules    d'accord  désaccords  sans raison")
    for bilan in bilans:
        other = sum(d.cellules for d in bilan.desaccords)
        rate = 100 * (1 - other / bilan.cellules) if bilan.cellules else 100.0
        print(
            f"  {bilan.lecteur:<13} {bilan.fichiers:16} {bilan.cellules:10} {rate:9.3f} % "
            f"{other:10} {bilan.unexplained:12}"
        )
    for bilan in bilans:
        _detail(bilan)
    print(end="", flush=True)
    return sum(bilan.unexplained for bilan in bilans)


def _comparer(
    reader: str,
    origins: Mapping[Path, str],
    ours: Mapping[Path, Reading],
    theirs: Mapping[Path, Reading],
) -> Bilan:
    bilan = Bilan(reader)
    for path, origin in origins.items():
        one, two = ours[path], theirs[path]
        if one.fin or two.fin:
            ends = (one.fin or "lu", two.fin or "lu")
            bilan.fins[ends] += 1
            bilan.examples.setdefault(ends, origin)
            continue
        bilan.fichiers += 1
        bilan.cellules += communes(one, two)
        bilan.desaccords += comparer(origin, one, two, reader)
    return bilan


def _by_libreoffice(origins: Mapping[Path, str], work: Path) -> dict[Path, Reading]:
    work.mkdir()
    found = {path: Reading("ne s'ouvre pas, ou pas à temps") for path in origins}
    made = {new: path for path, new in convert(list(origins), work) if new is not None}
    for new, reading in read_all(OPENPYXL, list(made)):
        found[made[new]] = reading
    return found


def _detail(bilan: Bilan) -> None:
    if bilan.fins:
        print(f"  {bilan.lecteur} : fichiers que l'un des deux ne lit pas (le nôtre / l'autre)")
        for (ours, theirs), count in bilan.fins.most_common():
            print(f"    {count:5}  {ours} / {theirs}   ex. {bilan.examples[ours, theirs]}")
    by_reason: dict[str, list[Desaccord]] = defaultdict(list)
    for one in bilan.desaccords:
        by_reason[one.raison].append(one)
    if by_reason:
        print(f"  {bilan.lecteur} : désaccords, par raison")
    for reason, ones in sorted(by_reason.items(), key=lambda item: -len(item[1])):
        cells = sum(one.cellules for one in ones)
        print(f"    {reason} : {len(ones)} fichiers, {cells} cellules")
        for one in ones:
            print(f"        {one.origine} : {one.cellules}   ex. {one.exemple}")


EXPECTED = {
    ".xls": {"LEC-XLS", "LEC-CHIFFRE", "LEC-ARCHIVE"},
    ".xlsb": {"LEC-XLSB", "LEC-CHIFFRE"},
    ".ods": {"LEC-ODS", "LEC-CHIFFRE"},
}
"""How a file of another format may end; one of them in gzip is an archive."""


def _others(files: Sequence[Public]) -> int:
    """The files of other formats: each recognised by its content."""
    if not files:
        return 0
    origins = {one.path: one.origine for one in files}
    ends: Counter[tuple[str, str]] = Counter()
    wrong = 0
    print(f"\nAutres formats reconnus à leur contenu : {len(files)} fichiers")
    for path, reading in read_all(OUR, list(origins), cellules=False):
        ends[path.suffix, reading.fin or "lu"] += 1
        if reading.fin not in EXPECTED.get(path.suffix, {reading.fin}):
            wrong += 1
            print(f"    {origins[path]} : {reading.fin or 'lu'}")
    for (suffix, end), count in sorted(ends.items()):
        print(f"  {count:5}  {suffix:<6} {end}")
    return wrong
