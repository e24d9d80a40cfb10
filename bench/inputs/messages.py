"""Queue messages of full batches of the same recipients, in each contender's own form."""

import tempfile
from pathlib import Path
from uuid import uuid4

from bench.inputs.recipient_file import RecipientFile, write_recipient_file
from bench.references import straightforward_parse
from bench.system.parsing import (
    SIGN_NAME,
    TEMPLATE_CODE,
    FolderFiles,
    KeepingQueue,
    dropped,
    parse_recipients,
)
from smsdrop.batches.batch import MAX_RECIPIENTS
from smsdrop.parsing.plan_file import ParsingLedger
from tests.support.fakes import FakeLedger


def ours(batches: int, *, ledger: ParsingLedger | None = None) -> list[str]:
    """Return messages of a campaign that is in the ledger."""
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
    """Write a file with a name of its own: the straightforward batch ids are made from it."""
    rows = batches * MAX_RECIPIENTS
    return write_recipient_file(Path(folder) / f"{uuid4().hex}.csv", rows=rows, clean=True)
