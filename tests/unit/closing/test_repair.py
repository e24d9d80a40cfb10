"""Messages that the queue has lost are queued again, under steady traffic too, and no others."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pytest

from smsdrop.alibaba.send_details import LookupFailed
from smsdrop.alibaba.signing import AccessKey, NoAccessKey
from smsdrop.batches.batch import Batch, position_of
from smsdrop.batches.plan import BATCHES
from smsdrop.closing.repair import LOST_AFTER_SECONDS, SLACK, Repair, StillInDoubt
from smsdrop.ledger.batch_entry import State, untouched
from smsdrop.ledger.campaign import LONGEST_INVOCATION_SECONDS, Campaign, Counts
from smsdrop.ledger.codes import CANCELLED_BY_HAND, TOO_OLD
from smsdrop.log_lines import fields_of_error
from tests.support import use_cases
from tests.support.fakes import FakeFiles, FakeKeys, FakeLedger, FakeProvider, FakeQueue, Text
from tests.support.gateway_caller import Clock
from tests.support.samples import KEY, NOW, batch_of, campaign
from tests.support.use_cases import PLENTY

PLAN = "work/plan/"
RATE = 10
CANCELLED = (State.CANCELLED, TOO_OLD)


def no_key() -> AccessKey:
    raise NoAccessKey


@dataclass(frozen=True)
class Site:
    files: FakeFiles = field(default_factory=FakeFiles)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    queue: FakeQueue = field(default_factory=FakeQueue)
    clock: Clock = field(default_factory=lambda: Clock(NOW))

    @cached_property
    def provider(self) -> FakeProvider:
        return FakeProvider(clock=self.clock)

    def campaign(self, *, batches: int = 4, **changes: Any) -> Campaign:
        planned = [batch_of(2, position=each).to_json() for each in range(1, batches + 1)]
        self.files.objects[PLAN + BATCHES] = "".join(f"{each}\n" for each in planned).encode()
        fields = {
            "counts": Counts(batches=batches),
            "released": batches,
            "queued": batches,
            "queued_at": NOW,
        }
        return self.ledger.write(None, campaign(**{"plan": PLAN, **fields, **changes}))

    def stands(self, position: int, state: State, **fields: Any) -> None:
        entry = replace(untouched(batch_of(2, position=position), at=NOW), state=state, **fields)
        self.ledger.write(None, replace(entry, revision=1))

    def is_busy_with(self, messages: int) -> None:
        """Let the queue hold messages of other campaigns."""
        self.queue.messages[:] = [batch_of(1, batch_id="other-000001").to_json()] * messages

    def repair(
        self,
        campaign: Campaign,
        *,
        is_paused: bool = False,
        is_too_old: bool = False,
        gives_up: bool = False,
    ) -> list[int]:
        """Return which batches are queued again."""
        before = len(self.queue.messages)
        stands = self.ledger.campaign(campaign.campaign_id)
        assert stands is not None
        self.use_case().repair(
            stands,
            is_too_old=is_too_old,
            gives_up=gives_up,
            is_paused=is_paused,
            deadline=PLENTY,
        )
        queued = map(Batch.from_json, self.queue.messages[before:])
        return [position_of(each.batch_id) for each in queued]

    def use_case(self) -> Repair:
        return Repair(
            ledger=self.ledger,
            objects=self.files,
            queue=self.queue,
            settling=use_cases.settling(self.ledger, self.provider, clock=self.clock),
            clock=self.clock,
            calls_per_second=RATE,
        )

    def states(self) -> dict[int, tuple[State, str]]:
        entries = self.ledger.entries(batch_of(1).campaign_id)
        return {position_of(each.batch_id): (each.state, each.code) for each in entries}


@pytest.fixture
def site() -> Site:
    return Site()


def test_when_the_queue_is_idle_every_batch_without_an_end_is_queued_again(site: Site) -> None:
    lost = site.campaign()
    site.stands(2, State.SENT)
    site.stands(3, State.WAITING)

    assert site.repair(lost) == [1, 3, 4]


@pytest.mark.parametrize(("seconds", "queued"), [(900, []), (901, [1])])
def test_an_attempt_that_may_still_be_under_way_is_left_alone(
    site: Site, seconds: float, queued: list[int]
) -> None:
    lost = site.campaign(batches=1)
    site.stands(1, State.SENDING, settle_after=NOW + 900)
    site.clock.now += seconds

    assert site.repair(lost) == queued


@pytest.mark.parametrize(("released", "queued"), [(3, 2), (2, 3)])
def test_nothing_is_queued_past_what_was_released_or_queued(
    site: Site, released: int, queued: int
) -> None:
    assert site.repair(site.campaign(released=released, queued=queued)) == [1, 2]


def test_once_a_gate_has_opened_what_held_senders_have_forgotten_is_queued_again_twice(
    site: Site,
) -> None:
    opened = site.campaign(opened_at=NOW)
    site.is_busy_with(5)
    site.stands(2, State.SENT)

    assert site.repair(opened) == [1, 3, 4]
    assert site.repair(opened) == []
    site.clock.now += LONGEST_INVOCATION_SECONDS
    assert site.repair(opened) == [1, 3, 4]
    assert site.repair(opened) == []


def test_a_look_for_the_forgotten_that_is_cut_short_is_made_again(site: Site) -> None:
    opened = site.campaign(opened_at=NOW)
    site.is_busy_with(5)
    arguments = {"is_too_old": False, "gives_up": False, "is_paused": False}

    cut = site.use_case().repair(opened, **arguments, deadline=NOW)

    assert cut.requeued_at == 0
    assert site.repair(opened) == [1, 2, 3, 4]


def test_while_nothing_has_been_queued_yet_nothing_is_lost(site: Site) -> None:
    assert site.repair(site.campaign(queued=0)) == []


def test_under_steady_traffic_messages_are_lost_once_the_queue_had_time_to_drain(
    site: Site,
) -> None:
    lost = site.campaign()
    site.is_busy_with(50)
    drained = LOST_AFTER_SECONDS + SLACK * 50 / RATE

    assert site.repair(lost) == []  # estimates
    site.clock.now += drained - 1
    site.is_busy_with(60)
    assert site.repair(lost) == []
    site.clock.now += 1
    assert site.repair(lost) == [1, 2, 3, 4]
    assert site.repair(lost) == []  # estimates again, with the longer backlog


def test_a_batch_that_waits_for_days_is_given_a_handful_of_messages(site: Site) -> None:
    lost = site.campaign(batches=1, queued_at=NOW)
    times = 0
    for _ in range(13 * 24 * 60):
        site.clock.now += 60
        site.is_busy_with(5)
        times += len(site.repair(lost))

    assert 3 <= times <= 12


def test_a_pause_puts_repair_off_and_the_estimate_begins_again_after_it(site: Site) -> None:
    lost = site.campaign()
    site.is_busy_with(5)
    site.repair(lost)

    site.clock.now += 10 * LOST_AFTER_SECONDS
    assert site.repair(lost, is_paused=True) == []
    assert site.repair(lost) == []
    site.clock.now += 11 * LOST_AFTER_SECONDS
    assert site.repair(lost) == [1, 2, 3, 4]


def test_the_open_batches_of_a_halted_campaign_are_cancelled_though_the_queue_is_busy(
    site: Site,
) -> None:
    halted = site.campaign(halt_code=CANCELLED_BY_HAND, released=2, queued=2)
    site.stands(1, State.SENT)
    site.stands(2, State.SENDING, settle_after=NOW + 900)
    site.stands(3, State.WAITING)
    site.is_busy_with(5)

    assert site.repair(halted) == []
    assert site.states() == {
        1: (State.SENT, ""),
        2: (State.SENDING, ""),
        3: (State.CANCELLED, CANCELLED_BY_HAND),
        4: (State.CANCELLED, CANCELLED_BY_HAND),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A campaign that is too old to be sent, with one attempt in doubt."""

    site: Site
    campaign: Campaign

    def end(self, *, gives_up: bool = False) -> tuple[State, str]:
        self.site.repair(self.campaign, is_too_old=True, gives_up=gives_up)
        return self.site.states()[1]

    def is_left(self) -> bool:
        """Say whether the attempt is still in doubt, which is an error to be tried again."""
        with pytest.raises(StillInDoubt):
            self.end()
        return self.site.states()[1] == (State.SENDING, "")


