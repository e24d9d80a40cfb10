"""A queued batch is sent once, and what the provider answers has its consequences."""

from collections import Counter
from dataclasses import dataclass, field, replace

import pytest

from smsdrop.alibaba.answers import CLOCK_WAS_WRONG, NO_ANSWER, NOT_CONNECTED
from smsdrop.alibaba.signing import AccessKey
from smsdrop.ledger.batch_entry import BatchEntry, State, untouched
from smsdrop.ledger.campaign import Status
from smsdrop.sending.deferral import Done
from smsdrop.sending.rate_limit import RateLimiter
from tests.support.fakes import nothing
from tests.support.samples import KEY, NOW, batch_of
from tests.support.sending_scene import SETTLED_SECONDS, Killed, Scene, killed

BATCH = batch_of(3)
NEW_KEY = AccessKey(key_id="LTAI-new", secret="new")


@pytest.fixture
def scene() -> Scene:
    return Scene.new()


def test_a_batch_is_sent_and_its_message_done_with(scene: Scene) -> None:
    assert scene.deliver(BATCH) is None

    entry = scene.entry(BATCH)
    assert (entry.state, entry.attempt, entry.accepted) == (State.SENT, 1, (1,))
    assert (entry.biz_id, entry.request_id, entry.ended_at) == ("1^0", "R1", NOW)
    assert scene.provider.times_texted() == Counter(BATCH.phone_numbers)
    assert scene.provider.calls == [f"{BATCH.batch_id}-1"]


def test_the_claim_stands_in_the_ledger_before_the_call_is_made(scene: Scene) -> None:
    claims = []
    scene.provider.during_call = lambda: claims.append(scene.entry(BATCH))

    scene.deliver(BATCH)

    [claim] = claims
    assert (claim.state, claim.out_id) == (State.SENDING, f"{BATCH.batch_id}-1")
    assert (claim.call_before, claim.settle_after) == (NOW + 3, NOW + SETTLED_SECONDS)


@pytest.mark.parametrize("stops", [pytest.param("", id="going on"), pytest.param("X", id="halted")])
def test_a_batch_in_a_state_of_a_later_release_is_left_to_that(scene: Scene, stops: str) -> None:
    parked = replace(untouched(BATCH, at=NOW), state=State.UNKNOWN, revision=1)
    scene.ledger.write(None, parked)
    scene.change_campaign(halt_code=stops)

    deferred = scene.deliver(BATCH, receive_count=7)

    assert deferred == scene.use_case.leave(receive_count=7)
    assert (scene.entry(BATCH), scene.provider.calls) == (parked, [])


def test_a_batch_of_a_campaign_in_a_status_of_a_later_release_is_left_to_that(scene: Scene) -> None:
    scene.change_campaign(status=Status.UNKNOWN)

    deferred = scene.deliver(BATCH, receive_count=7)

    assert deferred == scene.use_case.leave(receive_count=7)
    assert scene.provider.calls == []


@dataclass(slots=True)
class Rate:
    """Says whether there is room for a call, and notes whether answers were throttled."""

    has_room: bool = True
    throttled: list[bool] = field(default_factory=list)

    def acquire(self, *, deadline: float) -> bool:
        return True

    def seconds_to_next(self) -> float:
        return 0

    def space(self, *, deadline: float) -> bool:
        return self.has_room

    def adapt(self, *, throttled: bool) -> None:
        self.throttled.append(throttled)


def test_the_rate_follows_what_the_provider_answers(scene: Scene) -> None:
    rate = Rate()
    paced = replace(scene, use_case=replace(scene.use_case, rate=rate))
    paced.provider.will_answer("Throttling.User")

    paced.deliver(BATCH)
    paced.deliver(BATCH)

    assert rate.throttled == [True, False]


def test_a_call_that_would_follow_too_soon_on_the_last_is_not_made(scene: Scene) -> None:
    rate = Rate(has_room=False)
    crowded = replace(scene, use_case=replace(scene.use_case, rate=rate))

    deferred = crowded.deliver(BATCH)

    assert deferred is not None
    assert deferred.reason == NOT_CONNECTED
    assert (scene.state(BATCH), scene.provider.calls) == (State.WAITING, [])


def test_a_campaign_is_halted_before_the_end_of_the_batch_is_written(scene: Scene) -> None:
    """If it were the last batch, the campaign could be closed in between as if all were well."""
    halted = []

    def note(after: object) -> None:
        if isinstance(after, BatchEntry) and after.state is State.REFUSED:
            halted.append(scene.campaign.halt_code)

    scene.ledger.before_write = note
    scene.provider.will_answer("isv.SMS_TEMPLATE_ILLEGAL")

    scene.deliver(BATCH)

    assert halted == ["isv.SMS_TEMPLATE_ILLEGAL"]


