"""The queue of batches, and the one of files that could not be judged yet."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.literals import QueueAttributeNameType
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef


MAX_MESSAGES = 10

MAX_CALL_BYTES = 256 * 1024
"""`SendMessageBatch` takes ten messages; 256 KiB was its limit until 2025, 1 MiB is now."""

TRIES = 5

CALLS_AT_A_TIME = 8
"""Our choice: a call mostly waits, and a boto3 client keeps ten connections."""

COUNTS: "list[QueueAttributeNameType]" = [
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
]


LONGEST_DELAY_SECONDS = 43_200
"""SQS hides a message for twelve hours at the longest."""


class QueueUnavailable(Exception):
    """The queue did not acknowledge a message, though it was asked several times."""


class Queue:
    """A queue whose messages Lambda hands over, and deletes once they are done with."""

    def __init__(self, sqs: "SQSClient", url: str) -> None:
        self._sqs = sqs
        self._url = url

    def put_off(self, receipt_handle: str, *, seconds: float) -> None:
        """Hide a message that was received for so long, instead of the queue's own time."""
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
        entries: list[SendMessageBatchRequestEntryTypeDef] = [
            {"Id": str(number), "MessageBody": message} for number, message in enumerate(messages)
        ]
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

    def take_from(self, other_url: str) -> int:
        """Move every message of another queue here, and return how many there were."""
        moved = 0
        while messages := self._sqs.receive_message(
            QueueUrl=other_url, MaxNumberOfMessages=MAX_MESSAGES
        ).get("Messages", []):
            self.send([message["Body"] for message in messages])
            self._sqs.delete_message_batch(
                QueueUrl=other_url,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                    for number, message in enumerate(messages)
                ],
            )
            moved += len(messages)
        return moved


def _calls(messages: Sequence[str]) -> Iterator[list[str]]:
    """Part the messages into calls that keep both limits."""
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
