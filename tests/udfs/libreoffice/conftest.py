"""One LibreOffice profile with the extension, shared by the tests of this folder."""

from __future__ import annotations

import pytest

from .bureau import SOFFICE, Desk


@pytest.fixture(scope="session")
def bureau(tmp_path_factory):
    if SOFFICE is None:
        pytest.skip("LibreOffice absent : fonctions du complément LibreOffice non vérifiées")
    return Desk(tmp_path_factory.mktemp("libreoffice"))
