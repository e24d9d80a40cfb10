"""The looks at receipts are built from the variables that the template gives LookUpReceipts."""

from local.template.reading import Template
from smsdrop.wiring.adapters import CONNECTIONS
from smsdrop.wiring.close_campaigns import tick
from smsdrop.wiring.look_up_receipts import look_up_receipts
from tests.support.wired import own_variables, reports_of, wired

pytest_plugins = ["tests.support.aws_fixtures"]


def test_everything_that_the_function_is_told_is_asked_for(template: Template) -> None:
    adapters = wired(template, "LookUpReceipts")

    look_up_receipts(adapters)

    assert adapters.environment.asked_for >= set(own_variables(template, "LookUpReceipts"))


def test_receipts_are_looked_up_at_the_rate_of_the_stack(template: Template) -> None:
    use_case = look_up_receipts(wired(template, "LookUpReceipts", LOOKUPS_PER_SECOND="40"))

    assert use_case.rate.interval_seconds == 1 / 40
    assert CONNECTIONS > 1


def test_only_a_stack_that_looks_receipts_up_has_them_due(template: Template) -> None:
    closers = [
        reports_of(tick(wired(template, "CloseCampaigns", RECEIPTS=each))) for each in ("on", "off")
    ]

    assert [each.has_receipts for each in closers] == [True, False]
