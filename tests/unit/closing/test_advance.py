"""What is done for a campaign each minute, by where it is in its life."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from smsdrop.batches.plan import BATCHES, ROWS, PlanDamaged
from smsdrop.closing.advance import ASK_SECONDS
from smsdrop.closing.reports import SUMMARY, UNSENT_ROWS
from smsdrop.closing.tick import Turn
from smsdrop.closing.verify import LOOKUPS
from smsdrop.drops import FileVersion, report_folder
from smsdrop.ledger.batch_entry import State
from smsdrop.ledger.campaign import Counts, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND, TOO_OLD, WITHDRAWN
from smsdrop.ledger.entries import Lease
from smsdrop.ledger.terms import Terms
from smsdrop.ports import ObjectGone
from smsdrop.reasons import Reason
from smsdrop.receipts.canary import GOOD, PATIENCE_SECONDS
from smsdrop.sending.preview import PREVIEW
from tests.support.closing_site import (
    MAX_AGE_SECONDS,
    PLAN,
    Site,
    absent_once,
    summaries,
    summary_contents,
)
from tests.support.fakes import FakeFiles, Text, nothing
from tests.support.samples import CAMPAIGN_ID, KEY, NOW, batch_of, campaign


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


def test_a_held_campaign_that_is_cancelled_ends(site: Site) -> None:
    site.campaign(batches=2, status=Status.HELD, paused_by="me", halt_code=CANCELLED_BY_HAND)

    site.minutes(2)

    assert site.states() == [State.CANCELLED] * 2


def test_a_campaign_is_closed_when_every_batch_is_at_its_end(site: Site) -> None:
    sending = site.campaign(batches=3, released=3, queued=3)
    site.stands(State.SENT, State.REFUSED, State.CANCELLED)

    closed = site.advance(sending)

    assert (closed.status, closed.outcome, closed.is_open) == (Status.CLOSED, "completed", False)
    assert closed.counts == Counts(batches=3, accepted=3, sent=1, refused=1, cancelled=1)
    assert any(key.endswith(SUMMARY) for key in site.files.objects)


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


def test_a_campaign_in_a_status_of_a_later_release_stays_as_it_is(site: Site) -> None:
    strange = site.campaign(batches=1, status=Status.UNKNOWN)
    site.clock.now += MAX_AGE_SECONDS + 1

    assert site.advance(strange) == strange
    assert (site.states(), site.queue.messages) == ([], [])


PLAN_GONE = "What was written down of the file's rows is gone"


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
