"""HTTP whose whole answer comes in time, over one connection, with one request and no other."""

import time
from collections.abc import Iterator

import pytest
import requests

from smsdrop.alibaba.http.connections import NotConnected
from smsdrop.alibaba.http.session import (
    MAX_ANSWER_BYTES,
    AnswerTooLong,
    BareSession,
    BoundedAdapter,
)
from tests.support.raw_server import (
    Behaviour,
    answer,
    bytes_and_no_more,
    drip,
    full_port,
    raw_server,
    refusing_port,
    reset,
    silence,
)

CONNECT_SECONDS = 0.3
ANSWER_SECONDS = 0.5
SLACK_SECONDS = 0.4
"""For a busy machine."""

OK_HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
CHUNKED_HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False  # loopback is not reached through a proxy
        session.mount("http://", BoundedAdapter(connections=1))
        yield session


def post(session: requests.Session, url: str) -> requests.Response:
    return session.post(
        url, data=b"a=b", timeout=(CONNECT_SECONDS, ANSWER_SECONDS), allow_redirects=False
    )


@pytest.mark.parametrize(
    "behave",
    [
        pytest.param(silence, id="silence"),
        pytest.param(drip(b"", b"H", every_seconds=0.1), id="a dripping first line"),
        pytest.param(
            drip(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", every_seconds=0.1), id="dripping headers"
        ),
        pytest.param(drip(OK_HEAD, b" ", every_seconds=0.1), id="a dripping body"),
        pytest.param(
            drip(CHUNKED_HEAD, b"1\r\n \r\n", every_seconds=0.1), id="a dripping body in chunks"
        ),
        pytest.param(
            drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n", every_seconds=0.1), id="go on, go on"
        ),
    ],
)
def test_an_answer_that_takes_too_long_is_given_up_in_time(
    session: requests.Session, behave: Behaviour
) -> None:
    with raw_server(behave) as server:
        started = time.monotonic()

        with pytest.raises(requests.RequestException):
            post(session, server.url)

        assert time.monotonic() - started < ANSWER_SECONDS + SLACK_SECONDS
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "behave",
    [
        pytest.param(reset, id="reset"),
        pytest.param(bytes_and_no_more(b""), id="closed"),
        pytest.param(bytes_and_no_more(b"HTTP/1."), id="half a first line"),
        pytest.param(bytes_and_no_more(OK_HEAD + b"{"), id="half a body"),
        pytest.param(bytes_and_no_more(CHUNKED_HEAD + b"zz\r\n"), id="a chunk of no length"),
        pytest.param(bytes_and_no_more(b"\x00\xff\x16\x03\r\n\r\n"), id="another protocol"),
    ],
)
def test_a_request_that_was_not_answered_is_not_made_again(
    session: requests.Session, behave: Behaviour
) -> None:
    with raw_server(behave) as server:
        with pytest.raises(requests.RequestException):
            post(session, server.url)
        time.sleep(0.05)

    assert len(server.requests) == 1


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Again", "308 Again"])
def test_a_redirect_is_not_followed(session: requests.Session, status: str) -> None:
    with raw_server(answer()) as elsewhere:
        location = f"Location: {elsewhere.url}\r\n".encode()
        with raw_server(answer(status=status, headers=location)) as server:
            response = post(session, server.url)

    assert response.status_code == int(status[:3])
    assert (len(server.requests), len(elsewhere.requests)) == (1, 0)


@pytest.mark.parametrize("status", ["429 Slow", "500 Broken", "503 Busy"])
def test_an_answer_that_says_to_come_back_is_an_answer(
    session: requests.Session, status: str
) -> None:
    with raw_server(answer(status=status, headers=b"Retry-After: 0\r\n")) as server:
        response = post(session, server.url)

    assert response.status_code == int(status[:3])
    assert len(server.requests) == 1


