"""The queue follows the flag, and a person is notified of each pause once and can end it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from smsdrop.ledger.entries import Pause
from smsdrop.operations.pausing import Pausing
from tests.support.fakes import FakeLedger, nothing
from tests.support.gateway_caller import Clock
from tests.support.samples import NOW

PAUSED = Pause(paused=True, code="isv.AMOUNT_NOT_ENOUGH", since=NOW - 60, revision=1)
NOTIFIED = replace(PAUSED, notified=True, revision=2)


@dataclass(slots=True)
class Site:
    """The use cases with the queue's switch and the topic: what the flag was at each turn."""

    ledger: FakeLedger = field(default_factory=FakeLedger)
    turns: list[tuple[bool, bool]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    during_notify: Callable[[], object] = nothing
    is_topic_down: bool = False

    @property
    def pausing(self) -> Pausing:
        return Pausing(ledger=self.ledger, switch=self, topic=self, clock=Clock(NOW))

    def follow(self) -> Pause:
        return self.pausing.follow(self.pausing.stands())

    def turn(self, *, on: bool) -> None:
        self.turns.append((on, self.ledger.pause().paused))

    def notify(self, subject: str, text: str) -> bool:
        self.during_notify()
        if not self.is_topic_down:
            self.notices.append(f"{subject}: {text}")
        return not self.is_topic_down


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def paused(site: Site) -> Site:
    site.ledger.write(Pause(), PAUSED)
    return site


def test_while_the_flag_was_never_set_the_queue_is_open(site: Site) -> None:
    assert site.follow() == Pause()
    assert site.turns == [(True, False)]
    assert site.notices == []
    assert site.ledger.stored == {}


def test_while_sending_is_paused_the_queue_is_shut(paused: Site) -> None:
    paused.follow()

    assert paused.turns == [(False, True)]


def test_a_person_is_notified_of_a_pause_with_its_reason_and_only_once(paused: Site) -> None:
    for _ in range(3):
        assert paused.follow() == NOTIFIED

    [notice] = paused.notices
    assert notice.startswith("smsdrop: sending is paused: The provider answered")
    assert "isv.AMOUNT_NOT_ENOUGH" in notice
    assert paused.ledger.pause() == NOTIFIED


def test_a_person_is_notified_of_the_next_pause_too(paused: Site) -> None:
    paused.follow()
    resumed = paused.pausing.resume()
    paused.ledger.write(resumed, replace(PAUSED, revision=resumed.revision + 1))

    paused.follow()

    assert len(paused.notices) == 2


def test_a_notice_that_the_topic_did_not_take_is_given_the_next_time(paused: Site) -> None:
    paused.is_topic_down = True
    paused.follow()
    assert paused.turns == [(False, True)]
    paused.is_topic_down = False

    paused.follow()

    assert len(paused.notices) == 1


def test_that_a_person_was_notified_does_not_undo_a_resume(paused: Site) -> None:
    paused.during_notify = paused.pausing.resume

    assert not paused.follow().paused
    assert not paused.ledger.pause().paused


def test_a_person_ends_a_pause(paused: Site) -> None:
    resumed = paused.pausing.resume()

    assert resumed == paused.ledger.pause() == Pause(since=NOW, revision=2)


def test_the_flag_is_down_before_the_queue_is_opened(paused: Site) -> None:
    paused.pausing.resume()

    assert paused.turns == [(True, False)]


def test_to_resume_what_is_not_paused_writes_nothing_and_opens_the_queue(site: Site) -> None:
    assert site.pausing.resume() == Pause()
    assert site.turns == [(True, False)]
    assert site.ledger.stored == {}


def test_a_resume_wins_over_what_else_changes_in_the_flag(paused: Site) -> None:
    def notified(_: object) -> None:
        paused.ledger.before_write = nothing
        paused.ledger.write(PAUSED, NOTIFIED)

    paused.ledger.before_write = notified

    assert paused.pausing.resume() == paused.ledger.pause() == Pause(since=NOW, revision=3)
