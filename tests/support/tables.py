"""One table, written in each format that people drop."""

import csv
import gzip
import json
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Literal

import openpyxl

Table = list[list[str]]


def as_csv(
    table: Table,
    *,
    delimiter: str = ",",
    encoding: str = "utf-8-sig",
    line_break: str = "\r\n",
    quoting: Literal[0, 1] = csv.QUOTE_MINIMAL,
) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_break, quoting=quoting)
    writer.writerows(table)
    return text.getvalue().encode(encoding)


def as_tabs_in_gb18030(table: Table) -> bytes:
    return as_csv(table, delimiter="\t", encoding="gb18030", line_break="\n")


def as_json_lines(table: Table) -> bytes:
    header, *rows = table
    return "\n".join(json.dumps(dict(zip(header, each, strict=True))) for each in rows).encode()


def as_workbook(table: Table) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for cells in table:
        sheet.append(cells)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def packed(table: Table) -> bytes:
    return gzip.compress(as_csv(table))


FORMATS: tuple[Callable[[Table], bytes], ...] = (
    as_csv,
    as_tabs_in_gb18030,
    as_json_lines,
    as_workbook,
    packed,
)
