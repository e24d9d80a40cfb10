"""A notice says what a person needs to know, and nothing that a group must not see."""

from dataclasses import replace

import pytest

from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.terms import Terms
from smsdrop.reasons import Reason
from smsdrop.receipts.canary import Canary
from smsdrop.receipts.looks import Looks
from smsdrop.telling.due import (
    CANCELLED,
    CLOSED,
    HALTED,
    HELD,
    PLANNED,
    RECEIPTS,
    REFUSED,
    STUCK,
)
from smsdrop.telling.notices import LINES, LONGEST_WORDS, Wording, harmless
from tests.support.samples import CAMPAIGN_ID, NOW, campaign

COUNTS = Counts(rows=12, accepted=9, duplicates=2, rejected=1, sent=7, refused=1, cancelled=1)
PLANNED_ONE = campaign(plan="work/", counts=COUNTS, template_code="SMS_154950909")
FOLDER = f"reports/SMS_154950909/云通信/july.csv/{CAMPAIGN_ID}/"

AHEAD = Terms(canary_recipients=100, canary_batches=1, canary_percent=90)

EXAMPLES: dict[str, Campaign] = {
    PLANNED: PLANNED_ONE,
    "paused": replace(PLANNED_ONE, status=Status.HELD, held_for="paused"),
    "held_approval": replace(PLANNED_ONE, status=Status.HELD, held_for="approval"),
    "held_start": replace(
        PLANNED_ONE, status=Status.HELD, held_for="start", terms=Terms(start_at=NOW + 3600)
    ),
    "held_window": replace(
        PLANNED_ONE, status=Status.HELD, held_for="window", terms=Terms(windows=("2000-2100",))
    ),
    "held_lists": campaign(
        status=Status.PARSING,
        held_for="lists",
        problems=(Reason("list_of_no_numbers", ("promo/13800138000.csv", "2", "3")),),
    ),
    "held_canary": replace(
        PLANNED_ONE,
        status=Status.HELD,
        held_for="canary_failed",
        terms=AHEAD,
        canary=Canary(
            canary_ended_at=NOW - 600,
            canary_as_of=NOW,
            canary_tried=100,
            canary_delivered=47,
            canary_undelivered=48,
            canary_word="bad",
        ),
    ),
    HALTED: replace(PLANNED_ONE, halt_code="isv.SMS_TEMPLATE_ILLEGAL"),
    CANCELLED: replace(PLANNED_ONE, halt_code="smsdrop.Cancelled"),
    STUCK: replace(PLANNED_ONE, alerted_at=NOW, failures=3),
    REFUSED: campaign(status=Status.REFUSED, reason=Reason("no_recipients"), is_open=False),
    CLOSED: replace(PLANNED_ONE, status=Status.CLOSED),
    RECEIPTS: replace(
        PLANNED_ONE,
        status=Status.CLOSED,
        looks=Looks(receipts_from=NOW, receipts_as_of=NOW, delivered=4, undelivered=2),
    ),
}
TO_TYPE = {
    PLANNED: ("pause", "cancel"),
    "paused": ("resume", "cancel"),
    "held_approval": ("approve", "cancel"),
    "held_start": ("cancel",),
    "held_window": ("cancel",),
    "held_canary": ("resume", "cancel"),
    STUCK: ("pause", "cancel"),
}


def said(code: str, language: str = "en", of: Campaign | None = None) -> str:
    wording = Wording(stack="smsdrop-prod", language=language)
    return wording.notice(of or EXAMPLES[code], code, now=NOW).text


def test_there_is_an_example_of_every_notice() -> None:
    assert set(EXAMPLES) == set(LINES)
    assert set(HELD.values()) <= set(EXAMPLES)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("code", LINES)
def test_every_notice_names_stack_file_campaign_and_where_the_report_is(
    code: str, language: str
) -> None:
    text = said(code, language)

    assert text.splitlines()[0].startswith("smsdrop smsdrop-prod")
    assert "SMS_154950909/云通信/july.csv" in text.splitlines()[0]
    assert FOLDER in text
    assert "files" in text
    assert any("\u4e00" <= each <= "\u9fff" for each in text.replace("云通信", "")) == (
        language == "zh"
    )


@pytest.mark.parametrize("code", TO_TYPE)
def test_a_notice_says_what_to_type(code: str) -> None:
    for order in TO_TYPE[code]:
        assert f"orders/{order}/{CAMPAIGN_ID}" in said(code)


@pytest.mark.parametrize("code", [each for each in LINES if each not in (REFUSED, "held_lists")])
def test_a_notice_has_the_counts_of_a_judged_file(code: str) -> None:
    assert "Rows: 12, of which accepted 9, duplicate 2, rejected 1." in said(code)


def test_a_notice_of_a_list_that_cannot_be_used_names_it_and_no_number() -> None:
    text = said("held_lists")

    assert "The suppression list promo/" in text
    assert "13800138000" not in text


