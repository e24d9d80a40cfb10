"""A person is notified by the topic."""

import json
from typing import TYPE_CHECKING

import boto3

from smsdrop.aws.sns import AlarmTopic

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

pytest_plugins = ["tests.support.aws_fixtures"]


def test_who_subscribes_to_the_topic_is_notified(
    session: boto3.Session, sqs: "SQSClient", queue_url: str
) -> None:
    sns = session.client("sns")
    arn = sns.create_topic(Name="alarms")["TopicArn"]
    [queue_arn] = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])[
        "Attributes"
    ].values()
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue_arn)

    AlarmTopic(sns, arn).notify("smsdrop: sending is paused", "余额不足")

    [message] = sqs.receive_message(QueueUrl=queue_url)["Messages"]
    notice = json.loads(message["Body"])
    assert (notice["TopicArn"], notice["Subject"], notice["Message"]) == (
        arn,
        "smsdrop: sending is paused",
        "余额不足",
    )
