"""Files as people make them, each with its outcome: see recipient_files/outcomes.toml."""

import tomllib
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.judged_files import LENIENT, Outcome, judged

FOLDER = Path(__file__).parents[2] / "recipient_files"
TABLE = FOLDER / "outcomes.toml"
OUTCOMES: dict[str, dict[str, Any]] = tomllib.loads(TABLE.read_text())


def expected(name: str) -> Outcome:
    known: dict[str, Any] = {
        each.name: OUTCOMES[name][each.name]
        for each in fields(Outcome)
        if each.name in OUTCOMES[name]
    }
    by_row: dict[str, Any] = {
        each: {int(row): fate for row, fate in known[each].items()}
        for each in ("rejected", "duplicates")
        if each in known
    }
    return Outcome(**{**known, **by_row})


@pytest.mark.parametrize("name", OUTCOMES)
def test_a_file_comes_to_what_a_person_expects(name: str) -> None:
    content = (FOLDER / name).read_bytes()
    rules = replace(LENIENT, **OUTCOMES[name].get("rules", {}))

    outcome = judged(content, rules)

    if "encoding" not in OUTCOMES[name]:
        outcome.encoding = ""
    assert outcome == expected(name)


def test_every_file_has_its_outcome() -> None:
    files = {each.name for each in FOLDER.iterdir() if not each.name.startswith(".")}

    assert files - {TABLE.name} == set(OUTCOMES)
