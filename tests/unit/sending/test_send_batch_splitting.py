"""One bad recipient among many: the batch is split until that one stands alone."""

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from smsdrop.alibaba.answers import NO_ANSWER, TOO_LARGE
from smsdrop.aws.sqs import QueueUnavailable
from smsdrop.batches.batch import Batch
from smsdrop.batches.split import Split
from smsdrop.ledger.batch_entry import State
from tests.support.samples import batch_of, phone_numbers
from tests.support.sending_scene import SETTLED_SECONDS, Killed, Scene, killed

BAD_NUMBER = "isv.MOBILE_NUMBER_ILLEGAL"
BATCH = batch_of(100)


@pytest.fixture
def scene() -> Scene:
    return Scene.new()


@pytest.mark.parametrize("bad", [phone_numbers(100)[each] for each in (0, 1, 49, 50, 98, 99)])
def test_one_bad_number_among_a_hundred_is_refused_and_ninety_nine_are_sent(
    scene: Scene, bad: str
) -> None:
    scene.provider.bad_numbers = frozenset({bad})
    scene.deliver(BATCH)

    scene.deliver_all_that_is_queued()

    assert scene.provider.times_texted() == Counter(set(BATCH.phone_numbers) - {bad})
    assert len(scene.provider.calls) <= 15
    states = Counter(each.state for each in scene.ledger.entries(BATCH.campaign_id))
    assert states[State.REFUSED] == 1
    assert set(states) == {State.REFUSED, State.SENT, State.SPLIT}


def test_a_value_that_is_banned_is_looked_for_and_does_not_halt_the_campaign(scene: Scene) -> None:
    """The template is approved, so only what a recipient brings can be banned."""
    scene.provider.will_answer("isv.SMS_CONTENT_ILLEGAL")

    scene.deliver(BATCH)

    assert scene.state(BATCH) is State.SPLIT
    assert not scene.campaign.halt_code


def test_a_hundred_bad_numbers_are_all_refused(scene: Scene) -> None:
    scene.provider.bad_numbers = frozenset(BATCH.phone_numbers)
    scene.deliver(BATCH)

    scene.deliver_all_that_is_queued()

    states = Counter(each.state for each in scene.ledger.entries(BATCH.campaign_id))
    assert states.keys() == {State.REFUSED, State.SPLIT}
    assert states[State.REFUSED] == 100
    assert scene.most_texts_to_one() == 0


def in_order(messages: list[str]) -> str:
    return messages.pop(0)


def latest_first(messages: list[str]) -> str:
    return messages.pop()


def at_random(messages: list[str]) -> str:
    return messages.pop(Random(len(messages)).randrange(len(messages)))


def deliver_side_by_side(scene: Scene) -> None:
    """Deliver messages in rounds: the results of a round are not known within it."""
    while scene.queue.messages:
        batches = scene.queue.batches
        scene.queue.messages.clear()
        known = dict(scene.ledger.stored)
        after = known | {}
        for batch in batches:
            scene.ledger.stored = dict(known)
            scene.deliver(batch)
            after |= {key: each for key, each in scene.ledger.stored.items() if key not in known}
        scene.ledger.stored = after


@pytest.mark.parametrize("next_of", [in_order, latest_first, at_random])
def test_of_a_hundred_that_are_all_refused_each_costs_little_more_than_a_call(
    scene: Scene, next_of: Callable[[list[str]], str]
) -> None:
    scene.provider.bad_numbers = frozenset(BATCH.phone_numbers)
    scene.deliver(BATCH)

    while scene.queue.messages:
        scene.deliver(Batch.from_json(next_of(scene.queue.messages)))

    assert len(scene.provider.calls) <= 1.3 * 100


def test_senders_that_work_side_by_side_need_few_calls_for_a_hundred_that_are_all_refused(
    scene: Scene,
) -> None:
    scene.provider.bad_numbers = frozenset(BATCH.phone_numbers)
    scene.deliver(BATCH)

    deliver_side_by_side(scene)

    states = Counter(each.state for each in scene.ledger.entries(BATCH.campaign_id))
    assert states[State.REFUSED] == 100
    assert len(scene.provider.calls) <= 1.3 * 100


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_whatever_share_of_a_hundred_is_bad_the_others_are_sent_in_few_calls(
    scene: Scene, share: float, seed: int
) -> None:
    numbers = BATCH.phone_numbers
    bad = frozenset(Random(seed).sample(numbers, round(share * 100)))
    scene.provider.bad_numbers = bad
    scene.deliver(BATCH)

    scene.deliver_all_that_is_queued()

    assert scene.provider.times_texted() == Counter(set(numbers) - bad)
    assert len(scene.provider.calls) <= (15 * len(bad) if share < 0.1 else 1.3 * 100)


