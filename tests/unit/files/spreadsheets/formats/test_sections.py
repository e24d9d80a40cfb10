"""A format's sections."""

from decimal import Decimal

import pytest

from smsdrop.files.spreadsheets.formats.sections import choose, sections_of


@pytest.mark.parametrize(
    ("code", "numbers", "has_text"),
    [
        ("0", 1, False),
        ("@", 1, True),
        ("0;-0", 2, False),
        ("yyyy;@", 1, True),
        ("0;-0;0;@", 3, True),
        (";;;", 3, True),
        ('"a;b"0', 1, False),
    ],
)
def test_semicolons_part_sections(code: str, numbers: int, has_text: bool) -> None:
    sections, text = sections_of(code)

    assert (len(sections), text is not None) == (numbers, has_text)


@pytest.mark.parametrize(
    ("code", "value", "position", "is_unsigned"),
    [
        ("0", -1, 0, False),
        ("0;00", -1, 1, True),
        ("0;00", 0, 0, False),
        ("0;00;000", 0, 2, False),
        ("[>9]0;00;000", -1, 1, True),
        ("[>9]0;00;000", 5, 2, False),
        ("[>9]0;[<-9]00;000", -10, 1, True),
        ("[>9]0;[<-9]00;000", -5, 2, False),
        ("0;[<-9]00;000", 5, 0, False),
    ],
)
def test_each_number_has_its_section(
    code: str, value: int, position: int, is_unsigned: bool
) -> None:
    sections, _ = sections_of(code)

    chosen, without_sign = choose(sections, Decimal(value))

    assert (sections.index(chosen), without_sign) == (position, is_unsigned)


def test_colours_are_no_part_of_what_is_shown() -> None:
    for colour in ("Red", "Color 10", "color10", "红色", "颜色 3"):
        assert sections_of(f"[{colour}]0")[0][0].tokens == (("digit", "0"),)
