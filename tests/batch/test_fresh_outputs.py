"""What is not written again, and what is: deleted, altered, made from something else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xl_cpom.batch.fresh_outputs import cause, is_intact, is_up_to_date, write_output
from xl_cpom.batch.journal import Journal


def test_an_output_altered_or_deleted_is_written_again(tmp_path: Path) -> None:
    folder = tmp_path / "sorties"
    (folder / "parquet").mkdir(parents=True)

    def write() -> Iterator[str]:
        for name in ("consolidation.xlsx", "parquet/actions.parquet"):
            (folder / name).write_text(f"contenu de {name}", encoding="utf-8")
            yield name

    why = cause("journal", "options")
    with Journal(tmp_path / "journal.sqlite") as journal:
        assert not is_intact(journal, folder, why), "never written"
        write_output(journal, folder, why, write)
    with Journal(tmp_path / "journal.sqlite") as journal:
        assert is_intact(journal, folder, why) and not is_intact(journal, folder, cause("autre"))
        (folder / "consolidation.xlsx").write_text("retouché", encoding="utf-8")
        assert is_up_to_date(journal, folder, why) and not is_intact(journal, folder, why)
        assert is_intact(journal, folder, why, ["parquet/actions.parquet"])
        write_output(journal, folder, why, write)
        assert is_intact(journal, folder, why)
        (folder / "parquet" / "actions.parquet").unlink()
        assert not is_intact(journal, folder, why)
