"""
Who is on which suppression list, and a list of the command's own to put people on one by one.

No key contains a number. The list is stored on the condition that it is still as it was read, so of
two people who change it at the same moment, neither undoes the other's change.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias, cast

from smsdrop.closing.results.cells import as_typed
from smsdrop.drop_times import iso_text
from smsdrop.files.streams import Readable
from smsdrop.files.text.csv_rows import without_text_marks
from smsdrop.parsing.suppression.number_list import listed_numbers
from smsdrop.reasons import FileRefused
from smsdrop.sending.suppression.standing import (
    PROMO_PREFIX,
    SUPPRESSED_PREFIX,
    is_of_promotions,
    name_of,
)
from smsdrop_cli.deployment.failures import CannotBeDone
from smsdrop_cli.deployment.stack import Stack
from smsdrop_cli.people import Person

OWN_NAME = "smsdrop-one-by-one.csv"
FOR_ALL, FOR_PROMOTIONS = f"{SUPPRESSED_PREFIX}{OWN_NAME}", f"{PROMO_PREFIX}{OWN_NAME}"
OWN_LISTS = (FOR_ALL, FOR_PROMOTIONS)

HEADING = ["phone_number", "since"]

People: TypeAlias = Mapping[str, str]
"""The people on a list of the command's own: since when, by number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """
    A list that the person is on; `since` is from the command's own list, else from its version.

    If the list cannot be read, `problem` says why; anyone may be on it then.
    """

    key: str
    since: str
    problem: str = ""

    @property
    def name(self) -> str:
        return name_of(self.key)

    @property
    def is_own(self) -> bool:
        return self.key in OWN_LISTS

    @property
    def only_promotions(self) -> bool:
        return is_of_promotions(self.key)

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"key": f"{SUPPRESSED_PREFIX}{self.name}"}


def lists_with(stack: Stack, person: Person) -> Iterator[Listed]:
    """Yield the lists that the person is on now, and those that cannot be read."""
    pages = stack.clients.s3.get_paginator("list_objects_v2").paginate(
        Bucket=stack.bucket, Prefix=SUPPRESSED_PREFIX
    )
    for item in (item for page in pages for item in page.get("Contents", ())):
        key, since = item["Key"], iso_text(item["LastModified"].timestamp())
        if key.endswith("/"):
            continue
        if key in OWN_LISTS:
            people = _people(stack.objects.content(key)[0], key)
            if person.spelled in people:
                yield Listed(key=key, since=people[person.spelled])
            continue
        try:
            if _has(stack, key, person):
                yield Listed(key=key, since=since)
        except FileRefused as refusal:
            yield Listed(key=key, since=since, problem=refusal.reason.text(stack.language))


def suppress(stack: Stack, person: Person, *, only_promotions: bool, now: float) -> Listed:
    """Put a person on the list, unless they are on it; return since when they are."""
    key = FOR_PROMOTIONS if only_promotions else FOR_ALL

    def with_them(people: People) -> People:
        return {person.spelled: iso_text(now)} | dict(people)

    return Listed(key=key, since=_change(stack, key, with_them)[person.spelled])


def unsuppress(stack: Stack, person: Person, listed: Iterable[Listed]) -> None:
    """Take a person off those of these lists that are the command's own."""

    def without_them(people: People) -> People:
        return {number: since for number, since in people.items() if number != person.spelled}

    for each in listed:
        if each.is_own:
            _change(stack, each.key, without_them)


def _change(stack: Stack, key: str, change: Callable[[People], People]) -> People:
    while True:
        content, mark = stack.objects.content(key)
        before = _people(content, key)
        after = change(before)
        if after == before or stack.objects.put_over(key, _written(after), mark=mark):
            return after


def _has(stack: Stack, key: str, person: Person) -> bool:
    line = f"\n{person.digits}\n".encode()
    body = stack.clients.s3.get_object(Bucket=stack.bucket, Key=key)["Body"]
    with body:
        return any(
            person.digits in some.abroad if person.is_abroad else line in b"\n" + some.domestic
            for some in listed_numbers(cast("Readable", body))
        )


def _people(content: bytes, key: str) -> People:
    """Raises `CannotBeDone` for a list that someone else has overwritten."""
    try:
        heading, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"))) if content else [[]]
        people = {without_text_marks(number): since for number, since in rows}
    except ValueError:
        heading = ["?"]
    if heading and heading != HEADING:
        raise CannotBeDone(
            f"{key} is no longer as smsdrop has written it: rename it, so that it stays a list, and"
            " try again."
        )
    return people


def _written(people: People) -> bytes:
    """Write it so that spreadsheets leave the numbers as they are."""
    text = io.StringIO()
    rows = ([as_typed(number), since] for number, since in people.items())
    csv.writer(text).writerows([HEADING, *rows])
    return text.getvalue().encode()
