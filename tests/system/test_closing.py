"""A campaign that cannot be closed keeps no other from its end: the whole system."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.support.whole_system import FOLDER, System, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system


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
