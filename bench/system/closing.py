"""Our closing without AWS: a ledger where every batch was sent, and a folder for the bucket."""

import json
import pickle
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import count, groupby
from pathlib import Path
from typing import Any

from bench.harness.stopwatch import Stopwatch
from bench.system.parsing import CountingQueue, FolderFiles, dropped, parse_recipients
from smsdrop.batches.batch import Batch, position_of
from smsdrop.batches.plan import BATCHES
from smsdrop.closing.close import Close
from smsdrop.closing.reports import SUMMARY
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign
from smsdrop.receipts.kept import KeptReceipts
from smsdrop.receipts.looks import Looks
from smsdrop.receipts.part import Part, part_of_position
from smsdrop.receipts.receipt import Delivery, Receipt
from tests.support.fakes import FakeLedger

CAMPAIGN = "campaign"

CLOSED_AT = 1_767_323_000.0

PENDING = "pending"
CAUSES = {7: PENDING, 17: "MOBILE_NOT_ON_SERVICE", 37: "USER_REJECT", 67: "NO_ROUTE"}
"""What becomes of some of a hundred recipients; the others got their text."""


class SentLedger(FakeLedger):
    """Makes up the entries as they are read, so that they take no memory."""

    def __init__(self, files: FolderFiles, campaign: Campaign) -> None:
        super().__init__()
        self._files = files
        self._plan = campaign.plan
        self.write(None, replace(campaign, revision=1))

    def entries(self, campaign_id: str) -> Iterator[BatchEntry]:
        for batch in map(Batch.from_json, self._files.lines(self._plan + BATCHES)):
            yield BatchEntry(
                batch_id=batch.batch_id,
                state=State.SENT,
                attempt=1,
                recipients=len(batch),
                accepted=(1,),
                biz_id="900619746936498440^0",
                ended_at=time.time(),
            )


def plan_into(folder: Path, path: Path) -> None:
    """Parse a file, and leave its plan and its campaign in the folder."""
    files = FolderFiles(path, folder)
    campaign = dropped(parse_recipients(files, FakeLedger(), CountingQueue()))
    (folder / CAMPAIGN).write_bytes(pickle.dumps(campaign.closing()))


def close_in(folder: Path) -> Campaign:
    """Close the campaign whose plan is in the folder."""
    files = FolderFiles(folder, folder)
    campaign: Campaign = pickle.loads((folder / CAMPAIGN).read_bytes())  # noqa: S301 - our own
    ledger = SentLedger(files, campaign)
    close = Close(ledger=ledger, objects=files, clock=time.time, language="en")
    return close.close(replace(campaign, revision=1))


def receipts_into(folder: Path) -> None:
    """Leave everyone's receipt in the folder, and in the campaign that a look has found them."""
    files = FolderFiles(folder, folder)
    campaign: Campaign = pickle.loads((folder / CAMPAIGN).read_bytes())  # noqa: S301 - our own
    kept = KeptReceipts(objects=files, campaign_id=campaign.campaign_id)
    batches = map(Batch.from_json, files.lines(campaign.plan + BATCHES))
    sequence, found = count(), Counter[Delivery]()
    for number, group in groupby(batches, key=lambda each: part_of_position(_position(each))):
        part = Part(
            receipts={
                (_position(batch), index): _receipt(next(sequence))
                for batch in group
                for index in range(len(batch))
            }
        )
        kept.add(number, part)
        found.update(each.delivery for each in part.receipts.values())
    looks = Looks(
        receipts_from=CLOSED_AT,
        receipts_at=CLOSED_AT + 3600,
        receipts_as_of=CLOSED_AT + 300,
        delivered=found[Delivery.DELIVERED],
        undelivered=found[Delivery.FAILED],
    )
    reopened = replace(campaign, looks=looks, finished_at=CLOSED_AT)
    (folder / CAMPAIGN).write_bytes(pickle.dumps(reopened))


def written_anew(watch: Stopwatch, *, folder: str) -> dict[str, Any]:
    """Write the report of a campaign with receipts, and return what it says about them."""
    with watch:
        close_in(Path(folder))
    [summary] = Path(folder).glob(f"*{SUMMARY}")
    receipts: dict[str, Any] = json.loads(summary.read_bytes())["receipts"]
    return receipts


def _position(batch: Batch) -> int:
    return position_of(batch.batch_id)


def _receipt(number: int) -> Receipt:
    """Give one in a hundred none, three in a hundred a cause, and the others a delivery."""
    cause = CAUSES.get(number % 100, "")
    if cause == PENDING:
        return Receipt(looks=1)
    delivery = Delivery.FAILED if cause else Delivery.DELIVERED
    received_at = CLOSED_AT + number % 1000
    return Receipt(delivery=delivery, code=cause or "DELIVERED", received_at=received_at, looks=1)
