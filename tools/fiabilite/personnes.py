"""How well persons are found in free texts: the confusion table of an invented corpus."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from xl_cpom.typography import rate_text
from xl_cpom.validators.named_persons import named_persons

CORPUS = Path(__file__).resolve().parents[2] / "tests" / "data" / "personnes.txt"
PRECISION, RAPPEL = 0.97, 0.9


@dataclass
class Confusion:
    """Texts by what they are and what was said of them."""

    found: int = 0
    silent: int = 0
    missing: list[str] = field(default_factory=list)
    fausses_alertes: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of the texts signalled that name a person accompanied."""
        return self.found / max(1, self.found + len(self.fausses_alertes))

    @property
    def rappel(self) -> float:
        """Share of the texts that name one which are signalled."""
        return self.found / max(1, self.found + len(self.missing))

    def __str__(self) -> str:
        return (
            "personnes dans les textes       signalé  silencieux\n"
            f"  une personne est désignée      {self.found:6d}  {len(self.missing):10d}\n"
            f"  personne n'est désigné         {len(self.fausses_alertes):6d}"
            f"  {self.silent:10d}\n"
            f"précision {rate_text(self.precision)}, rappel {rate_text(self.rappel)}"
        )


def texts(path: Path = CORPUS) -> Iterator[tuple[bool, str]]:
    """(does it name a person accompanied?, text)."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(("+ ", "- ")):
            yield line[0] == "+", line[2:].strip()


def confusion() -> Confusion:
    """The table for the whole corpus."""
    found = Confusion()
    for person, text in texts():
        match person, bool(named_persons(text)):
            case True, True:
                found.found += 1
            case True, False:
                found.missing.append(text)
            case False, True:
                found.fausses_alertes.append(text)
            case _:
                found.silent += 1
    return found
