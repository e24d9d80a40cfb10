"""Each message of an event is handled on its own, all of them side by side."""

from threading import Barrier
from typing import Any

import pytest

from smsdrop.aws.sqs_event import MESSAGES_AT_A_TIME, Record, failed_items, is_from_sqs


def records(*message_ids: str) -> list[Record]:
    return [{"messageId": each} for each in message_ids]


@pytest.mark.parametrize(
    ("done", "stay"),
    [
        pytest.param("", ["a", "b", "c"], id="none is done with"),
        pytest.param("ac", ["b"], id="one stays"),
        pytest.param("abc", [], id="all are done with"),
    ],
)
def test_what_is_not_done_with_stays_on_the_queue(done: str, stay: list[str]) -> None:
    answer = failed_items(records("a", "b", "c"), lambda record: record["messageId"] in done)

    assert answer == {"batchItemFailures": [{"itemIdentifier": each} for each in stay]}


def test_an_event_without_messages_leaves_none() -> None:
    assert failed_items([], lambda _: False) == {"batchItemFailures": []}


def test_as_many_messages_as_sqs_hands_over_are_handled_at_the_same_time() -> None:
    all_of_them = Barrier(MESSAGES_AT_A_TIME)

    def is_done(_: Record) -> bool:
        """Wait for the others; raises if they do not come."""
        all_of_them.wait(timeout=10)
        return True

    handled = failed_items(records(*map(str, range(MESSAGES_AT_A_TIME))), is_done)

    assert handled == {"batchItemFailures": []}


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        pytest.param({"Records": [{"eventSource": "aws:sqs"}]}, True, id="SQS"),
        pytest.param({"Records": [{"eventSource": "aws:s3"}]}, False, id="S3"),
        pytest.param({"Event": "s3:TestEvent"}, False, id="no records"),
    ],
)
def test_an_event_of_sqs_is_told_from_others(event: dict[str, Any], expected: bool) -> None:
    assert is_from_sqs(event) is expected
