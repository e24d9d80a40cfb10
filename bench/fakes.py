"""A bucket that is a folder, and a queue that counts; neither holds what it is given in memory."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from smsdrop.drops import FileVersion, OpenFile


class FolderFiles:
    """One dropped file, and a folder that takes the objects written."""

    def __init__(self, dropped: Path, folder: Path) -> None:
        self._dropped = dropped
        self._folder = folder
        self.written_bytes = 0

    @contextmanager
    def open(self, _version: FileVersion) -> Iterator[OpenFile]:
        with self._dropped.open("rb") as body:
            yield OpenFile(
                last_modified=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
                size=self._dropped.stat().st_size,
                is_meant_again=True,
                body=body,
            )

    @contextmanager
    def new_object(self, key: str) -> Iterator[IO[bytes]]:
        with self._path(key).open("wb") as stream:
            yield stream
        self.written_bytes += self._path(key).stat().st_size

    def lines(self, key: str, *, first_byte: int = 0) -> Iterator[bytes]:
        with self._path(key).open("rb") as stream:
            stream.seek(first_byte)
            yield from stream

    def _path(self, key: str) -> Path:
        return self._folder / key.replace("/", "+")


class CountingQueue:
    """Counts messages, and writes them to `spool` for whoever wants to look at them."""

    def __init__(self, spool: IO[bytes] | None = None) -> None:
        self.messages = 0
        self.bytes = 0
        self._spool = spool

    def send(self, messages: Sequence[str]) -> None:
        self.messages += len(messages)
        self.bytes += sum(map(len, messages))
        if self._spool is not None:
            self._spool.writelines(message.encode() + b"\n" for message in messages)
