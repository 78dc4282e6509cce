"""`make navigateur`: build/navigateur/ with the page in one file, the site and the add-in.

The runtime comes from npm at the version and the hash of `runtime/package-lock.json`; the rest is
made here. The same sources give the same bytes.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from tools.navigateur import build
from xl_cpom.udfs import office


def main(arguments: list[str]) -> int:
    """Build everything; say what was made."""
    parser = argparse.ArgumentParser(prog="python -m tools.navigateur", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=build.OUTPUT)
    parser.add_argument("--adresse", default=office.EXAMPLE, help="où excel/ sera hébergé (https)")
    parser.add_argument(
        "--sans-instantane",
        action="store_true",
        help=f"écrire aussi {build.LIGHT} : sans la mémoire du moteur réveillé, plus petite à "
        "envoyer, plus lente à s'ouvrir",
    )
    options = parser.parse_args(arguments)
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            print(f"{program} est absent : installez Node.js 20 ou plus récent.", file=sys.stderr)
            return 1
    written = build.build(options.output, options.adresse, light=options.sans_instantane)
    for path, size, digest in written:
        print(f"{path}  {size / 1e6:.1f} Mo  sha256 {digest}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
