"""What stands in for `cryptography` in the page, held against the real one."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tools import navigateur

STANDIN = Path(navigateur.__file__).parent / "standin"

SCRIPT = """
import json, sys
import cryptography
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
assert cryptography.__file__.startswith(sys.argv[1])
for key, vector, secret in json.load(sys.stdin):
    mode = modes.CBC(bytes.fromhex(vector)) if vector else modes.ECB()
    opened = Cipher(algorithms.AES(bytes.fromhex(key)), mode).decryptor()
    secret = bytes.fromhex(secret)
    print((opened.update(secret[:32]) + opened.update(secret[32:]) + opened.finalize()).hex())
"""


def test_the_same_clear_text_as_the_real_one() -> None:
    drawn = random.Random(197)
    cases, clear = [], []
    for size in (16, 24, 32):
        for vector in (b"", drawn.randbytes(16)):
            key, text = drawn.randbytes(size), drawn.randbytes(16 * 20)
            mode = modes.CBC(vector) if vector else modes.ECB()
            locked = Cipher(algorithms.AES(key), mode).encryptor()
            secret = locked.update(text) + locked.finalize()
            cases.append((key.hex(), vector.hex(), secret.hex()))
            clear.append(text.hex())
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(STANDIN)],
        input=json.dumps(cases), env={"PYTHONPATH": str(STANDIN)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == clear
