"""The lines of a plan as they are written; test_plan reads them back."""

import json
from io import BytesIO
from typing import Any

import pytest

from smsdrop.batches.plan import PlannedRow, columns_and_rows
from smsdrop.batches.plan_writer import PlanWriter
from smsdrop.files.text.csv_split import split_block
from smsdrop.reasons import Reason
from smsdrop.recipients.blocks import Block


def line_of(block: Block, **rows: Any) -> dict[str, Any]:
    stream = BytesIO()
    nothing: dict[str, Any] = {"international": (), "duplicates": {}, "rejected": {}, "blank": ()}
    PlanWriter(batches=BytesIO(), rows=stream).rows(block, [(1, 2)], **{**nothing, **rows})
    [line] = stream.getvalue().splitlines()
    written: dict[str, Any] = json.loads(line)
    return written


def test_the_form_and_the_columns_are_one_line() -> None:
    stream = BytesIO()

    PlanWriter(batches=BytesIO(), rows=stream).columns(("手机号", 'a"\n'))

    assert stream.getvalue().decode() == '{"form":1,"columns":["手机号","a\\"\\n"]}\n'


def test_batches_are_a_line_each_and_counted() -> None:
    stream = BytesIO()

    count = PlanWriter(batches=stream, rows=BytesIO()).batches([b"{1}", b"{2}"])

    assert (count, stream.getvalue()) == (2, b"{1}\n{2}\n")


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        pytest.param("1,a\n2,b\n", "1\x7fa\n2\x7fb\n", id="clean"),
        pytest.param("1,a\r\n2,b\r\n", "1\x7fa\n2\x7fb\n", id="clean, CRLF"),
        pytest.param("1,\\\n2,a\tb\n", "1\x7f\\\n2\x7fa\tb\n", id="with escapes"),
    ],
)
def test_a_text_is_kept_as_lines(text: str, cells: str) -> None:
    block = split_block(text.encode(), first_row=2, delimiter=",", width=2)
    assert block is not None

    assert line_of(block) == {"first_row": 2, "cells": cells, "batches": [[1, 2]], "others": []}


def test_other_rows_are_kept_as_columns_with_what_became_of_them() -> None:
    block = Block(2, [["1", "2", "3", "4", "", "5"]])

    line = line_of(
        block,
        international=[(1, 3)],
        duplicates={2: 2, 5: 7},
        sent={5: Reason("sent_before", ("sent",))},
        rejected={3: Reason("phone_length", ("1",))},
        blank=[4],
    )

    assert line["cells"] == [["1", "2", "3", "4", "", "5"]]
    assert line["others"] == [
        [1, 3],
        [2, {"duplicate_of": 2}],
        [5, {"duplicate_of": 7, "because": ["sent_before", "sent"]}],
        [3, {"rejected": ["phone_length", "1"]}],
        [4, None],
    ]


def test_rows_that_were_had_before_are_duplicates_for_older_releases() -> None:
    block = Block(2, [["1", "2"]])

    line = line_of(block, had={1: "20260102T030405Z-a"})

    why = ("20260102T030405Z-a", "2026-01-02 11:04")
    assert line["others"] == [[1, {"duplicate_of": 0, "because": ["had_before", *why]}]]
    [_, row] = columns_and_rows(iter([b'{"form":1,"columns":["a"]}', json.dumps(line).encode()]))[1]
    because = Reason("had_before", why)
    assert row == PlannedRow(row=3, cells=["2"], duplicate_of=0, because=because)


def test_rows_that_are_suppressed_are_duplicates_for_older_releases() -> None:
    block = Block(2, [["1", "2", "3"]])

    line = line_of(block, had={0: "20260102T030405Z-a"}, suppressed={2: "vip.csv"})

    fate = {"duplicate_of": 0, "because": ["suppressed", "vip.csv"], "suppressed": True}
    assert line["others"][1] == [2, fate]
    lines = iter([b'{"form":1,"columns":["a"]}', json.dumps(line).encode()])
    [had, _, row] = columns_and_rows(lines)[1]
    assert not had.is_suppressed
    because = Reason("suppressed", ("vip.csv",))
    assert row == PlannedRow(
        row=4, cells=["3"], duplicate_of=0, because=because, is_suppressed=True
    )
