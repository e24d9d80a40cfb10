"""
Runs ministack, records the calls that functions make, lets events wait for a worker, and makes S3's
events name who made the request.

Functions inherit the whole environment of the server, so its log level is taken out.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ministack import app  # type: ignore[import-untyped]  # it ships no types
from ministack.core import iam_evaluator  # type: ignore[import-untyped]  # the same
from ministack.core.responses import get_account_id  # type: ignore[import-untyped]  # the same
from ministack.services import iam, lambda_svc, s3  # type: ignore[import-untyped]  # the same

from local.aws.async_events import AsyncEvents
from local.aws.calls import FILE_NAME
from local.aws.requesters import naming, principal_of


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


def principal_id() -> str:
    """Return the unique id of the principal whose request is being handled."""
    kind, name, session = principal_of(iam_evaluator.caller_arn())
    known, unique = {"user": (iam._users, "UserId"), "assumed-role": (iam._roles, "RoleId")}.get(
        kind, ({}, "")
    )
    entity = known.get(name) or {}
    return ":".join(filter(None, [str(entity.get(unique, get_account_id())), session]))


if __name__ == "__main__":
    os.environ.pop("LOG_LEVEL", None)
    file = Path(os.environ["TMPDIR"]) / FILE_NAME
    iam_evaluator.evaluate = recording(iam_evaluator.evaluate, file)
    events = AsyncEvents()
    lambda_svc.invoke_async_with_retry = events.handing(lambda_svc.invoke_async_with_retry)
    lambda_svc._execute_function = events.executing(lambda_svc._execute_function)
    s3._fire_s3_event = naming(s3._fire_s3_event, principal_id)
    app.main()
