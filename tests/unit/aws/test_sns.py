"""Notices on their way to people, or not."""

import json
from typing import TYPE_CHECKING

import boto3
import pytest

from smsdrop.aws.sns import NOTICE_CONFIG, AlarmTopic, ReportTopic
from smsdrop.metrics import Measured, Metric

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

pytest_plugins = ["tests.support.aws_fixtures"]


@pytest.fixture
def sns(aws: None) -> "SNSClient":
    return boto3.client("sns")


def test_a_notice_is_on_its_way_once_sns_has_it(sns: "SNSClient") -> None:
    topic = AlarmTopic(sns, sns.create_topic(Name="alarms")["TopicArn"])

    assert topic.notify("a subject", "a text")


def test_a_notice_that_sns_refuses_is_counted_and_raises_nothing(sns: "SNSClient") -> None:
    measured: list[Measured] = []
    arn = sns.create_topic(Name="alarms")["TopicArn"]
    topic = AlarmTopic(sns, f"{arn}-of-another-name", measure=measured.append)

    assert not topic.notify("a subject", "a text")
    assert measured == [{Metric.NOTICES_FAILED: 1}]


def test_a_notice_to_where_no_one_answers_is_given_up_in_seconds() -> None:
    nowhere = boto3.client(
        "sns",
        region_name="us-east-1",
        endpoint_url="http://127.0.0.1:9",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=NOTICE_CONFIG,
    )

    assert not AlarmTopic(nowhere, "arn:aws:sns:us-east-1:1:alarms").notify("a subject", "a text")


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


def test_a_report_is_delivered_once_sns_has_it(sns: "SNSClient") -> None:
    topic = ReportTopic(sns, sns.create_topic(Name="reports")["TopicArn"])

    assert topic.say("smsdrop: closed", "已结束") == ""


def test_a_report_that_sns_refuses_is_a_code(sns: "SNSClient") -> None:
    arn = sns.create_topic(Name="reports")["TopicArn"]

    assert ReportTopic(sns, f"{arn}-of-another-name").say("a subject", "a text") == "NotFound"
