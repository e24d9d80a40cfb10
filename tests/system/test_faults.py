"""Everyone is texted once whatever breaks on the way: the whole system."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from local.gateway.faults import Fault
from tests.support.interference import kill_senders, queue_shut
from tests.support.whole_system import System, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system

LONGER_THAN_A_CALL_SECONDS = 2.5
"""With the short times of these tests, a call waits two seconds for its answer."""

SOON_SECONDS = 20
"""Far more than it takes; a machine that is busy with other things may stall."""

LOOKUPS_PER_SECOND = 100
"""What the provider lets in; the stack does not know of it."""

SLACK = 4
"""How much longer it may take on a machine that is busy with other tests."""

DEALT = {
    "drop_before": (3, 21, 39),
    "drop_after": (6, 24, 42),
    "throttle": (9, 27, 45),
    "unavailable": (12, 30, 48),
    "garbage": (15, 33, 51),
    "lose_answer": (18, 36, 54),
}
"""By the number of the call: lost before, lost after, refused, broken, unreadable, too late."""


def test_ten_thousand_are_texted_once_though_calls_fail_in_every_way(system: System) -> None:
    for kind, calls in DEALT.items():
        lag = LONGER_THAN_A_CALL_SECONDS if kind == "lose_answer" else None
        system.gateway.add_fault(Fault(kind=kind, numbers=calls, lag_after_seconds=lag))
    numbers = new_numbers(10_000)

    key = system.drop("everything breaks.csv", numbers)
    report = system.closed(key)

    system.wait_for_empty_queues()
    met = system.gateway.summary().faults
    carried_out = {each.fault for each in system.calls() if each.fault and each.accepted}
    assert {kind: met[kind] for kind in DEALT} == {kind: len(DEALT[kind]) for kind in DEALT}
    assert carried_out == {"drop_after", "lose_answer"}
    assert system.not_once(numbers) == {}
    assert report.summary["sent"] == 10_000
    assert report.summary["sent_twice"] == 0
    assert report.summary["calls"] >= len(system.calls())
    assert report.is_balanced


def test_of_a_hundred_with_one_bad_number_ninety_nine_are_sent(system: System) -> None:
    numbers = new_numbers(100)
    bad = numbers[37]
    system.gateway.change_settings(a_bad_number_fails="call", bad_numbers=[bad])

    key = system.drop("one bad.csv", numbers)
    report = system.closed(key)

    [refused] = [row for row in report.rows() if row["smsdrop_status"] == "refused"]
    assert system.not_once(numbers) == {bad: 0}
    assert len(system.calls()) <= 15
    assert (report.summary["sent"], report.summary["refused"]) == (99, 1)
    assert refused["phone_number"] == bad
    assert "isv.MOBILE_NUMBER_ILLEGAL" in refused["smsdrop_reason"]
    assert report.unsent_numbers() == [bad]
    assert report.is_balanced
    system.wait_for_empty_queues()


def test_senders_killed_in_the_middle_of_their_calls_leave_nobody_out(system: System) -> None:
    numbers = new_numbers(3000)
    system.gateway.change_settings(latency_seconds=0.3)
    key = system.drop("killed senders.csv", numbers)

    system.wait_for_texts(500)
    killed = kill_senders(system)
    system.gateway.change_settings(latency_seconds=0)
    report = system.closed(key)

    system.wait_for_empty_queues()
    assert killed >= 1
    assert system.not_once(numbers) == {}
    assert report.summary["sent"] == 3000
    assert report.is_balanced


def test_the_report_comes_soon_after_the_last_text_and_what_was_absent_is_verified_then(
    system: System,
) -> None:
    system.gateway.add_fault(Fault(kind="drop_before", numbers=tuple(range(6, 31, 6))))
    numbers = new_numbers(3000)

    key = system.drop("some are lost.csv", numbers)
    system.wait_for_texts(3000)
    texted_at = time.monotonic()
    report = system.closed(key)
    seconds = time.monotonic() - texted_at
    system.close_for_good(key)

    absent = [each for each in system.entries(key) if "absent" in each]
    system.wait_for_empty_queues()
    assert system.not_once(numbers) == {}
    assert report.summary["sent"] == 3000
    assert report.is_balanced
    assert seconds < SOON_SECONDS
    assert len(absent) == 5
    assert all("verified_at" in each for each in absent)


def test_messages_that_the_queue_loses_are_queued_again(system: System) -> None:
    numbers = new_numbers(3000)
    system.gateway.change_settings(latency_seconds=0.1)
    key = system.drop("purged.csv", numbers)
    system.queued(key)
    system.wait_for_texts(500)

    with queue_shut(system):
        system.wait(lambda: not system.stack.queue_counts().held, what="end of the calls")
        system.stack.clients.sqs.purge_queue(QueueUrl=system.stack.queue_url)
        texts_when_purged = system.gateway.summary().texts
    report = system.closed(key)

    system.wait_for_empty_queues()
    assert 500 <= texts_when_purged < 3000
    assert system.not_once(numbers) == {}
    assert report.summary["sent"] == system.calls_carried_out() * 100 == 3000


def test_lookups_that_take_half_a_second_each_settle_a_hundred_in_doubt_at_once(
    system: System,
) -> None:
    numbers = new_numbers(100)
    system.gateway.add_fault(Fault(kind="drop_before", numbers=(1,)))
    system.gateway.add_fault(Fault(kind="lag", action="QuerySendDetails", lag_after_seconds=0.45))

    key = system.drop("slow lookups.csv", numbers)
    report = system.closed(key)

    assert system.not_once(numbers) == {}
    assert (report.summary["sent"], report.summary["sent_twice"]) == (100, 0)
    lookups = list(system.gateway.requests(action="QuerySendDetails"))
    assert len(lookups) <= 3 * len(numbers)


def test_bodies_too_large_for_a_proxy_are_halved_until_they_pass(system: System) -> None:
    numbers = new_numbers(300)
    system.gateway.change_settings(max_body_bytes=2_000)  # a hundred of these take more

    report = system.closed(system.drop("through a narrow proxy.csv", numbers))

    assert system.not_once(numbers) == {}
    assert report.summary["sent"] == 300
    assert system.gateway.summary().calls["SendBatchSms"]["not JSON"] >= 3
    assert "QuerySendDetails" not in system.gateway.summary().calls


def test_a_thousand_in_doubt_settle_as_fast_as_the_provider_lets_them_be_looked_up(
    system: System,
) -> None:
    calls = 10
    numbers = new_numbers(100 * calls)
    system.gateway.change_settings(calls_per_second=LOOKUPS_PER_SECOND)
    system.gateway.add_fault(Fault(kind="drop_before", numbers=tuple(range(1, calls + 1))))

    key = system.drop("all in doubt.csv", numbers)
    system.wait(lambda: len(system.calls()) == calls, what="calls")
    settled_from = max(float(each["settle_after"]["N"]) for each in system.entries(key))
    in_time = SLACK * len(numbers) / LOOKUPS_PER_SECOND
    everyone = f"{len(numbers)} texts"
    system.wait(lambda: len(system.texts()) == len(numbers), what=everyone, timeout=3 * in_time)
    seconds = time.time() - settled_from
    report = system.closed(key)

    assert system.not_once(numbers) == {}
    assert report.summary["sent"] == len(numbers)
    assert seconds < in_time


def test_each_of_three_hundred_small_files_dropped_at_once_gets_its_report(system: System) -> None:
    numbers = new_numbers(300)

    with ThreadPoolExecutor(20) as people:
        files = people.map(lambda place: system.drop(f"{place}.csv", [numbers[place]]), range(300))
    keys = list(files)
    system.wait(lambda: system.gateway.summary().texts >= 300, what="300 texts", timeout=240)
    system.wait_for_empty_queues()
    system.close()
    reports = [system.closed(key) for key in keys]

    assert system.not_once(numbers) == {}
    assert [each.summary["sent"] for each in reports] == [1] * len(numbers)
