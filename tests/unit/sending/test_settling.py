"""An attempt in doubt is settled by what the provider lists, before anything else happens."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from smsdrop.alibaba.answers import NO_ANSWER, Answer
from smsdrop.alibaba.send_details import (
    Listing,
    LookupFailed,
    LookupRefused,
    LookupThrottled,
    SendDetail,
)
from smsdrop.alibaba.signing import AccessKey
from smsdrop.batches.batch import Batch
from smsdrop.ledger.batch_entry import State
from smsdrop.sending.settling import REFUSED_SECONDS
from tests.support.fakes import nothing
from tests.support.samples import KEY, NOW, batch_of
from tests.support.sending_scene import MAX_ATTEMPTS, SETTLED_SECONDS, Scene

BATCH = batch_of(3)
NEW_KEY = AccessKey(key_id="LTAI-new", secret="new")


@pytest.fixture
def scene() -> Scene:
    return Scene.new()


@pytest.fixture
def arrived(scene: Scene) -> Scene:
    """The answer was lost after the provider had accepted."""
    scene.provider.will_answer(NO_ANSWER, texts=True)
    scene.deliver(BATCH)
    return scene


@pytest.fixture
def lost(scene: Scene) -> Scene:
    """The call was lost before it reached the provider."""
    scene.provider.will_answer(NO_ANSWER, texts=False)
    scene.deliver(BATCH)
    return scene


def test_doubt_waits_until_the_providers_word_can_be_believed(lost: Scene) -> None:
    lost.clock.now += SETTLED_SECONDS - 1

    later = lost.deliver(BATCH)

    assert later is not None
    assert later.seconds >= 1
    assert lost.state(BATCH) is State.SENDING
    assert lost.provider.lookups == []
    assert len(lost.provider.calls) == 1


def test_the_message_comes_back_when_it_can_be_settled(scene: Scene) -> None:
    scene.provider.will_answer(NO_ANSWER)

    later = scene.deliver(BATCH)

    assert later is not None
    assert SETTLED_SECONDS <= later.seconds <= SETTLED_SECONDS + 5


def test_what_the_provider_lists_was_sent_and_is_not_sent_again(arrived: Scene) -> None:
    arrived.clock.now += SETTLED_SECONDS

    assert arrived.deliver(BATCH) is None
    entry = arrived.entry(BATCH)
    assert (entry.state, entry.accepted, entry.sent_twice) == (State.SENT, (1,), False)
    assert arrived.provider.times_texted() == Counter(BATCH.phone_numbers)
    assert len(arrived.provider.calls) == 1


def test_one_listed_recipient_is_proof_enough(arrived: Scene) -> None:
    """A bad number alone is not listed, though the call was accepted."""
    *_, last = arrived.provider.texts
    arrived.provider.texts = [last]
    arrived.clock.now += SETTLED_SECONDS

    assert arrived.deliver(BATCH) is None
    assert arrived.state(BATCH) is State.SENT
    assert len(arrived.provider.calls) == 1


def test_what_the_provider_lists_for_nobody_is_sent_once_more(lost: Scene) -> None:
    lost.clock.now += SETTLED_SECONDS

    assert lost.deliver(BATCH) is None
    entry = lost.entry(BATCH)
    assert (entry.state, entry.attempt, entry.absent, entry.accepted) == (State.SENT, 2, 1, (2,))
    assert {number for number, _, _ in lost.provider.lookups} == set(BATCH.phone_numbers)
    assert lost.provider.times_texted() == Counter(BATCH.phone_numbers)


def test_texts_of_other_calls_prove_nothing_about_this_one(lost: Scene) -> None:
    other = replace(BATCH, batch_id=f"{BATCH.batch_id}0")
    lost.provider.send(other, out_id=f"{other.batch_id}-1", key=KEY)
    lost.clock.now += SETTLED_SECONDS

    lost.deliver(BATCH)

    assert lost.entry(BATCH).attempt == 2


def test_a_lookup_that_fails_proves_nothing(lost: Scene) -> None:
    lost.provider.lookups_fail = True
    lost.clock.now += SETTLED_SECONDS

    assert lost.deliver(BATCH) is not None
    assert lost.state(BATCH) is State.SENDING
    assert len(lost.provider.calls) == 1


def test_after_a_lookup_that_fails_the_key_is_fetched_again(lost: Scene) -> None:
    lost.provider.lookups_fail = True
    lost.keys.stored = replace(KEY, secret="new")
    lost.clock.now += SETTLED_SECONDS

    lost.deliver(BATCH)

    assert lost.keys.current() == lost.keys.stored


def test_nothing_is_absent_that_is_known_to_have_been_accepted(lost: Scene) -> None:
    entry = lost.entry(BATCH)
    lost.ledger.write(entry, replace(entry, accepted=(1,), revision=entry.revision + 1))
    lost.clock.now += SETTLED_SECONDS

    assert lost.deliver(BATCH) is None
    assert (lost.state(BATCH), lost.entry(BATCH).absent) == (State.SENT, 0)


def test_a_lookup_there_is_no_time_for_proves_nothing(lost: Scene) -> None:
    lost.clock.now += SETTLED_SECONDS

    assert lost.deliver(BATCH, seconds=19) is not None
    assert lost.state(BATCH) is State.SENDING
    assert len(lost.provider.calls) == 1


def test_a_doubt_of_days_ago_is_asked_for_on_its_own_date_alone(lost: Scene) -> None:
    lost.clock.now += 9 * 24 * 3600

    lost.deliver(BATCH)

    dates = [on for number, on, _ in lost.provider.lookups if number == BATCH.phone_numbers[0]]
    assert dates == [date(2026, 1, 2)]


@pytest.mark.parametrize(
    ("before_midnight", "dates"),
    [
        pytest.param(5 * 60, [date(2026, 1, 2), date(2026, 1, 3)], id="claimed at 23:55"),
        pytest.param(-5 * 60, [date(2026, 1, 2), date(2026, 1, 3)], id="claimed at 0:05"),
        pytest.param(-15 * 60, [date(2026, 1, 3)], id="claimed at 0:15"),
    ],
)
def test_around_midnight_in_beijing_both_dates_are_asked_for(
    scene: Scene, before_midnight: float, dates: list[date]
) -> None:
    scene.clock.now = NOW - 0.25 + 13 * 3600 - before_midnight
    scene.provider.will_answer(NO_ANSWER)
    scene.deliver(BATCH)
    scene.clock.now += SETTLED_SECONDS

    scene.deliver(BATCH)

    asked = {on for _, on, _ in scene.provider.lookups}
    assert sorted(asked) == dates


def test_after_as_many_absences_as_allowed_the_batch_is_refused(scene: Scene) -> None:
    for _ in range(MAX_ATTEMPTS):
        scene.provider.will_answer(NO_ANSWER, texts=False)
        scene.deliver(BATCH)
        scene.clock.now += SETTLED_SECONDS

    assert scene.deliver(BATCH) is None
    entry = scene.entry(BATCH)
    assert (entry.state, entry.code) == (State.REFUSED, "smsdrop.GaveUp")
    assert entry.absent == len(scene.provider.calls) == MAX_ATTEMPTS
    assert scene.most_texts_to_one() == 0


def test_a_text_of_any_attempt_settles_a_later_one(scene: Scene) -> None:
    """The first attempt's text is listed only after the second attempt."""
    scene.provider.listed_after = SETTLED_SECONDS + 1
    scene.provider.will_answer(NO_ANSWER, texts=True)
    scene.deliver(BATCH)
    scene.clock.now += SETTLED_SECONDS
    scene.provider.will_answer(NO_ANSWER, texts=False)
    scene.deliver(BATCH)
    scene.clock.now += SETTLED_SECONDS

    assert scene.deliver(BATCH) is None
    entry = scene.entry(BATCH)
    assert (entry.state, entry.accepted, entry.attempt) == (State.SENT, (1,), 2)
    assert scene.most_texts_to_one() == 1


