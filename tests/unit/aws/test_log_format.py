"""What a line of the log holds, by the logger that the functions have."""

import json

import pytest
from aws_lambda_powertools import Logger

from bench.system.lambda_event import Context
from smsdrop.aws.log_format import compact_json


def test_a_line_says_what_happened_to_which_batch_in_which_invocation(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logger = Logger(service="stack", json_serializer=compact_json)

    @logger.inject_lambda_context
    def lambda_handler(_event: object, _context: object) -> None:
        logger.info("batch done", recipients=100, extra={"batch_id": "云-000001"})

    context = Context(function_name="SendBatch")
    lambda_handler({}, context)

    line = json.loads(capsys.readouterr().out)
    assert line.pop("timestamp")
    assert line == {
        "level": "INFO",
        "message": "batch done",
        "service": "stack",
        "function_name": "SendBatch",
        "function_request_id": context.aws_request_id,
        "recipients": 100,
        "batch_id": "云-000001",
    }


def test_what_is_no_json_is_written_as_it_reads() -> None:
    assert compact_json({"message": {"path": ValueError("云")}}) == '{"message":{"path":"云"}}'
