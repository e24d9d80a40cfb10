"""The adapters of one function, each built on first use as its environment says."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from smsdrop.alibaba.client import AliyunSms, CallTimes
from smsdrop.alibaba.metered import MeteredSms
from smsdrop.aws.client_config import LEAN
from smsdrop.aws.cloudwatch import Metrics
from smsdrop.aws.dynamodb import DynamoLedger
from smsdrop.aws.event_source import EventSource
from smsdrop.aws.secrets_manager import KeySecret
from smsdrop.aws.sns import AlarmTopic
from smsdrop.aws.sqs import BatchQueue

if TYPE_CHECKING:
    from boto3 import Session

    from smsdrop.aws.s3 import Bucket


SECONDS_A_DAY = 24 * 3600


class Parts:
    """One boto3 session makes all clients: loading a second one's models costs a cold start."""

    def __init__(
        self, session: "Session", environment: Mapping[str, str], metrics: Metrics
    ) -> None:
        self._session = session
        self._environment = environment
        self._metrics = metrics

    def setting(self, name: str) -> str:
        return self._environment[name]

    def seconds(self, name: str) -> float:
        return float(self._environment[name])

    @property
    def max_age_seconds(self) -> float:
        return float(self._environment["MAX_AGE_DAYS"]) * SECONDS_A_DAY

    @cached_property
    def files(self) -> "Bucket":
        from smsdrop.aws.s3 import Bucket  # and all that reads recipient files: senders do not

        return Bucket(self._session.client("s3"), self.setting("BUCKET"))

    @cached_property
    def ledger(self) -> DynamoLedger:
        dynamodb = self._session.client("dynamodb", config=LEAN)
        return DynamoLedger(dynamodb, self.setting("LEDGER_TABLE"), count=self._metrics.add)

    @cached_property
    def queue(self) -> BatchQueue:
        return BatchQueue(self._session.client("sqs", config=LEAN), self.setting("BATCH_QUEUE_URL"))

    @cached_property
    def call_times(self) -> CallTimes:
        return CallTimes.within(self.seconds("SEND_TIMEOUT_SECONDS"))

    @cached_property
    def gateway(self) -> MeteredSms:
        sms = AliyunSms(self.setting("SMS_ENDPOINT"), self.call_times)
        return MeteredSms(sms, self._metrics.add)

    @cached_property
    def keys(self) -> KeySecret:
        secrets = self._session.client("secretsmanager")
        return KeySecret(secrets, self.setting("SMS_KEYS_SECRET"))

    @cached_property
    def switch(self) -> EventSource:
        return EventSource(
            self._session.client("lambda"),
            function_name=self.setting("SEND_BATCH"),
            queue_arn=self.setting("BATCH_QUEUE_ARN"),
        )

    @cached_property
    def topic(self) -> AlarmTopic:
        return AlarmTopic(self._session.client("sns"), self.setting("ALARM_TOPIC"))
