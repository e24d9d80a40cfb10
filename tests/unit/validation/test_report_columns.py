"""A report that is dropped again: those who were texted, or may have been, are not texted again."""

from collections.abc import Callable

import pytest

from smsdrop.parsing.plan_builder import Rules
from smsdrop.reasons import Reason
from smsdrop.recipients.header import read_header
from smsdrop.validation.report_columns import ReportColumns
from tests.support.judged_files import judged
from tests.support.tables import FORMATS, Table, as_csv

COLUMNS = ["phone", "name", "smsdrop_status", "smsdrop_reason", "smsdrop_biz_id", "smsdrop_sent_at"]


def row(number: int, status: str, biz_id: str = "", name: str = "张三") -> list[str]:
    return [f"1380013800{number}", name, status, "why", biz_id, ""]


Write = Callable[[Table], bytes]

EACH_FORMAT = pytest.mark.parametrize("write", FORMATS)


def accepted(content: bytes, *, international: bool = False) -> list[list[str]]:
    rules = Rules(max_rejected_percent=100, international=international)
    return judged(content, rules).accepted


@EACH_FORMAT
def test_of_a_report_only_those_are_texted_who_were_not(write: Write) -> None:
    statuses = [
        "sent",
        "refused",
        "unconfirmed",
        "cancelled",
        "rejected",
        "duplicate",
        "suppressed",
    ]
    rows = [row(number, status) for number, status in enumerate(statuses)]

    outcome = judged(write([COLUMNS, *rows]))

    assert outcome.accepted == [[f"1380013800{n}", "张三"] for n in (1, 3, 4, 6)]
    assert len(outcome.duplicates) == 3
    assert outcome.rejected == {}


@EACH_FORMAT
def test_a_number_that_was_sent_to_is_not_texted_by_a_later_row(
    write: Write,
) -> None:
    table = [COLUMNS, row(1, "sent"), row(1, "rejected"), row(2, "rejected")]

    assert accepted(write(table)) == [["13800138002", "张三"]]


@EACH_FORMAT
def test_what_was_sent_counts_whatever_its_number_or_params_have_become(
    write: Write,
) -> None:
    lost = ["1.38E+10", "张三", "sent", "", "", ""]
    unfilled = row(2, "sent", name="")

    outcome = judged(write([COLUMNS, lost, unfilled, row(2, "cancelled"), row(3, "cancelled")]))

    assert outcome.accepted == [["13800138003", "张三"]]
    assert (len(outcome.duplicates), outcome.rejected) == (3, {})


@pytest.mark.parametrize("status", ["cancelled", "", "?"])
def test_a_receipt_counts_whatever_the_status(status: str) -> None:
    assert accepted(as_csv([COLUMNS, row(1, status, "123^0"), row(2, status)])) == [
        ["13800138002", "张三"]
    ]


@pytest.mark.parametrize(
    "word",
    [
        "sent",
        " Sent ",
        "UNCONFIRMED",
        "sent\u200b",
        "sending",
        "已发送",
        "未确认",
        "发送中",
        "重复",
    ],
)
def test_a_status_may_be_spelled_otherwise(word: str) -> None:
    assert accepted(as_csv([COLUMNS, row(1, word), row(2, "cancelled")])) == [
        ["13800138002", "张三"]
    ]


@pytest.mark.parametrize(("first", "second"), [("sent", "rejected"), ("cancelled", "sent")])
def test_a_report_of_a_report_has_two_statuses_that_count(first: str, second: str) -> None:
    table = [
        ["phone", "name", "smsdrop_status", "smsdrop_status"],
        ["13800138001", "a", first, second],
        ["13800138002", "b", "cancelled", "cancelled"],
    ]

    assert accepted(as_csv(table)) == [["13800138002", "b"]]


def test_someone_abroad_who_was_sent_to_is_not_texted_again() -> None:
    table = [
        ["phone", "smsdrop_status"],
        ["+852 9123 4567", "sent"],
        ["+85291234567", "rejected"],
        ["+14155552671", "rejected"],
    ]

    assert accepted(as_csv(table), international=True) == [["14155552671"]]


def test_params_are_what_they_were_before_the_report() -> None:
    table = [
        COLUMNS,
        *(row(n, "cancelled", name=f"'{cell}") for n, cell in enumerate(["-5", "=1"])),
    ]

    assert [name for _, name in accepted(as_csv(table))] == ["-5", "=1"]


def test_in_a_file_that_is_no_report_an_apostrophe_stays() -> None:
    assert accepted(as_csv([["phone", "name"], ["13800138000", "'-5"]])) == [["13800138000", "'-5"]]


def test_the_reason_says_which_status_it_was() -> None:
    columns = ReportColumns(read_header(COLUMNS)).sent([["1"], ["a"], ["Sent"], [""], [""], [""]])

    assert columns == {0: Reason("sent_before", ("sent",))}
    assert "smsdrop_status (sent)" in columns[0].text("en")
    assert "smsdrop_status" in columns[0].text("zh")
