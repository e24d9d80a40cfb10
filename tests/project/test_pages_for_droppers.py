"""The pages for those who only drop files: complete, true to the code, and the same twice."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from local import ROOT
from smsdrop.closing.close import OUTCOMES
from smsdrop.closing.reports import ENDS
from smsdrop.drop_path import DropPath
from smsdrop.drop_settings import ALIASES, EXAMPLES, NAMES, DropSettings
from smsdrop.drop_times import beijing_text
from smsdrop.drops import BEIJING, report_folder
from smsdrop.ledger.campaign import HELD, PREVIEWED, REPEATED, Status
from smsdrop.operations.orders import ORDERS, STACK, Order, order_of
from smsdrop.reasons import FileRefused
from smsdrop.recipients.header import EXTEND_CODE, PHONE, ROLES, SIGN_NAME, comparable

PAGES = {name: ROOT / "docs" / name for name in ("怎么发短信.md", "how-to-send.md")}
NOW = datetime(2026, 11, 28, tzinfo=BEIJING).timestamp()
"""Before the dates of the examples."""

WHERE, FILE, SETTINGS, FIRST, REPORT = 2, 3, 4, 5, 6
"""The pages' sections, as they are numbered from the title on."""

CAMPAIGN_ID = "20261201T020000Z-0123456789abcdef"
DEFAULTS = ("SMS_1", "默认")
ROW_STATUSES = {*ENDS, "duplicate", "suppressed", "rejected"}
ALL_OUTCOMES = {*OUTCOMES.values(), "halted", "test", "refused", HELD, REPEATED, PREVIEWED}
both = pytest.mark.parametrize("page", PAGES.values(), ids=lambda path: path.stem)


def sections(page: Path) -> list[str]:
    return re.split(r"^## ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)


def codes(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)


def rows(text: str) -> Iterator[list[str]]:
    """Yield the cells of each row of the tables, without their heads."""
    for head, row in re.findall(r"^\|(.*)\|$(?=\n\| ---)|^\|(?! ---)(.*)\|$", text, re.MULTILINE):
        if not head:
            yield [each.strip() for each in row.split(" | ")]


def path_of(key: str) -> DropPath:
    code, sign_name = DEFAULTS
    return DropPath.from_key(
        key, default_template_code=code, default_sign_name=sign_name, dropped_at=NOW
    )


@both
def test_a_page_names_each_setting_by_both_names_with_an_example(page: Path) -> None:
    found = codes(sections(page)[SETTINGS])

    for name, alias in ALIASES.items():
        example, chinese_example = EXAMPLES[name]
        assert f"{name}={example}" in found
        assert f"{alias}={chinese_example}" in found


@both
def test_each_setting_that_a_page_shows_is_one_and_a_row_is_about_one(page: Path) -> None:
    shown = [codes(first) for first, *others in rows(sections(page)[SETTINGS]) if len(others) == 2]

    for spellings in shown:
        [name] = {NAMES[each.partition("=")[0]] for each in spellings}
        first, second, *_ = (DropSettings.read([each], dropped_at=NOW) for each in spellings)
        assert list(first.folders) == [name]
        assert first == second
    assert {NAMES[each.partition("=")[0]] for [each, *_] in shown} == set(ALIASES)


@both
def test_a_path_means_the_template_and_the_sign_name_that_the_page_gives(page: Path) -> None:
    shown = [cells for cells in rows(sections(page)[WHERE]) if len(cells) == 3]

    for key, *said in shown:
        path = path_of(key.strip("`"))
        given = [codes(each) for each in said]
        expected = [
            each[0] if each else default for each, default in zip(given, DEFAULTS, strict=True)
        ]
        assert [path.template_code, path.sign_name] == expected
    assert len(shown) == 3


@both
def test_a_path_of_which_the_page_says_that_nothing_is_sent_is_refused(page: Path) -> None:
    refused = [key.strip("`") for key, *others in rows(sections(page)[WHERE]) if len(others) == 1]

    for key in refused:
        with pytest.raises(FileRefused):
            path_of(key)
    assert len(refused) == 6


@both
def test_an_example_is_sent_when_and_how_the_page_says(page: Path) -> None:
    examples = [
        (key.strip("`"), said)
        for section in sections(page)[SETTINGS : FIRST + 1]
        for key, said, *_ in rows(section)
        if key.startswith("`incoming/")
    ]

    for key, said in examples:
        settings = path_of(key).settings
        assert settings.folders
        for value in codes(said):
            assert value in (beijing_text(settings.start_at), settings.window)
    assert len(examples) == 5
    assert path_of(examples[2][0]).settings.needs_approval
    assert path_of(examples[3][0]).settings.is_preview
    assert path_of(examples[4][0]).settings.is_test


@both
def test_no_other_path_of_a_page_is_refused(page: Path) -> None:
    text = "".join(each for number, each in enumerate(sections(page)) if number != WHERE)

    for key in (each for each in codes(text) if re.match("incoming/.*[^/]$", each)):
        assert path_of(key).template_code


def orders(page: Path) -> list[Order]:
    given = [each.split("/", 2) for each in codes(page.read_text("utf-8")) if "orders/" in each]
    return [
        order_of({"order": each[1], "what": each[2]}, mark="")
        for each in given
        if each[0] == "orders" and len(each) == 3 and each[2]
    ]


@both
def test_a_page_shows_each_order_and_each_that_it_shows_is_one(page: Path) -> None:
    shown = orders(page)

    assert {each.name for each in shown if each.names_campaign} == set(ORDERS)
    assert {each.name for each in shown} == set(ORDERS)
    assert [each.is_for_stack for each in shown if each.what == STACK] == [True, True]
    assert "incoming/SMS_154950909/云通信/july.csv" in {key for each in shown for key in each.keys}


@both
def test_the_report_is_where_the_page_says(page: Path) -> None:
    folder = report_folder("incoming/SMS_154950909/云通信/july.csv", CAMPAIGN_ID)

    assert folder in codes(sections(page)[REPORT])


@both
def test_a_page_explains_each_status_and_each_outcome(page: Path) -> None:
    tables = sections(page)[REPORT].split("\n\n|")

    explained = [{code for first, *_ in rows(each) for code in codes(first)} for each in tables]
    assert set(Status) - {Status.UNKNOWN} in explained
    assert ALL_OUTCOMES in explained
    assert ROW_STATUSES in explained


@both
def test_columns_that_a_page_names_are_read_as_it_says(page: Path) -> None:
    phones, _, others, *_ = sections(page)[FILE].split("\n- ")[1:]

    assert {ROLES[comparable(each)] for each in codes(phones)} == {PHONE}
    assert {ROLES[comparable(each)] for each in codes(others)} == {SIGN_NAME, EXTEND_CODE}


def test_both_pages_say_the_same() -> None:
    chinese, english = (sections(page) for page in PAGES.values())

    assert len(chinese) == len(english)
    for one, other in zip(chinese, english, strict=True):
        assert sorted(codes(one)) == sorted(codes(other))
        assert [len(each) for each in rows(one)] == [len(each) for each in rows(other)]
        for mark in ("- ", "    ", "1. ", "2. ", "3. "):
            assert one.count(f"\n{mark}") == other.count(f"\n{mark}")
