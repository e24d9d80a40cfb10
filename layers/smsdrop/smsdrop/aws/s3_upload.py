"""
An object that is sent to S3 while it is being written, in as much memory as a part takes.

What fits into one part is one put. Anything longer is a multipart upload, which is no object until
it is finished, and takes up no room once it is aborted.
"""

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

PART_BYTES = 8 * 1024**2
"""Our choice: S3 wants 5 MiB at least, but of the last one, and takes ten thousand parts."""

MAX_PARTS = 10_000


class Upload(io.RawIOBase):
    """A stream to write; `finish` makes it an object, `abort` leaves nothing of it."""

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
        if self._upload_id:
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
