"""Which stack is meant, and the sentence for what AWS does not let a person do."""

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    ProfileNotFound,
)

from local import ROOT
from local.template.reading import load
from smsdrop_cli.deployment.clients import Clients
from smsdrop_cli.deployment.defaults import default_of
from smsdrop_cli.deployment.failures import CannotBeDone, sentence_of
from smsdrop_cli.deployment.stack import NEEDED, Stack


class CloudFormation:
    """Knows one stack, or none."""

    def __init__(self, stack: dict[str, Any] | None) -> None:
        self._stack = stack

    def describe_stacks(self, **_: str) -> dict[str, Any]:
        if self._stack is None:
            raise refused("ValidationError", "DescribeStacks")
        return {"Stacks": [self._stack]}


def refused(code: str, operation: str = "GetItem") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "No, not so."}}, operation)


def named(stack: dict[str, Any] | None) -> Stack:
    clients = Clients(region="cn-north-1")
    vars(clients)["cloudformation"] = CloudFormation(stack)
    return Stack.named("mine", clients)


def test_a_stack_is_what_its_outputs_and_parameters_say() -> None:
    outputs = [{"OutputKey": each, "OutputValue": each.lower()} for each in NEEDED]
    language = {"ParameterKey": "Language", "ParameterValue": "zh"}

    stack = named({"Outputs": outputs, "Parameters": [language]})

    assert (stack.bucket, stack.language) == ("bucket", "zh")


def test_the_template_has_the_outputs_that_are_needed() -> None:
    assert set(NEEDED) <= set(load(ROOT / "template.yaml")["Outputs"])


@pytest.mark.parametrize(
    ("stack", "said"),
    [
        pytest.param(None, "There is no stack mine in cn-north-1", id="none"),
        pytest.param({"StackName": "mine"}, "not one of smsdrop's", id="somebody else's"),
    ],
)
def test_another_stack_cannot_be_spoken_to(stack: dict[str, Any] | None, said: str) -> None:
    with pytest.raises(CannotBeDone, match=said):
        named(stack)


@pytest.mark.parametrize(
    ("config", "name", "value"),
    [
        ('[default.global.parameters]\nstack_name = "sms"', "stack_name", "sms"),
        ('[default.deploy.parameters]\nregion = "cn-north-1"', "region", "cn-north-1"),
        ('[default.deploy.parameters]\nstack_name = "sms"', "stack_name", "sms"),
        ('[dev.global.parameters]\nstack_name = "dev"', "stack_name", None),
        (
            """
            [default.global.parameters]
            stack_name = "a"
            [default.deploy.parameters]
            stack_name = "b"
            """,
            "stack_name",
            "b",
        ),
    ],
)
def test_what_is_not_named_is_that_of_samconfig(
    tmp_path: Path, config: str, name: str, value: str | None
) -> None:
    samconfig = tmp_path / "samconfig.toml"
    samconfig.write_text(config)

    assert default_of(name, samconfig) == value


def test_without_samconfig_nothing_is_known(tmp_path: Path) -> None:
    assert default_of("stack_name", tmp_path / "samconfig.toml") is None


def test_the_projects_own_samconfig_names_a_stack() -> None:
    assert default_of("stack_name") == "smsdrop"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (CannotBeDone("Not so."), "Not so."),
        (NoCredentialsError(), "There are no AWS credentials"),
        (NoRegionError(), "--region"),
        (ProfileNotFound(profile="x"), "(x) could not be found"),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:9"), "http://127.0.0.1:9"),
        (BotoCoreError(), "The client of AWS has failed"),
        (refused("ExpiredToken"), "credentials (ExpiredToken)"),
        (refused("AccessDeniedException"), "does not allow GetItem"),
        (refused("Strange"), "AWS has refused GetItem: No, not so. (Strange)"),
    ],
)
def test_each_failure_has_a_sentence(error: Exception, said: str) -> None:
    assert said in str(sentence_of(error))


def test_a_bug_has_none() -> None:
    assert sentence_of(KeyError("x")) is None
