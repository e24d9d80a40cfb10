"""What a campaign has done for it each minute, by where it is in its life."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from smsdrop.batches.plan import BATCHES, ROWS
from smsdrop.closing.close import LONGEST_INVOCATION_SECONDS
from smsdrop.closing.reports import SUMMARY
from smsdrop.closing.tick import REPEAT_SECONDS, STUCK_SECONDS, Tick
from smsdrop.ledger.batch_entry import State, untouched
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND, TOO_OLD
from smsdrop.reasons import Reason
from tests.support import use_cases
from tests.support.fakes import FakeFiles, FakeLedger, FakeProvider, FakeQueue, nothing
from tests.support.gateway_caller import Clock
from tests.support.samples import NOW, batch_of, campaign, changed
from tests.support.use_cases import PLENTY

PLAN = "work/plan/"
MAX_AGE_SECONDS = 10 * 24 * 3600


@dataclass(slots=True)
class Topic:
    subjects: list[str] = field(default_factory=list)

    def notify(self, subject: str, text: str) -> None:
        self.subjects.append(subject)


@dataclass(frozen=True, slots=True)
class Site:
    files: FakeFiles = field(default_factory=FakeFiles)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    queue: FakeQueue = field(default_factory=FakeQueue)
    topic: Topic = field(default_factory=Topic)
    clock: Clock = field(default_factory=lambda: Clock(NOW))

    def tick(self) -> Tick:
        return use_cases.tick(
            self.files,
            self.ledger,
            self.queue,
            clock=self.clock,
            topic=self.topic,
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


def test_whoever_is_about_to_add_late_evidence_is_given_the_time_to(site: Site) -> None:
    closing = site.campaign(batches=1, status=Status.CLOSING, reopened_at=NOW)
    site.stands(State.SENT)
    site.clock.now += LONGEST_INVOCATION_SECONDS - 1

    assert site.advance(closing) == closing
    site.clock.now += 1
    assert site.advance(closing).status is Status.CLOSED


def test_parts_of_a_batch_that_turns_out_accepted_are_reported_as_sent(site: Site) -> None:
    closing = site.campaign(batches=1, status=Status.CLOSING)
    whole = batch_of(2)
    split = replace(untouched(whole, at=NOW), state=State.SPLIT, accepted=(1,), revision=1)
    site.ledger.write(None, split)
    for part in whole.parts():
        unknown = replace(untouched(part, at=NOW), state=State.UNCONFIRMED, revision=1)
        site.ledger.write(None, unknown)

    closed = site.advance(closing)

    assert (closed.counts.sent, closed.counts.unconfirmed) == (2, 0)


def test_a_report_that_may_have_replaced_a_newer_one_is_written_again(site: Site) -> None:
    closing = site.campaign(batches=1, status=Status.CLOSING)
    site.stands(State.SENT)

    def closed_by_another(after: object) -> None:
        if isinstance(after, Campaign) and after.status is Status.CLOSED:
            site.ledger.before_write = nothing
            newer = changed(closing, status=Status.CLOSED, is_open=False, counts=Counts(sent=1))
            site.ledger.write(closing, newer)

    site.ledger.before_write = closed_by_another

    again = site.advance(closing)

    assert (again.status, again.is_open) == (Status.CLOSING, True)
    assert site.ledger.campaign(again.campaign_id) == again


@pytest.mark.parametrize(
    ("seconds", "status"),
    [
        pytest.param(0, Status.CLOSING, id="it is asked again"),
        pytest.param(MAX_AGE_SECONDS + 1, Status.CLOSED, id="until it is too old"),
    ],
)
def test_books_are_not_closed_while_the_provider_does_not_say_what_is_listed_by_now(
    site: Site, seconds: float, status: Status
) -> None:
    closing = site.campaign(batches=1, status=Status.CLOSING)
    entry = replace(untouched(batch_of(1), at=NOW), state=State.SENT, absent=1, attempt=2)
    site.ledger.write(None, replace(entry, first_claimed_at=NOW, revision=1))
    site.clock.now += seconds
    tick = use_cases.tick(
        site.files,
        site.ledger,
        site.queue,
        clock=site.clock,
        lookup=FakeProvider(clock=site.clock, lookups_fail=True),
        max_age_seconds=MAX_AGE_SECONDS,
    )

    after = tick.advance(closing, is_paused=False, deadline=PLENTY)

    assert after.status is status


def test_only_attempts_that_were_believed_absent_are_looked_up_again_and_only_once(
    site: Site,
) -> None:
    closing = site.campaign(batches=3, status=Status.CLOSING)
    for position, absent, verified_at in ((1, 1, 0.0), (2, 1, NOW), (3, 0, 0.0)):
        entry = replace(untouched(batch_of(1, position=position), at=NOW), state=State.SENT)
        entry = replace(entry, absent=absent, verified_at=verified_at, first_claimed_at=NOW)
        site.ledger.write(None, replace(entry, revision=1))
    provider = FakeProvider(clock=site.clock)
    tick = use_cases.tick(site.files, site.ledger, site.queue, clock=site.clock, lookup=provider)

    assert tick.advance(closing, is_paused=False, deadline=PLENTY).status is Status.CLOSED

    assert {number for number, *_ in provider.lookups} == set(batch_of(1).phone_numbers)
    dates = {on for _, on, _ in provider.lookups}
    assert len(provider.lookups) == len(dates)
    first, *_ = site.ledger.entries(closing.campaign_id)
    assert (first.verified_at, first.revision) == (NOW, 2)


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

    assert site.advance(closing) == closing
    assert not any(key.endswith(SUMMARY) for key in site.files.objects)


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
