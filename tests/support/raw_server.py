"""Servers on loopback that answer each request as a test says, byte by byte or not at all."""

import select
import socket
import ssl
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread

Behaviour = Callable[[socket.socket], None]
"""What is done with the connection once a request has come in whole; raise OSError to close it."""

PATIENCE_SECONDS = 20


class RawServer:
    """
    Keeps what came in: how many connections, and each whole request.

    `greet` is done with each connection at once, before anything is read from it.
    """

    def __init__(
        self,
        behave: Behaviour,
        tls: ssl.SSLContext | None = None,
        greet: Behaviour | None = None,
    ) -> None:
        self.connections = 0
        self.requests: list[bytes] = []
        self._behave = behave
        self._tls = tls
        self._greet = greet
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads = [Thread(target=self._accept)]
        self._open: list[socket.socket] = []
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"

    def start(self) -> None:
        self._threads[0].start()

    def stop(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            thread = Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(PATIENCE_SECONDS)
            if self._greet:
                self._greet(connection)
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                while request := whole_request(connection):
                    self.requests.append(request)
                    self._behave(connection)


def whole_request(connection: socket.socket) -> bytes:
    """Read a request to the end of its body; empty when the client has left."""
    received = b""
    while b"\r\n\r\n" not in received:
        part = connection.recv(65536)
        if not part:
            return b""
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [
        int(line.partition(b":")[2])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length:")
    ]
    while len(body) < sum(lengths):
        part = connection.recv(65536)
        if not part:
            return b""
        body += part
    return head + b"\r\n\r\n" + body


@contextmanager
def raw_server(
    behave: Behaviour, *, tls: ssl.SSLContext | None = None, greet: Behaviour | None = None
) -> Iterator[RawServer]:
    server = RawServer(behave, tls, greet)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def answer(body: bytes = b"{}", *, status: str = "200 OK", headers: bytes = b"") -> Behaviour:
    """Answer at once, and keep the connection."""
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n".encode()
    return lambda connection: connection.sendall(head + headers + b"\r\n" + body)


def bytes_and_no_more(content: bytes) -> Behaviour:
    """Send these bytes, then close the connection."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(content)
        raise ConnectionAbortedError

    return behave


def reset(connection: socket.socket) -> None:
    """Cut the connection hard, as a crashed machine does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise ConnectionAbortedError


def silence(connection: socket.socket) -> None:
    """Say nothing until the client leaves."""
    connection.recv(1)
    raise ConnectionAbortedError


def drip(head: bytes, drop: bytes, *, every_seconds: float) -> Behaviour:
    """Send the head, then one bit after another: each comes soon, the whole never."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(head)
        give_up = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up:
            connection.sendall(drop)
            time.sleep(every_seconds)

    return behave


def tunnel(server: RawServer) -> Behaviour:
    """Do as a proxy that is asked to CONNECT: pass on what either side sends to the other."""
    port = int(server.url.rpartition(":")[2])

    def behave(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with socket.create_connection(("127.0.0.1", port)) as onward:
            _pass_on_both_ways(connection, onward)
        raise ConnectionAbortedError

    return behave


def _pass_on_both_ways(near: socket.socket, far: socket.socket) -> None:
    """Pass on until either side leaves, in one thread: two at once break OpenSSL's connections."""
    others = {near: far, far: near}
    while True:
        readable, _, _ = select.select([*others], [], [], PATIENCE_SECONDS)
        if not readable:
            return
        for source in readable:
            while part := source.recv(65536):
                others[source].sendall(part)
                if not _holds_more(source):
                    break
            else:
                return


def _holds_more(source: socket.socket) -> bool:
    """Say whether some bytes are already decrypted, where `select` cannot see them."""
    return isinstance(source, ssl.SSLSocket) and source.pending() > 0


@contextmanager
def refusing_port() -> Iterator[str]:
    """A port on which nothing listens, and which nothing else can take meanwhile."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


@contextmanager
def full_port() -> Iterator[str]:
    """A port whose queue of connections is full: a further one is neither taken nor refused."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(listener.getsockname())
        time.sleep(0.05)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        for each in waiting:
            each.close()
