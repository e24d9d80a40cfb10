"""
Parsing by whole columns, with polars.

Every row is judged, as `straightforward_parse` does it: those that are left out are kept with their
number and the reason.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import polars

RECIPIENTS_PER_BATCH = 100
MESSAGES_PER_CALL = 10

LeftOut = tuple[int, str]


class Queue(Protocol):
    def send(self, messages: Sequence[str]) -> None: ...


def parse(path: Path, queue: Queue, *, template_code: str, sign_name: str) -> list[LeftOut]:
    """Queue everyone on the file once, a hundred to a message, and return who was left out."""
    recipients, left_out = judged(path)
    messages: list[str] = []
    for number, part in enumerate(recipients.iter_slices(RECIPIENTS_PER_BATCH), start=1):
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
    return left_out


def judged(path: Path) -> tuple[polars.DataFrame, list[LeftOut]]:
    """Return everyone on the file who can be texted, by their first row, and the other rows."""
    cells = polars.read_csv(path, infer_schema=False).select(polars.all().str.strip_chars())
    values = [polars.col(name) for name in cells.columns if name != "phone"]
    phone = polars.col("phone").str.replace_all(r"[\s-]+", "")
    rows = cells.with_row_index("row", offset=2).with_columns(
        phone.str.extract(r"^(?:\+?86)?(1[3-9][0-9]{9})$")
    )
    has_empty_cell = polars.any_horizontal([each.is_null() | (each == "") for each in values])
    reason = (
        polars.when(polars.col("phone").is_null())
        .then(polars.lit("not a mobile number"))
        .when(has_empty_cell)
        .then(polars.lit("an empty cell"))
    )
    rows = rows.with_columns(reason.alias("reason"))
    good = rows.filter(polars.col("reason").is_null())
    is_first = good["phone"].is_first_distinct()
    duplicates = good.filter(~is_first).with_columns(reason=polars.lit("a duplicate"))
    bad = rows.filter(polars.col("reason").is_not_null())
    left_out = polars.concat([bad, duplicates]).sort("row").select("row", "reason").rows()
    return good.filter(is_first).drop("row", "reason"), left_out
