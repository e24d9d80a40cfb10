"""A template, as the provider's answer describes it."""

from typing import Any

import pytest

from smsdrop.alibaba.template import Review, Template, TemplateType
from tests.support.template_fakes import template_of

FIELDS = {
    "Code": "OK",
    "TemplateStatus": 1,
    "TemplateType": 2,
    "TemplateContent": "您好 ${name}",
}


def test_an_answer_is_read_as_a_template() -> None:
    template = Template.read("SMS_1", FIELDS)

    assert template == Template(
        code="SMS_1", review=Review.APPROVED, kind=TemplateType.PROMOTION, content="您好 ${name}"
    )


@pytest.mark.parametrize(
    ("number", "review"),
    [(0, Review.PENDING), (1, Review.APPROVED), (2, Review.REJECTED), (10, Review.CANCELLED)],
)
def test_the_review_is_given_by_a_number(number: int, review: Review) -> None:
    assert Template.read("SMS_1", FIELDS | {"TemplateStatus": number}).review is review


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (0, TemplateType.ONE_TIME_PASSWORD),
        (1, TemplateType.NOTIFICATION),
        (2, TemplateType.PROMOTION),
        (3, TemplateType.INTERNATIONAL),
    ],
)
def test_the_kind_is_given_by_a_number(number: int, kind: TemplateType) -> None:
    assert Template.read("SMS_1", FIELDS | {"TemplateType": str(number)}).kind is kind


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"TemplateStatus": 7}, id="an unknown status"),
        pytest.param({"TemplateType": 9}, id="an unknown kind"),
        pytest.param({"TemplateStatus": None}, id="no status"),
        pytest.param({"TemplateType": "notification"}, id="a kind in words"),
        pytest.param({"TemplateContent": ["您好"]}, id="a content that is no text"),
    ],
)
def test_an_answer_that_makes_no_sense_is_no_template(changes: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        Template.read("SMS_1", FIELDS | changes)


@pytest.mark.parametrize("missing", ["TemplateStatus", "TemplateType"])
def test_an_answer_to_another_question_is_no_template(missing: str) -> None:
    fields = {name: value for name, value in FIELDS.items() if name != missing}

    with pytest.raises(KeyError):
        Template.read("SMS_1", fields)


def test_a_template_without_its_text_is_a_template_all_the_same() -> None:
    template = Template.read("SMS_1", {"TemplateStatus": 1, "TemplateType": 1})

    assert (template.content, template.variables) == ("", ())


@pytest.mark.parametrize(
    ("content", "variables"),
    [
        pytest.param("您好", (), id="none"),
        pytest.param("${name}您好", ("name",), id="one"),
        pytest.param("${b}和${a}", ("b", "a"), id="two, as they come"),
        pytest.param("${a}，${b}，${a}", ("a", "b"), id="one of them twice"),
        pytest.param("${姓名}", ("姓名",), id="in Chinese"),
        pytest.param("$name {name} ${} $${x}", ("x",), id="what only looks like one"),
    ],
)
def test_the_variables_are_what_stands_in_braces(content: str, variables: tuple[str, ...]) -> None:
    assert template_of(content).variables == variables