def test_two_attempts_that_are_both_listed_show_as_sent_twice(scene: Scene) -> None:
    scene.provider.listed_after = SETTLED_SECONDS + 1
    for _ in range(2):
        scene.provider.will_answer(NO_ANSWER, texts=True)
        scene.deliver(BATCH)
        scene.clock.now += SETTLED_SECONDS
    scene.clock.now += 1

    assert scene.deliver(BATCH) is None
    assert scene.entry(BATCH).sent_twice


def test_doubt_is_settled_though_the_campaign_is_halted(arrived: Scene) -> None:
    arrived.change_campaign(halt_code="isv.SMS_TEMPLATE_ILLEGAL")
    arrived.clock.now += SETTLED_SECONDS

    assert arrived.deliver(BATCH) is None
    assert arrived.state(BATCH) is State.SENT


def test_in_a_halted_campaign_what_is_not_settled_yet_is_not_cancelled(arrived: Scene) -> None:
    arrived.change_campaign(halt_code="isv.SMS_TEMPLATE_ILLEGAL")

    assert arrived.deliver(BATCH) is not None
    assert arrived.state(BATCH) is State.SENDING


def test_in_a_halted_campaign_what_proves_absent_is_cancelled(lost: Scene) -> None:
    lost.change_campaign(halt_code="isv.SMS_TEMPLATE_ILLEGAL")
    lost.clock.now += SETTLED_SECONDS

    assert lost.deliver(BATCH) is None
    assert (lost.state(BATCH), lost.entry(BATCH).code) == (
        State.CANCELLED,
        "isv.SMS_TEMPLATE_ILLEGAL",
    )
    assert len(lost.provider.calls) == 1


