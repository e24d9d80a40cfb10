"""A file dropped in the bucket is sent: the whole system, on its best days."""

import csv
import io
from collections import Counter

import pytest

from tests.support.whole_system import FOLDER, System, file_of, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system

NASTY = [
    'he said "七月"',
    "back\\slash \\n \\u0041",
    "two\nlines",
    "three\r\nof\r\nthem",
    "👩‍👩‍👧 🎉 𠮷",
    "{}[]:,'${name}%s&amp;+ &=?",
]


def test_everyone_on_a_file_is_texted_once_with_the_very_text_of_the_row(system: System) -> None:
    texts = dict(zip(new_numbers(6), NASTY, strict=True))
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(
        [["手机号", "name", "code"], *([*row, "1"] for row in texts.items())]
    )

    key = system.put(f"{FOLDER}/七月 名单+1.csv", stream.getvalue().encode())
    report = system.closed(key)

    journal = list(system.gateway.journal())
    assert {each.phone_number: each.params for each in journal} == {
        number: {"name": text, "code": "1"} for number, text in texts.items()
    }
    assert len(journal) == report.summary["sent"] == 6
    assert {(each.template_code, each.sign_name) for each in journal} == {
        ("SMS_154950909", "云通信")
    }


def test_each_batch_stands_in_the_ledger_with_the_id_that_the_provider_gave_it(
    system: System,
) -> None:
    numbers = new_numbers(250)

    key = system.drop("七月 名单+2.csv", numbers)
    report = system.closed(key)

    ours = [
        each
        for each in system.ledger("batch")
        if each["campaign_id"]["S"] == report.summary["campaign_id"]
    ]
    accepted = Counter((each.out_id, each.biz_id) for each in system.gateway.journal())
    known = {(f"{each['batch_id']['S']}-1", each["biz_id"]["S"]) for each in ours}
    assert known == accepted.keys()
    assert sorted(accepted.values()) == [50, 100, 100]
    assert {each["state"]["S"] for each in ours} == {"sent"}
    assert report.is_balanced
    system.wait_for_empty_queues()


def test_an_upload_that_is_retried_is_held_and_its_report_says_so(system: System) -> None:
    numbers = new_numbers(30)
    key = system.drop("retried.csv", numbers)
    first = system.closed(key).summary

    system.put(key, file_of(numbers))
    reports = [each.summary for each in system.all_closed(key, campaigns=2)]

    [held] = [each for each in reports if each["campaign_id"] != first["campaign_id"]]
    assert system.not_once(numbers) == {}
    assert (held["status"], held["outcome"]) == ("refused", "duplicate_file")
    assert first["campaign_id"] in held["reason"]


def test_a_repeated_file_is_sent_when_it_is_said_to_be_meant(system: System) -> None:
    numbers = new_numbers(30)
    first = system.drop("reminder.csv", numbers)
    system.closed(first)

    again = system.put(
        f"{FOLDER}/second reminder.csv", file_of(numbers), Metadata={"smsdrop-again": "yes"}
    )
    report = system.closed(again)

    assert report.summary["sent"] == 30
    assert system.texts() == Counter(dict.fromkeys(numbers, 2))


def test_a_copy_in_place_of_a_repetition_that_was_meant_texts_nobody_again(system: System) -> None:
    numbers = new_numbers(30)
    key = system.put(
        f"{FOLDER}/third reminder.csv", file_of(numbers), Metadata={"smsdrop-again": "2026-12"}
    )
    system.closed(key)

    bucket = system.stack.bucket
    system.stack.clients.s3.copy_object(
        Bucket=bucket,
        Key=key,
        CopySource={"Bucket": bucket, "Key": key},
        StorageClass="STANDARD_IA",
    )
    first, copy = system.all_closed(key, campaigns=2)

    assert {each.summary["outcome"] for each in (first, copy)} == {"completed", "duplicate_file"}
    assert system.not_once(numbers) == {}
