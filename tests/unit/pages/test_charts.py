"""The bar balances over all fates; the chart says how fast texts went."""

import re

import pytest

from smsdrop.pages.charts import MOST_COLUMNS, Pace, bar
from smsdrop.pages.style import COLOURS

NONE = dict.fromkeys(COLOURS, 0)


def widths(svg: str) -> list[float]:
    return [float(each) for each in re.findall(r'width="([0-9.]+)"', svg)]


def test_the_bar_balances() -> None:
    svg = bar({**NONE, "sent": 1, "pending": 1, "rejected": 2})

    assert widths(svg) == [25, 25, 50]
    assert re.findall(r'x="([0-9.]+)"', svg) == ["0.00", "25.00", "50.00"]
    assert [COLOURS[each] in svg for each in ("sent", "rejected", "refused")] == [True, True, False]


def test_of_no_rows_there_is_no_bar() -> None:
    assert bar(NONE) == ""


def test_no_number_of_a_picture_is_long() -> None:
    thirds = dict.fromkeys(COLOURS, 1)

    assert not re.search(r"\d{11}", bar(thirds))


def test_each_minute_has_its_column() -> None:
    pace = Pace.of({100: 3_000, 102: 1_500})

    assert pace is not None
    assert pace.columns == (3_000, 0, 1_500)
    assert (pace.begins, pace.ends) == (100, 103)


@pytest.mark.parametrize("minutes", [MOST_COLUMNS, MOST_COLUMNS + 1, 1_440, 13 * 1_440])
def test_a_long_time_is_shown_in_few_columns(minutes: int) -> None:
    pace = Pace.of(dict.fromkeys(range(minutes), 60))

    assert pace is not None
    assert len(pace.columns) <= MOST_COLUMNS
    assert max(pace.columns) == 60
    assert sum(pace.columns) * pace.minutes_each == pytest.approx(60 * minutes)


def test_where_nothing_was_sent_there_is_no_chart() -> None:
    assert Pace.of({}) is None


def test_its_times_are_those_of_beijing() -> None:
    pace = Pace.of({29_455_380: 3_000, 29_455_381: 2_000})

    assert pace is not None
    assert "2026-01-02 11:00 – 11:02 · ≤ 3,000 texts" in pace.drawn("texts")
