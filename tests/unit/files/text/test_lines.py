"""A text read by lines and by blocks of whole lines."""

from collections.abc import Iterable, Iterator

import pytest

from smsdrop.files.rows import MAX_ROW_SIZE
from smsdrop.files.text.encoding import NotText
from smsdrop.files.text.lines import TextLines, end_of_last_line
from smsdrop.reasons import FileRefused


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([b"a\nb\r\nc\rd"], id="one piece"),
        pytest.param([b"a\nb\r", b"\nc\rd"], id="a line break in two pieces"),
        pytest.param([b"a", b"\n", b"b\r\nc", b"\r", b"d"], id="many pieces"),
    ],
)
def test_lines_do_not_depend_on_the_pieces(pieces: list[bytes]) -> None:
    assert list(TextLines(pieces)) == ["a\n", "b\r\n", "c\r", "d"]


def test_a_block_is_the_rest_of_whole_lines() -> None:
    lines = TextLines([b"a\nb\nc\nd", b"d\n"])

    assert next(iter(lines)) == "a\n"
    assert lines.rest_of_block() == lines.rest_of_block() == b"b\nc\n"
    lines.skip_block()
    assert lines.rest_of_block() == b"dd\n"


def test_an_iterator_goes_on_after_a_block_that_was_skipped() -> None:
    lines = TextLines([b"a\nb\n", b"c\n"])
    one_by_one = iter(lines)
    next(one_by_one)

    lines.skip_block()

    assert list(one_by_one) == ["c\n"]


def broken() -> Iterator[bytes]:
    yield b"a\nb\n"
    raise NotText


def count_rows(lines: TextLines) -> None:
    for _ in lines:
        lines.row += 1


@pytest.mark.parametrize(
    ("pieces", "code"),
    [
        pytest.param(broken(), "not_text", id="no text"),
        pytest.param(
            [b"a\nb\n", *[b"x" * 1024] * (MAX_ROW_SIZE // 1024 + 1)], "row_too_long", id="no end"
        ),
    ],
)
def test_the_row_that_cannot_be_read_is_named(pieces: Iterable[bytes], code: str) -> None:
    lines = TextLines(pieces)

    with pytest.raises(FileRefused) as refused:
        count_rows(lines)

    assert (refused.value.reason.code, refused.value.reason.details) == (code, ("3",))
    assert MAX_ROW_SIZE < 1024 * 1025


@pytest.mark.parametrize(
    ("text", "end"),
    [(b"a\nb", 2), (b"a\rb", 2), (b"a\r", 0), (b"a\r\n", 3), (b"a\n\rb", 3), (b"ab", 0), (b"", 0)],
)
def test_the_last_whole_line_ends_before_half_a_line_break(text: bytes, end: int) -> None:
    assert end_of_last_line(text) == end
