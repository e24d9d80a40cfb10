"""Parsing by whole columns, with polars."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import polars

RECIPIENTS_PER_BATCH = 100
MESSAGES_PER_CALL = 10


class Queue(Protocol):
    def send(self, messages: Sequence[str]) -> None: ...


def parse(path: Path, queue: Queue, *, template_code: str, sign_name: str) -> None:
    """Queue everyone on the file once, a hundred to a message, column by column."""
    frame = recipients_of(path)
    messages: list[str] = []
    for number, part in enumerate(frame.iter_slices(RECIPIENTS_PER_BATCH), start=1):
        columns = part.to_dict(as_series=False)
        message = {
            "batch_id": f"{path.stem}-{number:06d}",
            "template_code": template_code,
            "sign_name": sign_name,
            "phone_numbers": columns.pop("phone"),
            "params": columns,
        }
        messages.append(json.dumps(message, ensure_ascii=False))
        if len(messages) == MESSAGES_PER_CALL:
            queue.send(messages)
            messages = []
    if messages:
        queue.send(messages)


def recipients_of(path: Path) -> polars.DataFrame:
    """Return everyone on the file who can be texted, by their first row."""
    phone = polars.col("phone").str.replace_all(r"[\s-]+", "")
    return (
        polars.read_csv(path, infer_schema=False)
        .with_columns(phone.str.extract(r"^(?:\+?86)?(1[3-9][0-9]{9})$"))
        .drop_nulls("phone")
        .unique("phone", keep="first", maintain_order=True)
    )
