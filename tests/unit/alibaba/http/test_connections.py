"""It is certain when a request never left, and each connection has an age of its own."""

import socket
import ssl
import time
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from threading import Barrier, Event, Thread
from typing import Any

import pytest
import requests
import trustme

from smsdrop.alibaba.answers import NOT_CONNECTED, Answer, Meaning
from smsdrop.alibaba.client import AliyunSms, CallTimes
from smsdrop.alibaba.http.connections import IDLE_SECONDS, NotConnected, Stopwatch, connected_socket
from smsdrop.alibaba.http.session import BareSession
from tests.support.gateway_caller import Clock
from tests.support.raw_server import (
    Behaviour,
    answer,
    bytes_and_no_more,
    full_port,
    raw_server,
    refusing_port,
    reset,
    silence,
    tunnel,
)
from tests.support.samples import KEY, batch_of

TIMES = CallTimes(connect_seconds=0.3, answer_seconds=0.5)
SLACK_SECONDS = 0.4
OK_BODY = b'{"Code":"OK","BizId":"9^0","RequestId":"R9","Message":"OK"}'


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("no_proxy", "")


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path) -> str:
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


def send(url: str) -> Answer:
    return AliyunSms(url, TIMES).send(batch_of(3), out_id="b-1", key=KEY)


def hello_then(behave: Behaviour) -> Behaviour:
    """Wait for the client's hello, so that it is the handshake that fails."""

    def greet(connection: socket.socket) -> None:
        connection.recv(65536)
        behave(connection)

    return greet


ALERT = b"\x15\x03\x03\x00\x02\x02\x28"
"""A record of TLS that says: fatal, handshake failure."""


@pytest.mark.parametrize(
    "greet",
    [
        pytest.param(
            reset,
            id="reset at once",
            # Python's `ssl` leaves this socket to the garbage collector.
            marks=pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
        ),
        pytest.param(bytes_and_no_more(b""), id="closed at once"),
        pytest.param(hello_then(reset), id="reset"),
        pytest.param(hello_then(bytes_and_no_more(b"")), id="closed"),
        pytest.param(hello_then(bytes_and_no_more(ALERT)), id="refused"),
        pytest.param(hello_then(bytes_and_no_more(b"HTTP/1.1 400 No\r\n\r\n")), id="no TLS"),
        pytest.param(hello_then(silence), id="silence"),
    ],
)
def test_a_handshake_that_fails_texted_nobody(tls: ssl.SSLContext, greet: Behaviour) -> None:
    with raw_server(answer(OK_BODY), tls=tls, greet=greet) as server:
        started = time.monotonic()

        result = send(server.url)

        assert time.monotonic() - started < TIMES.total_seconds + SLACK_SECONDS
    assert (result.code, result.meaning) == (NOT_CONNECTED, Meaning.DEFERRED)
    assert (server.connections, server.requests) == (1, [])


@pytest.mark.parametrize(
    "behave",
    [
        pytest.param(answer(status="403 Forbidden"), id="forbidden"),
        pytest.param(answer(status="407 Proxy Authentication Required"), id="who are you"),
        pytest.param(answer(b"<html>", status="502 Bad Gateway"), id="no one there"),
        pytest.param(bytes_and_no_more(b""), id="closed"),
        pytest.param(bytes_and_no_more(b"\x00\xff\r\n\r\n"), id="another protocol"),
        pytest.param(reset, id="reset"),
        pytest.param(silence, id="silence"),
        pytest.param(
            bytes_and_no_more(b"HTTP/1.1 200 Connection established\r\n\r\n"),
            id="closed once it is established",
        ),
    ],
)
def test_a_proxy_that_does_not_let_through_texted_nobody(
    monkeypatch: pytest.MonkeyPatch, behave: Behaviour
) -> None:
    with raw_server(behave) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)

        result = send("https://sms.invalid")

    assert result.code == NOT_CONNECTED
    assert [each.partition(b" ")[0] for each in proxy.requests] == [b"CONNECT"]


@pytest.mark.parametrize(
    "behave", [pytest.param(reset, id="reset"), pytest.param(bytes_and_no_more(b""), id="closed")]
)
def test_what_a_proxy_passed_on_is_in_doubt(
    monkeypatch: pytest.MonkeyPatch, behave: Behaviour
) -> None:
    with raw_server(behave) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)

        result = send("http://sms.invalid")

    assert result.meaning is Meaning.IN_DOUBT
    assert [each.partition(b" ")[0] for each in proxy.requests] == [b"POST"]


def posted(session: BareSession, url: str, **how: Any) -> requests.Response:
    request = requests.Request("POST", url, data=b"a=b").prepare()
    limits = (TIMES.connect_seconds, TIMES.answer_seconds)
    return session.send(request, **{"timeout": limits, "proxies": {}, **how})


