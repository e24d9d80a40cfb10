"""A response whose read timeout holds for the whole of it, not only for each read."""

import http.client
import io
import socket
import time
from typing import Any


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
