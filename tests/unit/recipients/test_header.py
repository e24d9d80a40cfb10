import pytest

from smsdrop.reasons import FileRefused, Reason
from smsdrop.recipients.header import MAX_COLUMNS, Again, column_letters, read_header


@pytest.mark.parametrize(
    "name",
    [
        "phone_number",
        "Phone Number",
        "PHONE-NUMBER",
        "phoneNumber",
        "phone",
        "Mobile",
        "tel",
        "手机号",
        "手机号码",
        "手机",
        "电话",
        "号码",
        "msisdn",
        "Phone Numbers",
        "联系手机",
        "收货人手机号",
        "移动电话号码",
        "联系人手机",
        "联系人手机号码",
        "行動電話號碼",
        pytest.param("Phone 1 - Value", id="as Google exports contacts"),
        pytest.param("手机号（必填）", id="in brackets that it is required"),
        pytest.param("手机号码(必填项)", id="in narrow brackets"),
        pytest.param("*手机号【必填，11位】", id="in other brackets, and how long it is"),
        pytest.param("手机(11 位数字)", id="how many digits"),
        pytest.param("Phone (required)", id="the same in English"),
        pytest.param("Mobile [Required, 11 digits]", id="both in English"),
        pytest.param("Mobile No.", id="abbreviated"),
        pytest.param("Phone #", id="a sign for number"),
        pytest.param("*手机号", id="marked as required"),
        pytest.param("电话：", id="a colon"),
        pytest.param("手 机 号", id="spaces between"),
        pytest.param("\ufeffphone", id="byte order mark"),
        pytest.param("\u200bphone\u00a0number ", id="invisible characters"),
        pytest.param("ＰＨＯＮＥ＿ＮＵＭＢＥＲ", id="full-width letters"),
    ],
)
def test_the_recipient_column_is_known_by_its_name(name: str) -> None:
    header = read_header(["name", name])

    assert header.phone == 1
    assert header.columns == ("name", name)
    assert header.params == ((0, "name"),)


@pytest.mark.parametrize("name", ["sign_name", "Sign Name", "签名"])
def test_a_sign_name_column_is_no_param(name: str) -> None:
    header = read_header(["phone", name])

    assert (header.sign_name, header.extend_code, header.params) == (1, None, ())


@pytest.mark.parametrize("name", ["extend_code", "Extend-Code", "扩展码"])
def test_an_extend_code_column_is_no_param(name: str) -> None:
    header = read_header(["phone", name])

    assert (header.sign_name, header.extend_code, header.params) == (None, 1, ())


def test_any_other_column_is_a_param_of_its_exact_trimmed_name() -> None:
    header = read_header(["phone", " Name\u200b", "name", "会员 等级"])

    assert header.params == ((1, "Name"), (2, "name"), (3, "会员 等级"))
    assert header.columns == ("phone", " Name\u200b", "name", "会员 等级")


@pytest.mark.parametrize(
    "name",
    [
        "手机号（备用）",
        "手机号（家长）",
        "Phone (home)",
        "手机号（备用，11位）",
        "手机号（必填时间）",
    ],
)
def test_a_name_with_something_else_in_brackets_is_another(name: str) -> None:
    header = read_header(["手机号", name])

    assert (header.phone, header.params) == (0, ((1, name),))


def test_notes_in_brackets_make_no_guess_of_two_columns() -> None:
    with pytest.raises(FileRefused) as refused:
        read_header(["手机号（必填）", "联系人手机"])

    assert refused.value.reason.code == "two_recipient_columns"


def test_a_note_alone_is_a_name() -> None:
    assert read_header(["phone", "（必填）"]).params == ((1, "（必填）"),)


def test_a_param_that_comes_again_is_noted() -> None:
    header = read_header(["phone", "name", " name ", "code", "name"])

    assert (header.params, header.doubled) == (((1, "name"), (3, "code")), ("name",))


@pytest.mark.parametrize("name", ["smsdrop_status", "SMSDROP_Status", " smsdrop_status\u200b"])
def test_columns_of_a_report_are_no_params(name: str) -> None:
    header = read_header(["phone", name, "smsdrop_reason", "smsdrop_biz_id", "smsdrop_x", "name"])

    assert (header.params, header.statuses, header.evidence) == (((5, "name"),), (1,), (3,))


HEADER = ["手机号", "name", "Amount"]


