"""How much of the ledger it takes to see that a campaign is not at its end."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from smsdrop.closing.close_campaigns import CloseCampaigns
from smsdrop.closing.reports import SUMMARY
from smsdrop.ledger.batch_entry import BatchEntry, State, untouched
from smsdrop.ledger.campaign import Campaign
from tests.support.fakes import FakeFiles, FakeKeys, FakeLedger, FakeProvider, FakeQueue
from tests.support.gateway_caller import Clock
from tests.support.samples import CAMPAIGN_ID, KEY, NOW, batch_of, campaign

PLAN = "work/plan/"


class WatchedLedger(FakeLedger):
    """Remembers which entries were read one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []

    def entries(self, campaign_id: str) -> Iterator[BatchEntry]:
        for entry in super().entries(campaign_id):
            self.read.append(entry.batch_id)
            yield entry


class Silence:
    def notify(self, subject: str, text: str) -> None:
        raise AssertionError(subject, text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    ledger: WatchedLedger = field(default_factory=WatchedLedger)
    files: FakeFiles = field(default_factory=FakeFiles)

    def stands(self, *states: State | None) -> None:
        """Let the batches be at these states, in the order of their positions."""
        for position, state in enumerate(states, start=1):
            if state is not None:
                entry = replace(untouched(batch_of(1, position=position), at=NOW), state=state)
                self.ledger.write_batch(None, replace(entry, revision=1))

    def close(self, *, batches: int) -> Campaign:
        open_one = campaign(batches=batches, plan=PLAN)
        self.ledger.write_campaign(None, open_one)
        self.files.objects[PLAN + "rows.jsonl"] = b'["phone"]\n'
        queue = FakeQueue()
        queue.send(["another campaign's batch"])
        clock = Clock(NOW)
        use_case = CloseCampaigns(
            ledger=self.ledger,
            files=self.files,
            queue=queue,
            topic=Silence(),
            lookup=FakeProvider(clock=clock),
            keys=FakeKeys(KEY),
            clock=clock,
            max_age_seconds=1000,
            language="en",
        )
        return use_case.close(open_one, has_time=lambda: True)


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.mark.parametrize(
    "last",
    [
        pytest.param(None, id="nobody has tried it"),
        pytest.param(State.WAITING, id="it waits"),
        pytest.param(State.SENDING, id="it is being sent"),
    ],
)
def test_while_the_last_batch_is_not_at_its_end_no_other_is_read(
    site: Site, last: State | None
) -> None:
    site.stands(State.SENT, State.SENT, last)

    assert site.close(batches=3).open
    assert site.ledger.read == []


@pytest.mark.parametrize(
    ("states", "read"),
    [
        pytest.param((State.SENT, State.SENDING, State.SENT, State.SENT), 2, id="one is sending"),
        pytest.param((State.SENT, None, State.SENT, State.SENT), 2, id="one was not tried"),
        pytest.param((None, State.SENT, State.SENT, State.SENT), 1, id="the first was not tried"),
    ],
)
def test_nothing_is_read_behind_the_first_batch_that_is_not_at_its_end(
    site: Site, states: tuple[State | None, ...], read: int
) -> None:
    site.stands(*states)

    assert site.close(batches=4).open
    assert len(set(site.ledger.read)) <= read + 1  # the next one, to tell where a family ends


def test_a_batch_whose_half_is_not_at_its_end_keeps_its_campaign_open(site: Site) -> None:
    site.stands(State.SPLIT)
    half = replace(untouched(batch_of(1), at=NOW), batch_id=f"{CAMPAIGN_ID}-000001.0")
    site.ledger.write_batch(None, replace(half, state=State.SENT, revision=1))

    assert site.close(batches=1).open


def test_a_campaign_is_closed_when_every_batch_is_at_its_end(site: Site) -> None:
    site.stands(State.SENT, State.REFUSED, State.CANCELLED)

    closed = site.close(batches=3)

    assert (closed.open, closed.sent, closed.refused, closed.cancelled) == ("", 1, 1, 1)
    assert any(key.endswith(SUMMARY) for key in site.files.objects)


def test_a_campaign_without_a_batch_is_closed_at_once(site: Site) -> None:
    assert site.close(batches=0).open == ""
