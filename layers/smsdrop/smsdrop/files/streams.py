"""Readers of bytes that cannot be made to fill the memory or the disk."""

import gzip
import zlib
from tempfile import TemporaryFile
from typing import IO, Protocol, cast

from smsdrop.reasons import refused

CHUNK_BYTES = 64 * 1024
"""Much larger ones would not fit into the processor's cache."""


class Readable(Protocol):
    """A file or the body of a response; it may give fewer bytes than it is asked for."""

    def read(self, size: int, /) -> bytes: ...


def read_fully(stream: Readable, size: int) -> bytes:
    """Read this many bytes; fewer only at the end."""
    pieces = []
    while size > 0 and (piece := stream.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


MAX_BYTES = 4 * 1024**3
"""The largest text, or part of a spreadsheet, when unpacked: ten million rows of 400 bytes."""

MAX_SPOOLED_BYTES = 256 * 1024**2
"""The largest spreadsheet as dropped; one with Excel's full million rows has about a tenth."""

MAX_READ_BYTES = 1024**2
"""
The most for a read of a spool. The largest is an archive's table of contents, which is shorter.
"""


class Bounded:
    """A stream that raises `FileRefused` once it has given more than `limit` bytes."""

    def __init__(self, stream: Readable, limit: int = MAX_BYTES) -> None:
        self._stream = stream
        self._limit = limit
        self._left = limit

    def read(self, size: int, /) -> bytes:
        chunk = self._stream.read(size)
        self._left -= len(chunk)
        if self._left < 0:
            raise refused("file_too_large", self._limit // 1024**2)
        return chunk


class Replayed:
    """A stream whose beginning has been read already and is given again."""

    def __init__(self, beginning: bytes, stream: Readable) -> None:
        self._beginning = beginning
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        if not self._beginning:
            return self._stream.read(size)
        chunk, self._beginning = self._beginning[:size], self._beginning[size:]
        return chunk


class Gunzipped:
    """The content of a gzip stream; raises `FileRefused` if it is broken or cut off."""

    def __init__(self, stream: Readable) -> None:
        self._file = gzip.GzipFile(fileobj=cast("IO[bytes]", stream))  # it only reads

    def read(self, size: int, /) -> bytes:
        try:
            return self._file.read(size)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise refused("gzip_broken") from error


class Spool:
    """A seekable copy of a stream in a temporary file; no read of it is large."""

    def __init__(self) -> None:
        self._file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed by `close`
        self.size = 0

    def fill(self, stream: Readable) -> None:
        """Copy the stream; raises `FileRefused` if it is too large."""
        bounded = Bounded(stream, MAX_SPOOLED_BYTES)
        while chunk := bounded.read(CHUNK_BYTES):
            self._file.write(chunk)
        self.size = self._file.tell()
        self._file.seek(0)

    def read(self, size: int = -1, /) -> bytes:
        if size > MAX_READ_BYTES:
            raise refused("file_broken")
        return self._file.read(size if size >= 0 else MAX_READ_BYTES)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        self._file.close()
