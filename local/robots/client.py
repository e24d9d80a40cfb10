"""The stand-in as a child process, and what its journal says."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

from local.aws.child import child

from .server import PATHS, SECRETS, Entry

READY_SECONDS = 30.0
TIMEOUT_SECONDS = 10.0


def secret_for(address: str, *kinds: str) -> dict[str, list[dict[str, str]]]:
    """Return what goes into the secret `Robots` of a stack, for these kinds or for all."""
    secret: dict[str, list[dict[str, str]]] = {}
    for kind in kinds or PATHS:
        robot = {"url": f"{address}{PATHS[kind]}"}
        secret[kind] = [robot | ({"secret": SECRETS[kind]} if SECRETS[kind] else {})]
    return secret


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsClient:
    address: str

    def secret(self, *kinds: str) -> str:
        return json.dumps(secret_for(self.address, *kinds))

    def journal(self) -> Sequence[Entry]:
        listed = requests.get(f"{self.address}/_standin/journal", timeout=TIMEOUT_SECONDS).json()
        return [Entry(**each) for each in listed]

    def behave(self, kind: str, **manner: float) -> None:
        """Make the robots of a kind hang (`hangs`, in seconds) or refuse (`refuses`, a code)."""
        url = f"{self.address}/_standin/behaviour/{kind}"
        self._done(requests.put(url, json=manner, timeout=TIMEOUT_SECONDS))

    def reset(self) -> None:
        self._done(requests.delete(f"{self.address}/_standin", timeout=TIMEOUT_SECONDS))

    @staticmethod
    def _done(response: Any) -> None:
        response.raise_for_status()


@contextmanager
def running_robots() -> Iterator[RobotsClient]:
    """Run the stand-in until the block ends."""
    with child("robots", "-m", "local.robots") as server:
        ready: dict[str, Any] = json.loads(server.first_line(timeout=READY_SECONDS))
        yield RobotsClient(address=ready["robots_endpoint"])
