"""The bucket: recipient files come in, plans and reports are kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, cast

from botocore.exceptions import ClientError

from smsdrop.drops import (
    FileFacts,
    FileGone,
    FileUnreadable,
    FileVersion,
    OpenFile,
    word_of_repetition,
)
from smsdrop.reasons import Reason

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


CHUNK_BYTES = 256 * 1024

AGAIN = "smsdrop-again"
"""Metadata of an object whose content was sent before and is to be sent again: a new word."""

GONE = ("NoSuchVersion", "NoSuchKey")

WAYS_TO_STORE = {
    "InvalidObjectState": "file_archived",  # Glacier, or an archive tier of Intelligent-Tiering
    "InvalidRequest": "file_key_withheld",  # SSE-C: the key has to come with each request
}
"""What S3 answers where an object cannot be read as it is stored."""

KEY_FAULTS = (
    "AccessDenied",  # S3 says so too where its own policies are what forbids it
    "KMS.DisabledException",
    "KMS.KMSInvalidStateException",
    "KMS.NotFoundException",
)
"""What S3 answers where KMS does not decrypt the object."""


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
            response = self._s3.get_object(
                Bucket=version.bucket, Key=version.key, VersionId=version.version_id
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in GONE:
                raise FileGone from error
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

    @contextmanager
    def new_object(self, key: str) -> Iterator[IO[bytes]]:
        """Spool what is written on disk, and store it when it is whole."""
        with TemporaryFile() as spool:
            yield spool
            spool.seek(0)
            self._s3.upload_fileobj(spool, self._name, key)

    def lines(self, key: str, *, first_byte: int = 0) -> Iterator[bytes]:
        """Yield the lines of an object from this byte on, which must be before its end."""
        response = self._s3.get_object(Bucket=self._name, Key=key, Range=f"bytes={first_byte}-")
        return response["Body"].iter_lines(chunk_size=CHUNK_BYTES, keepends=True)