def test_a_split_into_single_recipients_that_dies_is_queued_as_it_was_written(
    scene: Scene,
) -> None:
    """The entry says what the batch was split into: its relatives may look different by then."""
    scene.provider.bad_numbers = frozenset(BATCH.phone_numbers)
    quarter = BATCH.parts()[1].parts()[1]
    known = [BATCH.parts()[0], BATCH.parts()[1].parts()[0]]
    for batch in known:
        scene.deliver(batch)
    scene.queue.messages.clear()
    scene.queue.before_send = killed
    with pytest.raises(Killed):
        scene.deliver(quarter)
    scene.queue.before_send = lambda _: None

    assert scene.deliver(quarter) is None
    assert scene.queue.batches == list(quarter.parts(Split(into_singles=True)))
    assert scene.entry(quarter).split == Split(into_singles=True)


@pytest.mark.parametrize(
    ("others", "into_singles"),
    [
        pytest.param((BAD_NUMBER, BAD_NUMBER), True, id="both refused for the same reason"),
        pytest.param((BAD_NUMBER, "isv.BUSINESS_LIMIT_CONTROL"), False, id="for two reasons"),
        pytest.param((BAD_NUMBER, "OK"), False, id="one sent"),
        pytest.param((BAD_NUMBER, None), False, id="one not known yet"),
    ],
)
def test_halving_stops_where_the_other_halves_were_refused_for_the_same_reason(
    scene: Scene, others: tuple[str, str | None], into_singles: bool
) -> None:
    half, other = BATCH.parts()
    quarter, its_other = half.parts()
    for batch, code in zip((other, its_other), others, strict=True):
        if code is not None:
            scene.provider.will_answer(code)
            scene.deliver(batch)
    scene.provider.will_answer(BAD_NUMBER)

    scene.deliver(quarter)

    assert scene.state(quarter) is State.SPLIT
    assert scene.entry(quarter).into_singles is into_singles


def test_both_halves_are_queued_once_the_split_is_written(scene: Scene) -> None:
    scene.provider.will_answer(BAD_NUMBER)
    states = []
    scene.queue.before_send = lambda _: states.append(scene.state(BATCH))

    assert scene.deliver(BATCH) is None
    assert states == [State.SPLIT]
    assert scene.queue.batches == list(BATCH.parts())


def test_a_split_batch_that_comes_again_calls_nobody_and_queues_what_is_not_known(
    scene: Scene,
) -> None:
    scene.provider.will_answer(BAD_NUMBER)
    scene.deliver(BATCH)
    first, second = BATCH.parts()
    scene.deliver(first)
    scene.queue.messages.clear()

    assert scene.deliver(BATCH) is None
    assert scene.queue.batches == [second]
    assert scene.provider.calls == [f"{BATCH.batch_id}-1", f"{first.batch_id}-1"]


def test_when_both_halves_are_known_nothing_is_queued(scene: Scene) -> None:
    scene.provider.will_answer(BAD_NUMBER)
    scene.deliver(BATCH)
    scene.deliver_all_that_is_queued()

    assert scene.deliver(BATCH) is None
    assert scene.queue.messages == []


@pytest.mark.parametrize(
    "trouble",
    [pytest.param(Killed, id="killed"), pytest.param(QueueUnavailable, id="the queue is away")],
)
def test_halves_that_could_not_be_queued_are_queued_when_the_message_comes_again(
    scene: Scene, trouble: type[BaseException]
) -> None:
    scene.provider.will_answer(BAD_NUMBER)
    if trouble is Killed:
        scene.queue.before_send = killed
    else:
        scene.queue.room = 0
    with pytest.raises(trouble):
        scene.deliver(BATCH)
    scene.queue.before_send = lambda _: None
    scene.queue.room = None

    assert scene.deliver(BATCH) is None
    scene.deliver_all_that_is_queued()
    assert scene.provider.times_texted() == Counter(BATCH.phone_numbers)


def test_before_a_split_some_recipients_are_looked_up_the_first_and_the_last_among_them(
    scene: Scene,
) -> None:
    scene.provider.will_answer(BAD_NUMBER)

    scene.deliver(BATCH)

    asked = [number for number, _, _ in scene.provider.lookups]
    assert {BATCH.phone_numbers[0], BATCH.phone_numbers[-1]} <= set(asked)
    assert len(asked) <= 5


def test_a_refusal_that_texted_all_but_the_one_to_blame_is_not_split(scene: Scene) -> None:
    scene.provider.will_answer(BAD_NUMBER, texts=True)
    scene.provider.during_call = lambda: scene.provider.texts.__delitem__(0)

    assert scene.deliver(BATCH) is None
    assert (scene.state(BATCH), scene.entry(BATCH).accepted) == (State.SENT, (1,))


def test_a_refusal_that_texted_all_the_same_is_not_split(scene: Scene) -> None:
    scene.provider.will_answer(BAD_NUMBER, texts=True)

    assert scene.deliver(BATCH) is None
    assert (scene.state(BATCH), scene.entry(BATCH).accepted) == (State.SENT, (1,))
    assert scene.queue.messages == []
    assert scene.most_texts_to_one() == 1


def test_without_the_lookups_answer_a_refusal_is_in_doubt(scene: Scene) -> None:
    scene.provider.will_answer(BAD_NUMBER)
    scene.provider.lookups_fail = True

    assert scene.deliver(BATCH) is not None
    assert scene.state(BATCH) is State.SENDING
    assert scene.queue.messages == []


