"""Which of a file's rows are messages that an earlier campaign had."""

from collections.abc import Sequence

import pytest

from smsdrop.recipients.layout import Layout
from smsdrop.validation.seen.had_messages import HadMessages

A, B = "20260101T000000Z-a", "20260102T000000Z-b"
LAYOUT = Layout(phone_column=0, param_names=("name", "amount"))
ROWS = LAYOUT.rows(["13800000000", "13800000001"], [["张三", "李四"], ["1", "2"]])


def had(
    rows: Sequence[bytes] = ROWS,
    *,
    layout: Layout = LAYOUT,
    sign_names: str | Sequence[str] = "云通信",
    is_international: bool = False,
) -> HadMessages:
    messages = HadMessages(LAYOUT, default_sign_name="云通信")
    messages.add_campaign(A)
    messages.add(rows, layout=layout, sign_names=sign_names, is_international=is_international)
    return messages


def found(
    messages: HadMessages,
    rows: Sequence[bytes] = ROWS,
    *,
    sign_names: Sequence[str] = (),
    is_international: bool = False,
) -> dict[int, str]:
    return messages.find(rows, sign_names=sign_names, is_international=is_international)


def test_the_same_number_and_params_are_found_with_their_campaign() -> None:
    assert found(had()) == {0: A, 1: A}


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(LAYOUT.rows(["13800000009"], [["张三"], ["1"]]), id="another number"),
        pytest.param(LAYOUT.rows(["13800000000"], [["张三"], ["10"]]), id="another param"),
        pytest.param(LAYOUT.rows(["13800000000"], [["1"], ["张三"]]), id="params changed round"),
    ],
)
def test_another_message_is_not_found(rows: Sequence[bytes]) -> None:
    assert found(had(), rows) == {}


def test_rows_of_another_order_of_columns_are_the_same_messages() -> None:
    layout = Layout(phone_column=2, param_names=("amount", "name"))
    rows = layout.rows(["13800000000", "13800000001"], [["1", "2"], ["张三", "李四"]])

    assert rows != ROWS
    assert found(had(rows, layout=layout)) == {0: A, 1: A}


@pytest.mark.parametrize("names", [("name",), ("name", "sum"), ("name", "amount", "x")])
def test_rows_with_params_of_other_names_are_other_messages(names: tuple[str, ...]) -> None:
    layout = Layout(phone_column=0, param_names=names)
    rows = layout.rows(["13800000000"], [["张三"]] * len(names))

    assert found(had(rows, layout=layout)) == {}


def test_a_sign_name_makes_another_message_whether_all_rows_share_it_or_not() -> None:
    assert found(had(), sign_names=("云通信", "阿里云")) == {0: A}
    assert found(had(sign_names="阿里云")) == {}
    assert found(had(sign_names="阿里云"), sign_names=("云通信", "阿里云")) == {1: A}
    assert found(had(sign_names=("阿里云", "云通信"))) == {1: A}
    assert found(had(sign_names=("阿里云", "云通信")), sign_names=("阿里云", "阿里云")) == {0: A}


def test_a_number_abroad_is_not_the_mainland_number_that_looks_the_same() -> None:
    assert found(had(is_international=True)) == {}
    assert found(had(), is_international=True) == {}
    assert found(had(is_international=True), is_international=True) == {0: A, 1: A}


def test_of_two_campaigns_with_a_message_the_one_that_was_added_first_is_named() -> None:
    messages = had(ROWS[:1])
    messages.add_campaign(B)
    messages.add(ROWS, layout=LAYOUT, sign_names="云通信", is_international=False)

    assert found(messages) == {0: A, 1: B}


def test_where_nothing_was_had_nothing_is_found() -> None:
    assert found(HadMessages(LAYOUT, default_sign_name="云通信")) == {}
