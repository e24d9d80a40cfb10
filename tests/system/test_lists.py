"""Who is on a list is not texted: the whole system, with the gateway as witness."""

from collections.abc import Iterator

import pytest

from tests.support.whole_system import System, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system

LIST = "suppressed/退订.csv"


@pytest.fixture(autouse=True)
def without_lists_afterwards(system: System) -> Iterator[None]:
    """Lists count for all who share the stack."""
    yield
    system.stack.clients.s3.delete_object(Bucket=system.stack.bucket, Key=LIST)


def test_who_is_on_a_list_is_not_texted_and_the_report_says_so(system: System) -> None:
    numbers = new_numbers(130)
    out = set(numbers[::13])
    system.put(LIST, "\n".join(["手机号", *(f"+86 {each}" for each in out)]).encode("gb18030"))

    report = system.closed(system.drop("july.csv", numbers))

    assert report.is_balanced
    assert (report.summary["suppressed"], report.summary["sent"]) == (10, 120)
    lists = [{"list": "退订.csv", "version_id": system.dropped[LIST]}]
    assert report.summary["suppressed_by"] == lists
    statuses = {row["phone_number"]: row["smsdrop_status"] for row in report.rows()}
    assert {number for number in numbers if statuses[number] == "suppressed"} == out
    assert system.not_once([each for each in numbers if each not in out]) == {}
    assert report.unsent_numbers() == []


def test_a_file_waits_while_a_list_cannot_be_used_and_is_judged_by_it_once_it_can(
    system: System,
) -> None:
    first, *others = new_numbers(20)
    system.put(LIST, b"phone\nno\nnumbers\n")

    key = system.drop("waits.csv", [first, *others])
    system.wait(
        lambda: system.campaign(key).get("held_for") == {"S": "lists"}, what="file that waits"
    )
    calls_before = system.calls()
    system.put(LIST, f"phone\n{first}\n".encode())
    report = system.closed(key)

    assert calls_before == []
    assert report.is_balanced
    assert (report.summary["suppressed"], report.summary["sent"]) == (1, 19)
    assert system.not_once(others) == {}
