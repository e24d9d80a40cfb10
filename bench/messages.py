"""Queue messages of full batches, in each contender's own form, of the same recipients."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from bench.fakes import FolderFiles
from bench.parsing import SIGN_NAME, TEMPLATE_CODE, dropped, parse_recipients
from bench.recipient_file import RecipientFile, write_recipient_file
from bench.references import straightforward_parse
from smsdrop.parsing.parse_recipients import CampaignLedger
from tests.support.fakes import FakeLedger

RECIPIENTS_A_BATCH = 100


class KeepingQueue:
    def __init__(self) -> None:
        self.messages: list[str] = []

    def send(self, messages: Sequence[str]) -> None:
        self.messages += messages


def ours(batches: int, *, ledger: CampaignLedger | None = None) -> list[str]:
    """Return messages of a campaign that stands in the ledger."""
    queue = KeepingQueue()
    with tempfile.TemporaryDirectory() as folder:
        files = FolderFiles(_file(folder, batches).path, Path(folder))
        dropped(parse_recipients(files, ledger or FakeLedger(), queue))
    return queue.messages


def straightforward(batches: int) -> list[str]:
    queue = KeepingQueue()
    with tempfile.TemporaryDirectory() as folder:
        path = _file(folder, batches).path
        straightforward_parse.parse(path, queue, template_code=TEMPLATE_CODE, sign_name=SIGN_NAME)
    return queue.messages


def _file(folder: str, batches: int) -> RecipientFile:
    """Write a file of a name that never was before: the straightforward batch ids follow it."""
    rows = batches * RECIPIENTS_A_BATCH
    return write_recipient_file(Path(folder) / f"{uuid4().hex}.csv", rows=rows, clean=True)
