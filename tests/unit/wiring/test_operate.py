"""Orders are followed by the variables that the template gives Operate."""

import pytest

from local.template.reading import Template
from smsdrop.wiring.operate import follow_order
from tests.support.wired import own_variables, wired

pytest_plugins = ["tests.support.aws_fixtures"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_orders_change_the_ledger_and_are_answered_in_the_bucket(
    template: Template, language: str
) -> None:
    adapters = wired(template, "Operate", LANGUAGE=language)

    use_case = follow_order(adapters)

    assert (use_case.ledger, use_case.answers) == (adapters.ledger, adapters.bucket)
    assert use_case.pausing.ledger is adapters.ledger
    assert use_case.language == language
    assert sorted(name for name, _ in adapters.session.made) == ["dynamodb", "lambda", "s3", "sns"]


def test_operate_is_told_what_orders_take_and_where_dead_letters_lie(template: Template) -> None:
    adapters = wired(template, "Operate", DEAD_LETTERS_URL="https://sqs/dead")

    follow_order(adapters)

    assert adapters.settings.dead_letters_url == "https://sqs/dead"
    assert adapters.environment.asked_for >= set(own_variables(template, "Operate"))
