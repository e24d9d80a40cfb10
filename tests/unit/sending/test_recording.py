"""The result of a call is recorded, late or not, with what follows from it."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from smsdrop.alibaba.answers import NO_ANSWER, Answer
from smsdrop.ledger.batch_entry import BatchEntry, State, claimed, confirmed, proven_absent
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.entries import Pause
from tests.support.fakes import nothing
from tests.support.samples import NOW, batch_of
from tests.support.sending_scene import LIMITS, SETTLED_SECONDS, Scene

BATCH = batch_of(3)
OK = Answer(code="OK", biz_id="9^0", request_id="R9")
REFUSED = Answer(code="isv.SMS_TEMPLATE_ILLEGAL", request_id="R1")
CODE = REFUSED.code


@pytest.fixture
def scene() -> Scene:
    return Scene.new()


def claim(scene: Scene) -> BatchEntry:
    """Claim the batch; its call is under way from now on."""
    mine = claimed(
        BATCH, None, token="t", access_key_id="LTAI", looked_at=NOW, timing=LIMITS.timing
    )
    return scene.ledger.write(None, mine)


def give_up(scene: Scene, mine: BatchEntry) -> BatchEntry:
    """Settle the claim as somebody else: it is believed to have texted nobody."""
    return scene.ledger.write(mine, proven_absent(mine, at=NOW, max_attempts=1))


def writes(scene: Scene) -> list[Any]:
    """Return a list to which every write is added that will be tried."""
    tried: list[Any] = []
    scene.ledger.before_write = tried.append
    return tried


def test_an_answer_is_recorded_at_its_time(scene: Scene) -> None:
    mine = claim(scene)
    scene.clock.now += 2

    entry = scene.use_case.recording.record(mine, OK, State.SENT)

    assert entry == scene.entry(BATCH)
    assert (entry.state, entry.accepted, entry.ended_at) == (State.SENT, (1,), NOW + 2)


def test_an_answer_in_time_is_one_write_and_leaves_the_campaign_alone(scene: Scene) -> None:
    mine, before = claim(scene), scene.campaign
    tried = writes(scene)

    entry = scene.use_case.recording.record(mine, OK, State.SENT)

    assert tried == [entry]
    assert scene.campaign == before


def test_evidence_that_comes_in_between_is_kept_by_the_answer_that_loses_to_it(
    scene: Scene,
) -> None:
    mine = claim(scene)

    def other_evidence(_: object) -> None:
        scene.ledger.before_write = nothing
        scene.ledger.write(mine, replace(mine, accepted=(7,), revision=mine.revision + 1))

    scene.ledger.before_write = other_evidence

    entry = scene.use_case.recording.record(mine, REFUSED, State.REFUSED)

    assert (entry.state, entry.accepted) == (State.SENT, (7,))
    assert scene.entry(BATCH) == entry


def test_a_closed_campaign_is_open_again_before_late_evidence_is_written(scene: Scene) -> None:
    mine = claim(scene)
    give_up(scene, mine)
    scene.change_campaign(status=Status.CLOSED, is_open=False)
    scene.clock.now += 5
    tried = writes(scene)

    entry = scene.use_case.recording.record(mine, OK, State.SENT)

    _on_the_claim, reopened, evidence = tried
    assert isinstance(reopened, Campaign)
    assert (reopened.status, reopened.is_open) == (Status.CLOSING, True)
    assert reopened.reopened_at == NOW + 5
    assert evidence == entry == scene.entry(BATCH)
    assert (entry.state, entry.accepted) == (State.REFUSED, (1,))


def test_an_open_campaign_waits_for_late_evidence_too(scene: Scene) -> None:
    mine = claim(scene)
    give_up(scene, mine)
    scene.clock.now += 5

    scene.use_case.recording.record(mine, OK, State.SENT)

    assert (scene.campaign.status, scene.campaign.reopened_at) == (Status.SENDING, NOW + 5)


@pytest.mark.parametrize(
    "answer",
    [pytest.param(REFUSED, id="refused"), pytest.param(Answer(code=NO_ANSWER), id="in doubt")],
)
def test_what_is_no_evidence_leaves_a_closed_campaign_closed(scene: Scene, answer: Answer) -> None:
    mine = claim(scene)
    settled = give_up(scene, mine)
    scene.change_campaign(status=Status.CLOSED, is_open=False)

    assert scene.use_case.recording.record(mine, answer, State.REFUSED) == settled
    assert not scene.campaign.is_open


def test_evidence_that_is_known_already_leaves_a_closed_campaign_closed(scene: Scene) -> None:
    mine = claim(scene)
    known = replace(confirmed(mine, frozenset({1}), at=NOW), biz_id="9^0", request_id="R9")
    scene.ledger.write(mine, known)
    scene.change_campaign(status=Status.CLOSED, is_open=False)

    assert scene.use_case.recording.record(mine, OK, State.SENT) == known
    assert not scene.campaign.is_open


def test_late_evidence_is_written_though_its_campaign_has_expired(scene: Scene) -> None:
    mine = claim(scene)
    give_up(scene, mine)
    entries = scene.ledger.stored.items()
    scene.ledger.stored = {key: each for key, each in entries if not isinstance(each, Campaign)}

    assert scene.use_case.recording.record(mine, OK, State.SENT).accepted == (1,)


def settled_meanwhile(scene: Scene) -> None:
    """Another sender finds the attempt absent while its call hangs, and sends the batch."""
    scene.provider.during_call = nothing
    scene.clock.now += SETTLED_SECONDS
    assert scene.deliver(BATCH) is None


def test_an_acceptance_that_comes_after_another_has_settled_adds_its_evidence(
    scene: Scene,
) -> None:
    scene.provider.will_answer("OK", texts=False, biz_id="late^0")
    scene.provider.during_call = lambda: settled_meanwhile(scene)

    assert scene.deliver(BATCH) is None
    entry = scene.entry(BATCH)
    assert (entry.state, entry.attempt, entry.accepted) == (State.SENT, 2, (1, 2))
    assert entry.sent_twice
    assert entry.biz_id == "2^0"


def test_late_evidence_has_a_closed_campaign_reported_anew(scene: Scene) -> None:
    def settled_and_closed() -> None:
        settled_meanwhile(scene)
        scene.change_campaign(status=Status.CLOSED, is_open=False)

    scene.provider.will_answer("OK", texts=False)
    scene.provider.during_call = settled_and_closed

    scene.deliver(BATCH)

    assert scene.campaign.is_open
    assert scene.entry(BATCH).sent_twice


def test_a_late_refusal_changes_nothing_that_another_has_settled(scene: Scene) -> None:
    scene.provider.will_answer("Throttling.User")
    scene.provider.during_call = lambda: settled_meanwhile(scene)

    assert scene.deliver(BATCH) is None
    entry = scene.entry(BATCH)
    assert (entry.state, entry.attempt, entry.accepted) == (State.SENT, 2, (2,))
    assert scene.provider.times_texted() == Counter(BATCH.phone_numbers)


def test_a_halt_keeps_what_else_has_changed_in_the_campaign(scene: Scene) -> None:
    scene.provider.will_answer("isv.SMS_TEMPLATE_ILLEGAL")
    scene.provider.during_call = lambda: scene.change_campaign(queued=7)

    scene.deliver(BATCH)

    assert (scene.campaign.halt_code, scene.campaign.queued) == ("isv.SMS_TEMPLATE_ILLEGAL", 7)


def test_the_first_reason_for_a_halt_stands(scene: Scene) -> None:
    scene.provider.will_answer("isv.SMS_TEMPLATE_ILLEGAL")
    scene.provider.during_call = lambda: scene.change_campaign(halt_code="smsdrop.Cancelled")

    scene.deliver(BATCH)

    assert scene.campaign.halt_code == "smsdrop.Cancelled"


@pytest.mark.parametrize("status", [Status.CLOSING, Status.CLOSED, Status.REFUSED])
def test_a_campaign_that_came_to_its_end_meanwhile_is_not_halted(
    scene: Scene, status: Status
) -> None:
    before = scene.campaign
    scene.change_campaign(status=status)
    stands = scene.campaign

    scene.use_case.recording.halt(before, CODE)

    assert scene.campaign == stands


def test_sending_is_paused_with_its_reason_and_time(scene: Scene) -> None:
    scene.clock.now += 5

    scene.use_case.recording.pause(Pause(), CODE)

    assert scene.ledger.pause() == Pause(paused=True, code=CODE, since=NOW + 5, revision=1)


def test_a_stack_that_was_resumed_before_the_call_can_be_paused_again(scene: Scene) -> None:
    scene.pause(paused=True)
    scene.pause(paused=False)

    scene.use_case.recording.pause(scene.ledger.pause(), CODE)

    assert scene.ledger.pause() == Pause(paused=True, code=CODE, since=NOW, revision=3)


def test_a_pause_that_a_person_has_ended_since_the_call_began_is_not_set_again(
    scene: Scene,
) -> None:
    before = scene.ledger.pause()
    scene.pause(paused=True)
    scene.pause(paused=False)

    scene.use_case.recording.pause(before, CODE)

    assert scene.ledger.pause() == Pause(revision=2)


def test_a_stack_that_is_paused_already_keeps_the_first_reason(scene: Scene) -> None:
    first = Pause(paused=True, code="isv.AMOUNT_NOT_ENOUGH", since=NOW, revision=1)
    scene.ledger.write(Pause(), first)

    scene.use_case.recording.pause(first, CODE)

    assert scene.ledger.pause() == first
