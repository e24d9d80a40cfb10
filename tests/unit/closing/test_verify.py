"""What was believed absent is looked up once more, before its campaign is closed."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from smsdrop.alibaba.signing import AccessKey
from smsdrop.batches.batch import Batch
from smsdrop.batches.plan import BATCHES
from smsdrop.closing.verify import VerifyAbsences
from smsdrop.ledger.batch_entry import BatchEntry, State, untouched
from smsdrop.sending.lookups import LISTED_SECONDS
from tests.support.fakes import FakeFiles, FakeKeys, FakeLedger, FakeProvider, Text
from tests.support.gateway_caller import Clock
from tests.support.samples import KEY, NOW, batch_of, campaign
from tests.support.use_cases import PLENTY

PLAN = "work/plan/"
BATCH, OTHER = batch_of(3), batch_of(3, position=2)
SETTLING_SECONDS = 16 + 900
"""What a call may take, and then the provider to list it."""
ENDED = NOW + 1000
NEW_KEY = AccessKey(key_id="LTAI-new", secret="new")


@dataclass(slots=True)
class Site:
    """The use case among its fakes, with a plan of two batches."""

    clock: Clock = field(default_factory=lambda: Clock(ENDED + SETTLING_SECONDS))
    files: FakeFiles = field(default_factory=FakeFiles)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    keys: FakeKeys = field(default_factory=lambda: FakeKeys(KEY))
    provider: FakeProvider = field(init=False)

    def __post_init__(self) -> None:
        self.provider = FakeProvider(clock=self.clock)
        planned = f"{BATCH.to_json()}\n{OTHER.to_json()}\n"
        self.files.objects[PLAN + BATCHES] = planned.encode()

    def absent(self, batch: Batch, **changes: Any) -> BatchEntry:
        """Let a first attempt be believed absent, and a second one have come to its end."""
        entry = replace(
            untouched(batch, at=NOW),
            state=State.SENT,
            attempt=2,
            absent=1,
            accepted=(2,),
            first_claimed_at=NOW,
            call_before=NOW + 3,
            settle_after=NOW + 3 + SETTLING_SECONDS,
            ended_at=ENDED,
            revision=1,
        )
        return self.ledger.write(None, replace(entry, **changes))

    def lists(self, batch: Batch, *, attempt: int, recipient: int = 0) -> None:
        number, out_id = batch.phone_numbers[recipient], f"{batch.batch_id}-{attempt}"
        self.provider.texts.append(Text(phone_number=number, out_id=out_id, at=NOW))

    def verify(self, *, is_too_old: bool = False, deadline: float = PLENTY) -> bool:
        use_case = VerifyAbsences(
            ledger=self.ledger,
            objects=self.files,
            lookup=self.provider,
            keys=self.keys,
            clock=self.clock,
        )
        return use_case.verify(campaign(plan=PLAN), is_too_old=is_too_old, deadline=deadline)

    def entry(self, batch: Batch) -> BatchEntry:
        entry = self.ledger.batch(batch.batch_id)
        assert entry is not None
        return entry

    def looked_up(self) -> set[str]:
        return {number for number, _, _ in self.provider.lookups}


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"absent": 0}, id="nothing was believed absent"),
        pytest.param({"verified_at": NOW}, id="it was looked up already"),
    ],
)
def test_without_a_doubt_nothing_is_asked_and_no_plan_is_read(
    site: Site, changes: dict[str, Any]
) -> None:
    before = site.absent(BATCH, **changes)
    site.files.objects.clear()

    assert site.verify()
    assert site.provider.lookups == []
    assert site.entry(BATCH) == before


def test_what_is_still_not_listed_is_absent_for_good(site: Site) -> None:
    before = site.absent(BATCH)

    assert site.verify()
    assert site.entry(BATCH) == replace(before, verified_at=site.clock(), revision=2)
    assert site.looked_up() == set(BATCH.phone_numbers)


@pytest.mark.parametrize("recipient", [0, 1, 2])
def test_what_is_listed_late_for_any_recipient_is_added_to_what_was_accepted(
    site: Site, recipient: int
) -> None:
    site.absent(BATCH)
    site.lists(BATCH, attempt=1, recipient=recipient)

    assert site.verify()
    assert site.entry(BATCH).accepted == (1, 2)
    assert site.entry(BATCH).sent_twice


def test_attempts_that_are_listed_for_different_recipients_all_count(site: Site) -> None:
    site.absent(BATCH, attempt=3, absent=3, accepted=(), state=State.REFUSED)
    site.lists(BATCH, attempt=1, recipient=0)
    site.lists(BATCH, attempt=3, recipient=2)

    assert site.verify()
    assert (site.entry(BATCH).state, site.entry(BATCH).accepted) == (State.REFUSED, (1, 3))


@pytest.mark.parametrize(
    ("seconds", "is_done"),
    [
        pytest.param(SETTLING_SECONDS - 1, False, id="a second too soon"),
        pytest.param(SETTLING_SECONDS, True, id="just then"),
    ],
)
def test_the_last_look_comes_a_settling_time_after_the_batchs_end(
    site: Site, seconds: float, is_done: bool
) -> None:
    """A call that was under way when the attempt was settled may be listed that much later."""
    site.absent(BATCH)
    site.clock.now = ENDED + seconds

    assert site.verify() == is_done
    assert bool(site.entry(BATCH).verified_at) == is_done
    assert bool(site.provider.lookups) == is_done


def test_one_batch_that_cannot_be_looked_up_yet_keeps_the_others_from_nothing(site: Site) -> None:
    site.absent(BATCH, ended_at=site.clock())
    site.absent(OTHER)

    assert not site.verify()
    assert not site.entry(BATCH).verified_at
    assert site.entry(OTHER).verified_at

    site.clock.now += SETTLING_SECONDS
    site.provider.lookups.clear()
    assert site.verify()
    assert site.looked_up() == set(BATCH.phone_numbers)


@pytest.mark.parametrize("is_too_old", [False, True])
def test_at_the_deadline_no_batch_is_begun(site: Site, is_too_old: bool) -> None:
    site.absent(BATCH)

    assert not site.verify(is_too_old=is_too_old, deadline=site.clock())
    assert site.provider.lookups == []
    assert not site.entry(BATCH).verified_at


def test_a_batch_that_the_deadline_cuts_short_is_not_verified(site: Site) -> None:
    site.absent(BATCH)
    site.absent(OTHER)

    def four_seconds_pass() -> None:
        site.clock.now += 4

    site.provider.during_lookup = four_seconds_pass

    assert not site.verify(deadline=site.clock() + 8)
    assert site.looked_up() == set(BATCH.phone_numbers[:2])
    assert not site.entry(BATCH).verified_at
    assert not site.entry(OTHER).verified_at


@pytest.mark.parametrize("is_too_old", [False, True])
def test_a_lookup_that_fails_leaves_the_question_open_unless_the_campaign_is_too_old(
    site: Site, is_too_old: bool
) -> None:
    site.absent(BATCH)
    site.provider.lookups_fail = True

    assert site.verify(is_too_old=is_too_old) == is_too_old
    assert bool(site.entry(BATCH).verified_at) == is_too_old
    assert site.entry(BATCH).accepted == (2,)


@pytest.mark.parametrize(
    ("seconds", "looked_up"),
    [
        pytest.param(LISTED_SECONDS, True, id="on the last day"),
        pytest.param(LISTED_SECONDS + 1, False, id="later"),
    ],
)
def test_what_the_provider_lists_no_longer_is_not_looked_up_any_more(
    site: Site, seconds: float, looked_up: bool
) -> None:
    site.absent(BATCH)
    site.clock.now = NOW + seconds

    assert site.verify()
    assert bool(site.provider.lookups) == looked_up
    assert site.entry(BATCH).verified_at == site.clock()


def test_the_parts_of_a_split_are_looked_up_by_their_own_recipients(site: Site) -> None:
    half, (quarter, _) = BATCH.halves()[0], BATCH.halves()[1].halves()
    for part in (half, quarter):
        site.absent(part)
    site.lists(quarter, attempt=1)

    assert site.verify()
    assert site.looked_up() == {*half.phone_numbers, *quarter.phone_numbers}
    assert site.entry(quarter).accepted == (1, 2)
    assert site.entry(half).accepted == (2,)


def test_a_batch_and_a_part_of_it_are_looked_up_each_for_itself(site: Site) -> None:
    half = BATCH.halves()[1]
    site.absent(BATCH, state=State.SPLIT, accepted=())
    site.absent(half)
    site.lists(BATCH, attempt=1, recipient=2)

    assert site.verify()
    assert site.entry(BATCH).accepted == (1,)
    assert site.entry(half).accepted == (2,)


def test_the_key_that_is_in_the_secret_by_now_is_asked_with(site: Site) -> None:
    site.absent(BATCH)
    site.keys.stored = NEW_KEY

    site.verify()

    assert {key_id for _, _, key_id in site.provider.lookups} == {NEW_KEY.key_id}


def test_evidence_that_came_in_between_is_kept_and_the_batch_looked_up_again(site: Site) -> None:
    before = site.absent(BATCH, accepted=())

    def late_evidence() -> None:
        site.ledger.write(before, replace(before, accepted=(1,), revision=2))

    site.provider.during_lookup = late_evidence

    assert not site.verify()
    assert site.entry(BATCH).accepted == (1,)
    assert site.verify()
    assert site.entry(BATCH).accepted == (1,)
