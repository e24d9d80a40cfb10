"""What a campaign has done for it each minute, by where it is in its life."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

import pytest

from smsdrop.batches.plan import BATCHES, ROWS, PlanDamaged
from smsdrop.closing.reports import SUMMARY, UNSENT_ROWS
from smsdrop.closing.seen.write_index import INDEX
from smsdrop.closing.seen.write_pages import WrittenPages
from smsdrop.closing.tick import (
    ASK_SECONDS,
    LEAST_TURN_SECONDS,
    REPEAT_SECONDS,
    STUCK_SECONDS,
    Tick,
    Turn,
    Turns,
)
from smsdrop.closing.verify import LOOKUPS, VerifyAbsences
from smsdrop.drops import FileVersion, report_folder
from smsdrop.ledger.batch_entry import State, untouched
from smsdrop.ledger.campaign import LONGEST_RETRY_SECONDS, Campaign, Counts, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND, TOO_OLD, WITHDRAWN
from smsdrop.ledger.entries import Lease
from smsdrop.ledger.terms import Terms
from smsdrop.pages.figures import STATUS_PAGE
from smsdrop.ports import ObjectGone
from smsdrop.reasons import Reason
from smsdrop.receipts.canary import GOOD, PATIENCE_SECONDS
from smsdrop.sending.preview import PREVIEW
from tests.support import use_cases
from tests.support.fakes import FakeFiles, FakeLedger, FakeProvider, FakeQueue, Text, nothing
from tests.support.gateway_caller import Clock
from tests.support.samples import CAMPAIGN_ID, KEY, NOW, batch_of, campaign, changed
from tests.support.use_cases import PLENTY

PLAN = "work/plan/"
MAX_AGE_SECONDS = 10 * 24 * 3600


@dataclass(slots=True)
class Topic:
    subjects: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    is_down: bool = False

    def notify(self, subject: str, text: str) -> bool:
        if not self.is_down:
            self.subjects.append(subject)
            self.texts.append(text)
        return not self.is_down


@dataclass(frozen=True)
class Site:
    files: FakeFiles = field(default_factory=FakeFiles)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    queue: FakeQueue = field(default_factory=FakeQueue)
    topic: Topic = field(default_factory=Topic)
    clock: Clock = field(default_factory=lambda: Clock(NOW))
    turns: Turns = field(default_factory=Turns)
    written: WrittenPages = field(default_factory=WrittenPages)
    failed_pages: list[str] = field(default_factory=list)

    def tick(self) -> Tick:
        return use_cases.tick(
            self.files,
            self.ledger,
            self.queue,
            clock=self.clock,
            topic=self.topic,
            lookup=self.provider,
            max_age_seconds=MAX_AGE_SECONDS,
            turns=self.turns,
            written=self.written,
            page_failed=lambda what, _: self.failed_pages.append(what),
        )

    def run(self, *, deadline: float = PLENTY) -> list[Turn]:
        return list(self.tick().run(is_paused=False, deadline=deadline))

    def minutes(self, count: int) -> list[Turn]:
        """Let minutes pass, with a tick in each."""
        turns: list[Turn] = []
        for _ in range(count):
            turns += self.run()
            self.clock.now += 60
        return turns

    def refused(self, *names: str, **changes: Any) -> list[str]:
        """Put refused campaigns into the ledger, of which only the report is left to write."""
        ids = [f"2026010{day}T000000Z-{name}" for day, name in enumerate(names, start=1)]
        for each in ids:
            refused = campaign(campaign_id=each, status=Status.REFUSED, **changes)
            self.ledger.write(None, refused)
        return ids

    def stands_as(self, campaign_id: str) -> Campaign:
        stands = self.ledger.campaign(campaign_id)
        assert stands is not None
        return stands

    def campaign(self, *, batches: int, accepted_rows: int = 0, **changes: Any) -> Campaign:
        """Put a campaign with a plan of batches of one into the ledger."""
        planned = [batch_of(1, position=each).to_json() for each in range(1, batches + 1)]
        self.files.objects[PLAN + BATCHES] = "".join(f"{each}\n" for each in planned).encode()
        self.files.objects[PLAN + ROWS] = b'["phone"]\n'
        counts = Counts(batches=batches, accepted=batches, rows=accepted_rows)
        return self.ledger.write(None, campaign(plan=PLAN, counts=counts, **changes))

    @cached_property
    def provider(self) -> FakeProvider:
        return FakeProvider(clock=self.clock)

    def stands(self, *states: State, **changes: Any) -> None:
        for position, state in enumerate(states, start=1):
            entry = replace(untouched(batch_of(1, position=position), at=NOW), state=state)
            self.ledger.write(None, replace(entry, revision=1, **changes))

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


LATER = Terms(start_at=NOW + 60)


class Standing(FakeFiles):
    """A bucket in which the campaign's file, or another, stands in its place."""

    stands: str | None = CAMPAIGN_ID

    def current_campaign_id(self, version: FileVersion) -> str | None:
        return self.stands


