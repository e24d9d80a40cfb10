"""
Connections of `urllib3` that prove what never left, each with an age of its own.

A request has left once its first byte is handed to the connection. Whatever fails before that is
`NotConnected`: looking up the name, every address, the proxy, the TLS handshake, or no time left.
"""

import socket
import time
from collections.abc import Callable, Sequence
from http.client import HTTPException
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from smsdrop.alibaba.http.bounded_response import BoundedResponse

IDLE_SECONDS = 15
"""Our choice: a connection that was idle for longer may be dead, and a call on it in doubt."""

Clocks = Sequence[Callable[[], float]]

CLOCKS: Clocks = (time.monotonic, time.time)
"""While a sandbox is frozen the first may stand still; the second may be set back."""

FAILURES = (OSError, HTTPError, HTTPException, ValueError)
"""What connecting may raise; an invalid name is a `ValueError`."""


class NotConnected(Exception):
    """The request was handed to no connection, so it certainly reached no one."""


class Stopwatch:
    """Counts seconds by the clock that has advanced more."""

    def __init__(self, clocks: Clocks = CLOCKS) -> None:
        self._clocks = clocks
        self._began = [clock() for clock in clocks]

    def seconds(self) -> float:
        return max(clock() - began for clock, began in zip(self._clocks, self._began, strict=True))


class ProvingConnection(HTTPConnection):
    """`since_request` runs from when the pool hands the connection out for a request."""

    response_class = BoundedResponse

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.since_request = Stopwatch()

    @property
    def is_connected(self) -> bool:
        return self.since_request.seconds() <= IDLE_SECONDS and super().is_connected

    def connect(self) -> None:
        """Connect, including a proxy's tunnel and the TLS handshake."""
        try:
            super().connect()
        except FAILURES as error:
            raise NotConnected(type(error).__name__) from error

    def endheaders(self, *args: Any, **kwargs: Any) -> None:
        """Hand the request over, unless connecting has taken longer than it may."""
        if self.sock is None:
            self.connect()
        limit = float(self.timeout or 0)
        if self.since_request.seconds() > limit:
            raise NotConnected("it took too long to connect")
        self.sock.settimeout(limit)
        super().endheaders(*args, **kwargs)

    def _new_conn(self) -> socket.socket:
        return connected_socket(
            self._dns_host,
            int(self.port or 0),
            seconds=float(self.timeout or 0),
            options=self.socket_options or (),
        )


class ProvingTlsConnection(ProvingConnection, HTTPSConnection):
    pass


class ProvingPool(HTTPConnectionPool):
    ConnectionCls = ProvingConnection
    clocks = CLOCKS

    def _get_conn(self, timeout: float | None = None) -> Any:
        connection: Any = super()._get_conn(timeout)
        connection.since_request = Stopwatch(self.clocks)
        return connection


class ProvingTlsPool(ProvingPool, HTTPSConnectionPool):
    ConnectionCls = ProvingTlsConnection


POOLS = {"http": ProvingPool, "https": ProvingTlsPool}


def connected_socket(
    host: str,
    port: int,
    *,
    seconds: float,
    options: Sequence[Any] = (),
    look_up: Callable[..., Any] = socket.getaddrinfo,
) -> socket.socket:
    """
    Look up the name and connect to one of its addresses, all within `seconds`.

    Each address gets its share of the time that is left, so that a silent one does not keep the
    others from being tried. What is left after that is the limit for the handshake.
    """
    watch = Stopwatch()
    failure: OSError = TimeoutError("no address was tried in time")
    addresses = _looked_up(host.strip("[]"), port, seconds=seconds, look_up=look_up)
    for others, (family, kind, protocol, _, address) in enumerate(addresses):
        left = seconds - watch.seconds()
        if left <= 0:
            break
        sock = socket.socket(family, kind, protocol)
        try:
            for option in options:
                sock.setsockopt(*option)
            sock.settimeout(left / (len(addresses) - others))
            sock.connect(address)
        except OSError as error:
            sock.close()
            failure = error
        else:
            sock.settimeout(max(seconds - watch.seconds(), 0.001))
            return sock
    raise failure


def _looked_up(
    host: str, port: int, *, seconds: float, look_up: Callable[..., Any]
) -> Sequence[Any]:
    """Return the addresses of a name, from a thread of its own: the resolver has no timeout."""
    answers: SimpleQueue[Any] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(look_up(host, port, type=socket.SOCK_STREAM))
        except (OSError, ValueError) as error:
            answers.put(error)

    Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty:
        raise TimeoutError("the name was not looked up in time") from None
    if isinstance(answer, Exception):
        raise answer
    return list(answer)
