"""
Take a person out of the bucket: the files that were dropped with them, plans and reports.

A campaign is left alone until nothing reads its plan any more: to text people, to look something
up, or to keep a copy of its file from being sent. A dropped file is deleted, not changed: a changed
one would be a new drop.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from smsdrop.drop_times import beijing_text
from smsdrop.drops import (
    DROP_PREFIX,
    WORK_PREFIX,
    FileGone,
    FileUnreadable,
    FileVersion,
    campaign_id,
)
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.log_lines import shown_key
from smsdrop.reasons import FileRefused
from smsdrop.receipts.looks import LOOKS
from smsdrop_cli.campaigns import known_campaigns
from smsdrop_cli.deployment.stack import Stack
from smsdrop_cli.forgetting.campaign_objects import CampaignObjects, OpenedAgain
from smsdrop_cli.forgetting.dropped_file import file_has_them
from smsdrop_cli.forgetting.versions import Version, delete, versions

HOUR = 3600
ENDED = (Status.CLOSED, Status.REFUSED)
DEFAULT_REPEAT_HOURS = "24"
"""For a stack without the parameter: as much as the template allows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """A campaign that no longer has anything of the person."""

    campaign_id: str
    file: str
    rows: int
    is_file_deleted: bool

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What still contains the person, or may, and why."""

    what: str
    why: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Kept:
    """What is kept of a campaign: versions of its plans' objects, and the file that was dropped."""

    plans: list[Version] = field(default_factory=list)
    dropped: Version | None = None
    has_report: bool = False


@dataclass(frozen=True, kw_only=True)
class Forget:
    """The use case; `now` is when it began."""

    stack: Stack
    objects: CampaignObjects
    now: float

    def forget(self) -> Iterator[Forgotten | Left]:
        for each, kept in sorted(self._kept().items()):
            yield from self._in_campaign(each, kept)

    def _kept(self) -> dict[str, Kept]:
        kept: dict[str, Kept] = defaultdict(Kept)
        for each in versions(self.stack, WORK_PREFIX):
            kept[each.key.split("/")[1]].plans.append(each)
        for each in versions(self.stack, DROP_PREFIX):
            if not each.key.endswith("/"):
                kept[campaign_id(self._file(each), each.last_modified)].dropped = each
        for known in known_campaigns(self.stack):
            kept[known.campaign_id].has_report = True
        return kept

    def _file(self, version: Version) -> FileVersion:
        return FileVersion(bucket=self.stack.bucket, key=version.key, version_id=version.version_id)

    def _in_campaign(self, name: str, kept: Kept) -> Iterator[Forgotten | Left]:
        campaign = self.stack.ledger.campaign(name)
        is_judged = campaign is not None and campaign.plan and kept.plans
        try:
            has_them = any(map(self.objects.has_them, kept.plans)) or (
                not is_judged and kept.dropped is not None and self._is_in_file(kept.dropped)
            )
        except (FileRefused, FileUnreadable) as error:
            why = error.reason.text(self.stack.language)
            yield Left(what=shown_key(kept.dropped.key if kept.dropped else name), why=why)
            return
        if has_them and campaign is None:
            yield Left(what=f"campaign {name}", why="The ledger does not know it.")
        elif has_them and campaign and (why := self._has_to_wait(campaign)):
            yield Left(what=f"campaign {name}", why=why)
        elif has_them and campaign:
            try:
                yield self._forget(campaign, kept)
            except OpenedAgain:
                yield Left(what=f"campaign {name}", why="It was opened meanwhile. Try again.")
                return
        if campaign and kept.has_report and (has_them or not kept.plans):
            yield from self._left_in_report(campaign)

    def _is_in_file(self, dropped: Version) -> bool:
        try:
            with self.stack.objects.open(self._file(dropped)) as file:
                return file_has_them(file.body, self.objects.marker)
        except FileGone:
            return False

    def _has_to_wait(self, campaign: Campaign) -> str:
        """Say until when something reads its plan; empty if it may be changed."""
        if campaign.status not in ENDED or campaign.is_open:
            return "It is not over yet. Try again once it is."
        if campaign.looks.receipts_at:
            until = campaign.looks.receipts_from + LOOKS[-1]
            return f"Its receipts are looked up until {beijing_text(until)} or a little longer."
        hours = float(self.stack.parameters.get("RepeatHours", DEFAULT_REPEAT_HOURS))
        until = max(campaign.finished_at, campaign.ages_from) + hours * HOUR
        if campaign.status is Status.CLOSED and self.now < until:
            return f"Until {beijing_text(until)} it keeps copies of its file from being sent again."
        return ""

    def _forget(self, campaign: Campaign, kept: Kept) -> Forgotten:
        if kept.dropped:
            delete(self.stack, kept.dropped)
        return Forgotten(
            campaign_id=campaign.campaign_id,
            file=shown_key(campaign.key),
            rows=self.objects.forget(campaign) if kept.plans else 0,
            is_file_deleted=kept.dropped is not None,
        )

    def _left_in_report(self, campaign: Campaign) -> Iterator[Left]:
        """What is left there has no plan to rewrite it from, or is not smsdrop's."""
        if not self._has_to_wait(campaign):
            for key in self.objects.left_in_report(campaign):
                yield Left(what=shown_key(key), why="It has the number. Delete it by hand.")
            if campaign.terms.is_test and campaign.plan:
                yield Left(
                    what=f"campaign {campaign.campaign_id}",
                    why="It was a test: its texts to the test numbers may have their params.",
                )
