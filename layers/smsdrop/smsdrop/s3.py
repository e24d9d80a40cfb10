"""The bucket: recipient files come in, plans are kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, cast

from smsdrop.campaign import FileVersion
from smsdrop.parse_recipients import OpenFile
from smsdrop.plan import BATCHES, ROWS

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CHUNK_BYTES = 256 * 1024


class Bucket:
    """Adapts the S3 client to what parsing needs of it."""

    def __init__(self, s3: "S3Client", name: str) -> None:
        self._s3 = s3
        self._name = name

    @contextmanager
    def open(self, version: FileVersion) -> Iterator[OpenFile]:
        response = self._s3.get_object(
            Bucket=version.bucket, Key=version.key, VersionId=version.version_id
        )
        body = response["Body"]
        try:
            yield OpenFile(
                last_modified=response["LastModified"],
                size=response["ContentLength"],
                body=cast("IO[bytes]", body),
            )
        finally:
            body.close()

    @contextmanager
    def new_plan(self, plan: str) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
        """Spool the plan on disk, and store it when it is whole."""
        with TemporaryFile() as batches, TemporaryFile() as rows:
            yield batches, rows
            for name, spool in ((BATCHES, batches), (ROWS, rows)):
                spool.seek(0)
                self._s3.upload_fileobj(spool, self._name, plan + name)

    def planned_lines(self, plan: str, *, first_byte: int) -> Iterator[bytes]:
        response = self._s3.get_object(
            Bucket=self._name, Key=plan + BATCHES, Range=f"bytes={first_byte}-"
        )
        return response["Body"].iter_lines(chunk_size=CHUNK_BYTES, keepends=True)
