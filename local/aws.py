"""The local AWS: a ministack server of our own, and clients for it."""

import platform
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from local.calls import RecordedCall, recorded_calls
from local.child import Child, child
from local.waiting import wait_until

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

HOST = "127.0.0.1"
REGION = "us-east-1"
ACCESS_KEY_ID = SECRET_ACCESS_KEY = "test"  # noqa: S105 - the one pair that ministack lets in
READY_SECONDS = 30.0

SERVER_ENVIRONMENT = {
    "AUTH": "true",  # the roles of the template are enforced
    "BIND_HOST": HOST,
    "MINISTACK_HOST": HOST,
    "MINISTACK_REGION": REGION,
    "LOG_LEVEL": "WARNING",
    "LAMBDA_ASYNC_RETRY_BASE_SECONDS": "0.3",  # AWS waits a minute, then two
    # What every function finds in its environment on AWS, and ministack leaves out.
    "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
}


class PortTakenError(Exception):
    """Somebody else listens on the port that was asked for."""


class Clients:
    """A client for each service that the system uses, made when first asked for."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._session = boto3.Session(ACCESS_KEY_ID, SECRET_ACCESS_KEY, region_name=REGION)
        self._config = Config(
            proxies={},  # the host's are not for loopback
            max_pool_connections=50,
            read_timeout=300,  # an invoked function may take its time,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalAws:
    """A running local AWS."""

    server: Child
    clients: Clients

    @property
    def endpoint(self) -> str:
        return self.clients.endpoint

    def calls(self) -> list[RecordedCall]:
        """Return what functions have called so far, each kind of call once."""
        return list(recorded_calls(self.server.folder))

    def workers(self, function_name: str) -> list[int]:
        """Return the process ids of the function's workers, busy and idle (needs Linux)."""
        folders = str(self.server.folder / f"ministack-lambda-{function_name}-")
        return [pid for pid, folder in working_folders() if folder.startswith(folders)]


@contextmanager
def local_aws(port: int | None = None) -> Iterator[LocalAws]:
    """Run a local AWS on the port, or on a free one, until the block ends."""
    port = free_port(port)
    environment = {**SERVER_ENVIRONMENT, "GATEWAY_PORT": str(port)}
    with child("aws", "-m", "local.server", environment=environment) as server:
        aws = LocalAws(server=server, clients=Clients(f"http://{HOST}:{port}"))
        wait_until(lambda: is_ready(aws), timeout=READY_SECONDS, what="local AWS")
        yield aws


def is_ready(aws: LocalAws) -> bool:
    aws.server.check()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{aws.endpoint}/_ministack/health", timeout=5):
            return True
    except urllib.error.URLError:
        return False


def free_port(wanted: int | None = None) -> int:
    """Return the wanted port, or any, and make sure that nobody listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # its last user may be fresh
        try:
            probe.bind((HOST, wanted or 0))
        except OSError as error:
            raise PortTakenError(f"port {wanted}: {error.strerror}") from error
        return int(probe.getsockname()[1])


def architecture() -> str:
    """Return the name that Lambda has for this machine's processor."""
    return "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"


def working_folders() -> Iterator[tuple[int, str]]:
    """Yield the process id and the working folder of each process that we may look at."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            yield int(process.name), str((process / "cwd").readlink())
        except OSError:
            continue  # it has ended, or is not ours
