"""Will Excel open what we write? Every kind of file the program writes, and what is said of it.

    python -m tools.fiabilite.opening

prints a table: openxml-audit knows the schemas of ECMA-376 and of Microsoft's extensions,
`tests.delivery.excel_repairs` what schemas do not say. Two alarms of the former are none: the
option that shows #N/A as a gap of a chart (`dispNaAsBlank`), which Excel writes itself, and the
advice against texts kept in their cells (`t="inlineStr"`, ECMA-376 part 1, § 18.18.11), which Excel
opens and saves its own way.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from tests.atelier import WORKBOOKS
from tests.batch.test_preparation import EXTRAIT
from tests.delivery.excel_repairs import triggers
from tests.reports.annotate.rich_workbook import anomalie, rich
from xl_cpom.cli import cli
from xl_cpom.reports.annotate import annotate
from xl_cpom.workbook.formulas.variants import Variante

Output = Callable[[Path], list[Path]]
"""Writes files in a folder of its own and gives them."""

FALSE_ALARMS = ("dispNaAsBlank", "inline-string cell")


def launch(*arguments: object) -> None:
    """Run the command; it must end as a control does."""
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    assert done.exit_code in (0, 1), done.output


def gabarit(folder: Path) -> list[Path]:
    """The blank workbook, in each variant."""
    paths = []
    for variante in Variante:
        paths.append(folder / f"gabarit_{variante.value}.xlsx")
        launch("gabarit", "-o", paths[-1], "--variante", variante.value)
    return paths


def examples(folder: Path) -> list[Path]:
    """The shipped workbooks."""
    return sorted(WORKBOOKS.glob("*.xlsx"))


def copies(folder: Path) -> list[Path]:
    """The annotated copies of the examples."""
    for name in ("exemple_fautif.xlsx", "exemple_valide.xlsx"):
        launch("annoter", WORKBOOKS / name, "-o", folder)
    return sorted(folder.glob("*.xlsx"))


def rich_copy(folder: Path) -> list[Path]:
    """The annotated copy of a workbook with all that people put in theirs."""
    path = folder / "riche.xlsx"
    annotate(rich(), [anomalie("Plan d'actions", "C6")], path)
    return [path]


def rapport(folder: Path) -> list[Path]:
    """The report as a workbook."""
    path = folder / "rapport.xlsx"
    launch("valider", WORKBOOKS / "exemple_fautif.xlsx", "--format", "xlsx", "-o", path)
    return [path]


def versement(folder: Path) -> list[Path]:
    """The content of a damaged workbook poured into a clean one."""
    path = folder / "verse.xlsx"
    launch("transvaser", WORKBOOKS / "exemple_fautif.xlsx", "-o", path)
    return [path]


def consolidation(folder: Path) -> list[Path]:
    """The consolidated tables and those of the region."""
    returns, out = folder / "retours", folder / "consolidation"
    returns.mkdir()
    for name in ("exemple_fautif.xlsx", "exemple_valide.xlsx"):
        (returns / name).write_bytes((WORKBOOKS / name).read_bytes())
    launch("valider", returns, "--consolidation", out)
    found = sorted(out.rglob("*.xlsx"))
    assert found
    return found


def lots(folder: Path) -> list[Path]:
    """The bundles sent back: annotated copy, report, figures for e-CARS."""
    returns, out = folder / "retours", folder / "lots"
    returns.mkdir()
    for name in ("exemple_fautif.xlsx", "exemple_valide.xlsx"):
        (returns / name).write_bytes((WORKBOOKS / name).read_bytes())
    launch("valider", returns, "--lots", out)
    return sorted(out.rglob("*.xlsx"))


def ecars(folder: Path) -> list[Path]:
    """The figures to enter in e-CARS."""
    path = folder / "ecars.xlsx"
    launch("valider", WORKBOOKS / "exemple_valide.xlsx", "--format", "ecars", "-o", path)
    return [path]


def prepared(folder: Path) -> list[Path]:
    """Pre-filled workbooks, plain and with LAMBDA."""
    extract = folder / "finess.csv"
    extract.write_text(EXTRAIT, encoding="utf-8")
    for variant in (Variante.MIXTE, Variante.LAMBDA):
        out = folder / f"prepares_{variant.value}"
        launch("preparer", "--referentiel", extract, "-o", out, "--variante", variant.value)
    return sorted(folder.rglob("*.xlsx"))


def filled_from_returns(folder: Path) -> list[Path]:
    """The workbook of next year, filled from a return."""
    out = folder / "renouvellement"
    launch("preparer", "--depuis", WORKBOOKS / "exemple_valide.xlsx", "--annee", "N3", "-o", out)
    return sorted(out.rglob("*.xlsx"))


def bilan(folder: Path) -> list[Path]:
    """The end of a contract."""
    launch("bilan", WORKBOOKS / "exemple_valide.xlsx", "-o", folder)
    return sorted(folder.glob("*.xlsx"))


def models(folder: Path) -> list[Path]:
    """The lists to fill in, when the command that writes them is there."""
    paths = []
    for name in ("derogations", "profil", "programmation", "attendus"):
        path = folder / f"{name}.xlsx"
        done = CliRunner().invoke(cli, ["modele", name, "-o", str(path)])
        if done.exit_code == 0:
            paths.append(path)
    return paths


OUTPUTS: tuple[Output, ...] = (
    gabarit, examples, copies, rich_copy, rapport, versement, consolidation, lots, ecars, prepared,
    filled_from_returns, bilan, models,
)  # fmt: skip


class Checked(NamedTuple):
    """A file that we wrote: what openxml-audit says, the alarms known to be false, our own list."""

    name: str
    errors: tuple[str, ...]
    false_alarms: int
    triggers: tuple[str, ...]


def check_opening(path: Path) -> Checked:
    """Would Excel open this file without offering to repair it?"""
    from openxml_audit import OpenXmlValidator

    found = [str(error) for error in OpenXmlValidator().validate(str(path)).errors]
    true = tuple(text for text in found if not any(one in text for one in FALSE_ALARMS))
    return Checked(path.name, true, len(found) - len(true), tuple(triggers(path)))


def main() -> int:
    """Write every output, check each, print the table; 1 when one would be repaired."""
    bad = 0
    print("| sortie | fichier | erreurs openxml-audit | fausses alarmes | déclencheurs |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        for output in OUTPUTS:
            folder = Path(name) / output.__name__
            folder.mkdir()
            for path in output(folder):
                found = check_opening(path)
                bad += bool(found.errors or found.triggers)
                print(f"| {output.__name__} | {found.name} | {len(found.errors)} | "
                      f"{found.false_alarms} | {len(found.triggers)} |", flush=True)  # fmt: skip
                for text in (*found.errors, *found.triggers):
                    print(f"    {text}", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
