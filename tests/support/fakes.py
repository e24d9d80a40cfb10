"""Stand-ins in memory for what the use cases reach; they pass the tests of the real adapters."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from io import BytesIO
from itertools import count
from typing import IO, Any

from smsdrop.alibaba.answers import Answer, Meaning
from smsdrop.alibaba.send_details import Listing, LookupFailed, SendDetail, beijing_date
from smsdrop.alibaba.signing import AccessKey
from smsdrop.aws.ledger_items import (
    PAUSE_KEY,
    batch_key,
    campaign_key,
    key_account_key,
    key_of,
    place_key,
)
from smsdrop.aws.sqs import QueueUnavailable
from smsdrop.batches.batch import Batch, campaign_of, position_of
from smsdrop.drops import (
    FileFacts,
    FileGone,
    FileUnreadable,
    FileVersion,
    OpenFile,
    StandingFile,
    campaign_id,
)
from smsdrop.ledger.batch_entry import BatchEntry
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.committed_plans import CommittedPlan
from smsdrop.ledger.entries import EndedCampaign, KeyAccount, Pause, Snapshot
from smsdrop.ledger.ports import Entry
from smsdrop.ports import ObjectGone
from smsdrop.reasons import Reason
from smsdrop.telling.due import is_untold


def nothing(*_: object) -> None:
    """What happens at the hooks of the fakes, unless a test says otherwise."""


class FakeLedger:
    """Compares revisions as the real one does; `before_write` may raise, or write first."""

    def __init__(self) -> None:
        self.before_write: Callable[[object], None] = nothing
        self.stored: dict[tuple[str, str], Any] = {}

    def snapshot(self, batch_id: str) -> Snapshot:
        return Snapshot(
            campaign=self.campaign(campaign_of(batch_id)),
            batch=self.batch(batch_id),
            pause=self.pause(),
        )

    def campaign(self, campaign_id: str) -> Campaign | None:
        return self.stored.get(campaign_key(campaign_id))

    def batch(self, batch_id: str) -> BatchEntry | None:
        return self.stored.get(batch_key(batch_id))

    def key_accounts(self, key_ids: Collection[str]) -> dict[str, KeyAccount]:
        stored = {each: self.stored.get(key_account_key(each)) for each in key_ids}
        return {each: known for each, known in stored.items() if known is not None}

    def pause(self) -> Pause:
        pause: Pause = self.stored.get(PAUSE_KEY, Pause())
        return pause

    def committed_plans(self, template_code: str) -> Iterator[CommittedPlan]:
        plans = self.all_of(CommittedPlan)[::-1]
        return (each for each in plans if each.template_code == template_code)

    def committed_plan(self, template_code: str, place: int) -> CommittedPlan | None:
        return self.stored.get(place_key(template_code, place))

    def open_campaign_ids(self) -> Iterator[str]:
        return (each.campaign_id for each in self.open_campaigns())

    def open_campaigns(self) -> Iterator[Campaign]:
        return (each for each in self.all_of(Campaign) if each.is_open)

    def untold_campaign_ids(self) -> Iterator[str]:
        return (each.campaign_id for each in self.all_of(Campaign) if is_untold(each))

    def looked_at_campaign_ids(self) -> Iterator[str]:
        return (
            each.campaign_id
            for each in self.all_of(Campaign)
            if each.is_open or is_untold(each) or each.looks.receipts_at
        )

    def entries_within(self, campaign_id: str, first: int, last: int) -> Iterator[BatchEntry]:
        entries = self.entries(campaign_id)
        return (each for each in entries if first <= position_of(each.batch_id) <= last)

    def entries(self, campaign_id: str) -> Iterator[BatchEntry]:
        return (each for each in self.all_of(BatchEntry) if each.campaign_id == campaign_id)

    def entries_between(
        self, campaign_id: str, first: int, last: int, *, most: int
    ) -> list[BatchEntry]:
        entries = self.entries(campaign_id)
        return [each for each in entries if first <= position_of(each.batch_id) <= last][:most]

    def ended_campaigns(self, most: int) -> list[EndedCampaign]:
        return self.all_of(EndedCampaign)[::-1][:most]

    def all_of(self, kind: type[Entry]) -> list[Entry]:
        """Return the entries of one kind in the order of their keys."""
        return [each for _, each in sorted(self.stored.items()) if isinstance(each, kind)]

    def write(self, before: Entry | None, after: Entry) -> Entry:
        self.before_write(after)
        key = key_of(after)
        stands: Entry | None = self.stored.get(key)
        if (stands.revision if stands else 0) == (before.revision if before else 0):
            self.stored[key] = stands = after
        if stands is None:
            raise KeyError(key)
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

    def backlog(self) -> int:
        return len(self.messages)

    @property
    def batches(self) -> list[Batch]:
        return [Batch.from_json(each) for each in self.messages]


class FakeFiles:
    """A bucket: dropped files, each in its version, and objects that were written."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.saved_as: dict[str, str] = {}
        self.unreadable: dict[FileVersion, Reason] = {}
        self.marked_deleted: set[str] = set()
        """Keys as a console deletes them: the versions are still there."""
        self._dropped: dict[FileVersion, tuple[bytes, str]] = {}
        self._versions = count(1)

    def drop(self, key: str, content: bytes, *, again: str = "") -> FileVersion:
        version = FileVersion(bucket="files", key=key, version_id=f"v{next(self._versions)}")
        self._dropped[version] = content, again
        return version

    def delete(self, version: FileVersion) -> None:
        del self._dropped[version]

    @contextmanager
    def open(self, version: FileVersion) -> Iterator[OpenFile]:
        facts = self.facts(version)
        if version in self.unreadable:
            raise FileUnreadable(self.unreadable[version])
        content, again = self._dropped[version]
        yield OpenFile(
            last_modified=facts.last_modified,
            size=facts.size,
            again=again,
            body=BytesIO(content),
        )

    def facts(self, version: FileVersion) -> FileFacts:
        if version not in self._dropped:
            raise FileGone
        content, _ = self._dropped[version]
        return FileFacts(last_modified=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), size=len(content))

    def standing(self, prefix: str) -> list[StandingFile]:
        latest = {each.key: each for each in self._dropped if each.key.startswith(prefix)}
        return [
            StandingFile(version=latest[key], size=self.facts(latest[key]).size)
            for key in sorted(latest)
            if not key.endswith("/") and key not in self.marked_deleted
        ]

    def current_campaign_id(self, version: FileVersion) -> str | None:
        versions = [each for each in self._dropped if each.key == version.key]
        if not versions or version.key in self.marked_deleted:
            return None
        return campaign_id(versions[-1], self.facts(versions[-1]).last_modified)

    @contextmanager
    def new_object(self, key: str, *, saved_as: str = "") -> Iterator[IO[bytes]]:
        stream = BytesIO()
        yield stream
        self.objects[key] = stream.getvalue()
        self.saved_as[key] = saved_as

    def put_new(self, key: str, content: bytes) -> bool:
        if key in self.objects:
            return False
        self.objects[key] = content
        return True

    def mark_of(self, key: str) -> str:
        return sha256(self.objects[key]).hexdigest() if key in self.objects else ""

    def content(self, key: str) -> tuple[bytes, str]:
        return self.objects.get(key, b""), self.mark_of(key)

    def put_over(self, key: str, content: bytes, *, mark: str) -> str:
        if self.mark_of(key) != mark:
            return ""
        self.objects[key] = content
        return self.mark_of(key)

    def lines(self, key: str, *, first_byte: int = 0) -> Iterator[bytes]:
        if key not in self.objects:
            raise ObjectGone(key)
        content = self.objects[key]
        if first_byte and first_byte >= len(content):
            raise ValueError("S3 refuses a range that begins behind the end of the object")
        return iter(content[first_byte:].splitlines(keepends=True))


