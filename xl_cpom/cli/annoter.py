"""Annotated copies on the command line: made by `valider` or `annoter`, and taken back.

What goes wrong with a copy is told for that copy alone, never hides the verdict, and gives the
exit code 2 when nothing graver happened: a script must not believe that a copy is there.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xl_cpom.cli.input_files import FILE_OR_FOLDER
from xl_cpom.typography import plural, typeset, visible

if TYPE_CHECKING:
    from xl_cpom.validators.model import Report

REFUSE = 2
"""Exit code when a copy asked for could not be written."""


@click.command()
@click.argument(
    "chemins", nargs=-1, required=True, metavar="FICHIER|DOSSIER…",
    type=FILE_OR_FOLDER,
)  # fmt: skip
@click.option(
    "-o", "--sortie", "dossier", required=True, metavar="DOSSIER",
    type=click.Path(path_type=Path, file_okay=False), help="Dossier où écrire les copies.",
)  # fmt: skip
@click.option(
    "--sans-marques",
    is_flag=True,
    help="Rendre chaque classeur tel qu'il était avant d'être annoté.",
)
def annoter(chemins: tuple[Path, ...], dossier: Path, sans_marques: bool) -> None:
    """Écrire une copie annotée de chaque classeur, ou le rendre sans ses marques.

    Les cellules en anomalie sont surlignées et commentées, la feuille « Contrôles » est remplie ;
    le reste du classeur n'est pas touché, et l'original ne l'est jamais. La copie de
    « retour.xlsx » s'appelle « retour-annoté.xlsx ».

    Code de retour : 0 toutes les copies sont écrites, 2 une copie n'a pas pu l'être, 3 fichier
    illisible, 4 panne du contrôle.
    """
    from xl_cpom.batch.deposit import depot_files
    from xl_cpom.files.workbook_suffixes import WORKBOOK_SUFFIXES
    from xl_cpom.validators.check import check
    from xl_cpom.validators.model import Verdict, exit_code

    files = [file.path for file in depot_files(chemins, WORKBOOK_SUFFIXES)]
    if not files:
        raise click.UsageError("Aucun classeur .xlsx ou .xlsm dans ce dossier.")
    if sans_marques:
        sys.exit(write_unmarked(files, dossier))
    reports = [check(path) for path in files]
    code = write_copies(files, reports, dossier, _annotated)
    engrave = [exit_code(r) for r in reports if r.verdict is Verdict.ILLISIBLE]
    sys.exit(max([code, *engrave]))


def write_copies(
    files: Sequence[Path],
    reports: Sequence[Report],
    folder: Path,
    named: Callable[[str], str] = str,
) -> int:
    """Write one annotated copy per workbook in a folder; one line each on the error output.

    named: the stem of a copy, from that of its original (the same by default: the folder asked for
    holds nothing else). Returns 0, or 2 when a copy that was asked for is not there.
    """
    from xl_cpom.reports.annotate import annotate
    from xl_cpom.reports.words import VERDICTS
    from xl_cpom.validators.model import Verdict

    by_path = dict(zip(files, reports, strict=True))

    def write(path: Path, target: Path) -> tuple[str, tuple[str, ...]]:
        report = by_path[path]
        verdict = VERDICTS[report.verdict].word
        made = annotate(path, report.findings, target, verdict_line=f"Verdict : {verdict}")
        cells = plural(made.cells, "cellule surlignée", "cellules surlignées")
        return f"{cells}, {plural(made.notes, 'note')}", made.warnings

    readable = [path for path in files if by_path[path].verdict is not Verdict.ILLISIBLE]
    for path in files:
        if path not in readable:
            _say(f"Pas de copie annotée de « {visible(path.name)} » : classeur illisible.")
    return _each(readable, files, folder, "Copie annotée", write, named)


def write_unmarked(files: Sequence[Path], folder: Path) -> int:
    """Write each workbook without the marks of the control. Returns 0, or 2 when one is missing."""
    from xl_cpom.reports.annotate import remove_marks

    def write(path: Path, target: Path) -> tuple[str, tuple[str, ...]]:
        made = remove_marks(path, target)
        return ("identique à l'original" if made.exact else ""), made.warnings

    return _each(files, files, folder, "Classeur sans marques", write, _bare)


def _each(
    files: Sequence[Path],
    sources: Sequence[Path],
    folder: Path,
    what: str,
    write: Callable[[Path, Path], tuple[str, tuple[str, ...]]],
    named: Callable[[str], str],
) -> int:
    from xl_cpom.reports.annotate import AnnotationError

    if not files:
        return 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        reason = failure.strerror or type(failure).__name__
        _say(f"Le dossier « {folder} » ne peut pas être créé ({reason}). Choisissez-en un autre.")
        return REFUSE
    code = 0
    for path, target in zip(files, _targets(files, folder, named), strict=True):
        refusal = _refusal(path, target, sources)
        if not refusal:
            try:
                detail, warnings = write(path, target)
            except AnnotationError as failure:
                refusal = f"{failure.message} {failure.fix}".strip()
        if refusal:
            _say(f"{what} de « {visible(path.name)} » : {refusal}")
            code = REFUSE
            continue
        _say(f"{what} : {target}" + (f" ({detail})" if detail else ""))
        for warning in warnings:
            _say(f"  ! {warning}")
    return code


_SUFFIX = "-annoté"
"""What tells the name of an annotated copy from that of its original."""


def _annotated(stem: str) -> str:
    return f"{_bare(stem)}{_SUFFIX}"


def _bare(stem: str) -> str:
    return unicodedata.normalize("NFC", stem).removesuffix(_SUFFIX) or stem


def _targets(files: Sequence[Path], folder: Path, named: Callable[[str], str]) -> Iterator[Path]:
    """One target per file, named after it, never twice the same (case ignored)."""
    taken: set[str] = set()
    for path in files:
        stem = named(path.stem)
        name, rank = f"{stem}{path.suffix}", 1
        while name.lower() in taken:
            rank += 1
            name = f"{stem}_{rank}{path.suffix}"
        taken.add(name.lower())
        yield folder / name


def _refusal(path: Path, target: Path, sources: Sequence[Path]) -> str:
    """Why a target may not be replaced: it is a returned workbook, or not a copy of ours."""
    from xl_cpom.reports.annotate import is_our_copy

    if not target.exists():
        return ""
    if target.samefile(path):
        return "la copie ne peut pas remplacer le fichier d'origine. Choisissez un autre dossier."
    if any(target.samefile(source) for source in sources):
        return f"« {target} » est l'un des classeurs contrôlés. Choisissez un autre dossier."
    if is_our_copy(target) or target.read_bytes() == path.read_bytes():
        return ""
    return (
        f"« {target} » existe déjà et n'est pas une copie annotée intacte : il n'est pas remplacé. "
        "Déplacez-le, ou choisissez un autre dossier."
    )


def _say(text: str) -> None:
    click.echo(typeset(text), err=True)
