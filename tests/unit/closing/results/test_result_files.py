"""The result files: what a spreadsheet makes of them, and what dropping them in again does."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from smsdrop.closing.reports import RESULTS, UNDELIVERED_ROWS, UNSENT_ROWS
from smsdrop.closing.results.fates import Fate
from smsdrop.closing.results.opted_out import OPTED_OUT
from smsdrop.closing.results.result_files import (
    OUR_COLUMNS,
    RESULTS_WORKBOOK,
    UNDELIVERED_WORKBOOK,
    UNSENT_WORKBOOK,
    Limits,
    result_files,
)
from smsdrop.closing.results.row_receipts import NOT_ASKED, RowReceipt
from smsdrop.files.recipient_file import open_recipient_file
from smsdrop.files.text.csv_rows import without_text_marks
from smsdrop.recipients.header import read_header
from tests.support import workbooks
from tests.support.blocks import rows_of
from tests.support.folder import Folder
from tests.support.judged_files import judged

COLUMNS = ["手机号", "name"]
UNSENT = Fate(status="rejected", reason="why", is_unsent=True)
SENT = Fate(status="sent", batch_id="b1", biz_id="1^0", sent_at="2026-01-02 11:04:05")
FEW = Limits(rows_each=2, workbook_rows=2)
ALL = {RESULTS, UNSENT_ROWS, RESULTS_WORKBOOK, UNSENT_WORKBOOK}

Rows = Sequence[tuple[list[str], Fate]]


def written(
    rows: Rows,
    columns: Sequence[str] = COLUMNS,
    *,
    folder: Folder | None = None,
    limits: Limits | None = None,
    is_again: bool = False,
) -> dict[str, bytes]:
    folder = folder or Folder()
    with result_files(
        columns,
        rows=len(rows),
        language="en",
        open_file=folder.open_file,
        is_again=is_again,
        limits=limits or Limits(),
    ) as files:
        for number, (cells, fate) in enumerate(rows, start=2):
            files.add(number, cells, fate)
    return folder.files


def table(content: bytes) -> list[list[str]]:
    """Return what a spreadsheet shows, which takes marks for text."""
    rows = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""))
    return [list(map(without_text_marks, row)) for row in rows]


def workbook(content: bytes) -> list[list[str]]:
    return list(workbooks.rows_of(content).values())


def sheet_of(content: bytes) -> list[list[str]]:
    """Return what the sheet has, also beyond its heading."""
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    return [list(map(str, row)) for row in rows]


def test_results_keep_the_users_own_columns_before_ours() -> None:
    files = written([(["138 0013 8000", " 张三 "], SENT), (["1"], UNSENT)])

    rows = [
        [*COLUMNS, *OUR_COLUMNS],
        ["138 0013 8000", " 张三 ", "2", "sent", "", "b1", "1^0", "2026-01-02 11:04:05", *[""] * 3],
        ["1", "", "3", "rejected", "why", *[""] * 6],
    ]
    assert table(files[RESULTS]) == rows
    assert workbook(files[RESULTS_WORKBOOK]) == rows


def test_what_is_unsent_has_the_users_own_columns_and_the_reason_last() -> None:
    files = written([(["1", "a"], SENT), (["2", "b"], UNSENT)])

    rows = [[*COLUMNS, "smsdrop_reason"], ["2", "b", "why"]]
    assert table(files[UNSENT_ROWS]) == rows
    assert workbook(files[UNSENT_WORKBOOK]) == rows


def test_what_is_beyond_the_users_columns_comes_after_ours() -> None:
    files = written([(["1", "张三", "=surplus"], UNSENT)])

    assert table(files[RESULTS])[1] == ["1", "张三", "2", "rejected", "why", *[""] * 6, "'=surplus"]
    assert table(files[UNSENT_ROWS])[1] == ["1", "张三", "why", "=surplus"]


def test_a_sheet_has_all_cells_of_such_a_row_behind_ours() -> None:
    files = written([(["1", "张三", "=surplus"], UNSENT)])

    assert sheet_of(files[UNSENT_WORKBOOK])[1] == ["", "", "why", "1", "张三", "=surplus"]
    assert sheet_of(files[RESULTS_WORKBOOK])[1][-3:] == ["1", "张三", "=surplus"]


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_row_with_a_surplus_is_rejected_again_when_it_is_dropped_as_it_is(name: str) -> None:
    files = written([(["13800138000", "张", "三"], UNSENT)])

    assert set(judged(files[name]).rejected) == {2}


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_piece_of_a_row_is_rejected_again_when_it_is_dropped_as_it_is(name: str) -> None:
    files = written([(["13800138000", "张"], replace(UNSENT, is_torn=True))])

    assert set(judged(files[name]).rejected) == {2}


def test_of_what_was_mended_and_comes_back_unsent_only_the_last_reason_is_given() -> None:
    columns = ["手机号", "smsdrop_reason", "name"]

    files = written([(["1", "an older one", "a"], UNSENT)], columns)

    assert table(files[UNSENT_ROWS]) == [[*COLUMNS, "smsdrop_reason"], ["1", "a", "why"]]
    assert table(files[RESULTS])[0] == [*columns, *OUR_COLUMNS]


def test_the_reason_is_no_param_when_the_mended_file_is_dropped() -> None:
    files = written([(["13800138000", "007"], UNSENT), (["oops", "a"], UNSENT)])

    for name in (UNSENT_ROWS, UNSENT_WORKBOOK):
        with open_recipient_file(BytesIO(files[name])) as file:
            header = read_header(file.header)
        assert (header.params, header.statuses, header.evidence) == (((1, "name"),), (), ())
        assert judged(files[name]).accepted == [["13800138000", "007"]]


@pytest.mark.parametrize("name", [RESULTS, RESULTS_WORKBOOK])
def test_a_report_is_known_by_its_columns_when_it_is_dropped(name: str) -> None:
    files = written([(["13800138000", "a"], SENT), (["13800138001", "+1"], UNSENT)])

    with open_recipient_file(BytesIO(files[name])) as file:
        header = read_header(file.header)

    assert header.params == ((1, "name"),)
    assert [header.columns[each] for each in header.statuses] == ["smsdrop_status"]
    assert [header.columns[each] for each in header.evidence] == [
        "smsdrop_biz_id",
        "smsdrop_sent_at",
        "smsdrop_delivery",
        "smsdrop_delivered_at",
    ]
    outcome = judged(files[name])
    assert (outcome.accepted, outcome.duplicates) == ([["13800138001", "+1"]], {2: 2})


@pytest.mark.parametrize("name", [RESULTS, UNSENT_ROWS])
def test_a_csv_file_begins_as_excel_knows_utf_8(name: str) -> None:
    content = written([])[name]

    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")


@pytest.mark.parametrize("beginning", [*"=+-@\t\r\n", *"＝＋－＠"])
def test_a_cell_that_a_spreadsheet_would_run_is_kept_from_running(beginning: str) -> None:
    cell = f"{beginning}SUM(A1)"

    files = written([([cell, cell], UNSENT)], [cell, "phone"])

    [heading, row] = csv.reader(StringIO(files[RESULTS].decode("utf-8-sig"), newline=""))
    assert heading[0] == row[0] == row[1] == f"'{cell}"
    assert workbook(files[RESULTS_WORKBOOK])[1][:2] == [cell, cell]


def test_what_the_provider_said_is_disarmed_too() -> None:
    fate = Fate(status="refused", reason="=1+1", batch_id="b1", biz_id="@1+1", is_unsent=True)

    files = written([(["1", "a"], fate)])

    assert table(files[RESULTS])[1][2:] == ["2", "refused", "'=1+1", "b1", "'@1+1", *[""] * 4]
    assert table(files[UNSENT_ROWS])[1][2:] == ["'=1+1"]


cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=8).map(without_text_marks)


@given(st.lists(st.tuples(cells, cells, cells).map(list), max_size=10))
def test_the_unsent_files_can_be_dropped_in_again_whatever_their_cells(
    rows: list[list[str]],
) -> None:
    """They may come from any format, and hold what CSV has to quote."""
    columns = [*COLUMNS, "a,b;c\td|e，f"]
    files = written([(row, UNSENT) for row in rows], columns)

    for name in (UNSENT_ROWS, UNSENT_WORKBOOK):
        with open_recipient_file(BytesIO(files[name])) as file:
            assert file.header == [*columns, "smsdrop_reason"]
            assert [read for _, read in rows_of(file.blocks)] == [[*row, "why"] for row in rows]


def test_long_files_come_in_parts_and_have_no_workbook() -> None:
    files = written([([str(number), "a"], UNSENT) for number in range(3)], limits=FEW)

    assert set(files) == {RESULTS, "results-2.csv", UNSENT_ROWS, "unsent-2.csv"}
    assert [len(table(files[name])) for name in ("results-2.csv", "unsent-2.csv")] == [2, 2]


def test_the_few_unsent_rows_of_a_long_file_are_a_workbook() -> None:
    files = written([(["1", "a"], SENT)] * 3 + [(["2", "b"], UNSENT)], limits=FEW)

    assert workbook(files[UNSENT_WORKBOOK])[1:] == [["2", "b", "why"]]
    assert RESULTS_WORKBOOK not in files


def test_a_report_that_is_written_again_leaves_nothing_of_the_one_before() -> None:
    folder = Folder()
    written([(["1", "a"], UNSENT)] * 5, folder=folder, limits=FEW)

    files = written(
        [(["1", "a"], SENT)] * 4 + [(["2", "b"], UNSENT)],
        folder=folder,
        limits=FEW,
        is_again=True,
    )

    unsent = [table(files[name])[1:] for name in (UNSENT_ROWS, "unsent-2.csv", "unsent-3.csv")]
    assert unsent == [[["2", "b", "why"]], [], []]
    assert len(workbook(files[UNSENT_WORKBOOK])) == 2


def test_a_workbook_that_has_become_too_large_says_where_its_rows_are() -> None:
    folder = Folder()
    written([(["1", "a"], SENT)] * 3, folder=folder, limits=FEW)

    files = written([(["1", "a"], UNSENT)] * 3, folder=folder, limits=FEW, is_again=True)

    [heading, [notice]] = workbook(files[UNSENT_WORKBOOK])
    assert (heading, "unsent.csv" in notice) == (["smsdrop_reason"], True)


def test_who_is_refused_for_good_is_on_a_list_of_those_alone() -> None:
    out = replace(UNSENT, is_opted_out=True)
    rows = [(["1", "a"], UNSENT), (["13800138000", "b"], out), (["forgotten", "c"], out)]

    files = written(rows)

    assert table(files[OPTED_OUT])[1:] == [["13800138000", "3", "why"]]
    assert len(table(files[UNSENT_ROWS])) == 4


def test_whom_the_carrier_refuses_for_good_is_on_it_too() -> None:
    out = replace(UNDELIVERED, cause="blacklisted", is_opted_out=True)

    files = with_receipts([(["1", "a"], UNDELIVERED), (["13800138000", "b"], out)])

    assert table(files[OPTED_OUT])[1:] == [["13800138000", "3", "blacklisted"]]


@pytest.mark.parametrize("had", [True, False])
def test_a_list_of_nobody_is_written_only_over_an_earlier_one(*, had: bool) -> None:
    folder = Folder()
    with result_files(
        COLUMNS,
        rows=1,
        language="en",
        open_file=folder.open_file,
        is_again=True,
        has_opted_out=lambda: had,
    ) as files:
        files.add(2, ["1", "a"], SENT)

    assert (OPTED_OUT in folder.files) == had
    assert not had or len(table(folder.files[OPTED_OUT])) == 1


def break_off(folder: Folder) -> None:
    with result_files(COLUMNS, rows=1, language="en", open_file=folder.open_file) as files:
        files.add(2, ["1", "a"], UNSENT)
        raise KeyError


def test_a_report_that_is_broken_off_leaves_no_file() -> None:
    folder = Folder()

    with pytest.raises(KeyError):
        break_off(folder)

    assert folder.files == {}


def test_a_report_of_few_rows_is_all_four_files() -> None:
    assert set(written([])) == ALL


UNDELIVERED = RowReceipt(word="undelivered", code="NO_ROUTE", cause="no route")
DELIVERED = RowReceipt(word="delivered", code="DELIVERED", delivered_at="2026-01-02 11:04:05")


def with_receipts(
    rows: Sequence[tuple[list[str], RowReceipt]],
    columns: Sequence[str] = COLUMNS,
    *,
    folder: Folder | None = None,
    limits: Limits | None = None,
) -> dict[str, bytes]:
    """Return the files of a report that is written again, of rows that were all sent."""
    folder = folder or Folder()
    with result_files(
        columns,
        rows=len(rows),
        language="en",
        open_file=folder.open_file,
        is_again=True,
        has_receipts=True,
        limits=limits or Limits(),
    ) as files:
        for number, (cells, receipt) in enumerate(rows, start=2):
            files.add(number, cells, SENT, receipt)
    return folder.files


def test_a_row_has_what_the_carrier_says_behind_when_it_was_sent() -> None:
    files = with_receipts([(["1", "a"], DELIVERED), (["2", "b"], UNDELIVERED), (["3"], NOT_ASKED)])

    for rows in (table(files[RESULTS]), workbook(files[RESULTS_WORKBOOK])):
        assert [row[-3:] for row in rows[1:]] == [
            ["delivered", "DELIVERED", "2026-01-02 11:04:05"],
            ["undelivered", "NO_ROUTE", ""],
            ["", "", ""],
        ]


def test_the_undelivered_alone_are_in_their_files_with_the_cause_last() -> None:
    files = with_receipts([(["1", "a"], DELIVERED), (["2", "b"], UNDELIVERED)])

    rows = [[*COLUMNS, "smsdrop_reason"], ["2", "b", "no route"]]
    assert table(files[UNDELIVERED_ROWS]) == workbook(files[UNDELIVERED_WORKBOOK]) == rows
    assert table(files[UNSENT_ROWS])[1:] == []


@pytest.mark.parametrize("name", [UNDELIVERED_ROWS, UNDELIVERED_WORKBOOK])
def test_the_undelivered_can_be_dropped_again_as_they_are(name: str) -> None:
    files = with_receipts([(["13800138000", "007"], UNDELIVERED)])

    assert judged(files[name]).accepted == [["13800138000", "007"]]


def test_an_undelivered_row_of_the_results_is_no_second_text_when_these_are_dropped() -> None:
    files = with_receipts([(["13800138000", "a"], UNDELIVERED)])

    assert judged(files[RESULTS]).duplicates == {2: 2}


def test_what_a_carrier_says_is_run_by_no_spreadsheet() -> None:
    hostile = RowReceipt(word="undelivered", code="=1+1", cause="=1+1")

    files = with_receipts([(["1", "a"], hostile)])

    assert table(files[RESULTS])[1][-2] == table(files[UNDELIVERED_ROWS])[1][-1] == "'=1+1"


def test_of_many_undelivered_none_is_left_where_they_were_before() -> None:
    folder, limits = Folder(), Limits(rows_each=1, workbook_rows=1)
    rows = [["1", "a"], ["2", "b"]]
    with_receipts([(each, UNDELIVERED) for each in rows], folder=folder, limits=limits)
    assert "undelivered.csv" in str(workbook(folder.files[UNDELIVERED_WORKBOOK]))

    with_receipts([(each, DELIVERED) for each in rows], folder=folder, limits=limits)

    parts = [UNDELIVERED_ROWS, "undelivered-2.csv"]
    assert [table(folder.files[each])[1:] for each in parts] == [[], []]
