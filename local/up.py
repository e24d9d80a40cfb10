"""Starts the whole system on this machine: local AWS, SMS gateway, and the deployed template."""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path

from local import ROOT
from local.aws.clients import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from local.aws.deploy import deploy
from local.aws.local_aws import LocalAws, local_aws
from local.gateway_process import SmsKeys, running_gateway
from local.stack import Stack


@contextmanager
def running(
    *,
    root: Path = ROOT,
    stack_name: str = "smsdrop",
    port: int | None = None,
    sms_endpoint: str | None = None,
    sms_keys: SmsKeys | None = None,
    parameters: Mapping[str, str] | None = None,
) -> Iterator[Stack]:
    """
    Run the whole system until the block ends.

    Without `sms_endpoint`, a stand-in gateway that knows `sms_keys` is started. Without
    `sms_keys`, a new key pair is made.
    """
    sms_keys = sms_keys or SmsKeys()
    with ExitStack() as stopping:
        # both start at the same time; the waiting comes after that
        standin = None if sms_endpoint else stopping.enter_context(running_gateway(sms_keys))
        aws = stopping.enter_context(local_aws(port))
        yield deployed(
            aws,
            root=root,
            stack_name=stack_name,
            sms_endpoint=standin.endpoint() if standin else str(sms_endpoint),
            sms_keys=sms_keys,
            parameters=parameters or {},
        )


def deployed(
    aws: LocalAws,
    *,
    root: Path = ROOT,
    stack_name: str,
    sms_endpoint: str,
    sms_keys: SmsKeys,
    parameters: Mapping[str, str],
) -> Stack:
    """Deploy a stack into a running local AWS, fill its secret, and return it."""
    outputs = deploy(
        aws.clients,
        root=root,
        stack_name=stack_name,
        parameters={"SmsEndpoint": sms_endpoint, **parameters},
    )
    return filled(
        aws,
        stack_name=stack_name,
        outputs=outputs,
        sms_endpoint=sms_endpoint,
        sms_keys=sms_keys,
    )


def filled(
    aws: LocalAws,
    *,
    stack_name: str,
    outputs: Mapping[str, str],
    sms_endpoint: str,
    sms_keys: SmsKeys,
) -> Stack:
    """Fill the secret of a stack that is deployed, and return the stack."""
    pair = asdict(sms_keys)
    aws.clients.secrets.put_secret_value(SecretId=outputs["SmsKeys"], SecretString=json.dumps(pair))
    return Stack(name=stack_name, aws=aws, outputs=outputs, sms_endpoint=sms_endpoint, **pair)


def ready_line(stack: Stack) -> str:
    """Return the line of JSON that says where everything is."""
    return json.dumps(
        {
            "aws_endpoint": stack.aws.endpoint,
            "region": REGION,
            "aws_access_key_id": ACCESS_KEY_ID,
            "aws_secret_access_key": SECRET_ACCESS_KEY,
            "stack_name": stack.name,
            "bucket": stack.bucket,
            "ledger_table": stack.ledger_table,
            "queue_url": stack.queue_url,
            "dead_letter_queue_url": stack.dead_letter_queue_url,
            "sms_endpoint": stack.sms_endpoint,
            "access_key_id": stack.access_key_id,
            "access_key_secret": stack.access_key_secret,
        }
    )


def lines_to_paste(stack: Stack) -> str:
    """Return what to type in another terminal, for smsdrop and for any other client of AWS."""
    environment = {
        "AWS_ENDPOINT_URL": stack.aws.endpoint,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "SMSDROP_STACK": stack.name,
        "NO_PROXY": "127.0.0.1",
    }
    exports = " ".join(f"{name}={value}" for name, value in environment.items())
    return f"    . .venv/bin/activate\n    export {exports}\n    smsdrop status\n"
