"""One person: off all texts, off promotions, found and forgotten, in the whole system."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from local.gateway.catalogue import CatalogueTemplate
from local.gateway.client import Gateway
from local.gateway.faults import Fault
from local.stack import Stack
from smsdrop.drops import BEIJING
from tests.conftest import DeployStack
from tests.support.command_line import answer
from tests.support.whole_system import System, file_of, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system

LISTS = ("suppressed/promo/opted-out.csv", "suppressed/smsdrop-one-by-one.csv")


def hours_from_now(hours: int) -> str:
    return f"{datetime.now(BEIJING) + timedelta(hours=hours):%H%M}"


@pytest.fixture(scope="module")
def people_stack(deploy_quick: DeployStack) -> Stack:
    """A stack that compares no files and asks for no receipts, so that campaigns are soon over."""
    hours = f"{hours_from_now(-2)}-{hours_from_now(4)}"
    return deploy_quick("people", RepeatHours="0", Receipts="off", PromoWindow=hours)


@pytest.fixture
def people(people_stack: Stack, reset_gateway: Gateway) -> Iterator[System]:
    reset_gateway.reset()
    yield System(stack=people_stack, gateway=reset_gateway)
    for key in LISTS:
        people_stack.clients.s3.delete_object(Bucket=people_stack.bucket, Key=key)


def holding(system: System, number: str) -> list[str]:
    """Return the keys of all versions of dropped files, plans and reports that have the number."""
    s3, bucket = system.stack.clients.s3, system.stack.bucket
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket)
    found = []
    for each in (each for page in pages for each in page.get("Versions", ())):
        body = s3.get_object(Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])["Body"]
        if number.encode() in body.read():
            found.append(each["Key"])
    return found


def test_who_was_refused_for_good_is_suppressed_in_the_next_promotion_by_the_reports_list(
    people: System,
) -> None:
    people.gateway.set_catalogue(
        signs={"云通信": "approved"},
        templates={
            "SMS_154950909": CatalogueTemplate(content="${name}，您的账单已出"),
            "SMS_2": CatalogueTemplate(content="${name}，清仓", type=2),
        },
    )
    numbers = new_numbers(20)
    out = numbers[7]
    people.gateway.add_fault(Fault(kind="answer", code="isv.CUSTOMER_REFUSED", phone_number=out))

    bill = people.drop("bill.csv", numbers)
    first = people.closed(bill)
    folder = f"reports/{bill.removeprefix('incoming/')}/{first.summary['campaign_id']}/"
    people.put(LISTS[0], people.stack.read(f"{folder}opted-out.csv"))
    people.gateway.clear_faults()
    sale = people.closed(people.put("incoming/SMS_2/云通信/sale.csv", file_of(numbers)))

    assert (first.summary["sent"], first.summary["refused"]) == (19, 1)
    assert (sale.summary["sent"], sale.summary["suppressed"]) == (19, 1)
    assert people.texts()[out] == 0
    assert sale.is_balanced


def test_a_person_is_suppressed_found_and_texted_again(people: System) -> None:
    first, *others = new_numbers(5)

    suppressed = answer(people, "suppress", first)
    report = people.closed(people.drop("without.csv", [first, *others]))
    found = answer(people, "find", first)
    answer(people, "unsuppress", first)
    again = people.closed(people.drop("with.csv", [first]))

    assert suppressed["key"] == LISTS[1]
    assert (report.summary["suppressed"], report.summary["sent"]) == (1, 4)
    assert [each["since"] for each in found["lists"]] == [suppressed["since"]]
    assert again.summary["sent"] == 1
    assert people.not_once([first, *others]) == {}


def test_a_person_who_is_forgotten_is_nowhere_and_the_books_are_as_they_were(
    people: System,
) -> None:
    numbers = new_numbers(150)
    number = numbers[120]
    key = people.drop("forgotten.csv", numbers)
    before = people.closed(key)
    people.close_for_good(key)
    held = holding(people, number)

    forgotten = answer(people, "forget", number, "--yes")
    [after] = people.reports(key)

    assert len(held) >= 4
    assert holding(people, number) == []
    assert forgotten["left"] == []
    assert after.summary == before.summary
    assert after.is_balanced
    assert [row["phone_number"] for row in after.rows()] == [
        "forgotten" if each == number else each for each in numbers
    ]
    assert people.not_once(numbers) == {}