def test_the_same_message_again_calls_nobody(scene: Scene) -> None:
    results = [scene.deliver(BATCH) for _ in range(3)]

    assert results == [None, None, None]
    assert len(scene.provider.calls) == 1


def test_the_same_message_while_the_first_is_calling_waits_and_calls_nobody(scene: Scene) -> None:
    results = []

    def delivered_again() -> None:
        results.append(scene.deliver(BATCH))

    scene.provider.during_call = delivered_again

    assert scene.deliver(BATCH) is None
    [second] = results
    assert second is not None
    assert second.seconds >= SETTLED_SECONDS
    assert len(scene.provider.calls) == 1
    assert scene.state(BATCH) is State.SENT


def test_of_two_that_claim_at_once_one_calls(scene: Scene) -> None:
    results = []

    def other_is_faster(_: object) -> None:
        scene.ledger.before_write = nothing
        results.append(scene.deliver(BATCH))

    scene.ledger.before_write = other_is_faster

    loser = scene.deliver(BATCH)

    assert results == [None]
    assert loser is not None
    assert len(scene.provider.calls) == 1
    assert scene.most_texts_to_one() == 1


def test_a_batch_of_a_campaign_that_nobody_knows_waits_unsent(scene: Scene) -> None:
    stranger = batch_of(3, batch_id="20260102T030405Z-strange-000001")

    assert scene.deliver(stranger) is not None
    assert scene.ledger.snapshot(stranger.batch_id).batch is None
    assert scene.provider.calls == []


@pytest.mark.parametrize(
    ("code", "size", "state", "comes_back"),
    [
        pytest.param("OK", 3, State.SENT, False, id="accepted"),
        pytest.param(NOT_CONNECTED, 3, State.WAITING, True, id="never connected"),
        pytest.param("Throttling.User", 3, State.WAITING, True, id="throttled"),
        pytest.param("isv.MOBILE_NUMBER_ILLEGAL", 1, State.REFUSED, False, id="a bad number"),
        pytest.param("isv.MOBILE_NUMBER_ILLEGAL", 3, State.SPLIT, False, id="one of them bad"),
        pytest.param("isv.SMS_SIGN_ILLEGAL", 3, State.REFUSED, False, id="a bad sign name"),
        pytest.param("isv.SMS_TEMPLATE_ILLEGAL", 3, State.REFUSED, False, id="a bad template"),
        pytest.param("Never.Heard.Of", 3, State.REFUSED, False, id="an unknown code"),
        pytest.param("isv.AMOUNT_NOT_ENOUGH", 3, State.WAITING, True, id="no balance"),
        pytest.param("isp.SYSTEM_ERROR", 3, State.SENDING, True, id="a fault of theirs"),
        pytest.param(NO_ANSWER, 3, State.SENDING, True, id="no answer"),
    ],
)
def test_an_answer_leads_to_a_state(
    scene: Scene, code: str, size: int, state: State, comes_back: bool
) -> None:
    scene.provider.will_answer(code)

    later = scene.deliver(batch_of(size))

    assert (scene.state(BATCH), scene.entry(BATCH).code) == (state, code)
    assert (later is not None) == comes_back


@pytest.mark.parametrize(
    ("code", "halts", "pauses"),
    [
        pytest.param("OK", False, False, id="accepted"),
        pytest.param("Throttling.User", False, False, id="throttled"),
        pytest.param("isv.MOBILE_NUMBER_ILLEGAL", False, False, id="a bad number"),
        pytest.param("isv.SMS_SIGN_ILLEGAL", True, False, id="a sign name that all share"),
        pytest.param("isv.EXTEND_CODE_ERROR", True, False, id="an extend code that all share"),
        pytest.param("isv.SMS_TEMPLATE_ILLEGAL", True, False, id="a bad template"),
        pytest.param("Never.Heard.Of", True, False, id="an unknown code"),
        pytest.param("isv.AMOUNT_NOT_ENOUGH", False, True, id="no balance"),
        pytest.param("InvalidAccessKeyId.Inactive", False, True, id="a key that is locked"),
        pytest.param("isp.SYSTEM_ERROR", False, False, id="a fault of theirs"),
        pytest.param(NO_ANSWER, False, False, id="no answer"),
    ],
)
def test_who_is_to_blame_decides_what_stops(
    scene: Scene, code: str, halts: bool, pauses: bool
) -> None:
    scene.provider.will_answer(code)

    scene.deliver(batch_of(3, extend_codes=("7", "7", "7")))

    assert scene.campaign.halt_code == (code if halts else "")
    pause = scene.ledger.pause()
    assert pause.paused == pauses
    assert pause.code == (code if pauses else "")


