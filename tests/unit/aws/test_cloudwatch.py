"""What was counted is published as CloudWatch reads it from the log."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from smsdrop.aws.cloudwatch import Metrics
from smsdrop.metrics import Metric


@pytest.fixture(autouse=True)
def stack_name(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "smsdrop")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "prod")
    return "prod"


def published(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_counts_are_published_in_sum_under_the_name_of_the_stack(
    capsys: pytest.CaptureFixture[str],
) -> None:
    metrics = Metrics()

    metrics.add({Metric.CALLS: 1, Metric.CALLS_THROTTLED: 0})
    metrics.add({Metric.CALLS: 1})
    metrics.publish()

    [line] = published(capsys)
    assert (line["Calls"], line["CallsThrottled"]) == ([2], [0])
    [directive] = line["_aws"]["CloudWatchMetrics"]
    assert (directive["Namespace"], directive["Dimensions"]) == ("smsdrop", [["service"]])
    assert line["service"] == "prod"


def test_each_time_is_published_for_its_percentiles(capsys: pytest.CaptureFixture[str]) -> None:
    metrics = Metrics()

    for milliseconds in (50, 250):
        metrics.add({Metric.CALL_LATENCY: milliseconds})
    metrics.publish()

    [line] = published(capsys)
    assert line["CallLatency"] == [50, 250]
    [directive] = line["_aws"]["CloudWatchMetrics"]
    assert directive["Metrics"] == [{"Name": "CallLatency", "Unit": "Milliseconds"}]


def test_what_was_published_is_not_published_again(capsys: pytest.CaptureFixture[str]) -> None:
    metrics = Metrics()
    metrics.add({Metric.CALLS: 1})

    metrics.publish()
    metrics.publish()

    assert len(published(capsys)) == 1


def test_a_handler_that_fails_publishes_what_it_had_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    metrics = Metrics()

    @metrics.published
    def handler() -> None:
        metrics.add({Metric.CALLS: 1})
        raise LookupError

    with pytest.raises(LookupError):
        handler()

    [line] = published(capsys)
    assert line["Calls"] == [1]


def test_no_count_of_any_thread_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    metrics = Metrics()

    with ThreadPoolExecutor(8) as threads:
        for _ in range(2000):
            threads.submit(metrics.add, {Metric.TEXTS_SENT: 100})
    metrics.publish()

    [line] = published(capsys)
    assert line["TextsSent"] == [200_000]
