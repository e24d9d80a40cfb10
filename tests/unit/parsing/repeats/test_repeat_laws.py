"""A file and whatever people make of it: together they text each message once."""

import csv
import json
from collections import Counter
from collections.abc import Callable, Sequence
from io import BytesIO, StringIO
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from smsdrop.batches.batch import Batch
from tests.support.parsing_scene import KEY, Site
from tests.support.samples import phone_numbers

Message = tuple[str, str, str]
Rows = Sequence[Message]

COLUMNS = ("手机号", "name", "code")

MESSAGES = [
    (number, name, code)
    for number in phone_numbers(5)
    for name in ("张三", 'say "hi", \\')
    for code in ("007", "1,5")
]

FILES = st.lists(st.sampled_from(MESSAGES), min_size=1, max_size=12, unique_by=lambda row: row[0])


def table(rows: Rows, order: Sequence[int]) -> list[list[str]]:
    return [[row[index] for index in order] for row in (COLUMNS, *rows)]


def as_csv(rows: Rows, order: Sequence[int], encoding: str = "utf-8") -> bytes:
    text = StringIO()
    csv.writer(text).writerows(table(rows, order))
    return text.getvalue().encode(encoding)


def as_gbk(rows: Rows, order: Sequence[int]) -> bytes:
    return as_csv(rows, order, "gb18030")


def as_utf16(rows: Rows, order: Sequence[int]) -> bytes:
    return as_csv(rows, order, "utf-16")


def as_json_lines(rows: Rows, order: Sequence[int]) -> bytes:
    names, *values = table(rows, order)
    lines = (json.dumps(dict(zip(names, each, strict=True))) for each in values)
    return "".join(f"{line}\n" for line in lines).encode()


def as_workbook(rows: Rows, order: Sequence[int]) -> bytes:
    book, stream = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    for each in table(rows, order):
        sheet.append(each)
    book.save(stream)
    return stream.getvalue()


FORMATS: tuple[Callable[[Rows, Sequence[int]], bytes], ...] = (
    as_csv,
    as_gbk,
    as_utf16,
    as_json_lines,
    as_workbook,
)


def messages_of(batch: Batch) -> list[Message]:
    numbers, params = batch.columns()
    columns = dict(zip(batch.layout.param_names, params, strict=True))
    return list(zip(numbers, columns["name"], columns["code"], strict=True))


@settings(max_examples=60, deadline=None)
@given(
    files=st.lists(
        st.tuples(
            FILES,
            st.permutations(range(len(COLUMNS))),
            st.sampled_from(FORMATS),
            st.integers(),
        ),
        min_size=2,
        max_size=4,
    ),
    data=st.data(),
)
def test_a_file_and_what_is_made_of_it_text_each_message_once(
    files: list[tuple[Rows, list[int], Callable[[Rows, Sequence[int]], bytes], int]],
    data: st.DataObject,
) -> None:
    """Files with rows of a few messages: re-ordered, added to, changed, and written otherwise."""
    site = Site.new()
    dropped: set[Message] = set()
    for number, (rows, order, written, seed) in enumerate(files):
        kept = data.draw(st.lists(st.sampled_from(sorted(dropped)), unique=True)) if dropped else []
        numbers = {row[0] for row in rows}
        everyone = [*rows, *(row for row in kept if row[0] not in numbers)]
        everyone = list({row[0]: row for row in everyone}.values())
        Random(seed).shuffle(everyone)
        key = KEY.replace("july", f"july {number}")
        before = len(dropped)
        dropped |= set(everyone)

        campaign = site.parse(site.files.drop(key, written(everyone, order)))

        assert campaign.counts.rows == len(everyone)
        assert campaign.counts.accepted == len(dropped) - before
        assert campaign.counts.duplicates == len(everyone) - campaign.counts.accepted

    texts = Counter(message for batch in site.queue.batches for message in messages_of(batch))
    assert texts == Counter(dropped)
