"""The messages of an SQS event."""

from typing import Any

import pytest

from smsdrop.aws.sqs_event import failed_items, is_from_sqs


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


def test_what_is_not_done_with_is_named_to_lambda() -> None:
    records = [{"messageId": each} for each in ("a", "b", "c")]

    failed = failed_items(records, lambda record: record["messageId"] != "b")

    assert failed == {"batchItemFailures": [{"itemIdentifier": "b"}]}
