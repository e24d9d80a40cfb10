"""How long texts become, and what they are billed as."""

import pytest

from smsdrop.wording import Wording, segments_of
from tests.template_fakes import template_of


@pytest.mark.parametrize(
    ("length", "segments"),
    [(1, 1), (69, 1), (70, 1), (71, 2), (134, 2), (135, 3), (160, 3), (201, 3), (202, 4)],
)
def test_a_long_text_is_billed_as_several(length: int, segments: int) -> None:
    assert segments_of(length) == segments


@pytest.mark.parametrize(
    ("content", "names", "params", "length"),
    [
        pytest.param("您好", (), (), 2, id="no variable"),
        pytest.param("${name}您好", ("name",), ("张三",), 4, id="one"),
        pytest.param("${a}${b}", ("b", "a"), ("12345", "1"), 6, id="two, in the file's order"),
        pytest.param("${a}!${a}", ("a",), ("123",), 7, id="one of them twice"),
        pytest.param("${a}!", ("a",), ("",), 1, id="filled with nothing"),
    ],
)
def test_the_variables_count_as_long_as_they_are_filled(
    content: str, names: tuple[str, ...], params: tuple[str, ...], length: int
) -> None:
    assert Wording.of(template_of(content), names).content_length(params) == length


@pytest.mark.parametrize(
    ("sign_name", "value_length", "segments"),
    [
        pytest.param("云通信", 65, 1, id="exactly one"),
        pytest.param("云通信", 66, 2, id="one over"),
        pytest.param("云通信云", 65, 2, id="a longer sign name"),
    ],
)
def test_the_sign_name_counts_with_its_brackets(
    sign_name: str, value_length: int, segments: int
) -> None:
    wording = Wording.of(template_of("${name}"), ["name"])

    assert wording.segments([sign_name], [["x" * value_length]]) == segments


def test_the_texts_of_many_are_billed_together() -> None:
    wording = Wording.of(template_of("${name}"), ["name"])

    assert wording.segments(["云通信"] * 3, [["x", "x" * 65, "x" * 66]]) == 1 + 1 + 2
    assert Wording.of(template_of("您好"), []).segments(["云通信"] * 3, []) == 3
    assert Wording.of(template_of("好" * 70), []).segments(["云通信"] * 3, []) == 6