@pytest.mark.parametrize(
    ("cells", "again"),
    [
        pytest.param(HEADER, Again.SAME, id="the same"),
        pytest.param([" 手机号", "NAME", "amount:", "", " "], Again.SAME, id="in other spellings"),
        pytest.param(["phone", "name", "Amount"], Again.SAME, id="another name for the number"),
        pytest.param(["手机号", "Amount", "name"], Again.OTHER, id="in another order"),
        pytest.param(["name", "手机号", "Amount"], Again.OTHER, id="the number elsewhere"),
        pytest.param(["name", "手机号"], Again.OTHER, id="some of them"),
        pytest.param(["手机号", "name", "Amount", "city"], Again.OTHER, id="another behind them"),
        pytest.param(["city", "手机号", "name"], Again.OTHER, id="another before them"),
        pytest.param(["oops", "name", "Amount"], Again.NO, id="without a number's name"),
        pytest.param(["手机号", "张三", "5"], Again.NO, id="a row with a word for a number"),
        pytest.param(["oops", "张三", "电话"], Again.NO, id="a param that says phone"),
        pytest.param(["", "", ""], Again.NO, id="a blank row"),
    ],
)
def test_a_header_within_the_rows_is_known(cells: list[str], again: Again) -> None:
    assert read_header(HEADER).again_in(cells) == again


def test_a_mark_alone_is_a_name() -> None:
    header = read_header(["#", "phone", "No."])

    assert header.params == ((0, "#"), (2, "No."))


def test_a_column_without_a_name_is_ignored() -> None:
    header = read_header(["", "phone", " \u200b", "name"])

    assert header.nameless == (0, 2)
    assert header.params == ((3, "name"),)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        pytest.param(
            ["phone", "name", "手机号"],
            Reason("two_recipient_columns", ("phone", "手机号")),
            id="two recipient columns",
        ),
        pytest.param(
            ["phone", "签名", "sign_name"],
            Reason("two_sign_name_columns", ("签名", "sign_name")),
            id="two sign name columns",
        ),
        pytest.param(
            ["phone", "extend_code", "ExtendCode"],
            Reason("two_extend_code_columns", ("extend_code", "ExtendCode")),
            id="two extend code columns",
        ),
        pytest.param(
            ["name", "", " code "],
            Reason("no_recipient_column", ("name", "code")),
            id="no recipient column",
        ),
        pytest.param(
            ["+86 138-0013-8000", "张三"],
            Reason("header_missing"),
            id="no header at all",
        ),
        pytest.param(
            ["phone", "co\x00de"],
            Reason("header_unreadable", ("B",)),
            id="control character in a name",
        ),
    ],
)
def test_a_header_that_needs_guessing_is_refused(cells: list[str], reason: Reason) -> None:
    with pytest.raises(FileRefused) as refused:
        read_header(cells)

    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("columns", "refused"),
    [
        pytest.param(MAX_COLUMNS, False, id="as many as Excel holds"),
        pytest.param(MAX_COLUMNS + 1, True, id="one over"),
    ],
)
def test_more_columns_than_excel_holds_are_refused(columns: int, refused: bool) -> None:
    cells = ["phone", *[""] * (columns - 1)]

    if refused:
        with pytest.raises(FileRefused, match="16385 columns; at most 16384"):
            read_header(cells)
    else:
        assert read_header(cells).phone == 0


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param(["name;13800138000"], id="data under another separator"),
        pytest.param(["138_0013_8000,张三"], id="spelled with underscores"),
        pytest.param(["13800138000/13900139000"], id="two numbers"),
        pytest.param(["１３８００１３８０００ x"], id="full-width"),
        pytest.param(["13800138000", "x"], id="number alone"),
        pytest.param(["phone", "tel", "13800138000"], id="beside recipient columns"),
    ],
)
def test_a_refusal_shows_no_phone_number(cells: list[str]) -> None:
    with pytest.raises(FileRefused) as refused:
        read_header(cells)

    shown = f"{refused.value!r} {refused.value} {refused.value.reason.to_list()}"
    assert "1380013" not in shown
    assert "138_0013" not in shown
    assert "１３８００" not in shown


def test_a_refusal_can_be_written_down_whatever_was_dropped() -> None:
    with pytest.raises(FileRefused) as refused:
        read_header(["\x89PNG\x1a", "\ud800"])

    assert refused.value.reason == Reason("no_recipient_column", ("�PNG�", "�"))


def test_a_refusal_stays_short_whatever_was_dropped() -> None:
    with pytest.raises(FileRefused) as refused:
        read_header([f"{'x' * 1000}{number}" for number in range(100)])

    assert refused.value.reason.details[-1] == "… (+80)"
    assert len(str(refused.value)) < 1200


@pytest.mark.parametrize(
    ("position", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_columns_are_named_as_in_a_spreadsheet(position: int, letters: str) -> None:
    assert column_letters(position) == letters
