"""The one way the annotation refuses: a French sentence and what to do about it."""

from __future__ import annotations

from xl_cpom.errors import XlCpomError


class AnnotationError(XlCpomError):
    """The annotated copy cannot be made; nothing was written.

    message: what happened; fix: what the reader can do about it (both French, shown as they are).
    """

    def __init__(self, message: str, fix: str = "") -> None:
        super().__init__(f"{message} {fix}".strip())
        self.message = message
        self.fix = fix
