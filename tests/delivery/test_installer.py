"""The Windows installer's recipe compiles on Debian; what cannot be run here is said elsewhere."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
RECIPE = ROOT / "installeur" / "xl_cpom.nsi"


def preparer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("preparer", ROOT / "installeur" / "preparer.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def embedded(tmp_path: Path) -> Path:
    """An archive laid out as the embeddable CPython of python.org."""
    path = tmp_path / "python-embed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("python.exe", b"MZ")
        archive.writestr("python313._pth", "python313.zip\n.\n\n#import site\n")
    return path


def test_an_archive_that_is_not_the_one_announced_is_refused(
    embedded: Path, tmp_path: Path
) -> None:
    with pytest.raises(SystemExit, match="empreinte"):
        preparer().preparer(embedded, "0" * 64, Path("x.whl"), tmp_path / "contenu")
    assert not (tmp_path / "contenu").exists()


@pytest.mark.skipif(shutil.which("makensis") is None, reason="makensis absent (paquet nsis)")
def test_the_recipe_gives_a_windows_setup(
    embedded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = preparer()
    monkeypatch.setattr(module, "roues", lambda wheel, target, version: target.mkdir(parents=True))
    content = tmp_path / "contenu"
    digest = hashlib.sha256(embedded.read_bytes()).hexdigest()
    module.preparer(embedded, digest, Path("x.whl"), content)
    pth = (content / "python" / "python313._pth").read_text(encoding="utf-8")
    assert pth.splitlines()[-1] == "Lib\\site-packages"
    setup = tmp_path / "xl_cpom-installeur.exe"
    done = subprocess.run(
        ["makensis", "-V2", "-WX", "-INPUTCHARSET", "UTF8", "-DVERSION=0.1.0",
         f"-DCONTENU={content}", f"-DSORTIE={setup}", str(RECIPE)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    raw = setup.read_bytes()
    assert raw[:2] == b"MZ"
    assert b'requestedExecutionLevel level="asInvoker"' in raw, "no administrator rights asked"


def test_the_recipe_stays_in_the_folder_of_the_user() -> None:
    text = RECIPE.read_text(encoding="utf-8")
    assert "RequestExecutionLevel user" in text
    assert "HKLM" not in text
    assert "$PROGRAMFILES" not in text


def test_every_start_of_python_leaves_the_current_folder_out() -> None:
    """Whatever the installer lays down or a later recipe adds: `python.exe` is given -P first."""
    recipes = [path for path in RECIPE.parent.iterdir() if path.suffix in {".nsi", ".bat", ".cmd"}]
    lines = [line for path in recipes for line in path.read_text("utf-8").splitlines()]
    starts = [line for line in lines if re.search(r'pythonw?\.exe"?\s+-', line)]
    assert starts
    assert [line for line in starts if not re.search(r'pythonw?\.exe"? -P ', line)] == []
