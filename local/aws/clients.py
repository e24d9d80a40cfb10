"""Clients for the local AWS."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

REGION = "us-east-1"
ACCESS_KEY_ID = SECRET_ACCESS_KEY = "test"  # noqa: S105 - the one pair that ministack accepts


class Clients:
    """A client for each service that the system uses, made on first use."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._session = boto3.Session(ACCESS_KEY_ID, SECRET_ACCESS_KEY, region_name=REGION)
        self._config = Config(
            proxies={},  # the proxies of the host are not for loopback
            max_pool_connections=50,
            read_timeout=300,  # an invoked function may take long,
            retries={"total_max_attempts": 1},  # and must not be invoked again meanwhile
        )

    @cached_property
    def cloudformation(self) -> "CloudFormationClient":
        return self._session.client(
            "cloudformation", endpoint_url=self.endpoint, config=self._config
        )

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        return self._session.client("dynamodb", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def events(self) -> Any:
        return self._session.client("events", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def functions(self) -> "LambdaClient":
        return self._session.client("lambda", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def iam(self) -> Any:
        return self._session.client("iam", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def logs(self) -> "CloudWatchLogsClient":
        return self._session.client("logs", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def s3(self) -> "S3Client":
        return self._session.client("s3", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def secrets(self) -> "SecretsManagerClient":
        return self._session.client(
            "secretsmanager", endpoint_url=self.endpoint, config=self._config
        )

    @cached_property
    def sns(self) -> "SNSClient":
        return self._session.client("sns", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def sqs(self) -> "SQSClient":
        return self._session.client("sqs", endpoint_url=self.endpoint, config=self._config)
