"""Rows on the fast path get the same verdicts as rows that are validated one by one."""

import csv
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsdrop.alibaba.template import Template, TemplateType
from smsdrop.files.text.csv_rows import without_text_marks
from smsdrop.files.text.csv_split import split_block
from smsdrop.reasons import Reason
from smsdrop.recipients.blocks import TextBlock
from smsdrop.recipients.header import read_header
from smsdrop.validation.fast_path import FastPath
from smsdrop.validation.param_rules import TemplateRules
from smsdrop.validation.template_columns import match_columns
from smsdrop.validation.validator import RowValidator
from tests.support.recipients import Recipient, outcome_of, outcomes_of
from tests.support.template_fakes import template_of

NUMBER, OTHER = "13800138000", "13900139000"
GOOD = st.integers(0, 99).map(lambda each: f"138000000{each:02d}")
SPELLED = [
    *[NUMBER, OTHER, "17012345678", "+86 138-0013-8000", "8613900139000", "(0086) 13900139000"],
    *["+008613800138000", "12800138000", "1.3900139E10", "138001380001", "", "张三", "'" + OTHER],
    *[
        "1-380-013-8000",
        "1 (390) 013-9000",
        " 1 390 013 9000",
        "(1) 390 013 9000",
        "(138) 0013 8000",
    ],
    *["1 380 0138 000", "86 1-380-013-8000", "1-3800-138000"],
    *["8713900139000", "+13800138000", "138+0013+8000", "86 86 13800138000", "86138001380001"],
]
VALUES = [
    *["张三", "5.00", "a b", "", " ", " x", "x ", "a,b", "1234", "12345678"],
    *["8613900139000", "+86 138-0013-8000 x"],  # what may stand in the number's cell as well
    *["x" * 35, "x" * 36, "张" * 35, "张" * 36, "x" * 60, "x" * 200],
]
URLS = ["www.x", "WWW.x", "http://a", "/", "a.com/"]
SPECIAL = [
    *["é", "（）", "#N/A", "#", "\u3000", "x\u200b", "a\x00b", "a\\b", "x" * 600, "★", "a\tb"],
    "１３８００１３８０００",
]
"""What no clean block has, or what only a second look can tell."""
SPOILED = [
    *["NULL", " null ", "nan", "NaN", "NaT", "None", "N/A", "n/a", "<NA>", "(null)", "[NULL]"],
    *["undefined", "\\N", "Loading...", "Loading…", "Err:508", "Error:502", "错误:508"],
    *["#FIELD!", "#ERROR!", "#N/A", "#NV", "2.02607E+17", "-1.5e-05", "2.02607E17", "########"],
    *["??", "Ready??", "陶?", "?", "锟斤拷", "张锟斤拷", "\ufffd", "M?ller", "\u2800", "\u3164"],
]
LIKE_SPOILED = [
    *["Null", "Nancy", "Eric", "Nan", "E", "None of it", "nano", "12E3", "Ready?", "曹锟", "1E5"],
    *["#", "-", "0", "8:05", "Errol:1", "N/A-1", "Loading", "undefined behaviour", "1.5", "12,5"],
]

Rows = list[tuple[str, str, str]]
ROWS: st.SearchStrategy[Rows] = st.sampled_from(
    [
        *[VALUES, VALUES + URLS, VALUES + SPECIAL, VALUES + URLS + SPECIAL],
        *[VALUES + LIKE_SPOILED, VALUES + SPOILED, SPOILED + LIKE_SPOILED],
    ]
).flatmap(
    lambda values: st.lists(
        st.tuples(
            GOOD | GOOD | st.sampled_from(SPELLED), *[st.sampled_from(["张三", "1", *values])] * 2
        ),
        min_size=1,
        max_size=8,
    )
)
TEMPLATES = st.sampled_from(
    [
        None,
        template_of("您好${name}，${code}"),
        template_of("${name}${name}" + "好" * 440 + "${code}", kind=TemplateType.PROMOTION),
        template_of("${name}${code}", kind=TemplateType.ONE_TIME_PASSWORD),
    ]
)
HEADERS = st.permutations(["phone", "name", "code"])


def written(rows: list[tuple[str, ...]], end: str) -> str:
    stream = StringIO()
    csv.writer(stream, lineterminator=end).writerows(rows)
    return stream.getvalue()


