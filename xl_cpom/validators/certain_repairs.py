"""Which remarks of the reading are repairs without doubt, and which ask for a confirmation.

One declaration, three uses: the severity of these rules (an information asks nothing of anybody),
the corrected copy (`reports.correction` writes those repairs, and leaves the others), and the tests
that hold both together.
"""

from __future__ import annotations

CERTAIN = frozenset(
    {
        "FMT-003",  # the zero that a number lost: one key is right
        "FMT-004",  # a number where a text is stored
        "FMT-006",  # blanks, quotes, full-width digits around a value
        "FMT-012",  # a code turned into a date: one code of the list gives that date
        "FMT-016",  # a date typed as a text, with one plausible day
        "FMT-018",  # a rate typed as a text
        "FMT-019",  # a value of the list, spelled otherwise
        "FMT-021",  # a number typed as a text
    }
)
"""One reading is possible: the copy may hold it."""

LEFT_TO_CONFIRM = frozenset(
    {
        "FMT-010",  # « 85 » read 85 %: it may have been 0,85 %
        "FMT-011",  # a point where French writes a comma: a thousand for an English program
    }
)
"""The likeliest reading, that its author must confirm: the cell is left as it is."""