def test_while_sending_is_paused_doubt_is_settled_and_absence_waits(lost: Scene) -> None:
    lost.pause(paused=True)
    lost.clock.now += SETTLED_SECONDS

    assert lost.deliver(BATCH) is not None
    assert lost.state(BATCH) is State.WAITING
    assert len(lost.provider.calls) == 1


def test_an_international_text_that_is_listed_was_sent(scene: Scene) -> None:
    abroad = replace(BATCH, is_international=True)
    scene.provider.will_answer(NO_ANSWER, texts=True)
    scene.deliver(abroad)
    scene.clock.now += SETTLED_SECONDS

    assert scene.deliver(abroad) is None
    assert scene.state(abroad) is State.SENT


def test_that_an_international_text_is_not_listed_proves_nothing(scene: Scene) -> None:
    abroad = replace(BATCH, is_international=True)
    scene.provider.will_answer(NO_ANSWER, texts=False)
    scene.deliver(abroad)
    scene.clock.now += SETTLED_SECONDS

    assert scene.deliver(abroad) is None
    assert scene.state(abroad) is State.UNCONFIRMED


def test_a_sender_that_remembers_an_older_key_fetches_the_one_the_attempt_was_made_with(
    scene: Scene,
) -> None:
    scene.keys.stored = NEW_KEY
    scene.keys.refresh()
    scene.provider.will_answer(NO_ANSWER, texts=True)
    scene.deliver(BATCH)
    scene.keys.stored = KEY
    scene.keys.refresh()
    scene.keys.stored = NEW_KEY
    scene.clock.now += SETTLED_SECONDS

    assert scene.deliver(BATCH) is None
    assert scene.state(BATCH) is State.SENT
    assert {key_id for _, _, key_id in scene.provider.lookups} == {NEW_KEY.key_id}


def test_what_the_provider_lists_no_longer_can_not_be_known(arrived: Scene) -> None:
    arrived.clock.now += 29.1 * 24 * 3600

    assert arrived.deliver(BATCH) is None
    assert arrived.state(BATCH) is State.UNCONFIRMED
    assert arrived.provider.lookups == []
    assert len(arrived.provider.calls) == 1


