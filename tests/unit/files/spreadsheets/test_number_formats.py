"""Numbers of a spreadsheet keep their digits; dates are as their format shows them."""

import pytest

from smsdrop.files.spreadsheets.number_formats import BUILT_IN, as_text, exact_digits

NOON = "46204.5"
"""1 July 2026, a Wednesday, twelve o'clock."""


@pytest.mark.parametrize(
    ("number", "digits"),
    [
        pytest.param("13800138000", "13800138000", id="whole number"),
        pytest.param("13800138000.0", "13800138000", id="as programs write whole numbers"),
        pytest.param("1.3800138E10", "13800138000", id="scientific"),
        pytest.param("12345678901234567890", "12345678901234567890", id="more than a double holds"),
        pytest.param("99.900000000000006", "99.9", id="as Excel writes 99.9"),
        pytest.param("0.30000000000000004", "0.3", id="0.1 + 0.2"),
        pytest.param("1E-7", "0.0000001", id="small"),
        pytest.param("-1234.5", "-1234.5", id="negative"),
        pytest.param(".5", "0.5", id="no digit before the point"),
    ],
)
def test_a_number_is_its_exact_digits(number: str, digits: str) -> None:
    assert exact_digits(number) == digits


@pytest.mark.parametrize(
    "code",
    [
        "General",
        "0.00E+00",
        "#,##0.00",
        "0%",
        '"ymd"0',
        "[Red]0",
        "#,##0_);[Red]\\(#,##0\\)",
        "G/通用格式",
        '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ',
        "[$¥-804]#,##0.00",
        "[DBNum1]0",
    ],
)
def test_a_format_that_is_of_no_date_changes_nothing(code: str) -> None:
    assert as_text(NOON, code) == NOON


def test_a_format_of_zeros_alone_fills_up_with_zeros() -> None:
    assert as_text("7", "0000") == "0007"
    assert as_text("13800138000", "0") == "13800138000"


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("yyyy-mm-dd", "2026-07-01"),
        ("yyyy-mm-dd hh:mm:ss", "2026-07-01 12:00:00"),
        ("YYYY/M/D", "2026/7/1"),
        ("m/d/yy h:mm", "7/1/26 12:00"),
        ("d-mmm-yyyy", "1-Jul-2026"),
        ("dddd, mmmm dd", "Wednesday, July 01"),
        ("ddd mmmmm", "Wed J"),
        ('yyyy"年"m"月"d"日";@', "2026年7月1日"),
        ("yyyy年m月d日", "2026年7月1日"),
        ("[$-804]aaaa", "星期三"),
        ("aaa", "三"),
        ("e.m.d", "2026.7.1"),
        ("h:mm AM/PM", "12:00 PM"),
        ("hh:mm A/P", "12:00 P"),
        ('上午/下午h"时"mm"分"', "下午12时00分"),
        ("[h]:mm", "1108908:00"),
        ("mm:ss.0", "00:00.0"),
        ("ss.00", "00.00"),
        (r"yyyy\-mm\-dd", "2026-07-01"),
        ("[Blue]m/d;[Red]0", "7/1"),
        ("mm/dd hh:mm", "07/01 12:00"),
    ],
)
def test_a_date_is_as_it_is_shown(code: str, shown: str) -> None:
    assert as_text(NOON, code) == shown


@pytest.mark.parametrize(
    ("serial", "code", "shown"),
    [
        pytest.param("0.25", "h:mm", "6:00", id="time alone"),
        pytest.param("1", "yyyy-mm-dd", "1900-01-01", id="first day"),
        pytest.param("61", "yyyy-mm-dd", "1900-03-01", id="after the day that never was"),
        pytest.param("2958465", "yyyy-mm-dd", "9999-12-31", id="last day"),
        pytest.param("2958466", "yyyy-mm-dd", "2958466", id="beyond the last day"),
        pytest.param("-1", "yyyy-mm-dd", "-1", id="before the first"),
        pytest.param("46204.999999999", "yyyy-mm-dd hh:mm:ss", "2026-07-02 00:00:00", id="rounded"),
        pytest.param("46204.50001", "h:mm:ss.000", "12:00:00.864", id="fraction of a second"),
    ],
)
def test_a_date_at_the_edge_is_shown_or_its_digits_are(serial: str, code: str, shown: str) -> None:
    assert as_text(serial, code) == shown


def test_a_date_of_a_workbook_from_old_macs_is_four_years_later() -> None:
    assert as_text("44742.5", "yyyy-mm-dd", dates_from_1904=True) == "2026-07-01"


@pytest.mark.parametrize("code", BUILT_IN.values())
def test_every_format_that_files_need_not_spell_is_of_a_date(code: str) -> None:
    assert as_text(NOON, code) != NOON
