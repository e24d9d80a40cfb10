"""What folders `name=value` say about when, how far and with whose approval a file is sent."""

from datetime import datetime
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.drop_settings import (
    ALIASES,
    EXAMPLES,
    NO_SETTINGS,
    READERS,
    DropSettings,
    check_file_name,
    check_no_setting,
    is_setting,
)
from smsdrop.drops import BEIJING, MAX_WORD
from smsdrop.reason_texts import TEXTS
from smsdrop.reasons import FileRefused, Reason

DROPPED_AT = datetime(2026, 1, 2, 11, tzinfo=BEIJING).timestamp()


def at(hour: int, *, day: int = 2, month: int = 1) -> float:
    return datetime(2026, month, day, hour, tzinfo=BEIJING).timestamp()


def read(*folders: str) -> DropSettings:
    return DropSettings.read(folders, dropped_at=DROPPED_AT)


def refusal(*folders: str) -> Reason:
    with pytest.raises(FileRefused) as refused:
        read(*folders)
    return refused.value.reason


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        pytest.param("start=2026-12-01T1000", {"start_at": at(10, day=1, month=12)}, id="start"),
        pytest.param("开始=2026-12-01 10:00", {"start_at": at(10, day=1, month=12)}, id="开始"),
        pytest.param(
            "开始＝２０２６－１２－０１　１０：００",
            {"start_at": at(10, day=1, month=12)},
            id="wide",
        ),
        pytest.param("START=2026-12-01T1000", {"start_at": at(10, day=1, month=12)}, id="capitals"),
        pytest.param("start= 1200 ", {"start_at": at(12)}, id="spaces around the value"),
        pytest.param("start=1000", {"start_at": at(10, day=3)}, id="the next such time"),
        pytest.param("until=1800", {"until_at": at(18)}, id="until"),
        pytest.param("截止=18:00", {"until_at": at(18)}, id="截止"),
        pytest.param("window=0900-2000", {"window": "0900-2000"}, id="window"),
        pytest.param("时段=9:00～20:00", {"window": "0900-2000"}, id="时段, with a wide tilde"),
        pytest.param("approve=yes", {"needs_approval": True}, id="approve"),
        pytest.param("审批=是", {"needs_approval": True}, id="审批"),
        pytest.param("only=preview", {"is_preview": True}, id="only"),
        pytest.param("仅=预览", {"is_preview": True}, id="仅"),
        pytest.param("only=test", {"is_test": True}, id="only, a test"),
        pytest.param("仅＝测试", {"is_test": True}, id="仅, a test"),
        pytest.param("again=2026-12", {"again": "2026-12"}, id="again"),
        pytest.param("重发=Mahnung", {"again": "mahnung"}, id="重发"),
        pytest.param(f"again={'x' * MAX_WORD}", {"again": "x" * MAX_WORD}, id="the longest word"),
        pytest.param("hidden=yes", {"with_hidden_rows": True}, id="hidden"),
        pytest.param("隐藏行=是", {"with_hidden_rows": True}, id="隐藏行"),
    ],
)
def test_a_folder_says_what_is_set(folder: str, said: dict[str, Any]) -> None:
    assert read(folder) == DropSettings(**said)
    assert list(read(folder).folders.values()) == [folder]


def test_without_folders_nothing_is_set() -> None:
    assert read() == NO_SETTINGS


def test_settings_may_come_in_any_order() -> None:
    folders = ("start=2000", "until=0600", "window=2000-0700", "approve=yes")

    assert {read(*each).until_at for each in permutations(folders)} == {at(6, day=3)}


def test_an_end_of_the_day_is_the_next_one_after_the_start() -> None:
    settings = read("until=1800", "start=2026-12-01T1000")

    assert settings.until_at == at(18, day=1, month=12)


@pytest.mark.parametrize(
    ("folder", "code", "instead"),
    [
        pytest.param("strat=2026-12-01T1000", "setting_unknown", (), id="a letter swapped"),
        pytest.param("start =2026-12-01T1000", "setting_unknown", (), id="a space in the name"),
        pytest.param("=1000", "setting_unknown", (), id="no name"),
        pytest.param("canary=", "setting_wrong", ("canary=100",), id="nobody ahead"),
        pytest.param("canary=0", "setting_wrong", ("canary=100",), id="none ahead"),
        pytest.param("canary=-1", "setting_wrong", ("canary=100",), id="fewer than none ahead"),
        pytest.param("canary=1%", "setting_wrong", ("canary=100",), id="a share"),
        pytest.param("canary=10001", "setting_wrong", ("canary=100",), id="too many ahead"),
        pytest.param("试投=一百", "setting_wrong", ("试投=100",), id="a Chinese number"),
        pytest.param("start=", "setting_wrong", ("start=2026-12-01T1000",), id="no value"),
        pytest.param("start==1000", "setting_wrong", ("start=2026-12-01T1000",), id="two signs"),
        pytest.param("start=tomorrow", "setting_wrong", ("start=2026-12-01T1000",), id="a word"),
        pytest.param("开始=明天", "setting_wrong", ("开始=2026-12-01T1000",), id="a Chinese word"),
        pytest.param("until=24", "setting_wrong", ("until=2026-12-01T1800",), id="hours alone"),
        pytest.param("window=9", "setting_wrong", ("window=0900-2000",), id="no hours"),
        pytest.param("window=0000-2400", "setting_wrong", ("window=0900-2000",), id="all hours"),
        pytest.param("approve=no", "setting_wrong", ("approve=yes",), id="not approved"),
        pytest.param("审批=否", "setting_wrong", ("审批=是",), id="not approved in Chinese"),
        pytest.param("only=tset", "setting_wrong", ("only=preview",), id="another word"),
        pytest.param("again=no", "setting_wrong", ("again=2026-12",), id="a word that denies"),
        pytest.param("hidden=1", "setting_wrong", ("hidden=yes",), id="a number"),
        pytest.param("start=2026-01-02T1000", "setting_past", (), id="a start that is past"),
        pytest.param("until=2026-01-02T1059", "setting_past", (), id="an end that is past"),
    ],
)
def test_a_folder_that_says_nothing_certain_refuses_the_file_and_is_named(
    folder: str, code: str, instead: tuple[str, ...]
) -> None:
    assert refusal(folder) == Reason(code, (folder, *instead))


