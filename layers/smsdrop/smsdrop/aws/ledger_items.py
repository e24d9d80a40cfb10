"""
The ledger's entries as items of its table.

What is empty or zero is left out. A campaign's counts are attributes of their own, so that a query
by hand shows them. It has the attribute `open` for as long as it is open, which keeps it in the
index of open campaigns.
"""

from dataclasses import fields
from typing import Any, TypeAlias

from smsdrop.batches.batch import campaign_of
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.entries import ContentClaim, Lease, Pause
from smsdrop.reasons import Reason

Item: TypeAlias = dict[str, Any]

AnyEntry: TypeAlias = BatchEntry | Campaign | Pause | ContentClaim | Lease

PAUSE_KEY = ("stack", "pause")

STORED_AS = {"halt_code": "halted", "alerted_at": "alarmed_at", "notified": "told"}
"""Attributes that keep the name under which they were first stored."""


def campaign_key(campaign_id: str) -> tuple[str, str]:
    return campaign_id, "campaign"


def batch_key(batch_id: str) -> tuple[str, str]:
    return campaign_of(batch_id), f"batch#{batch_id}"


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
    return PAUSE_KEY


def key_item(key: tuple[str, str]) -> Item:
    campaign_id, entry = key
    return {"campaign_id": {"S": campaign_id}, "entry": {"S": entry}}


def item_of(entry: AnyEntry) -> Item:
    values = {each.name: getattr(entry, each.name) for each in fields(entry)}
    if isinstance(entry, Campaign):
        counts = values.pop("counts")
        values |= {each.name: getattr(counts, each.name) for each in fields(counts)}
        values["open"] = "yes" if values.pop("is_open") else ""
    stored = {STORED_AS.get(name, name): _attribute(each) for name, each in values.items() if each}
    return key_item(key_of(entry)) | stored


def batch_from(item: Item) -> BatchEntry:
    values = _values(item, BatchEntry)
    return BatchEntry(**values | {"state": State(values["state"])})


def campaign_from(item: Item) -> Campaign:
    values = {"size": 0} | _values(item, Campaign)
    reason = values.get("reason")
    return Campaign(
        **values
        | {
            "status": Status(values["status"]),
            "counts": Counts(**_values(item, Counts)),
            "reason": Reason.from_list(reason) if reason else None,
            "problems": tuple(map(Reason.from_list, values.get("problems", ()))),
            "is_open": "open" in item,
        }
    )


def pause_from(item: Item) -> Pause:
    return Pause(**_values(item, Pause))


def content_claim_from(item: Item) -> ContentClaim:
    return ContentClaim(**_values(item, ContentClaim))


def lease_from(item: Item) -> Lease:
    return Lease(**_values(item, Lease))


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


def _values(item: Item, kind: type[AnyEntry] | type[Counts]) -> dict[str, Any]:
    """Return what the item holds of the fields; attributes of another release are passed over."""
    names = {each.name: STORED_AS.get(each.name, each.name) for each in fields(kind)}
    return {name: _value(item[stored]) for name, stored in names.items() if stored in item}
