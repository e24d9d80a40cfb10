"""What the provider's lists say about a recipient of an attempt in doubt."""

from datetime import date

import pytest

from smsdrop.alibaba.send_details import Listing, LookupFailed, LookupRefused, SendDetail
from smsdrop.ledger.batch_entry import BatchEntry, State, Timing, claimed
from smsdrop.sending.lookups import (
    Finding,
    Found,
    dates_of,
    found_in,
    look_up_some,
)
from tests.support.fakes import FakeProvider
from tests.support.gateway_caller import Clock
from tests.support.samples import KEY, NOW, batch_of

BATCH = batch_of(100)
TIMING = Timing(claim_seconds=3, call_seconds=16, settle_after_seconds=900)
MIDNIGHT = NOW - 0.25 + 13 * 3600


def claim(*, at: float = NOW, before: BatchEntry | None = None) -> BatchEntry:
    return claimed(BATCH, before, token="t", access_key_id=KEY.key_id, looked_at=at, timing=TIMING)


def row(**fields: object) -> SendDetail:
    values = {"out_id": "", "template_code": BATCH.template_code, "sent_at": NOW + 1, **fields}
    return SendDetail(**values)  # type: ignore[arg-type] # as a test says


@pytest.mark.parametrize(
    ("listing", "found"),
    [
        pytest.param(Listing(), Finding.ABSENT, id="nothing listed"),
        pytest.param(Listing(rows=(row(out_id=f"{BATCH.batch_id}-1"),)), frozenset({1}), id="ours"),
        pytest.param(Listing(rows=(row(out_id="others-1"),)), Finding.ABSENT, id="another call's"),
        pytest.param(Listing(rows=(row(),)), Finding.IN_DOUBT, id="no OutId, about the time"),
        pytest.param(Listing(rows=(row(sent_at=None),)), Finding.IN_DOUBT, id="no OutId, no time"),
        pytest.param(
            Listing(rows=(row(sent_at=NOW - 3600),)), Finding.ABSENT, id="no OutId, an hour before"
        ),
        pytest.param(
            Listing(rows=(row(sent_at=NOW + 3600),)), Finding.ABSENT, id="no OutId, an hour after"
        ),
        pytest.param(
            Listing(rows=(row(template_code="SMS_1"),)), Finding.ABSENT, id="another template's"
        ),
        pytest.param(
            Listing(is_complete=False), Finding.IN_DOUBT, id="more are counted than listed"
        ),
        pytest.param(
            Listing(rows=(row(out_id=f"{BATCH.batch_id}-1"),), is_complete=False),
            frozenset({1}),
            id="ours, though not all are listed",
        ),
        pytest.param(LookupFailed("no answer"), Finding.UNANSWERED, id="no answer"),
        pytest.param(LookupRefused("refused"), Finding.REFUSED, id="refused"),
    ],
)
def test_a_listing_says_something_about_a_recipient(
    listing: Listing | LookupFailed, found: Found
) -> None:
    assert found_in(listing, claim(), BATCH) == found


@pytest.mark.parametrize(
    ("at", "dates"),
    [
        pytest.param(NOW, [date(2026, 1, 2)], id="at eleven in the morning"),
        pytest.param(
            MIDNIGHT - 300, [date(2026, 1, 2), date(2026, 1, 3)], id="shortly before midnight"
        ),
        pytest.param(
            MIDNIGHT + 300, [date(2026, 1, 2), date(2026, 1, 3)], id="shortly after midnight"
        ),
        pytest.param(MIDNIGHT + 900, [date(2026, 1, 3)], id="a quarter of an hour after"),
    ],
)
def test_only_dates_are_asked_for_on_which_an_attempt_can_be_filed(
    at: float, dates: list[date]
) -> None:
    assert dates_of(claim(at=at), now=at + 9 * 24 * 3600) == dates


def test_a_doubt_of_an_entry_without_dates_is_asked_for_on_every_day_since() -> None:
    old = BatchEntry(batch_id=BATCH.batch_id, state="sending", first_claimed_at=NOW)  # type: ignore[arg-type] # as an earlier release wrote it

    assert dates_of(old, now=NOW + 2 * 24 * 3600) == [date(2026, 1, day) for day in (2, 3, 4)]


def test_shortly_before_midnight_the_next_day_is_asked_for_too() -> None:
    old = BatchEntry(batch_id=BATCH.batch_id, state=State.SENDING, first_claimed_at=MIDNIGHT - 900)

    assert dates_of(old, now=MIDNIGHT - 300) == [date(2026, 1, 2), date(2026, 1, 3)]


@pytest.mark.parametrize(("size", "places"), [(2, [0, 1]), (5, [0, 1, 2, 3, 4]), (100, None)])
def test_a_few_recipients_are_looked_up_spread_over_the_batch(
    size: int, places: list[int] | None
) -> None:
    batch = batch_of(size)
    provider = FakeProvider(clock=Clock(NOW))

    look_up_some(claim(), batch, provider, key=KEY, now=NOW)

    asked = [number for number, _, _ in provider.lookups]
    expected = [0, 25, 50, 74, 99] if places is None else places
    assert asked == [batch.phone_numbers[place] for place in expected]
