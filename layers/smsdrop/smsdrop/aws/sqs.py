"""The queue of batches, and the one of files that could not be judged yet."""

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smsdrop.batches.batch import campaign_of

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.literals import QueueAttributeNameType
    from mypy_boto3_sqs.type_defs import MessageTypeDef, SendMessageBatchRequestEntryTypeDef


MAX_MESSAGES = 10

MAX_CALL_BYTES = 256 * 1024
"""`SendMessageBatch` takes ten messages; 256 KiB was its limit until 2025, 1 MiB is now."""

TRIES = 5

CALLS_AT_A_TIME = 8
"""Our choice: a call mostly waits, and a client keeps ten connections."""

BATCH_ID = re.compile(r'"batch_id":"([\w.-]{1,100})"')
"""As written in a message by any release."""

COUNTS: "list[QueueAttributeNameType]" = [
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
]


LONGEST_DELAY_SECONDS = 42_000
"""SQS hides a message for twelve hours after receiving it; the last 20 minutes are a margin."""


WAIT_SECONDS = 1
"""Without waiting, SQS asks only some of its servers, and may see none of the messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How many messages were moved from another queue, and how many left there."""

    moved: int
    left: int


class QueueUnavailable(Exception):
    """The queue did not acknowledge a message, though it was asked several times."""


class Queue:
    """A queue whose messages Lambda hands over, and deletes once they are done with."""

    def __init__(self, sqs: "SQSClient", url: str) -> None:
        self._sqs = sqs
        self._url = url

    def put_off(self, receipt_handle: str, *, seconds: float) -> None:
        """Hide a received message for so long, instead of the queue's own time."""
        self._sqs.change_message_visibility(
            QueueUrl=self._url,
            ReceiptHandle=receipt_handle,
            VisibilityTimeout=min(LONGEST_DELAY_SECONDS, round(seconds)),
        )


class BatchQueue(Queue):
    def __init__(
        self, sqs: "SQSClient", url: str, *, calls_at_a_time: int = CALLS_AT_A_TIME
    ) -> None:
        super().__init__(sqs, url)
        self._calls_at_a_time = calls_at_a_time

    def send(self, messages: Sequence[str]) -> None:
        """Raises unless the queue has acknowledged every message; others may be there then."""
        with ThreadPoolExecutor(self._calls_at_a_time) as pool:
            for _ in pool.map(self._send_few, _calls(messages)):
                pass

    def _send_few(self, messages: Sequence[str]) -> None:
        """Send again what the queue has refused, and nothing else."""
        entries = [_entry(str(number), message) for number, message in enumerate(messages)]
        for _ in range(TRIES):
            response = self._sqs.send_message_batch(QueueUrl=self._url, Entries=entries)
            refused = {each["Id"] for each in response.get("Failed", ())}
            entries = [each for each in entries if each["Id"] in refused]
            if not entries:
                return
        raise QueueUnavailable(f"{len(entries)} messages were refused {TRIES} times")

    def backlog(self) -> int:
        """Return about how many messages the queue holds; SQS's counts may be a minute behind."""
        attributes = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=COUNTS)
        return sum(int(count) for count in attributes["Attributes"].values())

    def take_from(self, other_url: str, wanted: Callable[[str], bool]) -> Taken:
        """Move the messages of another queue here, except those that are not wanted."""
        moved = 0
        left: set[str] = set()
        while messages := self._receive(other_url):
            movable = [each for each in messages if wanted(each["Body"])]
            seen = {each["MessageId"] for each in messages if each not in movable}
            if not movable and seen <= left:
                break  # they have become visible again, and nothing else is there
            left |= seen
            self._move(other_url, movable)
            moved += len(movable)
        return Taken(moved=moved, left=len(left))

    def _receive(self, url: str) -> "list[MessageTypeDef]":
        """Receive up to ten messages, and none only if there is none."""
        response = self._sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=MAX_MESSAGES, WaitTimeSeconds=WAIT_SECONDS
        )
        return response.get("Messages", [])

    def _move(self, other_url: str, messages: "list[MessageTypeDef]") -> None:
        if not messages:
            return
        self.send([message["Body"] for message in messages])
        self._sqs.delete_message_batch(
            QueueUrl=other_url,
            Entries=[
                {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                for number, message in enumerate(messages)
            ],
        )


def _entry(entry_id: str, message: str) -> "SendMessageBatchRequestEntryTypeDef":
    """
    Make each campaign a group, so that none waits behind all the messages of a larger one.

    For a standard queue that makes it a fair queue (since 2025); the order within is not kept.
    """
    found = BATCH_ID.search(message)
    if found is None:
        return {"Id": entry_id, "MessageBody": message}
    campaign_id = campaign_of(found[1])
    return {"Id": entry_id, "MessageBody": message, "MessageGroupId": campaign_id}


def _calls(messages: Sequence[str]) -> Iterator[list[str]]:
    """Split the messages into calls that keep both limits."""
    few: list[str] = []
    size = 0
    for message in messages:
        length = len(message.encode())
        if few and (len(few) == MAX_MESSAGES or size + length > MAX_CALL_BYTES):
            yield few
            few, size = [], 0
        few.append(message)
        size += length
    if few:
        yield few
