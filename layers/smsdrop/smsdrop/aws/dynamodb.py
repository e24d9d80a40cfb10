"""
The ledger in DynamoDB.

There is one kind of write. It replaces an entry on the condition that the revision it was made
from still stands, so two writers that saw the same entry cannot both win:

    A reads revision 4          B reads revision 4
    A writes 5 if 4   -> 5
                                B writes 5 if 4   -> refused, and shown A's entry

A writer that is shown its very own entry has won: botocore repeated a write whose answer was lost.
"""

from collections.abc import Callable, Collection, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from smsdrop.aws.coalesced_reads import CoalescedReads
from smsdrop.aws.ledger_items import (
    ENDED,
    OPEN,
    PAUSE_KEY,
    RECEIPTS,
    UNTOLD,
    Item,
    batch_from,
    batch_key,
    campaign_from,
    campaign_key,
    committed_plan_from,
    content_claim_from,
    ended_campaign_from,
    item_of,
    key_account_from,
    key_account_key,
    key_item,
    lease_from,
    log_of,
    pause_from,
    place_key,
)
from smsdrop.batches.batch import campaign_of, nth_batch_id
from smsdrop.ledger.batch_entry import BatchEntry
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.committed_plans import CommittedPlan
from smsdrop.ledger.entries import (
    ContentClaim,
    EndedCampaign,
    KeyAccount,
    Lease,
    Pause,
    Snapshot,
)
from smsdrop.ledger.ports import Entry
from smsdrop.ledger.writes.lines import lines_of_write
from smsdrop.ledger.writes.metrics import metrics_of_write
from smsdrop.log_lines import LogLine
from smsdrop.metrics import Measured

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

OPEN_CAMPAIGNS = "OpenCampaigns"
"""The index that holds a campaign while it is open, or a notice of its end is still due."""

READERS: dict[type, Callable[[Item], Any]] = {
    BatchEntry: batch_from,
    Campaign: campaign_from,
    Pause: pause_from,
    ContentClaim: content_claim_from,
    Lease: lease_from,
    KeyAccount: key_account_from,
    CommittedPlan: committed_plan_from,
    EndedCampaign: ended_campaign_from,
}


class LedgerUnavailable(Exception):
    """DynamoDB left part of a read undone, or an entry has expired; no one may act on that."""


