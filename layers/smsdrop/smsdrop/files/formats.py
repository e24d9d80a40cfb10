"""Finds the format of a file by its content, never by its name."""

import re
from codecs import BOM_UTF8
from contextlib import ExitStack
from itertools import chain

from smsdrop.files.rows import Reading
from smsdrop.files.spreadsheets.archive import Archive
from smsdrop.files.spreadsheets.ods import CONTENT, OdsReading
from smsdrop.files.spreadsheets.xls import XlsReading
from smsdrop.files.spreadsheets.xlsx import XlsxReading
from smsdrop.files.streams import Bounded, Gunzipped, Readable, Replayed, Spool, read_fully
from smsdrop.files.text.csv_rows import CsvReading
from smsdrop.files.text.encoding import Decoding, NotText
from smsdrop.files.text.json_lines import JsonLinesReading, is_json_lines
from smsdrop.reasons import refused

BEGINNING_BYTES = 4096
"""Enough to recognise a format by."""

GZIP = b"\x1f\x8b"

ZIP = b"PK\x03\x04"

XLS = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x09\x08\x08\x00", b"\x09\x08\x10\x00")
"""How an .xls begins, in the container of old Office files or without one."""

MIME_TYPE = "mimetype"

OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."

OTHER_FORMATS = (
    (re.compile(rb"\x89PNG"), "PNG"),
    (re.compile(rb"\xff\xd8\xff"), "JPEG"),
    (re.compile(rb"GIF8[79]a"), "GIF"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "WebP"),
    (re.compile(rb"%PDF-"), "PDF"),
    (re.compile(rb"\{\\rtf"), "RTF"),
    (re.compile(rb"PK(?:\x05\x06|\x07\x08)"), "ZIP"),
    (re.compile(rb"Rar!\x1a"), "RAR"),
    (re.compile(rb"7z\xbc\xaf\x27\x1c"), "7z"),
    (re.compile(rb"BZh[1-9]1AY"), "bzip2"),
    (re.compile(rb"\xfd7zXZ"), "xz"),
    (re.compile(rb"\x28\xb5\x2f\xfd"), "Zstandard"),
    (re.compile(rb"SQLite format 3"), "SQLite"),
    (re.compile(rb"PAR1"), "Parquet"),
    (re.compile(rb"\s*<(?:!doctype html|html|head|body|table|meta)", re.IGNORECASE), "HTML"),
    (re.compile(rb"\s*<\?xml"), "XML"),
)
"""What people drop by mistake, by its first bytes."""


def find_reading(stream: Readable, stack: ExitStack, *, with_hidden_rows: bool = False) -> Reading:
    """
    Return a reading for the file's format; the stack closes what it keeps open.

    Raises `FileRefused` for any other format, or if the file is gzipped twice.
    """
    beginning = read_fully(stream, BEGINNING_BYTES)
    stream = Replayed(beginning, stream)
    if beginning.startswith(GZIP):
        stream = Gunzipped(stream)
        beginning = read_fully(stream, BEGINNING_BYTES)
        stream = Replayed(beginning, stream)
        if beginning.startswith(GZIP):
            raise refused("packed_twice")
    if beginning.startswith(ZIP):
        return archive_reading(spooled(stream, stack), with_hidden_rows=with_hidden_rows)
    if beginning.startswith(XLS):
        return XlsReading(spooled(stream, stack), with_hidden_rows=with_hidden_rows)
    for pattern, name in OTHER_FORMATS:
        if pattern.match(beginning.removeprefix(BOM_UTF8)):
            raise refused("format_unknown", name)
    return text_reading(Bounded(stream))


def text_reading(stream: Readable) -> Reading:
    decoding = Decoding(stream)
    pieces = decoding.pieces()
    try:
        first = next(pieces, b"")
    except NotText:
        raise refused("not_text", 1) from None
    pieces = chain([first], pieces)
    if is_json_lines(first.decode()):
        return JsonLinesReading(decoding, pieces)
    return CsvReading(decoding, pieces)


def archive_reading(spool: Spool, *, with_hidden_rows: bool) -> Reading:
    archive = Archive(spool)
    if MIME_TYPE not in archive:
        return XlsxReading(archive, with_hidden_rows=with_hidden_rows)
    kind = read_fully(archive.part(MIME_TYPE), BEGINNING_BYTES).removeprefix(OPEN_DOCUMENT)
    if not kind.startswith(b"spreadsheet") or CONTENT not in archive:
        raise refused("format_unknown", "OpenDocument" if CONTENT in archive else "ZIP")
    return OdsReading(archive, with_hidden_rows=with_hidden_rows)


def spooled(stream: Readable, stack: ExitStack) -> Spool:
    spool = Spool()
    stack.callback(spool.close)
    spool.fill(stream)
    return spool
