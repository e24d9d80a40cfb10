"""
HTTP with `requests`, with the read timeout for the whole response, whose size is limited too.

Connections neither retry nor follow redirects, so that each call sends its texts once at most.
A request that provably never left raises `NotConnected`.
"""

from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.connectionpool import ConnectionPool
from urllib3.util import Retry

from smsdrop.alibaba.http.connections import CLOCKS, FAILURES, POOLS, Clocks, NotConnected

MAX_ANSWER_BYTES = 4 * 1024 * 1024
"""Our choice: a page of a lookup holds 50 texts, each a few kilobytes with all its escapes."""

PIECE_BYTES = 64 * 1024


class AnswerTooLong(requests.RequestException):
    """The rest of it was not read."""


class BoundedAdapter(HTTPAdapter):
    """
    Gives the `requests.Session` that it is mounted on these connections, `connections` at most.

    What is the same for every request is done once: finding the pool of an address, and setting up
    its certificates. A session verifies in one way, and has one proxy. Cookies are not read.
    """

    def __init__(self, *, connections: int, clocks: Clocks = CLOCKS) -> None:
        self._pools: dict[str, ConnectionPool] = {}
        self._clocks = clocks
        super().__init__(pool_maxsize=connections, max_retries=Retry(total=0, redirect=False))

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = POOLS
        return manager

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> ConnectionPool:
        address = _address(request)
        if address not in self._pools:
            try:
                pool: Any = super().get_connection_with_tls_context(request, verify, proxies, cert)
                super().cert_verify(pool, address, verify, cert)  # type: ignore[no-untyped-call] # its stubs have no types for it
            except FAILURES as error:
                raise NotConnected(type(error).__name__) from error
            pool.clocks = self._clocks
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

    def __init__(self, *, connections: int, clocks: Clocks = CLOCKS) -> None:
        super().__init__()
        for scheme in ("http://", "https://"):
            self.mount(scheme, BoundedAdapter(connections=connections, clocks=clocks))

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:
        """
        Return the response once it is complete; `how` is passed to the adapter.

        Raises `NotConnected` if the request never left, else a `RequestException`.
        """
        response = self.get_adapter(str(request.url)).send(request, **how)
        response._content = _whole_body(response)
        return response


def _whole_body(response: requests.Response) -> bytes:
    body = bytearray()
    for piece in response.iter_content(PIECE_BYTES):
        body += piece
        if len(body) > MAX_ANSWER_BYTES:
            response.close()
            raise AnswerTooLong
    return bytes(body)


def _address(request: requests.PreparedRequest) -> str:
    """Return the URL up to its path."""
    return "/".join(str(request.url).split("/", 3)[:3])
