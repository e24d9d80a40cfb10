"""A campaign that is stopped, by the provider or by hand, says so: the whole system."""

import pytest

from local.gateway.faults import Fault
from tests.support.interference import (
    bucket_silent,
    let_queueing_stall,
    parse_until_killed,
    parser_broken,
    queue_shut,
)
from tests.support.whole_system import System, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system

UNDER_WAY = 2 * 10
"""How many calls there may be: two senders by the template's default, each ten at a time."""

NO_QUEUE = "http://127.0.0.1/000000000000/no-such-queue"

ILLEGAL = "isv.SMS_TEMPLATE_ILLEGAL"


def test_a_template_that_is_refused_stops_the_campaign_and_the_unsent_can_be_dropped_again(
    system: System,
) -> None:
    numbers = new_numbers(20_000)
    refused_calls = tuple(range(51, 500))
    system.gateway.add_fault(Fault(kind="answer", code=ILLEGAL, numbers=refused_calls))
    system.gateway.change_settings(latency_seconds=0.1)

    key = system.drop("refused template.csv", numbers)
    report = system.closed(key)
    calls_before_the_stop = len(system.calls())
    system.gateway.clear_faults()
    system.gateway.change_settings(latency_seconds=0)
    again = system.put("incoming/SMS_200000000/云通信/mended.csv", report.unsent)
    second = system.closed(again)

    outcomes = [each.outcome for each in system.calls()[:calls_before_the_stop]]
    assert 1 <= outcomes.count(ILLEGAL) <= UNDER_WAY
    assert calls_before_the_stop <= 50 + UNDER_WAY
    assert (report.summary["outcome"], report.summary["sent"]) == ("halted", 5000)
    assert ILLEGAL in report.summary["reason"]
    assert report.summary["codes"] == {ILLEGAL: 15_000}
    assert report.is_balanced
    assert second.summary["sent"] == len(report.unsent_numbers()) == 15_000
    assert system.not_once(numbers) == {}
    system.wait_for_empty_queues()


def test_a_campaign_that_is_cancelled_ends_and_says_who_was_not_sent_to(system: System) -> None:
    numbers = new_numbers(20_000)
    system.gateway.change_settings(latency_seconds=0.3)
    key = system.drop("cancelled.csv", numbers)
    system.wait_for_texts(500)

    answer = system.operate("cancel", campaign_id=system.campaign_id(key))
    report = system.closed(key)

    texted = system.texts()
    assert answer["halted"] == "smsdrop.Cancelled"
    assert report.summary["outcome"] == "cancelled"
    assert report.summary["sent"] == len(texted) == texted.total() < 20_000
    assert report.summary["cancelled"] == 20_000 - len(texted)
    assert sorted(report.unsent_numbers()) == sorted(set(numbers) - texted.keys())
    assert report.is_balanced
    system.wait_for_empty_queues()


def test_dead_letters_of_an_open_and_of_a_closed_campaign_can_be_redriven(system: System) -> None:
    closed_numbers, open_numbers = new_numbers(300), new_numbers(300)
    closed = system.drop("closed.csv", closed_numbers)
    system.closed(closed)
    with queue_shut(system):
        still_open = system.drop("still open.csv", open_numbers)
        system.queued(still_open)
        system.stack.clients.sqs.purge_queue(QueueUrl=system.stack.queue_url)
    for message in [*system.batches(closed), *system.batches(still_open)]:
        system.stack.clients.sqs.send_message(
            QueueUrl=system.stack.dead_letter_queue_url, MessageBody=message
        )
    texts_before = system.gateway.summary().texts

    moved = system.operate("redrive")
    system.wait_for_texts(600)
    system.wait_for_empty_queues()

    assert (texts_before, moved) == (300, {"moved": 6, "left": 0})
    assert system.closed(still_open).summary["sent"] == 300
    assert system.not_once([*closed_numbers, *open_numbers]) == {}


def test_a_message_that_is_no_batch_is_a_dead_letter_at_once_and_stays_one(system: System) -> None:
    sqs, letters = system.stack.clients.sqs, system.stack.dead_letter_queue_url
    sqs.send_message(QueueUrl=system.stack.queue_url, MessageBody="not a batch")
    system.wait(lambda: system.stack.queue_counts().dead == 1, what="dead letter")

    moved = system.operate("redrive")

    assert moved == {"moved": 0, "left": 1}
    assert system.stack.queue_counts().dead == 1
    sqs.purge_queue(QueueUrl=letters)


def test_a_file_that_cannot_be_judged_at_first_is_sent_once_it_can(system: System) -> None:
    numbers = new_numbers(250)
    with parser_broken(system, "LEDGER_TABLE", "no-such-table"):
        key = system.drop("unlucky.csv", numbers)
        system.wait(lambda: system.stack.waiting_files() == 1, what="end of the tries")
        system.wait(lambda: "file put off" in "".join(system.stack.log_lines()), what="a retry")

    system.wait_for_texts(250)
    report = system.closed(key)

    assert system.not_once(numbers) == {}
    assert report.summary["outcome"] == "completed"
    system.wait(lambda: system.stack.waiting_files() == 0, what="end of the retries")


def test_a_file_that_could_never_be_judged_is_refused_with_a_report(system: System) -> None:
    with bucket_silent(system):
        key = system.drop("hopeless.csv", new_numbers(250))

    system.stack.invoke("ParseRecipients", system.failed_event(key, failed_at=0))
    report = system.closed(key)

    assert (report.summary["status"], report.summary["outcome"]) == ("refused", "refused")
    assert report.summary["reason"]
    assert report.summary["sent"] == len(system.calls()) == 0


def test_a_file_that_no_parser_can_queue_is_queued_by_the_tick(system: System) -> None:
    numbers = new_numbers(10_000)
    with bucket_silent(system):
        key = system.drop("half queued.csv", numbers)
        parse_until_killed(system, key, calls=7)
    system.wait_for_texts(7000)

    with parser_broken(system, "BATCH_QUEUE_URL", NO_QUEUE):
        assert "errorMessage" in system.stack.invoke("ParseRecipients", system.event(key))
    system.stack.invoke("ParseRecipients", system.failed_event(key, failed_at=0))
    assert len(system.texts()) == 7000
    let_queueing_stall(system, key)
    report = system.closed(key)

    assert system.not_once(numbers) == {}
    assert (report.summary["outcome"], report.summary["sent"]) == ("completed", 10_000)
    assert report.is_balanced
    system.wait_for_empty_queues()


def test_the_schedule_closes_the_books_within_two_minutes(
    left_alone: tuple[System, str],
) -> None:
    system, key = left_alone

    system.wait(lambda: system.reports(key), what="report", timeout=120)

    [report] = system.reports(key)
    assert report.summary["sent"] == 3
