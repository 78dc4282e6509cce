"""No Python file of the current folder runs, whatever the command: witnesses among the returns.

Each witness has the name of a module that Python or a library of ours could look for, and says it
was imported by writing its name. Real processes: the command, its workers, what starts them.
"""

from __future__ import annotations

import os
import pkgutil
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ampleur import une_sur
from xl_cpom.cli import COMMANDS

WORKBOOKS = Path(__file__).resolve().parents[2] / "workbooks"
VALIDE = WORKBOOKS / "exemple_valide.xlsx"


def names() -> list[str]:
    """Top-level modules of the library and of what is installed here, and those of site."""
    installed = {found.name for found in pkgutil.iter_modules()}
    return sorted(sys.stdlib_module_names | installed | {"sitecustomize", "usercustomize"})


@pytest.fixture(scope="module")
def pieges(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of returns with a witness of each name."""
    folder = tmp_path_factory.mktemp("retours")
    for name in names():
        said = f"open({str(folder / 'temoins.txt')!r}, 'a').write({name + chr(10)!r})\n"
        (folder / f"{name}.py").write_text(said, encoding="utf-8")
    for rank in range(2):
        shutil.copy(VALIDE, folder / f"retour_{rank}.xlsx")
    return folder


def play(folder: Path, *command: object, code: int = 0) -> list[str]:
    """Run there; the witnesses that ran. The end is checked, so that the command did its work."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONSAFEPATH", "PYTHONPATH")
    }
    environment["XDG_STATE_HOME"] = str(folder / ".etat")
    done = subprocess.run(
        [str(word) for word in command], cwd=folder, env=environment, capture_output=True,
        text=True, encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip
    ran = folder / "temoins.txt"
    said = ran.read_text("utf-8").split() if ran.exists() else []
    ran.unlink(missing_ok=True)
    if not said:
        assert done.returncode == code, done.stderr
    return said


def xl_cpom() -> str:
    """The command, as it is installed: its script."""
    found = shutil.which("xl-cpom", path=str(Path(sys.executable).parent)) or shutil.which(
        "xl-cpom"
    )
    if found is None:
        pytest.skip("xl-cpom is not installed as a command here")
    return found


def test_the_witnesses_speak(pieges: Path) -> None:
    """The test can fail: an ordinary `python -c` in that folder runs a witness."""
    assert play(pieges, sys.executable, "-c", "import jinja2", code=0) == ["jinja2"]


ARGUMENTS = {
    "valider": (".", "-j", "2", "--consolidation", "../consolidation", "--lots", "../lots"),
    "annoter": ("retour_0.xlsx", "-o", "../copies"),
    "comparer": ("retour_0.xlsx", "retour_1.xlsx"),
    "transvaser": ("retour_0.xlsx", "-o", "../neuf.xlsx"),
    "gabarit": ("-o", "../vierge.xlsx"),
    "expliquer": ("INS-002",),
    "complement": ("construire", "-o", "../complement"),
    "demo": (),
    "regles": (),
    "indicateurs": (),
    "diagnostic": (),
}
"""How each command is run; one that is not named here shows its help."""


@pytest.mark.parametrize("command", une_sur(3, [*COMMANDS], [*COMMANDS].index("valider")))
def test_no_command_imports_from_the_current_folder(pieges: Path, command: str) -> None:
    arguments = ARGUMENTS.get(command, ("--help",))
    assert play(pieges, xl_cpom(), command, *arguments) == []


@pytest.mark.parametrize("start", ["forkserver", "spawn"])
def test_the_workers_of_a_script_do_not_import_from_the_current_folder(
    pieges: Path, start: str
) -> None:
    """`check_batch` from `python -c`: the script imports what it likes, its workers do not."""
    code = (
        "import sys; here = sys.path.pop(0)\n"
        "import multiprocessing.resource_tracker, multiprocessing.popen_forkserver\n"
        "import multiprocessing.popen_spawn_posix, xl_cpom.workers.seat as seat\n"
        "from xl_cpom.batch.check_files import check_batch\n"
        "import xl_cpom; xl_cpom.check('retour_0.xlsx')  # what the script itself loads\n"
        f"seat.CONTEXT = multiprocessing.get_context({start!r})\n"
        "sys.path.insert(0, here)\n"
        "found = list(check_batch(['retour_0.xlsx', 'retour_1.xlsx'], jobs=2))\n"
        "sys.exit([one.verdict.value for one in found] != ['recevable'] * 2)\n"
    )
    said = play(pieges, sys.executable, "-c", code)
    assert said == []


def test_the_module_starts_without_importing_from_the_current_folder(pieges: Path) -> None:
    assert play(pieges, sys.executable, "-P", "-m", "xl_cpom", "valider", ".", "-j", "2") == []


@pytest.mark.long
def test_the_dask_workers_of_the_guide(pieges: Path) -> None:
    """Started as the guide says, the processes of a cluster do not either."""
    pytest.importorskip("distributed", reason="extra « dask » non installé")
    code = (
        "import os, sys; here = sys.path.pop(0); os.environ['PYTHONSAFEPATH'] = '1'\n"
        "import distributed, tempfile, subprocess\n"
        "if __name__ == '__main__':\n"
        "    with tempfile.TemporaryDirectory() as place, distributed.LocalCluster(\n"
        "        n_workers=1, threads_per_worker=1, dashboard_address=None,\n"
        "        local_directory=place) as cluster:\n"
        f"        done = subprocess.run([{xl_cpom()!r}, 'valider', '.', '--dask',\n"
        "            cluster.scheduler_address], stdout=subprocess.DEVNULL)\n"
        "        sys.exit(done.returncode)\n"
    )
    assert play(pieges, sys.executable, "-c", code) == []
