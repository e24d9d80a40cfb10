"""How people drop a file again under another name: as it is, or after they have worked on it."""

import csv
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from random import Random
from typing import TypeAlias

from tests.simulation.drops import Drop

Rows: TypeAlias = list[dict[str, str]]

WORD = "2026-12"


def rows_of(drop: Drop) -> Rows:
    return list(csv.DictReader(StringIO(drop.content.decode())))


def is_recipient(row: dict[str, str]) -> bool:
    return len(row["phone_number"]) == len("13800000000")


def dropped_again(drop: Drop, random: Random, *, number: int, again: str) -> Drop:
    """Make up a drop for the same people, or for some of them with new messages."""
    change = random.choice(CHANGES)
    columns = ["phone_number", "name", "sign_name", "extend_code"]
    if random.random() < 0.3:
        random.shuffle(columns)
    rows = change(rows_of(drop), random, number)
    recipients = dict.fromkeys(each["phone_number"] for each in rows if is_recipient(each))
    lines = [columns, *([each[name] for name in columns] for each in rows)]
    return replace(
        drop,
        key=_without_settings(drop.key).replace(".csv", f" ({number}).csv"),
        content="".join(f"{','.join(each)}\n" for each in lines).encode(),
        again=again,
        recipients=tuple(recipients),
        rows=len(rows),
    )


def _without_settings(key: str) -> str:
    return "/".join(folder for folder in key.split("/") if "=" not in folder)


def as_it_is(rows: Rows, _random: Random, _number: int) -> Rows:
    return rows


def re_ordered(rows: Rows, random: Random, _number: int) -> Rows:
    return random.sample(rows, len(rows))


def with_a_row_added(rows: Rows, random: Random, number: int) -> Rows:
    if rows and not any(map(is_recipient, rows)):
        return rows  # a file of bad rows alone stays one
    new = {
        "phone_number": f"139{number:02d}{random.randrange(10**6):06d}",
        "name": "李四",
        "sign_name": "",
        "extend_code": "",
    }
    place = random.randrange(len(rows) + 1)
    return [*rows[:place], new, *rows[place:]]


def with_a_param_changed(rows: Rows, random: Random, number: int) -> Rows:
    if not rows:
        return rows
    changed = random.randrange(len(rows))
    return [
        each | {"name": f"{each['name']} {number}"} if index == changed else each
        for index, each in enumerate(rows)
    ]


CHANGES: tuple[Callable[[Rows, Random, int], Rows], ...] = (
    as_it_is,
    re_ordered,
    with_a_row_added,
    with_a_param_changed,
)
