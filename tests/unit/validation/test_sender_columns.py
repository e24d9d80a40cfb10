"""Sign names and extend codes, read column by column."""

import pytest

from smsdrop.reasons import Reason
from smsdrop.recipients.header import read_header
from smsdrop.validation.sender_columns import MAX_SIGN_NAME, SenderColumns, read_column

MISSING = Reason("sign_name_missing")


def columns_of(*names: str, default: str = "云通信") -> SenderColumns:
    return SenderColumns(read_header(names), default_sign_name=default)


def test_without_their_columns_all_rows_have_the_default_and_no_extend_code() -> None:
    columns = columns_of("phone")

    assert columns.sign_names([["1", "2"]]) == ((), {})
    assert columns.extend_codes([["1", "2"]]) == ((), {})


def test_without_a_default_either_no_row_has_a_sign_name() -> None:
    assert columns_of("phone", default="").sign_names([["1", "2"]]) == (
        (),
        {0: MISSING, 1: MISSING},
    )


@pytest.mark.parametrize(
    ("cell", "default", "sign_name"),
    [
        pytest.param(" 阿里云 ", "云通信", "阿里云", id="its own"),
        pytest.param("", "云通信", "云通信", id="the default"),
        pytest.param("x" * MAX_SIGN_NAME, "", "x" * MAX_SIGN_NAME, id="as long as may be"),
    ],
)
def test_a_cell_goes_before_the_default(cell: str, default: str, sign_name: str) -> None:
    columns = columns_of("phone", "sign_name", default=default)

    assert columns.sign_names([["1"], [cell]]) == ([sign_name], {})


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        pytest.param(" ", MISSING, id="none"),
        pytest.param("a\tb", Reason("control_characters", ("签名",)), id="tab"),
        pytest.param("a\x00", Reason("control_characters", ("签名",)), id="control character"),
        pytest.param("x" * 101, Reason("sign_name_too_long", ("101", "100")), id="too long"),
    ],
)
def test_a_sign_name_that_cannot_be_sent_is_named(cell: str, reason: Reason) -> None:
    columns = columns_of("phone", "签名", default="")

    assert columns.sign_names([["1", "2"], ["ok", cell]]) == (["ok", ""], {1: reason})


def test_extend_codes_may_be_left_out() -> None:
    columns = columns_of("phone", "extend_code")

    assert columns.extend_codes([["1", "2", "3"], ["007", "", "x"]]) == (
        ["007", "", ""],
        {2: Reason("extend_code_wrong")},
    )


def test_each_different_cell_is_read_once() -> None:
    asked = []

    def read(cell: str) -> str:
        asked.append(cell)
        return cell.upper()

    assert read_column(["a", "b", "a", "a"], read) == (["A", "B", "A", "A"], {})
    assert sorted(asked) == ["a", "b"]
