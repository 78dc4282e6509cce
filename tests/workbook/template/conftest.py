"""The workbooks the tests open, each written once a session."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from xl_cpom.referentiel import Referentiel, load_referentiel
from xl_cpom.workbook.examples import valid_content
from xl_cpom.workbook.examples.faulty import write_faulty_example
from xl_cpom.workbook.reader import RawWorkbook, read_workbook
from xl_cpom.workbook.template import write_template


@pytest.fixture(scope="session")
def ref() -> Referentiel:
    return load_referentiel()


@pytest.fixture(scope="session")
def dossier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gabarit")


@pytest.fixture(scope="session")
def blank(dossier: Path, ref: Referentiel) -> Path:
    path = dossier / "vierge.xlsx"
    write_template(path, ref)
    return path


@pytest.fixture(scope="session")
def valide(dossier: Path, ref: Referentiel) -> Path:
    path = dossier / "valide.xlsx"
    write_template(path, ref, contenu=valid_content())
    return path


@pytest.fixture(scope="session")
def fautif(dossier: Path, ref: Referentiel) -> Path:
    path = dossier / "fautif.xlsx"
    write_faulty_example(path, ref)
    return path


@pytest.fixture(scope="session")
def ouvert(blank: Path) -> Workbook:
    return load_workbook(blank)


@pytest.fixture(scope="session")
def raw(valide: Path) -> RawWorkbook:
    return read_workbook(valide)


@pytest.fixture(scope="session")
def raw_faulty(fautif: Path) -> RawWorkbook:
    return read_workbook(fautif)
