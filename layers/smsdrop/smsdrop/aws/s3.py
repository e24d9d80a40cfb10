"""The bucket: recipient files come in, plans and reports are kept."""

import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from itertools import chain
from typing import IO, TYPE_CHECKING, TypedDict, cast
from urllib.parse import quote

from botocore.exceptions import BotoCoreError, ClientError

from smsdrop.drops import (
    FileFacts,
    FileGone,
    FileUnreadable,
    FileVersion,
    OpenFile,
    StandingFile,
    campaign_id,
    word_of_repetition,
)
from smsdrop.ports import ObjectGone
from smsdrop.reasons import Reason

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef


CHUNK_BYTES = 256 * 1024

AGAIN = "smsdrop-again"
"""Metadata of an object whose content was sent before and should be sent again: a new word."""

GONE = ("NoSuchVersion", "NoSuchKey")

TAKEN = ("PreconditionFailed", "ConditionalRequestConflict")
"""What S3 answers if there is an object with the key, or is just about to be."""

WAYS_TO_STORE = {
    "InvalidObjectState": "file_archived",  # Glacier, or an archive tier of Intelligent-Tiering
    "InvalidRequest": "file_key_withheld",  # SSE-C: the key has to come with each request
}
"""What S3 answers if an object cannot be read as it is stored."""

KEY_FAULTS = (
    "AccessDenied",  # S3 also says so if its own policies forbid it
    "KMS.DisabledException",
    "KMS.KMSInvalidStateException",
    "KMS.NotFoundException",
)
"""What S3 answers if KMS does not decrypt the object."""


CONTENT_TYPES = {"html": "text/html; charset=utf-8", "json": "application/json; charset=utf-8"}
"""Of objects that a browser should show rather than save, by how their names end."""

PART_BYTES = 8 * 1024**2
"""Our choice: S3 wants at least 5 MiB, except in the last one, and takes ten thousand parts."""


