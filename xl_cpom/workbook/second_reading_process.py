"""A workbook read again by openpyxl, in a process of its own: on the input, then what differs.

python -I -m xl_cpom.workbook.second_reading_process
"""

from __future__ import annotations

import sys

from xl_cpom.workbook.own_process import limit_memory
from xl_cpom.workbook.second_reading import read_again


def main() -> None:
    """Read a workbook, write what the second reader says of it."""
    limit_memory()
    sys.stdout.buffer.write(read_again(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
