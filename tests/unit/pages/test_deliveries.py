"""Who got the texts, as pages show it."""

from dataclasses import asdict, replace

import pytest

from smsdrop.drop_times import iso_text
from smsdrop.pages.deliveries import deliveries, delivery_line
from smsdrop.pages.style import DELIVERY_COLOURS
from smsdrop.pages.words import words_of
from smsdrop.receipts.looks import ReceiptCounts
from tests.support.samples import NOW

COUNTS = ReceiptCounts(
    delivered=970, undelivered=20, pending=10, no_receipt=0, as_of=NOW, final=False
)
FINAL = replace(COUNTS, pending=0, no_receipt=10, final=True)
NONE_YET = replace(COUNTS, delivered=0, undelivered=0, pending=1000, as_of=0)
WORDS = words_of("en")


def line(counts: ReceiptCounts, language: str = "en") -> str:
    shown = asdict(counts) | {"as_of": iso_text(counts.as_of)}
    return delivery_line(shown, words_of(language))


def test_the_share_of_each_is_drawn_and_written() -> None:
    html = deliveries(COUNTS, WORDS)

    assert [each in html for each in ("97.0 %", "2.0 %", "1.0 %")] == [True] * 3
    colours = [DELIVERY_COLOURS[each] in html for each in ("delivered", "undelivered")]
    assert colours == [True, True]
    assert DELIVERY_COLOURS["no_receipt"] not in html


@pytest.mark.parametrize(
    ("counts", "note"),
    [
        pytest.param(NONE_YET, "looked up from five minutes after the end on", id="none yet"),
        pytest.param(COUNTS, "as of 2026-01-02 11:00, Beijing time; looked up", id="some"),
        pytest.param(FINAL, "as of 2026-01-02 11:00, Beijing time; final", id="all"),
        pytest.param(
            replace(NONE_YET, pending=0, no_receipt=1000, final=True),
            "receipts could not be looked up",
            id="nobody could be asked",
        ),
    ],
)
def test_a_page_says_as_of_when_that_is_known_and_whether_more_is_to_come(
    counts: ReceiptCounts, note: str
) -> None:
    assert note in deliveries(counts, WORDS)


@pytest.mark.parametrize(
    "counts",
    [None, replace(COUNTS, delivered=0, undelivered=0, pending=0)],
    ids=["not looked up", "nobody was texted"],
)
def test_where_there_is_nothing_to_show_nothing_is_shown(counts: ReceiptCounts | None) -> None:
    assert deliveries(counts, WORDS) == ""


def test_a_line_says_it_in_both_languages_once_something_is_known() -> None:
    assert line(COUNTS) == (
        "Delivered 97.0 % · delivered 970 · undelivered 20 · receipt to come 10"
    )
    assert line(FINAL, "zh") == "送达情况 97.0 % · 已送达 970 · 未送达 20 · 无回执 10"
    assert line(NONE_YET) == delivery_line(None, WORDS) == ""