def test_of_two_that_settle_at_once_one_decides(lost: Scene) -> None:
    lost.clock.now += SETTLED_SECONDS
    results = []

    def other_is_faster(_: object) -> None:
        lost.ledger.before_write = nothing
        results.append(lost.deliver(BATCH))

    lost.ledger.before_write = other_is_faster

    slower = lost.deliver(BATCH)

    assert results == [None]
    assert slower is not None
    assert lost.entry(BATCH).attempt == 2
    assert lost.provider.times_texted() == Counter(BATCH.phone_numbers)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(code="isp.SYSTEM_ERROR"), id="a fault of theirs"),
        pytest.param(Answer(code="SignatureNonceUsed", status=400), id="a nonce used already"),
        pytest.param(
            Answer(code="isv.SMS_TEMPLATE_ILLEGAL", biz_id="9^0"), id="refused, with a BizId"
        ),
        pytest.param(Answer(code="OK", status=202), id="OK with another status"),
        pytest.param(Answer(code="Never.Heard.Of", status=502), id="an unknown code of a proxy"),
    ],
)
def test_whatever_leaves_doubt_is_settled_before_anything_else(
    scene: Scene, answer: Answer
) -> None:
    scene.provider.answers = [(answer, True)]
    scene.deliver(BATCH)
    assert scene.state(BATCH) is State.SENDING
    assert not scene.campaign.halt_code
    scene.clock.now += SETTLED_SECONDS

    assert scene.deliver(BATCH) is None
    assert scene.state(BATCH) is State.SENT
    assert scene.most_texts_to_one() == 1


@pytest.mark.parametrize("order", ["cancel", "pause"])
def test_an_order_given_while_a_batch_is_settled_holds(lost: Scene, order: str) -> None:
    def ordered() -> None:
        lost.provider.during_lookup = nothing
        if order == "cancel":
            lost.change_campaign(halt_code="smsdrop.Cancelled")
        else:
            lost.pause(paused=True)

    lost.clock.now += SETTLED_SECONDS
    lost.provider.during_lookup = ordered

    lost.deliver(BATCH)

    assert len(lost.provider.calls) == 1
    assert lost.state(BATCH) is (State.CANCELLED if order == "cancel" else State.WAITING)


def large_in_doubt(scene: Scene) -> Batch:
    """Return a batch that is due to be settled, by lookups of a second each."""

    def slow() -> None:
        scene.clock.now += 1

    large = batch_of(35)
    scene.provider.will_answer(NO_ANSWER, texts=False)
    scene.deliver(large)
    scene.clock.now += SETTLED_SECONDS
    scene.provider.during_lookup = slow
    return large


def test_settling_goes_on_where_the_time_ran_out(scene: Scene) -> None:
    large = large_in_doubt(scene)

    first = scene.deliver(large, seconds=45)
    looked_up = scene.entry(large).looked_up
    second = scene.deliver(large, seconds=45)

    assert first is not None
    assert looked_up == 30
    assert second is None
    numbers = [number for number, _, _ in scene.provider.lookups]
    assert sorted(numbers) == sorted(large.phone_numbers)
    assert scene.entry(large).state is State.SENT


def test_throttled_lookups_keep_what_was_found_out(scene: Scene) -> None:
    large = batch_of(15)
    scene.provider.will_answer(NO_ANSWER, texts=False)
    scene.deliver(large)
    scene.clock.now += SETTLED_SECONDS
    scene.provider.lookup_answers = {large.phone_numbers[12]: LookupThrottled("Throttling.User")}

    assert scene.deliver(large) is not None
    assert scene.entry(large).looked_up == 12
    assert scene.deliver(large) is not None
    assert scene.entry(large).looked_up == 12
    scene.provider.lookup_answers = {}
    scene.provider.lookups.clear()
    assert scene.deliver(large) is None
    assert [number for number, _, _ in scene.provider.lookups] == [*large.phone_numbers[12:]]


def test_who_is_throttled_is_looked_up_by_the_same_delivery_a_little_later(lost: Scene) -> None:
    lost.clock.now += SETTLED_SECONDS
    lost.provider.lookup_answers = {BATCH.phone_numbers[1]: LookupThrottled("Throttling.User")}
    began = lost.clock()

    def let_in_again() -> None:
        if lost.clock() > began:
            lost.provider.lookup_answers = {}

    lost.provider.during_lookup = let_in_again

    assert lost.deliver(BATCH) is None
    assert lost.state(BATCH) is State.SENT
    assert [number for number, _, _ in lost.provider.lookups] == [
        *BATCH.phone_numbers,
        BATCH.phone_numbers[1],
    ]


