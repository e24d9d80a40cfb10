"""AWS in memory, its table, queue, bucket and secret as `template.yaml` has them."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest
from moto import mock_aws

from local.template.reading import Template, load

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient


REGION: Final = "cn-north-1"

MADE_OF = ("AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "KeySchema")
"""What a table is in memory; the rest of its properties protect it on AWS."""


@pytest.fixture(scope="session")
def template() -> Template:
    return load(Path(__file__).parents[2] / "template.yaml")


@pytest.fixture(scope="session")
def session() -> boto3.Session:
    """Makes clients that last for all tests; what is behind them is new for each."""
    return boto3.Session(
        aws_access_key_id="testing", aws_secret_access_key="testing", region_name=REGION
    )


@pytest.fixture(scope="session")
def dynamodb_client(session: boto3.Session) -> "DynamoDBClient":
    return session.client("dynamodb")


@pytest.fixture(scope="session")
def s3_client(session: boto3.Session) -> "S3Client":
    return session.client("s3")


@pytest.fixture(scope="session")
def sqs_client(session: boto3.Session) -> "SQSClient":
    return session.client("sqs")


@pytest.fixture(scope="session")
def secrets_client(session: boto3.Session) -> "SecretsManagerClient":
    return session.client("secretsmanager")


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
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
def dynamodb(aws: None, dynamodb_client: "DynamoDBClient") -> "DynamoDBClient":
    return dynamodb_client


@pytest.fixture
def ledger_table(dynamodb: "DynamoDBClient", template: Template) -> str:
    table = properties(template, "LedgerTable")
    dynamodb.create_table(TableName="ledger", **{each: table[each] for each in MADE_OF})
    return "ledger"


@pytest.fixture
def s3(aws: None, s3_client: "S3Client") -> "S3Client":
    return s3_client


@pytest.fixture
def bucket(s3: "S3Client", template: Template) -> str:
    s3.create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(
        Bucket="files",
        VersioningConfiguration=properties(template, "Files")["VersioningConfiguration"],
    )
    return "files"


@pytest.fixture
def sqs(aws: None, sqs_client: "SQSClient") -> "SQSClient":
    return sqs_client


@pytest.fixture
def queue_url(sqs: "SQSClient", template: Template) -> str:
    queue = properties(template, "BatchQueue")
    attributes = {
        each: str(queue[each]) for each in ("VisibilityTimeout", "MessageRetentionPeriod")
    }
    return sqs.create_queue(QueueName="batches", Attributes=attributes)["QueueUrl"]  # type: ignore[arg-type] # stubs name the keys


@pytest.fixture
def secrets(aws: None, secrets_client: "SecretsManagerClient") -> "SecretsManagerClient":
    return secrets_client
