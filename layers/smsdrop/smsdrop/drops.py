"""A version of a dropped file: its campaign's id, and where its objects are in the bucket."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import IO, Any
from urllib.parse import unquote_plus

from smsdrop.reasons import Reason

DROP_PREFIX = "incoming/"
WORK_PREFIX = "work/"
REPORT_PREFIX = "reports/"

LONGEST_KEY_BYTES = 1024
"""S3's limit for a key, in UTF-8."""

LONGEST_REPORT_NAME = "undelivered-10.csv"

LONGEST_SAVED_NAME = 60
"""Our choice, in characters: file systems take 255 bytes for a name."""

BEIJING = timezone(timedelta(hours=8))
"""The time zone of the users and the provider; China has no summer time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileVersion:
    """
    One version of a dropped object, as S3 names it.

    `by` is who dropped it, if S3 has said so; it is not part of the version.
    """

    bucket: str
    key: str
    version_id: str
    by: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingFile:
    """The current version of an object, and its size in bytes."""

    version: FileVersion
    size: int


def dropped_versions(event: dict[str, Any]) -> Iterator[FileVersion]:
    """
    Yield the files of an S3 event; the test event of a new notification has none.

    S3 writes keys into events as forms are encoded: a space is a plus sign. A key that ends with a
    slash is an empty object that consoles make to show a folder.
    """
    for record in event.get("Records", ()):
        key = unquote_plus(record["s3"]["object"]["key"])
        if not key.endswith("/"):
            yield FileVersion(
                bucket=record["s3"]["bucket"]["name"],
                key=key,
                version_id=record["s3"]["object"]["versionId"],
                by=principal_of(record),
            )


def principal_of(record: Mapping[str, Any]) -> str:
    """Return who made the request that an S3 record is about; empty if the record does not say."""
    return str(record.get("userIdentity", {}).get("principalId", ""))


def campaign_id(version: FileVersion, last_modified: datetime) -> str:
    """
    Return `20260102T030405Z-` and 64 bits in hexadecimal.

    The same version gives the same id however often, how late or from whom its event comes; the
    time in front sorts campaigns by when their files were dropped.
    """
    name = "\n".join([version.bucket, version.key, version.version_id])
    digest = sha256(name.encode()).hexdigest()[:16]
    return f"{last_modified.astimezone(UTC):%Y%m%dT%H%M%SZ}-{digest}"


def beijing_time_of(campaign_id: str) -> str:
    """Return when the campaign's file was dropped, to the minute."""
    dropped_at = datetime.strptime(campaign_id[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return f"{dropped_at.astimezone(BEIJING):%Y-%m-%d %H:%M}"


def work_folder(campaign_id: str) -> str:
    """Return where plans of the campaign are kept."""
    return f"{WORK_PREFIX}{campaign_id}/"


def report_folder(key: str, campaign_id: str) -> str:
    """
    Return where the report on a dropped file is written.

    A path so long that the report's keys would exceed S3's limit is cut, and ends with its hash.
    """
    path = key.removeprefix(DROP_PREFIX)
    end = f"/{campaign_id}/"
    room = LONGEST_KEY_BYTES - len(f"{REPORT_PREFIX}{end}{LONGEST_REPORT_NAME}".encode())
    return f"{REPORT_PREFIX}{_fitted(path, room)}{end}"


def download_name(key: str, campaign_id: str, name: str) -> str:
    """Return the name to save a report's file under: by its key, each would be `results.csv`."""
    dropped = key.rpartition("/")[2].removesuffix(".gz")
    stem = (dropped.rpartition(".")[0] or dropped)[:LONGEST_SAVED_NAME]
    when = beijing_time_of(campaign_id).translate(str.maketrans(" ", "-", "-:"))
    return f"{stem}-{when}-{name}"


def _fitted(path: str, room: int) -> str:
    encoded = path.encode()
    if len(encoded) <= room:
        return path
    mark = f"~{sha256(encoded).hexdigest()[:16]}"
    return encoded[: room - len(mark)].decode(errors="ignore") + mark


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What S3 knows about a version, even if it cannot be read."""

    last_modified: datetime
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFile(FileFacts):
    """
    A version of an object, being read.

    `again` is the word that says that a repetition is intended; empty if it is not.
    """

    again: str = ""
    body: IO[bytes]


NOT_AGAIN = ("", "no", "false", "0")

MAX_WORD = 100
"""Our choice; S3 takes 2 KB of metadata."""


def word_of_repetition(metadata: str) -> str:
    """Return the word in what a person wrote into `smsdrop-again`; a denial counts as none."""
    word = metadata.strip().lower()[:MAX_WORD]
    return "" if word in NOT_AGAIN else word


class FileGone(Exception):
    """The version was deleted since its event."""


class FileUnreadable(Exception):
    """The version is there, but the way it is stored keeps smsdrop from reading it."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason
