"""A person is notified of what stays open for too long or keeps failing, and of nothing else."""

from typing import Any

import pytest

from smsdrop.closing.stuck import REPEAT_SECONDS, STUCK_SECONDS
from smsdrop.ledger.batch_entry import State
from smsdrop.ledger.campaign import Status
from smsdrop.ledger.terms import Terms
from tests.support.closing_site import Site, fails_for
from tests.support.samples import NOW, changed


@pytest.fixture
def site() -> Site:
    return Site()


def test_of_a_held_campaign_nothing_is_repaired_and_nobody_is_told(site: Site) -> None:
    held = site.campaign(batches=2, status=Status.HELD, released=2, queued=2, paused_by="me")
    site.ledger.write(held, changed(held, held_for="paused"))
    site.clock.now += 9 * 24 * 3600

    [turn] = site.run()

    assert turn.campaign is not None
    assert turn.campaign.status is Status.HELD
    assert site.queue.messages == []
    assert site.topic.subjects == []


def test_a_campaign_is_stuck_by_the_time_since_its_start_or_since_it_was_last_held(
    site: Site,
) -> None:
    long_ago: dict[str, Any] = {
        "status": Status.SENDING,
        "released": 2,
        "queued": 2,
        "queued_at": NOW,
    }
    start = site.clock.now + STUCK_SECONDS[Status.SENDING]
    site.campaign(batches=2, **long_ago, terms=Terms(start_at=start - 60), opened_at=start)
    site.stands(State.SENDING, State.SENDING, settle_after=start + 10**6)
    site.clock.now = start + STUCK_SECONDS[Status.SENDING] - 1

    site.run()
    assert site.topic.subjects == []
    site.clock.now += 1
    site.run()

    assert len(site.topic.subjects) == 1


@pytest.mark.parametrize("status", [Status.PARSING, Status.SENDING])
def test_a_person_is_told_of_a_stuck_campaign_once_a_day(site: Site, status: Status) -> None:
    site.campaign(batches=1, status=status, released=1, queued=1)
    site.queue.send(["another campaign's"])
    notices = []

    for seconds in (STUCK_SECONDS[status] - 60, 60, 3600, REPEAT_SECONDS - 3600, 3600):
        site.clock.now += seconds
        site.run()
        notices.append(len(site.topic.subjects))

    assert notices == [0, 1, 1, 2, 2]
    assert set(site.topic.subjects) == {"smsdrop: a campaign is stuck"}


def test_a_campaign_that_keeps_failing_is_tried_ever_more_rarely_and_told_of_once(
    site: Site,
) -> None:
    [failing] = site.refused("a")
    site.ledger.before_write = fails_for(failing)

    turns = site.minutes(40)

    tried = [minute for minute, turn in enumerate(turns) if turn.error]
    assert tried == [0, 1, 2, 5, 12, 27]
    assert site.topic.subjects == ["smsdrop: a campaign is stuck"]
    assert failing in site.topic.texts[0]


def test_a_failure_that_is_over_by_the_next_minute_is_told_to_no_one(site: Site) -> None:
    sending = site.campaign(batches=1, released=1, queued=1)
    site.queue.send(["another campaign's"])
    read = site.ledger.batch
    site.ledger.batch = lambda _: 1 / 0  # type: ignore[assignment, return-value] # a moment's failure
    site.minutes(1)
    site.ledger.batch = read  # type: ignore[method-assign] # and its end

    failed = site.stands_as(sending.campaign_id).failures
    site.minutes(5)

    assert (failed, site.stands_as(sending.campaign_id).failures) == (1, 0)
    assert site.topic.subjects == []


def test_a_notice_that_cannot_be_sent_holds_nothing_up_and_is_sent_later(site: Site) -> None:
    failing, good = site.refused("a", "b")
    site.ledger.before_write = fails_for(failing)
    site.topic.is_down = True
    site.minutes(3)
    assert not site.stands_as(good).is_open

    site.topic.is_down = False
    site.minutes(2)

    assert site.topic.subjects == ["smsdrop: a campaign is stuck"]


def test_one_notice_names_all_campaigns_that_are_worth_a_look(site: Site) -> None:
    ids = site.refused("a", "b", "c")
    site.ledger.before_write = fails_for(*ids)

    site.minutes(3)

    [text] = site.topic.texts
    assert all(each in text for each in ids)
