"""Replays the mistakes of the newcomer's audit: `python -m tests.corpus.replay_usage`.

Each line is a mistake made on the valid example, the verdict, and what the control found.
"""

from __future__ import annotations

from tests.corpus.cas import cas, dit, rapport


def main() -> int:
    """Print one line a mistake; 1 when one of them does not give exactly its findings."""
    wrong = 0
    for case in cas():
        if case.fichier != "usage":
            continue
        report = rapport(case)
        found = sorted(map(dit, report.findings))
        wrong += found != sorted(case.attendu)
        mark = "=" if found == sorted(case.attendu) else "≠"
        print(f"{mark} {case.pourquoi} : {report.verdict.value} ; {' ; '.join(found)}")
    return int(bool(wrong))


if __name__ == "__main__":
    raise SystemExit(main())