class DynamoLedger:
    """Reads and writes the table; measures and logs each write that stands."""

    def __init__(
        self,
        dynamodb: "DynamoDBClient",
        table_name: str,
        *,
        measure: Callable[[Measured], None] = lambda _: None,
        tell: Callable[[LogLine], None] = lambda _: None,
    ) -> None:
        self._dynamodb = dynamodb
        self._table_name = table_name
        self._measure = measure
        self._tell = tell
        self._snapshots = CoalescedReads(self._read_snapshots)

    def snapshot(self, batch_id: str) -> Snapshot:
        """Return what stands; threads that ask at the same time share one read."""
        return self._snapshots.get(batch_id)

    def _read_snapshots(self, batch_ids: Collection[str]) -> dict[str, Snapshot]:
        campaigns = {campaign_key(campaign_of(each)) for each in batch_ids}
        keys = [*campaigns, *map(batch_key, batch_ids), PAUSE_KEY]
        found = self._get_all(keys)
        pause = found.get(PAUSE_KEY)
        snapshots = {}
        for batch_id in batch_ids:
            campaign = found.get(campaign_key(campaign_of(batch_id)))
            batch = found.get(batch_key(batch_id))
            snapshots[batch_id] = Snapshot(
                campaign=campaign_from(campaign) if campaign else None,
                batch=batch_from(batch) if batch else None,
                pause=pause_from(pause) if pause else Pause(),
            )
        return snapshots

    def key_accounts(self, key_ids: Collection[str]) -> dict[str, KeyAccount]:
        names = {each: key_account_key(each) for each in key_ids}
        found = self._get_all(names.values())
        return {
            each: key_account_from(found[name]) for each, name in names.items() if name in found
        }

    def campaign(self, campaign_id: str) -> Campaign | None:
        item = self._get(campaign_key(campaign_id))
        return campaign_from(item) if item else None

    def batch(self, batch_id: str) -> BatchEntry | None:
        item = self._get(batch_key(batch_id))
        return batch_from(item) if item else None

    def pause(self) -> Pause:
        item = self._get(PAUSE_KEY)
        return pause_from(item) if item else Pause()

    def committed_plans(self, template_code: str) -> Iterator[CommittedPlan]:
        """Yield the log of the template, the latest first."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table_name,
            ConsistentRead=True,
            ScanIndexForward=False,
            KeyConditionExpression="campaign_id = :log",
            ExpressionAttributeValues={":log": {"S": log_of(template_code)}},
        )
        for page in pages:
            yield from map(committed_plan_from, page["Items"])

    def committed_plan(self, template_code: str, place: int) -> CommittedPlan | None:
        item = self._get(place_key(template_code, place))
        return committed_plan_from(item) if item else None

    def open_campaign_ids(self) -> Iterator[str]:
        """Yield the campaigns that are open, the oldest first; the index may be seconds behind."""
        return self._in_index(OPEN)

    def untold_campaign_ids(self) -> Iterator[str]:
        """Yield those that have ended with a notice of that still due; may be behind, too."""
        return self._in_index(UNTOLD)

    def looked_at_campaign_ids(self) -> Iterator[str]:
        """Yield all whose receipts may be due, and the rest of the index; may be behind, too."""
        return chain.from_iterable(map(self._in_index, (RECEIPTS, UNTOLD, OPEN)))

    def _in_index(self, part: str) -> Iterator[str]:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table_name,
            IndexName=OPEN_CAMPAIGNS,
            KeyConditionExpression="#open = :part",
            ExpressionAttributeNames={"#open": "open"},
            ExpressionAttributeValues={":part": {"S": part}},
        )
        for page in pages:
            for item in page["Items"]:
                yield item["campaign_id"]["S"]

    def open_campaigns(self) -> Iterator[Campaign]:
        for campaign in map(self.campaign, self.open_campaign_ids()):
            if campaign is not None and campaign.is_open:
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
            yield from map(batch_from, page["Items"])

    def entries_between(
        self, campaign_id: str, first: int, last: int, *, most: int
    ) -> list[BatchEntry]:
        """Read those of a range of batches; the ids of their parts continue with a full stop."""
        _, begin = batch_key(nth_batch_id(campaign_id, first))
        _, end = batch_key(nth_batch_id(campaign_id, last))
        response = self._dynamodb.query(
            TableName=self._table_name,
            Limit=most,
            KeyConditionExpression="campaign_id = :id AND entry BETWEEN :begin AND :end",
            ExpressionAttributeValues={
                ":id": {"S": campaign_id},
                ":begin": {"S": begin},
                ":end": {"S": f"{end}/"},
            },
        )
        return [*map(batch_from, response["Items"])]

    def entries_within(self, campaign_id: str, first: int, last: int) -> Iterator[BatchEntry]:
        """Yield all entries of the batches at these positions in the order of their ids."""
        _, begin = batch_key(nth_batch_id(campaign_id, first))
        _, end = batch_key(nth_batch_id(campaign_id, last))
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table_name,
            ConsistentRead=True,
            KeyConditionExpression="campaign_id = :id AND entry BETWEEN :begin AND :end",
            ExpressionAttributeValues={
                ":id": {"S": campaign_id},
                ":begin": {"S": begin},
                ":end": {"S": f"{end}/"},
            },
        )
        for page in pages:
            yield from map(batch_from, page["Items"])

    def ended_campaigns(self, most: int) -> list[EndedCampaign]:
        response = self._dynamodb.query(
            TableName=self._table_name,
            ScanIndexForward=False,
            Limit=most,
            KeyConditionExpression="campaign_id = :ended",
            ExpressionAttributeValues={":ended": {"S": ENDED}},
        )
        return [*map(ended_campaign_from, response["Items"])]

    def write(self, before: Entry | None, after: Entry) -> Entry:
        """Put `after` in the place of `before`, and return what stands then."""
        item = item_of(after)
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(entry)"}
        if before is not None and before.revision:
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
                standing: Entry = READERS[type(after)](stands)
                return standing
        self._measure(metrics_of_write(before, after))
        for line in lines_of_write(before, after):
            self._tell(line)
        return after

    def _get_all(self, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], Item]:
        """Return the items that there are of these, by their keys, in one consistent read."""
        response = self._dynamodb.batch_get_item(
            RequestItems={
                self._table_name: {"Keys": [*map(key_item, keys)], "ConsistentRead": True}
            }
        )
        if response["UnprocessedKeys"]:
            raise LedgerUnavailable("DynamoDB did not read every entry that was asked for")
        items = response["Responses"][self._table_name]
        return {(item["campaign_id"]["S"], item["entry"]["S"]): item for item in items}

    def _get(self, key: tuple[str, str]) -> Item | None:
        response = self._dynamodb.get_item(
            TableName=self._table_name, Key=key_item(key), ConsistentRead=True
        )
        return response.get("Item")