def test_a_campaign_that_waits_for_its_start_is_held_and_then_queued() -> None:
    site = Site(files=Standing())
    planned = site.campaign(batches=3, status=Status.PLANNED, terms=LATER)

    held = site.advance(planned)
    assert (held.status, held.released, held.previewed_for) == (Status.HELD, 0, "start")
    assert site.advance(held) == held
    assert site.queue.messages == []
    site.clock.now += 61
    sending = site.advance(held)

    assert (sending.status, sending.released, sending.queued) == (Status.SENDING, 3, 3)


def test_a_preview_is_written_anew_when_something_else_holds_the_campaign() -> None:
    site = Site(files=Standing())
    planned = site.campaign(batches=3, status=Status.PLANNED, terms=LATER)
    key = report_folder(planned.key, planned.campaign_id) + PREVIEW

    held = site.advance(planned)
    first = site.files.objects[key]
    paused = site.ledger.write(held, held.paused("AWS:A", reason="paused"))
    site.advance(paused)

    assert json.loads(first)["held_for"] == "start"
    assert json.loads(site.files.objects[key])["held_for"] == "paused"


def test_those_who_go_ahead_are_waited_for_and_then_followed(site: Site) -> None:
    terms = Terms(canary_recipients=2, canary_batches=2, canary_percent=90)
    planned = site.campaign(batches=5, status=Status.PLANNED, terms=terms)
    ahead = site.advance(planned)
    assert (ahead.status, ahead.queued, len(site.queue.messages)) == (Status.SENDING, 2, 2)

    site.stands(State.SENT, State.REFUSED)
    site.clock.now += 60
    waiting = site.advance(ahead)

    assert (waiting.status, waiting.held_for) == (Status.HELD, "canary")
    assert (waiting.previewed_for, waiting.canary.canary_ended_at) == ("canary", site.clock.now)
    good = waiting.with_canary(replace(waiting.canary, canary_word=GOOD))
    site.ledger.write(waiting, good)
    following = site.advance(good)
    assert (following.status, following.queued) == (Status.SENDING, 5)
    assert len(site.queue.messages) == 5


