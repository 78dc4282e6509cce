"""Prints, at the end of the run, how many cases agreed on each host."""

from __future__ import annotations

from .bilan import KEY


def pytest_terminal_summary(terminalreporter):
    lines = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        for key, value in getattr(report, "user_properties", ())
        if key == KEY and getattr(report, "when", "") == "call"
    ]
    if not lines:
        return
    terminalreporter.section("fonctions en cellule : cas concordants par hôte")
    for host, accord, total, exceptions in sorted(lines):
        terminalreporter.write_line(
            f"{host:<28}{accord:>5} / {total}   ({exceptions} exceptions déclarées)"
        )