@settings(max_examples=500)
@given(
    HEADERS,
    ROWS,
    TEMPLATES,
    st.booleans(),
    st.sampled_from(["云通信", "云通信", "云通信", ""]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_rows_of_a_text_get_the_same_verdicts_as_alone(
    header: list[str],
    rows: Rows,
    template: Template | None,
    allow_empty: bool,
    sign_name: str,
    end: str,
) -> None:
    order = [["phone", "name", "code"].index(name) for name in header]
    ordered = [tuple(row[each] for each in order) for row in rows]
    names = [name for name in header if name != "phone"]
    plain, alone = (
        RowValidator(
            read_header(header),
            default_sign_name=sign_name,
            allow_empty_params=allow_empty,
            template_rules=TemplateRules(template, names) if template else None,
        )
        for _ in range(2)
    )
    text = written(ordered, end).encode()

    block = split_block(text, first_row=2, delimiter=",", width=3)

    if block is None:
        return
    outcomes = outcomes_of(plain.validate(block), len(block))
    assert outcomes == [outcome_of(alone, row, cells) for row, cells in block.rows()]
    assert [tuple(cells) for _, cells in block.rows()] == [
        tuple(map(without_text_marks, row)) for row in ordered
    ]


@pytest.mark.parametrize("allow_empty", [False, True])
@pytest.mark.parametrize(("length", "fits"), [(34, True), (35, True), (36, False)])
@pytest.mark.parametrize("column", [1, 2])
def test_a_value_may_be_as_long_as_the_template_takes_it(
    length: int, fits: bool, allow_empty: bool, column: int
) -> None:
    template = template_of("${name}${code}")
    columns = match_columns(read_header(["phone", "name", "code"]), template, check_values=True)
    cells = [NUMBER, "a", "b"]
    cells[column] = "x" * length
    block = plain_block(written([tuple(cells)], "\n"), width=3)

    validator = RowValidator(
        columns.header,
        default_sign_name="云通信",
        allow_empty_params=allow_empty,
        template_rules=columns.template_rules,
    )

    assert len(validator.validate(block).domestic) == fits


@pytest.mark.parametrize(
    ("name", "cells"),
    [("sign_name", ["阿里云", "云" * 101]), ("extend_code", ["77", "abc"])],
)
def test_a_column_that_also_fills_a_variable_keeps_its_own_meaning(
    name: str, cells: list[str]
) -> None:
    template = template_of(f"${{{name}}}")
    columns = match_columns(read_header(["phone", name]), template, check_values=False)
    block = plain_block(written(list(zip([NUMBER, OTHER], cells, strict=True)), "\n"), width=2)

    first, second = outcomes_of(
        RowValidator(columns.header, default_sign_name="云通信").validate(block), 2
    )

    assert isinstance(first, Recipient)
    assert cells[0] in (first.sign_name, first.extend_code)
    assert isinstance(second, Reason)


def plain_block(text: str, *, width: int) -> TextBlock:
    block = split_block(text.encode(), first_row=2, delimiter=",", width=width)
    assert block is not None
    return block


def found(
    text: str, *columns: str, rules: TemplateRules | None = None
) -> tuple[list[bytes], list[int]] | None:
    rows = FastPath(read_header(columns), allow_empty=False, rules=rules)
    result = rows.read(plain_block(text, width=len(columns)))
    return (result.numbers, result.unclear) if result else None


@pytest.mark.parametrize(
    ("columns", "text"),
    [
        pytest.param(["phone"], f"{NUMBER}\n+86 {OTHER}\n", id="alone"),
        pytest.param(["phone", "a"], f"{NUMBER},1\r\n86{OTHER},2\r\n", id="first"),
        pytest.param(["a", "phone", "b"], f"1,{NUMBER},x\n1,139 0013 9000,y\n", id="amid"),
        pytest.param(["a", "phone"], f"张,{NUMBER}\r\n三,139-0013-9000\r\n", id="last"),
    ],
)
def test_usual_spellings_are_found_wherever_the_number_stands(
    columns: list[str], text: str
) -> None:
    assert found(text, *columns) == ([NUMBER.encode(), OTHER.encode()], [])


@pytest.mark.parametrize("columns", [["phone", "a"], ["a", "phone"]])
def test_a_value_that_is_spelled_like_the_number_stays_as_it_is(columns: list[str]) -> None:
    spelled = "+86 138-0013-8000"
    cells = {"phone": spelled, "a": f"{spelled} {spelled}"}
    block = plain_block(",".join(cells[each] for each in columns), width=2)

    [outcome] = outcomes_of(
        RowValidator(read_header(columns), default_sign_name="云通信").validate(block), 1
    )

    assert isinstance(outcome, Recipient)
    assert (outcome.phone_number, outcome.params) == (NUMBER, (cells["a"],))


@pytest.mark.parametrize(
    ("columns", "text"),
    [
        pytest.param(["phone", "sign_name"], f"{NUMBER},云通信\n", id="a sign name"),
        pytest.param(["phone", "extend_code"], f"{NUMBER},7\n", id="an extend code"),
        pytest.param(["phone", ""], f"{NUMBER},1\n", id="a column without a name"),
        pytest.param(
            ["phone", "a" * 20_000], f"{NUMBER},1\n", id="a name as long as params may be"
        ),
        pytest.param(["phone", "a"], f"{NUMBER},a\tb\n", id="a tab"),
    ],
)
def test_other_files_and_blocks_are_left_to_a_closer_look(columns: list[str], text: str) -> None:
    assert found(text, *columns) is None


@pytest.mark.parametrize("value", SPOILED)
@pytest.mark.parametrize("allow_empty", [False, True])
@pytest.mark.parametrize("columns", [["a", "phone"], ["phone", "a"]])
def test_a_spoiled_value_among_good_ones_is_always_found(
    columns: list[str], allow_empty: bool, value: str
) -> None:
    rows = [(NUMBER, "Nell"), (OTHER, value), ("13700137000", "张三")]
    text = written([row if columns[0] == "phone" else row[::-1] for row in rows], "\n")
    block = split_block(text.encode(), first_row=2, delimiter=",", width=2)
    assert block is not None
    validator = RowValidator(
        read_header(columns), default_sign_name="云通信", allow_empty_params=allow_empty
    )

    good, bad, other = outcomes_of(validator.validate(block), 3)

    assert isinstance(good, Recipient)
    assert isinstance(other, Recipient)
    assert isinstance(bad, Reason) or (allow_empty and value in "\u2800\u3164")


@pytest.mark.parametrize("columns", [["a", "phone"], ["phone", "a"]])
def test_values_are_taken_up_to_a_length_that_is_surely_short(columns: list[str]) -> None:
    rows = [(NUMBER, "x" * 35), (OTHER, "x" * 36)]
    text = written([row if columns[0] == "phone" else row[::-1] for row in rows], "\n")

    result = found(text, *columns, rules=TemplateRules(template_of("${a}"), ["a"]))

    assert result == ([NUMBER.encode(), b""], [1])
