"""What outlives a stack can be brought back on its own."""

import re
from collections.abc import Iterator
from typing import Any

from local import ROOT
from local.template.reading import load
from local.template.retained import retained

WHOLE = load(ROOT / "template.yaml")
KEPT = retained(WHOLE)


def references(part: Any) -> Iterator[str]:
    """Yield the names that a part of a template refers to, conditions included."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key in ("Ref", "Condition") and isinstance(value, str):
                yield value
            elif key in ("Fn::GetAtt", "Fn::If"):
                yield value[0]
            elif key == "Fn::Sub":
                yield from (each.split(".")[0] for each in re.findall(r"\$\{([^}]+)\}", value))
            yield from references(value)
    elif isinstance(part, list):
        for each in part:
            yield from references(each)


def test_it_is_all_that_is_retained_and_needs_no_transform() -> None:
    kept = {
        name for name, each in WHOLE["Resources"].items() if each.get("DeletionPolicy") == "Retain"
    }

    assert set(KEPT["Resources"]) == kept
    assert kept >= {"Files", "LedgerTable", "BatchQueue", "SmsKeys"}
    assert "Transform" not in KEPT
    assert not any("Serverless" in each["Type"] for each in KEPT["Resources"].values())


def test_it_refers_to_nothing_that_is_gone_with_the_stack() -> None:
    there = {*KEPT["Resources"], *KEPT["Parameters"], *KEPT["Conditions"]}

    named = {each for each in references(KEPT["Resources"]) if not each.startswith("AWS::")}

    assert {"BatchDeadLetters", "RetentionDays", "HasKmsKey"} <= named
    assert named - there == set()


def test_the_runbook_imports_each_part_of_it() -> None:
    runbook = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")

    for name, resource in KEPT["Resources"].items():
        imported = f'"ResourceType": "{resource["Type"]}", "LogicalResourceId": "{name}"'
        assert imported in runbook
