"""A change is written on the current entry, and retried until written or nothing is left to do."""

from collections.abc import Callable

import pytest

from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.entries import Pause
from smsdrop.ledger.ports import Entry, update
from tests.support.fakes import FakeLedger
from tests.support.samples import NOW, campaign, changed

CODE = "isv.SMS_TEMPLATE_ILLEGAL"


class CountingLedger(FakeLedger):
    """Lets others write before some of the writes, and counts those that were tried."""

    def __init__(self) -> None:
        super().__init__()
        self.tries = 0
        self.others: list[Callable[[Campaign], Campaign]] = []

    def write(self, before: Entry | None, after: Entry) -> Entry:
        self.tries += 1
        if self.others:
            self.change(self.others.pop(0))
        return super().write(before, after)

    def change(self, change: Callable[[Campaign], Campaign]) -> None:
        """Write as somebody else, on the current entry."""
        [stands] = self.all_of(Campaign)
        super().write(stands, change(stands))


@pytest.fixture
def ledger() -> CountingLedger:
    ledger = CountingLedger()
    ledger.write(None, campaign())
    ledger.tries = 0
    return ledger


def halted(each: Campaign) -> Campaign:
    return each.halted(CODE)


def test_where_nothing_changes_nothing_is_written(ledger: CountingLedger) -> None:
    assert update(ledger, campaign(), lambda each: each) == campaign()
    assert ledger.tries == 0


def test_a_change_is_written_once_though_it_could_be_made_again(ledger: CountingLedger) -> None:
    after = update(ledger, campaign(), lambda each: each.alerted(at=NOW))

    assert after == campaign().alerted(at=NOW)
    assert ledger.all_of(Campaign) == [after]
    assert ledger.tries == 1


@pytest.mark.parametrize("others", [1, 2, 5])
def test_a_change_that_loses_is_made_again_on_what_stands(
    ledger: CountingLedger, others: int
) -> None:
    ledger.others = [lambda each: each.alerted(at=NOW + each.revision)] * others

    after = update(ledger, campaign(), halted)

    assert (after.halt_code, after.alerted_at) == (CODE, NOW + others)
    assert ledger.all_of(Campaign) == [after]
    assert ledger.tries == others + 1


def test_a_change_stops_when_what_stands_leaves_it_nothing_to_do(ledger: CountingLedger) -> None:
    ledger.others = [lambda each: changed(each, status=Status.CLOSED)]

    after = update(ledger, campaign(), halted)

    assert (after.status, after.halt_code) == (Status.CLOSED, "")
    assert ledger.tries == 1


def test_a_change_that_another_has_made_already_is_not_made_again(ledger: CountingLedger) -> None:
    ledger.others = [lambda each: each.halted("smsdrop.Cancelled")]

    after = update(ledger, campaign(), halted)

    assert after.halt_code == "smsdrop.Cancelled"
    assert ledger.tries == 1


def test_an_entry_that_is_not_there_yet_is_written_from_revision_zero() -> None:
    ledger = FakeLedger()
    paused = Pause(paused=True, revision=1)

    assert update(ledger, Pause(), lambda each: each if each.paused else paused) == paused
    assert ledger.pause() == paused
