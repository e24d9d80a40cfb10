"""How much of the ledger it takes to see that a campaign is not at its end."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from smsdrop.closing.progress import has_canary_ended, is_done
from smsdrop.ledger.batch_entry import BatchEntry, State, untouched
from smsdrop.ledger.campaign import Counts
from smsdrop.ledger.terms import Terms
from smsdrop.receipts.canary import NO_CANARY
from tests.support.fakes import FakeLedger
from tests.support.samples import CAMPAIGN_ID, NOW, batch_of, campaign


class WatchedLedger(FakeLedger):
    """Remembers which entries were read one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []

    def entries(self, campaign_id: str) -> Iterator[BatchEntry]:
        for entry in super().entries(campaign_id):
            self.read.append(entry.batch_id)
            yield entry

    def stands(self, *states: State | None) -> None:
        """Let the batches be at these states, in the order of their positions."""
        for position, state in enumerate(states, start=1):
            if state is not None:
                entry = replace(untouched(batch_of(1, position=position), at=NOW), state=state)
                self.write(None, replace(entry, revision=1))

    def says_done(self, *, batches: int) -> bool:
        return is_done(campaign(counts=Counts(batches=batches)), self)


@pytest.fixture
def ledger() -> WatchedLedger:
    return WatchedLedger()


@pytest.mark.parametrize(
    "last",
    [
        pytest.param(None, id="nobody has tried it"),
        pytest.param(State.WAITING, id="it waits"),
        pytest.param(State.SENDING, id="it is being sent"),
    ],
)
def test_while_the_last_batch_is_not_at_its_end_no_other_is_read(
    ledger: WatchedLedger, last: State | None
) -> None:
    ledger.stands(State.SENT, State.SENT, last)

    assert not ledger.says_done(batches=3)
    assert ledger.read == []


@pytest.mark.parametrize(
    ("states", "read"),
    [
        pytest.param((State.SENT, State.SENDING, State.SENT, State.SENT), 2, id="one is sending"),
        pytest.param((State.SENT, None, State.SENT, State.SENT), 2, id="one was not tried"),
        pytest.param((None, State.SENT, State.SENT, State.SENT), 1, id="the first was not tried"),
    ],
)
def test_nothing_is_read_behind_the_first_batch_that_is_not_at_its_end(
    ledger: WatchedLedger, states: tuple[State | None, ...], read: int
) -> None:
    ledger.stands(*states)

    assert not ledger.says_done(batches=4)
    assert len(set(ledger.read)) <= read + 1  # the next one, to tell where a tree ends


def test_a_batch_whose_half_is_not_at_its_end_keeps_its_campaign_open(
    ledger: WatchedLedger,
) -> None:
    ledger.stands(State.SPLIT)
    half = replace(untouched(batch_of(1), at=NOW), batch_id=f"{CAMPAIGN_ID}-000001.0")
    ledger.write(None, replace(half, state=State.SENT, revision=1))

    assert not ledger.says_done(batches=1)


def test_a_campaign_is_done_when_every_batch_is_at_its_end(ledger: WatchedLedger) -> None:
    ledger.stands(State.SENT, State.REFUSED, State.CANCELLED)

    assert ledger.says_done(batches=3)


def test_a_campaign_without_a_batch_is_done_at_once(ledger: WatchedLedger) -> None:
    assert ledger.says_done(batches=0)


TWO_AHEAD = Terms(canary_recipients=2, canary_batches=2, canary_percent=90)


@pytest.mark.parametrize(
    ("states", "has_ended"),
    [
        pytest.param((), False, id="none was tried"),
        pytest.param((State.SENT,), False, id="one of two"),
        pytest.param((None, State.SENT), False, id="the second one first"),
        pytest.param((State.SENDING, State.SENT), False, id="one is in doubt"),
        pytest.param((State.SPLIT, State.SENT), False, id="parts of one are not tried"),
        pytest.param((State.WAITING, State.SENT), False, id="one waits"),
        pytest.param((State.SENT, State.REFUSED), True, id="both"),
        pytest.param((State.SENT, State.SENT, State.SENDING), True, id="another has gone after"),
        pytest.param((State.SENT, State.SENT, State.SENT), True, id="and is at its end"),
    ],
)
def test_the_receipts_of_those_ahead_are_waited_for_once_all_of_them_are_at_their_end(
    ledger: WatchedLedger, states: tuple[State | None, ...], *, has_ended: bool
) -> None:
    ledger.stands(*states)
    ahead = campaign(counts=Counts(batches=9), terms=TWO_AHEAD, queued=2)

    assert has_canary_ended(ahead, ledger) is has_ended


def test_the_end_of_those_ahead_is_looked_for_only_where_there_are_some_and_once(
    ledger: WatchedLedger,
) -> None:
    ledger.stands(State.SENT, State.SENT)
    ahead = campaign(counts=Counts(batches=9), terms=TWO_AHEAD, queued=2)

    assert not has_canary_ended(replace(ahead, terms=Terms()), ledger)
    assert not has_canary_ended(replace(ahead, canary=NO_CANARY.ended(at=NOW)), ledger)
    assert not has_canary_ended(replace(ahead, queued=1), ledger)
    assert ledger.read == []
