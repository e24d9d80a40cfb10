"""What docs/architecture.md names exists, and its tables of states match the code."""

import re
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import pytest

from local import ROOT
from smsdrop.ledger.batch_entry import MOVES
from smsdrop.ledger.campaign import CAMPAIGN_MOVES
from smsdrop.operations.effects import STILL_HELD

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
NAMES = sorted(set(re.findall(r"`([a-z_]+(?:\.\w+){2,})`", PAGE)))


def named(name: str) -> Any:
    """Return what a dotted name below the package stands for; raises if it is gone."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: Any = import_module(".".join(["smsdrop", *parts[:length]]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[length:]:
            found = getattr(found, attribute)
        return found
    raise ModuleNotFoundError(name)


def arrows(walk: str) -> list[list[str]]:
    """Return the rows of the table that a walk begins with."""
    section = PAGE.partition(f"## {walk}")[2].partition("\n## ")[0]
    table = section.partition("| by |\n")[2].partition("\n\n")[0]
    return [[each.strip() for each in row.strip("|").split("|")] for row in table.splitlines()[1:]]


def states(title: str) -> dict[str, set[str]]:
    table = PAGE.partition(title)[2].partition("| --- | --- |\n")[2].partition("\n\n")[0]
    rows = [row.strip("| ").split(" | ") for row in table.splitlines()]
    return {state: set(ways.split(", ")) for state, ways in rows}


def as_shown(moves: Mapping[Any, frozenset[Any]]) -> dict[str, set[str]]:
    return {state or "–": set(ways) for state, ways in moves.items() if ways}


@pytest.mark.parametrize("name", NAMES)
def test_what_the_page_names_is_there(name: str) -> None:
    assert named(name) is not None


def test_a_name_that_is_gone_is_noticed() -> None:
    with pytest.raises(AttributeError):
        named("closing.tick.Tick.runs")
    with pytest.raises(AttributeError):
        named("closing.ticks.Tick")


@pytest.mark.parametrize("walk", ["A row's way", "A batch's way", "A campaign's way"])
def test_every_arrow_names_the_function_that_goes_along_it(walk: str) -> None:
    rows = arrows(walk)

    assert len(rows) > 5
    for *_, by in rows:
        assert callable(named(by.strip("`"))) or isinstance(named(by.strip("`")), property)


def test_the_states_are_those_of_the_code() -> None:
    assert states("The states of a batch") == as_shown(MOVES)
    assert states("The states of a campaign") == as_shown(CAMPAIGN_MOVES)


def test_what_holds_a_campaign_is_what_the_code_knows_and_the_runbook_says_what_to_type() -> None:
    runbook = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    section = runbook.partition("\n## A campaign is held\n")[2].partition("\n## ")[0]

    assert list(states("What holds a campaign")) == list(STILL_HELD)
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == ["held_for", *STILL_HELD]
