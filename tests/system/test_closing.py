"""Campaigns close at once, and one that cannot close holds up no other: the whole system."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.support.whole_system import FOLDER, Report, System, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system

AT_ONCE_SECONDS = 5


@contextmanager
def plan_deleted(system: System, key: str) -> Iterator[None]:
    """Let a file's plan be gone until the block ends."""
    s3, bucket = system.stack.clients.s3, system.stack.bucket
    plan = system.campaign(key)["plan"]["S"]
    keys = [f"{plan}batches.jsonl", f"{plan}rows.jsonl"]
    markers = [s3.delete_object(Bucket=bucket, Key=each)["VersionId"] for each in keys]
    try:
        yield
    finally:
        for each, marker in zip(keys, markers, strict=True):
            s3.delete_object(Bucket=bucket, Key=each, VersionId=marker)


def reported(system: System, key: str) -> tuple[Report, float]:
    """Wait for the file's report, and return it with the time at which it was there."""
    system.wait(lambda: system.reports(key), what=f"report on {key}")
    there_at = time.time()
    [report] = system.reports(key)
    return report, there_at


@pytest.mark.parametrize("rows", [100, 1000])
def test_a_small_file_has_its_report_within_seconds_of_its_last_text(
    woken: System, rows: int
) -> None:
    numbers = new_numbers(rows)
    reported(woken, woken.drop(f"warming up {rows}.csv", new_numbers(3)))

    report, there_at = reported(woken, woken.drop(f"at once {rows}.csv", numbers))

    texts = [each for each in woken.gateway.journal() if each.phone_number in set(numbers)]
    assert there_at - max(each.at for each in texts) < AT_ONCE_SECONDS
    assert sorted(each.phone_number for each in texts) == numbers
    assert (report.summary["outcome"], report.summary["sent"]) == ("completed", rows)
    assert report.is_balanced
    woken.wait_for_empty_queues()


def test_a_file_that_is_refused_or_only_previewed_has_its_report_at_once(woken: System) -> None:
    refused = woken.put(f"{FOLDER}/nobody.csv", b"phone_number,name\n")
    preview = woken.drop("looked at.csv", new_numbers(3), folder=f"{FOLDER}/only=preview")

    reports = [reported(woken, each)[0].summary for each in (refused, preview)]

    assert [each["outcome"] for each in reports] == ["refused", "preview"]
    assert woken.calls() == []


def test_a_small_file_with_a_bad_number_is_reported_once_its_last_part_has_ended(
    woken: System,
) -> None:
    numbers = new_numbers(20)
    woken.gateway.change_settings(a_bad_number_fails="call", bad_numbers=[numbers[7]])

    report, _ = reported(woken, woken.drop("one is bad.csv", numbers))

    assert (report.summary["sent"], report.summary["refused"]) == (19, 1)
    assert report.is_balanced


def test_a_file_of_bad_numbers_alone_is_reported_beside_good_ones_within_two_ticks(
    system: System,
) -> None:
    bad = system.put(f"{FOLDER}/bad alone.csv", b"phone_number,name\noops,a\n12,b\n")
    system.wait(lambda: system.campaign(bad).get("plan"), what="the bad file's verdict")
    good = [system.drop(f"good {each}.csv", new_numbers(150)) for each in range(3)]
    system.wait_for_texts(450)
    system.wait_for_empty_queues()

    system.close()
    system.close()

    [refused] = system.reports(bad)
    assert (refused.summary["status"], refused.summary["rejected"]) == ("refused", 2)
    assert refused.is_balanced
    for each in good:
        [report] = system.reports(each)
        assert (report.summary["outcome"], report.summary["sent"]) == ("completed", 150)


def test_a_campaign_whose_plan_was_deleted_is_told_and_all_others_are_closed(
    system: System, mailbox: Callable[[], list[str]]
) -> None:
    broken = system.drop("broken.csv", new_numbers(3))
    system.wait_for_texts(3)
    system.wait_for_empty_queues()
    with plan_deleted(system, broken):
        good = [system.drop(f"whole {each}.csv", new_numbers(3)) for each in range(3)]
        system.wait_for_texts(12)
        system.wait_for_empty_queues()

        system.close()
        system.close()
        letters = mailbox()
        reports = [system.reports(each) for each in (broken, *good)]

    [letter] = letters
    assert system.campaign_id(broken) in letter
    assert [len(each) for each in reports] == [0, 1, 1, 1]
