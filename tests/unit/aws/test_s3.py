"""The bucket: files are read in the version that was dropped; objects are whole or not there."""

import io
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol, cast

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from smsdrop.aws.s3 import CHUNK_BYTES, KEY_FAULTS, PART_BYTES, Bucket
from smsdrop.drops import FileGone, FileUnreadable, FileVersion, campaign_id
from smsdrop.parsing.plan_file import Bucket as BucketPort
from smsdrop.ports import ObjectGone
from smsdrop.reasons import Reason
from tests.simulation.no_io import noticing
from tests.support.fakes import FakeFiles

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytest_plugins = ["tests.support.aws_fixtures"]

REPORT = "reports/july.csv/results.csv"
PAGE = "reports/july.csv/status.json"
LEAST_PART_BYTES = 5 * 1024**2
"""S3 refuses a shorter part that is not the last one."""

PLAN = "work/20260102T030405Z-0/token/batches.jsonl"


class Drop(Protocol):
    def __call__(self, key: str, content: bytes, *, again: str = "") -> FileVersion: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Files, and how a test drops and deletes in them."""

    files: Bucket | FakeFiles
    drop: Drop
    delete: Callable[[FileVersion], object]


@pytest.fixture(params=["s3", "fake"])
def shelf(request: pytest.FixtureRequest) -> Shelf:
    if request.param == "fake":
        fake = FakeFiles()
        return Shelf(files=fake, drop=fake.drop, delete=fake.delete)
    s3: S3Client = request.getfixturevalue("s3")
    bucket: str = request.getfixturevalue("bucket")

    def drop(key: str, content: bytes, *, again: str = "") -> FileVersion:
        metadata = {"smsdrop-again": again.title()} if again else {}
        stored = s3.put_object(Bucket=bucket, Key=key, Body=content, Metadata=metadata)
        return FileVersion(bucket=bucket, key=key, version_id=stored["VersionId"])

    def delete(version: FileVersion) -> object:
        return s3.delete_object(Bucket=bucket, Key=version.key, VersionId=version.version_id)

    return Shelf(files=Bucket(s3, bucket), drop=drop, delete=delete)


@pytest.mark.parametrize("key", ["reports/orders/2026-01-02 110000.250 pause 1a2b3c4d.json"])
def test_an_object_that_is_to_be_new_leaves_the_first_one_as_it_is(shelf: Shelf, key: str) -> None:
    first, second = (shelf.files.put_new(key, each) for each in (b"first", b"second"))

    assert (first, second) == (True, False)
    assert b"".join(shelf.files.lines(key)) == b"first"


def test_an_object_that_cannot_be_stored_is_not_taken_for_one_that_is_there(
    s3: "S3Client",
) -> None:
    with pytest.raises(ClientError, match="NoSuchBucket"):
        Bucket(s3, "no-such-bucket").put_new(REPORT, b"")


def test_a_page_is_written_over_what_it_is_known_to_replace(shelf: Shelf) -> None:
    assert shelf.files.mark_of(PAGE) == ""
    first = shelf.files.put_over(PAGE, b"first", mark="")

    second = shelf.files.put_over(PAGE, b"second", mark=first)

    assert first
    assert second == shelf.files.mark_of(PAGE) != first
    assert b"".join(shelf.files.lines(PAGE)) == b"second"


def test_an_object_is_read_with_the_mark_that_it_is_written_over_by(shelf: Shelf) -> None:
    assert shelf.files.content(PAGE) == (b"", "")
    first = shelf.files.put_over(PAGE, b"first\r\n\n", mark="")

    content, mark = shelf.files.content(PAGE)

    assert (content, mark) == (b"first\r\n\n", first)
    assert shelf.files.put_over(PAGE, b"second", mark=mark)


@pytest.mark.parametrize("mark", ["", '"0123456789abcdef0123456789abcdef"'])
def test_a_page_is_not_written_over_another_content(shelf: Shelf, mark: str) -> None:
    write(shelf.files, PAGE, b"the last page")

    assert shelf.files.put_over(PAGE, b"late", mark=mark) == ""
    assert b"".join(shelf.files.lines(PAGE)) == b"the last page"


def test_a_page_is_not_written_over_one_that_is_gone(shelf: Shelf) -> None:
    assert shelf.files.put_over(PAGE, b"late", mark='"0123456789abcdef0123456789abcdef"') == ""
    assert shelf.files.mark_of(PAGE) == ""


def test_a_page_that_cannot_be_stored_is_not_taken_for_one_that_was_overtaken(
    s3: "S3Client",
) -> None:
    nowhere = Bucket(s3, "no-such-bucket")

    with pytest.raises(ClientError, match="NoSuchBucket"):
        nowhere.put_over(PAGE, b"", mark="")


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        pytest.param("reports/index.html", "text/html; charset=utf-8", id="a page"),
        pytest.param("reports/a/status.json", "application/json; charset=utf-8", id="JSON"),
        pytest.param(REPORT, "binary/octet-stream", id="a file to store"),
    ],
)
def test_a_browser_shows_what_it_is_to_show(
    s3: "S3Client", bucket: str, key: str, kind: str
) -> None:
    files = Bucket(s3, bucket)

    write(files, key, b"{}")
    assert s3.head_object(Bucket=bucket, Key=key)["ContentType"] == kind

    files.put_over(key, b"[]", mark=files.mark_of(key))
    assert s3.head_object(Bucket=bucket, Key=key)["ContentType"] == kind


def write(files: BucketPort, key: str, content: bytes) -> None:
    with files.new_object(key) as stream:
        stream.write(content)


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("incoming/july.csv", id="plain"),
        pytest.param("incoming/my list.csv", id="a space"),
        pytest.param("incoming/a+b.csv", id="a plus"),
        pytest.param("incoming/100%.csv", id="a percent sign"),
        pytest.param("incoming/SMS_9/云通信/七月.csv", id="Chinese"),
        pytest.param("incoming/🎉.csv", id="an emoji"),
        pytest.param("incoming/a?b=c&d#e.csv", id="signs of addresses"),
    ],
)
def test_a_file_is_read_whatever_its_name(shelf: Shelf, key: str) -> None:
    version = shelf.drop(key, b"phone\n13800138000\n")

    with shelf.files.open(version) as file:
        assert file.body.read() == b"phone\n13800138000\n"
        assert file.size == 18
        assert file.last_modified.tzinfo is not None


def test_a_file_is_read_in_the_version_that_was_dropped(shelf: Shelf) -> None:
    first = shelf.drop("incoming/a.csv", b"first")
    second = shelf.drop("incoming/a.csv", b"second")

    contents = []
    for version in (first, second, first):
        with shelf.files.open(version) as file:
            contents.append(file.body.read())

    assert contents == [b"first", b"second", b"first"]


@pytest.mark.parametrize("again", ["", "yes", "2026-12"])
def test_a_file_may_say_that_it_is_meant_though_it_repeats_another(
    shelf: Shelf, again: str
) -> None:
    version = shelf.drop("incoming/a.csv", b"phone\n", again=again)

    with shelf.files.open(version) as file:
        assert file.again == again


def test_a_file_can_be_read_bit_by_bit(shelf: Shelf) -> None:
    version = shelf.drop("incoming/a.csv", b"0123456789")

    with shelf.files.open(version) as file:
        assert [file.body.read(4) for _ in range(4)] == [b"0123", b"4567", b"89", b""]


def test_a_file_that_is_left_half_read_makes_no_trouble(shelf: Shelf) -> None:
    version = shelf.drop("incoming/a.csv", b"x" * 3 * CHUNK_BYTES)

    with shelf.files.open(version) as file:
        file.body.read(10)

    with shelf.files.open(version) as file:
        assert len(file.body.read()) == 3 * CHUNK_BYTES


def test_a_version_that_was_deleted_is_gone(shelf: Shelf) -> None:
    version = shelf.drop("incoming/a.csv", b"first")
    shelf.drop("incoming/a.csv", b"second")
    shelf.delete(version)

    with pytest.raises(FileGone), shelf.files.open(version):
        pass


def test_a_key_that_never_was_is_gone(shelf: Shelf) -> None:
    version = shelf.drop("incoming/a.csv", b"first")

    with pytest.raises(FileGone), shelf.files.open(replace(version, key="incoming/b.csv")):
        pass


def test_what_stands_under_a_key_is_its_last_version_until_that_is_deleted(shelf: Shelf) -> None:
    first = shelf.drop("incoming/a.csv", b"first")
    alone = shelf.files.current_campaign_id(first)
    second = shelf.drop("incoming/a.csv", b"second")
    of_second = campaign_id(second, shelf.files.facts(second).last_modified)

    assert shelf.files.current_campaign_id(first) == of_second
    shelf.delete(second)
    assert shelf.files.current_campaign_id(first) == alone
    assert alone == campaign_id(first, shelf.files.facts(first).last_modified)
    shelf.delete(first)
    assert shelf.files.current_campaign_id(first) is None


def test_nothing_stands_under_a_key_that_was_deleted_in_a_console(
    s3: "S3Client", bucket: str
) -> None:
    """That leaves a marker, under which the versions are still there."""
    response = s3.put_object(Bucket=bucket, Key="incoming/a.csv", Body=b"first")
    version = FileVersion(bucket=bucket, key="incoming/a.csv", version_id=response["VersionId"])

    s3.delete_object(Bucket=bucket, Key="incoming/a.csv")

    assert Bucket(s3, bucket).current_campaign_id(version) is None


def test_what_stands_under_a_prefix_is_the_last_version_of_each_object(shelf: Shelf) -> None:
    for key in ("suppressed/b.csv", "suppressed/promo/a.csv", "incoming/a.csv", "suppressed/c/"):
        shelf.drop(key, b"1")
    last = shelf.drop("suppressed/b.csv", b"123")

    standing = shelf.files.standing("suppressed/")

    assert [each.version.key for each in standing] == ["suppressed/b.csv", "suppressed/promo/a.csv"]
    assert (standing[0].version, standing[0].size) == (last, 3)


def test_nothing_stands_under_a_prefix_once_it_was_deleted_in_a_console(
    s3: "S3Client", bucket: str
) -> None:
    s3.put_object(Bucket=bucket, Key="suppressed/a.csv", Body=b"1")

    s3.delete_object(Bucket=bucket, Key="suppressed/a.csv")

    assert Bucket(s3, bucket).standing("suppressed/") == []


def test_the_facts_of_a_file_are_those_of_its_version(shelf: Shelf) -> None:
    first = shelf.drop("incoming/a.csv", b"first")
    shelf.drop("incoming/a.csv", b"the second")
    shelf.drop("incoming/a.csv2", b"another")

    facts = shelf.files.facts(first)

    with shelf.files.open(first) as file:
        assert (facts.last_modified, facts.size) == (file.last_modified, file.size)


def test_the_facts_of_a_version_that_was_deleted_are_gone(shelf: Shelf) -> None:
    version = shelf.drop("incoming/a.csv", b"first")
    shelf.drop("incoming/a.csv", b"second")
    shelf.delete(version)

    with pytest.raises(FileGone):
        shelf.files.facts(version)


def test_to_know_a_file_no_others_are_listed(s3: "S3Client") -> None:
    asked = {"Bucket": VERSION.bucket, "Prefix": VERSION.key}

    with Stubber(s3) as stub:
        stub.add_response("list_object_versions", {"IsTruncated": False}, asked)
        with pytest.raises(FileGone):
            Bucket(s3, "files").facts(VERSION)


def test_an_archived_file_is_unreadable_and_its_facts_are_known(
    s3: "S3Client", bucket: str
) -> None:
    key = "incoming/a.csv"
    stored = s3.put_object(Bucket=bucket, Key=key, Body=b"phone\n", StorageClass="GLACIER")
    version = FileVersion(bucket=bucket, key=key, version_id=stored["VersionId"])
    files = Bucket(s3, bucket)

    with pytest.raises(FileUnreadable) as unreadable, files.open(version):
        pass

    assert unreadable.value.reason == Reason("file_archived")
    assert files.facts(version).size == 6


VERSION = FileVersion(bucket="files", key="incoming/a.csv", version_id="v1")
OWN_KEY = "arn:aws:kms:us-east-1:1:key/own"
FOREIGN_KEY = "arn:aws:kms:us-east-1:1:key/foreign"


def opened_with(answer: str, s3: "S3Client", *, head: dict[str, str] | int | None = None) -> None:
    """Open a file to which S3 answers this code, and to a HEAD this, or with this status."""
    asked = {"Bucket": VERSION.bucket, "Key": VERSION.key, "VersionId": VERSION.version_id}
    with Stubber(s3) as stub:
        stub.add_client_error("get_object", answer, http_status_code=403)
        if isinstance(head, int):
            stub.add_client_error("head_object", str(head), http_status_code=head)
        elif head is not None:
            stub.add_response("head_object", head, asked)
        with Bucket(s3, "files", own_key=OWN_KEY).open(VERSION):
            pass


def test_a_file_that_only_its_uploader_can_decrypt_is_unreadable(s3: "S3Client") -> None:
    with pytest.raises(FileUnreadable) as unreadable:
        opened_with("InvalidRequest", s3)

    assert unreadable.value.reason == Reason("file_key_withheld")


@pytest.mark.parametrize("answer", KEY_FAULTS)
def test_a_file_under_a_key_of_others_is_unreadable(s3: "S3Client", answer: str) -> None:
    with pytest.raises(FileUnreadable) as unreadable:
        opened_with(answer, s3, head={"SSEKMSKeyId": FOREIGN_KEY})

    assert unreadable.value.reason == Reason("file_key_forbidden", (FOREIGN_KEY,))


@pytest.mark.parametrize(
    ("answer", "head"),
    [
        pytest.param("AccessDenied", 403, id="S3's own permission is missing"),
        pytest.param("AccessDenied", {"SSEKMSKeyId": OWN_KEY}, id="the stack's own key"),
        pytest.param("KMS.DisabledException", {"SSEKMSKeyId": OWN_KEY}, id="disabled, and our own"),
        pytest.param("AccessDenied", {}, id="no key at all"),
        pytest.param("SlowDown", None, id="S3 is busy"),
        pytest.param("InternalError", None, id="S3 is away"),
    ],
)
def test_what_is_not_the_files_fault_is_no_reason_to_refuse_it(
    s3: "S3Client", answer: str, head: dict[str, str] | int | None
) -> None:
    with pytest.raises(ClientError):
        opened_with(answer, s3, head=head)


def test_any_other_trouble_with_the_bucket_is_not_taken_for_a_file_that_is_gone(
    s3: "S3Client", bucket: str
) -> None:
    elsewhere = FileVersion(bucket="nowhere", key="incoming/a.csv", version_id="v1")

    with pytest.raises(ClientError), Bucket(s3, bucket).open(elsewhere):
        pass


def test_an_object_is_read_back_in_lines(shelf: Shelf) -> None:
    write(shelf.files, PLAN, "一\n二\n三\n".encode())

    assert [each.decode() for each in shelf.files.lines(PLAN)] == ["一\n", "二\n", "三\n"]


class Interrupted(Exception):
    pass


def write_half(files: BucketPort, key: str) -> None:
    with files.new_object(key) as stream:
        stream.write(b"half\n")
        raise Interrupted


def test_an_object_that_was_not_finished_is_not_there(shelf: Shelf) -> None:
    with pytest.raises(Interrupted):
        write_half(shelf.files, PLAN)

    with pytest.raises(ObjectGone):
        list(shelf.files.lines(PLAN))


def test_an_object_that_was_deleted_is_gone(s3: "S3Client", bucket: str) -> None:
    files = Bucket(s3, bucket)
    write(files, PLAN, b"1\n")
    s3.delete_object(Bucket=bucket, Key=PLAN)

    with pytest.raises(ObjectGone):
        list(files.lines(PLAN))


def test_an_empty_object_has_no_lines(shelf: Shelf) -> None:
    write(shelf.files, PLAN, b"")

    assert list(shelf.files.lines(PLAN)) == []


def test_other_trouble_with_an_object_is_not_taken_for_one_that_is_gone(s3: "S3Client") -> None:
    with pytest.raises(ClientError):
        list(Bucket(s3, "nowhere").lines(PLAN))


def test_an_object_that_is_written_again_stands_in_the_first_ones_place(shelf: Shelf) -> None:
    write(shelf.files, PLAN, b"first\n")
    write(shelf.files, PLAN, b"second\n")

    assert list(shelf.files.lines(PLAN)) == [b"second\n"]


@pytest.mark.parametrize("done", range(3))
def test_lines_are_read_from_a_byte_on(shelf: Shelf, done: int) -> None:
    lines = ["一\n".encode(), b"22\n", b"333\n"]
    write(shelf.files, PLAN, b"".join(lines))

    first_byte = sum(map(len, lines[:done]))

    assert list(shelf.files.lines(PLAN, first_byte=first_byte)) == lines[done:]


def test_a_byte_behind_the_end_is_an_error(shelf: Shelf) -> None:
    write(shelf.files, PLAN, b"1\n")

    with pytest.raises((ClientError, ValueError)):
        list(shelf.files.lines(PLAN, first_byte=2))


@pytest.mark.parametrize(
    "length",
    [
        pytest.param(CHUNK_BYTES - 1, id="ends a byte before the chunk"),
        pytest.param(CHUNK_BYTES, id="ends with the chunk"),
        pytest.param(CHUNK_BYTES + 1, id="ends a byte behind the chunk"),
        pytest.param(3 * CHUNK_BYTES, id="fills several chunks"),
    ],
)
def test_a_line_is_whole_wherever_the_chunks_end(shelf: Shelf, length: int) -> None:
    lines = [b"x" * (length - 1) + b"\n", b"second\n", b"third\n"]
    write(shelf.files, PLAN, b"".join(lines))

    assert list(shelf.files.lines(PLAN)) == lines


def test_line_ends_of_unicode_do_not_end_a_line(shelf: Shelf) -> None:
    line = '"a\u2028b\u0085c\x0bd\x0ce"\n'.encode()
    write(shelf.files, PLAN, line * 2)

    assert list(shelf.files.lines(PLAN)) == [line, line]


@dataclass(slots=True)
class CountingS3:
    """Takes an object and keeps only the lengths of its parts."""

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
    with bucket_on(counting).new_object(REPORT) as stream:
        stream.writelines(chunks(size))

    assert (counting.parts, counting.calls) == (parts, calls)


@pytest.mark.parametrize("size", [10, PART_BYTES + 1])
def test_an_object_may_say_how_it_is_called_where_it_is_saved(
    s3: "S3Client", bucket: str, size: int
) -> None:
    with Bucket(s3, bucket).new_object(REPORT, saved_as="七月 1-results.csv") as stream:
        stream.write(bytes(size))

    said = s3.head_object(Bucket=bucket, Key=REPORT)["ContentDisposition"]
    assert said == "attachment; filename*=UTF-8''%E4%B8%83%E6%9C%88%201-results.csv"


def test_an_object_without_such_a_name_says_nothing(s3: "S3Client", bucket: str) -> None:
    with Bucket(s3, bucket).new_object(REPORT) as stream:
        stream.write(b"{}")

    assert "ContentDisposition" not in s3.head_object(Bucket=bucket, Key=REPORT)


def test_every_part_but_the_last_is_as_long_as_s3_wants_it(counting: CountingS3) -> None:
    with bucket_on(counting).new_object(REPORT) as stream:
        stream.writelines(chunks(5 * PART_BYTES, of=3_333_333))

    assert min(counting.parts[:-1]) >= LEAST_PART_BYTES
    assert sum(counting.parts) == 5 * PART_BYTES


def test_an_object_of_several_parts_is_read_back_whole(s3: "S3Client", bucket: str) -> None:
    files = Bucket(s3, bucket)

    with files.new_object(REPORT) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
        for row in range(900_000):
            text.write(f"{row:08d},张三\r\n")

    lines = files.lines(REPORT)
    assert all(line == f"{row:08d},张三\r\n".encode() for row, line in enumerate(lines))
    assert s3.head_object(Bucket=bucket, Key=REPORT)["ContentLength"] == 900_000 * 17 > PART_BYTES


class Stopped(BaseException):
    """Not an `Exception`: a process that is stopped leaves nothing either."""


def write_and_stop(files: Bucket, size: int) -> None:
    with files.new_object(REPORT) as stream:
        stream.write(bytes(size))
        raise Stopped


@pytest.mark.parametrize("written", [10, 2 * PART_BYTES])
def test_an_object_that_is_given_up_takes_up_no_room(
    s3: "S3Client", bucket: str, written: int
) -> None:
    with pytest.raises(Stopped):
        write_and_stop(Bucket(s3, bucket), written)

    with pytest.raises(ClientError):
        s3.head_object(Bucket=bucket, Key=REPORT)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket)


def test_an_object_of_any_length_takes_the_memory_of_a_few_parts_and_no_disk(
    counting: CountingS3,
) -> None:
    tracemalloc.start()
    with noticing() as noticed, bucket_on(counting).new_object(REPORT) as stream:
        stream.writelines(chunks(30 * PART_BYTES))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 4 * PART_BYTES
    assert noticed == []


class FailingToAbort(CountingS3):
    def abort_multipart_upload(self, **_: str) -> None:
        raise ClientError({"Error": {"Code": "SlowDown"}}, "AbortMultipartUpload")


def test_why_an_object_was_given_up_is_told_though_its_parts_stay() -> None:
    with pytest.raises(Stopped):
        write_and_stop(bucket_on(FailingToAbort()), 2 * PART_BYTES)
