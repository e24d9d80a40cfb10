"""CloseCampaigns, as woken by functions that have ended a campaign."""

import json
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from smsdrop.metrics import Measured, Metric

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


WAKE_CONFIG = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1})
"""Our choice: a text's message waits for it, and the tick makes up for one that fails."""


class Closer:
    """
    Its client is made for the first wake-up: a sender that makes none starts without it.

    Threads may wake at the same time, and making a client is not thread-safe.
    """

    def __init__(
        self,
        make_client: "Callable[[], LambdaClient]",
        *,
        function_name: str,
        measure: Callable[[Measured], None] = lambda _: None,
    ) -> None:
        self._make_client = make_client
        self._function_name = function_name
        self._measure = measure
        self._client: LambdaClient | None = None
        self._lock = Lock()

    def wake(self, campaign_id: str) -> None:
        """Have the campaign's turn come now; a wake-up that does not get through is counted."""
        try:
            self._made().invoke(
                FunctionName=self._function_name,
                InvocationType="Event",
                Payload=json.dumps({"campaign_id": campaign_id}).encode(),
            )
        except (ClientError, BotoCoreError):
            self._measure({Metric.WAKES_FAILED: 1})

    def _made(self) -> "LambdaClient":
        with self._lock:
            if self._client is None:
                self._client = self._make_client()
            return self._client
