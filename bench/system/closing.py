"""Our closing without AWS: a ledger where every batch was sent, and a folder for the bucket."""

import pickle
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bench.system.parsing import CountingQueue, FolderFiles, dropped, parse_recipients
from smsdrop.batches.batch import Batch
from smsdrop.batches.plan import BATCHES
from smsdrop.closing.close import Close
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign
from tests.support.fakes import FakeLedger

CAMPAIGN = "campaign"


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
