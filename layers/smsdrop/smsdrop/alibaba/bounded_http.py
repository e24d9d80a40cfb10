"""
HTTP with `requests`, with the read timeout for the whole response, not only for each read of it.

Connections neither retry nor follow redirects, so that each call sends its texts once at most.
"""

import http.client
import io
import socket
import time
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import ConnectionPool
from urllib3.util import Retry


class _BoundedReader(io.RawIOBase):
    """Reads from a socket until a deadline: its timeout, counted from when reading begins."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._file = sock.makefile("rb", buffering=0)
        self._timeout = sock.gettimeout()
        self._deadline = time.monotonic() + (self._timeout or 0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._timeout is not None:
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("the answer did not end in time")
            self._socket.settimeout(left)
        return self._file.readinto(buffer)

    def close(self) -> None:
        if not self.closed and self._socket.fileno() >= 0:
            self._socket.settimeout(self._timeout)
        self._file.close()
        super().close()


class _BoundedSocket:
    """What `http.client` needs of a socket to read a response from it."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_BoundedReader(self._socket))


class BoundedResponse(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(_BoundedSocket(sock), *args, **kwargs)  # type: ignore[arg-type]


class _Connection(HTTPConnection):
    response_class = BoundedResponse


class _TlsConnection(HTTPSConnection):
    response_class = BoundedResponse


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class BoundedAdapter(HTTPAdapter):
    """
    Gives the `requests.Session` that it is mounted on these connections, `connections` at most.

    What is the same for every request is done once: finding the pool of an address, and setting up
    its certificates. A session verifies in one way, and has one proxy. Cookies are not read.
    """

    def __init__(self, *, connections: int) -> None:
        self._pools: dict[str, ConnectionPool] = {}
        super().__init__(pool_maxsize=connections, max_retries=Retry(total=0, redirect=False))

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> ConnectionPool:
        address = _address(request)
        if address not in self._pools:
            pool = super().get_connection_with_tls_context(request, verify, proxies, cert)
            super().cert_verify(pool, address, verify, cert)  # type: ignore[no-untyped-call] # its stubs have no types for it
            self._pools[address] = pool
        return self._pools[address]

    def cert_verify(self, *_: Any) -> None:
        """Do nothing: the pool was set up when it was made."""

    def request_url(self, request: requests.PreparedRequest, proxies: Any) -> str:
        if proxies:
            return super().request_url(request, proxies)
        return str(request.url).removeprefix(_address(request))

    def build_response(self, request: requests.PreparedRequest, raw: Any) -> requests.Response:
        response = requests.Response()
        response.status_code = raw.status
        response.headers = CaseInsensitiveDict(raw.headers)
        response.raw = raw
        response.url = str(request.url)
        response.request = request
        return response


class BareSession(requests.Session):
    """
    Sends a prepared request and does nothing else: it keeps no cookies, and calls no hooks.

    All of that takes longer than signing a call. Nor does it look at redirects, whose address may
    be garbage.
    """

    def __init__(self, *, connections: int) -> None:
        super().__init__()
        for scheme in ("http://", "https://"):
            self.mount(scheme, BoundedAdapter(connections=connections))

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:
        """Return the response once it is complete; `how` is passed to the adapter."""
        response = self.get_adapter(str(request.url)).send(request, **how)
        _ = response.content  # reads the body, and raises if that fails
        return response


def _address(request: requests.PreparedRequest) -> str:
    """Return the URL up to its path."""
    return "/".join(str(request.url).split("/", 3)[:3])
