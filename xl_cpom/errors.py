"""The one base of what the package refuses, so that a caller may catch it all at once.

Every refusal also keeps the standard type it is one of (ValueError, KeyError, OSError…): who
catches that still does.
"""

from __future__ import annotations


class XlCpomError(Exception):
    """Something the package was given, or asked, and cannot use; its text says what to do.

    Never raised as such. What a returned workbook holds is no error of this kind: `check` gives a
    report whatever the file. What is: a file that goes with a control and cannot be used, a file
    that cannot be written, a code or an organisme that is not known, a worker that cannot start.
    """
