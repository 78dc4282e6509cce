"""The first minute: everything `xl-cpom` says by itself is French and leads to the next command."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner, Result

from xl_cpom.cli import COMMANDS, cli
from xl_cpom.cli.french_click import speak_french

ENGLISH = re.compile(
    r"\b(usage|options|show|error|errors|default|required|file|files|directory|path|missing|"
    r"invalid|value|argument is|exit|message|command|commands|args|text|integer|float|boolean|"
    r"version and|did you mean|no such|the|with|deprecated|dynamic|env var|of)\b",
    re.IGNORECASE,
)
ALSO_FRENCH = {"options", "message", "args"}
"""Words of the list that are also French, or names that are typed."""


def walk(command: click.Command, ctx: click.Context) -> Iterator[click.Context]:
    yield ctx
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            child = command.get_command(ctx, name)
            assert child is not None, name
            yield from walk(child, click.Context(child, info_name=name, parent=ctx))


def every_help() -> list[tuple[str, str]]:
    speak_french()
    root = click.Context(cli, info_name="xl-cpom")
    return [(ctx.command_path, ctx.get_help()) for ctx in walk(cli, root)]


def english(text: str) -> set[str]:
    """English words of a text, what is typed left aside: options, CODES and [choices]."""
    prose = re.sub(r"--?[a-z][\w-]*|\[[^\]]*\||\|[^\]]*\]|(?<=\|)[\w-]+", " ", text)
    prose = re.sub(r"\[(?:OPTIONS|ARGUMENTS)\]", " ", prose)
    return {word.lower() for word in ENGLISH.findall(prose)} - ALSO_FRENCH


@pytest.mark.parametrize(("path", "text"), every_help(), ids=lambda value: str(value)[:40])
def test_help_is_french(path: str, text: str) -> None:
    assert english(text) == set()
    assert "Utilisation :" in plain(text)
    assert not re.search(r"« |\S :\s", text), "insecable blanks"


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_the_list_of_english_words_is_not_asleep() -> None:
    assert english("Usage: x [OPTIONS]\n  --help  Show this message and exit.  [default: 3]") == {
        "usage", "show", "exit", "default",
    }  # fmt: skip


def test_every_command_is_walked() -> None:
    assert {path.split()[1] for path, _ in every_help() if " " in path} == set(COMMANDS)


def run(*arguments: str) -> Result:
    speak_french()
    return CliRunner().invoke(cli, list(arguments), prog_name="xl-cpom")


def test_alone_it_shows_what_one_can_do() -> None:
    shown = run()
    assert shown.exit_code == 0
    examples = re.findall(r"xl-cpom ([a-z]+)", shown.output)
    assert set(examples) <= set(COMMANDS)
    assert {"demo", "valider", "expliquer", "gabarit", "diagnostic"} <= set(examples)
    assert len(shown.output.splitlines()) <= 15
    assert english(shown.output) == set()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("validez",), "Vouliez-vous dire : xl-cpom valider ?"),
        (("retour.xlsx",), "Pour le contrôler : xl-cpom valider retour.xlsx"),
        (("bidule",), "« xl-cpom » sans rien montre quoi faire."),
        (("valider",), "Il manque l'argument"),
        (("valider", "absent.xlsx"), "« absent.xlsx » n'existe pas."),
        (("valider", "--formt", "json"), "Vouliez-vous dire"),
        (("regles", "--format", "pdf"), "« pdf » n'est pas admis"),
        (("gabarit", "--annee-n1", "hier"), "« hier » n'est pas un nombre attendu."),
        (("gabarit", "--annee-n1", "1900"), "1900 n'est pas admis ; valeurs : de 2015 à 2035."),
        (("expliquer", "INS-99"), "Codes proches"),
        (("regles", "trop"), "Argument en trop (trop)"),
        (("gabarit", "-o"), "attend une valeur"),
    ],
)
def test_errors_are_french_and_suggest(arguments: tuple[str, ...], said: str) -> None:
    shown = run(*arguments)
    assert shown.exit_code == 2
    assert said.casefold() in plain(shown.output).casefold()
    assert english(shown.output.split("Erreur")[1]) == set()
    assert not re.search(r"(?<!\w)'", shown.output), "« » and not English quotes"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_of_the_shell(shell: str) -> None:
    """What the documentation tells to add to a profile gives a script that calls xl-cpom back."""
    code = "from xl_cpom.cli import main; main([])"
    script = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        env=os.environ | {"_XL_CPOM_COMPLETE": f"{shell}_source"},
    )  # fmt: skip
    if shell == "bash" and "Bash" in script.stderr:
        pytest.skip("no bash")
    assert script.returncode == 0
    assert "xl-cpom" in script.stdout


def test_completion_proposes_commands() -> None:
    code = "from xl_cpom.cli import main; main([])"
    words = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        encoding="utf-8", env=os.environ | {"_XL_CPOM_COMPLETE": "bash_complete",
        "COMP_WORDS": "xl-cpom val", "COMP_CWORD": "1"},
    )  # fmt: skip
    assert words.stdout.split() == ["plain,valider"]
