"""The parts of a spreadsheet's zip archive, each as a stream."""

import zlib
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from smsdrop.files.streams import Bounded, Spool
from smsdrop.reasons import refused

METHODS = (ZIP_STORED, ZIP_DEFLATED)
"""Spreadsheets use no other methods of compression, and others can need a lot of memory."""

ENCRYPTED = 0x1
"""The flag of an encrypted part."""


class Archive:
    """Finds parts by name, in upper or lower case and with either kind of slash."""

    def __init__(self, spool: Spool) -> None:
        try:
            self._zip = ZipFile(spool)
        except (BadZipFile, NotImplementedError, OverflowError, ValueError) as error:
            raise refused("file_broken") from error
        self._parts = {_plain(each.filename): each for each in self._zip.infolist()}

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._parts

    def part(self, name: str) -> Bounded:
        """Open a part; raises `FileRefused` if it is missing, broken or encrypted."""
        info = self._parts.get(_plain(name))
        if info is None or info.compress_type not in METHODS:
            raise refused("file_broken")
        if info.flag_bits & ENCRYPTED:
            raise refused("file_encrypted")
        try:
            return Bounded(_Part(self._zip.open(info)))
        except (BadZipFile, NotImplementedError, OSError) as error:
            raise refused("file_broken") from error


class _Part:
    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        try:
            return self._stream.read(size)
        except (BadZipFile, EOFError, zlib.error) as error:
            raise refused("file_broken") from error


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
