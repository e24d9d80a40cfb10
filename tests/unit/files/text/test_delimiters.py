"""The delimiter of a text, found from its first rows."""

import pytest

from smsdrop.files.text.delimiters import find_delimiter


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        pytest.param("phone,name\n13800138000,张三\n", ",", id="comma"),
        pytest.param("phone\tname\n13800138000\t张三\n", "\t", id="tab"),
        pytest.param("phone;name\n13800138000;1,5\n", ";", id="semicolon, and a decimal comma"),
        pytest.param("phone|name\n13800138000|a;b\n", "|", id="bar"),
        pytest.param("手机号，姓名\n13800138000，张三\n", "，", id="full-width comma"),
        pytest.param('"a;b;c",phone\n"1;2;3",13800138000\n', ",", id="others in quotes"),
        pytest.param("a,b;phone\n1,2;13800138000\n", ";", id="only one gives a phone column"),
        pytest.param("13800138000\n13900139000\n", ",", id="one column"),
        pytest.param("\n\nphone;name\n13800138000;a\n", ";", id="blank lines before"),
        pytest.param("", ",", id="nothing"),
    ],
)
def test_the_delimiter_makes_the_best_rows(text: str, delimiter: str) -> None:
    assert find_delimiter(text) == (delimiter, False)


@pytest.mark.parametrize(
    ("line", "delimiter"), [("sep=;", ";"), ('"sep=,"', ","), ("SEP=\t", "\t"), ("sep=^", "^")]
)
def test_a_declared_delimiter_is_taken(line: str, delimiter: str) -> None:
    assert find_delimiter(f"{line}\r\nphone|name\n") == (delimiter, True)
