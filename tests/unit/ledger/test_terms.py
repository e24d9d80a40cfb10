"""The hours of the day in Beijing, from any moment on."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.drops import BEIJING
from smsdrop.ledger.terms import SendWindow

DAY_SECONDS = 24 * 3600


def at(text: str) -> float:
    return datetime.fromisoformat(f"2026-12-{text}").replace(tzinfo=BEIJING).timestamp()


@pytest.mark.parametrize(
    ("text", "opens", "closes"),
    [("0900-2000", 540, 1200), ("0000-2400", 0, 1440), ("2200-0600", 1320, 360)],
)
def test_a_window_is_read_in_minutes_since_midnight(text: str, opens: int, closes: int) -> None:
    assert SendWindow.from_text(text) == SendWindow(opens=opens, closes=closes)


@pytest.mark.parametrize(
    "text",
    ["", "0900", "900-2000", "0900-2401", "0960-2000", "0900-0900", "0900-2000-2100", "-900-2000"],
)
def test_what_is_no_window_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says, it is not shown to anybody
        SendWindow.from_text(text)


@pytest.mark.parametrize(
    ("window", "now", "opens", "closes"),
    [
        pytest.param("0900-2000", "01 08:59", "01 09:00", "01 20:00", id="before"),
        pytest.param("0900-2000", "01 09:00", "01 09:00", "01 20:00", id="as it opens"),
        pytest.param("0900-2000", "01 19:59", "01 19:59", "01 20:00", id="as it closes"),
        pytest.param("0900-2000", "01 20:00", "02 09:00", "02 20:00", id="closed"),
        pytest.param("2200-0600", "01 23:00", "01 23:00", "02 06:00", id="before midnight"),
        pytest.param("2200-0600", "02 05:00", "02 05:00", "02 06:00", id="after midnight"),
        pytest.param("2200-0600", "02 06:00", "02 22:00", "03 06:00", id="by day"),
        pytest.param("0000-2400", "01 23:59", "01 23:59", "02 00:00", id="all day"),
    ],
)
def test_a_window_opens_and_closes_each_day(window: str, now: str, opens: str, closes: str) -> None:
    hours = SendWindow.from_text(window)

    assert (hours.opening(at(now)), hours.closing(at(now))) == (at(opens), at(closes))


@given(st.integers(0, 1440), st.integers(0, 1440), st.floats(0, 10 * DAY_SECONDS))
def test_a_window_is_open_from_its_opening_until_its_closing(
    opens: int, closes: int, seconds: float
) -> None:
    window = SendWindow(opens=opens, closes=closes)
    now = at("01 00:00") + seconds

    opening, closing = window.opening(now), window.closing(now)

    assert now <= opening <= now + DAY_SECONDS
    assert now < closing <= now + DAY_SECONDS
    if opening > now:
        assert window.opening(opening) == opening
