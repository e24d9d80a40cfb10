"""What a log line holds: what it takes to follow a batch, since every byte is billed."""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

from smsdrop.log_lines import LogLine, fields_of_error

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

LEFT_OUT = frozenset({"cold_start", "function_arn", "function_memory_size", "location"})
"""Keys of Powertools that repeat what the name, the message and Lambda's own lines say."""


class Logger(Protocol):
    """What is needed of Powertools' logger."""

    def info(self, msg: object, *, extra: Mapping[str, object]) -> None: ...
    def warning(self, msg: object, *, extra: Mapping[str, object]) -> None: ...
    def error(self, msg: object, *, extra: Mapping[str, object]) -> None: ...


class FunctionFailed(Exception):
    """
    Raised to Lambda in place of an error, whose text may quote rows and keys.

    Lambda writes what it is given into the log, and into the queue of what has failed.
    """


def compact_json(line: Mapping[str, Any]) -> str:
    """Return the line as JSON; for `Logger(json_serializer=…)`."""
    kept = {key: value for key, value in line.items() if key not in LEFT_OUT}
    return json.dumps(kept, default=str, ensure_ascii=False, separators=(",", ":"))


def write_line(logger: Logger, line: LogLine) -> None:
    write = logger.warning if line.is_warning else logger.info
    write(line.message, extra=line.fields)


def failing_safely(
    logger: Logger,
) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Have a handler log where an error came from, and fail without its text."""

    def decorate(handler: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        @wraps(handler)
        def handle(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
            try:
                return handler(*args, **kwargs)
            except Exception as error:  # noqa: BLE001 - another is raised for it
                fields = fields_of_error(error)
                logger.error("function failed", extra=fields)  # noqa: TRY400 - its traceback holds its text
                raise FunctionFailed(", ".join(fields.values())) from None

        return handle

    return decorate
