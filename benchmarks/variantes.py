"""Variants of a workbook: the same file, one to five cells damaged the way people damage them."""

from __future__ import annotations

import random
from pathlib import Path

import openpyxl

FAULTS = ("texte", -5, "85 %", None, "2,3 environ", "31/02/2026", "#REF!", "  ", 123456789)


def write_variantes(template: Path, folder: Path, nombre: int) -> list[Path]:
    """Write `nombre` damaged copies, the same ones at each run."""
    chance = random.Random(20261122)
    paths = []
    for index in range(nombre):
        workbook = openpyxl.load_workbook(template)
        for _ in range(chance.randint(1, 5)):
            tab = workbook[chance.choice(workbook.sheetnames[2:10])]
            filled = [cell for row in tab.iter_rows(min_row=6, max_row=12) for cell in row
                      if cell.value is not None and cell.data_type != "f"]  # fmt: skip
            chance.choice(filled).value = chance.choice(FAULTS)
        path = folder / f"variante_{index:03}.xlsx"
        workbook.save(path)
        paths.append(path)
    return paths