def test_a_single_recipient_is_refused_without_a_lookup(scene: Scene) -> None:
    scene.provider.will_answer(BAD_NUMBER)

    assert scene.deliver(batch_of(1)) is None
    assert scene.state(batch_of(1)) is State.REFUSED
    assert scene.provider.lookups == []


def test_a_half_in_doubt_is_settled_for_itself(scene: Scene) -> None:
    scene.provider.will_answer(BAD_NUMBER)
    scene.deliver(BATCH)
    first, second = scene.queue.batches
    scene.queue.messages.clear()
    scene.provider.will_answer(NO_ANSWER, texts=True)
    scene.deliver(first)
    scene.deliver(second)
    scene.clock.now += SETTLED_SECONDS

    assert scene.deliver(first) is None
    assert (scene.state(first), scene.state(second)) == (State.SENT, State.SENT)
    assert scene.provider.times_texted() == Counter(BATCH.phone_numbers)


ONE_SIGN_NAME = batch_of(4)
SEVERAL_SIGN_NAMES = batch_of(4, sign_names=("云通信", "云通信", "云通信", "云短信"))
ONE_EXTEND_CODE = batch_of(4, extend_codes=("7",) * 4)
SEVERAL_EXTEND_CODES = batch_of(4, extend_codes=("7", "7", "7", "8"))


@pytest.mark.parametrize(
    ("code", "batch", "state"),
    [
        pytest.param("isv.SMS_SIGN_ILLEGAL", ONE_SIGN_NAME, State.REFUSED, id="one sign name"),
        pytest.param(
            "isv.SMS_SIGN_ILLEGAL", SEVERAL_SIGN_NAMES, State.SPLIT, id="several sign names"
        ),
        pytest.param("isv.EXTEND_CODE_ERROR", ONE_EXTEND_CODE, State.REFUSED, id="one extend code"),
        pytest.param("isv.EXTEND_CODE_ERROR", ONE_SIGN_NAME, State.REFUSED, id="no extend code"),
        pytest.param(
            "isv.EXTEND_CODE_ERROR", SEVERAL_EXTEND_CODES, State.SPLIT, id="several extend codes"
        ),
    ],
)
def test_what_all_share_halts_the_campaign_and_what_differs_splits_the_batch(
    scene: Scene, code: str, batch: Batch, state: State
) -> None:
    scene.provider.will_answer(code)

    scene.deliver(batch)

    assert scene.state(batch) is state
    assert bool(scene.campaign.halt_code) == (state is State.REFUSED)


@pytest.mark.parametrize(
    ("code", "batch"),
    [
        pytest.param("isv.SMS_SIGN_ILLEGAL", SEVERAL_SIGN_NAMES, id="sign name"),
        pytest.param("isv.EXTEND_CODE_ERROR", SEVERAL_EXTEND_CODES, id="extend code"),
    ],
)
def test_what_a_split_has_isolated_is_refused_and_halts_nobody_else(
    scene: Scene, code: str, batch: Batch
) -> None:
    scene.provider.will_answer(code)
    scene.deliver(batch)
    good, bad = scene.queue.batches
    scene.queue.messages.clear()
    scene.deliver(good)
    scene.provider.will_answer(code)
    scene.deliver(bad)
    good_too, worst = scene.queue.batches
    scene.queue.messages.clear()
    scene.deliver(good_too)
    scene.provider.will_answer(code)

    assert scene.deliver(worst) is None
    assert (len(worst), scene.state(worst)) == (1, State.REFUSED)
    assert not scene.campaign.halt_code
    assert scene.provider.times_texted() == Counter(batch.phone_numbers[:3])


def test_what_is_too_large_on_the_way_is_halved_without_a_lookup(scene: Scene) -> None:
    scene.provider.will_answer(TOO_LARGE)
    scene.provider.lookups_fail = True

    scene.deliver(BATCH)
    scene.deliver_all_that_is_queued()

    assert scene.state(BATCH) is State.SPLIT
    assert scene.provider.lookups == []
    assert scene.provider.times_texted() == Counter(BATCH.phone_numbers)


def test_what_is_too_large_is_halved_however_often_halves_were(scene: Scene) -> None:
    for _ in range(7):
        scene.provider.will_answer(TOO_LARGE)

    scene.deliver(BATCH)
    scene.deliver_all_that_is_queued()

    assert len(scene.provider.calls) == 7 + 8
    assert scene.provider.times_texted() == Counter(BATCH.phone_numbers)


def test_one_recipient_whose_params_are_too_large_is_refused_and_the_others_are_sent(
    scene: Scene,
) -> None:
    batch = batch_of(2)
    for _ in range(2):
        scene.provider.will_answer(TOO_LARGE)

    scene.deliver(batch)
    scene.deliver_all_that_is_queued()

    first, second = batch.parts()
    assert (scene.state(first), scene.entry(first).code) == (State.REFUSED, TOO_LARGE)
    assert scene.state(second) is State.SENT
    assert not scene.campaign.halt_code
