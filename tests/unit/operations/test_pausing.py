"""A person's resume, and how the queue follows the pause."""

from dataclasses import dataclass, field

import pytest

from smsdrop.ledger.entries import Pause
from smsdrop.operations.pausing import Pausing
from tests.support.fakes import FakeLedger, nothing
from tests.support.samples import NOW

PAUSED = Pause(paused=True, code="isv.AMOUNT_NOT_ENOUGH", since=NOW, revision=1)


@dataclass(slots=True)
class Outside:
    """The switch and the topic."""

    turned: list[bool] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)

    def turn(self, *, on: bool) -> None:
        self.turned.append(on)

    def notify(self, subject: str, text: str) -> None:
        self.subjects.append(subject)


@pytest.fixture
def ledger() -> FakeLedger:
    ledger = FakeLedger()
    ledger.write(Pause(), PAUSED)
    return ledger


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
def pausing(ledger: FakeLedger, outside: Outside) -> Pausing:
    return Pausing(ledger=ledger, switch=outside, topic=outside, clock=lambda: NOW + 60)


def test_a_pause_shuts_the_queue_each_minute_and_a_person_is_told_once(
    pausing: Pausing, outside: Outside
) -> None:
    pauses = [pausing.follow() for _ in range(3)]

    assert all(each.paused and each.notified for each in pauses)
    assert (outside.turned, len(outside.subjects)) == ([False] * 3, 1)


def test_without_a_pause_the_queue_is_open_and_nobody_is_told_of_anything(outside: Outside) -> None:
    pausing = Pausing(ledger=FakeLedger(), switch=outside, topic=outside, clock=lambda: NOW)

    assert pausing.follow() == Pause()
    assert (outside.turned, outside.subjects) == ([True], [])


def test_a_resume_clears_the_pause_and_opens_the_queue_at_once(
    pausing: Pausing, ledger: FakeLedger, outside: Outside
) -> None:
    assert pausing.resume() == Pause(since=NOW + 60, revision=2)
    assert ledger.pause() == Pause(since=NOW + 60, revision=2)
    assert outside.turned == [True]


def test_a_resume_without_a_pause_opens_the_queue_all_the_same(outside: Outside) -> None:
    ledger = FakeLedger()

    assert Pausing(ledger=ledger, switch=outside, topic=outside, clock=lambda: NOW).resume() == (
        Pause()
    )
    assert (outside.turned, ledger.stored) == ([True], {})


def test_a_resume_holds_though_the_tick_writes_meanwhile_that_a_person_was_told(
    pausing: Pausing, ledger: FakeLedger
) -> None:
    def told(_: object) -> None:
        ledger.before_write = nothing
        pausing.follow()

    ledger.before_write = told

    assert not pausing.resume().paused
    assert ledger.pause() == Pause(since=NOW + 60, revision=3)