def test_whom_nobody_has_looked_up_within_an_hour_waits_for_a_person(site: Site) -> None:
    terms = Terms(canary_recipients=1, canary_batches=1, canary_percent=90)
    site.advance(site.campaign(batches=2, status=Status.PLANNED, terms=terms))
    site.stands(State.SENT)

    site.minutes(PATIENCE_SECONDS // 60)
    assert site.stands_as(CAMPAIGN_ID).held_for == "canary"
    site.minutes(1)

    failed = site.stands_as(CAMPAIGN_ID)
    assert (failed.held_for, failed.previewed_for) == ("canary_failed", "canary_failed")
    assert len(site.queue.messages) == 1


def test_a_file_that_is_withdrawn_before_its_start_is_not_sent() -> None:
    files = Standing()
    files.stands = None
    site = Site(files=files)
    waiting = site.campaign(batches=2, status=Status.HELD, terms=LATER)

    site.minutes(3)

    closed = site.stands_as(waiting.campaign_id)
    assert (closed.status, closed.outcome) == (Status.CLOSED, "withdrawn")
    assert closed.reason == Reason(WITHDRAWN)
    assert site.states() == [State.CANCELLED] * 2
    assert site.queue.messages == []


def test_a_file_that_is_withdrawn_while_it_is_about_to_begin_is_not_sent() -> None:
    site = Site(files=Standing())
    waiting = site.campaign(batches=2, status=Status.HELD, terms=LATER)
    site.clock.now += 61

    def withdrawn(entry: object) -> None:
        site.ledger.before_write = nothing
        site.ledger.write(waiting, waiting.halted(WITHDRAWN))

    site.ledger.before_write = withdrawn
    site.minutes(3)

    closed = site.stands_as(waiting.campaign_id)
    assert (closed.outcome, closed.released) == ("withdrawn", 0)
    assert site.queue.messages == []


def test_a_file_waits_past_its_start_until_the_one_in_its_place_is_judged() -> None:
    files = Standing()
    files.stands = "another"
    site = Site(files=files)
    waiting = site.campaign(batches=2, status=Status.HELD, terms=LATER)
    site.clock.now += 61

    assert site.advance(waiting) == waiting
    copy = campaign(campaign_id="another", status=Status.PARSING)
    site.ledger.write(None, copy.held_as_copy(waiting.campaign_id, at=NOW))

    assert site.advance(waiting).status is Status.SENDING


def test_a_file_that_is_withdrawn_once_it_has_begun_goes_on(site: Site) -> None:
    held = site.campaign(batches=2, status=Status.HELD, released=2, queued=2, paused_by="me")

    assert site.advance(held).halt_code == ""


def test_a_campaign_that_lists_hold_goes_on_once_they_can_all_be_used(site: Site) -> None:
    spoiled = site.files.drop("suppressed/vip.csv", b"phone\nno\nnumbers\n")
    sent = site.campaign(batches=2, released=2, queued=2)
    fault = Reason("list_of_no_numbers", ("vip.csv", "2", "2"))
    held = site.ledger.write(sent, sent.held_for_lists((Reason("x"),), reason="lists"))

    waiting = site.advance(held)
    site.files.delete(spoiled)
    going = site.advance(waiting)

    assert (waiting.status, waiting.held_for, waiting.unusable_lists) == (
        Status.HELD,
        "lists",
        (fault,),
    )
    preview = json.loads(site.files.objects[report_folder(held.key, held.campaign_id) + PREVIEW])
    assert preview["problems"] == [fault.text("en")]
    assert (going.status, going.unusable_lists, going.opened_at) == (Status.SENDING, (), NOW)


def test_a_campaign_that_lists_hold_ends_when_it_is_cancelled_or_too_old(site: Site) -> None:
    site.files.drop("suppressed/vip.csv", b"phone\nno\nnumbers\n")
    sent = site.campaign(batches=2, released=2, queued=2)
    site.ledger.write(sent, sent.held_for_lists((Reason("x"),), reason="lists"))
    site.clock.now += MAX_AGE_SECONDS + 1

    site.minutes(2)

    assert site.states() == [State.CANCELLED, State.CANCELLED]


def test_of_a_held_campaign_nothing_is_repaired_and_nobody_is_told(site: Site) -> None:
    held = site.campaign(batches=2, status=Status.HELD, released=2, queued=2, paused_by="me")
    site.ledger.write(held, changed(held, held_for="paused"))
    site.clock.now += 9 * 24 * 3600

    [turn] = site.run()

    assert turn.campaign is not None
    assert turn.campaign.status is Status.HELD
    assert site.queue.messages == []
    assert site.topic.subjects == []


def test_a_held_campaign_that_is_cancelled_ends(site: Site) -> None:
    site.campaign(batches=2, status=Status.HELD, paused_by="me", halt_code=CANCELLED_BY_HAND)

    site.minutes(2)

    assert site.states() == [State.CANCELLED] * 2


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


def test_a_campaign_is_closed_when_every_batch_is_at_its_end(site: Site) -> None:
    sending = site.campaign(batches=3, released=3, queued=3)
    site.stands(State.SENT, State.REFUSED, State.CANCELLED)

    closed = site.advance(sending)

    assert (closed.status, closed.outcome, closed.is_open) == (Status.CLOSED, "completed", False)
    assert closed.counts == Counts(batches=3, accepted=3, sent=1, refused=1, cancelled=1)
    assert any(key.endswith(SUMMARY) for key in site.files.objects)


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
        site.run()
        seen.append(len(site.provider.lookups))

    assert seen == [0, 0, 1]
    assert site.run() == []


def test_what_is_listed_late_is_in_the_report_that_is_written_again(site: Site) -> None:
    site.campaign(batches=1, released=1, queued=1)
    absent_once(site)
    site.run()
    [name] = summaries(site)
    before = site.files.objects[name]
    [number] = batch_of(1).phone_numbers
    out_id = f"{batch_of(1).batch_id}-1"
    site.provider.texts.append(Text(phone_number=number, out_id=out_id, at=NOW))

    site.clock.now += 1900
    site.run()  # looks up
    site.run()  # reports

    assert b'"sent_twice": 0' in before
    assert b'"sent_twice": 1' in site.files.objects[name]
    assert site.run() == []


def test_who_was_believed_absent_may_be_dropped_again_only_once_that_is_certain(
    site: Site,
) -> None:
    site.campaign(batches=1, released=1, queued=1, accepted_rows=1)
    site.files.objects[PLAN + ROWS] += (
        b'{"first_row": 2, "cells": "13800138000\\n", "batches": [[1, 1]], "others": []}\n'
    )
    absent_once(site, state=State.REFUSED)
    site.run()
    [unsent] = (key for key in site.files.objects if key.endswith(UNSENT_ROWS))
    early = site.files.objects[unsent]

    site.clock.now += 1900
    site.run()
    site.run()

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


def woken(site: Site, campaign_id: str) -> Turn:
    return site.tick().wake(campaign_id, is_paused=False, deadline=PLENTY)


def test_a_campaign_that_is_woken_for_has_its_report_at_once_and_no_other_has(site: Site) -> None:
    [other] = site.refused("a")
    sending = site.campaign(batches=2, released=2, queued=2)
    site.stands(State.SENT, State.SENT)

    turn = woken(site, sending.campaign_id)

    assert turn.campaign == site.stands_as(sending.campaign_id)
    assert turn.campaign.status is Status.CLOSED
    assert len(summaries(site)) == 1
    assert site.stands_as(other).is_open


def test_who_wakes_for_a_campaign_with_a_batch_that_is_still_open_is_not_believed(
    site: Site,
) -> None:
    sending = site.campaign(batches=2, released=2, queued=2)
    site.stands(State.SENT, State.SENDING)

    turn = woken(site, sending.campaign_id)

    assert turn.campaign is not None
    assert turn.campaign.status is Status.SENDING
    assert summaries(site) == []


@pytest.mark.parametrize(
    "standing",
    [
        pytest.param({"status": Status.CLOSED, "is_open": False}, id="closed already"),
        pytest.param({"status": Status.CLOSED, "verify_at": NOW}, id="to be verified"),
        pytest.param({"status": Status.CLOSING, "retry_at": NOW + 60}, id="put off by failures"),
    ],
)
def test_who_wakes_too_late_or_for_what_is_put_off_changes_nothing(
    site: Site, standing: dict[str, Any]
) -> None:
    before = site.campaign(batches=1, **standing)
    site.stands(State.SENT)

    woken(site, before.campaign_id)

    assert site.stands_as(before.campaign_id) == before
    assert (summaries(site), site.provider.lookups) == ([], [])


def test_a_woken_closer_that_meets_another_at_the_report_leaves_it_to_the_next_tick(
    site: Site,
) -> None:
    sending = site.campaign(batches=1, released=1, queued=1)
    site.stands(State.SENT)
    name = sending.campaign_id
    site.ledger.write(None, Lease(name=name, holder="another", until=NOW + 30))

    assert woken(site, name).error is None
    met = site.stands_as(name).status
    site.clock.now += 60
    site.run()

    assert (met, site.stands_as(name).status) == (Status.CLOSING, Status.CLOSED)


def test_a_woken_closer_that_fails_costs_the_campaign_no_turn_of_the_tick(site: Site) -> None:
    [refused] = site.refused("a")
    site.ledger.before_write = fails_for(refused)

    turns = [woken(site, refused) for _ in range(9)]
    after = site.stands_as(refused)
    site.ledger.before_write = fails_for()
    site.run()

    assert {type(each.error) for each in turns} == {Broken}
    assert (after.failures, after.retry_at) == (0, 0)
    assert not site.stands_as(refused).is_open


def test_no_campaign_waits_for_the_lookups_of_another(site: Site) -> None:
    site.campaign(batches=1, status=Status.CLOSING)
    absent_once(site)
    site.run()
    site.clock.now += 1900
    later = campaign(campaign_id="20270101T000000Z-b", status=Status.REFUSED)
    site.ledger.write(None, later)
    reported: list[int] = []
    site.provider.during_lookup = lambda: reported.append(len(summaries(site)))

    site.run()

    assert reported == [2]


def test_each_campaign_has_its_share_of_the_time_for_lookups(site: Site) -> None:
    tick = site.tick()
    given: list[float] = []

    class Noting(VerifyAbsences):
        def verify(self, campaign: Campaign, *, gives_up: bool, deadline: float) -> None:
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


@pytest.mark.parametrize(
    ("seconds", "state"), [(ASK_SECONDS, State.SENDING), (ASK_SECONDS + 1, State.UNCONFIRMED)]
)
def test_the_provider_is_asked_about_attempts_in_doubt_for_days_before_they_are_unconfirmed(
    site: Site, seconds: float, state: State
) -> None:
    site.campaign(batches=1, released=1, queued=1)
    site.stands(State.SENDING, access_key_id=KEY.key_id, first_claimed_at=NOW)
    site.provider.lookups_fail = True
    site.clock.now += MAX_AGE_SECONDS + seconds

    site.run()

    assert site.states() == [state]
    assert {number for number, *_ in site.provider.lookups} == set(batch_of(1).phone_numbers)


def test_while_another_closer_looks_up_what_is_too_old_waits(site: Site) -> None:
    sending = site.campaign(batches=1, released=1, queued=1)
    site.stands(State.SENDING, access_key_id=KEY.key_id, first_claimed_at=NOW)
    site.clock.now += MAX_AGE_SECONDS + 1
    site.ledger.write(None, Lease(name=LOOKUPS, holder="another", until=site.clock.now + 900))

    assert site.advance(sending) == sending
    assert site.provider.lookups == []


def test_what_the_provider_does_not_tell_is_asked_ever_more_rarely(site: Site) -> None:
    site.campaign(batches=1, released=1, queued=1)
    site.stands(
        State.SENDING, access_key_id=KEY.key_id, first_claimed_at=NOW, filed_on=("20260102",)
    )
    site.provider.lookups_fail = True
    site.clock.now += MAX_AGE_SECONDS + 1

    site.minutes(24 * 60)

    assert len(site.provider.lookups) < 40


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

    assert site.run() == [Turn(campaign_id=closing.campaign_id, campaign=closing)]
    assert not any(key.endswith(SUMMARY) for key in site.files.objects)


def test_a_closed_campaign_whose_plan_has_a_later_form_holds_up_no_verification(site: Site) -> None:
    closed = site.campaign(batches=1, status=Status.CLOSED)
    site.stands(State.SENT)
    site.files.objects[PLAN + BATCHES] = b'{"form": 99}\n'

    assert [each.error for each in site.run()] == [None, None]
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

    first, second = site.run()

    assert (first.campaign, first.error) == (later, None)
    assert not site.stands_as(second.campaign_id).is_open
    assert second.campaign_id == other.campaign_id
    assert site.topic.subjects == ["smsdrop: a campaign is stuck"]


def test_every_open_campaign_has_its_turn(site: Site) -> None:
    ids = site.refused("a", "b")

    turns = site.run()

    assert [each.campaign_id for each in turns] == ids
    assert not any(site.stands_as(each).is_open for each in ids)


class Broken(Exception):
    pass


def fails_for(*campaign_ids: str) -> Callable[[object], None]:
    """Let the ledger refuse to close these campaigns."""

    def before_write(entry: object) -> None:
        if isinstance(entry, Campaign) and entry.campaign_id in campaign_ids and not entry.is_open:
            raise Broken

    return before_write


def test_a_campaign_that_fails_keeps_no_other_from_its_turn(site: Site) -> None:
    first, second, third = site.refused("a", "b", "c")
    site.ledger.before_write = fails_for(first, second)

    turns = site.run()

    assert [type(each.error) for each in turns] == [Broken, Broken, type(None)]
    assert not site.stands_as(third).is_open


def test_a_campaign_whose_entry_cannot_be_read_keeps_no_other_from_its_turn(site: Site) -> None:
    first, second = site.refused("a", "b")
    read = site.ledger.campaign

    def damaged(campaign_id: str) -> Campaign | None:
        if campaign_id == first:
            raise Broken
        return read(campaign_id)

    site.ledger.campaign = damaged  # type: ignore[method-assign] # a ledger with a damaged entry

    turns = site.run()

    assert [type(each.error) for each in turns] == [Broken, type(None)]
    assert turns[0].campaign is None
    assert not site.stands_as(second).is_open


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


def test_however_long_it_has_failed_a_campaign_is_tried_every_hour(site: Site) -> None:
    [failing] = site.refused("a", failures=1000)
    site.ledger.before_write = fails_for(failing)
    site.run()
    site.ledger.before_write = fails_for()

    site.clock.now += LONGEST_RETRY_SECONDS
    site.run()

    assert not site.stands_as(failing).is_open


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


def test_those_that_the_time_did_not_reach_go_first_in_the_next_tick(site: Site) -> None:
    ids = site.refused("a", "b", "c", "d")
    site.ledger.before_write = fails_for(*ids)
    tick = site.tick().run(is_paused=False, deadline=NOW + 600)
    seen = [next(tick).campaign_id, next(tick).campaign_id]

    site.clock.now += 600  # as long as the second turn took
    assert list(tick) == []
    later = [each.campaign_id for each in site.run()]

    assert seen == ids[:2]
    assert later == [*ids[2:], *ids[:2]]


@pytest.mark.parametrize(
    ("seconds", "share"),
    [
        pytest.param(600, 300, id="shared among two"),
        pytest.param(90, LEAST_TURN_SECONDS, id="never less than it takes to come further"),
        pytest.param(30, 30, id="never beyond the end"),
    ],
)
def test_a_turn_gets_its_share_of_the_time(site: Site, seconds: float, share: float) -> None:
    site.refused("a", "b")
    deadlines: list[float] = []

    class Watched(Tick):
        def advance(self, campaign: Campaign, *, is_paused: bool, deadline: float) -> Campaign:
            deadlines.append(deadline)
            return campaign

    tick = site.tick()
    watched = Watched(**{each.name: getattr(tick, each.name) for each in fields(tick)})
    list(watched.run(is_paused=False, deadline=NOW + seconds))

    assert deadlines[0] == NOW + share


PLAN_GONE = "What was written down of the file's rows is gone"


def summary_contents(site: Site) -> list[dict[str, Any]]:
    return [json.loads(each) for key, each in site.files.objects.items() if key.endswith(SUMMARY)]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda objects: objects.clear(), id="deleted"),
        pytest.param(lambda objects: objects.update({PLAN + BATCHES: b"{}\n"}), id="damaged"),
        pytest.param(lambda objects: objects.update({PLAN + BATCHES: b""}), id="emptied"),
        pytest.param(lambda objects: objects.update({PLAN + BATCHES: b"\xff\n"}), id="no text"),
    ],
)
def test_a_campaign_whose_plan_is_gone_ends_once_it_is_too_old_and_its_summary_says_so(
    site: Site, damage: Callable[[dict[str, bytes]], object]
) -> None:
    site.campaign(batches=4, released=4, queued=4)
    site.stands(State.SENT, State.WAITING, State.SENDING)
    damage(site.files.objects)
    [failed] = site.run()
    assert isinstance(failed.error, ObjectGone | PlanDamaged)

    site.clock.now += MAX_AGE_SECONDS + 1
    [turn] = site.run()

    assert turn.campaign is not None
    assert (turn.campaign.status, turn.campaign.outcome) == (Status.CLOSED, "too_old")
    [summary] = summary_contents(site)
    assert PLAN_GONE in summary["problems"][0]
    ends = ("accepted", "sent", "unconfirmed", "cancelled")
    assert [summary[each] for each in ends] == [4, 1, 1, 2]


