"""`xl-cpom diagnostic`: what works on this machine and what is missing, to read or to send.

Every answer is a `Health`. What is needed and missing is a fault (exit code 1); what is optional
and absent is only told, with what it would bring.
"""

from __future__ import annotations

import importlib.util
import json
import locale
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from xl_cpom.cli.campaign_journal import application_data
from xl_cpom.extras import install_command
from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import number_text, plural, typeset
from xl_cpom.version import __version__

PYTHON_MINIMAL = (3, 11)

DEPENDENCIES = (
    "click", "Jinja2", "openpyxl", "pandas", "pandera", "rapidfuzz", "rich", "XlsxWriter",
)  # fmt: skip

OPTIONAL = (
    ("xlwings", "xlwings", "excel", "les fonctions CPOM calculées par Excel sous Windows"),
    ("xlwings_server", "xlwings-server", "serveur-excel", "les fonctions dans Excel pour le web"),
    ("starlette", "starlette", "serveur", "la page où déposer un classeur"),
    ("duckdb", "duckdb", "campagne", "la consolidation en Parquet et ses requêtes"),
    ("distributed", "distributed", "dask", "une campagne répartie sur plusieurs machines"),
    ("msoffcrypto", "msoffcrypto-tool", "chiffre", "la lecture d'un classeur à mot de passe"),
)
"""(module, distribution, extra, what it brings)."""

MARKS = {"bon": "✔", "faute": "✖", "absent": "–", "fait": "·"}


@dataclass(frozen=True)
class Health:
    """One answer. etat: "bon", "faute" (needed), "absent" (optional) or "fait" (plain fact)."""

    heading: str
    question: str
    state: str
    detail: str
    remedy: str = ""

    def to_dict(self) -> dict[str, str]:
        """The answer under its public keys."""
        return {
            "rubrique": self.heading,
            "question": self.question,
            "etat": self.state,
            "detail": self.detail,
            "remede": self.remedy,
        }


@click.command()
@click.option(
    "--format", "format_", type=click.Choice(["texte", "json"]), default="texte",
    show_default=True, help="Forme du diagnostic.",
)  # fmt: skip
def diagnostic(format_: str) -> None:
    """Dire ce qui marche sur ce poste, et ce qui manque.

    À joindre à une demande d'aide : relisez-le d'abord, les chemins peuvent contenir votre nom.
    Rien n'est envoyé. Code de retour : 0 si rien de nécessaire ne manque, 1 sinon.
    """
    found = list(health_checks())
    if format_ == "json":
        said = {"constats": [c.to_dict() for c in found]}
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
    else:
        _show(found)
    sys.exit(int(any(c.state == "faute" for c in found)))


def _show(found: list[Health]) -> None:
    heading = ""
    for constat in found:
        if constat.heading != heading:
            heading = constat.heading
            click.echo(f"\n{heading}")
        line = f"  {MARKS[constat.state]} {constat.question} : {constat.detail}"
        click.echo(typeset(line))
        if constat.remedy:
            click.echo(typeset(f"      → {constat.remedy}"))
    faults = sum(c.state == "faute" for c in found)
    said = "Tout le nécessaire est là." if not faults else f"{plural(faults, 'manque')} à réparer."
    click.echo(f"\n{said}")


def health_checks() -> Iterator[Health]:
    """Every answer, in the order they are read."""
    yield from _programme()
    yield from _dependencies()
    yield from _optional()
    yield from _writing()
    yield from _display()
    yield _trial()


def _programme() -> Iterator[Health]:
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.workbook.sheets import VERSION_GABARIT

    yield Health("Programme", "xl_cpom", "fait", f"{__version__}, {Path(__file__).parents[1]}")
    yield Health("Programme", "modèle du classeur", "fait", VERSION_GABARIT)
    yield Health("Programme", "référentiel", "fait", load_referentiel().id)
    right = sys.version_info[:2] >= PYTHON_MINIMAL
    yield Health(
        "Programme",
        "Python",
        "bon" if right else "faute",
        f"{platform.python_version()}, {sys.executable}",
        "" if right else "Installez Python 3.11 ou plus récent.",
    )
    yield Health("Programme", "système", "fait", platform.platform())
    yield Health("Programme", "cœurs", "fait", str(os.cpu_count() or 1))


def _dependencies() -> Iterator[Health]:
    for name in DEPENDENCIES:
        found = _version(name)
        yield Health(
            "Dépendances", name, "bon" if found else "faute", found or "absente",
            "" if found else f"Réinstallez xl-cpom : {install_command()}",
        )  # fmt: skip


def _optional() -> Iterator[Health]:
    for module, name, extra, brings in OPTIONAL:
        if importlib.util.find_spec(module) is not None:
            yield Health("Facultatif", name, "bon", f"{_version(name) or 'présent'} – {brings}")
        else:
            yield Health("Facultatif", name, "absent", f"absent – {brings}", install_command(extra))
    office = shutil.which("soffice") or shutil.which("libreoffice")
    yield Health("Facultatif", "LibreOffice", "bon" if office else "absent",
                  office or "introuvable – le contrôle n'en a pas besoin")  # fmt: skip


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _writing() -> Iterator[Health]:
    for what, folder, needed in (
        ("dossier courant", Path.cwd(), False),
        ("dossier temporaire", Path(tempfile.gettempdir()), True),
        ("journal des campagnes", _existing(application_data()), False),
    ):
        writable = os.access(folder, os.W_OK)
        state = "bon" if writable else "faute" if needed else "absent"
        yield Health("Écriture", what, state, f"{folder}" + ("" if writable else " (interdite)"),
                      "" if writable else "Choisissez un autre dossier avec -o.")  # fmt: skip


def _existing(folder: Path) -> Path:
    """The nearest parent that exists: where the folder would be created."""
    return next(path for path in (folder, *folder.parents) if path.exists())


def _display() -> Iterator[Health]:
    encoding = sys.stdout.encoding or "inconnu"
    right = encoding.lower().replace("-", "") == "utf8"
    yield Health(
        "Affichage", "encodage de la sortie", "bon" if right else "faute", encoding,
        "" if right else "Définissez la variable PYTHONIOENCODING=utf-8.",
    )  # fmt: skip
    yield Health("Affichage", "encodage des noms de fichiers", "fait", sys.getfilesystemencoding())
    yield Health("Affichage", "langue du système", "fait", locale.getlocale()[0] or "non définie")
    yield Health("Affichage", "largeur", "fait", f"{shutil.get_terminal_size().columns} colonnes")


def _trial() -> Health:
    """The main job, for good: the valid example is written, read and controlled."""
    question = "contrôle du classeur d'exemple"
    start = time.perf_counter()
    try:
        verdict = _verdict()
    except Exception as failure:  # noqa: BLE001 - a failure is precisely what is looked for
        return Health("Essai", question, "faute", f"panne : {type(failure).__name__} : {failure}",
                       "Signalez-le aux auteurs avec ce diagnostic.")  # fmt: skip
    seconds = f"{number_text(time.perf_counter() - start, 1)} s"
    right = verdict == "recevable"
    return Health("Essai", question, "bon" if right else "faute", f"{verdict}, en {seconds}")


def _verdict() -> str:
    from xl_cpom.files.temporaries import private_folder
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.validators.check import check
    from xl_cpom.workbook.examples.generation import write_valid_example

    with private_folder() as folder:
        path = folder / "exemple_valide.xlsx"
        write_valid_example(path, load_referentiel())
        return check(path).verdict.value
