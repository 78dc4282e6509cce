"""Settings shared by every test: hypothesis without deadlines (two shared cores are noisy)."""

from hypothesis import settings

settings.register_profile("xl_cpom", deadline=None)
settings.load_profile("xl_cpom")


def pytest_terminal_summary(terminalreporter) -> None:  # type: ignore[no-untyped-def]
    """Counts the issue of each proof asks for: mutants made and killed by the examples."""
    totals = {"mutants": 0, "survivants": 0}
    for report in terminalreporter.stats.get("passed", []):
        for name, value in getattr(report, "user_properties", []):
            if name in totals:
                totals[name] += value
    if totals["mutants"]:
        killed = totals["mutants"] - totals["survivants"]
        terminalreporter.write_line(
            f"mutants des règles : {totals['mutants']}, vus par les exemples : {killed}"
        )
