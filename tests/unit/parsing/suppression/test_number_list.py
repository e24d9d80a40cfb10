"""Whatever form a list of numbers has, nobody on it is missed."""

import json
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from smsdrop.parsing.suppression.number_list import ListedNumbers, listed_numbers
from smsdrop.reasons import FileRefused

A, B, C = "13800138000", "13900139000", "18912345678"


def lines(*numbers: str) -> bytes:
    return "".join(f"{each}\n" for each in numbers).encode()


def listed(content: bytes) -> ListedNumbers:
    """Return what all rows hold together."""
    parts = [*listed_numbers(BytesIO(content))]
    return ListedNumbers(
        domestic=b"".join(part.domestic for part in parts),
        abroad=tuple(number for part in parts for number in part.abroad),
        rows=sum(part.rows for part in parts),
        without=sum(part.without for part in parts),
    )


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(f"{A}\n{B}\n".encode(), id="plain numbers"),
        pytest.param(f"手机号\n{A}\n{B}\n".encode("gb18030"), id="GBK"),
        pytest.param(f"﻿手机号\n{A}\n{B}\n".encode(), id="a byte order mark"),
        pytest.param(f"+86 {A}\n0086-{B}\n".encode(), id="with 86"),
        pytest.param(f"姓名;手机号;退订时间\n张三;{A};1\n李四;{B};\n".encode(), id="other columns"),
        pytest.param(f"phone\n{A}\n\n\n{B}\n\n".encode(), id="blank rows"),
        pytest.param(f"phone\r\n{A}\r\n{B}\r\n".encode(), id="CRLF"),
        pytest.param(f"a,phone\n{C},{A}\n{C},+86{B}\n".encode(), id="numbers elsewhere"),
        pytest.param(f"phone\n{A}\n{B}".encode(), id="no end of the last line"),
        pytest.param(f'phone,a\n{A},"1\n2"\n{B},x\n'.encode(), id="a line break in a cell"),
        pytest.param(f"phone,phone\n{A},\n,{B}\n".encode(), id="either of two columns"),
        pytest.param(f'{{"phone":"{A}"}}\n{{"phone":"{B}","new":1}}\n'.encode(), id="JSON lines"),
    ],
)
def test_the_numbers_of_a_list_are_read_and_all_else_is_ignored(content: bytes) -> None:
    assert listed(content) == ListedNumbers(domestic=lines(A, B), rows=2)


def test_hidden_rows_of_a_workbook_count() -> None:
    book, stream = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    for number in ("手机号", int(A), B):
        sheet.append([number])
    sheet.row_dimensions[3].hidden = True
    book.save(stream)

    assert listed(stream.getvalue()).domestic == lines(A, B)


def test_numbers_abroad_are_read_too() -> None:
    assert listed(f"phone\n+852 5123 4567\n{A}\n1-415-555-2671\n".encode()) == ListedNumbers(
        domestic=lines(A), abroad=("85251234567", "14155552671"), rows=3
    )


def test_a_number_that_is_listed_twice_is_read_twice() -> None:
    assert listed(f"phone\n{A}\n{A}\n".encode()).domestic == lines(A, A)


@given(
    st.lists(
        st.sampled_from(
            [A, f"+86 {B}", f"'{C}", "+85251234567", "", "R", "1.39E+10", "010-87654321", f"{A}0"]
        ),
        min_size=1,
    )
)
def test_the_quick_look_and_the_closer_one_find_the_same(cells: list[str]) -> None:
    text = listed("".join(["phone,a\n", *(f"{each},1\n" for each in cells)]).encode())
    lines = (json.dumps({"phone": each, "a": "1"}) for each in cells)
    closer = listed("\n".join(lines).encode())

    assert sorted(text.domestic.split()) == sorted(closer.domestic.split())
    assert (text.abroad, text.rows, text.without) == (closer.abroad, closer.rows, closer.without)


@pytest.mark.parametrize(
    ("cell", "without"),
    [
        pytest.param("R", 1, id="a reply"),
        pytest.param("1.39E+10", 1, id="what Excel leaves of a number"),
        pytest.param("13800138", 1, id="too short"),
        pytest.param("+852 1", 1, id="no number of that country"),
        pytest.param("010-87654321", 0, id="a landline, which is not texted anyway"),
    ],
)
def test_rows_without_a_number_are_counted(cell: str, without: int) -> None:
    numbers = listed(f"phone,name\n{A},a\n{cell},b\n".encode())

    assert (numbers.domestic, numbers.rows, numbers.without) == (lines(A), 2, without)


def test_eleven_digits_of_no_mobile_are_no_number_in_plain_lists_either() -> None:
    assert listed(f"{A}\n12345678901\n".encode()) == ListedNumbers(
        domestic=lines(A), rows=2, without=1
    )


def test_a_number_that_a_program_has_shortened_is_restored_and_told() -> None:
    numbers = listed(f"phone,name\n{A},a\n1.3900139E10,b\n".encode())

    assert (numbers.domestic, numbers.without) == (lines(A, B), 1)


def test_a_list_with_a_header_alone_is_a_list_of_nobody() -> None:
    assert listed(b"phone\n") == ListedNumbers(abroad=())


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", "file_empty", id="empty"),
        pytest.param(b"%PDF-1.7\n", "format_unknown", id="a document"),
        pytest.param("姓名,地址\n张三,上海\n".encode(), "no_recipient_column", id="no numbers"),
        pytest.param(f"{A},张三\n{B},李四\n".encode(), "header_missing", id="no header"),
    ],
)
def test_a_file_that_is_no_list_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as caught:
        listed(content)

    assert caught.value.reason.code == code
