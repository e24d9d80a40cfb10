import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.reasons import Reason
from smsdrop.recipients.phone_numbers import (
    lacks_digits,
    read_international_number,
    read_phone_number,
    read_phone_numbers,
)

NUMBER = "13800138000"

numbers = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
between_digits = st.text(alphabet=" -\u00a0\u2009\u3000\u200b\u2060\ufeff‑–()（）－", max_size=2)


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param("13800138000", id="plain"),
        pytest.param(" 13800138000\t", id="white space around"),
        pytest.param("13800138000\r\n", id="line break pasted along"),
        pytest.param("138 0013 8000", id="spaces between"),
        pytest.param("138-0013-8000", id="hyphens"),
        pytest.param("138\u20110013\u20138000", id="typographic hyphens"),
        pytest.param("+86 138-0013-8000", id="plus and country code"),
        pytest.param("+8613800138000", id="plus and country code, no space"),
        pytest.param("(+86)13800138000", id="country code in brackets"),
        pytest.param("（86）13800138000", id="country code in wide brackets"),
        pytest.param("008613800138000", id="international prefix and country code"),
        pytest.param("0086-13800138000", id="international prefix, hyphen"),
        pytest.param("8613800138000", id="country code alone"),
        pytest.param("１３８００１３８０００", id="full-width digits"),
        pytest.param("＋８６　１３８００１３８０００", id="full-width everything"),
        pytest.param("138\u200b0013\u200b8000", id="zero-width spaces"),
        pytest.param("\ufeff13800138000", id="byte order mark"),
        pytest.param("\u202d13800138000\u202c", id="direction marks, as Windows contacts paste"),
        pytest.param("138\u00a00013\u00a08000", id="non-breaking spaces"),
        pytest.param("'13800138000", id="apostrophe of Excel"),
        pytest.param("’13800138000", id="apostrophe that Word made curly"),
        pytest.param('="13800138000"', id="formula that keeps it text"),
        pytest.param("13800138000.0", id="number that passed through a float"),
        pytest.param("8613800138000.00", id="float with country code"),
        pytest.param("1.3800138E10", id="float as Java writes it"),
        pytest.param("1.3800138e+10", id="float as C writes it"),
        pytest.param("1.3800138000E+10", id="scientific with all digits"),
        pytest.param("1.380013800000E+10", id="scientific with decimals"),
        pytest.param("8.613800138E12", id="scientific with country code"),
    ],
)
def test_every_spelling_reads_as_the_one_number(cell: str) -> None:
    assert read_phone_number(cell) == NUMBER


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        pytest.param("", Reason("phone_missing"), id="empty"),
        pytest.param(" \u200b\u3000'", Reason("phone_missing"), id="nothing one can see"),
        # What Excel shows once a number is too wide for it: the digits are gone.
        pytest.param("1.38E+10", Reason("phone_digits_lost"), id="as Excel shows it"),
        pytest.param("1.38001E+10", Reason("phone_digits_lost"), id="the most Excel shows"),
        pytest.param("1.380014E+10", Reason("phone_digits_lost"), id="four zeros left out"),
        pytest.param("1E+10", Reason("phone_digits_lost"), id="one digit left"),
        pytest.param("8.6138E+12", Reason("phone_digits_lost"), id="with country code"),
        pytest.param("1.3E999", Reason("phone_digits_lost"), id="absurd exponent"),
        pytest.param("########", Reason("phone_digits_lost"), id="column too narrow"),
        pytest.param("1.38001380005E10", Reason("phone_not_digits"), id="scientific fraction"),
        pytest.param("13800138000.5", Reason("phone_not_digits"), id="fraction"),
        pytest.param("1.5E2", Reason("phone_length", ("3",)), id="scientific, but short"),
        pytest.param("1380013800", Reason("phone_length", ("10",)), id="10 digits"),
        pytest.param("138001380001", Reason("phone_length", ("12",)), id="12 digits"),
        pytest.param("013800138000", Reason("phone_length", ("12",)), id="trunk zero"),
        pytest.param("+86 1380013800", Reason("phone_length", ("10",)), id="+86 and 10 digits"),
        pytest.param("0086138001380001", Reason("phone_length", ("12",)), id="0086 and 12 digits"),
        pytest.param("12800138000", Reason("phone_not_mobile"), id="no mobile prefix"),
        pytest.param("8612345678901", Reason("phone_not_mobile"), id="86, no mobile prefix"),
        pytest.param("85291234567", Reason("phone_not_mobile"), id="Hong Kong without a plus"),
        pytest.param("010-12345678", Reason("phone_landline"), id="landline in Beijing"),
        pytest.param("(0755) 8234567", Reason("phone_landline"), id="landline in Shenzhen"),
        pytest.param("+86 021 62345678", Reason("phone_landline"), id="landline with +86"),
        pytest.param("+852 9123 4567", Reason("phone_international"), id="Hong Kong"),
        pytest.param("+1 (415) 555-2671", Reason("phone_international"), id="United States"),
        pytest.param("+13800138000", Reason("phone_international"), id="plus without 86 is +1"),
        pytest.param("0044 7911 123456", Reason("phone_international"), id="00 for the plus"),
        pytest.param("13800138000/13900139000", Reason("phone_several"), id="two by slash"),
        pytest.param("13800138000 13900139000", Reason("phone_several"), id="two by space"),
        pytest.param("13800138000，13900139000", Reason("phone_several"), id="two by wide comma"),
        pytest.param("13800138000\n13900139000", Reason("phone_several"), id="two by line break"),
        pytest.param("+8613800138000+8613900139000", Reason("phone_several"), id="two by plus"),
        pytest.param("010-12345678/13800138000", Reason("phone_several"), id="landline, mobile"),
        pytest.param("13800138000张三", Reason("phone_not_digits"), id="number and name"),
        pytest.param("n/a", Reason("phone_not_digits"), id="letters"),
        pytest.param("+", Reason("phone_not_digits"), id="plus alone"),
        pytest.param("1380013800O", Reason("phone_not_digits"), id="letter O for zero"),
        pytest.param("1380013\x008000", Reason("phone_not_digits"), id="NUL"),
        pytest.param("١٣٨٠٠١٣٨٠٠٠", Reason("phone_not_digits"), id="Arabic digits"),
        pytest.param("1380013800²", Reason("phone_not_digits"), id="superscript digit"),
        pytest.param("13800138000\ud800", Reason("phone_not_digits"), id="lone surrogate"),
    ],
)
def test_a_cell_without_one_number_says_why(cell: str, reason: Reason) -> None:
    assert read_phone_number(cell) == reason


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param("1-380-555-0102", id="hyphens"),
        pytest.param("1 380 555 0102", id="spaces"),
        pytest.param(" 1-380 555-0102 ", id="both, and spaces around"),
        pytest.param("1 – 380 – 555 – 0102", id="dashes among spaces"),
        pytest.param("1\u00a0380\u00a0555\u00a00102", id="non-breaking spaces"),
        pytest.param("１－３８０－５５５－０１０２", id="full-width"),
        pytest.param("1-380-\u200b555-0102", id="an invisible character amid"),
        pytest.param("1 (380) 555-0102", id="area code in brackets"),
        pytest.param("1(380)5550102", id="brackets alone"),
        pytest.param("1-（380）-5550102", id="wide brackets"),
        pytest.param("(1) 380-555-0102", id="the 1 in brackets"),
        pytest.param("1.380.555.0102", id="points"),
        pytest.param("'1-380-555-0102", id="apostrophe of Excel"),
        pytest.param('="1-380-555-0102"', id="formula that keeps it text"),
    ],
)
def test_a_number_that_is_grouped_as_in_north_america_is_international(cell: str) -> None:
    assert read_phone_number(cell) == Reason("phone_international")
    assert read_phone_numbers([NUMBER, cell, "138 0013 8000"]) == [NUMBER, "", NUMBER]
    assert read_international_number(cell) == "13805550102"


