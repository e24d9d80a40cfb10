"""Parts of an archive."""

from collections.abc import Iterator
from io import BytesIO
from zipfile import ZIP_BZIP2, ZipFile

import pytest

from smsdrop.files.streams import Spool, read_fully
from smsdrop.reasons import FileRefused
from tests.support.workbooks import archive, opened


@pytest.fixture
def spool() -> Iterator[Spool]:
    spool = Spool()
    yield spool
    spool.close()


@pytest.mark.parametrize("name", ["xl/sheet.xml", "XL/Sheet.XML", "/xl/sheet.xml", "xl\\sheet.xml"])
def test_a_part_is_found_however_its_name_is_spelled(spool: Spool, name: str) -> None:
    parts = opened(archive({"xl/sheet.xml": "content"}), spool)

    assert name in parts
    assert read_fully(parts.part(name), 100) == b"content"


def packed_by(method: int) -> bytes:
    content = BytesIO()
    with ZipFile(content, "w", method) as packed:
        packed.writestr("a", "x" * 100)
    return content.getvalue()


def with_flag(content: bytes, flag: int) -> bytes:
    """Set a flag of the only part."""
    return content.replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00" + bytes([flag])
    )


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        pytest.param(archive({"a": "x"}), "b", "file_broken", id="no such part"),
        pytest.param(packed_by(ZIP_BZIP2), "a", "file_broken", id="another compression"),
        pytest.param(with_flag(archive({"a": "x"}), 1), "a", "file_encrypted", id="encrypted"),
    ],
)
def test_a_part_that_cannot_be_read_refuses_the_file(
    spool: Spool, content: bytes, name: str, code: str
) -> None:
    parts = opened(content, spool)

    with pytest.raises(FileRefused) as refused:
        parts.part(name)

    assert refused.value.reason.code == code


def test_a_part_with_a_wrong_checksum_refuses_the_file(spool: Spool) -> None:
    with ZipFile(content := BytesIO(), "w") as packed:
        packed.writestr("a", "content")
    parts = opened(content.getvalue().replace(b"content", b"contend"), spool)

    with pytest.raises(FileRefused, match="damaged"):
        parts.part("a").read(100)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more"])
def test_what_is_no_archive_refuses_the_file(spool: Spool, content: bytes) -> None:
    with pytest.raises(FileRefused, match="damaged"):
        opened(content, spool)
