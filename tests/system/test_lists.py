"""People on a list are not texted: the whole system, with the gateway as witness."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from openpyxl import Workbook

from tests.support.whole_system import FOLDER, System, file_of, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system

LIST = "suppressed/退订.csv"


@pytest.fixture(autouse=True)
def without_lists_afterwards(system: System) -> Iterator[None]:
    """Lists count for all who share the stack."""
    yield
    for key in system.stack.keys("suppressed/"):
        system.stack.clients.s3.delete_object(Bucket=system.stack.bucket, Key=key)


def workbook_of(numbers: list[str]) -> bytes:
    """Make one as people have it: with another column, and numbers stored as numbers."""
    content, book = BytesIO(), Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["姓名", "手机号"])
    for each in numbers:
        sheet.append(["张三", int(each)])
    book.save(content)
    return content.getvalue()


def test_who_is_on_a_list_is_not_texted_and_the_report_says_so(system: System) -> None:
    numbers = new_numbers(130)
    out = set(numbers[::13])
    system.put(LIST, "\n".join(["手机号", *(f"+86 {each}" for each in out)]).encode("gb18030"))

    report = system.closed(system.drop("some said no.csv", numbers))

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


def test_lists_of_several_formats_count_together(system: System) -> None:
    numbers = new_numbers(60)
    plain, abroad_spelt, in_a_workbook = numbers[:5], numbers[5:9], numbers[9:12]
    system.put("suppressed/plain.txt", "\n".join([*plain, *plain, *plain]).encode())
    spelt = "\r\n".join(["电话", *(f"+86 {each[:3]}-{each[3:]}" for each in abroad_spelt)])
    system.put("suppressed/来自客服.csv", spelt.encode("gbk"))
    system.put("suppressed/R.xlsx", workbook_of(in_a_workbook))
    system.put("suppressed/nobody.csv", "手机号\n".encode())

    report = system.closed(system.drop("formats.csv", numbers))

    statuses = {row["phone_number"]: row["smsdrop_status"] for row in report.rows()}
    assert report.is_balanced
    assert [each for each in numbers if statuses[each] == "suppressed"] == numbers[:12]
    assert len(report.summary["suppressed_by"]) == 4
    assert system.not_once(numbers[12:]) == {}


def test_a_list_that_is_put_while_a_file_is_judged_counts_from_the_next_file_on(
    system: System,
) -> None:
    """The report says by which version it was judged; nothing of a preview is sent."""
    numbers = new_numbers(60_000)
    system.put(LIST, f"phone\n{numbers[0]}\n".encode())
    before = system.dropped[LIST]

    key = system.put(f"{FOLDER}/only=preview/large.csv", file_of(numbers))
    system.wait(lambda: system.campaign(key), what="file that is judged")
    system.put(LIST, "\n".join(["phone", *numbers[:3]]).encode())
    first = system.closed(key)
    next_one = system.closed(system.drop("next.csv", numbers[:10]))

    versions = [each["version_id"] for each in first.summary["suppressed_by"]]
    assert (versions, first.summary["suppressed"]) == ([before], 1)
    assert [each["version_id"] for each in next_one.summary["suppressed_by"]] == [
        system.dropped[LIST]
    ]
    assert next_one.summary["suppressed"] == 3
