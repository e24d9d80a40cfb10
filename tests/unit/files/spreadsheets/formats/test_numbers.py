"""Digits of numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.files.spreadsheets.formats.numbers import exact_digits, places_of, shown_number
from smsdrop.files.spreadsheets.formats.sections import sections_of


@pytest.mark.parametrize(
    ("number", "digits"),
    [
        pytest.param("13800138000", "13800138000", id="whole number"),
        pytest.param("13800138000.0", "13800138000", id="as programs write whole numbers"),
        pytest.param("1.3800138E10", "13800138000", id="scientific"),
        pytest.param("12345678901234567890", "12345678901234567890", id="more than a double holds"),
        pytest.param("99.900000000000006", "99.9", id="as Excel writes 99.9"),
        pytest.param("0.30000000000000004", "0.3", id="0.1 + 0.2"),
        pytest.param("32529.14572265625", "32529.1457226563", id="a half is rounded up"),
        pytest.param("1E-7", "0.0000001", id="small"),
        pytest.param("-1234.5", "-1234.5", id="negative"),
        pytest.param(".5", "0.5", id="no digit before the point"),
    ],
)
def test_a_number_is_its_exact_digits(number: str, digits: str) -> None:
    assert exact_digits(number) == digits


@given(st.integers(-(10**12), 10**12), st.integers(0, 4))
def test_decimals_and_thousands_are_as_python_writes_them(units: int, decimals: int) -> None:
    value = Decimal(units).scaleb(-decimals)
    code = "#,##0" + "." * (decimals > 0) + "0" * decimals
    section = sections_of(code)[0][0]

    assert shown_number(value, section, is_unsigned=False) == f"{value:,.{decimals}f}"


@pytest.mark.parametrize(
    ("code", "whole", "decimals", "exponent", "has_groups", "factor"),
    [
        ("#,##0.0#", "###0", "0#", "", True, "1"),
        ("0.0,,", "0", "0", "", False, "0.000001"),
        ("0,.0%", "0", "0", "", False, "0.1"),
        ("##0.0E+00", "##0", "0", "00", False, "1"),
        ('0", "0', "00", "", "", False, "1"),
    ],
)
def test_a_section_has_places_for_digits(
    code: str, whole: str, decimals: str, exponent: str, has_groups: bool, factor: str
) -> None:
    places = places_of(sections_of(code)[0][0])

    assert (places.whole, places.decimals, places.exponent) == (whole, decimals, exponent)
    assert (places.has_groups, places.factor) == (has_groups, Decimal(factor))


def test_what_is_rounded_to_nothing_has_no_sign() -> None:
    section = sections_of("0.00")[0][0]

    assert shown_number(Decimal("-0.001"), section, is_unsigned=False) == "0.00"
    assert shown_number(Decimal("-0.009"), section, is_unsigned=False) == "-0.01"


def test_literals_stand_between_digits() -> None:
    section = sections_of(r"000\-00\-0")[0][0]

    assert shown_number(Decimal(12345), section, is_unsigned=False) == "012-34-5"
