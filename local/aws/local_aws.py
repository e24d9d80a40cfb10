"""The local AWS: a ministack server that runs while a block of code does."""

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
    """Return the wanted port, or any, and make sure that nobody listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # its last user may be fresh
        try:
            probe.bind((HOST, wanted or 0))
        except OSError as error:
            raise PortTakenError(f"port {wanted}: {error.strerror}") from error
        return int(probe.getsockname()[1])


def working_folders() -> Iterator[tuple[int, str]]:
    """Yield the process id and the working folder of each process that we may look at."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            yield int(process.name), str((process / "cwd").readlink())
        except OSError:
            continue  # it has ended, or is not ours
