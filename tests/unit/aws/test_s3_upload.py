"""An object is sent in parts while it is written, and is whole or not there."""

import io
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ClientError

from smsdrop.aws.s3 import Bucket
from smsdrop.aws.s3_upload import PART_BYTES
from tests.simulation.no_io import noticing

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytest_plugins = ["tests.support.aws_fixtures"]

KEY = "reports/july.csv/results.csv"
LEAST_PART_BYTES = 5 * 1024**2
"""S3 refuses a shorter part that is not the last one."""


@dataclass(slots=True)
class CountingS3:
    """Takes an object and keeps nothing of it but the lengths of its parts."""

    parts: list[int] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def put_object(self, *, Body: bytes, **_: str) -> None:  # noqa: N803 - as boto3 spells it
        self.calls.append("put")
        self.parts.append(len(Body))

    def create_multipart_upload(self, **_: str) -> dict[str, str]:
        self.calls.append("create")
        return {"UploadId": "u1"}

    def upload_part(self, *, Body: bytes, **_: Any) -> dict[str, str]:  # noqa: N803 - the same
        self.parts.append(len(Body))
        return {"ETag": str(len(self.parts))}

    def complete_multipart_upload(self, **_: Any) -> None:
        self.calls.append("complete")

    def abort_multipart_upload(self, **_: str) -> None:
        self.calls.append("abort")


@pytest.fixture
def counting() -> CountingS3:
    return CountingS3()


def bucket_on(counting: CountingS3) -> Bucket:
    return Bucket(cast("S3Client", counting), "files")


def chunks(size: int, *, of: int = 1024**2) -> Iterator[bytes]:
    chunk = bytes(of)
    for start in range(0, size, of):
        yield chunk[: size - start]


@pytest.mark.parametrize(
    ("size", "parts", "calls"),
    [
        pytest.param(0, [0], ["put"], id="nothing"),
        pytest.param(PART_BYTES - 1, [PART_BYTES - 1], ["put"], id="a byte less than a part"),
        pytest.param(PART_BYTES, [PART_BYTES], ["create", "complete"], id="exactly a part"),
        pytest.param(
            2 * PART_BYTES + 1, [PART_BYTES, PART_BYTES, 1], ["create", "complete"], id="over two"
        ),
    ],
)
def test_what_fits_into_a_part_is_one_put_and_more_is_sent_in_parts(
    counting: CountingS3, size: int, parts: list[int], calls: list[str]
) -> None:
    with bucket_on(counting).new_object(KEY) as stream:
        stream.writelines(chunks(size))

    assert (counting.parts, counting.calls) == (parts, calls)


def test_every_part_but_the_last_is_as_long_as_s3_wants_it(counting: CountingS3) -> None:
    with bucket_on(counting).new_object(KEY) as stream:
        stream.writelines(chunks(5 * PART_BYTES, of=3_333_333))

    assert min(counting.parts[:-1]) >= LEAST_PART_BYTES
    assert sum(counting.parts) == 5 * PART_BYTES


def test_an_object_of_several_parts_is_read_back_whole(s3: "S3Client", bucket: str) -> None:
    files = Bucket(s3, bucket)

    with files.new_object(KEY) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
        for row in range(900_000):
            text.write(f"{row:08d},张三\r\n")

    lines = files.lines(KEY)
    assert all(line == f"{row:08d},张三\r\n".encode() for row, line in enumerate(lines))
    assert s3.head_object(Bucket=bucket, Key=KEY)["ContentLength"] == 900_000 * 17 > PART_BYTES


class Interrupted(BaseException):
    """Not an `Exception`: a process that is stopped leaves nothing either."""


def write_and_stop(files: Bucket, size: int) -> None:
    with files.new_object(KEY) as stream:
        stream.write(bytes(size))
        raise Interrupted


@pytest.mark.parametrize("written", [10, 2 * PART_BYTES])
def test_an_object_that_is_given_up_takes_up_no_room(
    s3: "S3Client", bucket: str, written: int
) -> None:
    with pytest.raises(Interrupted):
        write_and_stop(Bucket(s3, bucket), written)

    with pytest.raises(ClientError):
        s3.head_object(Bucket=bucket, Key=KEY)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket)


def test_an_object_of_any_length_takes_the_memory_of_a_few_parts_and_no_disk(
    counting: CountingS3,
) -> None:
    tracemalloc.start()
    with noticing() as noticed, bucket_on(counting).new_object(KEY) as stream:
        stream.writelines(chunks(30 * PART_BYTES))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 4 * PART_BYTES
    assert noticed == []
