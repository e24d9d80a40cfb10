"""The format of a file, by its content."""

import gzip
from contextlib import ExitStack
from io import BytesIO

import pytest

from smsdrop.files.formats import find_reading
from smsdrop.files.spreadsheets.ods import OdsReading
from smsdrop.files.spreadsheets.xls import XlsReading
from smsdrop.files.spreadsheets.xlsx import XlsxReading
from smsdrop.files.text.csv_rows import CsvReading
from smsdrop.files.text.json_lines import JsonLinesReading
from smsdrop.reasons import FileRefused
from tests.support.workbooks import archive, open_document, workbook

OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
FORMATS = [
    pytest.param(b"phone,name\n", CsvReading, id="CSV"),
    pytest.param(b"", CsvReading, id="empty"),
    pytest.param(b'{"phone":"1"}\n', JsonLinesReading, id="JSON Lines"),
    pytest.param(workbook(), XlsxReading, id="Excel"),
    pytest.param(OLD_EXCEL, XlsReading, id="Excel 97"),
    pytest.param(open_document("<table:table/>"), OdsReading, id="OpenDocument"),
]


@pytest.mark.parametrize("is_packed", [False, True])
@pytest.mark.parametrize(("content", "reading"), FORMATS)
def test_the_content_tells_the_format(content: bytes, reading: type, is_packed: bool) -> None:
    stream = BytesIO(gzip.compress(content) if is_packed else content)

    with ExitStack() as stack:
        assert isinstance(find_reading(stream, stack), reading)


TEXT_DOCUMENT = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}


@pytest.mark.parametrize(
    ("content", "name"),
    [
        pytest.param(b"\x89PNG\r\n", "PNG", id="PNG"),
        pytest.param(b"RIFF\x00\x00\x00\x00WEBP", "WebP", id="WebP"),
        pytest.param(b"%PDF-1.7", "PDF", id="PDF"),
        pytest.param(b"\xef\xbb\xbf <!DOCTYPE html>", "HTML", id="HTML"),
        pytest.param(b"<?xml version='1.0'?>", "XML", id="XML"),
        pytest.param(b"PAR1", "Parquet", id="Parquet"),
        pytest.param(archive(TEXT_DOCUMENT), "OpenDocument", id="OpenDocument text"),
        pytest.param(archive({"mimetype": "x", "a": "b"}), "ZIP", id="other archive"),
        pytest.param(archive({"a.csv": "phone"}), "ZIP", id="packed CSV"),
    ],
)
def test_another_format_is_refused_by_its_name(content: bytes, name: str) -> None:
    with ExitStack() as stack, pytest.raises(FileRefused) as refused:
        list(find_reading(BytesIO(content), stack).blocks())

    assert (refused.value.reason.code, refused.value.reason.details) == ("format_unknown", (name,))


def test_a_file_that_is_gzipped_twice_is_refused() -> None:
    content = gzip.compress(gzip.compress(b"phone\n"))

    with ExitStack() as stack, pytest.raises(FileRefused) as refused:
        find_reading(BytesIO(content), stack)

    assert refused.value.reason.code == "packed_twice"
