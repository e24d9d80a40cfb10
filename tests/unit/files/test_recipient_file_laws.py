"""Laws of recipient files: any spelling reads back the same; any bytes are read or refused."""

import csv
import gzip
import random
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsdrop.files.recipient_file import open_recipient_file
from smsdrop.files.text.csv_rows import without_text_marks
from smsdrop.files.text.delimiters import DELIMITERS
from smsdrop.parsing.plan_builder import Rules
from smsdrop.reasons import FileRefused
from tests.support.blocks import rows_of
from tests.support.judged_files import judged
from tests.support.samples import phone_numbers
from tests.support.tables import Table, as_csv, as_json_lines, as_workbook
from tests.support.workbooks import archive

FOLDER = Path(__file__).parents[2] / "recipient_files"

HEADER = ["手机号", "name", "code"]

# GB18030 holds every letter there is; XML and UTF-8 hold no surrogates, XML no control characters.
letters = st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t,;|，\"'=07张三😀")
usual = st.sampled_from("张三李四余额元请于月底前缴清，。！：（）《》、 ABCabc0123456789-.%")
numbers = st.sampled_from([*phone_numbers(30), "+86 138-0000-0001", "1380013800", "张三", ""])
rows = st.lists(
    st.tuples(numbers, st.text(letters), st.text(letters, max_size=3)).map(list), max_size=40
)
encodings = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"])


def read_back(content: bytes) -> Table:
    with open_recipient_file(BytesIO(content)) as file:
        return [file.header, *(cells for _, cells in rows_of(file.blocks))]


def read_or_refused(content: bytes) -> Table | str:
    """Return what is read, or the code of why not."""
    try:
        return read_back(content)
    except FileRefused as refusal:
        return refusal.reason.code


@given(
    rows,
    st.sampled_from(DELIMITERS),
    encodings,
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
)
def test_any_encoding_and_delimiter_reads_back_the_same(
    rows: Table, delimiter: str, encoding: str, line_break: str, is_packed: bool
) -> None:
    """Letters at random may look like another encoding than GB18030; then the file is refused."""
    content = as_csv(
        [HEADER, *rows],
        delimiter=delimiter,
        encoding=encoding,
        line_break=line_break,
        quoting=csv.QUOTE_ALL,
    )

    came_to = read_or_refused(gzip.compress(content) if is_packed else content)

    if (encoding, came_to) != ("gb18030", "encoding_unclear"):
        assert came_to == [HEADER, *(list(map(without_text_marks, row)) for row in rows)]


@given(
    st.lists(st.tuples(numbers, st.text(usual), st.text(usual)).map(list), max_size=40),
    st.sampled_from(DELIMITERS),
)
def test_what_people_write_in_chinese_reads_back_the_same_in_gb18030(
    rows: Table, delimiter: str
) -> None:
    content = as_csv(
        [HEADER, *rows], delimiter=delimiter, encoding="gb18030", quoting=csv.QUOTE_ALL
    )

    assert read_back(content) == [HEADER, *(list(map(without_text_marks, row)) for row in rows)]


@given(rows.filter(any))
def test_json_lines_read_back_the_same(rows: Table) -> None:
    assert read_back(as_json_lines([HEADER, *rows])) == [HEADER, *rows]


@settings(max_examples=50)
@given(rows)
def test_a_workbook_reads_back_the_same(rows: Table) -> None:
    """Rows of empty cells are no rows there; texts that look like formulas are left out."""
    rows = [["x" * cell.startswith("=") + cell for cell in row] for row in rows]

    table = read_back(as_workbook([HEADER, *rows]))

    assert [row for row in table if any(row)] == [HEADER, *(row for row in rows if any(row))]


@given(rows, st.sampled_from([as_json_lines, as_workbook]))
@settings(max_examples=50)
def test_the_rows_balance_and_each_number_is_in_one_batch(
    rows: Table, write: Callable[[Table], bytes]
) -> None:
    outcome = judged(write([HEADER, *rows]), Rules(max_rejected_percent=100))

    texted = Counter(number for number, *_ in outcome.accepted)
    assert set(texted.values()) <= {1}
    assert set(texted) <= set(phone_numbers(30))
    if not outcome.refused:
        fates = len(outcome.accepted) + len(outcome.rejected) + len(outcome.duplicates)
        assert fates == sum(any(map(str.strip, row)) for row in rows)


SAMPLES = sorted(
    each for each in FOLDER.iterdir() if each.suffix != ".toml" and not each.name.startswith(".")
)
ROUNDS = 25


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda each: each.name)
def test_a_damaged_file_is_refused_or_every_row_of_it_has_a_fate(sample: Path) -> None:
    """`judged` checks the latter; a crash or a hang would fail the test."""
    dice = random.Random(sample.name)
    original = sample.read_bytes()

    for _ in range(ROUNDS):
        outcome = judged(damaged(original, dice))

        assert bool(outcome.refused) != bool(outcome.encoding)


ARCHIVES = [each for each in SAMPLES if is_zipfile(each)]


@pytest.mark.parametrize("sample", ARCHIVES, ids=lambda each: each.name)
def test_a_spreadsheet_that_is_damaged_inside_is_no_different(sample: Path) -> None:
    dice = random.Random(sample.name)
    original = sample.read_bytes()

    for _ in range(ROUNDS):
        outcome = judged(damaged_inside(original, dice))

        assert bool(outcome.refused) != bool(outcome.encoding)


def damaged_inside(content: bytes, dice: random.Random) -> bytes:
    """Damage the parts of an archive, which is sound itself."""
    with ZipFile(BytesIO(content)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    unlucky = dice.choice(sorted(parts))
    return archive({**parts, unlucky: damaged(parts[unlucky], dice)})


def damaged(content: bytes, dice: random.Random) -> bytes:
    """Change, cut, repeat or put in some bytes."""
    damage = bytearray(content)
    for _ in range(dice.choice([1, 1, 2, 8])):
        at = dice.randrange(len(damage) + 1)
        to = min(len(damage), at + dice.choice([1, 1, 2, 50]))
        damage[at:to] = dice.choice(
            [
                b"",
                bytes([dice.randrange(256)]),
                dice.randbytes(4),
                bytes(damage[at:to]) * 2,
                b'"',
                b"\0",
            ]
        )
    return bytes(damage)


def test_nothing_but_noise_is_refused() -> None:
    dice = random.Random(7)

    for _ in range(300):
        with pytest.raises(FileRefused):
            list(read_back(dice.randbytes(dice.randrange(1, 3000))))
