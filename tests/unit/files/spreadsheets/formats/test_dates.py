"""Dates and times as their format shows them."""

import pytest

from smsdrop.files.spreadsheets.formats.built_in import BUILT_IN
from smsdrop.files.spreadsheets.formats.sections import CannotBeShown
from smsdrop.files.spreadsheets.formats.shown import as_shown

NOON = "46204.5"
"""1 July 2026, a Wednesday, twelve o'clock."""


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
        ("e-m-d", "2026-7-1"),
        ("h:mm AM/PM", "12:00 PM"),
        ("hh:mm A/P", "12:00 P"),
        ('上午/下午h"时"mm"分"', "下午12时00分"),
        ("[h]:mm", "1108908:00"),
        ("mm:ss.0", "00:00.0"),
        ("ss.00", "00.00"),
        (r"yyyy\-mm\-dd", "2026-07-01"),
        ("[Blue]m/d;[Red]0", "7/1"),
        ("mm/dd hh:mm", "07/01 12:00"),
        ("yyyy/m/d_ ", "2026/7/1"),
    ],
)
def test_a_date_is_as_it_is_shown(code: str, shown: str) -> None:
    assert as_shown(NOON, code) == shown


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("[$-F800]dddd, mmmm dd, yyyy", "2026年7月1日"),
        (r"[$-F800]dddd\,\ mmmm\ dd\,\ yyyy", "2026年7月1日"),
        ("[$-x-sysdate]dddd, mmmm dd, yyyy", "2026年7月1日"),
        ("[$-F400]h:mm:ss AM/PM", "12:00:00"),
        ("[$-x-systime]h:mm:ss AM/PM", "12:00:00"),
        ("[$-804]dddd", "星期三"),
        ("[$-804]ddd", "周三"),
        ("[$-404]ddd", "週三"),
        ("[$-804]mmmm", "七月"),
        ("[$-804]mmm", "7月"),
        ("[$-zh-CN]mmmm d", "七月 1"),
        ("[$-804]h:mm AM/PM", "12:00 下午"),
        ("[$-804]h:mm A/P", "12:00 P"),
        ("[$-2000804]mmmm", None),
        ("[$-1010804]mmmm", "七月"),
        ("[$-409]mmmm", "July"),
        ("[$-en-GB]mmmm", "July"),
        ("[$-809]mmmm", "July"),
        ('[DBNum1][$-804]yyyy"年"m"月"d"日";@', "二〇二六年七月一日"),
        ("[DBNum1]h", "十二"),
    ],
)
def test_a_locale_is_shown_in_its_language(code: str, shown: str | None) -> None:
    if shown is None:
        with pytest.raises(CannotBeShown):
            as_shown(NOON, code)
    else:
        assert as_shown(NOON, code) == shown


@pytest.mark.parametrize(
    ("day", "shown"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (31, "三十一")]
)
def test_days_in_chinese_numerals_are_as_they_are_read(day: int, shown: str) -> None:
    assert as_shown(str(46203 + day), "[DBNum1]d") == shown


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("[$-404]e/m/d", id="years of Taiwan"),
        pytest.param('[$-411]ggge"年"', id="years of Japan"),
        pytest.param("[$-130000]yyyy/m/d", id="the lunar calendar"),
        pytest.param("[$-419]mmmm", id="a month in Russian"),
        pytest.param("[$-419]h AM/PM", id="half a day in Russian"),
        pytest.param("bbbb", id="years of Thailand"),
        pytest.param("ss.0000", id="more digits than are known"),
        pytest.param("[DBNum2]d", id="numerals of cheques"),
    ],
)
def test_a_date_of_another_calendar_or_language_is_not_guessed(code: str) -> None:
    with pytest.raises(CannotBeShown):
        as_shown(NOON, code)


def test_digits_alone_need_no_language() -> None:
    assert as_shown(NOON, "[$-419]dd.mm.yyyy") == "01.07.2026"


@pytest.mark.parametrize(
    ("serial", "code", "shown"),
    [
        pytest.param("0.25", "h:mm", "6:00", id="time alone"),
        pytest.param("1", "yyyy-mm-dd", "1900-01-01", id="first day"),
        pytest.param("61", "yyyy-mm-dd", "1900-03-01", id="after the day that never was"),
        pytest.param("2958465", "yyyy-mm-dd", "9999-12-31", id="last day"),
        pytest.param("46204.999999999", "yyyy-mm-dd hh:mm:ss", "2026-07-02 00:00:00", id="rounded"),
        pytest.param("0.458333333333315", "h:mm", "11:00", id="rounded to the hour"),
        pytest.param("46204.50001", "h:mm:ss.000", "12:00:00.864", id="fraction of a second"),
        pytest.param("46204.50001", "h:mm:ss.0", "12:00:00.9", id="fraction that is rounded"),
    ],
)
def test_a_date_at_the_edge_is_shown(serial: str, code: str, shown: str) -> None:
    assert as_shown(serial, code) == shown


@pytest.mark.parametrize("code", ["yyyy-mm-dd", "m/d h:mm", "[$-804]aaaa"])
def test_the_date_of_an_empty_cell_is_none(code: str) -> None:
    """A formula that refers to one gives 0, which Excel shows as 1900/1/0."""
    with pytest.raises(CannotBeShown):
        as_shown("0", code)


def test_a_date_of_a_workbook_from_old_macs_is_four_years_later() -> None:
    assert as_shown("44742.5", "yyyy-mm-dd", dates_from_1904=True) == "2026-07-01"


@pytest.mark.parametrize("number", [14, 15, 22, *range(27, 37), 45, 46, 47, *range(50, 59)])
def test_dates_that_files_need_not_spell_are_shown(number: int) -> None:
    assert as_shown(NOON, BUILT_IN[number]) != NOON
