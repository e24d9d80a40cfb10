"""
What is recorded of each form that a release has written: messages, a plan, the ledger's entries.

To record a new form: `python -c "from tests.support.forms import record; record()"`.
"""

import json
from io import BytesIO
from pathlib import Path

from smsdrop.aws.ledger_items import item_of
from smsdrop.batches.batch import Batch
from smsdrop.batches.forms import FORM
from smsdrop.batches.plan import BATCHES, ROWS, PlannedRow
from smsdrop.batches.plan_writer import PlanWriter
from smsdrop.files.text.csv_split import split_block
from smsdrop.ledger.ports import AnyEntry
from smsdrop.reasons import Reason
from smsdrop.recipients.blocks import Block
from tests.support.entries import (
    FULL_BATCH,
    FULL_CAMPAIGN,
    FULL_COMMITTED_PLAN,
    FULL_CONTENT_CLAIM,
    FULL_ENDED_CAMPAIGN,
    FULL_KEY_ACCOUNT,
    FULL_PAUSE,
)
from tests.support.samples import batch_of

FOLDER = Path("tests/data/forms")

MESSAGES: tuple[Batch, ...] = (
    batch_of(2),
    batch_of(
        2,
        position=2,
        sign_names=("云通信", "阿里云"),
        extend_codes=("01", "02"),
        is_international=True,
        in_doubt=True,
    ),
)

COLUMNS = ["手机号", "name"]

TOO_SHORT = Reason("phone_length", ("10",))

PLANNED_ROWS = [
    PlannedRow(row=2, cells=["13800000000", "a"], position=2),
    PlannedRow(row=3, cells=["13800000001", "b"], position=1),
    PlannedRow(row=4, cells=["13800000000", "c"], duplicate_of=2),
    PlannedRow(row=5, cells=["138", "d"], rejected=TOO_SHORT),
    PlannedRow(row=7, cells=["13800000002", "张三"], position=1),
    PlannedRow(
        row=8,
        cells=["13800000003", "李四"],
        duplicate_of=0,
        because=Reason("suppressed", ("vip.csv",)),
        is_suppressed=True,
    ),
]

ENTRIES: dict[str, AnyEntry] = {
    "batch.json": FULL_BATCH,
    "campaign.json": FULL_CAMPAIGN,
    "pause.json": FULL_PAUSE,
    "content.json": FULL_CONTENT_CLAIM,
    "key.json": FULL_KEY_ACCOUNT,
    "committed_plan.json": FULL_COMMITTED_PLAN,
    "ended_campaign.json": FULL_ENDED_CAMPAIGN,
}


def written() -> dict[str, bytes]:
    """Return what this release writes, by the name of the file that it is recorded in."""
    entries = {
        name: json.dumps(item_of(entry), ensure_ascii=False, indent=2).encode() + b"\n"
        for name, entry in ENTRIES.items()
    }
    return _plan() | entries


def _plan() -> dict[str, bytes]:
    batches, rows = BytesIO(), BytesIO()
    writer = PlanWriter(batches=batches, rows=rows)
    writer.columns(tuple(COLUMNS))
    writer.batches([each.to_json().encode() for each in MESSAGES])
    odd = Block(2, [["13800000000", "13800000001", "13800000000", "138", ""], [*"abcd", ""]])
    writer.rows(
        odd, [(1, 1)], international=[(0, 2)], duplicates={2: 2}, rejected={3: TOO_SHORT}, blank=[4]
    )
    lines = "13800000002,张三\n13800000003,李四\n"
    text = split_block(lines.encode(), first_row=7, delimiter=",", width=2)
    assert text is not None
    writer.rows(text, [(1, 1)], suppressed={1: "vip.csv"})
    return {BATCHES: batches.getvalue(), ROWS: rows.getvalue()}


def record(folder: Path = FOLDER / str(FORM)) -> None:
    """Write what this release writes into the folder of its form."""
    folder.mkdir(exist_ok=True)
    for name, content in written().items():
        (folder / name).write_bytes(content)
