"""What became of a row, as a person reads it."""

from dataclasses import replace

import pytest

from smsdrop.batches.plan import JUDGED_ONLY, PlannedRow
from smsdrop.closing.results.fates import fate_of, fates_of_rows
from smsdrop.closing.row_outcomes import RowOutcomes
from smsdrop.drops import beijing_time_of
from smsdrop.ledger.batch_entry import State, kept_from, untouched
from smsdrop.reasons import Reason
from tests.support.samples import CAMPAIGN_ID, NOW, batch_of


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


@pytest.mark.parametrize(
    ("state", "code", "is_opted_out"),
    [
        pytest.param(State.REFUSED, "isv.CUSTOMER_REFUSED", True, id="unsubscribed"),
        pytest.param(State.REFUSED, "isv.MOBILE_NUMBER_ILLEGAL", False, id="no number"),
        pytest.param(State.CANCELLED, "isv.CUSTOMER_REFUSED", False, id="never called"),
    ],
)
def test_who_is_refused_for_good_has_opted_out(
    state: State, code: str, *, is_opted_out: bool
) -> None:
    entry = replace(untouched(batch_of(1), at=NOW), state=state, code=code)

    assert fate_of(entry, language="en").is_opted_out == is_opted_out


def test_who_was_listed_before_the_call_is_refused_and_not_to_be_dropped_in_again() -> None:
    fate = fate_of(kept_from(batch_of(1), None, [0], at=NOW), language="en")

    assert (fate.status, fate.is_unsent) == ("refused", False)
    assert fate.reason.startswith("The number was put on a suppression list")


def test_a_row_that_was_had_names_the_campaign_and_when_that_was_dropped_in_beijing() -> None:
    first = "20260102T170405Z-0123456789abcdef"
    why = Reason("had_before", (first, beijing_time_of(first)))
    row = PlannedRow(row=7, cells=["13800000000"], duplicate_of=0, because=why)

    [(_, english, _)] = fates_of_rows([row], RowOutcomes("c", ()), language="en")
    [(_, chinese, _)] = fates_of_rows([row], RowOutcomes("c", ()), language="zh")

    assert (english.status, english.is_unsent) == ("duplicate", False)
    assert english.reason.startswith(f"Campaign {first}, dropped on 2026-01-03 01:04 Beijing time,")
    assert chinese.reason.startswith(f"任务 {first}（北京时间 2026-01-03 01:04 上传）")


@pytest.mark.parametrize(
    ("language", "status", "sent_at"),
    [
        pytest.param("en", "sent", "2026-01-02 11:00:00 +08:00", id="English"),
        pytest.param("zh", "已发送", "2026-01-02 11:00:00", id="Chinese"),
    ],
)
def test_status_and_time_are_said_in_the_language_of_the_stack_and_in_beijings_time(
    language: str, status: str, sent_at: str
) -> None:
    entry = replace(untouched(batch_of(1), at=NOW), state=State.SENT, accepted=(1,), ended_at=NOW)

    fate = fate_of(entry, language=language)

    assert (fate.status, fate.sent_at) == (status, sent_at)


@pytest.mark.parametrize("state", [State.REFUSED, State.UNCONFIRMED, State.CANCELLED])
def test_only_what_was_sent_has_a_time(state: State) -> None:
    entry = replace(untouched(batch_of(1), at=NOW), state=state, ended_at=NOW)

    assert fate_of(entry, language="en").sent_at == ""


def test_rows_without_a_batch_are_told_apart_in_chinese_too() -> None:
    rows = [
        PlannedRow(row=2, cells=["1"], rejected=Reason("phone_missing")),
        PlannedRow(row=3, cells=["1"], duplicate_of=2),
        PlannedRow(row=4, cells=["1"], position=JUDGED_ONLY),
        PlannedRow(
            row=5,
            cells=["1"],
            duplicate_of=0,
            because=Reason("suppressed", ("vip.csv",)),
            is_suppressed=True,
        ),
    ]

    fates = [fate for _, fate, _ in fates_of_rows(rows, RowOutcomes("c", ()), language="zh")]

    assert [each.status for each in fates] == ["未通过检查", "重复", "已取消", "已退订"]
    assert [each.is_unsent for each in fates] == [True, False, True, False]
    assert fates[3].reason == "该号码在退订名单 vip.csv 中，因此不发送。"


@pytest.mark.parametrize(
    ("code", "is_torn"), [("row_torn", True), ("phone_missing", False), ("cells_surplus", False)]
)
def test_a_row_that_is_a_piece_of_one_is_known_as_such(code: str, is_torn: bool) -> None:
    row = PlannedRow(row=2, cells=["13800138000", "张"], rejected=Reason(code, ("3", "2")))

    [(_, fate, _)] = fates_of_rows([row], RowOutcomes("c", ()), language="en")

    assert fate.is_torn == is_torn


def test_the_rows_of_a_batch_share_their_fate() -> None:
    batch = batch_of(2)
    entry = replace(untouched(batch, at=NOW), state=State.SENT, accepted=(1,), ended_at=NOW)
    rows = [PlannedRow(row=row, cells=["1"], position=1) for row in (2, 3)]

    (_, one, _), (_, other, _) = fates_of_rows(
        rows, RowOutcomes(CAMPAIGN_ID, [entry]), language="en"
    )

    assert one is other
