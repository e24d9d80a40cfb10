"""JSON Lines as rows under a header."""

from io import BytesIO
from typing import Any

import pytest

from smsdrop.files.text.encoding import Decoding
from smsdrop.files.text.json_lines import JsonLinesReading, is_json_lines
from smsdrop.reasons import FileRefused, Reason
from smsdrop.recipients.blocks import Block
from smsdrop.recipients.spoiled import NoText
from tests.support.blocks import rows_of


def blocks_of(content: str) -> list[Block]:
    decoding = Decoding(BytesIO(content.encode()))
    return list(JsonLinesReading(decoding, decoding.pieces()).blocks())


def test_the_columns_are_the_names_of_the_first_objects() -> None:
    blocks = blocks_of('{"phone":"1","a":"x"}\n\n{"b":"y","phone":"2"}\n')

    assert list(rows_of(blocks)) == [
        (0, ["phone", "a", "b"]),
        (1, ["1", "x", ""]),
        (2, [""]),
        (3, ["2", "", "y"]),
    ]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ('"007"', "007"),
        ("13800138000", "13800138000"),
        ("1.50", "1.50"),
        ("1e3", "1e3"),
        ("null", ""),
        ("true", "true"),
        ("false", "false"),
        ('"\\u5f20"', "张"),
    ],
)
def test_a_value_is_as_the_line_spells_it(value: str, cell: str) -> None:
    assert list(rows_of(blocks_of(f'{{"a":{value}}}')))[1:] == [(1, [cell])]


def test_params_may_stand_in_an_object_of_their_own() -> None:
    blocks = blocks_of('{"phone":"1","params":{"name":"a"}}\n{"phone":"2","name":"b"}\n')

    assert [cells for _, cells in rows_of(blocks)] == [["phone", "name"], ["1", "a"], ["2", "b"]]


FIRST = '{"phone":"1","a":"x"}\n'


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param('{"phone":"2"', Reason("json_line_broken"), id="cut off"),
        pytest.param("[1]", Reason("json_line_broken"), id="no object"),
        pytest.param("[" * 100_000, Reason("json_line_broken"), id="too deep"),
        pytest.param(
            '{"phone":"1","phone":"2"}', Reason("json_name_twice", ("phone",)), id="two numbers"
        ),
        pytest.param(
            '{"phone":["1"]}', Reason("json_value_no_text", ("phone",)), id="a list of numbers"
        ),
        pytest.param(
            '{"phone":"\\ud83d"}', Reason("json_value_no_text", ("phone",)), id="half an emoji"
        ),
    ],
)
def test_a_line_that_is_no_object_with_a_number_is_a_block_with_its_fault(
    line: str, reason: Reason
) -> None:
    *_, faulty, after = blocks_of(f"{FIRST}{line}\n{FIRST}")

    assert (faulty.first_row, faulty.fault) == (2, reason)
    assert (after.first_row, after.fault) == (3, None)


@pytest.mark.parametrize(
    ("line", "cell", "code"),
    [
        pytest.param('{"a":"1","a":"2"}', "2", "json_name_twice", id="a name twice"),
        pytest.param('{"a":"1","params":{"a":"2"}}', "2", "json_name_twice", id="twice, within"),
        pytest.param('{"a":["x",1]}', '["x", "1"]', "json_value_no_text", id="a list"),
        pytest.param('{"a":{"b":"张"}}', '{"b": "张"}', "json_value_no_text", id="an object"),
        pytest.param('{"a":"\\ud83d"}', "", "json_value_no_text", id="half an emoji"),
    ],
)
def test_a_param_that_is_no_text_is_marked_for_those_who_know_whether_it_is_needed(
    line: str, cell: str, code: str
) -> None:
    _, (_, first), (_, second) = rows_of(blocks_of(f"{FIRST}{line}\n"))

    assert (second, not isinstance(first[1], NoText)) == (["", cell], True)
    assert isinstance(second[1], NoText)
    assert second[1].code == code


def test_a_name_that_comes_late_is_unknown() -> None:
    *_, last = blocks_of(FIRST * 100 + '{"phone":"2","late":"x"}\n')

    assert last.fault == Reason("json_name_unknown", ("late",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a":1}\n{"a":2}\n', True),
        ('\n  {"a":1}\n', True),
        ("phone,name\n", False),
        ("", False),
        ("[phone]\n1\n", False),
    ],
)
def test_json_lines_are_known_by_their_beginning(text: str, expected: Any) -> None:
    assert is_json_lines(text) == expected


@pytest.mark.parametrize("text", ['[{"a":1}]', '{\n  "a": 1\n}\n', "[[1]]", "[]"])
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises(FileRefused) as refused:
        is_json_lines(text)

    assert refused.value.reason.code == "json_not_lines"
