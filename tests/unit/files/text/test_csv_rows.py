import csv
import itertools
from collections.abc import Iterator
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.files.rows import MAX_ROW_SIZE
from smsdrop.files.streams import CHUNK_BYTES, Readable
from smsdrop.files.text import encoding as decoding
from smsdrop.files.text.csv_rows import CsvReading
from smsdrop.files.text.encoding import Decoding
from smsdrop.reasons import FileRefused, Reason
from tests.support.blocks import rows_of


class Trickle:
    """A network body: it has only `read`, and gives fewer bytes than asked for."""

    def __init__(self, content: bytes, size: int) -> None:
        self.body, self.size = BytesIO(content), size

    def read(self, size: int, /) -> bytes:
        return self.body.read(min(size, self.size))


class Endless:
    """The same bytes for ever; remembers how many were taken."""

    def __init__(self, start: bytes, rest: bytes) -> None:
        self.pieces = itertools.chain([start], itertools.repeat(rest))
        self.taken = 0

    def read(self, size: int, /) -> bytes:
        piece = next(self.pieces)
        self.taken += len(piece)
        return piece


def read_csv_rows(stream: Readable) -> Iterator[tuple[int, list[str]]]:
    decoding = Decoding(stream)
    return rows_of(CsvReading(decoding, decoding.pieces()).blocks())


def cells_of(content: bytes) -> list[list[str]]:
    return [cells for _, cells in read_csv_rows(BytesIO(content))]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        pytest.param(b"", [], id="empty file"),
        pytest.param(b"\xef\xbb\xbf", [], id="byte order mark alone"),
        pytest.param(b"a,b", [["a", "b"]], id="no line break at the end"),
        pytest.param(b"\xef\xbb\xbfa,b\n", [["a", "b"]], id="byte order mark"),
        pytest.param(b'\xef\xbb\xbf"a",b\n', [["a", "b"]], id="byte order mark before a quote"),
        pytest.param(b"a\n1\n", [["a"], ["1"]], id="LF"),
        pytest.param(b"a\r\n1\r\n", [["a"], ["1"]], id="CRLF"),
        pytest.param(b"a\r1\r", [["a"], ["1"]], id="CR, as old Macs wrote"),
        pytest.param(b"a\r\n1\n2\r3", [["a"], ["1"], ["2"], ["3"]], id="all kinds, in one column"),
        pytest.param(b"a\n\n\r\n1\n", [["a"], [""], [""], ["1"]], id="blank lines"),
        pytest.param(b",,\n", [["", "", ""]], id="separators only"),
        pytest.param(b'"x\r\ny","\n","\r"', [["x\r\ny", "\n", "\r"]], id="breaks in quotes"),
        pytest.param(b'"say ""hi"", you"', [['say "hi", you']], id="doubled quotes"),
        pytest.param(b'a,5" pipe', [["a", '5" pipe']], id="quote amid a plain cell"),
        pytest.param(b" a , b ", [[" a ", " b "]], id="spaces are the cell's own"),
        pytest.param(b"a\0b", [["a\0b"]], id="NUL is left to judging"),
        # Neither a spreadsheet nor a person takes these for the end of a row.
        pytest.param("a\u2028\u2029\x85\x0b\x0c\x1cb".encode(), None, id="odd separators"),
    ],
)
def test_rows_are_what_a_spreadsheet_shows(content: bytes, rows: list[list[str]] | None) -> None:
    assert cells_of(content) == ([[content.decode()]] if rows is None else rows)


