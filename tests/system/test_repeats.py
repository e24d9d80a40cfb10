"""A list that people save, export and fix texts each recipient once: the whole system."""

from collections.abc import Sequence
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from tests.support.whole_system import System, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system

FOLDER = "incoming/SMS_154950909/云通信/"


def workbook(numbers: Sequence[str]) -> bytes:
    book, stream = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["手机号", "name"])
    for number in numbers:
        sheet.append([number, "张三"])
    book.save(stream)
    return stream.getvalue()


def saved_again(content: bytes) -> bytes:
    stream = BytesIO()
    load_workbook(BytesIO(content)).save(stream)
    return stream.getvalue()


def exported(numbers: Sequence[str]) -> bytes:
    """Write CSV as another tool does: another order of columns, and rows, and another encoding."""
    lines = [f"张三,{number}\r\n" for number in reversed(numbers)]
    return "".join(["name,手机号\r\n", *lines]).encode("gb18030")


def test_a_list_that_is_saved_again_exported_and_added_to_texts_only_who_is_new(
    system: System,
) -> None:
    numbers = new_numbers(130)
    known, new = numbers[:120], numbers[120:]
    book = workbook(known)
    drops = [
        ("七月.xlsx", book, 120),
        ("七月 (1).xlsx", saved_again(book), 0),
        ("七月.csv", exported(known), 0),
        ("七月 new.csv", exported([*known, *new]), 10),
    ]

    first = ""
    for name, content, sent in drops:
        key = system.put(f"{FOLDER}{name}", content)
        report = system.closed(key)
        first = first or system.campaign_id(key)

        rows = report.rows()
        assert report.summary["sent"] == sent
        assert report.summary["duplicates"] == len(rows) - sent
        assert report.summary["outcome"] == ("completed" if sent else "repeated")
        had = [row["smsdrop_reason"] for row in rows if row["smsdrop_status"] == "duplicate"]
        assert all(first in reason for reason in had)

    system.wait_for_empty_queues()
    assert system.not_once(numbers) == {}


def test_reports_that_are_dropped_back_text_only_who_was_not_sent_to(system: System) -> None:
    """The rejected row is fixed in `unsent.csv`, and nowhere else."""
    numbers = new_numbers(40)
    known, mended = numbers[:39], numbers[39]
    first = system.closed(system.put(f"{FOLDER}八月.xlsx", workbook([*known, mended[:10]])))
    assert (first.summary["sent"], first.summary["rejected"]) == (39, 1)

    results = system.closed(system.put(f"{FOLDER}results.csv", first.results))
    assert results.summary["sent"] == 0
    assert {row["smsdrop_status"] for row in results.rows()} == {"duplicate", "rejected"}

    as_it_is = system.closed(system.put(f"{FOLDER}unsent.xlsx", first.unsent_workbook))
    assert (as_it_is.summary["sent"], as_it_is.summary["rejected"]) == (0, 1)

    unsent = first.unsent.decode("utf-8-sig").replace(mended[:10], mended)
    rest = system.closed(system.put(f"{FOLDER}unsent.csv", unsent.encode("utf-8-sig")))
    assert (rest.summary["rows"], rest.summary["sent"]) == (1, 1)

    system.wait_for_empty_queues()
    assert system.not_once(numbers) == {}
