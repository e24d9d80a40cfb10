"""The bucket: recipient files come in, plans and reports are kept."""

import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import IO, TYPE_CHECKING, cast

from botocore.exceptions import BotoCoreError, ClientError

from smsdrop.drops import FileGone, FileVersion, OpenFile
from smsdrop.ports import ObjectGone

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef


CHUNK_BYTES = 256 * 1024

AGAIN = "smsdrop-again"
"""Metadata of an object whose content was sent before and is meant to be sent again: `yes`."""

GONE = ("NoSuchVersion", "NoSuchKey")


PART_BYTES = 8 * 1024**2
"""Our choice: S3 wants 5 MiB at least, but of the last one, and takes ten thousand parts."""


class Bucket:
    """Adapts the S3 client to what the use cases need of it."""

    def __init__(self, s3: "S3Client", name: str) -> None:
        self._s3 = s3
        self._name = name

    @contextmanager
    def open(self, version: FileVersion) -> Iterator[OpenFile]:
        """Raises `FileGone` if the version was deleted."""
        with _raising_if_gone(FileGone()):
            response = self._s3.get_object(
                Bucket=version.bucket, Key=version.key, VersionId=version.version_id
            )
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
        """
        Yield the lines of an object from this byte on; one past 0 must be before its end.

        S3 refuses the range of all bytes where there are none, so the whole is asked for without.
        """
        get = partial(self._s3.get_object, Bucket=self._name, Key=key)
        with _raising_if_gone(ObjectGone(key)):
            response = get(Range=f"bytes={first_byte}-") if first_byte else get()
        return response["Body"].iter_lines(chunk_size=CHUNK_BYTES, keepends=True)


class Upload(io.RawIOBase):
    """
    A stream that is sent while it is being written, in as much memory as a part takes.

    `finish` makes it an object, `abort` leaves nothing of it. What fits into one part is one put;
    anything longer is a multipart upload, which is no object until it is finished.
    """

    def __init__(self, s3: "S3Client", bucket: str, key: str) -> None:
        super().__init__()
        self._s3 = s3
        self._bucket = bucket
        self._key = key
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
            self._s3.put_object(Bucket=self._bucket, Key=self._key, Body=bytes(self._part))
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
            begun = self._s3.create_multipart_upload(Bucket=self._bucket, Key=self._key)
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


@contextmanager
def _raising_if_gone(gone: Exception) -> Iterator[None]:
    """Raise this where S3 answers that there is no such object."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] in GONE:
            raise gone from error
        raise
