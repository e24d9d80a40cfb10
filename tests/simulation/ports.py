"""Ports on a wire: each call that a use case makes passes through one place, which may spoil it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from typing import IO, Any, Protocol, TypeVar

from smsdrop.drops import FileVersion, OpenFile
from smsdrop.ledger.batch_entry import BatchEntry
from smsdrop.ledger.campaign import Campaign
from tests.support.fakes import FakeFiles, FakeLedger

T = TypeVar("T")

PAGE_SIZE = 3
"""Our choice: entries are read in pages, as from DynamoDB, with others writing in between."""


class Wire(Protocol):
    def io(self, name: str, action: Callable[[], T]) -> T:
        """Carry out the action that a port's verb stands for, or fail on either side of it."""
        ...


class Wired:
    """A port, each verb of which goes over the wire."""

    def __init__(self, name: str, port: Any, wire: Wire) -> None:
        self._name = name
        self._port = port
        self._wire = wire

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        method = getattr(self._port, verb)
        name = f"{self._name}.{verb}"

        def call(*args: Any, **kwargs: Any) -> Any:
            return self._wire.io(name, partial(method, *args, **kwargs))

        setattr(self, verb, call)
        return call


class WiredLedger(Wired):
    _port: FakeLedger

    def open_campaign_ids(self) -> Iterator[str]:
        return iter([each.campaign_id for each in self.open_campaigns()])

    def open_campaigns(self) -> Iterator[Campaign]:
        return iter(self._wire.io("ledger.open_campaigns", self._open))

    def untold_campaign_ids(self) -> Iterator[str]:
        return iter(self._wire.io("ledger.untold", lambda: list(self._port.untold_campaign_ids())))

    def _open(self) -> list[Campaign]:
        return list(self._port.open_campaigns())

    def entries(self, campaign_id: str) -> Iterator[BatchEntry]:
        return self._pages("ledger.entries", lambda: self._port.entries(campaign_id))

    def entries_within(self, campaign_id: str, first: int, last: int) -> Iterator[BatchEntry]:
        read = partial(self._port.entries_within, campaign_id, first, last)
        return self._pages("ledger.entries_within", read)

    def _pages(
        self, name: str, entries: Callable[[], Iterator[BatchEntry]]
    ) -> Iterator[BatchEntry]:
        last = ""
        while True:
            page = self._wire.io(name, partial(_page, entries, last))
            yield from page
            if len(page) < PAGE_SIZE:
                return
            last = page[-1].batch_id


def _page(entries: Callable[[], Iterator[BatchEntry]], last: str) -> list[BatchEntry]:
    return [each for each in entries() if each.batch_id > last][:PAGE_SIZE]


class WiredBody:
    def __init__(self, body: IO[bytes], wire: Wire) -> None:
        self._body = body
        self._wire = wire

    def read(self, size: int = -1, /) -> bytes:
        return self._wire.io("files.read", partial(self._body.read, size))


class WiredFiles(Wired):
    _port: FakeFiles

    @contextmanager
    def open(self, version: FileVersion) -> Iterator[OpenFile]:
        with ExitStack() as stack:
            file = self._wire.io(
                "files.open", lambda: stack.enter_context(self._port.open(version))
            )
            body: Any = WiredBody(file.body, self._wire)
            yield replace(file, body=body)

    @contextmanager
    def new_object(self, key: str, *, saved_as: str = "") -> Iterator[IO[bytes]]:
        """The object is written, and so the call made, when the stream is closed."""
        with ExitStack() as stack:
            yield stack.enter_context(self._port.new_object(key, saved_as=saved_as))
            self._wire.io("files.new_object", stack.pop_all().close)

    def lines(self, key: str, *, first_byte: int = 0) -> Iterator[bytes]:
        return self._wire.io("files.lines", lambda: self._port.lines(key, first_byte=first_byte))


class StraightWire:
    """Spoils no call."""

    def io(self, _name: str, action: Callable[[], T]) -> T:
        return action()
