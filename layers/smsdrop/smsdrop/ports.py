"""The bucket, the queue, the closer and the topic, as use cases see them."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import IO, Protocol

from smsdrop.drops import FileFacts, FileVersion, OpenFile


class Drops(Protocol):
    def open(self, version: FileVersion) -> AbstractContextManager[OpenFile]:
        """Raises `FileGone`, or `FileUnreadable`."""
        ...

    def facts(self, version: FileVersion) -> FileFacts:
        """Say what is known without reading the file; raises `FileGone`."""
        ...


class CurrentFiles(Protocol):
    def current_campaign_id(self, version: FileVersion) -> str | None:
        """Return the campaign of what is under the version's key now; None if nothing is."""
        ...


class ObjectGone(Exception):
    """There is no object with this key, or no longer."""


class Objects(Protocol):
    """What smsdrop itself writes to the bucket, and reads back."""

    def new_object(self, key: str, *, saved_as: str = "") -> AbstractContextManager[IO[bytes]]:
        """
        Give a stream to write; it becomes the object if no exception is raised.

        A browser that downloads it saves it under the name `saved_as`, if there is one.
        """
        ...

    def lines(self, key: str, *, first_byte: int = 0) -> Iterator[bytes]:
        """Yield the lines of an object from this byte on; raises `ObjectGone`."""
        ...


class Pages(Protocol):
    """Objects that are rewritten again and again, perhaps by another process meanwhile."""

    def mark_of(self, key: str) -> str:
        """Return a mark that identifies the object's current content; empty for no object."""
        ...

    def put_over(self, key: str, content: bytes, *, mark: str) -> str:
        """Store it in place of what has this mark; return the new mark, or none if that is gone."""
        ...


class MarkedObjects(Protocol):
    """Objects that are read and then stored again, unless another process did so meanwhile."""

    def content(self, key: str) -> tuple[bytes, str]:
        """Return an object and a mark that identifies its content; nothing for no object."""
        ...

    def put_over(self, key: str, content: bytes, *, mark: str) -> str:
        """Store it in place of what has this mark; return the new mark, or none if that is gone."""
        ...


class Queue(Protocol):
    def send(self, messages: Sequence[str]) -> None:
        """Queue these batches; raises unless the queue has acknowledged every one."""
        ...


class Backlog(Protocol):
    def backlog(self) -> int:
        """Return about how many messages the queue holds, waiting or taken; 0 if it is idle."""
        ...


class Closer(Protocol):
    def wake(self, campaign_id: str) -> None:
        """Ask the tick to take the campaign's turn now; only a hint, which may be lost."""
        ...


class Topic(Protocol):
    def notify(self, subject: str, text: str) -> bool:
        """Notify a person, and say whether the notice is on its way; never raises."""
        ...