def test_row_numbers_count_as_the_spreadsheet_does() -> None:
    content = b'phone,name\r\n\r\n1,"two\r\nlines"\r\n2,b\r\n'

    rows = list(read_csv_rows(BytesIO(content)))

    assert rows == [(1, ["phone", "name"]), (2, [""]), (3, ["1", "two\r\nlines"]), (4, ["2", "b"])]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_rows_do_not_depend_on_how_the_bytes_arrive(size: int) -> None:
    content = '\ufeffphone,名\r\n1,"甲\r\n😀"\r\n\r\n2,乙\r\n'.encode()

    rows = list(read_csv_rows(Trickle(content, size)))

    assert rows == list(read_csv_rows(BytesIO(content)))
    assert [cells for _, cells in rows] == [["phone", "名"], ["1", "甲\r\n😀"], [""], ["2", "乙"]]


@pytest.mark.parametrize("around", range(CHUNK_BYTES - 3, CHUNK_BYTES + 4))
def test_a_line_break_on_a_chunks_edge_is_one(around: int) -> None:
    lines = [b"x" * 1000] * (around // 1002)
    start = b"\r\n".join([*lines, b"x" * (around - 1002 * len(lines))])

    rows = cells_of(start + b"\r\nlast\r\n")

    assert len(rows) == len(lines) + 2
    assert rows[-1] == ["last"]


def test_a_long_file_is_no_long_row() -> None:
    rows = MAX_ROW_SIZE // 100 * 2

    assert len(cells_of((b"x" * 99 + b"\n") * rows)) == rows


@given(
    rows=st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\t='")), min_size=1, max_size=4
        ),
        max_size=8,
    ),
    line_break=st.sampled_from(["\n", "\r\n", "\r"]),
    size=st.integers(1, 20),
)
def test_any_cells_survive_the_way_through_csv(
    rows: list[list[str]], line_break: str, size: int
) -> None:
    text = StringIO(newline="")
    header = ["手机号", "name"]
    csv.writer(text, lineterminator=line_break, quoting=csv.QUOTE_ALL).writerows([header, *rows])

    read = [cells for _, cells in read_csv_rows(Trickle(text.getvalue().encode(), size))]

    assert read == [header, *rows]


def written(row: list[str]) -> str:
    """Write a row without its end, and with quotation marks where a line break needs them."""
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow(row)
    return text.getvalue().removesuffix("\r\n")


CELLS = st.text(st.sampled_from('ab张😀 ,"\n\r\x7f;'), max_size=4)


