"""A file's columns, matched with its template's variables."""

import pytest

from smsdrop.alibaba.template import Template, TemplateType
from smsdrop.reasons import FileRefused, Reason
from smsdrop.recipients.header import read_header
from smsdrop.recipients.recipients import Recipients
from smsdrop.recipients.sign_names import SignNames
from smsdrop.validation.template_columns import TemplateColumns, match_columns
from tests.support.recipients import Recipient
from tests.support.samples import layout
from tests.support.template_fakes import template_of

COLUMNS = ("手机号", "name", "Amount", "签名")


def matched(
    content: str, *columns: str, kind: TemplateType = TemplateType.NOTIFICATION
) -> TemplateColumns:
    header = read_header(columns or COLUMNS)
    return match_columns(header, template_of(content, kind=kind), check_values=True)


def test_a_column_for_each_variable_fits() -> None:
    result = matched("${Amount}，${name}")

    assert result.header == read_header(COLUMNS)
    assert result.problems == ()


def test_a_column_that_the_template_does_not_know_is_left_out_and_named() -> None:
    result = matched("${name}")

    assert result.header.params == ((1, "name"),)
    assert result.header.columns == COLUMNS
    assert result.problems == (Reason("columns_superfluous", ("Amount",)),)


@pytest.mark.parametrize(
    ("content", "missing"),
    [
        pytest.param("${name}${date}", ("date",), id="one"),
        pytest.param("${b}${name}${a}", ("b", "a"), id="two, as they stand in the text"),
        pytest.param("${amount}", ("amount",), id="in other letters"),
    ],
)
def test_a_variable_without_a_column_refuses_the_file(
    content: str, missing: tuple[str, ...]
) -> None:
    with pytest.raises(FileRefused) as refused:
        matched(content)

    assert refused.value.reason == Reason("variables_missing", missing)
    assert all(name in str(refused.value) for name in missing)


@pytest.mark.parametrize("template", [None, template_of(""), template_of("${tag}${name}")])
def test_two_columns_of_a_name_that_may_be_needed_refuse_the_file(
    template: Template | None,
) -> None:
    header = read_header(["phone", "name", "tag", "a13800138000", "tag", "a13800138000"])

    with pytest.raises(FileRefused) as refused:
        match_columns(header, template, check_values=True)

    assert refused.value.reason == Reason("two_param_columns", ("tag",))


def test_two_columns_of_a_name_that_the_template_does_not_need_are_ignored() -> None:
    result = matched("${name}", "phone", "tag", "name", "tag", "smsdrop_reason")

    assert result.header.params == ((2, "name"),)
    assert result.problems == (Reason("columns_superfluous", ("tag",)),)


@pytest.mark.parametrize("name", ["手机号", "签名"])
def test_a_variable_may_have_the_name_of_the_phone_numbers_own_column(name: str) -> None:
    result = matched(f"${{{name}}}${{name}}${{Amount}}")

    assert (COLUMNS.index(name), name) in result.header.params
    assert len(result.header.params) == 3


RECIPIENTS = Recipient(
    phone_number="13800138000", sign_name="云通信", extend_code="", params=("张三", "5")
).alone(layout("name", "Amount"))


def test_a_template_without_variables_leaves_every_column_out() -> None:
    assert matched("您好").header.params == ()


@pytest.mark.parametrize(
    "template",
    [pytest.param(None, id="unknown"), pytest.param(template_of(""), id="its text unknown")],
)
def test_an_unknown_template_demands_nothing(template: Template | None) -> None:
    header = read_header(COLUMNS)

    result = match_columns(header, template, check_values=True)

    assert result == TemplateColumns(header=header)
    assert result.segments(RECIPIENTS) == 0


def test_a_verification_codes_template_is_warned_about() -> None:
    result = matched("${code}", "phone", "code", kind=TemplateType.ONE_TIME_PASSWORD)

    assert result.problems == (Reason("template_one_time_password", ("SMS_154950909",)),)


def test_an_international_template_has_neither_rules_nor_an_estimate() -> None:
    result = matched("${name}${Amount}", kind=TemplateType.INTERNATIONAL)

    assert result.template_rules is None
    assert result.segments(RECIPIENTS) == 0


def test_the_values_are_not_looked_at_where_that_is_switched_off() -> None:
    template = template_of("${name}${Amount}")

    result = match_columns(read_header(COLUMNS), template, check_values=False)

    assert result.template_rules is None
    assert result.segments(RECIPIENTS) == 1


def test_texts_are_filled_in_row_by_row_with_their_sign_names() -> None:
    result = matched("${name}，您的账单${Amount}元，${name}")
    layout = result.header.layout
    params = [["张三", "${Amount}"], ["1", "2"]]
    two = Recipients(
        layout=layout,
        rows=layout.rows(["13800138000", "13900139000"], params),
        sign_names=SignNames(each=["云通信", "另一个"]),
    )

    assert result.texts(two) == [
        "【云通信】张三，您的账单1元，张三",
        "【另一个】${Amount}，您的账单2元，${Amount}",
    ]
    assert result.texts(two.part(slice(0))) == []


def test_a_text_without_variables_is_the_same_for_all() -> None:
    result = matched("您好", "手机号")
    layout = result.header.layout
    two = Recipients(
        layout=layout, rows=layout.rows(["1", "2"], []), sign_names=SignNames(shared="云通信")
    )

    assert result.texts(two) == ["【云通信】您好"] * 2


def test_texts_of_an_unknown_content_are_not_known() -> None:
    result = matched("", "手机号")
    layout = result.header.layout
    one = Recipients(layout=layout, rows=layout.rows(["1"], []), sign_names=SignNames(shared="云"))

    assert result.texts(one) == []
