"""The gateway's form parser: the same results as Python's own, faster."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.gateway.form import pairs


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("a=1&b=2&a=3", id="a name twice"),
        pytest.param("a=&=b&c&&d==e", id="blanks and empty parts"),
        pytest.param("a=1+2%2B3%20%26%3D", id="what means something in a form"),
        pytest.param("%E5%90%8D=%e5%bc%a0", id="codes in capitals and not"),
        pytest.param("a=%E5%90&b=%FF%41&c=%E5x%90", id="no UTF-8"),
        pytest.param("a=%&b=%4&c=%GG&d=%%41", id="no codes"),
        pytest.param("a=张%E4%B8%89é%C3%A9", id="codes beside what needs none"),
    ],
)
def test_a_form_is_read_as_python_reads_it(text: str) -> None:
    assert list(pairs(text)) == parse_qsl(text, keep_blank_values=True)


@given(st.text(alphabet="%4eE9Ff&=+a é张", max_size=30))
def test_whatever_a_form_is_it_is_read_as_python_reads_it(text: str) -> None:
    assert list(pairs(text)) == parse_qsl(text, keep_blank_values=True)
