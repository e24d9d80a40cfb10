"""Files made to exhaust memory or time are refused, within stated limits."""

import gzip
import resource
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import chain, repeat
from pathlib import Path
from zipfile import ZipFile

import pytest

from smsdrop.files.streams import MAX_READ_BYTES, Bounded, Spool
from smsdrop.parsing.plan_builder import Rules
from smsdrop.reasons import FileRefused
from tests.support.judged_files import Outcome, judged
from tests.support.workbooks import MAIN, SHEET_BEGINNING, open_document, workbook

MEGABYTE = 1024**2

MEMORY = 48 * MEGABYTE
"""Beyond the file itself; none of the monsters may take more."""

ORDINARY_ROWS = 10_000
MOST_ROWS = 3_000_000
"""Of an ordinary file, whose time no monster may exceed; `MaxRows` allows three times as many."""

RULES = Rules(max_rows=100_000)


def monster(beginning: str, piece: str, megabytes: int) -> Iterator[bytes]:
    content = piece.encode()
    return chain([beginning.encode()], repeat(content * (MEGABYTE // len(content)), megabytes))


def gzipped(pieces: Iterable[bytes]) -> bytes:
    content = BytesIO()
    with gzip.GzipFile(fileobj=content, mode="wb", compresslevel=1) as packed:
        for piece in pieces:
            packed.write(piece)
    return content.getvalue()


def sheet(piece: str, megabytes: int, *, beginning: str = "") -> bytes:
    return workbook(sheet=monster(SHEET_BEGINNING + beginning, piece, megabytes))


def shared(piece: str, megabytes: int, *, beginning: str = "") -> bytes:
    return workbook(shared_texts=monster(f"<sst {MAIN}>{beginning}", piece, megabytes))


def many_parts() -> bytes:
    content = BytesIO()
    with ZipFile(content, "w") as packed:
        for number in range(30_000):
            packed.writestr(f"part{number}", "")
    return content.getvalue()


def styles() -> bytes:
    return workbook(styles=monster(f"<styleSheet {MAIN}><cellXfs>", "<xf/>", 20))


def repeated(*, columns: int, rows: int) -> bytes:
    cell = "<text:p>x</text:p></table:table-cell>"
    return open_document(
        "<table:table>"
        "<table:table-row><table:table-cell><text:p>phone</text:p></table:table-cell>"
        f'</table:table-row><table:table-row table:number-rows-repeated="{rows}">'
        f'<table:table-cell table:number-columns-repeated="{columns}">{cell}'
        "</table:table-row></table:table>"
    )


MONSTERS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a line without an end, gzipped": (
        lambda: gzipped(monster("phone\n", "x", 300)),
        "row_too_long",
    ),
    "blank lines without an end, gzipped": (
        lambda: gzipped(monster("phone\n", "\n", 50)),
        "too_many_blank_rows",
    ),
    "separators without an end, gzipped": (
        lambda: gzipped(monster("phone", ",", 300)),
        "row_too_long",
    ),
    "a million columns": (lambda: b"phone," + b"a," * 1_000_000 + b"\n1\n", "row_too_long"),
    "half a million columns": (lambda: b"phone," + b"," * 500_000 + b"\n1\n", "too_many_columns"),
    "a cell of 10 MB": (lambda: b"phone,x\n1," + b"x" * 10 * MEGABYTE, "row_too_long"),
    "a quoted cell of 10 MB": (
        lambda: b'phone,x\n1,"' + b"x\n" * 5 * MEGABYTE + b'"',
        "quote_unbalanced",
    ),
    "a JSON line of 10 MB": (lambda: b'{"phone":1}\n{"' + b"x" * 10 * MEGABYTE, "row_too_long"),
    "JSON within JSON": (lambda: b'{"a":' * 100_000, "json_not_lines"),
    "a sheet of spaces": (lambda: sheet(" ", 300), "part_too_long"),
    "a cell without an end": (
        lambda: sheet("x", 300, beginning='<row><c t="str"><v>'),
        "part_too_long",
    ),
    "an attribute without an end": (lambda: sheet("x", 300, beginning='<row a="'), "part_too_long"),
    "cells without an end": (lambda: sheet("<c/>", 50, beginning="<row>"), "part_too_long"),
    "rows without an end": (lambda: sheet("<row/>", 50), "too_many_rows"),
    "a shared text without an end": (
        lambda: shared("x", 300, beginning="<si><t>"),
        "part_too_long",
    ),
    "more styles than Excel has": (styles, "file_broken"),
    "an archive of many parts": (many_parts, "file_broken"),
    "an OpenDocument row that repeats a cell": (
        lambda: repeated(columns=999_999_999, rows=1),
        "too_many_columns",
    ),
    "an OpenDocument sheet that repeats a row": (
        lambda: repeated(columns=1, rows=999_999_999),
        "too_many_rows",
    ),
    "entities": (
        lambda: workbook(sheet=[b'<!DOCTYPE a [<!ENTITY b "bbbb">]>', SHEET_BEGINNING.encode()]),
        "file_broken",
    ),
}


@pytest.mark.parametrize("name", MONSTERS)
def test_a_monster_is_refused_before_it_fills_the_memory(name: str) -> None:
    make, refused = MONSTERS[name]
    content = make()
    before = seconds_a_row()

    with memory_limited_to(MEMORY):
        outcome, seconds = timed(content)

    assert outcome.refused == refused
    slowest = max(before, seconds_a_row())  # a shared machine changes its pace
    assert seconds / slowest < MOST_ROWS


def timed(content: bytes) -> tuple[Outcome, float]:
    """Return what becomes of a file, and the processor time that it took."""
    start = time.process_time()
    outcome = judged(content, RULES)
    return outcome, time.process_time() - start


def seconds_a_row() -> float:
    """Return what a row of an ordinary file takes in this process, at this moment."""
    rows = "".join(f"{13_800_000_000 + n},张三,{n}.50\n" for n in range(ORDINARY_ROWS))
    outcome, seconds = timed(f"phone,name,amount\n{rows}".encode())
    assert len(outcome.accepted) == ORDINARY_ROWS
    return seconds / ORDINARY_ROWS


@contextmanager
def memory_limited_to(more: int) -> Iterator[None]:
    """Let the process have so much more memory than now; beyond it there is a `MemoryError`."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + more, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def test_the_memory_limit_of_these_tests_is_one() -> None:
    with memory_limited_to(MEMORY), pytest.raises(MemoryError):
        bytes(2 * MEMORY)


def test_a_stream_gives_as_much_as_its_limit_and_no_more() -> None:
    assert Bounded(BytesIO(b"x" * 1000), limit=1000).read(2000) == b"x" * 1000
    with pytest.raises(FileRefused, match="more than 0 MB"):
        Bounded(BytesIO(b"x" * 1001), limit=1000).read(2000)


def test_an_archive_cannot_ask_for_a_large_read() -> None:
    spool = Spool()
    spool.fill(BytesIO(b"x" * MAX_READ_BYTES * 2))

    with pytest.raises(FileRefused):
        spool.read(MAX_READ_BYTES + 1)
    spool.close()
