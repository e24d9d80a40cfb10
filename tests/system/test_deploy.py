"""What `make build` builds, deployed and updated by the real `sam deploy`, and then used."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from local import ROOT
from local.aws import bridges
from local.aws.clients import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from local.aws.deploy import architecture, finished
from local.aws.local_aws import LocalAws
from local.gateway.client import Gateway
from local.gateway_process import GatewayProcess, SmsKeys
from local.stack import Stack
from local.template.reading import load
from local.up import filled
from tests.support.python313 import python313
from tests.support.whole_system import System, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system

NAME = "built"
UV = ROOT / ".venv" / "bin" / "uv"
BRIDGED = "bridged.json"


def sam(*arguments: str, endpoint: str = "") -> None:
    """Run the version of sam that the Makefile names, in an environment of its own."""
    [version] = re.findall(r"^SAM_VERSION := (\S+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    uv = str(UV) if UV.exists() else "uv"
    done = subprocess.run(  # noqa: S603 - our own tool
        [uv, "tool", "run", "--quiet", "--from", f"aws-sam-cli=={version}", "sam", *arguments],
        cwd=ROOT,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": endpoint,
            "NO_PROXY": "127.0.0.1",
            "SAM_CLI_TELEMETRY": "0",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built template, bridged for the local AWS, beside what was built."""
    python313()
    folder = tmp_path_factory.mktemp("built")
    sam("build", "--build-dir", str(folder))
    whole = bridges.for_ministack(load(folder / "template.yaml"))
    (folder / BRIDGED).write_text(json.dumps(whole, default=str), encoding="utf-8")
    return folder / BRIDGED


def with_lines(config: str, parameters: dict[str, str]) -> str:
    """Return `samconfig.toml` with more lines in the table of `dev`."""
    table = "[dev.deploy.parameters.parameter_overrides]\n"
    lines = "".join(f'{name} = "{value}"\n' for name, value in parameters.items())
    assert table in config
    return config.replace(table, table + lines)


def deploy(built: Path, aws: LocalAws, parameters: dict[str, str]) -> dict[str, str]:
    """Deploy by `samconfig.toml`, as it is for `dev` and more, and return the stack's outputs."""
    config = built.with_name("samconfig.toml")
    written = (ROOT / "samconfig.toml").read_text(encoding="utf-8")
    config.write_text(with_lines(written, parameters), encoding="utf-8")
    sam(
        "deploy",
        f"--template-file={built}",
        f"--config-file={config}",
        "--config-env=dev",
        f"--stack-name={NAME}",
        endpoint=aws.endpoint,
    )
    outputs = finished(aws.clients, NAME)
    bridges.limit_concurrency(aws.clients, NAME)
    return outputs


@pytest.fixture(scope="module")
def parameters(standin: GatewayProcess) -> dict[str, str]:
    return {
        "Architecture": architecture(),
        "DefaultSignName": "My Shop 云通信",
        "SettleAfterSeconds": "1",
        "SmsEndpoint": standin.endpoint(),
    }


@pytest.fixture(scope="module")
def deployed(built: Path, cloud: LocalAws, sms_keys: SmsKeys, parameters: dict[str, str]) -> Stack:
    outputs = deploy(built, cloud, parameters)
    return filled(
        cloud,
        stack_name=NAME,
        outputs=outputs,
        sms_endpoint=parameters["SmsEndpoint"],
        sms_keys=sms_keys,
    )


def test_a_drop_is_sent_by_what_sam_built_deployed_and_updated(
    built: Path,
    cloud: LocalAws,
    deployed: Stack,
    parameters: dict[str, str],
    reset_gateway: Gateway,
) -> None:
    reset_gateway.reset()
    system = System(stack=deployed, gateway=reset_gateway)
    first, second = new_numbers(150), new_numbers(150)
    before = system.closed(system.drop("before.csv", first))

    outputs = deploy(built, cloud, {**parameters, "Language": "zh"})
    after = system.closed(system.drop("after.csv", second))

    assert outputs == deployed.outputs
    assert (before.summary["sent"], after.summary["sent"]) == (150, 150)
    assert system.not_once([*first, *second]) == {}
    variables = deployed.clients.functions.get_function_configuration(
        FunctionName=deployed.function("CloseCampaigns")
    )["Environment"]["Variables"]
    assert variables["LANGUAGE"] == "zh"


def test_the_lines_of_samconfig_reach_the_stack_whole(deployed: Stack) -> None:
    functions = deployed.clients.functions

    function = functions.get_function(FunctionName=deployed.function("ParseRecipients"))

    variables = function["Configuration"]["Environment"]["Variables"]
    assert variables["DEFAULT_SIGN_NAME"] == "My Shop 云通信"
    assert variables["RETENTION_DAYS"] == "22"
    assert function["Tags"]["Project"] == "smsdrop"
    assert function["Tags"]["Version"] == deployed.outputs["Version"]
