"""A stack in memory, as the command line has found it."""

from typing import TYPE_CHECKING

import pytest

from smsdrop_cli.deployment.clients import Clients
from smsdrop_cli.deployment.stack import Stack
from tests.support.terminal import Terminal

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

pytest_plugins = ["tests.support.aws_fixtures"]


@pytest.fixture
def deployed(s3: "S3Client", bucket: str, dynamodb: "DynamoDBClient", ledger_table: str) -> Stack:
    clients = Clients(region="cn-north-1")
    vars(clients).update(s3=s3, dynamodb=dynamodb)
    return Stack(
        name="smsdrop",
        outputs={"Bucket": bucket, "LedgerTable": ledger_table, "Operate": "o", "Logs": "l"},
        parameters={"Language": "en", "DefaultTemplateCode": "", "DefaultSignName": "云通信"},
        clients=clients,
    )


@pytest.fixture
def terminal(deployed: Stack) -> Terminal:
    return Terminal(deployed)