class FakeCloser:
    """Remembers for which campaigns it was woken; `before_wake` may raise."""

    def __init__(self) -> None:
        self.woken: list[str] = []
        self.before_wake: Callable[[object], None] = nothing

    def wake(self, campaign_id: str) -> None:
        self.before_wake(campaign_id)
        self.woken.append(campaign_id)


class FakeKeys:
    """
    Remembers the key pair until it is fetched again; `stored` is what is in the secret.

    The first calls of `current` return what `on_current` does.
    """

    def __init__(self, stored: AccessKey) -> None:
        self.stored = stored
        self.on_current: list[Callable[[], AccessKey]] = []
        self._remembered = stored

    def current(self) -> AccessKey:
        return self.on_current.pop(0)() if self.on_current else self._remembered

    def refresh(self) -> AccessKey:
        self._remembered = self.stored
        return self.stored


ACCOUNT_ID = "1968132000120001"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    phone_number: str
    out_id: str
    at: float
    account_id: str = ACCOUNT_ID


@dataclass(slots=True)
class FakeProvider:
    """
    Accepts every call, but for `answers`: one a call, in order, as long as there are any.
    Refuses a call for any of the `bad_numbers` as a whole.

    `lookup_answers` are given about a number instead of what is listed for it.

    A text is listed once it is `listed_after` seconds old, and to the account alone that sent it:
    `accounts` has the accounts of key ids that the usual one does not own. `during_call` and
    `during_lookup` may raise or interfere.
    """

    clock: Callable[[], float]
    answers: list[tuple[Answer, bool]] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    lookups: list[tuple[str, date, str]] = field(default_factory=list)
    bad_numbers: frozenset[str] = frozenset()
    listed_after: float = 0
    lookups_fail: bool = False
    accounts: dict[str, str] = field(default_factory=dict)
    lookup_answers: dict[str, Listing | LookupFailed] = field(default_factory=dict)
    during_call: Callable[[], None] = nothing
    during_lookup: Callable[[], None] = nothing

    def will_answer(self, code: str, *, texts: bool | None = None, **fields: str) -> None:
        """Answer the next call that has no answer yet; `texts` says whether it texts in truth."""
        answer = Answer(code=code, **fields)  # type: ignore[arg-type] # `status` stays as it is
        accepts = answer.meaning is Meaning.ACCEPTED if texts is None else texts
        self.answers.append((answer, accepts))

    def send(self, batch: Batch, *, out_id: str, key: AccessKey) -> Answer:
        self.calls.append(out_id)
        answer, texts = self.answers.pop(0) if self.answers else self._usual(batch)
        if texts:
            now = self.clock()
            self.texts += [
                Text(phone_number=each, out_id=out_id, at=now, account_id=self.account(key=key))
                for each in batch.phone_numbers
            ]
        self.during_call()
        return answer

    def _usual(self, batch: Batch) -> tuple[Answer, bool]:
        request_id = f"R{len(self.calls)}"
        if self.bad_numbers.intersection(batch.phone_numbers):
            return Answer(code="isv.MOBILE_NUMBER_ILLEGAL", request_id=request_id), False
        return Answer(code="OK", biz_id=f"{len(self.calls)}^0", request_id=request_id), True

    def listings(
        self, phone_numbers: Sequence[str], *, dates: Collection[date], key: AccessKey
    ) -> list[Listing | LookupFailed]:
        return [self._listing(each, dates, key) for each in phone_numbers]

    def _listing(
        self, phone_number: str, dates: Collection[date], key: AccessKey
    ) -> Listing | LookupFailed:
        self.lookups += [(phone_number, on, key.key_id) for on in dates]
        self.during_lookup()
        if self.lookups_fail:
            return LookupFailed("no answer")
        if phone_number in self.lookup_answers:
            return self.lookup_answers[phone_number]
        return Listing(
            rows=tuple(
                SendDetail(out_id=each.out_id, template_code="SMS_154950909", sent_at=each.at)
                for each in self.texts
                if each.phone_number == phone_number
                and each.account_id == self.account(key=key)
                and beijing_date(each.at) in dates
                and self.clock() >= each.at + self.listed_after
            )
        )

    def account(self, *, key: AccessKey) -> str:
        return self.accounts.get(key.key_id, ACCOUNT_ID)

    def times_texted(self) -> Counter[str]:
        return Counter(each.phone_number for each in self.texts)
