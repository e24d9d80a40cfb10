"""Metrics, published to CloudWatch in lines of the log at the end of each invocation."""

from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import ParamSpec, TypeVar

from aws_lambda_powertools.metrics import EphemeralMetrics

from smsdrop.metrics import Measured, Metric

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Metrics:
    """
    Keeps what any thread measures until it is published.

    The environment names the namespace and, as the service, the stack.
    """

    def __init__(self) -> None:
        self._values: defaultdict[Metric, list[float]] = defaultdict(list)
        self._lock = Lock()

    def add(self, measured: Measured) -> None:
        with self._lock:
            for metric, value in measured.items():
                self._values[metric].append(float(value))

    def published(self, handler: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        """Have the handler publish what was measured, however it ends."""

        @wraps(handler)
        def handle(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
            try:
                return handler(*args, **kwargs)
            finally:
                self.publish()

        return handle

    def publish(self) -> None:
        """Publish times one by one, for their percentiles, and all else as sums."""
        with self._lock:
            values, self._values = self._values, defaultdict(list)
        if not values:
            return
        metrics = EphemeralMetrics()
        for metric, each in values.items():
            for value in each if metric is Metric.CALL_LATENCY else [sum(each)]:
                metrics.add_metric(name=metric, unit=metric.unit, value=value)
        metrics.flush_metrics()
