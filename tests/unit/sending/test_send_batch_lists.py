"""People put on a list after a file was judged are no longer called."""

from dataclasses import replace
from typing import Any

import pytest

from smsdrop.ledger.batch_entry import State
from smsdrop.ledger.campaign import Status
from smsdrop.ledger.codes import SUPPRESSED
from smsdrop.ledger.terms import Gate
from smsdrop.parsing.suppression.lists import SuppressionLists
from smsdrop.reasons import Reason
from smsdrop.sending.deferral import Done
from smsdrop.sending.suppression.listed_since import LOOK_SECONDS, ListedSince
from tests.support.fakes import FakeFiles
from tests.support.samples import batch_of, phone_numbers
from tests.support.sending_scene import (
    PLENTY_SECONDS,
    RELEASED,
    SETTLED_SECONDS,
    Killed,
    Scene,
    killed,
)

BATCH = batch_of(8)
NUMBERS = phone_numbers(8)
NO_NUMBERS = Reason("list_of_no_numbers", ("optout.csv", "2", "2"))


@pytest.fixture
def files() -> FakeFiles:
    return FakeFiles()


@pytest.fixture
def scene(files: FakeFiles) -> Scene:
    scene = Scene.new()
    lists = ListedSince(
        bucket=files, read=SuppressionLists(bucket=files).read_one, clock=scene.clock
    )
    return replace(scene, use_case=replace(scene.use_case, listed_since=lists))


class _Counted:
    """Counts what is read of a port, in a list of one number."""

    def __init__(self, port: Any, reads: list[int]) -> None:
        self._port = port
        self._reads = reads

    def standing(self, prefix: str) -> Any:
        self._reads[0] += 1
        return self._port.standing(prefix)

    def snapshot(self, batch_id: str) -> Any:
        self._reads[0] += 1
        return self._port.snapshot(batch_id)

    def write(self, before: Any, after: Any) -> Any:
        return self._port.write(before, after)


def cancel(scene: Scene) -> None:
    scene.ledger.before_write = lambda _: None
    scene.change_campaign(halt_code="smsdrop.Cancelled")


def put(files: FakeFiles, *numbers: str) -> None:
    files.drop("suppressed/optout.csv", "\n".join(["phone", *numbers]).encode())


def texted(scene: Scene) -> set[str]:
    assert scene.most_texts_to_one() <= 1
    return set(scene.provider.times_texted())


def refused(scene: Scene) -> dict[str, int]:
    """Return the batches that ended for a list, each with how many recipients it had."""
    return {
        each.batch_id.partition(".")[2]: each.recipients
        for each in scene.ledger.entries(BATCH.campaign_id)
        if (each.state, each.code) == (State.REFUSED, SUPPRESSED)
    }


def test_a_batch_is_split_around_one_who_is_listed(scene: Scene, files: FakeFiles) -> None:
    put(files, NUMBERS[5])

    scene.deliver(BATCH)
    scene.deliver_all_that_is_queued()

    entry = scene.entry(BATCH)
    assert (entry.state, entry.code, entry.attempt) == (State.SPLIT, SUPPRESSED, 0)
    assert refused(scene) == {"1.0.1": 1}
    assert texted(scene) == {*NUMBERS} - {NUMBERS[5]}


def test_a_batch_of_whom_all_are_listed_is_refused_as_a_whole(
    scene: Scene, files: FakeFiles
) -> None:
    put(files, *NUMBERS)

    result = scene.handed_out(BATCH)

    assert isinstance(result, Done)
    assert scene.queue.messages == []
    assert refused(scene) == {"": 8}
    assert texted(scene) == set()
    assert scene.provider.calls == []


def test_who_was_listed_before_the_file_was_judged_costs_nothing(
    scene: Scene, files: FakeFiles
) -> None:
    version = files.drop("suppressed/optout.csv", f"phone\n{NUMBERS[0]}".encode())
    scene.change_campaign(suppressed_by=(("optout.csv", version.version_id),))

    scene.deliver(BATCH)

    assert scene.state(BATCH) is State.SENT


def test_who_is_listed_while_a_message_is_put_off_is_not_called(
    scene: Scene, files: FakeFiles
) -> None:
    scene.provider.will_answer("Throttling.User")
    scene.deliver(BATCH)
    put(files, NUMBERS[0])
    scene.clock.now += LOOK_SECONDS

    scene.deliver(BATCH)
    scene.deliver_all_that_is_queued()

    assert texted(scene) == {*NUMBERS[1:]}


def test_who_is_listed_before_an_attempt_is_proven_absent_is_not_called_again(
    scene: Scene, files: FakeFiles
) -> None:
    scene.provider.will_answer("smsdrop.NoAnswer", texts=False)
    scene.deliver(BATCH)
    put(files, NUMBERS[0])
    scene.clock.now += SETTLED_SECONDS + 1

    scene.deliver(BATCH)
    scene.deliver_all_that_is_queued()

    assert texted(scene) == {*NUMBERS[1:]}


