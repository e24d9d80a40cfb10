"""The bucket: recipient files come in, plans and reports are kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, cast

from botocore.exceptions import ClientError

from smsdrop.aws.s3_upload import Upload
from smsdrop.drops import FileGone, FileVersion, OpenFile

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


CHUNK_BYTES = 256 * 1024

AGAIN = "smsdrop-again"
"""Metadata of an object whose content was sent before and is meant to be sent again: `yes`."""

GONE = ("NoSuchVersion", "NoSuchKey")


class Bucket:
    """Adapts the S3 client to what the use cases need of it."""

    def __init__(self, s3: "S3Client", name: str) -> None:
        self._s3 = s3
        self._name = name

    @contextmanager
    def open(self, version: FileVersion) -> Iterator[OpenFile]:
        """Raises `FileGone` if the version was deleted."""
        try:
            response = self._s3.get_object(
                Bucket=version.bucket, Key=version.key, VersionId=version.version_id
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in GONE:
                raise FileGone from error
            raise
        body = response["Body"]
        try:
            yield OpenFile(
                last_modified=response["LastModified"],
                size=response["ContentLength"],
                is_meant_again=response["Metadata"].get(AGAIN, "").lower() == "yes",
                body=cast("IO[bytes]", body),
            )
        finally:
            body.close()

    @contextmanager
    def new_object(self, key: str) -> Iterator[IO[bytes]]:
        """Send what is written in parts as it comes; it is an object once it is whole."""
        upload = Upload(self._s3, self._name, key)
        try:
            yield cast("IO[bytes]", upload)
            upload.finish()
        except BaseException:
            upload.abort()
            raise

    def lines(self, key: str, *, first_byte: int = 0) -> Iterator[bytes]:
        """Yield the lines of an object from this byte on, which must be before its end."""
        response = self._s3.get_object(Bucket=self._name, Key=key, Range=f"bytes={first_byte}-")
        return response["Body"].iter_lines(chunk_size=CHUNK_BYTES, keepends=True)
