"""
The ledger's entries as items of its table.

What is empty or zero is left out. An item has the attribute `open` for as long as its campaign is
open, which keeps it in the index of open campaigns.
"""

from dataclasses import fields, is_dataclass
from typing import Any, TypeAlias

from smsdrop.batches.batch import campaign_of
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.entries import ContentClaim, Pause
from smsdrop.reasons import Reason

Item: TypeAlias = dict[str, Any]

AnyEntry: TypeAlias = BatchEntry | Campaign | Pause | ContentClaim

PAUSE_KEY = ("stack", "pause")


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
    return PAUSE_KEY


def key_item(key: tuple[str, str]) -> Item:
    campaign_id, entry = key
    return {"campaign_id": {"S": campaign_id}, "entry": {"S": entry}}


def item_of(entry: AnyEntry) -> Item:
    item = key_item(key_of(entry)) | _members(entry)
    if item.pop("is_open", None):
        item["open"] = {"S": "yes"}
    return item


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
            "counts": Counts(**values.get("counts", {})),
            "reason": Reason.from_list(reason) if reason else None,
            "problems": tuple(map(Reason.from_list, values.get("problems", ()))),
            "is_open": "open" in item,
        }
    )


def pause_from(item: Item) -> Pause:
    return Pause(**_values(item, Pause))


def content_claim_from(item: Item) -> ContentClaim:
    return ContentClaim(**_values(item, ContentClaim))


def _members(value: Any) -> Item:
    values = {each.name: getattr(value, each.name) for each in fields(value)}
    return {name: _attribute(each) for name, each in values.items() if each}


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
    if is_dataclass(value):
        return {"M": _members(value)}
    raise TypeError(f"the ledger has no attribute for {type(value).__name__}")


def _value(attribute: Item) -> Any:
    ((kind, value),) = attribute.items()
    match kind:
        case "N":
            return float(value) if "." in value else int(value)
        case "L":
            return tuple(_value(each) for each in value)
        case "M":
            return {name: _value(each) for name, each in value.items()}
    return value


def _values(item: Item, kind: type[AnyEntry]) -> dict[str, Any]:
    names = {each.name for each in fields(kind)}
    return {name: _value(attribute) for name, attribute in item.items() if name in names}
