"""Our parsing without AWS: a folder for the bucket, a list or a counter for the queue."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from uuid import uuid4

from smsdrop.drops import FileFacts, FileVersion, OpenFile, StandingFile, campaign_id
from smsdrop.ledger.campaign import Campaign
from smsdrop.parsing.parse_recipients import ParseRecipients
from smsdrop.parsing.plan_file import Bucket, Defaults, ParsingLedger, PlanFile
from smsdrop.parsing.repeats.earlier_messages import EarlierMessages
from smsdrop.parsing.repeats.plan_log import PlanLog
from smsdrop.parsing.suppression.lists import SuppressionLists
from smsdrop.ports import ObjectGone, Queue
from smsdrop.sending.preview import WritePreview
from smsdrop.sending.queue_plan import QueuePlan
from smsdrop.sending.withdrawing import Withdrawing
from tests.support.fakes import FakeCloser, FakeLedger

TEMPLATE_CODE = "SMS_154950909"
SIGN_NAME = "云通信"
REPEAT_SECONDS = 20 * 3600
MOST_MESSAGES = 20_000_000
MAX_AGE_SECONDS = 13 * 24 * 3600
LIST = FileVersion(bucket="files", key="suppressed/listed.txt", version_id="1")


class FolderFiles:
    """
    One dropped file, and a folder for the objects that are written; holds neither in memory.

    By default, each reading of the file is an intended repetition. `listed` is a suppression list
    beside it.
    """

    def __init__(
        self, dropped: Path, folder: Path, *, again: str | None = None, listed: Path | None = None
    ) -> None:
        self._again = again
        self._listed = listed
        self._dropped = dropped
        self._folder = folder
        self.written_bytes = 0

    def facts(self, _version: FileVersion) -> FileFacts:
        return FileFacts(
            last_modified=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
            size=self._dropped.stat().st_size,
        )

    def standing(self, _prefix: str) -> list[StandingFile]:
        size = self._listed.stat().st_size if self._listed else 0
        return [StandingFile(version=LIST, size=size)] if self._listed else []

    def current_campaign_id(self, version: FileVersion) -> str | None:
        return campaign_id(version, self.facts(version).last_modified)

    @contextmanager
    def open(self, version: FileVersion) -> Iterator[OpenFile]:
        facts = self.facts(version)
        path = self._listed if self._listed and version == LIST else self._dropped
        with path.open("rb") as body:
            yield OpenFile(
                last_modified=facts.last_modified,
                size=facts.size,
                again=uuid4().hex if self._again is None else self._again,
                body=body,
            )

    @contextmanager
    def new_object(self, key: str, *, saved_as: str = "") -> Iterator[IO[bytes]]:
        with self._path(key).open("wb") as stream:
            yield stream
        self.written_bytes += self._path(key).stat().st_size

    def lines(self, key: str, *, first_byte: int = 0) -> Iterator[bytes]:
        if not self._path(key).exists():
            raise ObjectGone(key)
        with self._path(key).open("rb") as stream:
            stream.seek(first_byte)
            yield from stream

    def content(self, key: str) -> tuple[bytes, str]:
        path = self._path(key)
        return (path.read_bytes(), "there") if path.exists() else (b"", "")

    def put_over(self, key: str, content: bytes, *, mark: str) -> str:
        """Write it whatever is there: nothing else writes here."""
        self._path(key).write_bytes(content)
        return mark or "there"

    def _path(self, key: str) -> Path:
        return self._folder / key.replace("/", "+")


class CountingQueue:
    """Counts messages, and writes them to `spool` if there is one."""

    def __init__(self, spool: IO[bytes] | None = None) -> None:
        self.messages = 0
        self.bytes = 0
        self._spool = spool

    def send(self, messages: Sequence[str]) -> None:
        self.messages += len(messages)
        self.bytes += sum(map(len, messages))
        if self._spool is not None:
            self._spool.writelines(message.encode() + b"\n" for message in messages)


class KeepingQueue:
    def __init__(self) -> None:
        self.messages: list[str] = []

    def send(self, messages: Sequence[str]) -> None:
        self.messages += messages


class NotTaken(Exception):
    """The file was refused, so there is nothing to measure."""


def parse_recipients(
    bucket: Bucket,
    ledger: ParsingLedger,
    queue: Queue,
    plan_log: PlanLog | None = None,
    lists: SuppressionLists | None = None,
) -> ParseRecipients:
    return ParseRecipients(
        plan_file=PlanFile(
            bucket=bucket,
            ledger=ledger,
            defaults=Defaults(),
            clock=time.time,
            fresh_token=lambda: uuid4().hex,
            plan_log=plan_log,
            lists=lists,
            withdrawing=Withdrawing(ledger=ledger, files=bucket),
        ),
        queue_plan=QueuePlan(ledger=ledger, objects=bucket, queue=queue, clock=time.time),
        write_preview=WritePreview(ledger=ledger, objects=bucket, clock=time.time, language="en"),
        closer=FakeCloser(),
    )


def plan_log(bucket: Bucket, ledger: FakeLedger) -> PlanLog:
    """Let files be compared with those before them."""
    return PlanLog(
        ledger=ledger,
        objects=bucket,
        earlier_messages=EarlierMessages(
            ledger=ledger, objects=bucket, sleep=time.sleep, most=MOST_MESSAGES, claim_seconds=1
        ),
        clock=time.time,
        repeat_seconds=REPEAT_SECONDS,
        max_age_seconds=MAX_AGE_SECONDS,
    )


def dropped(use_case: ParseRecipients) -> Campaign:
    """Parse the file as a new version of an object."""
    key = f"incoming/{TEMPLATE_CODE}/{SIGN_NAME}/{uuid4().hex}.csv"
    campaign = use_case.parse(FileVersion(bucket="files", key=key, version_id=uuid4().hex))
    if campaign is None or not campaign.is_queued or not campaign.counts.batches:
        raise NotTaken(campaign and campaign.reason)
    return campaign
