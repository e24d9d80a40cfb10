"""The SNS topic that notifies a person."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


class AlarmTopic:
    def __init__(self, sns: "SNSClient", arn: str) -> None:
        self._sns = sns
        self._arn = arn

    def notify(self, subject: str, text: str) -> None:
        self._sns.publish(TopicArn=self._arn, Subject=subject, Message=text)
