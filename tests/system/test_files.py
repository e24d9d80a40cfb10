"""Files of many formats go through the whole system, and wrong ones do not."""

import gzip
import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest
import xlwt  # type: ignore[import-untyped]

from smsdrop.aws.s3 import PART_BYTES
from tests.support.whole_system import FOLDER, System, file_of, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system

Table = list[list[str]]


def gbk_with_semicolons(table: Table) -> bytes:
    return "\r\n".join(map(";".join, table)).encode("gbk")


def unicode_text_gzipped(table: Table) -> bytes:
    return gzip.compress("\r\n".join(map("\t".join, table)).encode("utf-16"))


def excel(table: Table) -> bytes:
    book = openpyxl.Workbook()
    for sheet in book:
        for row in table:
            sheet.append([int(each) if each.isdecimal() else each for each in row])
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def old_excel(table: Table) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("七月")
    for at, row in enumerate(table):
        for column, each in enumerate(row):
            sheet.write(at, column, int(each) if each.isdecimal() else each)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def json_lines(table: Table) -> bytes:
    header, *rows = table
    return "\n".join(json.dumps(dict(zip(header, row, strict=True))) for row in rows).encode()


@pytest.mark.parametrize(
    ("write", "encoding"),
    [
        pytest.param(gbk_with_semicolons, "gb18030", id="GBK with semicolons"),
        pytest.param(unicode_text_gzipped, "utf-16", id="Unicode text, gzipped"),
        pytest.param(excel, "xlsx", id="Excel"),
        pytest.param(old_excel, "xls", id="Excel 97"),
        pytest.param(json_lines, "utf-8", id="JSON Lines"),
    ],
)
def test_a_dirty_file_of_any_format_is_sent_but_for_its_dirt(
    system: System, write: Callable[[Table], bytes], encoding: str
) -> None:
    numbers = new_numbers(5)
    rows = [[number, "张三"] for number in numbers]

    key = system.put(
        f"{FOLDER}/{encoding}.csv", write([["手机号", "name"], *rows, ["1380", "李四"]])
    )
    report = system.closed(key)

    assert system.not_once(numbers) == {}
    assert {each.params["name"] for each in system.gateway.journal()} == {"张三"}
    assert report.summary["encoding"] == encoding
    assert (report.summary["sent"], report.summary["rejected"]) == (5, 1)
    assert [each["手机号"] for each in report.rows()] == [*numbers, "1380"]
    assert report.rows()[-1]["smsdrop_reason"].startswith("The phone number has 4 digits")
    [heading, unsent] = report.unsent.decode("utf-8-sig").splitlines()
    assert heading == "手机号,name,smsdrop_reason"
    assert unsent.startswith("1380,李四,")
    assert report.is_balanced


def test_a_picture_is_refused_and_the_report_says_so(system: System) -> None:
    key = system.put(f"{FOLDER}/list.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 100)

    report = system.closed(key)

    assert (report.summary["status"], report.summary["calls"]) == ("refused", 0)
    assert "PNG" in report.summary["reason"]
    assert list(system.gateway.journal()) == []


def test_a_file_of_which_too_much_is_wrong_is_refused_with_a_reason_for_each_row(
    system: System,
) -> None:
    numbers = new_numbers(3)

    key = system.drop("wrong.csv", [*numbers, "oops"])
    report = system.closed(key)

    assert report.summary["status"] == "refused"
    assert [each["smsdrop_status"] for each in report.rows()] == [*["cancelled"] * 3, "rejected"]
    assert report.is_balanced
    assert list(system.gateway.journal()) == []


@pytest.mark.parametrize(
    ("stored", "sentence"),
    [
        pytest.param({"StorageClass": "GLACIER"}, "archive storage class", id="archived"),
        pytest.param(
            {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": b"0" * 32},
            "only its uploader has",
            id="under a key of the uploader's",
        ),
    ],
)
def test_a_file_that_cannot_be_read_as_it_is_stored_gets_a_report_that_says_so(
    system: System, stored: dict[str, Any], sentence: str
) -> None:
    name = f"{sentence}.csv"
    key = system.put(f"{FOLDER}/{name}", file_of(new_numbers(1)), **stored)

    report = system.closed(key)

    assert report.summary["status"] == "refused"
    assert sentence in report.summary["reason"]
    assert len(system.calls()) == 0


def test_a_report_that_is_longer_than_a_part_of_an_upload_is_whole(system: System) -> None:
    [number] = new_numbers(1)
    names = ["张三", *(f"{row} {'x' * 4000}" for row in range(2500))]
    lines = ["phone_number,name", *(f"{number},{name}" for name in names)]

    report = system.closed(system.put(f"{FOLDER}/long.csv", "\n".join(lines).encode()))

    rows = report.rows()
    assert len(report.results) > PART_BYTES
    assert [row["name"] for row in rows] == names
    assert [row["smsdrop_status"] for row in rows] == ["sent", *["duplicate"] * 2500]
    assert report.is_balanced
