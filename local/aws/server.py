"""
ministack, with an environment that its functions may inherit, and a note of what they call.

They inherit all of it, and would take its log level for their own.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ministack import app  # type: ignore[import-untyped]  # it ships no types
from ministack.core import iam_evaluator  # type: ignore[import-untyped]  # the same

from local.aws.calls import FILE_NAME


def noting(evaluate: Callable[..., Any], file: Path) -> Callable[..., Any]:
    """Return ministack's judge of every call, which now writes down each kind of call, once."""
    noted: set[str] = set()

    def evaluate_and_note(request: Any, *policies: Any) -> Any:
        call = {
            "principal": request.principal_arn,
            "action": request.action,
            "resource": request.resource_arn,
        }
        line = json.dumps(call)
        if line not in noted:
            noted.add(line)
            with file.open("a") as lines:
                lines.write(f"{line}\n")
        return evaluate(request, *policies)

    return evaluate_and_note


if __name__ == "__main__":
    os.environ.pop("LOG_LEVEL", None)
    iam_evaluator.evaluate = noting(iam_evaluator.evaluate, Path(os.environ["TMPDIR"]) / FILE_NAME)
    app.main()
