"""What a month without drops costs: every resource of the template is counted."""

from copy import deepcopy
from typing import Any

import pytest

from bench.metering.idle import COST_NOTHING, COST_SOMETHING, idle_month, table
from bench.system.template import template
from local.template.reading import Template

RESOURCES: dict[str, dict[str, Any]] = template()["Resources"]


def dollars(whole: Template) -> float:
    return sum(each.dollars for each in idle_month(whole))


def changed(name: str, resource: dict[str, Any]) -> Template:
    """Return the template with one more resource, or one replaced."""
    whole = deepcopy(template())
    whole["Resources"][name] = resource
    return whole


@pytest.mark.parametrize("kind", sorted({each["Type"] for each in RESOURCES.values()}))
def test_each_kind_of_resource_is_known_to_cost_something_or_nothing(kind: str) -> None:
    assert (kind in COST_SOMETHING) != (kind in COST_NOTHING)


@pytest.mark.parametrize(
    ("like", "more"),
    [
        pytest.param("SendingIsPaused", 0.1, id="an alarm on one metric"),
        pytest.param("ProviderThrottles", 0.2, id="an alarm on a formula of two"),
        pytest.param("SmsKeys", 0.4, id="a secret"),
        pytest.param("Dashboard", 3, id="a dashboard"),
        pytest.param("Files", 0, id="a bucket"),
    ],
)
def test_one_more_resource_costs_its_price_more(like: str, more: float) -> None:
    extended = dollars(changed("Another", RESOURCES[like]))

    assert extended - dollars(template()) == pytest.approx(more)


def test_a_tick_half_as_often_costs_half_as_much() -> None:
    closer = deepcopy(RESOURCES["CloseCampaigns"])
    closer["Properties"]["Events"]["EveryMinute"]["Properties"]["Schedule"] = "rate(2 minutes)"

    rarer = dollars(changed("CloseCampaigns", closer))

    ticks = sum(each.dollars for each in idle_month(template()) if "tick" in each.what)
    assert dollars(template()) - rarer == pytest.approx(ticks / 2)
    assert ticks > 0


def test_both_queues_that_functions_read_are_polled() -> None:
    polled = {each.what for each in idle_month(template()) if "polling" in each.what}

    assert polled == {"idle polling of BatchQueue", "idle polling of DropRetries"}


def test_the_table_ends_with_the_sum() -> None:
    *_, last = table()

    assert last == f"| **all** | | | **{dollars(template()):.2f}** |"
