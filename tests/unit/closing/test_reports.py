"""The result files: what a spreadsheet makes of them, and what dropping them in again does."""

import csv
import json
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.batches.plan import PlannedRow
from smsdrop.closing.reports import (
    OUR_COLUMNS,
    Fate,
    ResultFiles,
    Totals,
    disarmed,
    fate_of,
    fates_of_rows,
    summary,
)
from smsdrop.closing.row_outcomes import RowOutcomes
from smsdrop.drops import beijing_time_of
from smsdrop.files.recipient_file import open_recipient_file
from smsdrop.files.text.csv_rows import without_text_marks
from smsdrop.ledger.batch_entry import State, untouched
from smsdrop.ledger.terms import NO_TERMS, Terms
from smsdrop.reasons import Reason
from smsdrop.recipients.header import read_header
from smsdrop.validation.report_columns import DISARMED
from tests.support.blocks import rows_of
from tests.support.samples import NOW, batch_of, campaign

COLUMNS = ["手机号", "name"]
UNSENT = Fate(status="rejected", reason="why", is_unsent=True)
SENT = Fate(status="sent", batch_id="b1", biz_id="1^0", sent_at="2026-01-02T03:04:05Z")


def result_files(
    rows: Sequence[tuple[list[str], Fate]], columns: Sequence[str] = COLUMNS
) -> tuple[bytes, bytes]:
    """Return `results.csv` and `unsent.csv`."""
    results, unsent = BytesIO(), BytesIO()
    files = ResultFiles(results, unsent, columns)
    for cells, fate in rows:
        files.add(cells, fate)
    return results.getvalue(), unsent.getvalue()


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    ("state", "accepted", "reason"),
    [
        pytest.param(State.REFUSED, (), "isv.X", id="refused"),
        pytest.param(State.SENT, (1,), "", id="sent"),
        pytest.param(State.SENT, (1, 2), Reason("sent_twice").text("en"), id="sent twice"),
    ],
)
def test_a_row_says_why_it_was_not_sent_or_sent_twice(
    state: State, accepted: tuple[int, ...], reason: str
) -> None:
    entry = replace(untouched(batch_of(1), at=NOW), state=state, accepted=accepted, code="isv.X")

    assert fate_of(entry, language="en").reason == reason


@pytest.mark.parametrize(
    ("state", "accepted", "is_unsent"),
    [
        pytest.param(State.REFUSED, (), True, id="refused"),
        pytest.param(State.CANCELLED, (), True, id="cancelled"),
        pytest.param(State.REFUSED, (1,), False, id="refused, but listed later on"),
        pytest.param(State.UNCONFIRMED, (), False, id="unconfirmed"),
        pytest.param(State.SENT, (1,), False, id="sent"),
    ],
)
def test_only_who_was_provably_not_texted_is_to_be_dropped_in_again(
    state: State, accepted: tuple[int, ...], is_unsent: bool
) -> None:
    entry = replace(untouched(batch_of(1), at=NOW), state=state, accepted=accepted)

    assert fate_of(entry, language="en").is_unsent == is_unsent


def test_codes_are_those_of_texts_that_were_not_sent() -> None:
    totals = Totals()
    for state in (State.SENT, State.REFUSED, State.SPLIT):
        totals.add(replace(untouched(batch_of(3), at=NOW), state=state, code=f"code of {state}"))

    assert totals.codes == {"code of refused": 3}


def test_results_keep_the_users_own_columns_before_ours() -> None:
    results, _ = result_files([(["138 0013 8000", " 张三 "], SENT), (["1"], UNSENT)])

    assert table(results) == [
        [*COLUMNS, *OUR_COLUMNS],
        ["138 0013 8000", " 张三 ", "sent", "", "b1", "1^0", "2026-01-02T03:04:05Z"],
        ["1", "", "rejected", "why", "", "", ""],
    ]


def test_what_is_beyond_the_users_columns_comes_after_ours() -> None:
    results, unsent = result_files([(["1", "张三", "=surplus"], UNSENT)])

    assert table(results)[1] == ["1", "张三", "rejected", "why", "", "", "", "'=surplus"]
    assert table(unsent) == [COLUMNS, ["1", "张三", "=surplus"]]


@pytest.mark.parametrize("columns", [COLUMNS, ["phone"]])
def test_both_files_begin_as_excel_knows_utf_8(columns: list[str]) -> None:
    for content in result_files([], columns):
        assert content.startswith(b"\xef\xbb\xbf")
        assert content.endswith(b"\r\n")


