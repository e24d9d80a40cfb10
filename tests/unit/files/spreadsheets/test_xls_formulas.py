"""Formulas of an .xls, record by record."""

import struct
from types import SimpleNamespace

import pytest

from smsdrop.files.spreadsheets.xls_formulas import (
    RECALC_ID,
    has_been_calculated,
    records,
    uncalculated_cells,
)

BEGIN = struct.pack("<HHI", 0x0809, 4, 0)
END = struct.pack("<HH", 0x000A, 0)
ZERO = bytes(8)
EMPTY = b"\x03\0\0\0\0\0\xff\xff"
TEXT = b"\0\0\0\0\0\0\xff\xff"


def record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def formula(row: int, column: int, result: bytes) -> bytes:
    return record(0x0006, struct.pack("<HHH", row, column, 0) + result + bytes(8))


def book_of(sheet: bytes, globals_: bytes = b"", version: int = 80) -> SimpleNamespace:
    """Make what xlrd has of a workbook with one sheet."""
    start = BEGIN + globals_ + END
    return SimpleNamespace(
        mem=start + BEGIN + sheet + END, base=0, _sh_abs_posn=[len(start)], biff_version=version
    )


FIRST_SHEET = SimpleNamespace(number=0)


@pytest.mark.parametrize(
    ("result", "cells"),
    [
        pytest.param(ZERO, {(2, 1)}, id="zero"),
        pytest.param(struct.pack("<d", -0.0), {(2, 1)}, id="minus zero"),
        pytest.param(EMPTY, {(2, 1)}, id="an empty text, as xlwt writes it"),
        pytest.param(TEXT, set(), id="a text"),
        pytest.param(struct.pack("<d", 7), set(), id="a number"),
    ],
)
def test_results_that_are_nothing_were_never_calculated(
    result: bytes, cells: set[tuple[int, int]]
) -> None:
    assert uncalculated_cells(book_of(formula(2, 1, result)), FIRST_SHEET) == cells


def test_in_a_workbook_that_excel_has_calculated_a_zero_is_one() -> None:
    book = book_of(formula(2, 1, ZERO), record(RECALC_ID, bytes(8)))

    assert has_been_calculated(book)
    assert uncalculated_cells(book, FIRST_SHEET) == set()


def test_very_old_files_are_left_alone() -> None:
    assert uncalculated_cells(book_of(formula(2, 1, ZERO), version=21), FIRST_SHEET) == set()


def test_records_of_a_chart_in_a_sheet_are_not_the_sheets() -> None:
    chart = BEGIN + record(1, b"chart") + END

    kinds = [
        data for kind, data in records(BEGIN + chart + record(2, b"sheet") + END, 0) if kind == 2
    ]

    assert kinds == [b"sheet"]
    assert (1, b"chart") not in list(records(BEGIN + chart + END, 0))


def test_a_stream_that_is_cut_off_ends() -> None:
    assert list(records(BEGIN + b"\0", 0)) == [(0x0809, bytes(4))]
