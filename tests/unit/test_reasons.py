import ast
import string
from pathlib import Path

import pytest

import smsdrop
from smsdrop.code_texts import CODE_TEXTS
from smsdrop.reason_texts import TEXTS
from smsdrop.reasons import FileRefused, Reason, status_word
from smsdrop.recipients import header
from smsdrop.recipients import phone_numbers as phone
from smsdrop.validation.report_columns import MAY_HAVE_BEEN_SENT


def fields(template: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(template) if field is not None}


def codes_used_in(module: Path) -> set[str]:
    """Every code that the module spells in a reason."""
    return {
        str(node.args[0].value)
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in {"Reason", "refused"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


MODULES = {path.stem: codes_used_in(path) for path in Path(*smsdrop.__path__).rglob("*.py")}
GIVING_REASONS = sorted(name for name, codes in MODULES.items() if codes)


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


@pytest.mark.parametrize("module", GIVING_REASONS)
def test_every_reason_that_is_given_has_its_sentence(module: str) -> None:
    assert MODULES[module] <= set(TEXTS) | set(CODE_TEXTS)


def test_the_reasons_in_tables_have_their_sentences() -> None:
    assert set(phone.FAULTS) | set(header.TWICE.values()) <= set(TEXTS)
    assert len(GIVING_REASONS) > 15


@pytest.mark.parametrize("code", TEXTS)
def test_a_campaign_and_a_recipient_have_one_chinese_name(code: str) -> None:
    """任务 is a campaign and 收件人 a recipient; a batch, 批次, is no matter of these sentences."""
    assert not any(other in TEXTS[code]["zh"] for other in ("批次", "接收人", "活动", "接收者"))


@pytest.mark.parametrize("status", ["sent", "unconfirmed", "duplicate"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_row_that_may_have_been_sent_is_known_by_its_status_in_either_language(
    status: str, language: str
) -> None:
    assert status_word(status, language) in MAY_HAVE_BEEN_SENT


@pytest.mark.parametrize("status", ["refused", "cancelled", "rejected"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_row_that_was_not_sent_is_not(status: str, language: str) -> None:
    assert status_word(status, language) not in MAY_HAVE_BEEN_SENT


def test_a_status_of_another_release_stands_for_itself() -> None:
    assert status_word("delivered", "zh") == "delivered"


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
