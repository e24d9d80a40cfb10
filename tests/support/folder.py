"""A report's folder in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import IO


class Folder:
    """What was written to it; a file exists only if no exception was raised."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.most_open = 0
        self._open = 0

    @contextmanager
    def open_file(self, name: str) -> Iterator[IO[bytes]]:
        stream = BytesIO()
        self._open += 1
        self.most_open = max(self.most_open, self._open)
        try:
            yield stream
        finally:
            self._open -= 1
        self.files[name] = stream.getvalue()