@pytest.mark.parametrize(
    ("cell", "lacking"),
    [
        pytest.param("1.3800138E10", True, id="three zeros left out"),
        pytest.param("1.39123457E+10", True, id="two digits rounded"),
        pytest.param("'1.391234567e+10", True, id="one, behind an apostrophe"),
        pytest.param("8.613912345E12", True, id="with country code"),
        pytest.param("1.38E+10", True, id="eight"),
        pytest.param("1.3912345678E+10", False, id="all there"),
        pytest.param("1.380013800000E+10", False, id="more than all"),
        pytest.param("13912345678", False, id="a plain number"),
        pytest.param("########", False, id="no number at all"),
        pytest.param("", False, id="empty"),
    ],
)
def test_a_number_in_scientific_notation_may_lack_digits(cell: str, lacking: bool) -> None:
    assert lacks_digits(cell) == lacking


@pytest.mark.parametrize(
    "cell",
    [
        *["138-0013-8000", "138 0013 8000", "138 001 38000", "1380 013 8000", "138-001-38000"],
        *["1 3800138000", "1-38001-38000", "1 380 0138 000", "(138) 0013-8000", "138(0013)8000"],
        *["86-1-380-013-8000", "+86 1 380 013 8000", "0086 (1)380 013 8000"],
    ],
)
def test_other_groups_are_usual_in_china(cell: str) -> None:
    assert read_phone_number(cell) == NUMBER
    assert read_phone_numbers([cell]) == [NUMBER]


