"""What a tick deals with, in memory: campaigns, their plans, their batches, and a person."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from smsdrop.batches.plan import BATCHES, ROWS
from smsdrop.closing.reports import SUMMARY
from smsdrop.closing.seen.write_pages import WrittenPages
from smsdrop.closing.tick import Tick, Turn, Turns
from smsdrop.ledger.batch_entry import State, untouched
from smsdrop.ledger.campaign import Campaign, Counts, Status
from tests.support import use_cases
from tests.support.fakes import FakeFiles, FakeLedger, FakeProvider, FakeQueue
from tests.support.gateway_caller import Clock
from tests.support.samples import NOW, batch_of, campaign
from tests.support.use_cases import PLENTY

PLAN = "work/plan/"
MAX_AGE_SECONDS = 10 * 24 * 3600


@dataclass(slots=True)
class Topic:
    subjects: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    is_down: bool = False

    def notify(self, subject: str, text: str) -> bool:
        if not self.is_down:
            self.subjects.append(subject)
            self.texts.append(text)
        return not self.is_down


@dataclass(frozen=True)
class Site:
    files: FakeFiles = field(default_factory=FakeFiles)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    queue: FakeQueue = field(default_factory=FakeQueue)
    topic: Topic = field(default_factory=Topic)
    clock: Clock = field(default_factory=lambda: Clock(NOW))
    turns: Turns = field(default_factory=Turns)
    written: WrittenPages = field(default_factory=WrittenPages)
    failed_pages: list[str] = field(default_factory=list)

    def tick(self) -> Tick:
        return use_cases.tick(
            self.files,
            self.ledger,
            self.queue,
            clock=self.clock,
            topic=self.topic,
            lookup=self.provider,
            max_age_seconds=MAX_AGE_SECONDS,
            turns=self.turns,
            written=self.written,
            page_failed=lambda what, _: self.failed_pages.append(what),
        )

    def run(self, *, deadline: float = PLENTY) -> list[Turn]:
        return list(self.tick().run(is_paused=False, deadline=deadline))

    def minutes(self, count: int) -> list[Turn]:
        """Let minutes pass, with a tick in each."""
        turns: list[Turn] = []
        for _ in range(count):
            turns += self.run()
            self.clock.now += 60
        return turns

    def refused(self, *names: str, **changes: Any) -> list[str]:
        """Put refused campaigns into the ledger, with only the report left to write."""
        ids = [f"2026010{day}T000000Z-{name}" for day, name in enumerate(names, start=1)]
        for each in ids:
            refused = campaign(campaign_id=each, status=Status.REFUSED, **changes)
            self.ledger.write(None, refused)
        return ids

    def stands_as(self, campaign_id: str) -> Campaign:
        stands = self.ledger.campaign(campaign_id)
        assert stands is not None
        return stands

    def campaign(self, *, batches: int, accepted_rows: int = 0, **changes: Any) -> Campaign:
        """Put a campaign with a plan of batches of one into the ledger."""
        planned = [batch_of(1, position=each).to_json() for each in range(1, batches + 1)]
        self.files.objects[PLAN + BATCHES] = "".join(f"{each}\n" for each in planned).encode()
        self.files.objects[PLAN + ROWS] = b'["phone"]\n'
        counts = Counts(batches=batches, accepted=batches, rows=accepted_rows)
        return self.ledger.write(None, campaign(plan=PLAN, counts=counts, **changes))

    @cached_property
    def provider(self) -> FakeProvider:
        return FakeProvider(clock=self.clock)

    def stands(self, *states: State, **changes: Any) -> None:
        for position, state in enumerate(states, start=1):
            entry = replace(untouched(batch_of(1, position=position), at=NOW), state=state)
            self.ledger.write(None, replace(entry, revision=1, **changes))

    def advance(self, campaign: Campaign, *, is_paused: bool = False) -> Campaign:
        return self.tick().advance.advance(campaign, is_paused=is_paused, deadline=PLENTY)

    def states(self) -> list[State]:
        stands = self.ledger.snapshot(batch_of(1).batch_id).campaign
        assert stands is not None
        return [each.state for each in self.ledger.entries(stands.campaign_id)]


def summaries(site: Site) -> list[str]:
    return [key for key in site.files.objects if key.endswith(SUMMARY)]


def absent_once(site: Site, *, state: State = State.SENT) -> None:
    """Let the campaign's only batch be at its end, its first attempt being believed absent."""
    entry = replace(
        untouched(batch_of(1), at=NOW),
        state=state,
        attempt=2,
        absent=1,
        accepted=(2,) if state is State.SENT else (),
        first_claimed_at=NOW,
        ended_at=NOW + 1000,
        call_before=NOW + 3,
        settle_after=NOW + 3 + 900,
        revision=1,
    )
    site.ledger.write(None, entry)


class Broken(Exception):
    pass


def fails_for(*campaign_ids: str) -> Callable[[object], None]:
    """Let the ledger refuse to close these campaigns."""

    def before_write(entry: object) -> None:
        if isinstance(entry, Campaign) and entry.campaign_id in campaign_ids and not entry.is_open:
            raise Broken

    return before_write


def summary_contents(site: Site) -> list[dict[str, Any]]:
    return [json.loads(each) for key, each in site.files.objects.items() if key.endswith(SUMMARY)]