def test_a_word_that_would_be_cut_off_is_refused() -> None:
    assert refusal(f"again={'x' * (MAX_WORD + 1)}").code == "setting_wrong"


@pytest.mark.parametrize(
    ("folders", "reason"),
    [
        pytest.param(
            ("start=1200", "start=1200"),
            Reason("setting_twice", ("start=1200", "start=1200")),
            id="the same twice",
        ),
        pytest.param(
            ("start=1200", "开始=1300"),
            Reason("setting_twice", ("start=1200", "开始=1300")),
            id="in two languages",
        ),
        pytest.param(
            ("start=2026-12-01T1000", "until=2026-12-01T1000"),
            Reason("until_before_start", ("until=2026-12-01T1000", "start=2026-12-01T1000")),
            id="an end at the start",
        ),
        pytest.param(
            ("start=2026-12-01T1000", "until=2026-11-01T1000"),
            Reason("until_before_start", ("until=2026-11-01T1000", "start=2026-12-01T1000")),
            id="an end before the start",
        ),
    ],
)
def test_folders_that_contradict_each_other_refuse_the_file(
    folders: tuple[str, ...], reason: Reason
) -> None:
    assert refusal(*folders) == reason


@pytest.mark.parametrize("name", ALIASES)
def test_what_a_refusal_says_to_write_instead_is_taken(name: str) -> None:
    for written, value in zip((name, ALIASES[name]), EXAMPLES[name], strict=True):
        assert name in read(f"{written}={value}").folders


def test_every_setting_is_read_and_named_to_who_mistypes_one() -> None:
    texts = TEXTS["setting_unknown"]

    assert set(READERS) == set(EXAMPLES) == set(ALIASES)
    assert all(name in texts["en"] and alias in texts["zh"] for name, alias in ALIASES.items())


@given(st.sampled_from([*ALIASES, *ALIASES.values(), "strat", ""]), st.text())
def test_no_folder_with_an_equals_sign_is_passed_over(name: str, value: str) -> None:
    """Whatever it holds, it sets something, or refuses the file."""
    folder = f"{name}={value}"
    assert is_setting(folder)
    try:
        settings = read(folder)
    except FileRefused:
        return
    assert settings != NO_SETTINGS


@pytest.mark.parametrize(
    "folder",
    [
        *("start-2026-12-01T1000", "start 1000", "start:1000", "start1000", "START_1000"),
        *("开始-1000", "时段0900-2000", "window0900-2000", "approve-yes", "approve yes", "审批是"),
        *(
            "only-preview",
            "仅预览",
            "only test",
            "仅测试",
            "hidden_yes",
            "again-2026",
            "strat-2026-12-01T1000",
        ),
        *("明天 2026-12-01 10:00", "0900-2000", "9:00~20:00", "start%3D1000"),
    ],
)
def test_a_folder_that_was_to_be_a_setting_is_noticed(folder: str) -> None:
    with pytest.raises(FileRefused) as refused:
        check_no_setting(folder)

    assert refused.value.reason == Reason("setting_without_sign", (folder,))


@pytest.mark.parametrize(
    "folder",
    [
        "云通信",
        "My Shop +",
        "ONLY",
        "Only官方",
        "开始健身",
        "Start8",
        "SMS_154950909",
        "淘宝2026",
        "",
    ],
)
def test_a_sign_name_is_no_setting(folder: str) -> None:
    check_no_setting(folder)


@pytest.mark.parametrize("name", ["start=1000", "开始＝1000.csv", "only=preview.xlsx"])
def test_a_file_that_is_called_like_a_setting_is_refused(name: str) -> None:
    with pytest.raises(FileRefused) as refused:
        check_file_name(name)

    assert refused.value.reason == Reason("setting_is_file", (name,))


@pytest.mark.parametrize("name", ["july.csv", "a=b.csv", "start.csv", "list start=1000.csv", ""])
def test_any_other_file_name_will_do(name: str) -> None:
    check_file_name(name)


@pytest.mark.parametrize(
    ("folder", "recipients"),
    [("canary=1", 1), ("canary=10000", 10_000), ("试投=100", 100), ("试投＝１００", 100)],
)
def test_so_many_recipients_go_ahead(folder: str, recipients: int) -> None:
    assert read(folder).canary == recipients
