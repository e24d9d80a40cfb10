"""What a sheet's columns are for, and its cells."""

import pytest

from smsdrop.files.spreadsheets.columns import Columns, as_param, error, in_power
from smsdrop.recipients.phone_numbers import read_phone_number
from smsdrop.recipients.spoiled import UNSHOWN, NoText

PHONE, NAME, CODE = 1, 0, 2


@pytest.fixture
def columns() -> Columns:
    columns = Columns()
    columns.learn(["name", "手机号", "extend_code", "", "last", " "])
    return columns


def test_a_header_says_how_wide_the_sheet_is(columns: Columns) -> None:
    assert columns.width == 5
    assert [columns.is_read(column) for column in range(7)] == [True] * 3 + [
        False,
        True,
        False,
        False,
    ]


def test_blank_rows_say_nothing() -> None:
    columns = Columns()
    columns.learn([" ", "\u200b"])

    assert not columns.are_known
    assert columns.is_read(99)


@pytest.mark.parametrize(
    "code",
    ["", "0.00", "#,##0", "yyyy-mm-dd", "0.00E+00", "[DBNum2]0", "[$-F800]dddd", "00000000000000"],
)
def test_a_phone_number_is_exact_whatever_its_format(columns: Columns, code: str) -> None:
    assert columns.number(PHONE, "1.3912345678E10", code) == "13912345678"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("13912345700", "0.00000000E+00"),
        ("13800000000", "0.00E+00"),
        ("13800138000", "0.0000000E+00"),
        ("13912300000", "##0.000E+0"),
    ],
)
def test_a_phone_number_with_no_more_digits_than_shown_is_rejected(
    columns: Columns, number: str, code: str
) -> None:
    """Its text is one that no rule takes for a number, here or in a corrected file."""
    cell = columns.number(PHONE, number, code)

    assert read_phone_number(cell) != number
    assert not isinstance(read_phone_number(cell), str)


def test_a_phone_number_with_more_digits_than_shown_is_good(columns: Columns) -> None:
    assert columns.number(PHONE, "13800138000", "0.00E+00") == "13800138000"


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        ("7", "000", "007"),
        ("7", "0.00", "7"),
        ("7", "", "7"),
        ("7", "[DBNum2]0", "7"),
    ],
)
def test_an_extend_code_keeps_its_zeros(
    columns: Columns, number: str, code: str, text: str
) -> None:
    assert columns.number(CODE, number, code) == text


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        ("0.25", "0%", "25%"),
        ("202607010000001", "", "202607010000001"),
        ("110101199003070000", "", "1.1010119900307E+17"),
        ("110101199003070000", "0", "1.1010119900307E+17"),
        ("-1.1010119900307001E+17", "", "-1.1010119900307E+17"),
    ],
)
def test_a_param_is_what_is_shown_and_lost_digits_are_seen(
    columns: Columns, number: str, code: str, text: str
) -> None:
    shown = columns.number(NAME, number, code)

    assert shown == (text if "E" not in text else in_power(number))
    assert not isinstance(shown, NoText)


def test_numbers_of_sixteen_digits_are_written_as_excel_shows_them() -> None:
    assert in_power("110101199003070000") == "1.10101E+17"
    assert in_power("1000000000000000") == "1E+15"


def test_a_param_that_cannot_be_shown_is_marked(columns: Columns) -> None:
    cell = columns.number(NAME, "0.5", "[DBNum2]0")

    assert cell is UNSHOWN
    assert cell == "########"


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        pytest.param("2026", "", "2026", id="a year"),
        pytest.param("46204", 'm"月"d"日"', "7月1日", id="a day"),
        pytest.param("13800138000", "0.00", "13800138000", id="a number under no header"),
        pytest.param("13800138000", "yyyy-mm-dd", "13800138000", id="the same as a date"),
    ],
)
def test_the_first_row_has_names_or_bare_numbers(number: str, code: str, text: str) -> None:
    assert Columns().number(0, number, code) == text


def test_under_no_header_the_column_of_bare_numbers_is_exact() -> None:
    columns = Columns()
    columns.learn(["", "13800138000"])

    assert columns.number(1, "13900139000", "0.00") == "13900139000"
    assert columns.width is None


@pytest.mark.parametrize(
    ("column", "number", "shown", "text"),
    [
        (NAME, "0.25", "25%", "25%"),
        (NAME, "0.25", None, "0.25"),
        (NAME, "12", "", ""),
        (NAME, "1234.5", " ¥1,234.50 ", "¥1,234.50"),
        (NAME, "110101199003070000", "110101199003070000", "1.10101E+17"),
        (NAME, "202607010012", "2.03E+11", "2.03E+11"),
        (PHONE, "13912345678", "1.39E+10", "13912345678"),
        (PHONE, "13912345700", "1.39123457E+10", "1.39123E+10"),
        (PHONE, "13912345678", "13,912,345,678.00", "13912345678"),
        (CODE, "7", "007", "007"),
        (CODE, "7", "7.00", "7"),
    ],
)
def test_a_number_may_come_with_what_is_shown(
    columns: Columns, column: int, number: str, shown: str | None, text: str
) -> None:
    assert columns.number_with_text(column, number, shown) == text


def test_only_params_have_words_put_around_them(columns: Columns) -> None:
    assert columns.text(NAME, "张三", '"to "@') == "to 张三"
    assert columns.text(PHONE, "13800138000", '"to "@') == "13800138000"
    assert Columns().text(0, "name", '"to "@') == "name"


@pytest.mark.parametrize(("text", "expected"), [("#REF!", "#REF!"), ("#新!", "#N/A"), ("", "#N/A")])
def test_an_error_is_one_that_every_rule_knows(text: str, expected: str) -> None:
    assert error(text) == expected


def test_a_param_may_be_shown_as_nothing() -> None:
    assert as_param("0", "0;-0;;@") == ""
