"""
The ledger in DynamoDB.

There is one kind of write. It replaces an entry on the condition that the revision it was made
from still stands, so two writers that saw the same entry can not both win:

    A reads revision 4          B reads revision 4
    A writes 5 if 4   -> 5
                                B writes 5 if 4   -> refused, and shown A's entry

A writer that is shown its very own entry has won: boto3 repeated a write whose answer was lost.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from smsdrop.aws.coalesced_reads import SharedReads
from smsdrop.batches.batch import campaign_of
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.entries import Books, Content, Pause
from smsdrop.ledger.metrics import of_write
from smsdrop.metrics import Counted

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


Entry = TypeVar("Entry", BatchEntry, Campaign, Pause, Content)

Item = dict[str, Any]

OPEN_CAMPAIGNS = "OpenCampaigns"
"""The index that holds a campaign for as long as it is open."""


class LedgerUnavailable(Exception):
    """DynamoDB left part of a read undone, or an entry has expired; nobody must act on that."""


class DynamoLedger:
    """Reads and writes the table, and counts each write that stands."""

    def __init__(
        self,
        dynamodb: "DynamoDBClient",
        table_name: str,
        *,
        count: Callable[[Counted], None] = lambda _: None,
    ) -> None:
        self._dynamodb = dynamodb
        self._table_name = table_name
        self._count = count
        self._looks = SharedReads(self._look)

    def look(self, batch_id: str) -> Books:
        """Return what stands; threads that look at the same time share one read."""
        return self._looks.get(batch_id)

    def _look(self, batch_ids: Collection[str]) -> dict[str, Books]:
        names = [of(each) for of in (_of_campaign, _of_batch) for each in batch_ids]
        keys = [_key(*name) for name in dict.fromkeys([*names, _of_pause()])]
        response = self._dynamodb.batch_get_item(
            RequestItems={self._table_name: {"Keys": keys, "ConsistentRead": True}}
        )
        if response["UnprocessedKeys"]:
            raise LedgerUnavailable("DynamoDB did not read every entry that was asked for")
        items = response["Responses"][self._table_name]
        found = {(item["campaign_id"]["S"], item["entry"]["S"]): item for item in items}
        pause = found.get(_of_pause())
        books = {}
        for batch_id in batch_ids:
            campaign, batch = found.get(_of_campaign(batch_id)), found.get(_of_batch(batch_id))
            books[batch_id] = Books(
                campaign=_campaign(campaign) if campaign else None,
                batch=_batch(batch) if batch else None,
                pause=_pause(pause) if pause else Pause(),
            )
        return books

    def campaign(self, campaign_id: str) -> Campaign | None:
        item = self._get(campaign_id, "campaign")
        return _campaign(item) if item else None

    def batch(self, batch_id: str) -> BatchEntry | None:
        item = self._get(campaign_of(batch_id), f"batch#{batch_id}")
        return _batch(item) if item else None

    def pause(self) -> Pause:
        item = self._get(Pause().campaign_id, Pause().entry)
        return _pause(item) if item else Pause()

    def open_campaigns(self) -> Iterator[Campaign]:
        """Yield the campaigns that are open, the oldest first; the index may be seconds behind."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table_name,
            IndexName=OPEN_CAMPAIGNS,
            KeyConditionExpression="#open = :yes",
            ExpressionAttributeNames={"#open": "open"},
            ExpressionAttributeValues={":yes": {"S": "yes"}},
        )
        for page in pages:
            for item in page["Items"]:
                campaign = self.campaign(item["campaign_id"]["S"])
                if campaign is not None and campaign.open:
                    yield campaign

    def entries(self, campaign_id: str) -> Iterator[BatchEntry]:
        """Yield all entries of the campaign's batches in the order of their ids."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table_name,
            ConsistentRead=True,
            KeyConditionExpression="campaign_id = :id AND begins_with(entry, :batch)",
            ExpressionAttributeValues={":id": {"S": campaign_id}, ":batch": {"S": "batch#"}},
        )
        for page in pages:
            yield from map(_batch, page["Items"])

    def write_batch(self, before: BatchEntry | None, after: BatchEntry) -> BatchEntry:
        return _batch(self._write(before, after))

    def write_campaign(self, before: Campaign | None, after: Campaign) -> Campaign:
        return _campaign(self._write(before, after))

    def write_pause(self, before: Pause, after: Pause) -> Pause:
        return _pause(self._write(before if before.revision else None, after))

    def write_content(self, before: Content | None, after: Content) -> Content:
        return Content(**_values(self._write(before, after), Content))

    def _get(self, campaign_id: str, entry: str) -> Item | None:
        response = self._dynamodb.get_item(
            TableName=self._table_name, Key=_key(campaign_id, entry), ConsistentRead=True
        )
        return response.get("Item")

    def _write(self, before: Entry | None, after: Entry) -> Item:
        """Put `after` in the place of `before`, and return the item that stands then."""
        item = _item(after)
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(entry)"}
        if before is not None:
            condition = {
                "ConditionExpression": "revision = :before",
                "ExpressionAttributeValues": {":before": {"N": str(before.revision)}},
            }
        try:
            self._dynamodb.put_item(
                TableName=self._table_name,
                Item=item,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **condition,
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException as error:
            # boto3-stubs leaves the item out of this error's response
            stands: Item | None = error.response.get("Item")  # type: ignore[assignment]
            if stands is None:
                raise LedgerUnavailable("the entry has expired since it was read") from error
            if stands != item:
                return stands
        self._count(of_write(before, after))
        return item


def _key(campaign_id: str, entry: str) -> Item:
    return {"campaign_id": {"S": campaign_id}, "entry": {"S": entry}}


def _of_campaign(batch_id: str) -> tuple[str, str]:
    return campaign_of(batch_id), "campaign"


def _of_batch(batch_id: str) -> tuple[str, str]:
    return campaign_of(batch_id), f"batch#{batch_id}"


def _of_pause() -> tuple[str, str]:
    return Pause().campaign_id, Pause().entry


def _item(entry: BatchEntry | Campaign | Pause | Content) -> Item:
    """Write the fields as attributes; what is empty or zero is left out."""
    values = {each.name: getattr(entry, each.name) for each in fields(entry)}
    item = _key(entry.campaign_id, entry.entry)
    item |= {name: _attribute(value) for name, value in values.items() if value}
    return item


def _attribute(value: Any) -> Item:
    match value:
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": str(value)}
        case int() | float():
            return {"N": repr(value)}
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


def _values(item: Item, kind: type[Entry]) -> dict[str, Any]:
    names = {each.name for each in fields(kind)}
    return {name: _value(attribute) for name, attribute in item.items() if name in names}


def _batch(item: Item) -> BatchEntry:
    values = _values(item, BatchEntry)
    return BatchEntry(**values | {"state": State(values["state"])})


def _campaign(item: Item) -> Campaign:
    left_out = {"size": 0, "open": ""}  # as every attribute that is empty
    values: dict[str, Any] = left_out | _values(item, Campaign)
    return Campaign(**values | {"status": Status(values["status"])})


def _pause(item: Item) -> Pause:
    return Pause(**_values(item, Pause))