@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3) | st.lists(CELLS, max_size=4)),
    line_break=st.sampled_from(["\n", "\r\n", "\r"]),
    chunk=st.integers(8, 60),
)
def test_rows_in_blocks_are_those_of_the_csv_reader(
    rows: list[list[str]], line_break: str, chunk: int
) -> None:
    lines = [written(row) for row in (["phone", "name", "code"], *rows)]
    text = "".join(f"{line}{line_break}" for line in lines)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decoding, "CHUNK_BYTES", chunk)
        read = cells_of(text.encode())

    rows_alone = csv.reader(StringIO(text, newline=""), strict=True)
    assert read == [cells or [""] for cells in rows_alone]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"\xff\xff,name\n", Reason("not_text", ("1",)), id="no text in the header"),
        pytest.param(b"phone,name\n1,a\n2,\xff", Reason("not_text", ("3",)), id="no text in a row"),
        pytest.param("phone\n张".encode()[:-1], Reason("not_text", ("2",)), id="cut in a letter"),
        pytest.param(b"phone\n\xed\xa0\x80", Reason("encoding_unclear"), id="half an emoji"),
        pytest.param(
            "phone\n".encode("utf-16") + b"\x31", Reason("not_text", ("2",)), id="half of UTF-16"
        ),
        pytest.param(
            b'phone,name\n1,"a\n2,b\n', Reason("quote_unbalanced", ("2",)), id="quote never closed"
        ),
        pytest.param(
            b'p,n\n1,a\n\n2,"b\n3,"c"\n', Reason("quote_unbalanced", ("4",)), id="closed by a later"
        ),
        pytest.param(b'phone\n"a"b\n', Reason("quote_unbalanced", ("2",)), id="text after a quote"),
        pytest.param(
            b'"phone,name\n1,a\n', Reason("quote_unbalanced", ("1",)), id="quote in the header"
        ),
        pytest.param(
            b'phone\n1\n"' + b"x\n" * 100_000, Reason("quote_unbalanced", ("3",)), id="swallows all"
        ),
        pytest.param(
            b"phone\n" + b"x" * 200_000, Reason("quote_unbalanced", ("2",)), id="enormous cell"
        ),
        pytest.param(
            'name,phone\n"甲,13700137000\n乙",13900139000\n'.encode(),
            Reason("rows_swallowed", ("2",)),
            id="a number in the first line of the cell",
        ),
        pytest.param(
            b'name,phone,x\n1,2,3\n"a,+852 9123 4567,1\nb",13900139000,1\n',
            Reason("rows_swallowed", ("3",)),
            id="an international number",
        ),
        pytest.param(
            b'name\tphone\r\n"a\t1.39E+10\r\nb"\t13900139000\r\n',
            Reason("rows_swallowed", ("2",)),
            id="a number that lacks digits",
        ),
        # The quotes of rows 2 and 4 pair up: good CSV, but row 2 would get everybody's data.
        pytest.param(
            b'phone,name\n13800138000,"a\n13900139000,b\n13700137000,c"\n',
            Reason("rows_swallowed", ("2",)),
            id="two stray quotes pair up",
        ),
        pytest.param(
            b'name,phone\n"a,13800138000\r\nb,+86 139-0013-9000"\n',
            Reason("rows_swallowed", ("2",)),
            id="the number in the last column",
        ),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_naming_the_row(
    content: bytes, reason: Reason
) -> None:
    with pytest.raises(FileRefused) as refused:
        cells_of(content)

    assert refused.value.reason == reason
    assert "1390013" not in f"{refused.value!r}{refused.value}"


def test_the_rows_before_a_fault_are_still_read() -> None:
    rows = read_csv_rows(BytesIO(b"phone\n1\n2\n\xff"))

    assert [next(rows), next(rows), next(rows)] == [(1, ["phone"]), (2, ["1"]), (3, ["2"])]


def test_a_cell_of_several_lines_may_hold_a_phone_number_of_its_own() -> None:
    content = b'phone,text\n13800138000,"Questions?\nCall 13900139000, or\n13700137000"\n'

    assert cells_of(content)[1][1] == "Questions?\nCall 13900139000, or\n13700137000"


def test_an_address_of_two_lines_with_commas_is_no_row() -> None:
    address = "朝阳区建国路 1 号, 2 楼,\n北京市, 中国, 100020, Tel 13700137000"
    content = f'phone,address\n13800138000,"{address}"\n'.encode()

    assert cells_of(content)[1] == ["13800138000", address]


