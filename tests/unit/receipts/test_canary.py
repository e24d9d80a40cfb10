"""Whether the others may follow those who went ahead, by what the carriers say of these."""

import pytest

from smsdrop.reason_texts import TEXTS
from smsdrop.receipts.canary import (
    BAD,
    FIRST_LOOK_SECONDS,
    GOOD,
    NO_CANARY,
    PATIENCE_SECONDS,
    CanaryCounts,
)
from tests.support.samples import NOW

ENDED = NO_CANARY.ended(at=NOW)
LOOKED_AT = NOW + FIRST_LOOK_SECONDS
ALL_GOOD = CanaryCounts(tried=10, delivered=10, undelivered=0)
HALF_BAD = CanaryCounts(tried=10, delivered=5, undelivered=5)


@pytest.mark.parametrize(
    ("tried", "delivered", "undelivered", "word"),
    [
        pytest.param(100, 79, 0, "", id="one too few is answered"),
        pytest.param(100, 80, 0, GOOD, id="just enough are answered"),
        pytest.param(100, 90, 10, GOOD, id="just enough were delivered"),
        pytest.param(100, 89, 11, BAD, id="one too few was delivered"),
        pytest.param(100, 72, 8, GOOD, id="of those who are answered just enough"),
        pytest.param(100, 71, 9, BAD, id="of those who are answered one too few"),
        pytest.param(100, 0, 100, BAD, id="nobody"),
        pytest.param(1, 1, 0, GOOD, id="one alone"),
        pytest.param(0, 0, 0, "", id="nobody was tried"),
    ],
)
def test_the_others_follow_by_shares_of_who_is_answered_and_who_was_delivered(
    tried: int, delivered: int, undelivered: int, word: str
) -> None:
    counts = CanaryCounts(tried=tried, delivered=delivered, undelivered=undelivered)

    assert counts.word(90) == word


@pytest.mark.parametrize(
    ("seconds", "is_due"),
    [
        (FIRST_LOOK_SECONDS - 1, False),
        (FIRST_LOOK_SECONDS, True),
        (PATIENCE_SECONDS - 1, True),
        (PATIENCE_SECONDS, False),
    ],
)
def test_receipts_are_looked_up_from_some_minutes_on_for_an_hour(
    seconds: float, *, is_due: bool
) -> None:
    assert ENDED.is_due(NOW + seconds) is is_due
    assert not NO_CANARY.is_due(NOW + seconds)


def test_nobody_is_asked_once_it_is_decided() -> None:
    decided = [
        ENDED.looked(ALL_GOOD, least_percent=90, at=LOOKED_AT),
        ENDED.looked(HALF_BAD, least_percent=90, at=LOOKED_AT),
        ENDED.resumed("me"),
    ]

    assert not any(each.is_due(LOOKED_AT) for each in decided)


def test_a_decision_is_not_changed_by_a_look_that_comes_later() -> None:
    bad = ENDED.looked(HALF_BAD, least_percent=90, at=LOOKED_AT)

    assert bad.looked(ALL_GOOD, least_percent=90, at=LOOKED_AT + 300) == bad
    assert bad.has_failed(LOOKED_AT)


def test_what_is_found_after_the_hour_does_not_let_the_others_follow() -> None:
    late = ENDED.looked(ALL_GOOD, least_percent=90, at=NOW + PATIENCE_SECONDS)

    assert not late.lets_others_follow
    assert late.has_failed(NOW + PATIENCE_SECONDS)


def test_while_too_few_are_answered_nothing_has_failed_before_the_hour_is_over() -> None:
    few = CanaryCounts(tried=10, delivered=1, undelivered=3)

    looked = ENDED.looked(few, least_percent=90, at=LOOKED_AT)

    assert (looked.canary_word, looked.unanswered) == ("", 6)
    assert not looked.has_failed(NOW + PATIENCE_SECONDS - 1)
    assert looked.has_failed(NOW + PATIENCE_SECONDS)


def test_where_nobody_may_ask_a_person_decides_at_once() -> None:
    unasked = ENDED.forbidden("isp.RAM_PERMISSION_DENY", at=LOOKED_AT)

    assert unasked.has_failed(LOOKED_AT)
    assert unasked.resumed("me").lets_others_follow
    assert not unasked.resumed("me").has_failed(NOW + PATIENCE_SECONDS)


def test_nobody_can_let_others_follow_before_those_ahead_are_at_their_end() -> None:
    assert NO_CANARY.resumed("me") == NO_CANARY
    assert not NO_CANARY.has_failed(NOW + PATIENCE_SECONDS)


def test_its_end_is_noted_once() -> None:
    assert ENDED.ended(at=NOW + 60) == ENDED


def test_the_first_who_decides_is_noted() -> None:
    assert ENDED.resumed("me").resumed("you").canary_resumed_by == "me"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_people_are_told_how_long_receipts_are_waited_for(language: str) -> None:
    an_hour = {"en": "an hour", "zh": "一小时"}[language]

    assert PATIENCE_SECONDS == 3600
    for code in ("waits_canary_failed", "waits_canary_unseen"):
        assert an_hour in TEXTS[code][language]
