"""Which campaign a person means: by its id, a unique part of that, or its file."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from smsdrop.drops import DROP_PREFIX, REPORT_PREFIX, report_folder
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.operations.orders import CAMPAIGN_ID
from smsdrop_cli.deployment.failures import CannotBeDone
from smsdrop_cli.deployment.stack import Stack

SAMPLE_ID = "20260102T030405Z-0123456789abcdef"
PART_OF_ID = re.compile(r"[0-9a-fTZ-]{4,}")
REPORTED = re.compile(rf"{REPORT_PREFIX}(?P<path>.+)/(?P<campaign_id>{CAMPAIGN_ID.pattern})/[^/]+")

ENDED = frozenset({Status.CLOSED, Status.REFUSED})

MOST_NAMED = 5
"""Our choice: how many campaigns are named if several may be meant."""


class UnknownCampaign(CannotBeDone):
    """No campaign has this name; one whose file was just dropped may still appear."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A campaign, and its file's path below `incoming/` as its report's folder has it."""

    campaign_id: str
    path: str
    has_ended: bool = True


def known_campaigns(stack: Stack, *, path: str = "") -> list[Known]:
    """Return the campaigns that run or have a report, the oldest first; of one path if given."""
    found = {each.campaign_id: each for each in _reported(stack, path)}
    for campaign in stack.ledger.open_campaigns():
        found[campaign.campaign_id] = Known(
            campaign_id=campaign.campaign_id,
            path=_shown(campaign.key, campaign.campaign_id),
            has_ended=campaign.status in ENDED,
        )
    return [found[each] for each in sorted(found)]


def campaign_named(stack: Stack, name: str) -> Campaign:
    """Return the campaign that the name means; raises `CannotBeDone` for none, or several."""
    campaign_id = name if CAMPAIGN_ID.fullmatch(name) else _one_of(stack, name).campaign_id
    campaign = stack.ledger.campaign(campaign_id)
    if campaign is None:
        raise UnknownCampaign(f"There is no campaign {campaign_id}.")
    return campaign


def _one_of(stack: Stack, name: str) -> Known:
    path = name.strip("/").removeprefix(DROP_PREFIX)
    found = _same_path(path, known_campaigns(stack, path=path))
    if not found:
        known = known_campaigns(stack)
        found = next(filter(None, (tier(path, known) for tier in TIERS)), [])
    if not found:
        raise UnknownCampaign(
            f"No campaign is known by {name}: name its id, a part of that, its file, or the file's"
            " path below incoming/."
        )
    return _unambiguous(name, found)


def _unambiguous(name: str, found: Sequence[Known]) -> Known:
    """Return the one that runs; if none does, the latest of the only path."""
    running = [each for each in found if not each.has_ended]
    if len(running) == 1:
        return running[0]
    if not running and len({each.path for each in found}) == 1:
        return found[-1]
    named = [f"{each.campaign_id} ({each.path})" for each in (running or found)[-MOST_NAMED:]]
    raise CannotBeDone(f"{name} may mean several campaigns; name one by its id: {', '.join(named)}")


def _same_path(path: str, known: Sequence[Known]) -> list[Known]:
    shown = _shown(f"{DROP_PREFIX}{path}", SAMPLE_ID)
    return [each for each in known if each.path == shown]


def _same_file(path: str, known: Sequence[Known]) -> list[Known]:
    return [each for each in known if each.path.rpartition("/")[2] == path]


def _same_id(part: str, known: Sequence[Known]) -> list[Known]:
    if not PART_OF_ID.fullmatch(part):
        return []
    return [each for each in known if part in each.campaign_id]


TIERS: tuple[Callable[[str, Sequence[Known]], list[Known]], ...] = (
    _same_path,
    _same_file,
    _same_id,
)
"""Ways to read a name, the most exact first: the first that finds any counts."""


def _shown(key: str, campaign_id: str) -> str:
    """Return the path of a dropped file as its report's folder has it: a long one is cut."""
    folder = report_folder(key, campaign_id)
    return folder.removeprefix(REPORT_PREFIX).removesuffix(f"/{campaign_id}/")


def _reported(stack: Stack, path: str) -> Iterator[Known]:
    shown = _shown(f"{DROP_PREFIX}{path}", SAMPLE_ID)
    prefix = f"{REPORT_PREFIX}{shown}/" if path else REPORT_PREFIX
    pages = stack.clients.s3.get_paginator("list_objects_v2").paginate(
        Bucket=stack.bucket, Prefix=prefix
    )
    for page in pages:
        for item in page.get("Contents", ()):
            if match := REPORTED.fullmatch(item["Key"]):
                yield Known(campaign_id=match["campaign_id"], path=match["path"])
