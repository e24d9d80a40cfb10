"""What programs leave in a cell, told from what people write there."""

import re
from collections.abc import Callable

import pytest

from smsdrop.recipients import spoiled

FAILED = [
    *["#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"],
    *["#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!", "#PYTHON!"],
    *["#ERROR!", "Loading...", "Loading…", "Err:508", "Err:502", "错误:508", "#MACRO?"],
    *["#WERT!", "#BEZUG!", "#NV", "#NOM?", "#¡REF!", "#¿NOMBRE?", "#ÜBERLAUF!", "#ЗНАЧ!", "#Н/Д"],
    *["#Error", "#Deleted", "#Name?", "#Div/0!", "#N/A Requesting Data", " #N/A ", "\u200b#REF!"],
]
SHORTENED = [
    *["2.02607E+17", "2.02607e+17", "1E+17", "-3.5E-05", "202.6E+15", "2,02607E+17", "+1.2E+3"],
    *["2.0260701E17", "1.5e9", "##", "########", " 2.02607E+17 "],
]
NULLS = [
    *["\\N", "NULL", "null", "nan", "NaN", "NaT", "None", "<NA>", "N/A", "n/a", "(null)"],
    *["(NULL)", "[NULL]", "<null>", "undefined", " NULL\u3000"],
]
LETTERS_LOST = [
    *["??", "???", "王??", "?", "张\ufffd", "\ufffd\ufffd", "锟斤拷", "李锟斤拷锟斤拷"],
    *["陶?", "李?明", "?小明", "王小?", "M?ller", "Anna M?ller", "?? ??"],
]
GOOD = [
    *["张三", "#", "-", "0", "#1", "#A3", "# 5", "a #N/A", "#新品!", "#Sale", "N", "NA", "Null"],
    *["None of us", "Nan Li", "Nano", "E", "12E3", "1E10", "5e3", "E+1", "1.5", "1,234.50", "+1"],
    *["Ready?", "好吗?", "是不是？？", "t.cn/a?b=1", "https://x.cn/?q=1", "曹锟", "锟铻", "8:05"],
    *["Loading dock", "Error", "Err: 12", "undefined value", "1.2.3", "E-05", "a\\N", "null set"],
]
KINDS: dict[str, tuple[Callable[[str], bool], list[str]]] = {
    "a failed formula": (spoiled.is_failed_formula, FAILED),
    "a shortened number": (spoiled.is_shortened, SHORTENED),
    "a word for no value": (spoiled.is_null_word, NULLS),
    "lost letters": (spoiled.has_lost_letters, LETTERS_LOST),
}
QUICK: dict[str, Callable[[str], bool]] = {
    "a failed formula": spoiled.may_hold_failed_formula,
    "a shortened number": spoiled.may_hold_shortened,
    "a word for no value": spoiled.may_hold_null_word,
    "lost letters": spoiled.may_have_lost_letters,
}


@pytest.mark.parametrize(
    ("kind", "value"), [(kind, value) for kind, (_, values) in KINDS.items() for value in values]
)
def test_what_a_program_left_is_known(kind: str, value: str) -> None:
    is_spoiled, _ = KINDS[kind]

    assert is_spoiled(value)
    assert QUICK[kind](f"张三|{value}|1")


@pytest.mark.parametrize("value", GOOD)
def test_what_people_write_is_good(value: str) -> None:
    assert not [kind for kind, (is_spoiled, _) in KINDS.items() if is_spoiled(value)]


@pytest.mark.parametrize("end", ["\x7f", "\r\n", "\n"])
@pytest.mark.parametrize("value", [each for _, values in KINDS.values() for each in values])
def test_in_a_clean_text_its_bytes_give_it_away(value: str, end: str) -> None:
    """Those aside that no clean text holds."""
    if any(mark in value for mark in "#\\\ufffd\u200b\u3000"):
        return
    cell = f"{value}{end}".encode()

    assert spoiled.MISREAD in cell or (
        spoiled.hints_at_spoiled(b"13800138000\x7f" + cell, cell)
        and ("?" in value or re.match(spoiled.SUSPECT_CELL.encode("latin-1"), cell))
    )


@pytest.mark.parametrize("byte", spoiled.HINTS)
@pytest.mark.parametrize("times", [1, spoiled.FEW, spoiled.FEW + 1])
def test_a_hint_is_found_behind_any_number_of_places_that_are_none(byte: bytes, times: int) -> None:
    spoiled_cells = {
        b"E": b"1E+5",
        b"e": b"1e+5",
        b"N": b"N/A",
        b"n": b"nan",
        b"L": b"NULL",
        b"l": b"null",
        b"f": b"undefined",
        b":": b"Err:508",
        b"?": b"??",
    }
    text = (byte + b".\x7f") * times * (byte != b"?") + spoiled_cells[byte] + b"\n"

    assert spoiled.has_hint(text, byte, text.count(byte))
    assert not spoiled.has_hint(text[: -len(spoiled_cells[byte]) - 1], byte, times)


def test_usual_text_needs_no_second_look() -> None:
    text = "13800138000\x7f王秀英\x7fVIP No. 12\x7fAnna\x7f1,234.50\x7f8:05\x7f2026-07-01\n"

    assert not spoiled.hints_at_spoiled(text.encode(), text.encode())