@given(
    number=numbers,
    prefix=st.sampled_from(["", "+86", "0086", "86", "＋８６"]),
    gaps=st.lists(between_digits, min_size=12, max_size=12),
    wide=st.booleans(),
    tail=st.sampled_from(["", ".0", ".00", "."]),
)
def test_any_spelling_of_a_number_reads_back_to_it(
    number: str, prefix: str, gaps: list[str], wide: bool, tail: str
) -> None:
    digits = [chr(ord(digit) + 0xFEE0) if wide else digit for digit in number]
    spread = "".join(gap + digit for gap, digit in zip(gaps, digits, strict=False))

    assert read_phone_number(prefix + spread + tail + gaps[-1]) == number


@given(numbers)
def test_scientific_spelling_is_believed_only_with_its_digits(number: str) -> None:
    all_digits = f"{number[0]}.{number[1:]}E10"
    excel = f"{int(number):.2E}"

    assert read_phone_number(all_digits) == number
    assert read_phone_number(excel) == Reason("phone_digits_lost")


@given(st.text())
def test_what_is_read_is_canonical_and_reasons_hold_no_number(cell: str) -> None:
    number = read_phone_number(cell)

    if isinstance(number, str):
        assert read_phone_number(number) == number
    else:
        assert all(len(detail) < 5 for detail in number.details)


@pytest.mark.parametrize(
    ("head", "piece"),
    [("", "1"), ("", NUMBER), ("1", "E1"), ("", "+"), ("", "é"), (NUMBER, "x"), (NUMBER, "x1")],
)
def test_an_enormous_cell_is_read_at_once(head: str, piece: str) -> None:
    cell = head + piece * 100_000
    start = time.process_time()

    outcome = read_phone_number(cell)

    assert isinstance(outcome, Reason)
    assert time.process_time() - start < 2


@given(
    st.lists(
        st.from_regex(r"[+ ]?(0086|86|852|)1[3-9][0-9]{8,10}[.0']?", fullmatch=True)
        | st.text(st.sampled_from("1380 -+(\n\r.'=　１３e"), max_size=14)
    )
)
def test_numbers_read_together_are_those_that_are_read_alone(cells: list[str]) -> None:
    for cell, number in zip(cells, read_phone_numbers(cells), strict=True):
        assert not number or number == read_phone_number(cell)


def test_the_usual_spellings_are_read_together() -> None:
    cells = ["13800138000", "+86 138-0013-8000", "0086(138)00138000", "8613800138000", "1380"]

    assert read_phone_numbers(cells) == ["13800138000"] * 4 + [""]
    assert read_phone_numbers([]) == []


WRONG = Reason("phone_international_wrong")


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        pytest.param("+852 9123 4567", "85291234567", id="Hong Kong"),
        pytest.param("0085291234567", "85291234567", id="00 for the plus"),
        pytest.param("＋８５３ 6612-3456", "85366123456", id="Macau, full-width"),
        pytest.param("+886 0912 345 678", "886912345678", id="Taiwan, with the zero at home"),
        pytest.param("+1 (415) 555-2671", "14155552671", id="United States"),
        pytest.param("'+447911123456", "447911123456", id="apostrophe of Excel"),
        pytest.param("+44 20 7946 0958", Reason("phone_landline"), id="landline in London"),
        pytest.param("+85212", WRONG, id="too short"),
        pytest.param("+8529123456789012", WRONG, id="too long"),
        pytest.param("+999 1234567", WRONG, id="no such country"),
        pytest.param("+852 1111 1111", WRONG, id="no such number there"),
    ],
)
def test_an_international_number_is_country_code_and_number(
    cell: str, number: str | Reason
) -> None:
    assert read_international_number(cell) == number
