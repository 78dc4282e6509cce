"""The box of a workbook that Excel opens by itself, opened in a process of its own.

Its parsers are those of others, and may hang or fill the memory on a damaged box: what happens to
them happens to that process, which is given a time and a memory. It reads the box on its input and
writes the workbook on its output.

    python -I -m xl_cpom.workbook.decryption_process
"""

from __future__ import annotations

import sys

from xl_cpom.workbook.decryption import opened_by_excel
from xl_cpom.workbook.own_process import limit_memory


def main() -> int:
    """Read a box, write the workbook; 1 when it is under another password."""
    limit_memory()
    clear = opened_by_excel(sys.stdin.buffer.read())
    if clear is None:
        return 1
    sys.stdout.buffer.write(clear)
    return 0


if __name__ == "__main__":
    sys.exit(main())
