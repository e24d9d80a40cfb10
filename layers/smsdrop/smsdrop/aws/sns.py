"""The SNS topics that notify people: of alarms, and of campaigns."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from smsdrop.metrics import Measured, Metric

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


NOTICE_CONFIG = Config(connect_timeout=3, read_timeout=5, retries={"total_max_attempts": 2})
"""Our choice: a notice that cannot be sent now is sent in a minute, and must not hold up others."""


class AlarmTopic:
    def __init__(
        self,
        sns: "SNSClient",
        arn: str,
        *,
        measure: Callable[[Measured], None] = lambda _: None,
    ) -> None:
        self._sns = sns
        self._arn = arn
        self._measure = measure

    def notify(self, subject: str, text: str) -> bool:
        """Notify a person, and say whether the notice is on its way; one that is not is counted."""
        try:
            self._sns.publish(TopicArn=self._arn, Subject=subject, Message=text)
        except (ClientError, BotoCoreError):
            self._measure({Metric.NOTICES_FAILED: 1})
            return False
        return True


class ReportTopic:
    """The channel of those who get reports by mail."""

    name = "mail"

    def __init__(self, sns: "SNSClient", arn: str) -> None:
        self._sns = sns
        self._arn = arn

    def say(self, subject: str, text: str) -> str:
        """Deliver it; return an empty text, or a code for why that failed."""
        try:
            self._sns.publish(TopicArn=self._arn, Subject=subject, Message=text)
        except ClientError as error:
            return error.response["Error"]["Code"]
        except BotoCoreError as error:
            return type(error).__name__
        return ""
