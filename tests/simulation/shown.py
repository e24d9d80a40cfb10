"""A hook of pytest for conftest.py: shows what tests record under the name `shown`."""

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    lines = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == "shown"
    ]
    if lines:
        terminalreporter.section("the promise")
        for line in lines:
            terminalreporter.write_line(str(line))
