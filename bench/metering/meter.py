"""Counts what the AWS calls of a session are billed for."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from math import ceil
from typing import Any

from botocore.hooks import BaseEventHooks

from bench.metering.prices import READ_UNIT_BYTES, SQS_REQUEST_BYTES, WRITE_UNIT_BYTES

Units = Callable[[Mapping[str, Any], Mapping[str, Any]], float]
"""The units of a call, by its request and its answer."""


def item_bytes(item: Mapping[str, Any]) -> int:
    """Return the size that DynamoDB counts of an item, to a few bytes."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(attribute: Any) -> int:
    if isinstance(attribute, dict):
        return sum(map(_value_bytes, attribute.values()))
    if isinstance(attribute, list):
        return 3 + sum(1 + _value_bytes(each) for each in attribute)
    return len(str(attribute).encode())


def read_units(size: int, *, consistent: bool) -> float:
    return max(1, ceil(size / READ_UNIT_BYTES)) * (1.0 if consistent else 0.5)


def put_item(asked: Mapping[str, Any], _: Mapping[str, Any]) -> float:
    return ceil(item_bytes(asked["Item"]) / WRITE_UNIT_BYTES)


def get_item(asked: Mapping[str, Any], answered: Mapping[str, Any]) -> float:
    size = item_bytes(answered.get("Item", {}))
    return read_units(size, consistent=asked.get("ConsistentRead", False))


def batch_get_item(asked: Mapping[str, Any], answered: Mapping[str, Any]) -> float:
    """Each item counts by itself, and a missing one as a small one."""
    units = 0.0
    for name, wanted in asked["RequestItems"].items():
        consistent = wanted.get("ConsistentRead", False)
        found = answered["Responses"].get(name, [])
        sizes = [*map(item_bytes, found), *[0] * (len(wanted["Keys"]) - len(found))]
        units += sum(read_units(size, consistent=consistent) for size in sizes)
    return units


def query(asked: Mapping[str, Any], answered: Mapping[str, Any]) -> float:
    size = sum(map(item_bytes, answered["Items"]))
    return read_units(size, consistent=asked.get("ConsistentRead", False))


def transact_write_items(asked: Mapping[str, Any], _: Mapping[str, Any]) -> float:
    puts = [each["Put"] for each in asked["TransactItems"]]  # we make no others
    return sum(2 * put_item(each, {}) for each in puts)


def send_message_batch(asked: Mapping[str, Any], _: Mapping[str, Any]) -> float:
    return chunks(sum(len(each["MessageBody"].encode()) for each in asked["Entries"]))


def chunks(size: int) -> int:
    """Return how many requests SQS counts for so many bytes at a time."""
    return max(1, ceil(size / SQS_REQUEST_BYTES))


def one(_asked: Mapping[str, Any], _answered: Mapping[str, Any]) -> float:
    return 1


BILLED: dict[tuple[str, str], tuple[str, Units]] = {
    ("dynamodb", "PutItem"): ("DynamoDB write unit", put_item),
    ("dynamodb", "TransactWriteItems"): ("DynamoDB write unit", transact_write_items),
    ("dynamodb", "GetItem"): ("DynamoDB read unit", get_item),
    ("dynamodb", "BatchGetItem"): ("DynamoDB read unit", batch_get_item),
    ("dynamodb", "Query"): ("DynamoDB read unit", query),
    ("sqs", "SendMessageBatch"): ("SQS request", send_message_batch),
    ("sqs", "ChangeMessageVisibility"): ("SQS request", one),
    ("sqs", "GetQueueAttributes"): ("SQS request", one),
    ("s3", "PutObject"): ("S3 write", one),
    ("s3", "CreateMultipartUpload"): ("S3 write", one),
    ("s3", "UploadPart"): ("S3 write", one),
    ("s3", "CompleteMultipartUpload"): ("S3 write", one),
    ("s3", "ListObjectVersions"): ("S3 write", one),  # S3 bills lists as it bills writes
    ("s3", "GetObject"): ("S3 read", one),
    ("s3", "HeadObject"): ("S3 read", one),
    ("secretsmanager", "GetSecretValue"): ("secret read", one),
}
"""Calls that cost something; what we call in other services is free."""


class UnknownCall(Exception):
    """A call to a service that bills by the call, and is not in the table."""


class Meter:
    """Charges a call to the `payer` that is set when it is made."""

    def __init__(self) -> None:
        self.payer = ""
        self.calls = 0
        self.charges: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    def charge(self, what: str, amount: float) -> None:
        with self._lock:
            self.charges[self.payer, what] += amount  # type: ignore[assignment] # fractions too

    def watch(self, events: BaseEventHooks) -> None:
        """Count the calls of clients that the session of these events makes from now on."""
        events.register("provide-client-params.*.*", _remember)
        events.register("after-call.*.*", self._count)

    def _count(
        self, *, model: Any, parsed: Mapping[str, Any], context: Mapping[str, Any], **_: Any
    ) -> None:
        with self._lock:
            self.calls += 1
        service = model.service_model.service_name
        billed = BILLED.get((service, model.name))
        if billed is None:
            if service in {service for service, _ in BILLED}:
                raise UnknownCall(f"{service} {model.name}")
            return
        what, units = billed
        self.charge(what, units(context["asked"], parsed))


def _remember(*, params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
    context["asked"] = params
