"""
The ledger's entries as items of its table.

What is empty or zero is left out, and what a later release has added is carried over as it is. An
attribute never changes its meaning: a new meaning gets a new name. A campaign's counts are
attributes of their own, so that a query by hand shows them. It has the attribute `open` while it is
open, which keeps it in the index of open campaigns; after that while people have yet to be notified
of its end, and then while receipts have yet to be looked up, which keeps it in other parts of that
index.
"""

from dataclasses import fields
from typing import Any, TypeAlias

from smsdrop.batches.batch import campaign_of
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.committed_plans import CommittedPlan
from smsdrop.ledger.entries import (
    ContentClaim,
    EndedCampaign,
    KeyAccount,
    Lease,
    Pause,
    hash_of,
)
from smsdrop.ledger.ports import AnyEntry
from smsdrop.ledger.terms import Terms
from smsdrop.reasons import Reason
from smsdrop.receipts.canary import Canary
from smsdrop.receipts.looks import Looks
from smsdrop.telling.due import is_untold

Item: TypeAlias = dict[str, Any]

Part: TypeAlias = Counts | Terms | Looks | Canary

PARTS = ("counts", "terms", "looks", "canary")
"""Parts of a campaign whose fields are attributes of their own."""

KEY = ("campaign_id", "entry")

PAUSE_KEY = ("stack", "pause")

OPEN, UNTOLD, RECEIPTS = "yes", "untold", "receipts"
"""Values of the attribute `open`, which divides the index of open campaigns."""
ENDED = "ended"
"""Of the list of campaigns that have ended lately; each is kept for some days."""

STORED_AS = {
    "halt_code": "halted",
    "alerted_at": "alarmed_at",
    "notified": "told",
    "is_open": "open",
}
"""Attributes that keep the name under which they were first stored."""


def campaign_key(campaign_id: str) -> tuple[str, str]:
    return campaign_id, "campaign"


def batch_key(batch_id: str) -> tuple[str, str]:
    return campaign_of(batch_id), f"batch#{batch_id}"


def key_account_key(key_id: str) -> tuple[str, str]:
    return _named_by(hash_of(key_id))


def _named_by(key_hash: str) -> tuple[str, str]:
    return f"key#{key_hash}", "account"


def log_of(template_code: str) -> str:
    return f"plans#{template_code}"


def place_key(template_code: str, place: int) -> tuple[str, str]:
    return log_of(template_code), f"{place:010d}"


def key_of(entry: AnyEntry) -> tuple[str, str]:
    match entry:
        case BatchEntry():
            return batch_key(entry.batch_id)
        case Campaign():
            return campaign_key(entry.campaign_id)
        case ContentClaim():
            return f"content#{entry.content_id}", "first"
        case Lease():
            return entry.name, "lease"
        case KeyAccount():
            return _named_by(entry.key_hash)
        case CommittedPlan():
            return place_key(entry.template_code, entry.place)
        case EndedCampaign():
            return ENDED, entry.of_campaign
    return PAUSE_KEY


def key_item(key: tuple[str, str]) -> Item:
    return {name: {"S": value} for name, value in zip(KEY, key, strict=True)}


def item_of(entry: AnyEntry) -> Item:
    values = {each.name: getattr(entry, each.name) for each in fields(entry)}
    unknown = values.pop("unknown")
    if isinstance(entry, Campaign):
        for part in map(values.pop, PARTS):
            values |= {each.name: getattr(part, each.name) for each in fields(part)}
        values["is_open"] = _index_part(entry)
    stored = {STORED_AS.get(name, name): _attribute(each) for name, each in values.items() if each}
    return {**key_item(key_of(entry)), **stored, **unknown}


def _index_part(campaign: Campaign) -> str:
    if campaign.is_open:
        return OPEN
    if is_untold(campaign):
        return UNTOLD
    return RECEIPTS if campaign.looks.receipts_at else ""


def batch_from(item: Item) -> BatchEntry:
    values = _values(item, BatchEntry)
    state = State(values["state"])
    if state is State.UNKNOWN:
        values["unknown"]["state"] = item["state"]
    return BatchEntry(**values | {"state": state})


def campaign_from(item: Item) -> Campaign:
    values = {"size": 0} | _values(item, Campaign)
    reason = values.get("reason")
    status = Status(values["status"])
    if status is Status.UNKNOWN:
        values["unknown"]["status"] = item["status"]
    return Campaign(
        **values
        | {
            "status": status,
            "counts": Counts(**_known(item, Counts)),
            "terms": Terms(**_known(item, Terms)),
            "looks": Looks(**_known(item, Looks)),
            "canary": Canary(**_known(item, Canary)),
            "reason": Reason.from_list(reason) if reason else None,
            "problems": tuple(map(Reason.from_list, values.get("problems", ()))),
            "unusable_lists": tuple(map(Reason.from_list, values.get("unusable_lists", ()))),
            "is_open": item.get("open") == {"S": OPEN},
        }
    )


def pause_from(item: Item) -> Pause:
    return Pause(**_values(item, Pause))


def content_claim_from(item: Item) -> ContentClaim:
    return ContentClaim(**_values(item, ContentClaim))


def lease_from(item: Item) -> Lease:
    return Lease(**_values(item, Lease))


def key_account_from(item: Item) -> KeyAccount:
    return KeyAccount(**_values(item, KeyAccount))


def committed_plan_from(item: Item) -> CommittedPlan:
    return CommittedPlan(**_values(item, CommittedPlan))


def ended_campaign_from(item: Item) -> EndedCampaign:
    return EndedCampaign(**_values(item, EndedCampaign))


def _attribute(value: Any) -> Item:
    match value:
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": str(value)}
        case int() | float():
            return {"N": repr(value)}
        case Reason():
            return _attribute(tuple(value.to_list()))
        case tuple():
            return {"L": [_attribute(each) for each in value]}
    raise TypeError(f"the ledger has no attribute for {type(value).__name__}")


def _value(attribute: Item) -> Any:
    ((kind, value),) = attribute.items()
    match kind:
        case "N":
            return float(value) if "." in value else int(value)
        case "L":
            return tuple(_value(each) for each in value)
    return value


def _values(item: Item, kind: type[AnyEntry]) -> dict[str, Any]:
    """Return what the item holds of the fields, and as `unknown` what else there is."""
    unknown = {name: value for name, value in item.items() if name not in ATTRIBUTES[kind]}
    return _known(item, kind) | {"unknown": unknown}


def _known(item: Item, kind: type[AnyEntry | Part]) -> dict[str, Any]:
    names = {each.name: STORED_AS.get(each.name, each.name) for each in fields(kind)}
    return {name: _value(item[stored]) for name, stored in names.items() if stored in item}


def _attributes(*kinds: type[AnyEntry | Part]) -> frozenset[str]:
    names = {each.name for kind in kinds for each in fields(kind)} - {*PARTS, "unknown"}
    return frozenset({STORED_AS.get(name, name) for name in names}.union(KEY))


ATTRIBUTES: dict[type[AnyEntry], frozenset[str]] = {
    BatchEntry: _attributes(BatchEntry),
    Campaign: _attributes(Campaign, Counts, Terms, Looks, Canary),
    Pause: _attributes(Pause),
    ContentClaim: _attributes(ContentClaim),
    Lease: _attributes(Lease),
    KeyAccount: _attributes(KeyAccount),
    CommittedPlan: _attributes(CommittedPlan),
    EndedCampaign: _attributes(EndedCampaign),
}
"""What this release may write of each entry."""
