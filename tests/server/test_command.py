"""The command: what it says when it cannot start, and what it leaves when it stops."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.server.files_sent import VALIDE, XLSX
from tests.server.real_server import launched
from xl_cpom.extras import install_command


def commande(*arguments: str, code: str = "") -> tuple[int, str]:
    program = f"import sys\n{code}\nfrom xl_cpom.cli import main\nmain({list(arguments)!r})"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"}, check=False,
    )  # fmt: skip
    return run.returncode, run.stderr


def test_without_the_extra_it_says_what_to_install() -> None:
    hide = (
        "import importlib.util as u\nreal = u.find_spec\n"
        "u.find_spec = lambda n, *a: None if n in ('starlette', 'uvicorn') else real(n, *a)"
    )
    code, said = commande("serveur", code=hide)
    assert code == 2
    assert install_command("serveur") in said
    assert "starlette, uvicorn" in said
    assert "Traceback" not in said


def test_nothing_of_the_extra_is_imported_by_the_other_commands() -> None:
    check = (
        "import atexit\natexit.register(lambda: print(sorted({'starlette', 'uvicorn', 'anyio'} "
        "& set(sys.modules)), file=sys.stderr))"
    )
    assert commande("--help", code=check)[1].strip().endswith("[]")
    assert commande("serveur", "--help", code=check)[1].strip().endswith("[]")


def test_a_port_taken_and_a_folder_that_is_no_theme(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, said = commande("serveur", "--port", str(port))
    assert (code, f"127.0.0.1:{port} n'est pas disponible" in said) == (2, True)
    code, said = commande("serveur", "--theme", str(tmp_path))
    assert (code, "ne contient ni theme.css" in said) == (2, True)


@pytest.mark.parametrize("css", ["@import 'a.css';", "a { b: url(https://x) }", "</style><script>"])
def test_a_theme_calls_nothing_from_outside(tmp_path: Path, css: str) -> None:
    from xl_cpom.server.theme import UnreadableThemeError, read_theme

    (tmp_path / "theme.css").write_text(css)
    with pytest.raises(UnreadableThemeError, match="extérieure"):
        read_theme(tmp_path)


def test_stopped_it_leaves_nothing_and_has_said_nothing(tmp_path: Path) -> None:
    runner = launched(tmp_path, "--journal")
    with runner as (address, _):
        files = {"classeurs": ("nom secret.xlsx", VALIDE, XLSX)}
        assert httpx.post(f"{address}/controle", files=files, timeout=60).status_code == 200
        httpx.post(
            f"{address}/api/v1/controles", params={"nom": "nom secret"}, content=VALIDE,
            headers={"Content-Type": XLSX}, timeout=60,
        )  # fmt: skip
    assert list(tmp_path.iterdir()) == []
    assert "POST /controle 200" in runner.errors
    assert "secret" not in runner.errors
    assert "Traceback" not in runner.errors
