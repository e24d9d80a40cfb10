"""The queue follows the flag, and a person is notified of each pause once and can end it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from smsdrop.ledger.codes import PAUSED_BY_HAND
from smsdrop.ledger.entries import Pause
from smsdrop.operations.pausing import Pausing
from tests.support.fakes import FakeLedger, nothing
from tests.support.gateway_caller import Clock
from tests.support.samples import NOW

PAUSED = Pause(paused=True, code="isv.AMOUNT_NOT_ENOUGH", since=NOW - 60, revision=1)
NOTIFIED = replace(PAUSED, notified=True, revision=2)
FOLLOWED = replace(NOTIFIED, shut=True, revision=3)


@dataclass(slots=True)
class Site:
    """The use cases with the queue's switch and the topic: what the flag was at each turn."""

    ledger: FakeLedger = field(default_factory=FakeLedger)
    turns: list[tuple[bool, bool]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    during_notify: Callable[[], object] = nothing
    is_topic_down: bool = False
    is_open: bool = True

    @property
    def pausing(self) -> Pausing:
        return Pausing(ledger=self.ledger, switch=self, topic=self, clock=Clock(NOW))

    def follow(self) -> Pause:
        return self.pausing.follow(self.pausing.stands())

    def turn(self, *, on: bool) -> None:
        self.turns.append((on, self.ledger.pause().paused))
        self.is_open = on

    def lets_through(self) -> bool:
        return self.is_open

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


def test_while_the_flag_was_never_set_the_queue_is_left_alone(site: Site) -> None:
    assert site.follow() == Pause()
    assert site.turns == []
    assert site.notices == []
    assert site.ledger.stored == {}


def test_while_sending_is_paused_the_queue_is_shut(paused: Site) -> None:
    paused.follow()

    assert paused.turns == [(False, True)]


def test_a_person_is_notified_of_a_pause_with_its_reason_and_only_once(paused: Site) -> None:
    for _ in range(3):
        assert paused.follow() == FOLLOWED

    [notice] = paused.notices
    assert notice.startswith("smsdrop: sending is paused: The provider answered")
    assert "isv.AMOUNT_NOT_ENOUGH" in notice
    assert paused.ledger.pause() == FOLLOWED


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


def test_a_queue_that_we_have_shut_is_opened_though_the_one_who_resumed_did_not_get_that_far(
    paused: Site,
) -> None:
    paused.follow()
    before = paused.ledger.pause()
    paused.ledger.write(before, replace(before, paused=False, revision=before.revision + 1))

    paused.follow()

    assert paused.turns == [(False, True), (True, False)]
    assert not paused.ledger.pause().shut


def test_that_the_queue_is_to_be_opened_again_is_written_down_before_it_is_shut(
    paused: Site,
) -> None:
    written: list[object] = []
    paused.ledger.before_write = lambda after: written.append((after, len(paused.turns)))

    paused.follow()

    assert written[-1] == (FOLLOWED, 0)


def test_a_resume_that_comes_while_the_queue_is_shut_wins(paused: Site) -> None:
    paused.follow()
    stale = paused.ledger.pause()
    paused.pausing.resume()
    paused.pausing.follow(stale)

    paused.follow()

    assert paused.is_open


@pytest.fixture
def shut(site: Site) -> Site:
    """A queue that somebody has shut by hand."""
    site.is_open = False
    return site


def test_a_queue_that_was_shut_by_hand_stays_so_and_a_person_is_told_once(shut: Site) -> None:
    for _ in range(3):
        shut.follow()

    [notice] = shut.notices
    assert notice.startswith("smsdrop: the queue is shut by hand")
    assert shut.turns == []


def test_a_person_is_told_of_a_shut_queue_once_the_topic_takes_it(shut: Site) -> None:
    shut.is_topic_down = True
    shut.follow()
    shut.is_topic_down = False

    shut.follow()

    assert len(shut.notices) == 1


def test_a_resume_opens_a_queue_that_was_shut_by_hand(shut: Site) -> None:
    shut.follow()

    resumed = shut.pausing.resume()

    assert shut.is_open
    assert (resumed.found_shut, resumed.paused) == (False, False)


def test_a_person_is_told_again_of_a_queue_that_is_shut_once_more(shut: Site) -> None:
    shut.follow()
    shut.is_open = True
    shut.follow()
    shut.is_open = False

    shut.follow()

    assert len(shut.notices) == 2


def test_a_person_pauses_the_stack_and_is_named_in_the_ledger_but_in_no_notice(site: Site) -> None:
    paused = site.pausing.pause(by="AWS:AIDAA", at=NOW - 1)

    assert paused == site.ledger.pause()
    assert paused == Pause(
        paused=True,
        code=PAUSED_BY_HAND,
        by="AWS:AIDAA",
        since=NOW,
        ordered_at=NOW - 1,
        revision=1,
    )
    site.follow()
    [notice] = site.notices
    assert notice.startswith("smsdrop: sending is paused: A person has ordered it")
    assert "provider" not in notice
    assert "AIDAA" not in notice


def test_a_pause_of_the_providers_keeps_its_code(paused: Site) -> None:
    again = paused.pausing.pause(by="AWS:AIDAA")

    assert again == PAUSED


def test_after_a_pause_by_hand_the_provider_may_pause_too(site: Site) -> None:
    site.pausing.pause(by="AWS:AIDAA")

    resumed = site.pausing.resume()

    assert (resumed.paused, resumed.code, resumed.by) == (False, "", "")


@pytest.mark.parametrize("at", [NOW, NOW - 1])
def test_an_order_that_comes_late_or_again_changes_nothing(paused: Site, at: float) -> None:
    paused.pausing.resume(at=NOW)
    resumed = paused.ledger.pause()

    assert paused.pausing.pause(by="AWS:AIDAA", at=at) == resumed
    stands = paused.ledger.write(resumed, replace(PAUSED, ordered_at=NOW, revision=3))
    assert paused.pausing.resume(at=at) == stands
    assert paused.turns == [(True, False)]


def test_a_pause_that_comes_after_the_resume_that_followed_it_changes_nothing(site: Site) -> None:
    site.pausing.resume(at=NOW + 1)

    assert not site.pausing.pause(by="AWS:AIDAA", at=NOW).paused
