"""What a campaign has done for it each minute, by where it is in its life."""

from dataclasses import dataclass, field, fields, replace
from typing import Any

import pytest

from smsdrop.batches.plan import BATCHES, ROWS
from smsdrop.closing.reports import SUMMARY, UNSENT_ROWS
from smsdrop.closing.tick import REPEAT_SECONDS, STUCK_SECONDS, Tick
from smsdrop.closing.verify import VerifyAbsences
from smsdrop.ledger.batch_entry import State, untouched
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND, TOO_OLD
from smsdrop.ledger.entries import Lease
from smsdrop.reasons import Reason
from tests.support import use_cases
from tests.support.fakes import FakeFiles, FakeLedger, FakeProvider, FakeQueue, Text
from tests.support.gateway_caller import Clock
from tests.support.samples import NOW, batch_of, campaign
from tests.support.use_cases import PLENTY

PLAN = "work/plan/"
MAX_AGE_SECONDS = 10 * 24 * 3600


@dataclass(slots=True)
class Topic:
    subjects: list[str] = field(default_factory=list)

    def notify(self, subject: str, text: str) -> None:
        self.subjects.append(subject)


@dataclass(slots=True)
class Site:
    files: FakeFiles = field(default_factory=FakeFiles)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    queue: FakeQueue = field(default_factory=FakeQueue)
    topic: Topic = field(default_factory=Topic)
    clock: Clock = field(default_factory=lambda: Clock(NOW))
    provider: FakeProvider = field(init=False)

    def __post_init__(self) -> None:
        self.provider = FakeProvider(clock=self.clock)

    def tick(self) -> Tick:
        return use_cases.tick(
            self.files,
            self.ledger,
            self.queue,
            clock=self.clock,
            topic=self.topic,
            lookup=self.provider,
            max_age_seconds=MAX_AGE_SECONDS,
        )

    def campaign(self, *, batches: int, **changes: Any) -> Campaign:
        """Put a campaign with a plan of batches of one into the ledger."""
        planned = [batch_of(1, position=each).to_json() for each in range(1, batches + 1)]
        self.files.objects[PLAN + BATCHES] = "".join(f"{each}\n" for each in planned).encode()
        self.files.objects[PLAN + ROWS] = b'["phone"]\n'
        counts = Counts(batches=batches, accepted=batches)
        return self.ledger.write(None, campaign(plan=PLAN, counts=counts, **changes))

    def stands(self, *states: State) -> None:
        for position, state in enumerate(states, start=1):
            entry = replace(untouched(batch_of(1, position=position), at=NOW), state=state)
            self.ledger.write(None, replace(entry, revision=1))

    def advance(self, campaign: Campaign, *, is_paused: bool = False) -> Campaign:
        return self.tick().advance(campaign, is_paused=is_paused, deadline=PLENTY)

    def states(self) -> list[State]:
        stands = self.ledger.snapshot(batch_of(1).batch_id).campaign
        assert stands is not None
        return [each.state for each in self.ledger.entries(stands.campaign_id)]


@pytest.fixture
def site() -> Site:
    return Site()


def test_a_plan_that_no_parser_has_queued_is_released_and_queued(site: Site) -> None:
    planned = site.campaign(batches=3, status=Status.PLANNED)

    sending = site.advance(planned)

    assert (sending.status, sending.released, sending.queued) == (Status.SENDING, 3, 3)
    assert len(site.queue.messages) == 3


def test_a_campaign_is_closed_when_every_batch_is_at_its_end(site: Site) -> None:
    sending = site.campaign(batches=3, released=3, queued=3)
    site.stands(State.SENT, State.REFUSED, State.CANCELLED)

    closed = site.advance(sending)

    assert (closed.status, closed.outcome, closed.is_open) == (Status.CLOSED, "completed", False)
    assert closed.counts == Counts(batches=3, accepted=3, sent=1, refused=1, cancelled=1)
    assert any(key.endswith(SUMMARY) for key in site.files.objects)


def run(site: Site) -> list[Campaign]:
    return list(site.tick().run(is_paused=False, deadline=PLENTY))


def summaries(site: Site) -> list[str]:
    return [key for key in site.files.objects if key.endswith(SUMMARY)]


def absent_once(site: Site, *, state: State = State.SENT) -> None:
    """Let the campaign's only batch be at its end, its first attempt being believed absent."""
    entry = replace(
        untouched(batch_of(1), at=NOW),
        state=state,
        attempt=2,
        absent=1,
        accepted=(2,) if state is State.SENT else (),
        first_claimed_at=NOW,
        ended_at=NOW + 1000,
        call_before=NOW + 3,
        settle_after=NOW + 3 + 900,
        revision=1,
    )
    site.ledger.write(None, entry)