def test_after_a_deferral_the_batch_is_sent_by_a_later_attempt(scene: Scene) -> None:
    scene.provider.will_answer("Throttling.User")
    scene.deliver(BATCH)

    assert scene.deliver(BATCH) is None
    assert scene.provider.calls == [f"{BATCH.batch_id}-1", f"{BATCH.batch_id}-2"]
    assert scene.entry(BATCH).accepted == (2,)
    assert scene.most_texts_to_one() == 1


def test_a_batch_that_is_throttled_for_long_is_never_given_up(scene: Scene) -> None:
    for _ in range(30):
        scene.provider.will_answer("Throttling.User")
        scene.deliver(BATCH)

    assert scene.deliver(BATCH) is None
    assert scene.state(BATCH) is State.SENT


def test_the_other_batches_of_a_halted_campaign_are_cancelled_without_a_call(scene: Scene) -> None:
    scene.provider.will_answer("isv.SMS_TEMPLATE_ILLEGAL")
    scene.deliver(BATCH)
    other = batch_of(3, position=2)

    assert scene.deliver(other) is None
    assert (scene.state(other), scene.entry(other).code) == (
        State.CANCELLED,
        "isv.SMS_TEMPLATE_ILLEGAL",
    )
    assert len(scene.provider.calls) == 1


@pytest.mark.parametrize(
    ("age_days", "state"),
    [
        pytest.param(13, State.SENT, id="just in time"),
        pytest.param(13.01, State.CANCELLED, id="late"),
    ],
)
def test_a_batch_that_is_too_old_is_cancelled_without_a_call(
    scene: Scene, age_days: float, state: State
) -> None:
    scene.clock.now += age_days * 24 * 3600

    assert scene.deliver(BATCH) is None
    assert scene.state(BATCH) is state
    assert len(scene.provider.calls) == (state is State.SENT)


def test_while_sending_is_paused_nobody_is_called_and_nothing_is_written(scene: Scene) -> None:
    scene.pause(paused=True)

    assert scene.deliver(BATCH) is not None
    assert scene.ledger.snapshot(BATCH.batch_id).batch is None
    assert scene.provider.calls == []


def test_after_a_resume_the_batch_that_found_the_balance_empty_is_sent(scene: Scene) -> None:
    scene.provider.will_answer("isv.AMOUNT_NOT_ENOUGH")
    scene.deliver(BATCH)
    assert scene.deliver(BATCH) is not None
    scene.pause(paused=False)

    assert scene.deliver(BATCH) is None
    assert scene.state(BATCH) is State.SENT
    assert scene.most_texts_to_one() == 1


def test_a_late_fault_of_the_account_does_not_undo_a_resume(scene: Scene) -> None:
    scene.provider.will_answer("isv.AMOUNT_NOT_ENOUGH")

    def paused_by_another_and_resumed_by_a_person() -> None:
        scene.pause(paused=True)
        scene.pause(paused=False)

    scene.provider.during_call = paused_by_another_and_resumed_by_a_person

    scene.deliver(BATCH)

    assert not scene.ledger.pause().paused
    assert scene.state(BATCH) is State.WAITING


def test_without_time_for_a_whole_call_none_is_begun(scene: Scene) -> None:
    later = scene.deliver(BATCH, seconds=19)

    assert later is not None
    assert later.seconds >= 1
    assert scene.ledger.snapshot(BATCH.batch_id).batch is None
    assert scene.provider.calls == []


def test_a_message_without_time_for_its_call_comes_back_when_the_next_call_may_begin(
    scene: Scene,
) -> None:
    rate = RateLimiter(interval_seconds=20, clock=scene.clock, sleep=lambda _: None)
    rate.start_invocation()
    scene = replace(scene, use_case=replace(scene.use_case, rate=rate))

    later = scene.deliver(BATCH, seconds=19 + 10)

    assert later is not None
    assert 20 <= later.seconds <= 30


def test_a_sender_frozen_between_claim_and_call_has_lost_its_right_to_call(scene: Scene) -> None:
    def frozen(_: object) -> None:
        scene.clock.now += 3.5

    scene.ledger.before_write = frozen

    later = scene.deliver(BATCH)

    assert later is not None
    assert scene.provider.calls == []
    assert (scene.state(BATCH), scene.entry(BATCH).code) == (State.WAITING, NOT_CONNECTED)


