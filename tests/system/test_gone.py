"""A file that is deleted while its campaign is under way."""

import pytest

from tests.support.interference import bucket_silent, let_queueing_stall, parse_until_killed
from tests.support.whole_system import System, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system


def half_queued_and_deleted(system: System, name: str, numbers: list[str]) -> str:
    """Queue the first thousand of a file, then die, and have the file deleted; return its key."""
    with bucket_silent(system):
        key = system.drop(name, numbers)
        parse_until_killed(system, key, calls=1)
    system.wait_for_texts(1000)
    system.stack.clients.s3.delete_object(
        Bucket=system.stack.bucket, Key=key, VersionId=system.dropped[key]
    )
    return key


def test_a_file_deleted_after_it_was_judged_is_sent_to_its_end(system: System) -> None:
    numbers = new_numbers(1500)
    key = half_queued_and_deleted(system, "deleted.csv", numbers)

    system.stack.invoke_later("ParseRecipients", system.event(key))
    report = system.closed(key)

    assert system.not_once(numbers) == {}
    assert report.summary["sent"] == 1500
    assert report.is_balanced


def test_a_deleted_file_whose_parsing_failed_for_good_is_sent_to_its_end(system: System) -> None:
    numbers = new_numbers(1500)
    key = half_queued_and_deleted(system, "deleted and given up.csv", numbers)

    system.stack.invoke("ParseRecipients", system.failed_event(key, failed_at=0))
    let_queueing_stall(system, key)
    report = system.closed(key)

    assert system.not_once(numbers) == {}
    assert (report.summary["outcome"], report.summary["sent"]) == ("completed", 1500)
    assert report.is_balanced
