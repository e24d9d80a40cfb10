"""AWS in memory, its table, queue, bucket and secret as `template.yaml` has them."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from local.template import Template, load

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient


@pytest.fixture(scope="session")
def template() -> Template:
    return load(Path(__file__).parents[1] / "template.yaml")


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "cn-north-1")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with mock_aws():
        yield


def properties(template: Template, name: str) -> dict[str, Any]:
    """Return the resource's own properties, each parameter by its default."""
    defaults = {each: fields["Default"] for each, fields in template["Parameters"].items()}
    return {
        each: defaults[value["Ref"]] if isinstance(value, dict) and "Ref" in value else value
        for each, value in template["Resources"][name]["Properties"].items()
    }


@pytest.fixture
def dynamodb(aws: None) -> "DynamoDBClient":
    return boto3.client("dynamodb")


@pytest.fixture
def ledger_table(dynamodb: "DynamoDBClient", template: Template) -> str:
    table = properties(template, "LedgerTable")
    del table["TimeToLiveSpecification"]  # CloudFormation sets it by a call of its own
    table["SSESpecification"] = {"Enabled": table["SSESpecification"]["SSEEnabled"]}
    dynamodb.create_table(TableName="ledger", **table)
    return "ledger"


@pytest.fixture
def s3(aws: None) -> "S3Client":
    return boto3.client("s3")


@pytest.fixture
def bucket(s3: "S3Client", template: Template) -> str:
    s3.create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": "cn-north-1"})
    s3.put_bucket_versioning(
        Bucket="files",
        VersioningConfiguration=properties(template, "Files")["VersioningConfiguration"],
    )
    return "files"


@pytest.fixture
def sqs(aws: None) -> "SQSClient":
    return boto3.client("sqs")


@pytest.fixture
def queue_url(sqs: "SQSClient", template: Template) -> str:
    queue = properties(template, "BatchQueue")
    attributes = {
        each: str(queue[each]) for each in ("VisibilityTimeout", "MessageRetentionPeriod")
    }
    return sqs.create_queue(QueueName="batches", Attributes=attributes)["QueueUrl"]  # type: ignore[arg-type] # stubs name the keys


@pytest.fixture
def secrets(aws: None) -> "SecretsManagerClient":
    return boto3.client("secretsmanager")
