"""The two laws of a verdict, held on thousands of partial losses (a fixed share at each run).

A verdict is never kinder because something could not be read; one cause gives one finding, and what
could not be looked at is never said « passée » nor « sans objet ».
"""

from __future__ import annotations

import pytest

from tests.ampleur import une_sur
from tests.corpus.cas import Cas, cas, rapport
from tests.validators.pertes import (
    RANKS,
    Loss,
    cell_losses,
    controle,
    emptied,
    lu,
    pertes,
)
from xl_cpom.typography import listing
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.model import BLOQUANT, Report, Scope, Status, Verdict
from xl_cpom.workbook.reader import read_workbook
from xl_cpom.workbook.sheets import SHEETS

PAS = 16
"""An ordinary run takes one loss out of so many."""

ALL = list(pertes())
REFUSES = [
    case for case in cas() if case.fichier in {
        "inspection", "suivi", "has", "si", "modules", "difficulte", "identification", "dates",
    }
]  # fmt: skip
SAID = {"STR-002", "STR-005", "STR-006", "STR-023", "STR-024"}
"""What says a loss, and nothing else may."""


def _failure(report: Report) -> list[str]:
    return [f"{o.code} {o.reason}" for o in report.outcomes if o.status is Status.EN_PANNE]


@pytest.mark.parametrize(
    "loss", une_sur(PAS, ALL), ids=lambda p: f"{p.nom}-{p.feuille}-{p.colonne}"
)
def test_one_loss_one_finding_and_nothing_passes_unlooked(
    loss: Loss,
    record_property,  # type: ignore[no-untyped-def]
) -> None:
    before, after = controle(lu()), controle(loss.apply(lu()))
    record_property("pertes_dites", 1)
    assert _failure(after) == []
    codes = [finding.code for finding in after.findings]
    assert set(codes) <= SAID and len(codes) <= 2, codes
    assert len([code for code in codes if code != "STR-023"]) <= 1, codes
    lost = not codes or codes[0] not in ("STR-006",)
    statuses = {outcome.code: outcome.status for outcome in after.outcomes}
    if lost and codes:
        assert [code for code in _on(loss) if statuses[code] is Status.PASSEE] == []
    rates = {(i.module, i.secteur): i.taux for i in before.indicateurs}
    for indicator in after.indicateurs:
        taux = rates[indicator.module, indicator.secteur]
        assert indicator.taux == taux or indicator.state == "Non calculable", indicator
        assert indicator.state != "Sans objet"
    assert {(i.module, i.secteur) for i in after.indicateurs} == set(rates)


def _on(loss: Loss) -> list[str]:
    """The rules that declare that they read what was lost."""
    sheet = next(s for s in SHEETS.values() if s.name == loss.feuille)
    return [
        rule.code
        for rule in RULES.values()
        if rule.scope in (Scope.ROW, Scope.SHEET, Scope.CLASSEUR)
        and (
            (rule.sheet is sheet and loss.colonne in rule.columns and sheet[loss.colonne].is_entry)
            if loss.colonne
            else sheet in (rule.sheet, *rule.sheets)
        )
    ]


@pytest.mark.parametrize("case", une_sur(4, REFUSES), ids=lambda c: f"{c.fichier}-{c.nom}")
def test_a_loss_never_makes_a_verdict_kinder(case: Cas, record_property) -> None:  # type: ignore[no-untyped-def]
    """Each cell accused by a blocking rule is lost in turn, with its column, with its sheet."""
    before = rapport(case)
    if before.verdict is not Verdict.NON_RECEVABLE:
        return
    raw = read_workbook(case.classeur().octets())
    names = {sheet.name for sheet in SHEETS.values()}
    for finding in before.findings:
        if finding.severity is not BLOQUANT or finding.sheet not in names:
            continue
        for loss in cell_losses(finding.sheet, finding.cells[:3]):
            after = controle(loss.apply(raw))
            record_property("pertes_severes", 1)
            assert _failure(after) == []
            said = listing(f"{f.code} {f.sheet}" for f in after.findings)
            assert RANKS[after.verdict] >= RANKS[before.verdict], (loss.nom, finding.code, said)


@pytest.mark.parametrize(
    ("key", "module"), [("has", "HAS"), ("mesures", "INSPECTION"), ("difficulte", "DIFFICULTE")]
)
def test_an_emptied_sheet_whose_rate_is_declared_is_refused_once(key: str, module: str) -> None:
    """A declared rate counts rows: without any, it is « non calculable » and its cell is named."""
    before, after = controle(lu()), controle(emptied(SHEETS[key].name).apply(lu()))
    rates = [one for one in before.indicateurs if one.module == module and one.declare]
    assert rates
    assert after.verdict is Verdict.NON_RECEVABLE
    assert [finding.code for finding in after.findings] == ["IND-009"]
    states = {one.secteur: one for one in after.indicateurs if one.module == module}
    cells = [cell for finding in after.findings for cell in finding.cells]
    for rate, cell in zip(rates, cells, strict=True):
        assert states[rate.secteur].state == "Non calculable"
        assert states[rate.secteur].prevented_by == (f"Indicateurs!{cell}",)
