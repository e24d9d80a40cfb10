"""Times in folders' names, as people write them."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.drop_times import beijing_second, beijing_text, iso_text, moment_of, window_of
from smsdrop.drops import BEIJING
from tests.support.samples import NOW

ELEVEN = datetime(2026, 1, 2, 11, tzinfo=BEIJING)
AFTER = ELEVEN.timestamp()

moments = st.integers(min_value=0, max_value=200 * 365 * 24 * 60).map(
    lambda minutes: datetime.fromtimestamp(minutes * 60, BEIJING)
)


def test_programs_read_times_in_utc() -> None:
    assert iso_text(AFTER + 7.9) == "2026-01-02T03:00:07Z"
    assert iso_text(0) == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("2026-12-01T1000", "2026-12-01 10:00", id="as the README writes it"),
        pytest.param("2026-12-01 10:00", "2026-12-01 10:00", id="a space and a colon"),
        pytest.param("2026-12-01T10:00", "2026-12-01 10:00", id="as ISO 8601 has it"),
        pytest.param("2026-12-01t10:00", "2026-12-01 10:00", id="a small t"),
        pytest.param("2026-12-1  9:05", "2026-12-01 09:05", id="short numbers, two spaces"),
        pytest.param("20261201 1000", "2026-12-01 10:00", id="no signs"),
        pytest.param("20261201T1000", "2026-12-01 10:00", id="no signs but the T"),
        pytest.param("2028-02-29T0000", "2028-02-29 00:00", id="a leap day"),
        pytest.param("2026-12-01T2400", "2026-12-02 00:00", id="the end of a day"),
        pytest.param("1100", "2026-01-02 11:00", id="now"),
        pytest.param("11:01", "2026-01-02 11:01", id="later today"),
        pytest.param("1059", "2026-01-03 10:59", id="tomorrow, since today's is past"),
        pytest.param("9:00", "2026-01-03 09:00", id="tomorrow, with a short hour"),
        pytest.param("2400", "2026-01-03 00:00", id="midnight"),
    ],
)
def test_a_time_is_read_as_people_write_it(text: str, shown: str) -> None:
    assert beijing_text(moment_of(text, after=AFTER)) == shown


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "10", "100", "10:0", "10000", "2500", "1060", "2401", "10:00:00", "1:0:0"),
        *("2026-12-01", "2026-12-01T", "2026-12-0110:00", "2026-13-01T1000", "2026-02-29T1000"),
        *("12-01 10:00", "2026-12-01T1000Z", "2026-12-01T1000+08:00", "9999-12-31T2400"),
        *("0000-01-01T1000", "-2026-12-01T1000", "2026-12-01T1000 ", "２０２６-12-01T1000", "١٠٠٠"),
    ],
)
def test_what_is_no_certain_time_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        moment_of(text, after=AFTER)


@given(moments, st.sampled_from(["%Y-%m-%dT%H%M", "%Y-%m-%d %H:%M", "%Y%m%d %H%M", "%Y%m%dT%H:%M"]))
def test_every_minute_is_read_back(moment: datetime, form: str) -> None:
    assert moment_of(f"{moment:{form}}", after=AFTER) == moment.timestamp()


@given(moments, st.integers(min_value=0, max_value=24 * 60 - 1))
def test_a_time_of_the_day_is_the_next_one(after: datetime, minutes: int) -> None:
    clock = f"{minutes // 60:02d}{minutes % 60:02d}"

    at = datetime.fromtimestamp(moment_of(clock, after=after.timestamp()), BEIJING)

    assert f"{at:%H%M}" == clock
    assert timedelta(0) <= at - after < timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "window"),
    [
        pytest.param("0900-2000", "0900-2000", id="as the README writes it"),
        pytest.param("09:00-20:00", "0900-2000", id="colons"),
        pytest.param("9:00~20:00", "0900-2000", id="a tilde and a short hour"),
        pytest.param("9:00 – 20:00", "0900-2000", id="a dash between spaces"),
        pytest.param("9:00至20:00", "0900-2000", id="in Chinese"),
        pytest.param("2200-0600", "2200-0600", id="through midnight"),
        pytest.param("0900-2400", "0900-2400", id="to midnight"),
        pytest.param("2400-0900", "0000-0900", id="from midnight"),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, window: str) -> None:
    assert window_of(text) == window


@pytest.mark.parametrize(
    "text",
    ["", "0900", "0900-", "0900-2000-2100", "0900-0900", "0000-2400", "2400-0000", "0900-2500"],
)
def test_what_are_no_certain_hours_are_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        window_of(text)


def test_no_time_is_shown_as_nothing() -> None:
    assert beijing_text(0) == beijing_second(0) == ""


def test_a_time_is_shown_to_the_second_of_beijings_clock() -> None:
    assert beijing_second(NOW) == "2026-01-02 11:00:00"