def test_a_notice_of_a_list_that_holds_a_judged_file_names_it_and_has_the_counts() -> None:
    held = PLANNED_ONE.held_for_lists((Reason("list_unusable", ("vip.csv",)),), reason="lists")

    text = said("held_lists", of=replace(held, plan="work/plan/"))

    assert "The suppression list vip.csv cannot be used" in text
    assert "Rows: 12, of which accepted 9" in text


def test_a_notice_says_how_many_were_suppressed_if_any_were() -> None:
    some = replace(PLANNED_ONE, counts=Counts(rows=3, accepted=1, suppressed=2))

    assert "On suppression lists, and not sent to: 2." in said(PLANNED, of=some)
    assert "suppression" not in said(PLANNED)


def test_the_last_notice_says_what_became_of_all() -> None:
    assert "Sent 7, refused 1, cancelled 1, unconfirmed 0." in said(CLOSED)
    assert "unsent.csv" in said(CLOSED)
    done = replace(EXAMPLES[CLOSED], counts=Counts(rows=1, accepted=1, sent=1))
    assert "unsent.csv" not in said(CLOSED, of=done)


def test_the_notice_of_receipts_says_who_got_the_texts_and_where_the_others_are() -> None:
    assert "Of 7 sent: delivered 4, undelivered 2, without a receipt 1." in said(RECEIPTS)
    assert "已发送 7 条：已送达 4，未送达 2，无回执 1。" in said(RECEIPTS, "zh")
    assert "undelivered.csv" in said(RECEIPTS)
    looks = replace(EXAMPLES[RECEIPTS].looks, undelivered=0)
    assert "undelivered.csv" not in said(RECEIPTS, of=replace(EXAMPLES[RECEIPTS], looks=looks))


def test_a_notice_of_a_halt_or_a_refusal_says_why() -> None:
    assert Reason("isv.SMS_TEMPLATE_ILLEGAL").text("en") in said(HALTED)
    assert Reason("no_recipients").text("zh") in said(REFUSED, "zh")
    halted = replace(EXAMPLES[CLOSED], reason=Reason("smsdrop.TooOld"))
    assert Reason("smsdrop.TooOld").text("en") in said(CLOSED, of=halted)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        pytest.param("july.csv", "july.csv", id="a name"),
        pytest.param("13800138000.csv", "·······8000.csv", id="a number"),
        pytest.param("+8613800138000", "+·········8000", id="with the country code"),
        pytest.param("138 0013 8000, 138-0013-8000", "·········8000, ·········8000", id="parted"),
        pytest.param("１３８００１３８０００", "·······８０００", id="wide digits"),
        pytest.param("20261201-2000 和 12345678", "20261201-2000 和 12345678", id="dates, codes"),
        pytest.param(CAMPAIGN_ID, CAMPAIGN_ID, id="a campaign"),
        pytest.param("20260102T030405Z-1234567890123456", "20260102T030405Z-1234567890123456",
                     id="one all of digits"),
        pytest.param("[点我](https://x)", "［点我］(https：//x)", id="a link"),
        pytest.param('<at user_id="all">', '＜at user_id="all"＞', id="a call to all of Feishu"),
        pytest.param("<@all>", "＜＠all＞", id="a call to all of WeCom"),
        pytest.param("a\nb\x1b", "a b ", id="control characters"),
    ],
)  # fmt: skip
def test_what_a_dropper_writes_shows_no_number_and_is_no_mark(written: str, shown: str) -> None:
    assert harmless(written) == shown


def test_long_words_are_cut() -> None:
    assert len(harmless("长" * 1000)) == LONGEST_WORDS


def test_a_number_in_the_files_name_or_its_first_row_is_in_no_notice() -> None:
    refused = replace(
        EXAMPLES[REFUSED],
        key="incoming/SMS_1/云通信/13800138000.csv",
        reason=Reason("no_recipient_column", ("13800138000", "139 0013 8000")),
    )

    for code in (REFUSED, CLOSED):
        text = said(code, of=refused)
        assert "1380013" not in text.replace(" ", "")
        assert "1390013" not in text.replace(" ", "")
        assert f"/{CAMPAIGN_ID}/" in text


def test_the_title_is_plain_and_short_enough_for_sns() -> None:
    wording = Wording(stack="s" * 128, language="zh")
    notice = wording.notice(EXAMPLES["held_start"], "held_start", now=NOW)

    one, two = wording.subject((notice,)), wording.subject((notice, notice))

    assert one.endswith(": held, start")
    assert two.endswith(": 2 notices")
    for each in (one, two):
        assert each.isascii()
        assert len(each) < 100


@pytest.mark.parametrize("language", ["en", "zh"])
def test_who_went_ahead_in_vain_is_told_with_the_figures(language: str) -> None:
    text = said("held_canary", language)

    for figure in ("100", "47", "48", "5", "80", "90"):
        assert figure in text


def test_it_is_told_that_some_go_ahead() -> None:
    ahead = replace(PLANNED_ONE, terms=AHEAD)

    assert "The first 100 recipients go ahead" in said(PLANNED, of=ahead)
    assert "go ahead" not in said(PLANNED)