IN_DOUBT = Listing(is_complete=False)


def test_recipients_of_whom_no_more_can_be_found_out_are_split_off_unconfirmed(
    lost: Scene,
) -> None:
    lost.clock.now += SETTLED_SECONDS
    lost.provider.lookup_answers = {BATCH.phone_numbers[1]: IN_DOUBT}

    assert lost.deliver(BATCH) is None
    assert (lost.state(BATCH), lost.entry(BATCH).absent) == (State.SPLIT, 1)  # so it is verified
    others, apart = lost.queue.batches
    assert others.phone_numbers == (BATCH.phone_numbers[0], BATCH.phone_numbers[2])
    assert (apart.phone_numbers, apart.in_doubt) == ((BATCH.phone_numbers[1],), True)

    lost.deliver_all_that_is_queued()

    assert (lost.state(others), lost.state(apart)) == (State.SENT, State.UNCONFIRMED)
    assert set(lost.provider.times_texted()) == set(others.phone_numbers)


def test_where_nothing_can_be_found_out_about_anybody_all_are_unconfirmed(lost: Scene) -> None:
    lost.clock.now += SETTLED_SECONDS
    lost.provider.lookup_answers = dict.fromkeys(BATCH.phone_numbers, IN_DOUBT)

    assert lost.deliver(BATCH) is None
    assert lost.state(BATCH) is State.UNCONFIRMED
    assert len(lost.provider.calls) == 1


@pytest.mark.parametrize(
    ("seconds", "state"),
    [
        pytest.param(SETTLED_SECONDS, State.SENDING, id="at first it may pass"),
        pytest.param(SETTLED_SECONDS + REFUSED_SECONDS, State.SPLIT, id="a day later it will not"),
    ],
)
def test_a_lookup_that_is_refused_for_good_keeps_its_batch_in_doubt_for_a_day(
    lost: Scene, seconds: float, state: State
) -> None:
    lost.clock.now += seconds
    lost.provider.lookup_answers = {BATCH.phone_numbers[0]: LookupRefused("isv.INVALID_PARAMETERS")}

    lost.deliver(BATCH)

    assert lost.state(BATCH) is state
    assert len(lost.provider.calls) == 1


def test_evidence_that_comes_in_the_middle_of_settling_counts(lost: Scene) -> None:
    lost.clock.now += SETTLED_SECONDS
    lost.provider.lookup_answers = {BATCH.phone_numbers[2]: LookupFailed("no answer")}
    assert lost.deliver(BATCH) is not None
    lost.provider.lookup_answers = {
        BATCH.phone_numbers[2]: Listing(
            rows=(SendDetail(out_id=f"{BATCH.batch_id}-1", template_code="", sent_at=None),)
        )
    }

    assert lost.deliver(BATCH) is None
    assert (lost.state(BATCH), lost.entry(BATCH).accepted) == (State.SENT, (1,))


def test_a_batch_that_is_not_settled_yet_comes_back_later_and_not_at_once(scene: Scene) -> None:
    """Each time it comes back counts for the queue, which makes it a dead letter in the end."""

    large = large_in_doubt(scene)

    deferred = scene.deliver(large, seconds=45)

    assert deferred is not None
    assert deferred.reason == "some recipients are still to be looked up"
    assert deferred.seconds >= 1


def test_what_the_provider_answers_to_a_lookup_is_said_where_the_message_must_wait_for_it(
    lost: Scene,
) -> None:
    number = BATCH.phone_numbers[0]
    lost.provider.lookup_answers = {number: LookupFailed("isp.RAM_PERMISSION_DENY")}
    lost.clock.now += SETTLED_SECONDS + 1

    deferred = lost.deliver(BATCH)

    assert deferred is not None
    assert deferred.reason == "the provider did not say what it has sent"
    assert deferred.code == "isp.RAM_PERMISSION_DENY"
