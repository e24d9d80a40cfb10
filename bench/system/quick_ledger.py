"""The ledger's table in a DynamoDB that answers as fast as the real one does."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import boto3

from local.aws.child import child

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Environment = Mapping[str, str]


@contextmanager
def quick_ledger(environment: Environment) -> Iterator[Environment]:
    """Copy the deployed table, without what is in it; yield what an environment needs to use it."""
    with child("dynamodb", "-m", "bench.servers.quick_dynamodb") as server:
        endpoint = json.loads(server.first_line(timeout=30))["endpoint"]
        name = environment["LEDGER_TABLE"]
        table = client(environment, "AWS_ENDPOINT_URL").describe_table(TableName=name)["Table"]
        quick = {"AWS_ENDPOINT_URL_DYNAMODB": endpoint}
        client({**environment, **quick}).create_table(
            TableName=name,
            AttributeDefinitions=table["AttributeDefinitions"],
            KeySchema=table["KeySchema"],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": index["IndexName"],
                    "KeySchema": index["KeySchema"],
                    "Projection": index["Projection"],
                }
                for index in table["GlobalSecondaryIndexes"]
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        yield quick


def client(
    environment: Environment, endpoint: str = "AWS_ENDPOINT_URL_DYNAMODB"
) -> "DynamoDBClient":
    session = boto3.Session(
        environment["AWS_ACCESS_KEY_ID"],
        environment["AWS_SECRET_ACCESS_KEY"],
        region_name=environment["AWS_REGION"],
    )
    return session.client("dynamodb", endpoint_url=environment[endpoint])
