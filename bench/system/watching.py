"""How far a campaign in the local AWS has got, and how much memory the functions hold."""

from contextlib import suppress
from typing import Any

from bench.harness.memory import peak_megabytes
from bench.system.progress import Standing
from local.stack import Stack
from smsdrop.batches.batch import MAX_RECIPIENTS

FUNCTIONS = ("ParseRecipients", "SendBatch", "CloseCampaigns")


class CampaignWatch:
    """Looks at the one campaign there is; before it is in the ledger, nothing is done yet."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._campaign_id = ""

    def look(self, *, texted: int) -> Standing:
        campaign = self._campaign()
        accepted = _number(campaign, "accepted")
        return Standing(
            parsed=_number(campaign, "rows"),
            accepted=accepted,
            queued=min(accepted, _number(campaign, "queued") * MAX_RECIPIENTS),
            texted=texted,
            status=campaign.get("status", {}).get("S", "dropped"),
        )

    def _campaign(self) -> dict[str, Any]:
        dynamodb, table = self._stack.clients.dynamodb, self._stack.ledger_table
        if not self._campaign_id:
            found = dynamodb.query(
                TableName=table,
                IndexName="OpenCampaigns",
                KeyConditionExpression="#open = :yes",
                ExpressionAttributeNames={"#open": "open"},
                ExpressionAttributeValues={":yes": {"S": "yes"}},
            )["Items"]
            if not found:
                return {}
            self._campaign_id = found[0]["campaign_id"]["S"]
        key = {"campaign_id": {"S": self._campaign_id}, "entry": {"S": "campaign"}}
        return dict(dynamodb.get_item(TableName=table, Key=key).get("Item", {}))


def _number(campaign: dict[str, Any], name: str) -> int:
    return int(campaign.get(name, {}).get("N", 0))


class WorkerMemory:
    """The most that any process of each function has held."""

    def __init__(self, stack: Stack) -> None:
        self._aws = stack.aws
        self._names = {each: stack.function(each) for each in FUNCTIONS}
        self.peak_megabytes = dict.fromkeys(FUNCTIONS, 0.0)

    def look(self) -> None:
        for function, name in self._names.items():
            for process in self._aws.workers(name):
                with suppress(OSError):  # it has ended meanwhile
                    peak = max(self.peak_megabytes[function], peak_megabytes(process))
                    self.peak_megabytes[function] = peak