def test_an_answer_that_comes_in_several_pieces_in_time_is_whole(
    session: requests.Session,
) -> None:
    def behave(connection: object) -> None:
        for piece in (b"HTTP/1.1 200 OK\r\nContent-Le", b"ngth: 5\r\n\r\nhe", b"llo"):
            connection.sendall(piece)  # type: ignore[attr-defined] # a socket
            time.sleep(0.1)

    with raw_server(behave) as server:
        assert post(session, server.url).content == b"hello"


def test_the_second_request_uses_the_first_ones_connection_and_has_its_own_time(
    session: requests.Session,
) -> None:
    with raw_server(answer(b"hello")) as server:
        for _ in range(4):
            assert post(session, server.url).content == b"hello"
            time.sleep(ANSWER_SECONDS / 3)

    assert (server.connections, len(server.requests)) == (1, 4)


def test_each_address_has_connections_of_its_own(session: requests.Session) -> None:
    with raw_server(answer(b"one")) as one, raw_server(answer(b"other")) as other:
        answers = [post(session, server.url).content for server in (one, other, one)]

    assert answers == [b"one", b"other", b"one"]
    assert (one.connections, other.connections) == (1, 1)


def test_a_lean_session_keeps_no_cookie_and_follows_no_redirect() -> None:
    headers = b"Set-Cookie: a=b\r\nLocation: /elsewhere\r\n"
    with raw_server(answer(status="302 Found", headers=headers)) as server:
        request = requests.Request("POST", server.url, data=b"a=b").prepare()
        with BareSession(connections=1) as session:
            response = session.send(request, timeout=(CONNECT_SECONDS, ANSWER_SECONDS), proxies={})

            assert not session.cookies
    assert response.status_code == 302
    assert len(server.requests) == 1


def test_a_refused_connection_is_known_at_once(session: requests.Session) -> None:
    with refusing_port() as url, pytest.raises(NotConnected):
        post(session, url)


def test_a_connection_that_does_not_come_about_is_given_up_in_time(
    session: requests.Session,
) -> None:
    with full_port() as url:
        started = time.monotonic()

        with pytest.raises(NotConnected):
            post(session, url)

        assert time.monotonic() - started < CONNECT_SECONDS + SLACK_SECONDS


def sent(url: str, *, proxies: dict[str, str] | None = None) -> requests.Response:
    request = requests.Request("POST", url, data=b"a=b").prepare()
    with BareSession(connections=1) as session:
        return session.send(
            request, timeout=(CONNECT_SECONDS, ANSWER_SECONDS), proxies=proxies or {}
        )


@pytest.mark.parametrize(
    ("extra", "fails"), [pytest.param(0, False, id="limit"), pytest.param(1, True, id="one over")]
)
def test_an_answer_is_read_up_to_a_limit(extra: int, fails: bool) -> None:
    with raw_server(answer(b" " * (MAX_ANSWER_BYTES + extra))) as server:
        if fails:
            with pytest.raises(AnswerTooLong):
                sent(server.url)
        else:
            assert len(sent(server.url).content) == MAX_ANSWER_BYTES


def test_an_answer_without_end_is_not_read_into_memory() -> None:
    endless = drip(CHUNKED_HEAD, b"100000\r\n" + b" " * 0x100000 + b"\r\n", every_seconds=0)
    with raw_server(endless) as server, pytest.raises(requests.RequestException):
        sent(server.url)


def test_behind_a_proxy_an_answer_is_given_up_in_time_too() -> None:
    with raw_server(drip(OK_HEAD, b" ", every_seconds=0.1)) as proxy:
        started = time.monotonic()

        with pytest.raises(requests.RequestException):
            sent("http://sms.invalid", proxies={"http": proxy.url})

        assert time.monotonic() - started < ANSWER_SECONDS + SLACK_SECONDS
    assert len(proxy.requests) == 1


@pytest.mark.parametrize(
    "proxy",
    [
        pytest.param("socks5://127.0.0.1:1", id="of a kind that is not known"),
        pytest.param("http://", id="without an address"),
        pytest.param("http://a b:1", id="with a space"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_not_connected_to(proxy: str) -> None:
    with raw_server(answer()) as server, pytest.raises(NotConnected):
        sent(server.url, proxies={"http": proxy})

    assert server.connections == 0
