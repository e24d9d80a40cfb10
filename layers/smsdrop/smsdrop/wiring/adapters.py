"""The adapters of one sandbox, each built on first use."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from smsdrop.alibaba.clock import CorrectedClock
from smsdrop.aws.cloudwatch import Metrics
from smsdrop.aws.dynamodb import DynamoLedger
from smsdrop.aws.functions.closer import WAKE_CONFIG, Closer
from smsdrop.aws.functions.event_source import EventSource
from smsdrop.aws.s3 import Bucket
from smsdrop.aws.secrets_manager import KeySecret
from smsdrop.aws.session import CLIENT_CONFIG, SECRET_CONFIG, Session
from smsdrop.aws.sns import NOTICE_CONFIG, AlarmTopic, ReportTopic
from smsdrop.aws.sqs import BatchQueue, Queue
from smsdrop.log_lines import LogLine
from smsdrop.wiring.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

    from smsdrop.alibaba.client import CallTimes
    from smsdrop.alibaba.metered import MeteredSms
    from smsdrop.aws.robot_secret import RobotSecret


CONNECTIONS = 50
"""Our choice: so many lookups make 200 a second if each takes a quarter of a second."""


class Adapters:
    """One session makes the clients of all of them."""

    def __init__(
        self,
        session: Session,
        environment: Mapping[str, str],
        metrics: Metrics,
        *,
        tell: Callable[[LogLine], None] = lambda _: None,
    ) -> None:
        self.settings = Settings(environment)
        self.clock = CorrectedClock()
        self._session = session
        self._metrics = metrics
        self._tell = tell

    def deadline(self, remaining_millis: float, *, margin_seconds: float) -> float:
        """Set the clock for an invocation that begins, and return when it has to be done."""
        self.clock.set()
        return self.clock() + remaining_millis / 1000 - margin_seconds

    @cached_property
    def bucket(self) -> Bucket:
        own_key = self.settings.kms_key_arn
        return Bucket(self._session.client("s3"), self.settings.bucket, own_key=own_key)

    @cached_property
    def ledger(self) -> DynamoLedger:
        dynamodb = self._session.client("dynamodb", config=CLIENT_CONFIG)
        return DynamoLedger(
            dynamodb, self.settings.ledger_table, measure=self._metrics.add, tell=self._tell
        )

    @cached_property
    def queue(self) -> BatchQueue:
        return BatchQueue(self._sqs, self.settings.batch_queue_url)

    @cached_property
    def dead_letters(self) -> BatchQueue:
        return BatchQueue(self._sqs, self.settings.dead_letters_url)

    @cached_property
    def _sqs(self) -> "SQSClient":
        client: SQSClient = self._session.client("sqs", config=CLIENT_CONFIG)
        return client

    @cached_property
    def drop_retries(self) -> Queue:
        return Queue(self._session.client("sqs"), self.settings.drop_retries_url)

    @cached_property
    def call_times(self) -> "CallTimes":
        from smsdrop.alibaba.client import CallTimes

        return CallTimes.within(self.settings.send_timeout_seconds)

    @cached_property
    def gateway(self) -> "MeteredSms":
        """Its HTTP client is a tenth of a cold start, which only functions that call should pay."""
        from smsdrop.alibaba.client import AliyunSms
        from smsdrop.alibaba.metered import MeteredSms

        sms = AliyunSms(
            self.settings.sms_endpoint,
            self.call_times,
            connections=CONNECTIONS,
            clock=self.clock,
        )
        return MeteredSms(sms, self._metrics.add)

    @cached_property
    def keys(self) -> KeySecret:
        return KeySecret(self._secrets, self.settings.sms_keys_secret)

    @cached_property
    def robots(self) -> "RobotSecret":
        """Its reader is loaded only by the one function that notifies robots."""
        from smsdrop.aws.robot_secret import RobotSecret

        return RobotSecret(self._secrets, self.settings.robots_secret, self.clock)

    @cached_property
    def _secrets(self) -> "SecretsManagerClient":
        client: SecretsManagerClient = self._session.client("secretsmanager", config=SECRET_CONFIG)
        return client

    @cached_property
    def switch(self) -> EventSource:
        return EventSource(
            self._session.client("lambda"),
            function_name=self.settings.send_batch_name,
            queue_arn=self.settings.batch_queue_arn,
        )

    @cached_property
    def closer(self) -> Closer:
        return Closer(
            lambda: self._session.client("lambda", config=WAKE_CONFIG),
            function_name=self.settings.close_campaigns_name,
            measure=self._metrics.add,
        )

    @cached_property
    def topic(self) -> AlarmTopic:
        return AlarmTopic(self._sns, self.settings.alarm_topic, measure=self._metrics.add)

    @cached_property
    def report_topic(self) -> ReportTopic | None:
        """None if nobody is notified by mail."""
        arn = self.settings.report_topic
        return ReportTopic(self._sns, arn) if arn else None

    @cached_property
    def _sns(self) -> "SNSClient":
        client: SNSClient = self._session.client("sns", config=NOTICE_CONFIG)
        return client
