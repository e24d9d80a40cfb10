"""Which campaign is meant by an id, a part of one, a file's name or its path."""

from dataclasses import replace
from typing import Any

import pytest

from smsdrop.drops import report_folder
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop_cli.campaigns import UnknownCampaign, campaign_named
from smsdrop_cli.deployment.failures import CannotBeDone
from smsdrop_cli.deployment.stack import Stack
from tests.support.samples import CAMPAIGN_ID, campaign
from tests.support.terminal import EARLIER_ID, known

pytest_plugins = ["tests.support.cli_fixtures"]

RUNNING = campaign()
PATH = "SMS_154950909/云通信/july.csv"


def ended(**changes: Any) -> Campaign:
    closed = replace(campaign(), campaign_id=EARLIER_ID, status=Status.CLOSED, is_open=False)
    return replace(closed, **changes)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(CAMPAIGN_ID, id="its id"),
        pytest.param("0123456789abcdef", id="the end of its id"),
        pytest.param("20260102T03", id="its time"),
        pytest.param(PATH, id="the path below incoming"),
        pytest.param(f"incoming/{PATH}", id="the whole path"),
        pytest.param("july.csv", id="the file's name"),
    ],
)
def test_a_campaign_is_meant_by(deployed: Stack, name: str) -> None:
    known(deployed, RUNNING)
    known(deployed, ended(key="incoming/SMS_1/june.csv"))

    assert campaign_named(deployed, name) == RUNNING


def test_one_that_has_ended_is_found_by_its_report(deployed: Stack) -> None:
    june = known(deployed, ended(key="incoming/SMS_1/june.csv"))

    assert campaign_named(deployed, "june.csv") == june
    assert campaign_named(deployed, "SMS_1/june.csv") == june


def test_of_two_campaigns_of_a_file_the_one_that_runs_is_meant(deployed: Stack) -> None:
    known(deployed, RUNNING)
    known(deployed, ended())

    assert campaign_named(deployed, "july.csv") == RUNNING


def test_of_two_that_have_ended_the_later_one_is_meant(deployed: Stack) -> None:
    known(deployed, ended())
    later = known(deployed, ended(campaign_id=CAMPAIGN_ID))

    assert campaign_named(deployed, "july.csv") == later


@pytest.mark.parametrize("name", ["july.csv", "2026"])
def test_a_name_that_may_mean_two_means_none_and_names_both(deployed: Stack, name: str) -> None:
    known(deployed, ended(key="incoming/SMS_1/july.csv"))
    known(deployed, ended(campaign_id=CAMPAIGN_ID))

    with pytest.raises(CannotBeDone, match=f"{EARLIER_ID} .SMS_1/july.csv., {CAMPAIGN_ID} "):
        campaign_named(deployed, name)


@pytest.mark.parametrize("name", ["july", "202", "july.cs", EARLIER_ID, "SMS_154950909"])
def test_what_is_no_whole_name_and_no_part_of_an_id_is_unknown(deployed: Stack, name: str) -> None:
    known(deployed, RUNNING)

    with pytest.raises(UnknownCampaign):
        campaign_named(deployed, name)


def test_a_path_too_long_for_a_key_is_found_by_what_was_dropped(deployed: Stack) -> None:
    path = "长" * 330 + ".csv"
    long = known(deployed, ended(key=f"incoming/{path}"))

    assert "~" in report_folder(long.key, long.campaign_id)
    assert campaign_named(deployed, path) == long
