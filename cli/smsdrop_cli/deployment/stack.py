"""A deployed stack, as it describes itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from botocore.exceptions import ClientError

from smsdrop.aws.dynamodb import DynamoLedger
from smsdrop.aws.s3 import Bucket
from smsdrop_cli.deployment.clients import Clients
from smsdrop_cli.deployment.failures import CannotBeDone

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

NEEDED = ("Bucket", "LedgerTable", "Operate", "Logs")
"""The outputs that make a stack one of smsdrop's."""

NO_SUCH_STACK = "ValidationError"
"""What CloudFormation answers for a stack that does not exist."""


@dataclass(frozen=True, kw_only=True)
class Stack:
    """Its outputs and parameters, and what is reached through them."""

    name: str
    outputs: Mapping[str, str]
    parameters: Mapping[str, str]
    clients: Clients

    @classmethod
    def named(cls, name: str, clients: Clients) -> Self:
        """Raises `CannotBeDone` unless there is such a stack, and it is smsdrop's."""
        described = _described(name, clients)
        outputs = {each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", ())}
        if not set(NEEDED) <= outputs.keys():
            raise CannotBeDone(f"Stack {name} in {clients.where} is not one of smsdrop's.")
        parameters = {
            each["ParameterKey"]: each.get("ParameterValue", "")
            for each in described.get("Parameters", ())
        }
        return cls(name=name, outputs=outputs, parameters=parameters, clients=clients)

    @property
    def bucket(self) -> str:
        return self.outputs["Bucket"]

    @property
    def objects(self) -> Bucket:
        return Bucket(self.clients.s3, self.bucket)

    @property
    def ledger(self) -> DynamoLedger:
        return DynamoLedger(self.clients.dynamodb, self.outputs["LedgerTable"])

    @property
    def language(self) -> str:
        """The language in which the stack speaks to people."""
        return self.parameters.get("Language", "en")


def _described(name: str, clients: Clients) -> "StackTypeDef":
    try:
        [stack] = clients.cloudformation.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] == NO_SUCH_STACK:
            raise CannotBeDone(
                f"There is no stack {name} in {clients.where}: name yours with --stack, or in"
                " SMSDROP_STACK."
            ) from error
        raise
    return stack
