"""What a line of the log holds, by the logger that the functions have."""

import json

import pytest
from aws_lambda_powertools import Logger

from bench.system.lambda_event import Context
from smsdrop.aws.log_format import FunctionFailed, compact_json, failing_safely, write_line
from smsdrop.log_lines import LogLine


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


def test_a_line_that_is_a_warning_is_written_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    logger = Logger(service="telling", json_serializer=compact_json)

    for is_warning in (False, True):
        write_line(logger, LogLine(message="said", fields={"code": "OK"}, is_warning=is_warning))

    lines = [json.loads(each) for each in capsys.readouterr().out.splitlines()]
    assert [(each["level"], each["message"], each["code"]) for each in lines] == [
        ("INFO", "said", "OK"),
        ("WARNING", "said", "OK"),
    ]


def test_a_handler_fails_without_the_text_of_the_error(capsys: pytest.CaptureFixture[str]) -> None:
    logger = Logger(service="failing", json_serializer=compact_json)

    @failing_safely(logger)
    def lambda_handler(number: str) -> None:
        raise ValueError(number)

    with pytest.raises(FunctionFailed) as failed:
        lambda_handler("13800138000")

    said = capsys.readouterr().out
    assert json.loads(said)["error"] == "ValueError"
    assert "13800138000" not in said + str(failed.value)
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__
