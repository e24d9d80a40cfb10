"""A number cell as its format shows it; the expectations are what Excel in China shows."""

import pytest

from smsdrop.files.spreadsheets.formats.sections import CannotBeShown
from smsdrop.files.spreadsheets.formats.shown import (
    as_shown,
    digits_in_scientific,
    is_zero,
    significant_digits,
    text_as_shown,
)

ACCOUNTS = '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ '
IN_TEN_THOUSANDS = '[>=100000000]0!.00,,"亿";[>=10000]0!.0,"万";0'
BY_FOUR = '[>=100000000]#","####","####;#","####'


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        ("0.25", "0%", "25%"),
        ("0.085", "0.0%", "8.5%"),
        ("33.333333333333336", "0.00", "33.33"),
        ("88", "0.00", "88.00"),
        ("1.005", "0.00", "1.01"),
        ("1234567.891", "#,##0.00", "1,234,567.89"),
        ("-1234.5", "#,##0.00", "-1,234.50"),
        ("-1234.5", "#,##0.00_);(#,##0.00)", "(1,234.50)"),
        ("1234.5", "#,##0.00_);(#,##0.00)", "1,234.50"),
        ("1234.5", "[$¥-804]#,##0.00", "¥1,234.50"),
        ("7", '"VIP"0000', "VIP0007"),
        ("7", r"\V\I\P0000", "VIP0007"),
        ("12", '0.00" 元"', "12.00 元"),
        ("1234567", '0.0,,"M"', "1.2M"),
        ("13800138000", "000-0000-0000", "138-0013-8000"),
        ("5", "0.##", "5."),
        ("0.5", "#.##", ".5"),
        ("0.5", "?0.0??", "0.5"),
        ("7", "00000", "00007"),
        ("0", "#,##0; (#,##0); 0", "0"),
    ],
)
def test_a_number_is_what_its_format_shows(number: str, code: str, shown: str) -> None:
    assert as_shown(number, code) == shown


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        pytest.param("12345", '0!.0,"万"', "1.2万", id="ten thousands"),
        pytest.param("12345", r'0\.0,"万"', "1.2万", id="the same, as Excel stores it"),
        pytest.param("123456789", IN_TEN_THOUSANDS, "1.23亿", id="hundred millions"),
        pytest.param("12345", IN_TEN_THOUSANDS, "1.2万", id="the second condition"),
        pytest.param("77", IN_TEN_THOUSANDS, "77", id="neither condition"),
        pytest.param("12345", '#","####', "1,2345", id="groups of four"),
        pytest.param("123456789", BY_FOUR, "1,2345,6789", id="more of them"),
        pytest.param("1234.5", ACCOUNTS, "¥1,234.50", id="accounts"),
        pytest.param("-1234.5", ACCOUNTS, "¥-1,234.50", id="accounts, negative"),
        pytest.param("0", ACCOUNTS, "¥-", id="accounts, nothing"),
    ],
)
def test_formats_that_are_used_in_china_are_shown(number: str, code: str, shown: str) -> None:
    assert as_shown(number, code) == shown


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        ("5", "0;-0;零", "5"),
        ("-5", "0;-0;零", "-5"),
        ("0", "0;-0;零", "零"),
        ("0", "0;-0;;@", ""),
        ("5", "[Red]0;[Blue]-0", "5"),
        ("1", '[=1]"是";[=0]"否";0', "是"),
        ("0", '[=1]"是";[=0]"否";0', "否"),
        ("-5", '[>=10000]0!.0,"万";0', "-5"),
        ("-5", "[<0](0);0", "(5)"),
        ("-5", "[>=0]0;(0)", "(5)"),
        ("3", "0;[=3]三", "三"),
        ("-3", "0;[=3]三", "-3"),
        ("0.5", "[<1]0%;0", "50%"),
    ],
)
def test_the_section_is_chosen_by_sign_or_condition(number: str, code: str, shown: str) -> None:
    assert as_shown(number, code) == shown


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        ("12345.678", "0.00E+00", "1.23E+04"),
        ("0.00012", "0.0E+0", "1.2E-4"),
        ("0.00012", "0.0E-0", "1.2E-4"),
        ("9.999", "0.0E+00", "1.0E+01"),
        ("12345", "##0.0E+0", "12.3E+3"),
        ("0", "0.00E+00", "0.00E+00"),
    ],
)
def test_scientific_notation_is_shown(number: str, code: str, shown: str) -> None:
    assert as_shown(number, code) == shown


@pytest.mark.parametrize("code", ["", "General", "GENERAL", "G/通用格式", "@"])
def test_without_a_format_a_number_is_its_exact_digits(code: str) -> None:
    assert as_shown("33.333333333333336", code) == "33.3333333333333"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        pytest.param("0.5", "?/?/?", id="no fraction"),
        pytest.param("5", "[DBNum2]0", id="numerals of cheques"),
        pytest.param("5", "[$-1E000804]0", id="the same, by the locale"),
        pytest.param("5", "[ENG]0", id="an unknown bracket"),
        pytest.param("5", "[>100]0", id="no section for the number"),
        pytest.param("5", "[>1E]0", id="no condition"),
        pytest.param("5", "[=>1]0", id="no comparison"),
        pytest.param("5", "0 d", id="a number and a date"),
        pytest.param("-3", "yyyy/m/d", id="a date before the first"),
        pytest.param("2958466", "yyyy/m/d", id="a date beyond the last"),
    ],
)
def test_what_is_not_known_here_is_not_guessed(number: str, code: str) -> None:
    with pytest.raises(CannotBeShown):
        as_shown(number, code)


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ('"尊敬的"@', "尊敬的张三"),
        ('0;-0;0;@"先生"', "张三先生"),
        (";;;", ""),
        (ACCOUNTS, "张三"),
        ("0.00", "张三"),
        ("General", "张三"),
        ("[=>1]0", "张三"),
    ],
)
def test_a_text_is_shown_with_what_its_format_puts_around_it(code: str, shown: str) -> None:
    assert text_as_shown("张三", code) == shown


@pytest.mark.parametrize(
    ("code", "digits"),
    [("0.00E+00", 3), ("##0.0E+0", 4), ("0.00", None), ("", None), ("[=>1]0E+0", None)],
)
def test_scientific_formats_are_known_by_their_digits(code: str, digits: int | None) -> None:
    assert digits_in_scientific(code) == digits


@pytest.mark.parametrize(
    ("number", "digits"), [("13912345700", 9), ("1.38E10", 3), ("0", 1), ("0.1000000000000001", 1)]
)
def test_zeros_at_the_end_are_no_significant_digits(number: str, digits: int) -> None:
    assert significant_digits(number) == digits


@pytest.mark.parametrize(
    ("text", "expected"), [("0", True), (" 0.0 ", True), ("1", False), ("", False)]
)
def test_a_zero_is_known_however_it_is_spelled(text: str, expected: bool) -> None:
    assert is_zero(text) == expected
