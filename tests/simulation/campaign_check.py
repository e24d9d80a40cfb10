"""One campaign of the simulation: what its report says, held against what happened."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import Any

from smsdrop.closing.close import PLAN_GONE
from smsdrop.closing.reports import RESULTS, SUMMARY, UNSENT_ROWS
from smsdrop.closing.tick import MARGIN_SECONDS
from smsdrop.drops import FileVersion, report_folder
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import (
    HELD,
    HELD_IN_VAIN,
    PARSING_FAILED,
    REPEATED,
    REPEATED_IN_VAIN,
    Campaign,
    Status,
)
from smsdrop.ledger.codes import (
    CANCELLED_BY_HAND,
    GAVE_UP,
    PAST_UNTIL,
    SUPPRESSED,
    TOO_OLD,
    WITHDRAWN,
)
from smsdrop.pages.figures import REPORT_PAGE, STATUS_PAGE
from smsdrop.reasons import Reason
from tests.simulation.actors import CLOSE_SECONDS
from tests.simulation.provider import ACCOUNT_ID, Text
from tests.simulation.receipt_check import ReceiptCheck
from tests.simulation.world import REFUSED_SECONDS, World

SENT_TWICE = Reason("sent_twice").text("en")

PAGES = (REPORT_PAGE, STATUS_PAGE)

SHOWN_ALIKE = (
    *("status", "outcome", "rows", "accepted", "duplicates", "suppressed", "rejected"),
    *("sent", "refused", "unconfirmed", "cancelled"),
)

LEAST_ATTEMPTS = 2
"""The lowest `MaxAttempts` of any deployment in the simulation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a user finds in the bucket about one file."""

    summary: dict[str, Any]
    status: dict[str, Any]
    rows: list[dict[str, str]]
    unsent: list[dict[str, str]]

    @classmethod
    def read(cls, world: World, campaign: Campaign) -> "Report":
        folder = report_folder(campaign.key, campaign.campaign_id)
        objects = world.files.objects
        return cls(
            summary=json.loads(objects.get(folder + SUMMARY, b"{}")),
            status=json.loads(objects.get(folder + STATUS_PAGE, b"{}")),
            rows=_csv_rows(objects.get(folder + RESULTS, b"")),
            unsent=_csv_rows(objects.get(folder + UNSENT_ROWS, b"")),
        )


def _csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(content.decode("utf-8-sig").splitlines()))


def is_of_family(out_id: str, batch_id: str) -> bool:
    """Say whether a call was for this batch, or for one that it was split from."""
    called = out_id.rpartition("-")[0]
    return batch_id == called or batch_id.startswith(f"{called}.")


class CampaignCheck:
    """One campaign, its file, its report, and the truth."""

    def __init__(self, world: World, version: FileVersion, campaign: Campaign) -> None:
        self._world = world
        self._version = version
        self._drop = world.truth.drops[version]
        self._campaign = campaign
        self._entries = {each.batch_id: each for each in world.ledger.entries(campaign.campaign_id)}
        self._report = Report.read(world, campaign)
        self._texts: dict[str, list[Text]] = defaultdict(list)
        for text in world.provider.texts:
            if text.campaign_id == campaign.campaign_id:
                self._texts[text.phone_number].append(text)

    def faults(self) -> Iterator[str]:
        for each in self._all_faults():
            yield f"{each} ({self._campaign.campaign_id})"

    def _all_faults(self) -> Iterator[str]:
        if self._campaign.status not in (Status.CLOSED, Status.REFUSED):
            yield f"ending: it stands at {self._campaign.status}"
        yield from self._twice()
        yield from self._turned_away()
        yield from self._unbalanced()
        yield from self._shown_otherwise()
        if self._campaign.plan and not self._is_without_plan:
            for row in self._report.rows:
                yield from self._untrue(row)
            yield from self._wrongly_unsent()
            yield from self._receipts()
        if not self._is_without_plan:
            yield from self._stale()

    def _receipts(self) -> Iterator[str]:
        sent = {
            row["phone_number"]: row["smsdrop_batch"]
            for row in self._report.rows
            if row["smsdrop_status"] == State.SENT
        }
        yield from ReceiptCheck(self._world, self._campaign, sent).faults()

    @property
    def _is_without_plan(self) -> bool:
        return self._campaign.campaign_id in self._world.truth.without_plan

    @property
    def _is_unseen(self) -> bool:
        return self._campaign.campaign_id in self._world.truth.unseen

    def _twice(self) -> Iterator[str]:
        reported = {
            row["phone_number"] for row in self._report.rows if row["smsdrop_reason"] == SENT_TWICE
        }
        for number, texts in self._texts.items():
            if len(texts) < 2:
                continue
            *earlier, _ = sorted(texts, key=lambda each: each.sent_at)
            if not all(each.is_excusable for each in earlier):
                yield f"twice: {number} got {[each.out_id for each in texts]}"
            elif any(each.is_for_receipts_alone for each in texts):
                continue  # `ReceiptCheck` checks whether it was looked up again
            elif not (number in reported or self._is_untold(number) or self._is_without_plan):
                yield f"twice: {number} got {[each.out_id for each in texts]}, not reported"

    def _is_untold(self, number: str) -> bool:
        """Say whether the provider never reported the number, or not under its OutIds."""
        provider = self._world.provider
        accounts = {provider.account_id, *(each.account_id for each in provider.rotations)}
        is_anothers = any({each.account_id} != accounts for each in self._texts[number])
        return provider.is_cut_off or number in provider.doubtful or is_anothers

    def _entry_of(self, row: dict[str, str]) -> BatchEntry:
        return self._entries.get(
            row["smsdrop_batch"], BatchEntry(batch_id="-", state=State.WAITING)
        )

    def _turned_away(self) -> Iterator[str]:
        campaign = self._campaign
        if campaign.status is not Status.REFUSED:
            return
        if self._texts:
            yield "refused: but somebody was texted"
        truth, reason = self._world.truth, campaign.reason or Reason("")
        is_due = {
            HELD: self._is_copy_of(*reason.details[:1])
            and self._is_told_rightly(*reason.details[:1], in_vain=False),
            HELD_IN_VAIN: self._is_copy_of(*reason.details[:1])
            and self._is_told_rightly(*reason.details[:1], in_vain=True),
            REPEATED: len(reason.details) > 1
            or self._is_told_rightly(*reason.details[:1], in_vain=False),
            REPEATED_IN_VAIN: self._is_told_rightly(*reason.details[:1], in_vain=True),
            "no_recipients": not self._drop.rows,
            "too_many_rejected": not self._drop.recipients,
            "file_gone": self._version in truth.deleted,
            WITHDRAWN: self._waited_for_lists and (self._is_gone() or bool(self._later())),
            CANCELLED_BY_HAND: self._waited_for_lists and campaign.campaign_id in truth.cancelled,
            "setting_past": self._is_past(self._version),
            "never_open": bool(truth.terms[self._version].until_at),
            "parsing_failed": self._version in truth.doomed | truth.lost | truth.deleted
            or bool(truth.unreachable),  # it, or one whose messages it is compared with
        }
        if not is_due.get(reason.code, False):
            yield f"forgotten: it was refused as {campaign.outcome} for {reason}"

    @property
    def _waited_for_lists(self) -> bool:
        """Say whether there was a list that kept files from being judged."""
        lists = self._world.lists
        return lists is not None and any(each.spoiled for each in lists.spans)

    def _is_told_rightly(self, first: str = "", *, in_vain: bool) -> bool:
        """Say whether it names another campaign, and is right about whether that texted anybody."""
        other = self._world.ledger.campaign(first)
        if other is None or other.campaign_id == self._campaign.campaign_id:
            return False
        is_vain = other.texted_nobody and not other.is_held_rightly
        return is_vain == in_vain

    def _is_copy_of(self, campaign_id: str = "") -> bool:
        first = self._world.ledger.campaign(campaign_id)
        drops = self._world.truth.drops
        return first is not None and any(
            version.version_id == first.version_id
            and drop.content == self._drop.content
            and (drop.key == self._drop.key or drop.again == self._drop.again != "")
            for version, drop in drops.items()
        )

    def _shown_otherwise(self) -> Iterator[str]:
        """The last `status.json` says what the summary does, unless it could not be written."""
        summary, status = self._report.summary, self._report.status
        if self._is_unseen:
            return
        for name in SHOWN_ALIKE:
            if summary and status.get(name) != summary[name]:
                yield f"shown: status.json has {name} {status.get(name)}, not {summary[name]}"

    def _unbalanced(self) -> Iterator[str]:
        summary = self._report.summary
        if not summary:
            yield "books: there is no report"
            return
        rows = [row["smsdrop_status"] for row in self._report.rows]
        ends = ("sent", "refused", "unconfirmed", "cancelled")
        judged = ("accepted", "duplicates", "suppressed", "rejected")
        if summary["rows"] != sum(summary[each] for each in judged):
            yield "books: the rows do not balance"
        if not self._campaign.plan:
            return
        if summary["accepted"] != sum(summary[each] for each in ends):
            yield "books: the accepted do not balance"
        if self._is_without_plan and not rows:
            if PLAN_GONE.text("en") not in summary["problems"]:
                yield "books: nothing says why there are no rows"
            return
        if any(summary[each] != rows.count(each) for each in ends):
            yield "books: the sums are not those of the rows"
        if len(rows) != self._drop.rows or summary["rows"] != self._drop.rows:
            yield "forgotten: a row of the file is not accounted for"
        numbers = [row["phone_number"] for row in self._report.rows]
        if not set(self._drop.recipients) <= set(numbers):
            yield "forgotten: a recipient of the file is not accounted for"

    def _untrue(self, row: dict[str, str]) -> Iterator[str]:
        """Compare what a row of the report says with what happened."""
        number, status = row["phone_number"], row["smsdrop_status"]
        if status in ("duplicate", "rejected"):
            return
        if status == "suppressed":
            if self._surely_texted(number):
                yield f"untrue: {number} is down as suppressed, but was texted"
            return
        if self._campaign.outcome == "duplicate_file":
            if status != State.CANCELLED:
                yield f"untrue: {number} is down as {status}, but nothing was to be sent"
            return
        entry = self._entry_of(row)
        accepted = [
            each.out_id
            for each in self._world.provider.accepted
            if number in each.phone_numbers and is_of_family(each.out_id, entry.batch_id)
        ]
        if status == State.SENT and not accepted:
            yield f"forgotten: {number} is down as sent"
        if row["smsdrop_reason"] == SENT_TWICE and len(accepted) < 2:
            yield f"books: {number} is down as sent twice"
        if status in (State.REFUSED, State.CANCELLED) and self._surely_texted(number):
            yield f"untrue: {number} is down as {status}, but was texted"
        if not self._is_plausible(entry, number):
            yield f"forgotten: {number} is down as {status} {entry.code}"

    def _is_gone(self) -> bool:
        """Say whether the file was deleted, or replaced by one that is not a copy."""
        later = set(self._later())
        is_replaced = any(
            each.version in later and not each.is_copy_of(self._campaign.campaign_id)
            for each in self._world.ledger.all_campaigns()
        )
        return is_replaced or self._version in self._world.truth.deleted

    def _is_past(self, version: FileVersion) -> bool:
        """Say whether a time in its path had passed when it was dropped."""
        terms = self._world.truth.terms[version]
        dropped_at = int(self._world.files.dropped_at[version])
        return any(0 < each < dropped_at for each in (terms.start_at, terms.until_at))

    def _waits_for_another(self) -> bool:
        """Say whether a later file in its place could not be judged."""
        truth = self._world.truth
        unjudged = {
            each.version
            for each in self._world.ledger.all_campaigns()
            if each.reason == PARSING_FAILED
        }
        return any(each in truth.doomed | truth.lost | unjudged for each in self._later())

    def _later(self) -> list[FileVersion]:
        """Return what was dropped in its place after it."""
        drops = self._world.truth.drops
        versions = [each for each in drops if each.key == self._version.key]
        return versions[versions.index(self._version) + 1 :]

    def _surely_texted(self, number: str) -> bool:
        return any(not each.is_excusable for each in self._texts[number])

    def _is_plausible(self, entry: BatchEntry, number: str) -> bool:
        """Say whether something that was done to the system explains what became of the batch."""
        world, campaign = self._world, self._campaign
        fired = world.dice.fired
        provider = world.provider
        causes = {
            CANCELLED_BY_HAND: campaign.campaign_id in world.truth.cancelled,
            TOO_OLD: provider.is_cut_off
            or provider.was_cut_off
            or campaign.campaign_id in world.truth.unreachable
            or self._version in world.truth.doomed
            or self._waits_for_another(),
            WITHDRAWN: self._is_gone(),
            PAST_UNTIL: 0 < world.truth.terms[self._version].until_at <= entry.ended_at,
            GAVE_UP: entry.absent >= LEAST_ATTEMPTS,
            SUPPRESSED: world.lists is not None and world.lists.was_listed(number, campaign),
            "isv.MOBILE_NUMBER_ILLEGAL": number in provider.bad_numbers,
            "isv.BUSINESS_LIMIT_CONTROL": number in provider.over_limit
            or bool(fired["refusal that passes"]),
            provider.refused_templates.get(campaign.campaign_id): bool(campaign.halt_code),
        }
        match entry.state:
            case State.SENT:
                return True
            case State.REFUSED:
                return causes.get(entry.code, False)
            case State.CANCELLED:
                stopped = campaign.halt_code or TOO_OLD
                return entry.code == stopped and causes.get(stopped, False)
            case State.UNCONFIRMED:
                is_doubtful = number in provider.doubtful
                was_asked_in_vain = provider.is_cut_off or self._is_without_plan
                is_too_old = entry.code == TOO_OLD and was_asked_in_vain
                return is_doubtful or self._is_of_unknown_account(entry) or is_too_old
        return False

    def _as_tried(self, entry: BatchEntry) -> BatchEntry:
        """Return the entry of the batch that it was split off from if it was never tried itself."""
        whole = self._world.ledger.batch(entry.batch_id.rpartition(".")[0])
        return entry if entry.attempt or whole is None else self._as_tried(whole)

    def _is_of_unknown_account(self, entry: BatchEntry) -> bool:
        """Say whether it was settled with another account's key pair, or may have been."""
        world, entry = self._world, self._as_tried(entry)
        used = entry.access_key_id
        rotations = [each for each in world.provider.rotations if each.at <= entry.ended_at]
        accounts = {each.account_id for each in rotations} | {ACCOUNT_ID}
        if len(accounts) > 1:
            return True
        waited_long = entry.ended_at >= entry.settle_after + REFUSED_SECONDS
        unknown = world.ledger.unknown_keys
        is_new_unknown = waited_long and any(each.key_id in unknown for each in rotations)
        return used in unknown or is_new_unknown

    def _wrongly_unsent(self) -> Iterator[str]:
        for row in self._report.unsent:
            if self._surely_texted(row["phone_number"]):
                yield f"untrue: {row['phone_number']} is in unsent.csv, but was texted"

    def _stale(self) -> Iterator[str]:
        """The same books give the same report, byte for byte, and the latest is in the bucket."""
        world = self._world
        world.scheduler.now += CLOSE_SECONDS + MARGIN_SECONDS  # no lease lasts longer
        before = dict(world.files.objects)
        reopened = self._campaign.reopened()
        stands = world.ledger.write(self._campaign, reopened)
        world.tick(world.new_keys()).advance.advance(stands, is_paused=False, deadline=inf)
        changed = {
            name
            for name, content in world.files.objects.items()
            if content != before.get(name) and not (self._is_unseen and name.endswith(PAGES))
        }
        if changed:
            yield f"books: the report is not that of the ledger: {sorted(changed)}"
