"""Whatever a file holds is shown as text, without phone numbers, and stays small."""

import re
from urllib.parse import unquote

import pytest

from smsdrop.pages.html import LONGEST_TEXT, facts, link, page, section, shown, table

RUN = re.compile(r"\d{11}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("张三 & <b>", "张三 &amp; &lt;b&gt;", id="what HTML takes for its own"),
        pytest.param('"quoted"', "&quot;quoted&quot;", id="quotation marks"),
        pytest.param("13800138000", "*******8000", id="a phone number"),
        pytest.param("+8613800138000!", "+*********8000!", id="with its country"),
        pytest.param("１３８００１３８０００", "*******８０００", id="in wide digits"),
        pytest.param("1380013800", "1380013800", id="too short for one"),
        pytest.param("13800138000,13900139000", "*******8000,*******9000", id="two"),
        pytest.param(98_000, "98000", id="a number"),
    ],
)
def test_a_text_is_safe_to_show(text: object, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize("digest", ["0123456789012345", "0123456789abcdef", "abcdef0123456789"])
def test_the_id_of_a_campaign_stays_whole(digest: str) -> None:
    campaign_id = f"20260102T030405Z-{digest}"

    html = shown(f"orders/cancel/{campaign_id}.")

    assert html.replace("<wbr>", "") == f"orders/cancel/{campaign_id}."
    assert not RUN.search(html)


def test_a_long_text_is_cut() -> None:
    assert shown("x" * (LONGEST_TEXT + 1)) == "x" * LONGEST_TEXT + "…"


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("results.csv", id="plain"),
        pytest.param("SMS_9/云通信/a b+c?d#e%&.csv/report.html", id="signs of addresses"),
        pytest.param("13800138000139001390001400.csv", id="phone numbers"),
        pytest.param("start=2026-12-01T1000/a:b.csv", id="a colon"),
    ],
)
def test_a_link_leads_to_its_object_and_shows_no_number(key: str) -> None:
    html = link(key, "Report")

    address = html.partition('href="')[2].partition('"')[0]
    assert unquote(address) == f"./{key}"
    assert not RUN.search(html)


def test_what_is_empty_is_left_out() -> None:
    assert facts([("a", ""), ("b", None)]) == ""
    assert section("title", "") == ""
    assert table([]) == ""


def test_a_page_says_its_language_and_fits_a_phone() -> None:
    html = page(title="a & 13800138000", language="zh", body="<p>text</p>")

    assert '<html lang="zh">' in html
    assert '<meta name="viewport" content="width=device-width' in html
    assert "<title>a &amp; *******8000</title>" in html
    assert "@media print" in html
