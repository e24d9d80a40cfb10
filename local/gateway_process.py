"""The stand-in SMS gateway as a child process, which ends with the process that started it."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from local.aws.child import Child, child

READY_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsKeys:
    """The key pair that signs calls to the SMS gateway."""

    access_key_id: str = field(default_factory=lambda: f"LTAI{secrets.token_hex(10)}")
    access_key_secret: str = field(default_factory=lambda: secrets.token_hex(15), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayProcess:
    """A gateway that was started, and may not listen yet."""

    child: Child

    def endpoint(self) -> str:
        """Return its address, once it listens there."""
        ready: dict[str, str] = json.loads(self.child.first_line(timeout=READY_SECONDS))
        return ready["sms_endpoint"]


@contextmanager
def running_gateway(sms_keys: SmsKeys) -> Iterator[GatewayProcess]:
    """
    Run a gateway that knows these keys until the block ends.

    The block begins at once, so that other servers can start at the same time.
    """
    pair = [
        f"--access-key-id={sms_keys.access_key_id}",
        f"--access-key-secret={sms_keys.access_key_secret}",
    ]
    with child("gateway", "-m", "local.gateway", *pair) as server:
        yield GatewayProcess(child=server)
