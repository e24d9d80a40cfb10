"""How long a message waits: never no time at all, and never more than an hour by itself."""

import pytest

from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.sending.deferral import Deferral
from tests.support.samples import CAMPAIGN_ID, NOW

EARLIEST = Deferral(clock=lambda: NOW, jitter=lambda: 0)
LATEST = Deferral(clock=lambda: NOW, jitter=lambda: 1)


def in_doubt(*, settle_after: float) -> BatchEntry:
    return BatchEntry(
        batch_id=f"{CAMPAIGN_ID}-000001", state=State.SENDING, settle_after=settle_after
    )


def test_no_message_comes_back_at_once() -> None:
    """The queue counts whole seconds: half of one is none."""
    waits = [
        EARLIEST.growing("why", receive_count=0),
        EARLIEST.after(0, "why"),
        EARLIEST.after(-7, "why"),
        EARLIEST.until_settled(in_doubt(settle_after=NOW + 0.2)),
    ]

    assert [each.seconds for each in waits] == [1, 1, 1, 1]


@pytest.mark.parametrize("seconds", [1, 20, 900])
def test_messages_that_wait_for_the_same_time_come_back_one_after_the_other(seconds: float) -> None:
    waits = (EARLIEST.after(seconds, "why").seconds, LATEST.after(seconds, "why").seconds)

    assert waits == (seconds, seconds * 1.5)


@pytest.mark.parametrize(
    ("receive_count", "seconds"),
    [(1, (1, 2)), (2, (2, 4)), (11, (1024, 2048)), (12, (1800, 3600)), (1000, (1800, 3600))],
)
def test_a_delay_doubles_with_each_receive_up_to_an_hour(
    receive_count: int, seconds: tuple[float, float]
) -> None:
    waits = [each.growing("why", receive_count=receive_count) for each in (EARLIEST, LATEST)]

    assert tuple(each.seconds for each in waits) == seconds
