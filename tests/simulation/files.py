"""The bucket, in which the objects of some campaigns cannot be reached for a while."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import IO

from smsdrop.drops import FileFacts, FileVersion
from tests.simulation.releases import IN_THE_FORM_BEFORE
from tests.simulation.wire import Failed
from tests.support.fakes import FakeFiles
from tests.support.samples import NOW


class SimulatedFiles(FakeFiles):
    """
    `unreachable` holds the campaigns whose plan and report can be neither read nor written.

    `is_release_before` says that plans are written as the release before wrote them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.unreachable: set[str] = set()
        self.is_release_before = False
        self.dropped_at: dict[FileVersion, float] = {}

    @property
    def versions(self) -> list[FileVersion]:
        return list(self._dropped)

    def facts(self, version: FileVersion) -> FileFacts:
        """S3 tells the time of a drop to the second."""
        dropped_at = datetime.fromtimestamp(int(self.dropped_at.get(version, NOW)), UTC)
        return replace(super().facts(version), last_modified=dropped_at)

    @contextmanager
    def new_object(self, key: str, *, saved_as: str = "") -> Iterator[IO[bytes]]:
        with super().new_object(key, saved_as=saved_as) as stream:
            yield stream
            self._reach(key)
        written_before = IN_THE_FORM_BEFORE.get(key.rpartition("/")[2])
        if self.is_release_before and written_before:
            self.objects[key] = written_before(self.objects[key])

    def put_over(self, key: str, content: bytes, *, mark: str) -> str:
        self._reach(key)
        return super().put_over(key, content, mark=mark)

    def lines(self, key: str, *, first_byte: int = 0) -> Iterator[bytes]:
        self._reach(key)
        return super().lines(key, first_byte=first_byte)

    def forget_plan(self, plan: str) -> None:
        for key in [each for each in self.objects if each.startswith(plan)]:
            del self.objects[key]

    def _reach(self, key: str) -> None:
        if any(campaign_id in key for campaign_id in self.unreachable):
            raise Failed("the objects of this campaign cannot be reached")
