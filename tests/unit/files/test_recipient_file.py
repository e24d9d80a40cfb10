"""A file's header, whether it has one or not, and the rows under it."""

import gzip
from io import BytesIO

import pytest

from smsdrop.files.recipient_file import FIRST_ROWS, IMPLIED_NAME, open_recipient_file
from smsdrop.reasons import FileRefused
from tests.support.blocks import rows_of

Rows = list[tuple[int, list[str]]]


def read(content: str) -> tuple[list[str], Rows, int]:
    with open_recipient_file(BytesIO(content.encode())) as file:
        return file.header, list(rows_of(file.blocks)), file.blank


def test_the_first_row_is_the_header() -> None:
    header, rows, blank = read("phone,name\n1,a\n2,b\n")

    assert (header, blank) == (["phone", "name"], 0)
    assert rows == [(2, ["1", "a"]), (3, ["2", "b"])]


@pytest.mark.parametrize(
    "beginning",
    [
        pytest.param("\n \n", id="lines"),
        pytest.param(",,\n,,\n", id="separators"),
        pytest.param(",\u3000,\n\n", id="a wide space"),
    ],
)
def test_blank_rows_before_the_header_are_counted(beginning: str) -> None:
    header, rows, blank = read(f"{beginning}phone,name,x\n1,a,y\n")

    assert (header, blank) == (["phone", "name", "x"], 2)
    assert rows == [(4, ["1", "a", "y"])]


@pytest.mark.parametrize(
    ("content", "header", "rows"),
    [
        pytest.param("13800138000\n+86 139-0013-9000\n", [IMPLIED_NAME], 2, id="numbers"),
        pytest.param("13800138000\n\n13900139000\n", [IMPLIED_NAME], 3, id="a blank line amid"),
        pytest.param(",1.38E+10\n,13900139000\n", ["", IMPLIED_NAME], 2, id="the second column"),
        pytest.param("13800138000,张三\n", ["13800138000", "张三"], 0, id="two filled columns"),
        pytest.param("13800138000,\n,13900139000\n", ["13800138000", ""], 1, id="two columns"),
        pytest.param("13800138000\nphone\n", ["13800138000"], 1, id="a word"),
    ],
)
def test_bare_numbers_need_no_header(content: str, header: list[str], rows: int) -> None:
    read_header, read_rows, _ = read(content)

    assert (read_header, len(read_rows)) == (header, rows)


def test_only_the_first_rows_tell_bare_numbers() -> None:
    numbers = "13800138000\n" * FIRST_ROWS

    assert read(numbers + "oops\n")[0] == [IMPLIED_NAME]
    assert read("oops\n" + numbers)[0] == ["oops"]


@pytest.mark.parametrize("content", ["", "\n\n", ",,\n , \n", "\ufeff"])
def test_a_file_without_a_row_is_refused(content: str) -> None:
    with pytest.raises(FileRefused, match="file is empty"):
        read(content)


def test_after_the_last_block_the_stream_is_at_its_end() -> None:
    """Whatever the reader does not need, here the zeros after the end of a gzip stream."""
    stream = BytesIO(gzip.compress(b"phone\n13800138000\n") + b"\0" * 1_000_000)

    with open_recipient_file(stream) as file:
        assert list(rows_of(file.blocks)) == [(2, ["13800138000"])]

    assert stream.read() == b""
