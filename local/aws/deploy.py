"""Deploys the project's template into the local AWS."""

import json
import platform
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from local.aws import artefacts, bridges
from local.aws.clients import Clients
from local.aws.waiting import wait_until
from local.template.reading import Template, code_folders, load

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.literals import CapabilityType
    from mypy_boto3_cloudformation.type_defs import ParameterTypeDef

ARTEFACT_BUCKET = "local-artefacts"
DEPLOY_SECONDS = 60.0
CAPABILITIES: "list[CapabilityType]" = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]

LOCAL_MINIMA = {"SendTimeoutSeconds": 3}
"""The stand-in for the provider answers at once, and no one waits a minute here."""

NOTHING_TO_UPDATE = "No updates are to be performed"
"""Only the message says so: CloudFormation's error code is the same for every wrong request."""


class DeployFailedError(Exception):
    """A stack could not be deployed; the text names the resources and their reasons."""


def deploy(
    clients: Clients, *, root: Path, stack_name: str, parameters: Mapping[str, str]
) -> dict[str, str]:
    """
    Create or update the stack from the project at `root`, and return its outputs.

    Parameters that are not given keep the template's defaults, except the processor, which is
    this machine's. The same local AWS can hold several stacks of different names.
    """
    whole = with_local_minima(bridges.for_ministack(load(root / "template.yaml")))
    upload_code(clients, whole, root)
    if unknown := parameters.keys() - whole["Parameters"].keys():
        raise DeployFailedError(f"template.yaml has no parameter {', '.join(sorted(unknown))}")
    if "Architecture" in whole["Parameters"]:
        parameters = {"Architecture": architecture(), **parameters}
    put_stack(clients, stack_name, whole, parameters)
    outputs = finished(clients, stack_name)
    bridges.limit_concurrency(clients, stack_name)
    return outputs


def with_local_minima(whole: Template) -> Template:
    """Return the template with the minima that are lower here than on AWS."""
    for name, least in LOCAL_MINIMA.items():
        if name in whole["Parameters"]:
            whole["Parameters"][name]["MinValue"] = least
    return whole


def architecture() -> str:
    """Return Lambda's name for this machine's processor."""
    return "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"


def finished(clients: Clients, stack_name: str) -> dict[str, str]:
    """Wait until the stack's deployment has ended, and return its outputs."""
    status = wait_until(
        lambda: settled_status(clients, stack_name),
        timeout=DEPLOY_SECONDS,
        what=f"end of the deployment of {stack_name}",
    )
    if status not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        reasons = "; ".join(failures(clients, stack_name))
        raise DeployFailedError(f"{stack_name} is {status}: {reasons}")
    stack = clients.cloudformation.describe_stacks(StackName=stack_name)["Stacks"][0]
    return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}


def upload_code(clients: Clients, whole: Template, root: Path) -> None:
    """Upload each folder of code to a bucket, and put its address into the template."""
    clients.s3.create_bucket(Bucket=ARTEFACT_BUCKET)
    for properties, name in code_folders(whole):
        pack = artefacts.layer if name == "ContentUri" else artefacts.function
        artefact = pack(root / properties[name])
        clients.s3.put_object(Bucket=ARTEFACT_BUCKET, Key=artefact.key, Body=artefact.body)
        properties[name] = f"s3://{ARTEFACT_BUCKET}/{artefact.key}"


def upload_template(clients: Clients, whole: Template) -> str:
    """Upload the template, as sam does, and return its URL: a request takes only 51,200 bytes."""
    body = json.dumps(whole, default=str).encode()
    key = f"{sha256(body).hexdigest()}.template"
    clients.s3.create_bucket(Bucket=ARTEFACT_BUCKET)
    clients.s3.put_object(Bucket=ARTEFACT_BUCKET, Key=key, Body=body)
    return f"{clients.endpoint}/{ARTEFACT_BUCKET}/{key}"


def put_stack(
    clients: Clients, stack_name: str, whole: Template, parameters: Mapping[str, str]
) -> None:
    url = upload_template(clients, whole)
    values: list[ParameterTypeDef] = [
        {"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()
    ]
    cloudformation = clients.cloudformation
    try:
        cloudformation.create_stack(
            StackName=stack_name, TemplateURL=url, Parameters=values, Capabilities=CAPABILITIES
        )
    except cloudformation.exceptions.AlreadyExistsException:
        update_stack(clients, stack_name, url, values)
    except ClientError as error:
        raise DeployFailedError(f"{stack_name}: {error}") from error


def update_stack(
    clients: Clients, stack_name: str, url: str, values: "list[ParameterTypeDef]"
) -> None:
    try:
        clients.cloudformation.update_stack(
            StackName=stack_name, TemplateURL=url, Parameters=values, Capabilities=CAPABILITIES
        )
    except ClientError as error:
        if NOTHING_TO_UPDATE not in str(error):
            raise DeployFailedError(f"{stack_name}: {error}") from error


def settled_status(clients: Clients, stack_name: str) -> str | None:
    status = clients.cloudformation.describe_stacks(StackName=stack_name)["Stacks"][0][
        "StackStatus"
    ]
    return None if status.endswith("_IN_PROGRESS") else status


def failures(clients: Clients, stack_name: str) -> list[str]:
    """Return which resources failed, in that order, each with the reason."""
    events = clients.cloudformation.describe_stack_events(StackName=stack_name)["StackEvents"]
    return [
        f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', 'no reason given')}"
        for event in reversed(events)
        if event["ResourceStatus"].endswith("_FAILED")
    ]
