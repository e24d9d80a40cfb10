"""Runs a local AWS, which is a ministack server."""

import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.aws.calls import RecordedCall, recorded_calls
from local.aws.child import Child, child
from local.aws.clients import REGION, Clients
from local.aws.waiting import wait_until

HOST = "127.0.0.1"
READY_SECONDS = 30.0

SERVER_ENVIRONMENT = {
    "AUTH": "true",  # enforces the roles of the template
    "BIND_HOST": HOST,
    "MINISTACK_HOST": HOST,
    "MINISTACK_REGION": REGION,
    "LOG_LEVEL": "WARNING",
    "LAMBDA_ASYNC_RETRY_BASE_SECONDS": "0.3",  # AWS waits a minute, then two
    # AWS sets this for every function, ministack does not.
    "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
}


class PortTakenError(Exception):
    """The requested port is in use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalAws:
    """A running local AWS."""

    server: Child
    clients: Clients

    @property
    def endpoint(self) -> str:
        return self.clients.endpoint

    def calls(self) -> list[RecordedCall]:
        """Return the calls that functions have made so far; equal calls are in it once."""
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
    with child("aws", "-m", "local.aws.server", environment=environment) as server:
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
    """Return the wanted port, or any free one; raise `PortTakenError` if it is in use."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # it may have just been closed
        try:
            probe.bind((HOST, wanted or 0))
        except OSError as error:
            raise PortTakenError(f"port {wanted}: {error.strerror}") from error
        return int(probe.getsockname()[1])


def working_folders() -> Iterator[tuple[int, str]]:
    """Yield the process id and the working folder of each process that can be read."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            yield int(process.name), str((process / "cwd").readlink())
        except OSError:
            continue  # it has ended, or belongs to another user
