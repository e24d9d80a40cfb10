"""All campaigns on one page: those that wait for a person first."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

import pytest

from smsdrop.pages.figures import status_of
from smsdrop.pages.index_html import index_html
from tests.support.page_scenes import LANGUAGES, SCENES, closed, halted, held, refused, running
from tests.support.samples import NOW

Status = Mapping[str, Any]


def page(
    open_ones: Sequence[Status],
    ended: Sequence[Status],
    *,
    language: str = "en",
    is_stopped: bool = False,
) -> str:
    return index_html(
        open_ones,
        ended,
        language=language,
        is_stopped=is_stopped,
        stopped_text="orders/resume/stack",
        written_at=NOW,
    )


def of_all(language: str) -> str:
    open_ones = [status_of(each(), language=language) for each in (running, held, halted)]
    ended = [status_of(each(), language=language) for each in (closed, refused)]
    return page(open_ones, ended, language=language)


def named(name: str, **changes: Any) -> Status:
    status = status_of(running(), language="en")
    return {**status, "file": {**status["file"], "name": name}, **changes}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_needs_nothing_from_outside_and_shows_no_number(language: str) -> None:
    html = of_all(language)

    assert "<script" not in html
    assert "http" not in html
    assert not re.search(r"\d{11}", html)
    assert html == of_all(language)


def test_what_waits_for_a_person_comes_first_then_what_is_open_then_what_has_ended() -> None:
    open_ones = [named("going"), named("waiting", held_for="paused")]
    scheduled = named("scheduled", held_for="start")
    ended = named("ended", outcome="completed", status="closed", finished_at="2026-01-02T03:00:00Z")

    html = page([*open_ones, scheduled], [ended])

    titles = ("Waiting for a person", "waiting<", ">Open<", "Ended in", "ended<")
    places = [html.index(each) for each in titles]
    assert places == sorted(places)
    assert places[2] < html.index("scheduled<") < places[3]


def test_each_says_how_far_it_has_come() -> None:
    html = page([named("july.csv", texts_a_minute=3000.0, seconds_left=1240)], [])

    for each in ("july.csv", "37.1 %", "3,000 texts a minute", "about 21 min left", "<svg"):
        assert each in html


def test_one_that_has_ended_under_a_release_that_knew_fewer_fates_is_shown_too() -> None:
    ended = {**named("july.csv", status="closed", outcome="completed")}
    del ended["suppressed"]

    assert "july.csv" in page([], [ended])


def test_what_waits_for_a_list_to_be_mended_waits_for_a_person() -> None:
    html = page([named("july.csv", status="parsing", held_for="lists")], [])

    assert "Waiting for a person" in html
    assert "on hold" in html


def test_each_leads_to_its_report() -> None:
    status = named("july.csv")

    html = page([status], [])

    [address] = re.findall(r'href="(\./[^"]+)"', html)
    assert f"reports/{unquote(address).removeprefix('./')}" == status["report"]


def test_a_stack_that_is_paused_says_so() -> None:
    assert "orders/resume/stack" in page([named("a")], [], is_stopped=True)
    assert "sending paused for all" in page([named("a")], [], is_stopped=True)
    assert "orders/resume/stack" not in page([named("a")], [])


def test_where_nothing_is_open_that_is_said() -> None:
    assert "No campaign is open." in page([], [])
    assert "没有进行中的任务。" in page([], [], language="zh")


def test_however_many_there_are_the_page_stays_small() -> None:
    many = [
        named("名单" * 200, campaign_id=f"20260102T030405Z-{each:016x}", report="云" * 340)
        for each in range(200)
    ]

    html = page(many, many)

    assert len(html.encode()) < 100_000
    left_out = re.search(r"(\d+) more are not shown\.", html)
    assert left_out is not None
    assert int(left_out[1]) + html.count('class="campaign"') == 400


def test_those_that_ended_last_come_first() -> None:
    early = named("early", outcome="completed", finished_at="2026-01-01T00:00:00Z")
    late = named("late", outcome="completed", finished_at="2026-01-02T00:00:00Z")

    html = page([], [early, late])

    assert html.index("late<") < html.index("early<")


@pytest.mark.parametrize("scene", SCENES)
def test_every_campaign_can_be_listed_in_both_languages(scene: str) -> None:
    for language in LANGUAGES:
        assert "campaign" in page([status_of(SCENES[scene](), language=language)], [])


def test_the_list_says_who_got_the_texts_where_that_is_known() -> None:
    told = page([], [status_of(closed(), language="en")])
    unknown = page([], [named("older", outcome="completed", status="closed")])

    assert "delivered 87,500 · undelivered 1,900" in told
    assert "elivered" not in unknown
