"""A file that is deleted or replaced before its start is not sent, and keeps nobody from a text."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from smsdrop.drops import BEIJING
from tests.support.whole_system import FOLDER, System, file_of, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system


def campaigns(system: System, key: str) -> list[Mapping[str, Any]]:
    return [each for each in system.ledger("campaign") if each["key"]["S"] == key]


def test_a_file_that_is_deleted_or_replaced_before_its_start_is_withdrawn(system: System) -> None:
    start = f"start={datetime.now(BEIJING) + timedelta(hours=1):%H%M}"
    keys = [f"{FOLDER}/{start}/{name}.csv" for name in ("deleted", "moved", "mended")]
    deleted, moved, mended = keys
    moved_numbers, mended_numbers = new_numbers(120), new_numbers(120)
    system.put(deleted, file_of(new_numbers(120)))
    system.put(moved, file_of(moved_numbers))
    system.put(mended, file_of(mended_numbers[:-1]))
    system.wait(
        lambda: all("plan" in system.campaign(each) for each in keys), what="the files' plans"
    )

    for key in (deleted, moved):
        system.stack.clients.s3.delete_object(Bucket=system.stack.bucket, Key=key)
    system.put(mended, file_of(mended_numbers))
    report = system.closed(system.put(f"{FOLDER}/moved.csv", file_of(moved_numbers)))
    withdrawn = [system.all_closed(each, campaigns=1)[0] for each in keys]

    assert [each.summary["outcome"] for each in withdrawn] == ["withdrawn"] * 3
    assert all(each.is_balanced and len(each.unsent_numbers()) > 0 for each in withdrawn)
    assert report.summary["sent"] == len(moved_numbers)
    assert system.not_once(moved_numbers) == {}
    [waits] = [each for each in campaigns(system, mended) if each["status"]["S"] == "held"]
    assert int(waits["accepted"]["N"]) == len(mended_numbers)
    system.operate("cancel", campaign_id=waits["campaign_id"]["S"])
