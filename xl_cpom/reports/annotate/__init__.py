"""The annotated copy of a returned workbook, made by splicing its parts inside the zip."""

from xl_cpom.reports.annotate.annotate import (
    Annotation,
    Removal,
    annotate,
    is_our_copy,
    remove_marks,
)
from xl_cpom.reports.annotate.refusal import AnnotationError

__all__ = [
    "Annotation",
    "AnnotationError",
    "Removal",
    "annotate",
    "is_our_copy",
    "remove_marks",
]
