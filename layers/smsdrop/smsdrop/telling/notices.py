"""
What a notice says: stack, file, counts, what to type, and where the report is.

A whole group may read it, and chats turn marks in it into links and mentions. So numbers that may
be a person's are masked, and what a dropper has written is put in without such marks.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from smsdrop.drops import DROP_PREFIX, report_folder
from smsdrop.ledger.campaign import Campaign
from smsdrop.reasons import Reason
from smsdrop.sending.preview import earliest_begin, waits_for
from smsdrop.telling.due import (
    CANCELLED,
    CLOSED,
    HALTED,
    HELD,
    PLANNED,
    RECEIPTS,
    REFUSED,
    STUCK,
)

LONGEST_WORDS = 300
"""Our choice: for a file's path, or a reason that quotes the file."""

NUMBER = re.compile(
    r"(?P<id>\d{8}T\d{6}Z-[0-9a-f]{16}|\bSMS_\d+)"
    r"|\d{5,}(?=\d{4})|\b1[3-9]\d([ -])\d{4}\2(?=\d{4}\b)"
)
"""What is masked of a run of nine digits or more, or of a mobile number; not an id's."""

MARKS = str.maketrans({"<": "＜", ">": "＞", "[": "［", "]": "］", "@": "＠", "*": "＊", "`": "'"})
"""What chats read links, mentions and formatting from, and what replaces it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice of one campaign; `code` says which."""

    campaign_id: str
    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Where the notices come from, and the language they are in."""

    stack: str
    language: str

    def notice(self, campaign: Campaign, code: str, *, now: float) -> Notice:
        sentences = LINES[code](campaign, now)
        head = Reason(f"told_{code}", (self.stack, harmless(_path(campaign))))
        text = "\n".join(each.text(self.language) for each in [head, *sentences])
        return Notice(campaign_id=campaign.campaign_id, code=code, text=text)

    def subject(self, notices: tuple[Notice, ...]) -> str:
        """Return a title in ASCII, which is all that SNS takes."""
        what = notices[0].code if len(notices) == 1 else f"{len(notices)} notices"
        return f"smsdrop {self.stack[:60]}: {what.replace('_', ', ')}"


def harmless(text: str) -> str:
    """Return what a dropper has written as a chat may show it: no number, no mark, not too long."""
    shown = NUMBER.sub(lambda found: found["id"] or "·" * len(found[0]), text)
    printable = "".join(each if each.isprintable() else " " for each in shown.translate(MARKS))
    parted = printable.replace("://", "：//")
    return parted if len(parted) <= LONGEST_WORDS else f"{parted[: LONGEST_WORDS - 1]}…"


def _path(campaign: Campaign) -> str:
    return campaign.key.removeprefix(DROP_PREFIX)


def _said(reason: Reason) -> Reason:
    """Return the reason with what it quotes of the file made harmless."""
    return Reason(reason.code, tuple(map(harmless, reason.details)))


def _rows(campaign: Campaign) -> Iterator[Reason]:
    counts = campaign.counts
    if campaign.plan:
        numbers = (counts.rows, counts.accepted, counts.duplicates, counts.rejected)
        yield Reason("told_rows", tuple(map(str, numbers)))
        if counts.suppressed:
            yield Reason("told_suppressed", (str(counts.suppressed),))


def _ends(campaign: Campaign) -> Iterator[Reason]:
    counts = campaign.counts
    numbers = (counts.sent, counts.refused, counts.cancelled, counts.unconfirmed)
    if counts.accepted:
        yield Reason("told_ends", tuple(map(str, numbers)))


def _where(campaign: Campaign) -> Iterator[Reason]:
    folder = report_folder(campaign.key, campaign.campaign_id)
    shown = f"{harmless(folder.removesuffix(f'{campaign.campaign_id}/'))}{campaign.campaign_id}/"
    yield Reason("told_where", (campaign.bucket, shown, campaign.campaign_id))


def _planned(campaign: Campaign, _now: float) -> Iterator[Reason]:
    yield from _rows(campaign)
    if campaign.awaits_canary:
        terms = campaign.terms
        yield Reason("told_canary", (str(terms.canary_recipients), f"{terms.canary_percent:g}"))
    yield Reason("told_to_stop", (campaign.campaign_id,))
    yield from _where(campaign)


def _held(campaign: Campaign, now: float) -> Iterator[Reason]:
    yield from _rows(campaign)
    yield waits_for(campaign, earliest_begin(campaign.terms, now))
    yield from map(_said, campaign.unusable_lists if campaign.plan else campaign.problems)
    yield from _where(campaign)


def _stopped(campaign: Campaign, _now: float) -> Iterator[Reason]:
    yield Reason(campaign.halt_code)
    yield from _rows(campaign)
    yield from _where(campaign)


def _stuck(campaign: Campaign, _now: float) -> Iterator[Reason]:
    yield Reason("told_status", (campaign.status, str(campaign.failures)))
    yield from _rows(campaign)
    yield Reason("told_to_stop", (campaign.campaign_id,))
    yield from _where(campaign)


def _refused(campaign: Campaign, _now: float) -> Iterator[Reason]:
    if campaign.reason:
        yield _said(campaign.reason)
    yield from _rows(campaign)
    yield from _where(campaign)


def _closed(campaign: Campaign, _now: float) -> Iterator[Reason]:
    if campaign.reason:
        yield _said(campaign.reason)
    yield from _rows(campaign)
    yield from _ends(campaign)
    if campaign.counts.refused + campaign.counts.cancelled:
        yield Reason("told_unsent")
    yield from _where(campaign)


def _receipts(campaign: Campaign, _now: float) -> Iterator[Reason]:
    sent = campaign.counts.sent
    counts = campaign.looks.counts(sent=sent)
    yield from _rows(campaign)
    numbers = (counts.delivered, counts.undelivered, counts.no_receipt, sent)
    yield Reason("told_deliveries", tuple(map(str, numbers)))
    if counts.undelivered:
        yield Reason("told_undelivered")
    yield from _where(campaign)


LINES: dict[str, Callable[[Campaign, float], Iterator[Reason]]] = {
    PLANNED: _planned,
    **dict.fromkeys(HELD.values(), _held),
    HALTED: _stopped,
    CANCELLED: _stopped,
    STUCK: _stuck,
    REFUSED: _refused,
    CLOSED: _closed,
    RECEIPTS: _receipts,
}
"""What each notice says below its head."""