@pytest.fixture
def doubt(site: Site) -> Doubt:
    old = site.campaign(batches=1)
    site.stands(
        1,
        State.SENDING,
        attempt=1,
        access_key_id=KEY.key_id,
        first_claimed_at=NOW,
        call_before=NOW + 3,
        settle_after=NOW + 900,
    )
    site.is_busy_with(5)
    site.clock.now += 901
    return Doubt(site=site, campaign=old)


def test_what_is_too_old_and_in_doubt_is_sent_if_the_provider_lists_it(doubt: Doubt) -> None:
    batch = batch_of(2)
    text = Text(phone_number=batch.phone_numbers[0], out_id=f"{batch.batch_id}-1", at=NOW)
    doubt.site.provider.texts.append(text)

    assert doubt.end() == (State.SENT, "OK")


def test_what_is_too_old_and_in_doubt_is_cancelled_if_the_provider_lists_none_of_it(
    doubt: Doubt,
) -> None:
    assert doubt.end() == (State.CANCELLED, TOO_OLD)


def test_what_is_too_old_and_in_doubt_is_asked_about_until_that_is_given_up(doubt: Doubt) -> None:
    doubt.site.provider.lookups_fail = True

    assert doubt.is_left()
    assert doubt.end(gives_up=True) == (State.UNCONFIRMED, TOO_OLD)


def test_that_it_is_still_in_doubt_says_what_the_provider_has_answered(doubt: Doubt) -> None:
    code = "isp.RAM_PERMISSION_DENY"
    doubt.site.provider.lookup_answers = dict.fromkeys(
        batch_of(2).phone_numbers, LookupFailed(code)
    )

    with pytest.raises(StillInDoubt) as failed:
        doubt.end()

    assert fields_of_error(failed.value)["code"] == code


def test_without_a_key_to_ask_with_the_rest_is_cancelled_and_doubt_given_up_in_the_end(
    site: Site,
) -> None:
    old = site.campaign(batches=2)
    site.stands(1, State.SENDING, settle_after=NOW - 1, first_claimed_at=NOW)
    repair = site.use_case()
    keys = FakeKeys(KEY)
    keys.on_current += [no_key, no_key]
    asking = replace(repair, settling=replace(repair.settling, keys=keys))

    def end(*, gives_up: bool) -> None:
        asking.repair(old, is_too_old=True, gives_up=gives_up, is_paused=False, deadline=PLENTY)

    with pytest.raises(StillInDoubt):
        end(gives_up=False)
    assert site.states() == {1: (State.SENDING, ""), 2: CANCELLED}
    end(gives_up=True)
    assert site.states() == {1: (State.UNCONFIRMED, TOO_OLD), 2: CANCELLED}


def test_what_is_in_doubt_is_not_given_up_before_it_can_be_settled(doubt: Doubt) -> None:
    doubt.site.clock.now -= 2

    assert doubt.end(gives_up=True) == (State.SENDING, "")