def test_who_is_listed_after_a_split_is_not_called_by_a_part(
    scene: Scene, files: FakeFiles
) -> None:
    scene.provider.bad_numbers = frozenset({NUMBERS[0]})
    scene.deliver(BATCH)
    put(files, NUMBERS[7])
    scene.clock.now += LOOK_SECONDS

    scene.deliver_all_that_is_queued()

    assert texted(scene) == {*NUMBERS[1:7]}


def test_a_message_that_comes_again_after_a_split_queues_what_is_lost_of_it(
    scene: Scene, files: FakeFiles
) -> None:
    put(files, NUMBERS[5])
    scene.queue.before_send = killed
    with pytest.raises(Killed):
        scene.deliver(BATCH)
    scene.queue.before_send = lambda *_: None

    scene.deliver(BATCH)
    scene.deliver_all_that_is_queued()

    assert texted(scene) == {*NUMBERS} - {NUMBERS[5]}


def test_of_two_who_find_somebody_listed_one_splits_the_batch(
    scene: Scene, files: FakeFiles
) -> None:
    put(files, NUMBERS[5])

    def overtaken(_entry: object) -> None:
        scene.ledger.before_write = lambda _: None
        scene.clock.now += 0.1
        scene.deliver(BATCH)

    scene.ledger.before_write = overtaken

    deferred = scene.deliver(BATCH)
    scene.deliver_all_that_is_queued()

    assert deferred is not None
    assert texted(scene) == {*NUMBERS} - {NUMBERS[5]}


def test_nobody_is_called_while_a_list_cannot_be_used(scene: Scene, files: FakeFiles) -> None:
    put(files, "no", "numbers")

    result = scene.handed_out(BATCH)

    assert result == Done(entry=None)
    assert (scene.campaign.status, scene.campaign.held_for) == (Status.HELD, "lists")
    assert scene.campaign.unusable_lists == (NO_NUMBERS,)
    assert scene.provider.calls == []


def test_a_campaign_goes_on_by_the_list_once_that_is_mended(scene: Scene, files: FakeFiles) -> None:
    put(files, "no", "numbers")
    scene.deliver(BATCH)
    put(files, NUMBERS[0])
    scene.clock.now += 1
    held = scene.campaign
    mended = held.held_for_lists((), reason="lists").gated(Gate(upto=RELEASED), at=scene.clock())
    scene.ledger.write(held, replace(mended, revision=held.revision + 1))

    scene.deliver(BATCH)
    scene.deliver_all_that_is_queued()

    assert texted(scene) == {*NUMBERS[1:]}


def test_a_campaign_that_was_cancelled_meanwhile_is_not_held_for_a_list(
    scene: Scene, files: FakeFiles
) -> None:
    put(files, "no", "numbers")
    scene.ledger.before_write = lambda _: cancel(scene)

    deferred = scene.deliver(BATCH)

    assert deferred is not None
    assert scene.campaign.status is Status.SENDING
    assert scene.provider.calls == []


def test_a_list_that_takes_long_to_read_delays_the_call_and_not_the_right_to_it(
    scene: Scene, files: FakeFiles
) -> None:
    put(files, "13900000000")
    assert scene.use_case.listed_since is not None
    read = scene.use_case.listed_since.read

    def slowly(*args: object) -> object:
        scene.clock.now += 20
        return read(*args)  # type: ignore[arg-type] # as they came

    scene.use_case.listed_since.read = slowly  # type: ignore[assignment] # the same

    deferred = scene.deliver(BATCH)
    calls_before = list(scene.provider.calls)
    scene.deliver(BATCH)

    assert deferred is not None
    assert calls_before == []
    assert scene.state(BATCH) is State.SENT


def test_lists_that_a_campaign_was_judged_by_cost_no_read_a_batch(
    scene: Scene, files: FakeFiles
) -> None:
    """A look at the ledger, a claim and a record, and of the bucket one look in all."""
    version = files.drop("suppressed/optout.csv", b"phone\n13900000000\n")
    scene.change_campaign(suppressed_by=(("optout.csv", version.version_id),))
    looks, reads, writes = [0], [0], [0]
    lists = scene.use_case.listed_since
    assert lists is not None
    lists.bucket = _Counted(files, looks)
    ledger = _Counted(scene.ledger, reads)
    scene.ledger.before_write = lambda _: writes.__setitem__(0, writes[0] + 1)
    use_case = replace(scene.use_case, ledger=ledger)

    deadline = scene.clock() + PLENTY_SECONDS
    for position in range(1, RELEASED + 1):
        use_case.deliver(batch_of(8, position=position), receive_count=1, deadline=deadline)

    assert (looks[0], reads[0], writes[0]) == (1, RELEASED, 2 * RELEASED)


def test_a_cancelled_campaign_reads_no_list(scene: Scene, files: FakeFiles) -> None:
    put(files, "no", "numbers")
    scene.change_campaign(halt_code="smsdrop.Cancelled")

    scene.deliver(BATCH)

    assert scene.state(BATCH) is State.CANCELLED
