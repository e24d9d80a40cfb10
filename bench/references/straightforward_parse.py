"""
Parsing as a good developer would write it at first.

`csv.reader`, compiled patterns, a set, `json.dumps`; one batch after another. Every row is judged:
those that are left out are kept with their number and the reason.
"""

import csv
import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

SEPARATORS = re.compile(r"[\s-]+")
MOBILE = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")
RECIPIENTS_PER_BATCH = 100
MESSAGES_PER_CALL = 10

LeftOut = tuple[int, str]


class Queue(Protocol):
    def send(self, messages: Sequence[str]) -> None: ...


def parse(path: Path, queue: Queue, *, template_code: str, sign_name: str) -> list[LeftOut]:
    """Queue everyone on the file once, a hundred to a message, and return who was left out."""
    left_out: list[LeftOut] = []
    recipients = recipients_of(path, sign_name, left_out)
    messages: list[str] = []
    number = 0
    while batch := list(islice(recipients, RECIPIENTS_PER_BATCH)):
        number += 1
        message = {
            "batch_id": f"{path.stem}-{number:06d}",
            "template_code": template_code,
            "recipients": batch,
        }
        messages.append(json.dumps(message, ensure_ascii=False))
        if len(messages) == MESSAGES_PER_CALL:
            queue.send(messages)
            messages = []
    if messages:
        queue.send(messages)
    return left_out


def recipients_of(path: Path, sign_name: str, left_out: list[LeftOut]) -> Iterator[dict[str, Any]]:
    """Yield everyone on the file who can be texted, by their first row."""
    seen: set[str] = set()
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        header = [name.strip() for name in next(rows)]
        for row, line in enumerate(rows, start=2):
            cells = [cell.strip() for cell in line]
            if not any(cells):
                continue
            if len(cells) != len(header):
                left_out.append((row, "not as many cells as columns"))
                continue
            phone, *values = cells
            match = MOBILE.fullmatch(SEPARATORS.sub("", phone))
            if match is None:
                left_out.append((row, "not a mobile number"))
            elif not all(values):
                left_out.append((row, "an empty cell"))
            elif match[1] in seen:
                left_out.append((row, "a duplicate"))
            else:
                seen.add(match[1])
                yield {
                    "phone_number": match[1],
                    "sign_name": sign_name,
                    "params": dict(zip(header[1:], values, strict=True)),
                }
