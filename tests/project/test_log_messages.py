"""The log lines in the runbook are those that the functions write."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from local import ROOT
from tests.support.runbook import documented_fields

PACKAGE = ROOT / "layers/smsdrop/smsdrop"
WRITERS = [*ROOT.glob("functions/*/app.py"), PACKAGE / "aws/log_format.py"]
OF_THE_LEDGER = PACKAGE / "ledger/writes/lines.py"


def calls_of_a_logger(path: Path) -> Iterator[ast.Call]:
    """Yield `logger.info(…)` and the like, and what a handler calls `say`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            named = node.func.value if isinstance(node.func, ast.Attribute) else node.func
            if isinstance(named, ast.Name) and named.id in ("logger", "say"):
                yield node


def messages() -> set[str]:
    of_functions = {
        each.value
        for path in WRITERS
        for call in calls_of_a_logger(path)
        for argument in call.args[:1]
        for each in ast.walk(argument)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }
    text = OF_THE_LEDGER.read_text(encoding="utf-8")
    return of_functions | set(re.findall(r'"((?:campaign|sending) \w+)"', text))


def test_the_runbook_knows_every_line_of_the_log_and_no_other() -> None:
    assert set(documented_fields()) == messages()
