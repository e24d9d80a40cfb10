"""The runbook says for each situation what you see, what it means, what to type and what then."""

import re

import pytest

from local import ROOT
from tests.support.runbook import RUNBOOK, commands, section

PARTS = (
    "**What you see.**",
    "**What it means.**",
    "**What to type.**",
    "**What then happens.**",
)
SITUATIONS = re.findall(r"^## (.+)$", RUNBOOK.read_text(encoding="utf-8"), re.MULTILINE)
WITH_COMMANDS = [each for each in SITUATIONS if commands(each)]


def test_what_a_person_on_call_meets_has_its_commands() -> None:
    assert {
        "Sending is paused",
        "A campaign is held",
        "A campaign is halted",
        "A file is refused",
        "Batches are in doubt for long",
        "Dead letters",
        "A file waits to be judged",
    } <= set(WITH_COMMANDS)


@pytest.mark.parametrize("title", WITH_COMMANDS)
def test_a_situation_with_commands_is_told_in_four_parts(title: str) -> None:
    text = section(title)

    assert [text.count(part) for part in PARTS] == [1] * len(PARTS)
    assert sorted(PARTS, key=text.index) == list(PARTS)


@pytest.mark.parametrize("title", WITH_COMMANDS)
def test_a_situation_with_commands_is_handled_by_them_in_a_test(title: str) -> None:
    tests = [path.read_text(encoding="utf-8") for path in ROOT.glob("tests/system/test_runbook*")]

    assert any(f'"{title}"' in text for text in tests)
