"""A campaign on one page, that may be forwarded to anybody."""

import re
from dataclasses import replace

import pytest

from smsdrop.ledger.terms import Terms
from smsdrop.pages.figures import Figures
from smsdrop.pages.progress import Progress
from smsdrop.pages.report_html import MOST_REASONS, report_html
from smsdrop.reasons import Reason
from tests.support.page_scenes import (
    FILES,
    LANGUAGES,
    SCENES,
    a_campaign,
    closed,
    figures,
    halted,
    held,
    refused,
    running,
)

MOST_BYTES = 100_000


def text_of(html: str) -> str:
    return re.sub(r"<style>.*</style>|<[^>]+>", " ", html.replace("<wbr>", ""), flags=re.DOTALL)


def page(shown: Figures, *, language: str = "en", files: tuple[str, ...] = ()) -> str:
    return report_html(shown, language=language, files=files)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scene", SCENES)
def test_a_page_needs_nothing_from_outside_and_shows_no_number(scene: str, language: str) -> None:
    html = page(SCENES[scene](), language=language, files=FILES)

    assert "<script" not in html
    assert "http" not in html
    assert not re.search(r"\d{11}", html)
    assert len(html.encode()) < MOST_BYTES
    assert html == page(SCENES[scene](), language=language, files=FILES)


@pytest.mark.parametrize("scene", SCENES)
def test_a_chinese_page_is_chinese(scene: str) -> None:
    html = page(SCENES[scene](), language="zh")

    assert '<html lang="zh">' in html
    assert "任务 ID" in html
    assert "截至北京时间 2026-01-02 11:00" in html


def test_a_page_says_whose_file_it_is_as_it_was_called() -> None:
    text = text_of(page(running()))

    assert "七月账单 &lt;script&gt;alert(1) &amp; *******8000 的名单.xlsx" in text
    assert "20260102T030405Z-01234567890123ef" in text
    assert "AWS:AIDAEXAMPLE********9012" in text


def test_while_it_is_sent_a_page_says_how_far_how_fast_and_how_long_still() -> None:
    text = text_of(page(running()))

    assert "being sent" in text
    assert "37.1 %" in text
    assert "texts a minute" in text
    assert "about 17 min left" in text
    assert "estimated from a sample" in text


def test_the_text_is_shown_with_the_first_row_filled_in() -> None:
    assert "【云通信】张三，您的七月账单已出" in page(running())


def test_where_the_text_is_not_known_the_params_are_shown() -> None:
    text = text_of(page(held()))

    assert "params" in text
    assert "张三" in text


def test_what_waits_for_somebody_says_what_to_do() -> None:
    shown = held()

    assert shown.waits_for is not None
    assert shown.waits_for.text("en") in text_of(page(shown))
    assert "needs approval" in text_of(page(shown)).lower()


def test_the_reasons_come_by_their_rows_and_say_what_to_do() -> None:
    text = text_of(page(closed()))

    reasons = [
        Reason("smsdrop.Cancelled").text("en"),
        Reason("phone_length", ("10",)).text("en"),
        Reason("phone_missing").text("en"),
    ]
    places = [text.rindex(each) for each in reasons]
    assert places == sorted(places)


def test_a_code_that_its_sentence_names_is_not_said_again() -> None:
    code = "isv.MOBILE_NUMBER_ILLEGAL"

    assert page(figures(a_campaign(), Progress(codes={code: 1}))).count(code) == 1


def test_an_unknown_code_stands_for_itself_once() -> None:
    assert page(running()).count("isv.UNHEARD_OF") == 1


def test_of_many_reasons_the_rest_is_counted() -> None:
    codes = {f"isv.CODE_{each}": 100 - each for each in range(MOST_REASONS + 2)}
    shown = figures(a_campaign(), Progress(codes=codes))

    assert "179 rows for other reasons" in text_of(page(shown))


def test_why_it_ended_is_said() -> None:
    assert Reason("no_recipients").text("zh") in text_of(page(refused(), language="zh"))
    assert Reason("isv.SMS_TEMPLATE_ILLEGAL").text("en") in text_of(page(halted()))


def test_settings_segments_price_and_problems_are_shown() -> None:
    text = text_of(page(held(), language="zh"))

    assert "2026-01-02 12:00" in text
    assert "0800-2000" in text
    assert "98,000" in text
    assert "4,410.00" in text
    assert Reason("nameless_column", ("C", "7")).text("zh") in text


def test_a_test_says_that_it_is_one() -> None:
    shown = figures(a_campaign(terms=Terms(is_test=True)), Progress())

    assert "测试" in page(shown, language="zh")


def test_its_files_are_links_to_what_lies_beside_it() -> None:
    html = page(closed(), files=FILES)

    assert re.findall(r'href="(\./[^"]+)"', html) == [f"./{each}" for each in FILES]
    assert 'href="./' not in page(running())


def test_a_page_says_who_got_the_texts_and_why_others_did_not() -> None:
    text = text_of(page(closed()))

    assert re.search(r"Delivered\s+delivered\s+87,500\s+97\.2 %", text)
    assert "Why texts were not delivered" in text
    assert re.search(r"1,600\s+The phone is switched off.+MOBILE_NOT_ON_SERVICE", text)


def test_before_anything_was_sent_a_page_says_nothing_of_deliveries() -> None:
    assert "elivered" not in text_of(page(running()))


def test_a_page_says_that_nobody_may_be_asked_for_receipts() -> None:
    code = "isp.RAM_PERMISSION_DENY"
    shown = closed()
    looks = replace(shown.campaign.looks, receipts_problem=code)

    text = text_of(page(replace(shown, campaign=replace(shown.campaign, looks=looks))))

    assert f"({code})" in text