@pytest.mark.parametrize("way", ["straight", "through a tunnel", "through a tunnel over TLS"])
def test_over_tls_an_answer_comes_and_one_that_is_lost_is_no_proof(
    tls: ssl.SSLContext, trusted: str, way: str
) -> None:
    behaviours = [answer(OK_BODY), reset]
    with ExitStack() as stack:
        server = stack.enter_context(
            raw_server(lambda connection: behaviours.pop(0)(connection), tls=tls)
        )
        proxies = {}
        if way != "straight":
            over = tls if way.endswith("TLS") else None
            proxy = stack.enter_context(raw_server(tunnel(server), tls=over))
            proxies = {"https": proxy.url}
        session = stack.enter_context(BareSession(connections=1))

        first = posted(session, server.url, verify=trusted, proxies=proxies)
        with pytest.raises(requests.RequestException):
            posted(session, server.url, verify=trusted, proxies=proxies)

    assert first.content == OK_BODY
    assert (server.connections, len(server.requests)) == (1, 2)


@pytest.mark.parametrize("clock", [0, 1], ids=["monotonic", "wall"])
def test_a_connection_is_used_again_until_it_has_been_idle_too_long_by_either_clock(
    clock: int,
) -> None:
    clocks = (Clock(0), Clock(0))
    with raw_server(answer(OK_BODY)) as server:
        session = BareSession(connections=1, clocks=clocks)
        used = []
        for idle in (0, IDLE_SECONDS, IDLE_SECONDS + 1, 0):
            clocks[clock].now += idle
            posted(session, server.url)
            used.append(server.connections)
        session.close()

    assert used == [1, 1, 2, 2]
    assert len(server.requests) == 4


def test_a_trickle_of_calls_on_one_connection_does_not_keep_the_others_young() -> None:
    clock, rush, together = Clock(0), Event(), Barrier(5, timeout=5)

    def behave(connection: socket.socket) -> None:
        if rush.is_set():
            together.wait()
        answer(OK_BODY)(connection)

    with raw_server(behave) as server:
        session = BareSession(connections=5, clocks=(clock,))
        rush.set()
        at_once(5, lambda: posted(session, server.url))
        rush.clear()
        for _ in range(4):
            clock.now += IDLE_SECONDS / 2
            posted(session, server.url)
        before = server.connections
        rush.set()
        at_once(5, lambda: posted(session, server.url))
        session.close()

    assert (before, server.connections) == (5, 5 + 4)
    assert len(server.requests) == 14


def at_once(count: int, call: Callable[[], object]) -> None:
    threads = [Thread(target=call) for _ in range(count)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(10)


def test_a_sandbox_that_froze_while_it_connected_hands_nothing_over() -> None:
    wall_clock = count(0, 900).__next__

    with raw_server(answer(OK_BODY)) as server:
        session = BareSession(connections=1, clocks=(time.monotonic, wall_clock))
        with pytest.raises(NotConnected):
            posted(session, server.url)
        session.close()

    assert server.requests == []


def addresses_of(*urls: str) -> Callable[..., list[Any]]:
    """Look up a name that has the addresses of these URLs."""
    ports = [int(each.rpartition(":")[2]) for each in urls]
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", each)) for each in ports]
    return lambda *_, **__: found


def test_an_address_that_does_not_answer_leaves_time_for_the_next() -> None:
    with full_port() as silent, refusing_port() as refusing, raw_server(answer()) as server:
        look_up = addresses_of(silent, refusing, server.url)
        started = time.monotonic()

        sock = connected_socket("sms.example", 80, seconds=0.9, look_up=look_up)

        assert time.monotonic() - started < 0.9
        assert sock.getpeername()[1] == int(server.url.rpartition(":")[2])
        assert 0 < (sock.gettimeout() or 0) < 0.9
        sock.close()


def test_all_addresses_share_the_time_to_connect() -> None:
    with full_port() as silent:
        started = time.monotonic()

        with pytest.raises(TimeoutError):
            connected_socket("sms.example", 80, seconds=0.4, look_up=addresses_of(*[silent] * 4))

        assert time.monotonic() - started < 0.4 + SLACK_SECONDS


def test_a_name_that_is_not_looked_up_in_time_is_given_up() -> None:
    done = Event()
    started = time.monotonic()

    with pytest.raises(TimeoutError):
        connected_socket("sms.example", 80, seconds=0.2, look_up=lambda *_, **__: done.wait(5))

    assert time.monotonic() - started < 0.2 + SLACK_SECONDS
    done.set()


@pytest.mark.parametrize(
    "host", [pytest.param("a" * 64, id="a label too long"), pytest.param("a b", id="a space")]
)
def test_a_name_that_is_none_texted_nobody(host: str) -> None:
    assert send(f"http://{host}.example").code == NOT_CONNECTED


def test_seconds_are_counted_by_the_clock_that_has_gone_further() -> None:
    monotonic, wall = Clock(100), Clock(1000)
    stopwatch = Stopwatch((monotonic, wall))

    monotonic.now, wall.now = 103, 990
    assert stopwatch.seconds() == 3
    wall.now = 1040
    assert stopwatch.seconds() == 40