def test_the_report_is_there_before_what_was_believed_absent_is_looked_up(site: Site) -> None:
    sending = site.campaign(batches=1, released=1, queued=1)
    absent_once(site)

    closed = site.advance(sending)
    closed = site.advance(closed)

    assert (closed.status, closed.outcome, closed.is_open) == (Status.CLOSED, "completed", True)
    assert closed.verify_at == NOW + 1000 + 900
    assert summaries(site)
    assert site.provider.lookups == []


def test_what_was_believed_absent_is_looked_up_once_its_time_has_come(site: Site) -> None:
    site.campaign(batches=1, released=1, queued=1)
    absent_once(site)

    seen = []
    for seconds in (60, 1800, 60):
        site.clock.now += seconds
        run(site)
        seen.append(len(site.provider.lookups))

    assert seen == [0, 0, 1]
    assert run(site) == []


def test_what_is_listed_late_is_in_the_report_that_is_written_again(site: Site) -> None:
    site.campaign(batches=1, released=1, queued=1)
    absent_once(site)
    run(site)
    [name] = summaries(site)
    before = site.files.objects[name]
    [number] = batch_of(1).phone_numbers
    out_id = f"{batch_of(1).batch_id}-1"
    site.provider.texts.append(Text(phone_number=number, out_id=out_id, at=NOW))

    site.clock.now += 1900
    run(site)  # looks up
    run(site)  # reports

    assert b'"sent_twice": 0' in before
    assert b'"sent_twice": 1' in site.files.objects[name]
    assert run(site) == []


def test_who_was_believed_absent_may_be_dropped_again_only_once_that_is_certain(
    site: Site,
) -> None:
    site.campaign(batches=1, released=1, queued=1)
    site.files.objects[PLAN + ROWS] += (
        b'{"first_row": 2, "cells": "13800138000\\n", "batches": [[1, 1]], "others": []}\n'
    )
    absent_once(site, state=State.REFUSED)
    run(site)
    [unsent] = (key for key in site.files.objects if key.endswith(UNSENT_ROWS))
    early = site.files.objects[unsent]

    site.clock.now += 1900
    run(site)
    run(site)

    assert b"13800138000" not in early
    assert b"13800138000" in site.files.objects[unsent]


def test_a_campaign_that_another_is_closing_is_left_to_it(site: Site) -> None:
    closing = site.campaign(batches=1, status=Status.CLOSING)
    site.stands(State.SENT)
    lease = Lease(name=closing.campaign_id, holder="another", until=NOW + 900)
    site.ledger.write(None, lease)

    assert site.advance(closing) == closing
    assert summaries(site) == []
    site.clock.now += 900
    assert site.advance(closing).status is Status.CLOSED


def test_who_comes_late_to_a_campaign_does_not_report_it_again(site: Site) -> None:
    seen_before = site.campaign(batches=1, status=Status.CLOSING)
    site.stands(State.SENT)
    closed = site.advance(seen_before)
    before = dict(site.files.objects)
    site.clock.now += 60

    assert site.advance(seen_before) == closed
    assert site.files.objects == before


def test_no_campaign_waits_for_the_lookups_of_another(site: Site) -> None:
    site.campaign(batches=1, status=Status.CLOSING)
    absent_once(site)
    run(site)
    site.clock.now += 1900
    later = campaign(campaign_id="20270101T000000Z-b", status=Status.REFUSED)
    site.ledger.write(None, later)
    reported: list[int] = []
    site.provider.during_lookup = lambda: reported.append(len(summaries(site)))

    run(site)

    assert reported == [2]


def test_each_campaign_has_its_share_of_the_time_for_lookups(site: Site) -> None:
    tick = site.tick()
    given: list[float] = []

    class Noting(VerifyAbsences):
        def verify(self, campaign: Campaign, *, is_too_old: bool, deadline: float) -> None:
            given.append(deadline - NOW)

    ports = {each.name: getattr(tick.verify_absences, each.name) for each in fields(VerifyAbsences)}
    for name in ("a", "b", "c"):
        later = campaign(campaign_id=f"2026-{name}", status=Status.CLOSED, verify_at=NOW)
        site.ledger.write(None, later)

    list(replace(tick, verify_absences=Noting(**ports)).run(is_paused=False, deadline=NOW + 840))

    assert given == [280, 420, 840]


def test_a_campaign_without_a_batch_is_closed_at_once(site: Site) -> None:
    assert site.advance(site.campaign(batches=0)).status is Status.CLOSED


@pytest.mark.parametrize("status", [Status.PLANNED, Status.HELD, Status.SENDING])
def test_a_campaign_that_is_cancelled_sends_nothing_more_and_closes(
    site: Site, status: Status
) -> None:
    cancelled = site.campaign(batches=2, status=status, halt_code=CANCELLED_BY_HAND)

    site.advance(cancelled)
    closed = site.advance(cancelled)

    assert site.queue.messages == []
    assert site.states() == [State.CANCELLED, State.CANCELLED]
    assert (closed.status, closed.outcome) == (Status.CLOSED, "cancelled")
    assert closed.reason == Reason(CANCELLED_BY_HAND)


