"""What was counted, told to CloudWatch at the end of each invocation, in lines of the log."""

from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import ParamSpec, TypeVar

from aws_lambda_powertools.metrics import EphemeralMetrics

from smsdrop.metrics import Count, Counted

Arguments = ParamSpec("Arguments")

Result = TypeVar("Result")


class Metrics:
    """
    Keeps what any thread counts until it is published.

    The environment names the namespace and, as the service, the stack.
    """

    def __init__(self) -> None:
        self._values: defaultdict[Count, list[float]] = defaultdict(list)
        self._lock = Lock()

    def add(self, counted: Counted) -> None:
        with self._lock:
            for count, value in counted.items():
                self._values[count].append(float(value))

    def published(self, handler: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        """Have the handler publish what was counted, however it ends."""

        @wraps(handler)
        def handle(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
            try:
                return handler(*args, **kwargs)
            finally:
                self.publish()

        return handle

    def publish(self) -> None:
        """Times are published one by one, for their percentiles; all else in sum."""
        with self._lock:
            values, self._values = self._values, defaultdict(list)
        if not values:
            return
        metrics = EphemeralMetrics()
        for count, each in values.items():
            for value in each if count is Count.CALL_LATENCY else [sum(each)]:
                metrics.add_metric(name=count, unit=count.unit, value=value)
        metrics.flush_metrics()
