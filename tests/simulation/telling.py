"""The channels of the simulation, and what must hold of what people are told."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from smsdrop.ledger.campaign import Status
from smsdrop.telling.due import MOST_NOTICES
from smsdrop.telling.letters import BETWEEN
from tests.simulation.faults import Dice
from tests.simulation.scheduler import Scheduler

HANG_SECONDS = 5

NOTICE = re.compile(r"(?P<head>.+)\n(?s:.+)\(campaign (?P<campaign_id>\S+)\)")

ENDS = {Status.CLOSED: "has come to its end.", Status.REFUSED: "was not sent."}
"""How the first line of the last notice ends."""


@dataclass(slots=True)
class SimulatedChannel:
    """Posts notices to a group; `said` counts each notice, by campaign and first line."""

    name: str
    dice: Dice
    scheduler: Scheduler
    said: Counter[tuple[str, str]] = field(default_factory=Counter)

    def say(self, _subject: str, text: str) -> str:
        if self.dice.strikes("robot refuses"):
            return "HTTP 502"
        if self.dice.strikes("robot hangs"):
            self.scheduler.sleep(HANG_SECONDS)
            return "ReadTimeout"
        for notice in text.split(BETWEEN):
            found = NOTICE.fullmatch(notice)
            assert found is not None, notice
            self.said[found["campaign_id"], found["head"]] += 1
        if self.dice.strikes("robot says it, and its answer is lost"):
            return "ReadTimeout"
        return ""


@dataclass(frozen=True, slots=True)
class SimulatedChannels:
    channels: Sequence[SimulatedChannel]

    def current(self) -> Sequence[SimulatedChannel]:
        return self.channels


def faults_of_telling(
    channels: Sequence[SimulatedChannel], ended: Mapping[str, Status], *, excused: int
) -> Iterator[str]:
    """
    Each channel has heard each end, six notices of a campaign at the most, and each of them once.

    One repeat is excused for each failure.
    """
    for channel in channels:
        heads: dict[str, list[str]] = {}
        for (campaign_id, head), times in channel.said.items():
            heads.setdefault(campaign_id, []).append(head)
            if times > 1 + excused:
                yield f"told: {channel.name} heard {times} times that {head}"
        for campaign_id, told in heads.items():
            if len(told) > MOST_NOTICES:
                yield f"told: {channel.name} heard {len(told)} notices of {campaign_id}"
        for campaign_id, status in ended.items():
            if not any(each.endswith(ENDS[status]) for each in heads.get(campaign_id, ())):
                yield f"told: {channel.name} never heard of the end of {campaign_id}"