@pytest.mark.parametrize("beginning", [*"=+-@\t\r\n", *"＝＋－＠"])
def test_a_cell_that_a_spreadsheet_would_run_is_disarmed_in_the_results(beginning: str) -> None:
    cell = f"{beginning}1+1"

    results, unsent = result_files([([cell, cell], UNSENT)], columns=[cell, "phone"])

    assert table(results)[0][0] == table(results)[1][0] == table(results)[1][1] == f"'{cell}"
    assert table(unsent) == [[cell, "phone"], [cell, cell]]


def test_what_the_provider_said_is_disarmed_in_the_results_too() -> None:
    fate = Fate(status="refused", reason="=1+1", batch_id="b1", biz_id="@1+1")

    results, _ = result_files([(["1", "a"], fate)])

    assert table(results)[1] == ["1", "a", "refused", "'=1+1", "b1", "'@1+1", ""]


@pytest.mark.parametrize("cell", ["13800138000", "1,234.50", "007", "a=b", " =1", "张三"])
def test_any_other_cell_is_as_it_was(cell: str) -> None:
    results, _ = result_files([([cell, cell], UNSENT)])

    assert table(results)[1][:2] == [cell, cell]


def test_only_what_was_not_sent_is_in_the_unsent_file() -> None:
    _, unsent = result_files([(["1", "a"], SENT), (["2", "b"], UNSENT)])

    assert table(unsent) == [COLUMNS, ["2", "b"]]


cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=8).map(without_text_marks)


@given(st.lists(st.tuples(cells, cells, cells).map(list), max_size=10))
def test_the_unsent_file_can_be_dropped_in_again_whatever_its_cells(rows: list[list[str]]) -> None:
    """They may come from any format, and hold what CSV has to quote."""
    columns = [*COLUMNS, "a,b;c\td|e，f"]
    _, unsent = result_files([(row, UNSENT) for row in rows], columns)

    with open_recipient_file(BytesIO(unsent)) as file:
        assert file.header == columns
        assert [read for _, read in rows_of(file.blocks)] == rows


def test_a_report_of_a_report_undoes_what_keeps_formulas_from_running() -> None:
    assert all(disarmed(each).startswith(DISARMED) for each in "=+-@\t\r\n＝＋－＠")


def test_a_report_is_known_by_its_columns_when_it_is_dropped() -> None:
    results, _ = result_files([(["1", "a"], SENT)])

    with open_recipient_file(BytesIO(results)) as file:
        header = read_header(file.header)

    assert header.params == ((1, "name"),)
    assert [header.columns[each] for each in header.statuses] == ["smsdrop_status"]
    assert [header.columns[each] for each in header.evidence] == [
        "smsdrop_biz_id",
        "smsdrop_sent_at",
    ]


def test_a_row_that_was_had_names_the_campaign_and_when_that_was_dropped_in_beijing() -> None:
    first = "20260102T170405Z-0123456789abcdef"
    why = Reason("had_before", (first, beijing_time_of(first)))
    row = PlannedRow(row=7, cells=["13800000000"], duplicate_of=0, because=why)

    [(_, english)] = fates_of_rows([row], RowOutcomes("c", ()), language="en")
    [(_, chinese)] = fates_of_rows([row], RowOutcomes("c", ()), language="zh")

    assert (english.status, english.is_unsent) == ("duplicate", False)
    assert english.reason.startswith(f"Campaign {first}, dropped on 2026-01-03 01:04 Beijing time,")
    assert chinese.reason.startswith(f"批次 {first}（北京时间 2026-01-03 01:04 上传）")


@pytest.mark.parametrize(
    ("terms", "settings"),
    [
        pytest.param(NO_TERMS, None, id="none"),
        pytest.param(
            Terms(start_at=NOW, until_at=NOW + 3600),
            {
                "start": "2026-01-02 11:00",
                "until": "2026-01-02 12:00",
                "window": "",
                "approve": "no",
            },
            id="a start and an end, as Beijing's times",
        ),
        pytest.param(
            Terms(windows=("0900-2200", "0800-2000"), needs_approval=True),
            {"start": "", "until": "", "window": "0900-2200, 0800-2000", "approve": "yes"},
            id="hours, and an approval",
        ),
    ],
)
def test_a_summary_says_what_holds_the_campaign_back(
    terms: Terms, settings: dict[str, str] | None
) -> None:
    fields: dict[str, Any] = json.loads(summary(campaign(terms=terms), Totals(), language="en"))

    assert fields.get("settings") == settings
