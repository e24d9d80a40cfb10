import ast
import inspect
import string
from types import ModuleType

import pytest

from smsdrop import (
    archive,
    csv_rows,
    formats,
    freezing,
    header,
    international,
    json_lines,
    judging,
    param_rules,
    phone,
    recipient_file,
    sheets,
    template_check,
    template_fit,
    text_lines,
    unpacking,
    xls_rows,
    xlsx_parts,
    xml_items,
)
from smsdrop.reasons import TEXTS, FileRefused, Reason


def fields(template: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(template) if field is not None}


def codes_used_in(module: ModuleType) -> set[str]:
    """Every code that the module spells where it gives a reason."""
    tree = ast.parse(inspect.getsource(module))
    return {
        str(node.args[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in {"Reason", "refused"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param("en", "The phone number has 10 digits; a mobile number has 11.", id="English"),
        pytest.param("zh", "该号码有 10 位数字；手机号应为 11 位。", id="Chinese"),
    ],
)
def test_a_reason_reads_as_a_sentence(language: str, text: str) -> None:
    assert Reason("phone_length", ("10",)).text(language) == text


def test_a_reason_lists_all_names_it_concerns() -> None:
    reason = Reason("params_missing", ("name", "{0}", "金额"))

    assert reason.text() == "The row is too short. It has no cell for: name, {0}, 金额"
    assert reason.text("zh") == "该行单元格不足，缺少：name、{0}、金额"


@pytest.mark.parametrize("code", TEXTS)
def test_every_reason_says_the_same_facts_in_both_languages(code: str) -> None:
    texts = TEXTS[code]

    assert set(texts) == {"en", "zh"}
    assert fields(texts["en"]) == fields(texts["zh"])
    assert any("\u4e00" <= char <= "\u9fff" for char in texts["zh"])
    assert not any("\u4e00" <= char <= "\u9fff" for char in texts["en"])


@pytest.mark.parametrize(
    "module",
    [
        archive,
        csv_rows,
        formats,
        freezing,
        header,
        international,
        json_lines,
        judging,
        param_rules,
        phone,
        recipient_file,
        sheets,
        template_check,
        template_fit,
        text_lines,
        unpacking,
        xls_rows,
        xlsx_parts,
        xml_items,
    ],
)
def test_every_reason_that_is_given_has_its_sentence(module: ModuleType) -> None:
    codes = codes_used_in(module)

    assert codes
    assert codes <= set(TEXTS)
    assert {code for _, code in phone.FAULTS} | set(header.TWICE.values()) <= set(TEXTS)


def test_a_reason_from_another_release_still_says_something() -> None:
    assert Reason("moon_phase", ("full",)).text("zh") == "moon_phase full"


@pytest.mark.parametrize(
    "reason",
    [
        pytest.param(Reason("phone_missing"), id="no details"),
        pytest.param(Reason("cells_surplus", ("5", "4")), id="two details"),
    ],
)
def test_a_reason_survives_being_stored(reason: Reason) -> None:
    assert Reason.from_list(reason.to_list()) == reason
    assert reason.to_list() == [reason.code, *reason.details]


def test_a_refused_file_says_why() -> None:
    refused = FileRefused(Reason("not_text", ("3",)))

    assert refused.reason == Reason("not_text", ("3",))
    assert str(refused).startswith("Row 3 cannot be read as text")
