"""The calls that functions made in the local AWS, recorded when their roles are checked."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FILE_NAME = "calls.jsonl"
"""In the server's folder; equal calls are in it once."""

ROLE = re.compile(r":assumed-role/(.+)-([A-Za-z0-9]+)Role-[0-9A-Fa-f]+/")
"""A role that SAM made for a function: the stack's name and the function's logical id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCall:
    """A call that a function made, whether it was allowed or not."""

    stack_name: str
    function: str
    action: str
    resource: str


def recorded_calls(folder: Path) -> Iterator[RecordedCall]:
    """Yield the calls of functions that the server with this folder received."""
    file = folder / FILE_NAME
    for line in file.read_text().splitlines() if file.exists() else ():
        call = json.loads(line)
        role = ROLE.search(call["principal"])
        if role:
            yield RecordedCall(
                stack_name=role[1],
                function=role[2],
                action=call["action"],
                resource=call["resource"],
            )