@pytest.mark.parametrize("rows", [None, b"", b'["phone"]\n{', b'["phone"]\n'])
def test_a_campaign_that_has_ended_but_for_its_rows_is_closed_without_them(
    site: Site, rows: bytes | None
) -> None:
    site.campaign(batches=1, released=1, queued=1, accepted_rows=1)
    site.stands(State.SENT)
    if rows is None:
        del site.files.objects[PLAN + ROWS]
    else:
        site.files.objects[PLAN + ROWS] = rows
    [failed] = site.run()
    assert failed.error is not None

    site.clock.now += MAX_AGE_SECONDS + 1
    site.run()

    [summary] = summary_contents(site)
    assert (summary["outcome"], summary["accepted"], summary["sent"]) == ("completed", 1, 1)
    assert PLAN_GONE in summary["problems"][0]


def test_a_refused_file_whose_plan_is_gone_gets_a_summary_in_the_end(site: Site) -> None:
    reason = Reason("too_many_rejected", ("8", "10", "20"))
    refused = site.campaign(batches=2, status=Status.REFUSED, outcome="refused", reason=reason)
    site.files.objects.clear()
    site.run()

    site.clock.now += MAX_AGE_SECONDS + 1
    site.run()

    assert site.stands_as(refused.campaign_id).counts.cancelled == 2
    assert [each["status"] for each in summary_contents(site)] == ["refused"]


