"""The names and units by which CloudWatch keeps what is measured."""

import pytest

from smsdrop.metrics import Metric


@pytest.mark.parametrize("metric", Metric)
def test_a_metric_is_called_in_cloudwatch_as_it_is_here(metric: Metric) -> None:
    assert metric == metric.name.title().replace("_", "")


@pytest.mark.parametrize("metric", Metric)
def test_times_are_milliseconds_and_all_else_is_counted(metric: Metric) -> None:
    assert metric.unit == ("Milliseconds" if metric is Metric.CALL_LATENCY else "Count")
