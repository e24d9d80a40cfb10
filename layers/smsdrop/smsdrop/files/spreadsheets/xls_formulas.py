"""Formulas of an .xls that no spreadsheet has calculated, found in its records ([MS-XLS] 2.4)."""

import struct
from collections.abc import Iterator
from typing import Any

FORMULAS = (0x0006, 0x0206, 0x0406)

BEGINNINGS = (0x0009, 0x0209, 0x0409, 0x0809)
"""Records that begin a sheet, or a chart inside one."""

END = 0x000A

RECALC_ID = 0x01C1
"""Present if Excel has calculated the workbook; without it, Excel calculates when it opens it."""

FIRST_WITH_RESULTS = 30
"""Older versions of the format store formulas in another form."""

ZERO = (bytes(8), struct.pack("<d", -0.0))

EMPTY = (b"\x03", b"\xff\xff")
"""How a formula's result begins and ends if it is an empty text."""


def uncalculated_cells(book: Any, sheet: Any) -> frozenset[tuple[int, int]]:
    """Return row and column of formulas whose result was made up by a program: 0, or nothing."""
    if book.biff_version < FIRST_WITH_RESULTS or has_been_calculated(book):
        return frozenset()
    cells = set()
    start = book._sh_abs_posn[sheet.number]
    for kind, data in records(book.mem, start):
        if kind in FORMULAS:
            row, column, _, result = struct.unpack_from("<HHH8s", data)
            if result in ZERO or (result[:1], result[6:]) == EMPTY:
                cells.add((row, column))
    return frozenset(cells)


def has_been_calculated(book: Any) -> bool:
    return any(kind == RECALC_ID for kind, _ in records(book.mem, book.base))


def records(content: Any, position: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records of one stream, except those of charts inside it."""
    depth = 0
    while position + 4 <= len(content):
        kind, size = struct.unpack_from("<HH", content, position)
        depth += (kind in BEGINNINGS) - (kind == END)
        if depth == 1:
            yield kind, content[position + 4 : position + 4 + size]
        if not depth:
            break
        position += 4 + size
