"""The pause is built from what both functions are told that deal with it."""

import pytest

from local.template.reading import Template
from smsdrop.wiring.pausing import pausing
from tests.support.wired import own_variables, wired

pytest_plugins = ["tests.support.aws_fixtures"]


@pytest.mark.parametrize("function", ["CloseCampaigns", "Operate"])
def test_the_pause_takes_the_ledger_the_switch_and_the_topic(
    template: Template, function: str
) -> None:
    adapters = wired(template, function)

    use_case = pausing(adapters)

    assert (use_case.ledger, use_case.switch, use_case.topic) == (
        adapters.ledger,
        adapters.switch,
        adapters.topic,
    )
    assert sorted(name for name, _ in adapters.session.made) == ["dynamodb", "lambda", "sns"]


def test_operate_is_told_what_the_pause_takes_and_where_dead_letters_lie(
    template: Template,
) -> None:
    adapters = wired(template, "Operate", DEAD_LETTERS_URL="https://sqs/dead")

    pausing(adapters)

    assert adapters.settings.dead_letters_url == "https://sqs/dead"
    assert adapters.environment.asked_for >= set(own_variables(template, "Operate"))
