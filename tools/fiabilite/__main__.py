"""`make reliability`: outcomes, three readers, times and memory, leaks, the page, persons.

Ends with code 1 when an outcome is not the one of the table, when two readers differ without a
known reason, when a public file ends otherwise than read or refused by name, when a worker keeps
something, when the page loses its places, or when persons are missed.

    python -m tools.fiabilite [issues] [lecteurs] [mesures] [fuites] [serveur] [personnes]
        [--mutants N] [--sans-public]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tools.fiabilite import fuites, issues, mesures, personnes, serveur, trois
from tools.fiabilite.corpus import Public, extraire, get
from tools.hostiles import CAS
from tools.hostiles.issues import deposit
from tools.hostiles.mutants import mutant

CACHE = Path(__file__).resolve().parents[2] / "build" / "fiabilite"
PARTS = ("issues", "lecteurs", "mesures", "fuites", "serveur", "personnes")
MUTANTS_MESURES = 400


def publics() -> list[Public]:
    """The public files at hand, and what could not be had."""
    print("Fichiers publics, tirés de paquets épinglés (tools/fiabilite/paquets.csv)")
    for package, why in get(CACHE):
        print(
            f"  {package.register:<7} {package.nom} {package.version} {why and f'ABSENT : {why}'}"
        )
    found = extraire(CACHE)
    print(f"  {len(found)} fichiers différents", flush=True)
    return found


def to_measure(publics: list[Public], folder: Path) -> list[Path]:
    """The whole set of the measure: public files, traps and mutants."""
    paths = [one.path for one in publics if one.path.suffix.startswith(".xl")]
    traps = folder / "pieges"
    traps.mkdir()
    paths += [
        path
        for case in CAS.values()
        if case.famille != "nom" and (path := deposit(case, traps)) is not None
    ]
    for seed in range(MUTANTS_MESURES):
        path = folder / f"mutant{seed}.xlsx"
        path.write_bytes(mutant(seed))
        paths.append(path)
    return paths


def main() -> None:
    """Run the parts asked for, or all."""
    parser = argparse.ArgumentParser(prog="python -m tools.fiabilite")
    parser.add_argument("parties", nargs="*", metavar="PARTIE", help=", ".join(PARTS))
    parser.add_argument("--mutants", type=int, default=issues.MUTANTS)
    parser.add_argument("--fichiers", type=int, default=2_000, help="pour la partie « fuites »")
    parser.add_argument("--sans-public", action="store_true", help="ne rien aller chercher")
    arguments = parser.parse_args()
    wanted = set(arguments.parties or PARTS)
    if unknown := wanted - set(PARTS):
        parser.error(f"partie inconnue : {', '.join(unknown)}")
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="fiabilite-") as name:
        folder = Path(name)
        if "issues" in wanted:
            wrong += issues.play_all(arguments.mutants)
        found: list[Public] = []
        if wanted & {"lecteurs", "mesures"} and not arguments.sans_public:
            found = publics()
        if "lecteurs" in wanted:
            wrong += trois.compare_all(found, folder)
        if "mesures" in wanted:
            mesures.show(mesures.measure(to_measure(found, folder)))
        if "fuites" in wanted:
            wrong += _leaks(arguments.fichiers, folder)
    if "serveur" in wanted:
        load = serveur.measure()
        print(f"\nLa page sous la charge, sur cette machine\n{load}")
        wrong += load.faults
    if "personnes" in wanted:
        table = personnes.confusion()
        print(f"\n{table}")
        wrong += table.precision < personnes.PRECISION or table.rappel < personnes.RAPPEL
    print(f"\n{'Aucune faute' if not wrong else f'{wrong} fautes'}")
    sys.exit(1 if wrong else 0)


def _leaks(combien: int, folder: Path) -> int:
    place = folder / "fuites"
    place.mkdir()
    found = fuites.measure_all(combien, place)
    print(f"\n{combien} fichiers dans un seul processus, du tiers à la fin")
    print("  descripteurs {} → {}, mémoire {:+.1f} Mio, enfants {}, fichiers temporaires {}".format(
        *found.descripteurs, found.croissance, found.enfants, found.temporary))  # fmt: skip
    return 0 if found.plat else 1


if __name__ == "__main__":
    main()
