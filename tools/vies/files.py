"""Workbooks to contents and back: what was prepared is read as any return is."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

from tools.vies.filling import Content
from xl_cpom.referentiel import load_referentiel
from xl_cpom.workers.pool import Pool, TaskFailure, WorkerSettings


def read_content(path: Path) -> Content:
    """What a workbook holds, entry by entry."""
    from xl_cpom.workbook.interpretation.interpret import interpret
    from xl_cpom.workbook.reader import read_workbook
    from xl_cpom.workbook.transfer.pouring import for_tables

    return for_tables(interpret(read_workbook(path), load_referentiel())).content


def write_content(path: Path, content: Content) -> None:
    """Write a return without the blank rows of the template."""
    from tools.synthese.production import legeres
    from xl_cpom.workbook.template import write_template

    write_template(path, load_referentiel(), contenu=content, sheets=legeres())


def _write(task: tuple[str, Content]) -> bytes:
    write_content(Path(task[0]), task[1])
    return b""


def write_all(contents: Mapping[Path, Content], workers: WorkerSettings) -> None:
    """Write every return. Raises RuntimeError when one cannot be."""
    tasks = [(str(path), content) for path, content in contents.items()]
    pool = Pool(_write, workers)
    for rank, answer in pool.run(tasks):
        if isinstance(answer, TaskFailure):
            raise RuntimeError(f"{tasks[rank][0]}: {answer.detail}")


def shuffle(content: Content, seed: str) -> None:
    """The same life told in another order of rows."""
    draw = random.Random(seed)
    for key, rows in content.items():
        if key not in ("identification", "modules", "indicateurs"):
            draw.shuffle(rows)
