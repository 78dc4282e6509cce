"""A report as DataFrames: what was found, what was computed. Imported only when asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from xl_cpom.validators.recomputed import INDICATOR_KEYS, INDICATOR_NUMBERS, ComputedIndicator


def findings_frame(
    file: str, said: Sequence[Mapping[str, Any]], keys: Sequence[str]
) -> pd.DataFrame:
    """See `Report.findings_frame`. said: the « anomalies », keys: theirs."""
    rows = [{"fichier": file, **one, "cellules": tuple(one["cellules"])} for one in said]
    return pd.DataFrame(rows, columns=["fichier", *keys, "empreinte"], dtype=object)


def indicators_frame(
    file: str, finess_ej: str | None, indicators: Sequence[ComputedIndicator]
) -> pd.DataFrame:
    """See `Report.to_frame`."""
    head = {"fichier": file, "finess_ej": finess_ej}
    rows = [{**head, **indicator.to_dict()} for indicator in indicators]
    frame = pd.DataFrame(rows, columns=["fichier", "finess_ej", *INDICATOR_KEYS])
    return frame.astype(dict.fromkeys(INDICATOR_NUMBERS, "float64"))
