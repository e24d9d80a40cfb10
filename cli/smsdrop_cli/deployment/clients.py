"""A client of boto3 for each service that the command line uses, made on first use."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from smsdrop_cli.deployment.defaults import default_of

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client

CONNECT_SECONDS = 10

LONGEST_INVOCATION_SECONDS = 900
"""No Lambda function runs longer, and an invocation must not be retried while it runs."""


@dataclass(frozen=True, kw_only=True)
class Clients:
    """What is not given is taken from the environment, as by every AWS client."""

    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None

    @cached_property
    def session(self) -> boto3.Session:
        session = boto3.Session(profile_name=self.profile, region_name=self.region)
        if session.region_name:
            return session
        return boto3.Session(profile_name=self.profile, region_name=default_of("region"))

    @property
    def where(self) -> str:
        """Name the region for a person, and the endpoint if it is not the region's."""
        region = self.session.region_name or "no region"
        return f"{region} at {self.endpoint_url}" if self.endpoint_url else region

    @cached_property
    def cloudformation(self) -> "CloudFormationClient":
        return self.session.client(
            "cloudformation", endpoint_url=self.endpoint_url, config=self._config
        )

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        return self.session.client("dynamodb", endpoint_url=self.endpoint_url, config=self._config)

    @cached_property
    def functions(self) -> "LambdaClient":
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=LONGEST_INVOCATION_SECONDS,
            retries={"total_max_attempts": 1},
        )
        return self.session.client("lambda", endpoint_url=self.endpoint_url, config=config)

    @cached_property
    def logs(self) -> "CloudWatchLogsClient":
        return self.session.client("logs", endpoint_url=self.endpoint_url, config=self._config)

    @cached_property
    def s3(self) -> "S3Client":
        return self.session.client("s3", endpoint_url=self.endpoint_url, config=self._config)

    @property
    def _config(self) -> Config:
        return Config(connect_timeout=CONNECT_SECONDS)
