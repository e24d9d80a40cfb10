"""Dates in ISO 8601, as strict workbooks have them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.files.spreadsheets.formats.iso_dates import iso_format, serial_of
from smsdrop.files.spreadsheets.formats.shown import as_shown


@pytest.mark.parametrize(
    ("text", "code", "shown"),
    [
        ("2026-07-01", 'yyyy"年"m"月"d"日"', "2026年7月1日"),
        ("2026-07-01T00:00:00", "yyyy/m/d", "2026/7/1"),
        ("2026-07-01T08:05:09.4Z", "yyyy/m/d h:mm:ss", "2026/7/1 8:05:09"),
        ("10:59:59.9999999999984025", "h:mm", "11:00"),
        ("T10:59:59.9999999999984025", "h:mm:ss", "11:00:00"),
        ("08:05", "h:mm", "8:05"),
        ("23:59:59.9999999", "h:mm", "0:00"),
        ("PT26H05M", "[h]:mm", "26:05"),
        ("P1DT2H", "[h]", "26"),
        ("1900-01-01", "yyyy-mm-dd", "1900-01-01"),
        ("1900-02-28", "yyyy-mm-dd", "1900-02-28"),
        ("1900-03-01", "yyyy-mm-dd", "1900-03-01"),
    ],
)
def test_a_date_is_shown_by_its_format(text: str, code: str, shown: str) -> None:
    assert as_shown(serial_of(text) or "", code) == shown


@given(st.dates(min_value=date(1900, 1, 1)))
def test_every_day_comes_back(day: date) -> None:
    serial = serial_of(day.isoformat())

    assert serial is not None
    assert as_shown(serial, iso_format(serial)) == day.isoformat()


@pytest.mark.parametrize("text", ["July", "2026-13-01", "46204", "2026-07"])
def test_anything_else_is_no_date(text: str) -> None:
    assert serial_of(text) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-07-01", "2026-07-01"),
        ("2026-07-01T08:05:09", "2026-07-01 08:05:09"),
        ("10:59:59.9999999999984025", "11:00:00"),
    ],
)
def test_without_a_format_a_date_is_as_it_stands(text: str, shown: str) -> None:
    serial = serial_of(text) or ""

    assert as_shown(serial, iso_format(serial)) == shown
