"""A text is split as a CSV reader would read it, or left to one."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.files.text.csv_split import HIDDEN, has_only_short_lines, split_block
from smsdrop.recipients.blocks import SHORT_ROW, TextBlock
from smsdrop.recipients.layout import SEPARATOR


def read(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text, newline=""), strict=True))


def split(text: str, width: int = 3) -> TextBlock | None:
    return split_block(text.encode(), first_row=2, delimiter=",", width=width)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1,2,3\n", id="one row"),
        pytest.param("1,2,3\r\n4,5,6\r\n", id="CRLF"),
        pytest.param("1,2,3\n4,5,6", id="no line break at the end"),
        pytest.param(",,\n,,\n", id="empty cells"),
        pytest.param('1,2,3\n4,"5,5",6', id="a delimiter in quotes"),
        pytest.param('"1",2,3\n4,5,""\n', id="quotes at the ends of a line"),
        pytest.param('"1","2,2","3"\n"","","6"\n', id="quotes around all cells"),
        pytest.param("张三, 2 ,😀\n", id="other letters"),
    ],
)
def test_usual_text_is_split(text: str) -> None:
    block = split(text)

    assert block is not None
    assert [cells for _, cells in block.rows()] == read(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1,2\n", id="too few cells"),
        pytest.param("1,2,3,4\n", id="too many"),
        pytest.param("1,2,3,4\n1,2\n", id="as many as there should be, in other places"),
        pytest.param("1,2,3\n\n4,5,6\n", id="a blank line"),
        pytest.param("1,2,3\r4,5,6\n", id="a line break of old Macs"),
        pytest.param(f"1,2,3{SEPARATOR}\n", id="the separator itself"),
        pytest.param(f"1,2{SEPARATOR}3\n", id="the separator for a delimiter"),
        pytest.param(f"1,2,3{HIDDEN.decode()}\n", id="what hides a delimiter"),
        pytest.param('4,"5,6\n7,8",9\n', id="a line break in quotes"),
        pytest.param('1,2,3\n4,5,"6\n', id="a quote that is not closed"),
        pytest.param('1,"2"x,3\n', id="text after a quote"),
        pytest.param('1,2,3\n4,"5""",6\n', id="a quote in quotes"),
        pytest.param('1,2,3\n4,5" pipe,6\n', id="a quote amid a plain cell"),
        pytest.param('1,a"2",3\n', id="a letter before a quote"),
        pytest.param('1, "2",3\n', id="a space before a quote"),
        pytest.param(f"1,2,{'3' * 200_000}\n", id="a giant cell"),
        pytest.param("1,2,3\r\n1,2,3\r4\n1,2,3\r\n", id="half an end of line in a cell"),
        pytest.param("1,2,3\r\n" * 4 + '1,2,"3\r"\n', id="half of one between quotes"),
        pytest.param('1,2,"3\r"\n' + "1,2,3\r\n" * 4, id="the same before whole ones"),
        pytest.param("1,2,3\r\n1,2,3\n", id="ends of two kinds"),
    ],
)
def test_other_text_is_left_to_the_csv_reader(text: str) -> None:
    assert split(text) is None


LINES = st.lists(
    st.sampled_from(
        ["ab,1", "a", ",", "b,2,3", "c\r,2", '"a,b",1', '"a\r",1', '1,"\r"', "\r", "\n", "\r\n"]
    )
)


@given(
    st.text(st.sampled_from('ab,"\n\r' + SEPARATOR + HIDDEN.decode())) | LINES.map("".join),
    st.integers(1, 3),
)
def test_whatever_is_split_is_what_the_csv_reader_reads(text: str, width: int) -> None:
    block = split(text, width)

    if block is not None:
        rows = read(text)
        assert [cells for _, cells in block.rows()] == rows
        assert len(block.lines) == len(block)
        assert [block.cells(index) for index in range(len(block))] == rows
        assert block.some([len(block) - 1]) == [[cell] for cell in rows[-1]]


CLEAN = ["ab,12\r\n", "张三, 2 \n", '1,"2,3"\n' + "1,2\n" * 3, "1,()\n", "é，,（）“”\n", ",\n"]
NOT_CLEAN = {
    '1,2\n1,2\n1,2\n"#N/A",2\n': "an error of a sheet",
    "1,\\\n": "an escape",
    "1,a\tb\n": "a tab",
    "1,\x00\n": "a control character",
    "1,\x85\n": "one of those beyond ASCII",
    "1,\u3000\n": "a blank that is wide",
    "1,\u200b\n": "an invisible letter",
    f"1,{'2' * SHORT_ROW}\n": "a long line",
    f"1,2\n1,{'张' * (SHORT_ROW // 3 + 1)}\n": "a line that is long in UTF-8",
}


@pytest.mark.parametrize("text", CLEAN)
def test_a_text_without_anything_special_is_clean(text: str) -> None:
    block = split(text, 2)

    assert block is not None
    assert block.is_clean


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for text, name in NOT_CLEAN.items()])
def test_a_text_with_something_special_is_not_clean(text: str) -> None:
    block = split(text, 2)

    assert block is not None
    assert not block.is_clean


@pytest.mark.parametrize(
    ("lengths", "is_short"),
    [
        pytest.param([SHORT_ROW] * 3, True, id="as long as may be"),
        pytest.param([1, SHORT_ROW + 1, 1], False, id="one longer"),
        pytest.param([SHORT_ROW, 1, SHORT_ROW + 1], False, id="the last longer"),
        pytest.param([0, 0, SHORT_ROW], True, id="empty lines"),
    ],
)
def test_long_lines_are_found(lengths: list[int], is_short: bool) -> None:
    assert has_only_short_lines(b"".join(b"x" * each + b"\n" for each in lengths)) == is_short
