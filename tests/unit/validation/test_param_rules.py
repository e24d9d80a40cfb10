"""What the provider takes as the value of a variable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.alibaba.template import TemplateType
from smsdrop.reason_texts import TEXTS
from smsdrop.reasons import Reason
from smsdrop.validation.message_length import MAX_CONTENT
from smsdrop.validation.param_rules import (
    MAX_VALUE,
    OF_EVERY_FILE,
    OF_TEMPLATES,
    TemplateRules,
    Values,
)
from tests.support.template_fakes import template_of

NAMES = ("name", "note")
DOMESTIC = (TemplateType.ONE_TIME_PASSWORD, TemplateType.NOTIFICATION, TemplateType.PROMOTION)


def fault_of(kind: TemplateType, *values: str, fixed: int = 0) -> Reason | None:
    names = NAMES[: len(values)]
    content = "字" * fixed + "".join(f"${{{name}}}" for name in names)
    return TemplateRules(template_of(content, kind=kind), names).fault(values)


def code_of(kind: TemplateType, value: str) -> str:
    fault = fault_of(kind, value)
    return fault.code if fault else "fine"


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("张三", id="a name"),
        pytest.param("司馬光·喆堃", id="rare and traditional characters"),
        pytest.param("1,234.50", id="an amount"),
        pytest.param("2026/07/01 12:30", id="a date with slashes"),
        pytest.param("a.b@example.com", id="a mail address"),
        pytest.param("Taobao.com", id="a shop's name"),
        pytest.param("A&B (v1.2) 100% ¥5 20℃ ①", id="usual signs"),
        pytest.param("第一行\n第二行", id="a line break"),
        pytest.param("wwww", id="many w"),
        pytest.param("x" * MAX_VALUE, id="as long as can be"),
    ],
)
def test_what_people_write_is_taken(value: str) -> None:
    assert code_of(TemplateType.NOTIFICATION, value) == "fine"


@pytest.mark.parametrize("kind", [TemplateType.NOTIFICATION, TemplateType.PROMOTION])
@pytest.mark.parametrize(
    ("value", "code"),
    [
        pytest.param("https://example.com", "value_url", id="an address"),
        pytest.param("看 WWW.example", "value_url", id="without a scheme"),
        pytest.param("点t.cn/A6x", "value_url", id="a short one"),
        pytest.param("张三😀", "value_symbols", id="an emoji"),
        pytest.param("❤️", "value_symbols", id="a heart"),
        pytest.param("1️⃣", "value_symbols", id="a keycap"),
        pytest.param("🇨🇳", "value_symbols", id="a flag"),
        pytest.param("【云通信】", "value_symbols", id="brackets of a sign name"),
        pytest.param("★", "value_symbols", id="a star"),
        pytest.param("※", "value_symbols", id="a reference mark"),
        pytest.param("A→B", "value_symbols", id="an arrow"),
    ],
)
def test_what_the_provider_does_not_take_is_named(
    kind: TemplateType, value: str, code: str
) -> None:
    assert code_of(kind, value) == code


@pytest.mark.parametrize(
    ("kind", "length", "code"),
    [
        pytest.param(TemplateType.NOTIFICATION, MAX_VALUE, "fine", id="notification, exactly full"),
        pytest.param(TemplateType.NOTIFICATION, MAX_VALUE + 1, "value_too_long", id="one over"),
        pytest.param(TemplateType.PROMOTION, MAX_VALUE + 1, "fine", id="promotion, no such rule"),
    ],
)
def test_a_value_has_a_length_in_a_notification(kind: TemplateType, length: int, code: str) -> None:
    assert code_of(kind, "长" * length) == code


@pytest.mark.parametrize(
    ("value", "code"),
    [
        pytest.param("123", "value_no_password", id="three digits"),
        pytest.param("1234", "fine", id="four"),
        pytest.param("a1B2c3", "fine", id="six, letters among them"),
        pytest.param("1234567", "value_no_password", id="seven"),
        pytest.param("12 34", "value_no_password", id="a blank inside"),
        pytest.param("一二三四", "value_no_password", id="Chinese"),
        pytest.param("１２３４", "value_no_password", id="full-width digits"),
        pytest.param("1234\n", "value_no_password", id="a line break behind"),
        pytest.param("", "fine", id="empty, which is for another rule"),
    ],
)
def test_a_verification_code_is_four_to_six_letters_or_digits(value: str, code: str) -> None:
    assert code_of(TemplateType.ONE_TIME_PASSWORD, value) == code


def test_only_the_guilty_columns_are_named() -> None:
    assert fault_of(TemplateType.NOTIFICATION, "张三", "★") == Reason("value_symbols", ("note",))
    assert fault_of(TemplateType.NOTIFICATION, "★", "★") == Reason("value_symbols", NAMES)


def test_two_values_that_together_look_like_an_address_are_none() -> None:
    assert fault_of(TemplateType.NOTIFICATION, "www", ".") is None
    assert fault_of(TemplateType.NOTIFICATION, "http:", "//") is None


@pytest.mark.parametrize(
    ("fixed", "fault"),
    [
        pytest.param(MAX_CONTENT - 20, None, id="exactly full"),
        pytest.param(MAX_CONTENT - 19, Reason("message_too_long", ("501", "500")), id="one over"),
    ],
)
def test_a_text_has_a_length_in_all(fixed: int, fault: Reason | None) -> None:
    assert fault_of(TemplateType.NOTIFICATION, "x" * 10, "y" * 10, fixed=fixed) == fault


def test_a_variable_that_stands_twice_counts_twice() -> None:
    template = template_of("字" * (MAX_CONTENT - 20) + "${name}${name}")

    rules = TemplateRules(template, ["name"])

    assert rules.fault(["x" * 10]) is None
    assert rules.fault(["x" * 11]) == Reason("message_too_long", ("502", "500"))


@given(st.sampled_from(DOMESTIC), st.lists(st.text(max_size=60), min_size=2, max_size=2))
def test_no_value_passes_quickly_that_would_not_pass_slowly(
    kind: TemplateType, values: list[str]
) -> None:
    content = "".join(f"${{{name}}}" for name in NAMES)
    rules = TemplateRules(template_of(content, kind=kind), NAMES)

    if rules.surely_kept(Values([[each] for each in values])):
        assert rules.fault(values) is None


@pytest.mark.parametrize("values", [["张三", "2026/07/01"], ["www", ".x"], ["x" * MAX_VALUE, ""]])
def test_what_people_write_passes_quickly(values: list[str]) -> None:
    rules = TemplateRules(template_of("${name}${note}"), NAMES)

    assert rules.surely_kept(Values([[each] for each in values]))


def test_a_template_without_variables_has_no_faults() -> None:
    assert TemplateRules(template_of("您好"), ()).fault(()) is None


def test_the_length_that_is_said_is_the_length_that_is_meant() -> None:
    assert all(str(MAX_VALUE) in text for text in TEXTS["value_too_long"].values())


def test_every_rule_has_its_sentence() -> None:
    rules = [*OF_EVERY_FILE, *(rule for rules in OF_TEMPLATES.values() for rule in rules)]

    assert {rule.code for rule in rules} <= TEXTS.keys()
