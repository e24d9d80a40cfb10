"""What is delivered or tried twice is sent once: the whole system."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.interference import bucket_silent, parse_until_killed, queue_shut
from tests.support.whole_system import System, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system


def at_once(system: System, function: str, event: dict[str, Any], *, times: int) -> None:
    system.stack.function(function)
    with ThreadPoolExecutor(times) as threads:
        answers = list(threads.map(lambda _: system.stack.invoke(function, event), range(times)))
    assert "errorMessage" not in str(answers)


def test_an_s3_event_delivered_again_later_texts_nobody_again(system: System) -> None:
    numbers = new_numbers(250)
    key = system.drop("again.csv", numbers)
    system.closed(key)

    system.stack.invoke("ParseRecipients", system.event(key))
    system.closed(key)

    system.wait_for_empty_queues()
    assert system.not_once(numbers) == {}
    assert system.calls_carried_out() == 3


def test_an_s3_event_delivered_several_times_at_once_makes_one_campaign(system: System) -> None:
    numbers = new_numbers(3000)

    key = system.drop("at once.csv", numbers)
    at_once(system, "ParseRecipients", system.event(key), times=4)
    report = system.closed(key)

    system.wait_for_empty_queues()
    assert system.not_once(numbers) == {}
    assert report.summary["batches"] == system.calls_carried_out() == 30


def test_every_queue_message_delivered_twice_is_sent_once(system: System) -> None:
    numbers = new_numbers(3000)
    with queue_shut(system):
        key = system.drop("messages twice.csv", numbers)
        system.queued(key)
        for message in system.batches(key):
            system.stack.clients.sqs.send_message(
                QueueUrl=system.stack.queue_url, MessageBody=message
            )
        messages = system.stack.queue_counts().waiting

    report = system.closed(key)

    system.wait_for_empty_queues()
    assert messages == 60
    assert system.not_once(numbers) == {}
    assert report.summary["batches"] == system.calls_carried_out() == 30


def test_a_message_in_the_hands_of_several_senders_at_once_is_sent_once(system: System) -> None:
    numbers = new_numbers(300)
    system.gateway.change_settings(latency_seconds=0.5)
    with queue_shut(system):
        key = system.drop("many hands.csv", numbers)
        system.queued(key)

        at_once(system, "SendBatch", sqs_event(system.batches(key)), times=4)

        assert system.not_once(numbers) == {}
        assert system.calls_carried_out() == 3
    report = system.closed(key)

    system.wait_for_empty_queues()
    assert report.summary["batches"] == system.calls_carried_out() == 3


def test_a_parse_killed_after_its_seventh_ten_messages_and_run_again_texts_everyone_once(
    system: System,
) -> None:
    numbers = new_numbers(10_000)
    with bucket_silent(system):
        key = system.drop("killed.csv", numbers)
        parse_until_killed(system, key, calls=7)
    system.wait_for_texts(7000)
    was_checkpointed = "queued" in system.campaign(key)
    texts_when_killed = system.gateway.summary().texts

    system.stack.invoke("ParseRecipients", system.event(key))
    report = system.closed(key)

    system.wait_for_empty_queues()
    assert (was_checkpointed, texts_when_killed) == (False, 7000)
    assert system.not_once(numbers) == {}
    assert report.summary["sent"] == 10_000
    assert system.calls_carried_out() == 100


def sqs_event(messages: list[str]) -> dict[str, Any]:
    records = [
        {
            "messageId": str(number),
            "receiptHandle": "of nobody",
            "body": message,
            "attributes": {"ApproximateReceiveCount": "1"},
            "eventSource": "aws:sqs",
        }
        for number, message in enumerate(messages)
    ]
    return {"Records": records}
