"""After the report: what was believed absent is looked up once more, batch by batch."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import pytest

from smsdrop.alibaba.signing import AccessKey, NoAccessKey
from smsdrop.batches.batch import position_of
from smsdrop.batches.plan import BATCHES, PlanDamaged
from smsdrop.closing import verify as module
from smsdrop.closing.verify import TRIES, VERIFY_AGAIN_SECONDS, VerifyAbsences
from smsdrop.ledger.batch_entry import BatchEntry, State, untouched
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.splits import part_of
from smsdrop.sending.lookups import LISTED_SECONDS
from smsdrop.sending.rate_limit import RateLimiter
from tests.support.fakes import FakeFiles, FakeKeys, FakeLedger, FakeProvider, Text
from tests.support.gateway_caller import Clock
from tests.support.samples import KEY, NOW, batch_of, campaign
from tests.support.use_cases import PLENTY

T = TypeVar("T")
Result = TypeVar("Result")

PLAN = "work/plan/"
RATE = 10
SIZE = 2


@dataclass(slots=True)
class Site:
    files: FakeFiles = field(default_factory=FakeFiles)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    clock: Clock = field(default_factory=lambda: Clock(NOW))
    keys: FakeKeys = field(default_factory=lambda: FakeKeys(KEY))
    provider: FakeProvider = field(init=False)

    def __post_init__(self) -> None:
        self.provider = FakeProvider(clock=self.clock)

    def closed(self, *, batches: int) -> Campaign:
        planned = [batch_of(SIZE, position=each).to_json() for each in range(1, batches + 1)]
        self.files.objects[PLAN + BATCHES] = "".join(f"{each}\n" for each in planned).encode()
        counts = Counts(batches=batches)
        fields: dict[str, Any] = {"status": Status.CLOSED, "verify_at": NOW}
        return self.ledger.write(None, campaign(plan=PLAN, counts=counts, **fields))

    def stands(self, position: int, name: str = "", **changes: Any) -> BatchEntry:
        """Let a batch be sent by its second attempt, the first being believed absent."""
        whole = batch_of(SIZE, position=position)
        part = part_of(whole, f"{whole.batch_id}{name}", {})
        fields: dict[str, Any] = {
            "state": State.SENT,
            "attempt": 2,
            "absent": 1,
            "accepted": (2,),
            "first_claimed_at": NOW - 900,
            "revision": 1,
        }
        entry = replace(untouched(part, at=NOW), **fields | changes)
        return self.ledger.write(None, entry)

    def lists(self, entry: BatchEntry, *, attempt: int) -> None:
        for each in part_of(batch_of(SIZE), entry.batch_id, {}).phone_numbers[:1]:
            text = Text(phone_number=each, out_id=f"{entry.batch_id}-{attempt}", at=NOW - 900)
            self.provider.texts.append(text)

    def verify(
        self,
        *,
        deadline: float = PLENTY,
        gives_up: bool = False,
        at: Any = map,
        rate: RateLimiter | None = None,
    ) -> Campaign:
        stands = self.campaign()
        use_case = VerifyAbsences(
            ledger=self.ledger,
            objects=self.files,
            lookup=self.provider,
            keys=self.keys,
            rate=rate or RateLimiter.shared(RATE, senders=1, clock=self.clock, sleep=self.sleep),
            side_by_side=at,
            clock=self.clock,
        )
        use_case.verify(stands, gives_up=gives_up, deadline=deadline)
        return self.campaign()

    def sleep(self, seconds: float) -> None:
        self.clock.now += seconds

    def campaign(self) -> Campaign:
        stands = self.ledger.campaign(batch_of(1).campaign_id)
        assert stands is not None
        return stands

    def verified(self) -> list[int]:
        entries = self.ledger.entries(self.campaign().campaign_id)
        return [position_of(each.batch_id) for each in entries if each.verified_at]


@pytest.fixture
def site() -> Site:
    return Site()


def test_only_what_was_believed_absent_is_looked_up(site: Site) -> None:
    site.closed(batches=3)
    site.stands(1, absent=0)
    site.stands(2)
    site.stands(3, verified_at=NOW)

    after = site.verify()

    assert [number for number, *_ in site.provider.lookups] == list(batch_of(SIZE).phone_numbers)
    assert (after.status, after.is_open, after.verify_at) == (Status.CLOSED, False, 0)


def test_what_is_not_listed_late_leaves_the_report_as_it_is(site: Site) -> None:
    site.closed(batches=1)
    site.lists(site.stands(1), attempt=2)

    after = site.verify()

    assert (after.status, after.is_open) == (Status.CLOSED, False)
    assert site.verified() == [1]


def test_what_is_listed_late_has_the_campaign_reported_again(site: Site) -> None:
    site.closed(batches=1)
    entry = site.stands(1)
    site.lists(entry, attempt=1)

    after = site.verify()

    stands = site.ledger.batch(entry.batch_id)
    assert stands is not None
    assert (stands.accepted, stands.sent_twice) == ((1, 2), True)
    assert (after.status, after.is_to_be_reported) == (Status.CLOSING, True)


@pytest.mark.parametrize("state", [State.REFUSED, State.CANCELLED, State.SPLIT])
def test_rows_that_waited_for_this_are_reported_again_as_unsent(site: Site, state: State) -> None:
    site.closed(batches=1)
    site.stands(1, state=state, accepted=())

    assert site.verify().is_to_be_reported


def test_the_campaign_is_opened_again_before_the_late_listing_is_written(site: Site) -> None:
    site.closed(batches=1)
    site.lists(site.stands(1), attempt=1)
    written: list[object] = []
    site.ledger.before_write = written.append

    site.verify()

    assert [type(each) for each in written][:2] == [Campaign, BatchEntry]


def test_a_part_of_a_batch_is_looked_up_for_its_own_recipients(site: Site) -> None:
    site.closed(batches=1)
    site.stands(1, absent=0, state=State.SPLIT)
    site.stands(1, ".1")

    site.verify()

    [(number, *_)] = site.provider.lookups
    assert number == batch_of(SIZE).phone_numbers[1]


def test_lookups_keep_to_their_rate(site: Site) -> None:
    site.closed(batches=50)
    for position in range(1, 51):
        site.stands(position)

    site.verify()

    assert len(site.provider.lookups) == 100
    assert site.clock.now - NOW == pytest.approx(100 / RATE)


def test_where_the_time_runs_out_the_next_run_goes_on(site: Site) -> None:
    site.closed(batches=50)
    for position in range(1, 51):
        site.stands(position)

    first = site.verify(deadline=NOW + 5)

    assert 10 <= len(site.verified()) <= 30
    assert (first.awaits_verification, first.verify_at) == (True, NOW)
    assert not site.verify().is_open
    assert len(site.verified()) == 50
    assert len(site.provider.lookups) <= 100 + SIZE


def fail_at_first(provider: FakeProvider) -> None:
    provider.lookups_fail = len(provider.lookups) == 1


def test_a_lookup_that_fails_is_made_again(site: Site) -> None:
    site.closed(batches=1)
    site.stands(1)
    numbers = batch_of(SIZE).phone_numbers
    site.provider.during_lookup = lambda: fail_at_first(site.provider)

    assert not site.verify().is_open
    assert [number for number, *_ in site.provider.lookups] == [numbers[0], *numbers]


def test_a_provider_that_cannot_be_asked_is_left_in_peace_for_a_while(site: Site) -> None:
    site.closed(batches=50)
    for position in range(1, 51):
        site.stands(position)
    site.provider.lookups_fail = True

    after = site.verify()

    assert SIZE * TRIES <= len(site.provider.lookups) <= (SIZE + 1) * TRIES
    assert after.awaits_verification
    assert after.verify_at == pytest.approx(site.clock.now + VERIFY_AGAIN_SECONDS)
    assert site.verified() == []


def test_a_campaign_that_is_given_up_does_not_wait_for_a_provider_that_cannot_be_asked(
    site: Site,
) -> None:
    site.closed(batches=2)
    site.stands(1)
    site.stands(2)
    site.provider.lookups_fail = True

    assert not site.verify(gives_up=True).is_open
    assert site.verified() == [1, 2]


class NoKeys(FakeKeys):
    """There is nothing in the secret."""

    def __init__(self) -> None:
        super().__init__(KEY)

    def refresh(self) -> AccessKey:
        raise NoAccessKey


@pytest.mark.parametrize(
    ("gives_up", "is_open"),
    [pytest.param(False, True, id="it waits"), pytest.param(True, False, id="it is too old")],
)
def test_without_a_key_pair_a_campaign_waits_until_it_gives_up(
    site: Site, gives_up: bool, is_open: bool
) -> None:
    site.closed(batches=1)
    site.stands(1)
    site.keys = NoKeys()

    after = site.verify(gives_up=gives_up)

    assert (after.is_open, after.verify_at > NOW) == (is_open, is_open)
    assert site.provider.lookups == []


def test_a_clock_that_was_set_back_holds_up_no_lookups(site: Site) -> None:
    site.closed(batches=2)
    site.stands(1)
    rate = RateLimiter.shared(RATE, senders=1, clock=site.clock, sleep=site.sleep)
    assert rate.acquire(deadline=PLENTY)
    site.clock.now -= 3600

    site.verify(rate=rate, deadline=site.clock.now + 60)

    assert site.verified() == [1]


def test_what_the_provider_no_longer_lists_is_not_asked(site: Site) -> None:
    site.closed(batches=1)
    site.stands(1, first_claimed_at=NOW - LISTED_SECONDS - 1)

    assert not site.verify().is_open
    assert site.provider.lookups == []


def test_an_entry_that_changed_meanwhile_is_looked_up_again_later(site: Site) -> None:
    site.closed(batches=1)
    entry = site.stands(1)

    def change() -> None:
        site.ledger.write(entry, replace(entry, biz_id="9^0", revision=2))

    site.provider.during_lookup = change

    assert site.verify().awaits_verification
    site.clock.now += VERIFY_AGAIN_SECONDS
    assert not site.verify().is_open


def test_lookups_are_made_side_by_side_across_batches(site: Site) -> None:
    site.closed(batches=3)
    for position in range(1, 4):
        site.stands(position)
    handed_over: list[object] = []

    def side_by_side(call: Callable[[T], Result], items: Iterable[T], /) -> Iterator[Result]:
        few = list(items)
        handed_over.extend(few)
        return map(call, few)

    site.verify(at=side_by_side)

    assert len(handed_over) == 3 * SIZE


def test_the_plan_is_read_piece_by_piece(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCHES_A_PIECE", 2)
    site.closed(batches=5)
    for position in range(1, 6):
        site.stands(position)

    assert not site.verify().is_open
    assert site.verified() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("content", [b"", b"{}\n", b"\xff\n"])
def test_a_plan_that_was_changed_is_noticed(site: Site, content: bytes) -> None:
    site.closed(batches=1)
    site.stands(1)
    site.files.objects[PLAN + BATCHES] = content

    with pytest.raises(PlanDamaged):
        site.verify()


def test_what_verifying_costs_grows_as_the_batches_do(site: Site) -> None:
    """Counted in function calls, which a busy machine does not increase."""

    def calls(batches: int) -> int:
        site = Site()
        site.closed(batches=batches)
        for position in range(1, batches + 1):
            site.stands(position)
        events: Counter[str] = Counter()
        sys.setprofile(lambda _frame, event, _argument: events.update([event]))
        try:
            site.verify()
        finally:
            sys.setprofile(None)
        return events["call"] + events["c_call"]

    assert calls(1000) < 5 * calls(250)
