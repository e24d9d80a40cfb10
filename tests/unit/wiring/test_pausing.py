"""The pause is built from the variables of both functions that deal with it."""

import pytest

from local.template.reading import Template
from smsdrop.wiring.pausing import pausing
from tests.support.wired import wired

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