def test_a_file_that_is_parsed_for_too_long_is_refused(site: Site) -> None:
    parsing = site.ledger.write(None, campaign(status=Status.PARSING))
    site.clock.now += MAX_AGE_SECONDS + 1

    refused = site.advance(parsing)

    assert (refused.status, refused.is_open) == (Status.REFUSED, False)
    assert refused.reason == Reason("parsing_failed")


def test_what_is_too_old_is_cancelled_where_nobody_was_texted(site: Site) -> None:
    sending = site.campaign(batches=2, released=2, queued=2)
    site.stands(State.WAITING)
    site.clock.now += MAX_AGE_SECONDS + 1

    site.advance(sending)
    closed = site.advance(sending)

    assert site.states() == [State.CANCELLED, State.CANCELLED]
    assert closed.outcome == "too_old"
    assert closed.reason == Reason(TOO_OLD)


@pytest.mark.parametrize("status", [Status.PARSING, Status.SENDING])
def test_a_person_is_told_of_a_stuck_campaign_once_a_day(site: Site, status: Status) -> None:
    stuck = site.campaign(batches=1, status=status, released=1, queued=1)
    site.queue.send(["another campaign's"])
    notices = []

    for seconds in (STUCK_SECONDS[status] - 60, 60, 3600, REPEAT_SECONDS - 3600, 3600):
        site.clock.now += seconds
        stuck = site.advance(site.ledger.campaign(stuck.campaign_id) or stuck)
        notices.append(len(site.topic.subjects))

    assert notices == [0, 1, 1, 2, 2]
    assert set(site.topic.subjects) == {"smsdrop: a campaign is stuck"}


def test_a_campaign_with_a_batch_in_a_state_of_a_later_release_stays_open(site: Site) -> None:
    sending = site.campaign(batches=2, released=2, queued=2, halt_code=CANCELLED_BY_HAND)
    site.stands(State.UNKNOWN, State.WAITING)
    site.clock.now += MAX_AGE_SECONDS + 1

    site.advance(sending)
    after = site.advance(sending)

    assert site.states() == [State.UNKNOWN, State.CANCELLED]
    assert (after.status, site.queue.messages) == (Status.SENDING, [])


def test_no_books_are_closed_over_a_batch_in_a_state_of_a_later_release(site: Site) -> None:
    closing = site.campaign(batches=1, status=Status.CLOSING)
    site.stands(State.UNKNOWN)

    assert list(site.tick().run(is_paused=False, deadline=PLENTY)) == [closing]
    assert not any(key.endswith(SUMMARY) for key in site.files.objects)


def test_a_closed_campaign_whose_plan_has_a_later_form_holds_up_no_verification(site: Site) -> None:
    closed = site.campaign(batches=1, status=Status.CLOSED)
    site.stands(State.SENT)
    site.files.objects[PLAN + BATCHES] = b'{"form": 99}\n'

    assert list(site.tick().run(is_paused=False, deadline=PLENTY)) == [closed]
    assert site.ledger.campaign(closed.campaign_id) == closed


def test_a_campaign_in_a_status_of_a_later_release_stays_as_it_is(site: Site) -> None:
    strange = site.campaign(batches=1, status=Status.UNKNOWN)
    site.clock.now += MAX_AGE_SECONDS + 1

    assert site.advance(strange) == strange
    assert (site.states(), site.queue.messages) == ([], [])


def test_a_plan_of_a_later_form_is_left_to_a_later_release_and_holds_up_no_other(
    site: Site,
) -> None:
    later = site.campaign(batches=1, status=Status.SENDING, halt_code=CANCELLED_BY_HAND)
    site.files.objects[PLAN + BATCHES] = b'{"form": 99}\n'
    other = site.ledger.write(
        None, campaign(campaign_id="20990102T000000Z-b", status=Status.REFUSED)
    )
    site.clock.now += STUCK_SECONDS[Status.SENDING]

    first, second = site.tick().run(is_paused=False, deadline=PLENTY)

    assert (first.campaign_id, first.status) == (later.campaign_id, Status.SENDING)
    assert (second.campaign_id, second.is_open) == (other.campaign_id, False)
    assert site.topic.subjects == ["smsdrop: a campaign is stuck"]


def test_every_open_campaign_has_its_turn(site: Site) -> None:
    for name in ("20260101T000000Z-a", "20260102T000000Z-b"):
        site.ledger.write(None, campaign(campaign_id=name, status=Status.REFUSED))

    done = list(site.tick().run(is_paused=False, deadline=PLENTY))

    assert [each.campaign_id for each in done] == ["20260101T000000Z-a", "20260102T000000Z-b"]
    assert not any(each.is_open for each in done)
