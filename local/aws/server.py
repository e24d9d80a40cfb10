"""
Runs ministack, records the calls that functions make, and lets events wait for a worker.

Functions inherit the whole environment of the server, so its log level is taken out.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ministack import app  # type: ignore[import-untyped]  # it ships no types
from ministack.core import iam_evaluator  # type: ignore[import-untyped]  # the same
from ministack.services import lambda_svc  # type: ignore[import-untyped]  # the same

from local.aws.async_events import AsyncEvents
from local.aws.calls import FILE_NAME


def recording(evaluate: Callable[..., Any], file: Path) -> Callable[..., Any]:
    """Wrap ministack's permission check: it also writes each different call to the file."""
    seen: set[str] = set()

    def record_and_evaluate(request: Any, *policies: Any) -> Any:
        call = {
            "principal": request.principal_arn,
            "action": request.action,
            "resource": request.resource_arn,
        }
        line = json.dumps(call)
        if line not in seen:
            seen.add(line)
            with file.open("a") as lines:
                lines.write(f"{line}\n")
        return evaluate(request, *policies)

    return record_and_evaluate


if __name__ == "__main__":
    os.environ.pop("LOG_LEVEL", None)
    file = Path(os.environ["TMPDIR"]) / FILE_NAME
    iam_evaluator.evaluate = recording(iam_evaluator.evaluate, file)
    events = AsyncEvents()
    lambda_svc.invoke_async_with_retry = events.handing(lambda_svc.invoke_async_with_retry)
    lambda_svc._execute_function = events.executing(lambda_svc._execute_function)
    app.main()
