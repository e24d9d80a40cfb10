"""What any release has written can be read, and what this one writes is recorded."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from smsdrop.aws.dynamodb import READERS
from smsdrop.batches.batch import Batch
from smsdrop.batches.forms import FORM, LaterForm
from smsdrop.batches.plan import BATCHES, ROWS, columns_and_rows, planned_batches
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.ports import AnyEntry
from tests.support.forms import COLUMNS, ENTRIES, FOLDER, MESSAGES, PLANNED_ROWS, written

RECORDED = sorted(FOLDER.iterdir())

RECORDED_ENTRIES = [
    pytest.param(form / name, id=f"{form.name}-{name}")
    for form in RECORDED
    for name in ENTRIES
    if (form / name).exists()  # a kind of entry may be younger than a form
]


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def test_each_form_is_recorded() -> None:
    assert [each.name for each in RECORDED] == [str(form) for form in range(FORM + 1)]


@pytest.mark.parametrize("form", RECORDED, ids=lambda each: each.name)
def test_messages_of_each_form_are_read(form: Path) -> None:
    planned = planned_batches(lines_of(form / BATCHES), after=0, first_byte=0)

    assert tuple(Batch.from_json(each.message) for each in planned) == MESSAGES


@pytest.mark.parametrize("form", RECORDED, ids=lambda each: each.name)
def test_rows_of_each_form_are_read(form: Path) -> None:
    columns, each_row = columns_and_rows(iter(lines_of(form / ROWS)))

    rows = list(each_row)
    assert len(rows) >= len(PLANNED_ROWS) - 1  # what is suppressed is younger than the form 0
    assert (columns, rows) == (COLUMNS, PLANNED_ROWS[: len(rows)])


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*/*.json")), ids=str)
def test_entries_of_each_form_are_read(path: Path) -> None:
    entry = ENTRIES[path.name]
    recorded = READERS[type(entry)](json.loads(path.read_bytes()))

    assert told_by(recorded).items() <= told_by(entry).items()
    assert recorded.unknown.items() <= entry.unknown.items()


def told_by(
    entry: AnyEntry,
) -> dict[str, Any]:
    """Return the fields that differ from their defaults, those of counts and terms too."""
    parts: list[Any] = [
        entry,
        *([entry.counts, entry.terms] if isinstance(entry, Campaign) else []),
    ]
    values = {each: getattr(part, each.name) for part in parts for each in fields(part)}
    return {
        each.name: value
        for each, value in values.items()
        if value != each.default and each.name not in ("counts", "terms", "unknown")
    }


@pytest.mark.parametrize("name", written())
def test_this_release_writes_the_form_that_was_recorded_last(name: str) -> None:
    assert written()[name] == (RECORDED[-1] / name).read_bytes()


def test_lines_of_rows_with_members_that_a_later_release_has_added_are_read() -> None:
    first, *lines = lines_of(RECORDED[-1] / ROWS)
    later = [line.replace(b"}\n", b',"colour":"red"}\n') for line in (first, *lines)]

    columns, rows = columns_and_rows(iter(later))

    assert (columns, list(rows)) == (COLUMNS, PLANNED_ROWS)


def test_rows_of_a_later_form_are_not_misread() -> None:
    with pytest.raises(LaterForm):
        columns_and_rows(iter([json.dumps({"form": FORM + 1}).encode()]))
