"""
Notify people of campaigns, once a minute, after all turns.

A notice goes out first and is then noted in the campaign's entry: after a crash in between it goes
out again, so that none is lost. If a channel does not take it, later ticks retry for some hours; no
campaign waits for that.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import groupby, islice
from typing import Protocol

from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.leases import Leases
from smsdrop.ledger.ports import ReadsUntold, Writes, update
from smsdrop.telling.due import due
from smsdrop.telling.letters import Letter, letters_of
from smsdrop.telling.notices import Notice, Wording

LEASE = "notices"

MOST_LETTERS = 10
"""Our choice: per tick; DingTalk and WeCom take 20 a minute, and two ticks may share one."""

MOST_TOLD, MOST_READ = 200, 1000
"""Our choice: campaigns per tick; more than its letters hold, and few enough to read."""

TELL_SECONDS = 30
"""Our choice: no letter is started later in a tick, however many are left."""

LETTER_SECONDS = 10
"""Longer than the slowest channel takes to fail: the last letter may run over by this much."""

MOST_TRIES = 12
LONGEST_DELAY_SECONDS = 3600
"""Our choice: some six hours in all, after which a notice is given up; the report is there."""


class Channel(Protocol):
    @property
    def name(self) -> str: ...

    def say(self, subject: str, text: str) -> str:
        """Deliver it; return an empty text, or a code for why that failed. Never raises."""
        ...


class Channels(Protocol):
    def current(self) -> Sequence[Channel]: ...


class TellLedger(ReadsUntold, Writes, Protocol): ...


class SideBySide(Protocol):
    def __call__(
        self, call: Callable[[Channel], str], items: Iterable[Channel], /
    ) -> Iterable[str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One letter to one channel; `failure` is a code, empty if it was taken."""

    channel: str
    letter: Letter
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """The use case, with its ports."""

    ledger: TellLedger
    channels: Channels
    wording: Wording
    leases: Leases
    side_by_side: SideBySide
    clock: Callable[[], float]

    def tell(self, seen: Iterable[Campaign], *, deadline: float) -> Sequence[Delivery]:
        """
        Send the notices due for the campaigns that a tick has seen, and for ended ones.

        One tick sends at a time. Each campaign is read again first: another tick may have sent its
        notice.
        """
        until = min(deadline, self.clock() + TELL_SECONDS)
        ended = self.ledger.untold_campaign_ids()
        due_now = (each.campaign_id for each in seen if self._pending(each))
        campaign_ids = list(dict.fromkeys([*due_now, *ended]))[:MOST_READ]
        if not campaign_ids or self.clock() >= until:
            return ()
        job = partial(self._tell, campaign_ids, until)
        return self.leases.alone(LEASE, job, until=until + LETTER_SECONDS) or ()

    def _pending(self, campaign: Campaign) -> "Pending | None":
        """Return the notice that is due for the campaign now, if it can be worded."""
        code = due(campaign)
        is_next = campaign.telling == code
        if not code or (is_next and self.clock() < campaign.tell_at):
            return None
        try:
            notice = self.wording.notice(campaign, code, now=self.clock())
        except Exception:  # noqa: BLE001 - an entry of a later release must not block the others
            return None
        return Pending(
            campaign=campaign,
            notice=notice,
            heard_by=campaign.heard_by if is_next else (),
            tries=campaign.untold if is_next else 0,
        )

    def _tell(self, campaign_ids: Iterable[str], until: float) -> Sequence[Delivery]:
        read = filter(None, map(self.ledger.campaign, campaign_ids))
        pending = list(islice(filter(None, map(self._pending, read)), MOST_TOLD))
        channels = self.channels.current() if pending else ()
        silent: set[str] = set()
        deliveries: list[Delivery] = []
        for letter, few in islice(_letters(pending), MOST_LETTERS):
            if self.clock() >= until:
                break
            heard_by = few[0].heard_by
            missing = [each for each in channels if each.name not in heard_by]
            done = self._delivered(letter, [each for each in missing if each.name not in silent])
            silent.update(each.channel for each in done if each.failure)
            taken = {each.channel for each in done if not each.failure}
            is_told = all(each.name in taken for each in missing)
            for each in few:
                self._note(each, heard_by=(*heard_by, *sorted(taken)), is_told=is_told)
            deliveries += done
        return deliveries

    def _delivered(self, letter: Letter, channels: Sequence[Channel]) -> list[Delivery]:
        subject, text = self.wording.subject(letter.notices), letter.text
        failures = self.side_by_side(lambda each: each.say(subject, text), channels)
        return [
            Delivery(channel=channel.name, letter=letter, failure=failure)
            for channel, failure in zip(channels, failures, strict=True)
        ]

    def _note(self, pending: "Pending", *, heard_by: tuple[str, ...], is_told: bool) -> None:
        """Note what became of a notice."""
        code, tries = pending.notice.code, pending.tries + 1
        told = partial(Campaign.told, notice=code)
        again = partial(
            Campaign.to_be_told,
            notice=code,
            heard_by=heard_by,
            tries=tries,
            at=self.clock() + min(LONGEST_DELAY_SECONDS, 60 * 2**pending.tries - 60),
        )
        with suppress(Exception):  # then it goes out again in a minute
            update(self.ledger, pending.campaign, told if is_told or tries >= MOST_TRIES else again)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A notice to send; some channels may have taken it already, in so many tries."""

    campaign: Campaign
    notice: Notice
    heard_by: tuple[str, ...]
    tries: int


def _letters(pending: Iterable[Pending]) -> Iterator[tuple[Letter, list[Pending]]]:
    """Yield letters with their notices; those in one letter go to the same channels."""
    ordered = sorted(pending, key=lambda each: (each.heard_by, each.notice.campaign_id))
    for _, alike in groupby(ordered, key=lambda each: each.heard_by):
        rest = list(alike)
        for letter in letters_of([each.notice for each in rest]):
            count = len(letter.notices)
            yield letter, rest[:count]
            rest = rest[count:]
