"""Formats that a file gives by number alone."""

import pytest

from smsdrop.files.spreadsheets.formats.built_in import BUILT_IN
from smsdrop.files.spreadsheets.formats.shown import as_shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (1, "1235"),
        (2, "1234.50"),
        (3, "1,235"),
        (4, "1,234.50"),
        (7, "¥1,234.50"),
        (9, "123450%"),
        (10, "123450.00%"),
        (11, "1.23E+03"),
        (38, "1,235"),
        (40, "1,234.50"),
        (43, "1,234.50"),
        (44, "¥1,234.50"),
        (48, "1.2E+3"),
        (49, "1234.5"),
    ],
)
def test_numbers_are_shown_as_in_china(number: int, shown: str) -> None:
    assert as_shown("1234.5", BUILT_IN[number]) == shown
