"""Nothing leaves: an audit hook watches every connection, process and write of a control."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.ampleur import une_sur
from tools.hostiles import CAS
from tools.hostiles.issues import deposit

_GUETTEUR = """
import json, os, sys
from pathlib import Path
from xl_cpom.validators.check import check
from xl_cpom.reports.renderings import FORMATS
folder = Path(sys.argv[1])
check(folder / "00.xlsx")  # what Python itself loads once is not the file's doing
for rendering in FORMATS.values():
    rendering.content([check(folder / "00.xlsx")])
FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn",
             "os.spawn", "os.startfile", "urllib.", "http.", "ftplib.", "smtplib.", "winreg.",
             "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.chmod", "shutil.", "webbrowser.")
seen = []
def watch(event, arguments):
    if event.startswith(FORBIDDEN):
        seen.append(f"{event} {arguments!r}"[:200])
    elif event == "open":
        path, mode, flags = arguments
        writes = (isinstance(mode, str) and set(mode) & set("wax+")) or (
            isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        if writes or "/etc/" in str(path):
            seen.append(f"open {path!r} {mode!r}"[:200])
sys.addaudithook(watch)
count = 0
for path in sorted(folder.iterdir()):
    check(path)
    count += 1
print(json.dumps({"count": count, "seen": seen}))
"""


def test_nothing_is_called_nor_written(tmp_path: Path) -> None:
    wanted = [
        case
        for case in CAS.values()
        if case.famille in ("formule", "xml", "format")
        or case.nom.startswith(("feuille-externe", "feuille-grimpe", "conteneur-grimpe"))
    ]
    assert len(wanted) > 90
    wanted = une_sur(2, wanted)
    for rank, case in enumerate([CAS["conteneur-temoin"], *wanted]):
        path = deposit(case, tmp_path)
        assert path is not None
        path.rename(tmp_path / f"{rank:02d}.xlsx")
    run = subprocess.run(
        [sys.executable, "-c", _GUETTEUR, tmp_path], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    found = json.loads(run.stdout)
    assert found == {"count": len(wanted) + 1, "seen": []}
