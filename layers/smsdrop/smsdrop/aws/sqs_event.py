"""The messages of an SQS event, handled side by side, each on its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias

Record: TypeAlias = dict[str, Any]

MESSAGES_AT_A_TIME = 10
"""As many as SQS hands over at once."""


def is_from_sqs(event: dict[str, Any]) -> bool:
    """Tell an event of SQS from one of S3, which has records too."""
    return any(each.get("eventSource") == "aws:sqs" for each in event.get("Records", ()))


def failed_items(records: Sequence[Record], is_done: Callable[[Record], bool]) -> dict[str, Any]:
    """Handle the records in threads; return, as Lambda wants it, those that are not done with."""
    with ThreadPoolExecutor(MESSAGES_AT_A_TIME) as threads:
        done = list(threads.map(is_done, records))
    stay = [record for record, is_so in zip(records, done, strict=True) if not is_so]
    return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in stay]}
