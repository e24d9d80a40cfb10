"""The stack in a local AWS, with parameters that hold nothing back."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from bench.system.parsing import SIGN_NAME, TEMPLATE_CODE
from local.aws.clients import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from local.gateway.catalogue import CatalogueTemplate
from local.gateway.client import Gateway
from local.stack import Stack
from local.up import running

UNHINDERED = {"CallsPerSecond": "10000", "SettleAfterSeconds": "5"}
"""Parameters with which our own rate holds nothing back, so that it is not what is measured."""

API_SECONDS = 0.050
"""The least that a call to the provider takes, about as from the same region."""

TEMPLATE = CatalogueTemplate(content="尊敬的${name}，您的编号${code}，金额${amount}元。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    stack: Stack
    gateway: Gateway
    parameters: Mapping[str, str]

    def environment(self, function: str) -> dict[str, str]:
        """Return what a function of the template finds in its environment."""
        configuration = self._configuration(function)
        return {
            **configuration["Environment"]["Variables"],
            "AWS_ENDPOINT_URL": self.stack.aws.endpoint,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
        }

    def memory_megabytes(self, function: str) -> int:
        return int(self._configuration(function)["MemorySize"])

    def _configuration(self, function: str) -> Any:
        return self.stack.clients.functions.get_function_configuration(
            FunctionName=self.stack.function(function)
        )


@contextmanager
def deployment(*, latency_seconds: float = 0, **parameters: str) -> Iterator[Deployment]:
    """Run the system until the block ends, with these parameters in addition to `UNHINDERED`."""
    wanted = UNHINDERED | parameters
    with running(parameters=wanted) as stack, closing(Gateway(stack.sms_endpoint)) as gateway:
        gateway.set_catalogue(signs={SIGN_NAME: "approved"}, templates={TEMPLATE_CODE: TEMPLATE})
        gateway.change_settings(latency_seconds=latency_seconds)
        yield Deployment(stack=stack, gateway=gateway, parameters=wanted)