def status_of(site: Site, campaign: Campaign) -> dict[str, Any]:
    folder = report_folder(campaign.key, campaign.campaign_id)
    shown: dict[str, Any] = json.loads(site.files.objects[folder + STATUS_PAGE])
    return shown


def test_each_minute_shows_how_far_what_is_open_has_come(site: Site) -> None:
    sending = site.campaign(batches=2, released=2, queued=2)
    site.run()
    site.stands(State.SENT)
    site.clock.now += 60

    site.run()

    assert status_of(site, sending)["sent"] == 1
    assert sending.campaign_id in site.files.objects[INDEX].decode()
    assert site.failed_pages == []


def test_what_the_tick_has_closed_is_listed_as_such_at_once(site: Site) -> None:
    closing = site.campaign(batches=1, released=1, queued=1, status=Status.CLOSING)
    site.files.objects[PLAN + ROWS] = b'["phone"]\n'
    site.stands(State.SENT, ended_at=NOW)

    site.run()

    assert status_of(site, closing)["status"] == "closed"
    assert "completed" in site.files.objects[INDEX].decode()
    assert site.written.of == {}


def test_pages_that_cannot_be_written_fail_no_turn(site: Site) -> None:
    class Full(FakeFiles):
        def put_over(self, key: str, content: bytes, *, mark: str) -> str:
            raise OSError(key)

    site = Site(files=Full())
    sending = site.campaign(batches=2, status=Status.PLANNED)

    [turn] = site.run()

    assert turn.error is None
    assert site.failed_pages == [sending.campaign_id]
    assert site.stands_as(sending.campaign_id).status is Status.SENDING


def test_what_could_not_have_its_turn_stays_on_the_list(site: Site) -> None:
    sending = site.campaign(batches=2, released=2, queued=2)
    site.run()

    def fails(_: object) -> None:
        raise OSError

    site.ledger.before_write = fails
    site.stands_as(sending.campaign_id)
    site.clock.now += 60
    site.queue.messages.clear()
    site.run()

    assert sending.campaign_id in site.written.of
