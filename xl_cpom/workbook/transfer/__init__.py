"""The content of a damaged, re-arranged or older workbook poured into a clean one.

`transvaser` places every value that has a place, typed; keeps as it is what could not be read;
and writes on a sheet « Non repris », with its origin, whatever has no room. Nothing is dropped
in silence: the new file is read again and compared with the old one before it is published.
"""

from xl_cpom.workbook.transfer.outcome import (
    NotTransferred,
    ReadBackError,
    RepairedCell,
    TransferReport,
    TransferTargetError,
)
from xl_cpom.workbook.transfer.transfer import transfer

__all__ = [
    "NotTransferred",
    "ReadBackError",
    "RepairedCell",
    "TransferReport",
    "TransferTargetError",
    "transfer",
]
