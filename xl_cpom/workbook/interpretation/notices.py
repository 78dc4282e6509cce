"""What the reading of a workbook has to say: a code, a place, the words of the message.

The reading knows where and what; the catalogue of rules knows the sentence, the severity and the
cure. A notice carries only the code and the values that fill the sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xl_cpom.light_dataclass import dataclass, field


@dataclass(frozen=True, slots=True)
class Notice:
    """One remark of the reading.

    code: code of the rule it belongs to; sheet: name of the tab in the file (or of the sheet that
    should be there); cells: A1 addresses; value: what was read, as shown; values: placeholders of
    the message; keys: columns concerned; row: row number, when the remark is about one record.
    """

    code: str
    sheet: str
    cells: tuple[str, ...] = ()
    value: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
