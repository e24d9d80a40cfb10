"""Campaigns that wait for a person, without any fault, handled by the runbook: the whole system."""

import json
import time
from pathlib import Path

import pytest

from tests.support.runbook import Operator, commands, section
from tests.support.whole_system import FOLDER, System, file_of, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system


def test_a_campaign_that_a_person_holds_goes_on_by_what_the_runbook_says(
    system: System, operator: Operator
) -> None:
    numbers = new_numbers(8000)
    look, resume = commands("A campaign is held")
    system.gateway.change_settings(latency_seconds=1)
    key = system.drop("held.csv", numbers)
    system.wait_for_texts(100)
    campaign_id = system.campaign_id(key)
    system.operate("pause", campaign_id=campaign_id)
    time.sleep(2)  # for calls under way

    texted_while_held = system.gateway.summary().texts
    seen = json.loads(operator.type(look, campaign_id=campaign_id))["Item"]
    assert f"| `{seen['held_for']['S']}` |" in section("A campaign is held")
    system.gateway.change_settings(latency_seconds=0)
    operator.type(resume, campaign_id=campaign_id)
    report = system.closed(key)

    assert 100 <= texted_while_held < 8000
    assert system.not_once(numbers) == {}
    assert report.summary["sent"] == 8000
    assert report.is_balanced
    system.wait_for_empty_queues()


def test_a_file_that_was_refused_is_put_right_and_dropped_again(
    system: System, operator: Operator, tmp_path: Path
) -> None:
    numbers = new_numbers(30)
    look, drop = commands("A file is refused")
    key = system.put(f"{FOLDER}/refused.csv", b"name\n\xe5\xbc\xa0\xe4\xb8\x89\n")
    system.closed(key)
    path = key.removeprefix("incoming/")

    shown = operator.type(look, path=path, campaign_id=system.campaign_id(key))
    seen = json.JSONDecoder().raw_decode(shown)[0]
    mended = tmp_path / "mended.csv"
    mended.write_bytes(file_of(numbers))
    operator.type(drop, path=path, file=str(mended))
    reports = system.all_closed(key, campaigns=2)

    assert f"| `{seen['outcome']}` |" in section("A file is refused")
    assert "phone" in seen["reason"]
    assert system.not_once(numbers) == {}
    assert sorted(each.summary["sent"] for each in reports) == [0, 30]
    system.wait_for_empty_queues()
