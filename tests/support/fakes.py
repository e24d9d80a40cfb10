"""Stand-ins in memory for what the use cases reach; they pass the tests of the real adapters."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import count
from typing import IO, TypeVar

from smsdrop.alibaba.answers import Answer, LookupFailed, Meaning
from smsdrop.alibaba.signing import AccessKey
from smsdrop.aws.sqs import QueueUnavailable
from smsdrop.batches.batch import Batch, campaign_of
from smsdrop.drops import FileGone, FileVersion, OpenFile
from smsdrop.ledger.batch_entry import BatchEntry
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.entries import Books, Content, Pause
from smsdrop.sending.settling import beijing_date

Entry = TypeVar("Entry", BatchEntry, Campaign, Pause, Content)


def nothing(*_: object) -> None:
    """What happens at the hooks of the fakes, unless a test says otherwise."""


class FakeLedger:
    """Compares revisions as the real one does; `before_write` may raise, or write first."""

    def __init__(self) -> None:
        self.before_write: Callable[[object], None] = nothing
        self._batches: dict[str, BatchEntry] = {}
        self._campaigns: dict[str, Campaign] = {}
        self._pauses: dict[str, Pause] = {}
        self._contents: dict[str, Content] = {}

    def look(self, batch_id: str) -> Books:
        return Books(
            campaign=self.campaign(campaign_of(batch_id)),
            batch=self._batches.get(batch_id),
            pause=self.pause(),
        )

    def campaign(self, campaign_id: str) -> Campaign | None:
        return self._campaigns.get(campaign_id)

    def batch(self, batch_id: str) -> BatchEntry | None:
        return self._batches.get(batch_id)

    def pause(self) -> Pause:
        return self._pauses.get("pause", Pause())

    def open_campaigns(self) -> Iterator[Campaign]:
        return (each for _, each in sorted(self._campaigns.items()) if each.open)

    def entries(self, campaign_id: str) -> Iterator[BatchEntry]:
        batches = sorted(self._batches.items())
        return (each for _, each in batches if each.campaign_id == campaign_id)

    def write_batch(self, before: BatchEntry | None, after: BatchEntry) -> BatchEntry:
        return self._write(self._batches, after.batch_id, before, after)

    def write_campaign(self, before: Campaign | None, after: Campaign) -> Campaign:
        return self._write(self._campaigns, after.campaign_id, before, after)

    def write_pause(self, before: Pause, after: Pause) -> Pause:
        return self._write(self._pauses, "pause", before if before.revision else None, after)

    def write_content(self, before: Content | None, after: Content) -> Content:
        return self._write(self._contents, after.content_id, before, after)

    def _write(
        self, entries: dict[str, Entry], name: str, before: Entry | None, after: Entry
    ) -> Entry:
        self.before_write(after)
        stands = entries.get(name)
        if (stands and stands.revision) == (before and before.revision):
            entries[name] = stands = after
        if stands is None:
            raise KeyError(name)
        return stands


class FakeQueue:
    """
    Holds the messages in the order they came.

    `before_send` may raise. Once it holds `room` messages it refuses the rest.
    """

    def __init__(self, *, room: int | None = None) -> None:
        self.messages: list[str] = []
        self.room = room
        self.before_send: Callable[[object], None] = nothing

    def send(self, messages: Sequence[str]) -> None:
        self.before_send(messages)
        free = len(messages) if self.room is None else max(0, self.room - len(self.messages))
        self.messages += messages[:free]
        if free < len(messages):
            raise QueueUnavailable(f"{len(messages) - free} messages were refused")

    def is_idle(self) -> bool:
        return not self.messages

    @property
    def batches(self) -> list[Batch]:
        return [Batch.from_json(each) for each in self.messages]


class FakeFiles:
    """A bucket: dropped files, each in its version, and objects that were written."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self._dropped: dict[FileVersion, tuple[bytes, bool]] = {}
        self._versions = count(1)

    def drop(self, key: str, content: bytes, *, again: bool = False) -> FileVersion:
        version = FileVersion(bucket="files", key=key, version_id=f"v{next(self._versions)}")
        self._dropped[version] = content, again
        return version

    def delete(self, version: FileVersion) -> None:
        del self._dropped[version]

    @contextmanager
    def open(self, version: FileVersion) -> Iterator[OpenFile]:
        if version not in self._dropped:
            raise FileGone
        content, again = self._dropped[version]
        yield OpenFile(
            last_modified=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
            size=len(content),
            is_meant_again=again,
            body=BytesIO(content),
        )

    @contextmanager
    def new_object(self, key: str) -> Iterator[IO[bytes]]:
        stream = BytesIO()
        yield stream
        self.objects[key] = stream.getvalue()

    def lines(self, key: str, *, first_byte: int = 0) -> Iterator[bytes]:
        content = self.objects[key]
        if first_byte >= len(content):
            raise ValueError("S3 refuses a range that begins behind the end of the object")
        return iter(content[first_byte:].splitlines(keepends=True))


class FakeKeys:
    """Remembers the key pair until it is asked for anew; `stored` is what is in the secret."""

    def __init__(self, stored: AccessKey) -> None:
        self.stored = stored
        self._remembered = stored

    def current(self) -> AccessKey:
        return self._remembered

    def renewed(self) -> AccessKey:
        self._remembered = self.stored
        return self.stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    phone_number: str
    out_id: str
    at: float


@dataclass(slots=True)
class FakeProvider:
    """
    Accepts every call, but for `answers`: one a call, in order, as long as there are any.
    Refuses a call for any of the `bad_numbers` as a whole.

    A text is listed once it is `listed_after` seconds old. `during_call` may raise or interfere.
    """

    clock: Callable[[], float]
    answers: list[tuple[Answer, bool]] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    lookups: list[tuple[str, date, str]] = field(default_factory=list)
    bad_numbers: frozenset[str] = frozenset()
    listed_after: float = 0
    lookups_fail: bool = False
    during_call: Callable[[], None] = nothing

    def will_answer(self, code: str, *, texts: bool | None = None, **fields: str) -> None:
        """Let the next call without an answer yet be answered so, and text or not in truth."""
        answer = Answer(code=code, **fields)  # type: ignore[arg-type] # `status` stays as it is
        accepts = answer.meaning is Meaning.ACCEPTED if texts is None else texts
        self.answers.append((answer, accepts))

    def send(self, batch: Batch, *, out_id: str, key: AccessKey) -> Answer:
        self.calls.append(out_id)
        answer, texts = self.answers.pop(0) if self.answers else self._usual(batch)
        if texts:
            now = self.clock()
            self.texts += [
                Text(phone_number=each, out_id=out_id, at=now) for each in batch.phone_numbers
            ]
        self.during_call()
        return answer

    def _usual(self, batch: Batch) -> tuple[Answer, bool]:
        request_id = f"R{len(self.calls)}"
        if self.bad_numbers.intersection(batch.phone_numbers):
            return Answer(code="isv.MOBILE_NUMBER_ILLEGAL", request_id=request_id), False
        return Answer(code="OK", biz_id=f"{len(self.calls)}^0", request_id=request_id), True

    def out_ids(self, phone_number: str, *, on: date, key: AccessKey) -> Collection[str]:
        self.lookups.append((phone_number, on, key.key_id))
        if self.lookups_fail:
            raise LookupFailed("no answer")
        return [
            each.out_id
            for each in self.texts
            if each.phone_number == phone_number
            and beijing_date(each.at) == on
            and self.clock() >= each.at + self.listed_after
        ]

    def times_texted(self) -> Counter[str]:
        return Counter(each.phone_number for each in self.texts)
