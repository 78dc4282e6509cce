"""What the journal keeps of a workbook is that workbook: a fiche made from it is the same."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tools.vies.files import read_content, write_content
from xl_cpom.batch.answer import FileAnswer, file_answer
from xl_cpom.batch.deposit import CampaignFile
from xl_cpom.batch.kept_workbook import kept_workbook
from xl_cpom.reports.dialogue import brief_page
from xl_cpom.reports.dialogue.meeting_brief import meeting_brief
from xl_cpom.validators.check import check_and_keep
from xl_cpom.workbook.interpretation.interpret import Retour
from xl_cpom.workbook.records import Classeur, Table
from xl_cpom.workers.codec import decode, encode

VALID = Path("workbooks/exemple_valide.xlsx")
FAULTY = VALID.with_name("exemple_fautif.xlsx")


def kept(path: Path) -> tuple[str, str, Retour, Classeur]:
    """The fiche of a return as read, and as kept; what was read, what was kept."""
    report, read = check_and_keep(path)
    assert read is not None
    answer = decode(FileAnswer, encode(file_answer(path.name, report, read)))
    again = kept_workbook(answer.rows, answer.unread, read.classeur.referentiel)
    one, other = (
        brief_page.render(meeting_brief([(classeur, report)], report))
        for classeur in (read.classeur, again)
    )
    return one, other, read, again


def typed(table: Table) -> list[list[tuple[type, object]]]:
    return [[(type(v), v) for v in row.values.values()] for row in table.rows]


def test_every_value_comes_back_with_its_type(dossier: list[CampaignFile]) -> None:
    """Unread cells, dates, lists of numbers: of sound and of faulty returns."""
    for path in (VALID, FAULTY, *(file.path for file in dossier[3:5])):
        one, other, read, again = kept(path)
        assert one == other
        for key, table in read.classeur.tables.items():
            assert typed(again.tables[key]) == typed(table), key


def test_a_person_designated_in_a_text_is_on_no_fiche(tmp_path: Path) -> None:
    content = read_content(VALID)
    action = content["actions"][0]
    action |= {"intitule": "Chambre pour Mme Durand, résidente", "statut": "En cours",
               "echeance": dt.date(2026, 1, 31), "avancement": 0.2}  # fmt: skip
    path = tmp_path / "r.xlsx"
    write_content(path, content)
    one, other, _, _ = kept(path)
    assert one == other
    assert "Chambre pour •••, résidente" in one and "Durand" not in one