@pytest.mark.parametrize(
    ("cell", "freed"),
    [
        pytest.param('="007"', "007", id="a formula of a text"),
        pytest.param('"=""007"""', "007", id="the same, quoted"),
        pytest.param('"=""a,""""b"""', 'a,"b', id="with marks inside"),
        pytest.param("\t007", "007", id="a tab before"),
        pytest.param("007\t", "007", id="a tab behind"),
        pytest.param('"\t007\t"', "007", id="tabs around, quoted"),
        pytest.param('\t="007"\t', "007", id="a formula between tabs"),
        pytest.param("'007", "007", id="an apostrophe"),
        pytest.param("\t'007", "007", id="an apostrophe behind a tab"),
        pytest.param("'007\t", "007", id="an apostrophe and a tab"),
        pytest.param("=007", "=007", id="another formula"),
        pytest.param('=HYPERLINK("x")', '=HYPERLINK("x")', id="a function"),
        pytest.param("'90s", "'90s", id="a word"),
        pytest.param("a\tb", "a\tb", id="a tab inside"),
        pytest.param("'", "'", id="an apostrophe alone"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("order", [1, -1])
def test_marks_that_keep_a_number_text_are_removed(
    cell: str, freed: str, end: str, order: int
) -> None:
    rows = [["phone", "code"], ["13800138000", cell], ["13900139000", "x"], ["1", cell]]

    read = cells_of("".join(",".join(row[::order]) + end for row in rows).encode())

    assert [row[::order][1] for row in read] == ["code", freed, "x", freed]


def fates_of(text: str) -> list[list[str] | str]:
    """Return the cells of each row, or why it cannot be read."""
    decoding = Decoding(BytesIO(text.encode()))
    blocks = CsvReading(decoding, decoding.pieces()).blocks()
    return [
        block.fault.code if block.fault else cells for block in blocks for _, cells in block.rows()
    ]


HEADER, GOOD = ["phone", "name"], ["1", "a"]


@pytest.mark.parametrize("size", [8, 1000])
@pytest.mark.parametrize(
    ("text", "rows"),
    [
        pytest.param(
            "phone\tname\r\n1\ta\r\n2\t张三\n先生\r\n1\ta\r\n",
            [HEADER, GOOD, "row_torn", "row_torn", GOOD],
            id="LF in a file of CRLF",
        ),
        pytest.param(
            "phone,name\n1,a\n2,张三\r\n先生\n1,a\n",
            [HEADER, GOOD, "row_torn", "row_torn", GOOD],
            id="CRLF in a file of LF",
        ),
        pytest.param(
            "phone,name\n2,张三\r先生\n1,a",
            [HEADER, "row_torn", "row_torn", GOOD],
            id="CR in a file of LF",
        ),
        pytest.param(
            "phone,name\r2,张三\n先生\r1,a\r",
            [HEADER, "row_torn", "row_torn", GOOD],
            id="LF in a file of CR",
        ),
        pytest.param(
            "phone,name\r\n2,a\nb,c\nd\r\n1,a\r\n",
            [HEADER, "row_torn", "row_torn", "row_torn", GOOD],
            id="two of them",
        ),
        pytest.param(
            "phone,name\r\n2,张三\n3,李四\r\n",
            [HEADER, "row_torn", "row_torn"],
            id="the second piece looks like a row",
        ),
        pytest.param(
            "phone,name\r\n2,张三\n\n先生\r\n1,a\r\n",
            [HEADER, "row_torn", [""], "row_torn", GOOD],
            id="a blank line in the cell",
        ),
        pytest.param(
            "phone,name\r\n2,张三\n\r\n1,a\r\n",
            [HEADER, "row_torn", [""], GOOD],
            id="nothing behind it",
        ),
        pytest.param(
            'phone,name\r\n1,"a\nb"\r\n1,a\r\n',
            [HEADER, ["1", "a\nb"], GOOD],
            id="between quotation marks",
        ),
        pytest.param(
            "phone,name\r\n\n1,a\r\n\n\n1,a",
            [HEADER, [""], GOOD, [""], [""], GOOD],
            id="blank lines of another kind",
        ),
    ],
)
def test_a_line_break_of_another_kind_ends_no_row(
    text: str, rows: list[list[str] | str], size: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decoding, "CHUNK_BYTES", size)

        assert fates_of(text) == rows


@pytest.mark.parametrize(
    ("start", "rest"),
    [
        pytest.param(b"phone\n", b"," * CHUNK_BYTES, id="line without an end"),
        pytest.param(b"phone\n", b'"\n",' * (CHUNK_BYTES // 4), id="row of many lines"),
        pytest.param(b",", b"," * 1000, id="header in small pieces"),
    ],
)
def test_a_row_without_an_end_is_given_up_early(start: bytes, rest: bytes) -> None:
    stream = Endless(start, rest)

    with pytest.raises(FileRefused, match="far too long"):
        list(read_csv_rows(stream))

    assert stream.taken < MAX_ROW_SIZE + 3 * CHUNK_BYTES