def test_a_key_that_was_rotated_is_fetched_anew_and_nothing_is_paused(scene: Scene) -> None:
    scene.keys.stored = NEW_KEY
    scene.provider.will_answer("InvalidAccessKeyId.NotFound")

    deferred = scene.deliver(BATCH, receive_count=12)
    assert deferred is not None
    assert deferred.seconds <= 1
    assert scene.state(BATCH) is State.WAITING
    assert not scene.ledger.pause().paused
    assert scene.deliver(BATCH) is None
    assert scene.entry(BATCH).access_key_id == "LTAI-new"
    assert scene.state(BATCH) is State.SENT


def test_a_call_that_is_throttled_again_waits_longer_each_time(scene: Scene) -> None:
    for _ in range(2):
        scene.provider.will_answer("Throttling.User")

    first = scene.deliver(BATCH, receive_count=1)
    scene.clock.now += 3600
    second = scene.deliver(BATCH, receive_count=8)

    assert first is not None
    assert second is not None
    assert first.seconds < 2 < 100 < second.seconds


def test_a_first_call_that_is_throttled_is_soon_tried_again_however_often_it_was_received(
    scene: Scene,
) -> None:
    scene.provider.will_answer("Throttling.User")

    deferred = scene.deliver(BATCH, receive_count=12)

    assert deferred is not None
    assert deferred.seconds <= 8


def test_a_wrong_key_that_was_not_rotated_pauses_sending(scene: Scene) -> None:
    scene.provider.will_answer("SignatureDoesNotMatch")

    assert scene.deliver(BATCH) is not None
    assert scene.ledger.pause().paused


@pytest.mark.parametrize(
    ("write", "calls"),
    [pytest.param(1, 0, id="at the claim"), pytest.param(2, 1, id="at the record")],
)
def test_killed_at_a_write_the_batch_is_sent_once_in_the_end(
    scene: Scene, write: int, calls: int
) -> None:
    writes = []

    def killed_at(entry: object) -> None:
        writes.append(entry)
        if len(writes) == write:
            killed()

    scene.ledger.before_write = killed_at
    with pytest.raises(Killed):
        scene.deliver(BATCH)
    assert len(scene.provider.calls) == calls
    scene.clock.now += SETTLED_SECONDS

    assert scene.deliver(BATCH) is None
    assert scene.state(BATCH) is State.SENT
    assert scene.provider.times_texted() == Counter(BATCH.phone_numbers)


def test_killed_in_the_call_the_batch_is_sent_once_in_the_end(scene: Scene) -> None:
    scene.provider.during_call = killed
    with pytest.raises(Killed):
        scene.deliver(BATCH)
    scene.provider.during_call = nothing
    scene.clock.now += SETTLED_SECONDS

    assert scene.deliver(BATCH) is None
    assert scene.state(BATCH) is State.SENT
    assert scene.provider.times_texted() == Counter(BATCH.phone_numbers)


def test_a_redriven_dead_letter_is_harmless_weeks_later(scene: Scene) -> None:
    scene.deliver(BATCH)
    scene.clock.now += 60 * 24 * 3600

    assert scene.deliver(BATCH) is None
    assert scene.state(BATCH) is State.SENT
    assert len(scene.provider.calls) == 1


def test_a_sender_frozen_before_its_claim_looks_at_the_ledger_again(scene: Scene) -> None:
    def frozen_while_the_key_is_fetched() -> AccessKey:
        scene.clock.now += 4
        scene.change_campaign(halt_code="smsdrop.Cancelled")
        return KEY

    scene.keys.on_current = [lambda: KEY, frozen_while_the_key_is_fetched]

    deferred = scene.deliver(BATCH)

    assert deferred is not None
    assert deferred.seconds >= 1
    assert scene.ledger.snapshot(BATCH.batch_id).batch is None
    assert scene.deliver(BATCH) is None
    assert (scene.state(BATCH), scene.provider.calls) == (State.CANCELLED, [])


def test_a_wrong_clock_is_no_reason_to_pause(scene: Scene) -> None:
    scene.provider.will_answer(CLOCK_WAS_WRONG)

    assert scene.deliver(BATCH) is not None
    assert scene.state(BATCH) is State.WAITING
    assert not scene.ledger.pause().paused
    assert scene.deliver(BATCH) is None
    assert scene.state(BATCH) is State.SENT
    assert scene.most_texts_to_one() == 1


@pytest.mark.parametrize("code", ["OK", "isv.SMS_TEMPLATE_ILLEGAL"])
def test_a_message_that_is_done_with_says_what_stands_of_its_batch(scene: Scene, code: str) -> None:
    scene.provider.will_answer(code)

    first, again = (scene.handed_out(BATCH) for _ in range(2))

    assert first == again == Done(entry=scene.entry(BATCH))
    assert scene.entry(BATCH).code == code