class Bucket:
    """
    Adapts the S3 client to what the use cases need of it.

    `own_key` is the ARN of the key that the stack encrypts with, if it has one.
    """

    def __init__(self, s3: "S3Client", name: str, *, own_key: str = "") -> None:
        self._s3 = s3
        self._name = name
        self._own_key = own_key

    @contextmanager
    def open(self, version: FileVersion) -> Iterator[OpenFile]:
        """Raises `FileGone` if the version was deleted, `FileUnreadable` by how it is stored."""
        try:
            with _raising_if_gone(FileGone()):
                response = self._s3.get_object(
                    Bucket=version.bucket, Key=version.key, VersionId=version.version_id
                )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in WAYS_TO_STORE:
                raise FileUnreadable(Reason(WAYS_TO_STORE[code])) from error
            if code in KEY_FAULTS and (key := self._foreign_key(version)):
                raise FileUnreadable(Reason("file_key_forbidden", (key,))) from error
            raise
        body = response["Body"]
        try:
            yield OpenFile(
                last_modified=response["LastModified"],
                size=response["ContentLength"],
                again=word_of_repetition(response["Metadata"].get(AGAIN, "")),
                body=cast("IO[bytes]", body),
            )
        finally:
            body.close()

    def facts(self, version: FileVersion) -> FileFacts:
        """Ask the list of versions, which answers whatever an object is encrypted with."""
        pages = self._s3.get_paginator("list_object_versions").paginate(
            Bucket=version.bucket, Prefix=version.key
        )
        for each in chain.from_iterable(page.get("Versions", ()) for page in pages):
            if (each["Key"], each["VersionId"]) == (version.key, version.version_id):
                return FileFacts(last_modified=each["LastModified"], size=each["Size"])
        raise FileGone

    def standing(self, prefix: str) -> list[StandingFile]:
        """Ask the list of versions, which is by key; a key that ends with a slash is a folder."""
        pages = self._s3.get_paginator("list_object_versions").paginate(
            Bucket=self._name, Prefix=prefix
        )
        return [
            StandingFile(
                version=FileVersion(
                    bucket=self._name, key=each["Key"], version_id=each["VersionId"]
                ),
                size=each["Size"],
            )
            for each in chain.from_iterable(page.get("Versions", ()) for page in pages)
            if each["IsLatest"] and not each["Key"].endswith("/")
        ]

    def current_campaign_id(self, version: FileVersion) -> str | None:
        """Ask for the version that the key stands for now; a deleted object has none."""
        try:
            head = self._s3.head_object(Bucket=version.bucket, Key=version.key)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == HTTPStatus.NOT_FOUND:
                return None
            raise
        current = replace(version, version_id=head["VersionId"])
        return campaign_id(current, head["LastModified"])

    def _foreign_key(self, version: FileVersion) -> str:
        """
        Return the key that alone keeps us from reading the version, unless it is our own.

        S3 asks KMS for a GET and not for a HEAD: where only the former is denied, it is the key
        that is missing.
        """
        head = self._s3.head_object(
            Bucket=version.bucket, Key=version.key, VersionId=version.version_id
        )
        key = head.get("SSEKMSKeyId", "")
        return "" if key == self._own_key else key

    def put_new(self, key: str, content: bytes) -> bool:
        """Store an object unless there is one with this key, and say whether it was stored."""
        try:
            self._s3.put_object(Bucket=self._name, Key=key, Body=content, IfNoneMatch="*")
        except ClientError as error:
            if error.response["Error"]["Code"] in TAKEN:
                return False
            raise
        return True

    def mark_of(self, key: str) -> str:
        """Return the ETag; an object with other content has another."""
        try:
            return self._s3.head_object(Bucket=self._name, Key=key)["ETag"]
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == HTTPStatus.NOT_FOUND:
                return ""
            raise

    def content(self, key: str) -> tuple[bytes, str]:
        """Return a small object as a whole, with its ETag; nothing for no object."""
        try:
            response = self._s3.get_object(Bucket=self._name, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in GONE:
                return b"", ""
            raise
        return response["Body"].read(), response["ETag"]

    def put_over(self, key: str, content: bytes, *, mark: str) -> str:
        """Store an object if the one with this ETag stands; without an ETag, if there is none."""
        put = partial(
            self._s3.put_object, Bucket=self._name, Key=key, Body=content, **headers_of(key)
        )
        try:
            stored = put(IfMatch=mark) if mark else put(IfNoneMatch="*")
        except ClientError as error:
            if error.response["Error"]["Code"] in (*TAKEN, *GONE):
                return ""
            raise
        return stored["ETag"]

    @contextmanager
    def new_object(self, key: str, *, saved_as: str = "") -> Iterator[IO[bytes]]:
        """Send what is written in parts as it comes; it is an object once it is whole."""
        upload = Upload(self._s3, self._name, key, saved_as=saved_as)
        try:
            yield cast("IO[bytes]", upload)
            upload.finish()
        except BaseException:
            upload.abort()
            raise

    def lines(self, key: str, *, first_byte: int = 0) -> Iterator[bytes]:
        """
        Yield the lines of an object from this byte on; one past 0 must be before its end.

        S3 refuses the range of all bytes where there are none, so the whole is asked for without.
        """
        get = partial(self._s3.get_object, Bucket=self._name, Key=key)
        with _raising_if_gone(ObjectGone(key)):
            response = get(Range=f"bytes={first_byte}-") if first_byte else get()
        return response["Body"].iter_lines(chunk_size=CHUNK_BYTES, keepends=True)


class Headers(TypedDict, total=False):
    """Arguments of PutObject."""

    ContentType: str
    ContentDisposition: str


def headers_of(key: str, *, saved_as: str = "") -> Headers:
    headers: Headers = {}
    if kind := CONTENT_TYPES.get(key.rpartition(".")[2]):
        headers["ContentType"] = kind
    if saved_as:
        headers["ContentDisposition"] = disposition(saved_as)
    return headers


class Upload(io.RawIOBase):
    """
    A stream that is sent while it is being written, in as much memory as a part takes.

    `finish` makes it an object, `abort` leaves nothing of it. What fits into one part is one put;
    anything longer is a multipart upload, which is no object until it is finished.
    """

    def __init__(self, s3: "S3Client", bucket: str, key: str, *, saved_as: str = "") -> None:
        super().__init__()
        self._s3 = s3
        self._bucket = bucket
        self._key = key
        self._headers = headers_of(key, saved_as=saved_as)
        self._upload_id = ""
        self._parts: list[CompletedPartTypeDef] = []
        self._part = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        self._part += data
        if len(self._part) >= PART_BYTES:
            self._send_part()
        return memoryview(data).nbytes

    def finish(self) -> None:
        """Make what was written the object that is stored under the key."""
        if not self._upload_id:
            body = bytes(self._part)
            self._s3.put_object(Bucket=self._bucket, Key=self._key, Body=body, **self._headers)
            return
        if self._part:
            self._send_part()
        self._s3.complete_multipart_upload(
            Bucket=self._bucket,
            Key=self._key,
            UploadId=self._upload_id,
            MultipartUpload={"Parts": self._parts},
        )

    def abort(self) -> None:
        """Give the parts up; where that fails, the bucket's lifecycle does it in time."""
        if not self._upload_id:
            return
        with suppress(BotoCoreError, ClientError):
            self._s3.abort_multipart_upload(
                Bucket=self._bucket, Key=self._key, UploadId=self._upload_id
            )

    def _send_part(self) -> None:
        if not self._upload_id:
            begun = self._s3.create_multipart_upload(
                Bucket=self._bucket, Key=self._key, **self._headers
            )
            self._upload_id = begun["UploadId"]
        number = len(self._parts) + 1
        sent = self._s3.upload_part(
            Bucket=self._bucket,
            Key=self._key,
            UploadId=self._upload_id,
            PartNumber=number,
            Body=bytes(self._part),
        )
        self._parts.append({"PartNumber": number, "ETag": sent["ETag"]})
        self._part = bytearray()


def disposition(saved_as: str) -> str:
    """Say the name in ASCII, as RFC 8187 encodes it: S3 takes no other letters in a header."""
    return f"attachment; filename*=UTF-8''{quote(saved_as, safe='')}"


@contextmanager
def _raising_if_gone(gone: Exception) -> Iterator[None]:
    """Raise this if S3 answers that there is no such object."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] in GONE:
            raise gone from error
        raise
