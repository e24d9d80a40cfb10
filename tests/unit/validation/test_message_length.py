"""How long texts become, and what they are billed as."""

import pytest

from smsdrop.recipients.recipients import Recipients
from smsdrop.recipients.sign_names import SignNames
from smsdrop.validation.message_length import MessageLength, segments_of
from tests.support.samples import layout, phone_numbers
from tests.support.template_fakes import template_of


def people(sign_name: str, values: list[str] | None) -> Recipients:
    """Return one recipient for each value, or three without any."""
    row = layout("name") if values is not None else layout()
    params = [values] if values is not None else []
    numbers = phone_numbers(len(values or "abc"))
    return Recipients(
        layout=row,
        rows=row.rows(numbers, params),
        sign_names=SignNames(each=[sign_name] * len(numbers)),
    )


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
    assert MessageLength.of(template_of(content), names).content_length(params) == length


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
    message_length = MessageLength.of(template_of("${name}"), ["name"])

    assert message_length.segments(people(sign_name, ["x" * value_length])) == segments


def test_the_texts_of_many_are_billed_together() -> None:
    message_length = MessageLength.of(template_of("${name}"), ["name"])

    assert message_length.segments(people("云通信", ["x", "x" * 65, "x" * 66])) == 1 + 1 + 2
    assert message_length.segments(people("云通信", ["张", '"' * 65, "\\" * 66])) == 1 + 1 + 2
    assert MessageLength.of(template_of("您好"), []).segments(people("云通信", None)) == 3
    assert MessageLength.of(template_of("好" * 70), []).segments(people("云通信", None)) == 6


@pytest.mark.parametrize(("value_length", "segments"), [(32, 1), (33, 2)])
def test_a_variable_that_stands_in_a_text_twice_counts_twice(
    value_length: int, segments: int
) -> None:
    message_length = MessageLength.of(template_of("${a}${b}${b}"), ["a", "b"])
    row = layout("a", "b")
    recipients = Recipients(
        layout=row,
        rows=row.rows(phone_numbers(1), [["x"], ["x" * value_length]]),
        sign_names=SignNames(shared="云通信"),
    )

    assert message_length.segments(recipients) == segments
